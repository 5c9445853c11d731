"""Every notebook renders on the two packages that `cpts new` writes: the filled fictitious one and the empty one."""

from __future__ import annotations

import pytest

from helpers.pipeline import batch, parameters


@pytest.mark.parametrize("package", ["example_reports", "empty_reports"])
def test_every_notebook_renders_on_the_packages_that_we_write(request, package):
    place, outcomes = request.getfixturevalue(package)
    assert {slug: outcome.error for slug, outcome in outcomes.items() if outcome.error} == {}
    assert set(outcomes) == {notebook.slug for notebook in parameters.notebooks()}
    # What the documents publish and what is recomputed of it do not depend on anybody's package; only 05 leaves the figures of
    # its questionnaire to 00 when people have answered.
    ledgers = [(folder / "registre.csv").read_text(encoding="utf-8") for folder in (place, batch.DEFAULT_OUT)]
    assert ledgers[0].count("\n") == ledgers[1].count("\n") > 700
    given, stored = (text.replace(" 05_outil_pilotage", "") for text in ledgers)
    assert given == stored
