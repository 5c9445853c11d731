"""`cpts render --example`: the pages of the fictitious package beside those asked for, in one run."""

from __future__ import annotations

import pytest

from helpers.pipeline import example
from tests.pipeline import making


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ensemble")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(example, "NOTEBOOKS", ("08",))
        first = making.cpts("render", "08", "--example", "--out", "pages", folder=folder)
        (folder / "pages" / "exemple" / "paquet" / "note.txt").write_text("à moi", encoding="utf-8")
        again = making.cpts("render", "08", "--example", "--out", "pages", folder=folder)
    return folder / "pages", first, again


def test_both_folders_are_made_and_told_apart(made):
    place, first, _ = made
    assert first.exit_code == 0
    assert "✓ 08_dossier_dialogue (" in first.output
    assert "✓ exemple/08_dossier_dialogue (" in first.output
    assert "2\u00a0rapports faits, 0\u00a0inchangé, 0\u00a0échec" in first.output
    assert all((place / below / "08_dossier_dialogue.html").exists() for below in ("", "exemple"))
    assert "exemple/08_dossier_dialogue.html" in (place / "index.html").read_text(encoding="utf-8")
    assert (place / "exemple" / "manifest.json").exists()


def test_a_page_gives_the_place_of_its_package_from_the_current_folder(made):
    place, _, _ = made
    page = (place / "exemple" / "08_dossier_dialogue.html").read_text(encoding="utf-8")
    assert "pages/exemple/paquet" in page
    assert str(place.parent) not in page


def test_the_second_run_makes_nothing_and_keeps_what_is_there(made):
    place, _, again = made
    assert "0\u00a0rapport fait, 2\u00a0inchangés, 0\u00a0échec" in again.output
    assert (place / "exemple" / "paquet" / "note.txt").read_text(encoding="utf-8") == "à moi"
