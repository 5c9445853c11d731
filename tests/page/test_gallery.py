"""The gallery shows every figure, each drawn on invented values that say so."""

from __future__ import annotations

import json

from helpers.page import figures, gallery
from tests.conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "90_galerie_figures.ipynb"
OFFERED = {name for name in figures.__all__ if name[0].islower()}


def sources():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_every_figure_answers_a_question_and_is_drawn():
    assert set(gallery.catalogue()["Figure"]) == OFFERED
    drawn = {name for name in OFFERED for source in sources() if f"figures.{name}(" in source}
    assert drawn == OFFERED


def test_every_figure_says_that_its_values_are_invented():
    for source in sources():
        if source.startswith("figures."):
            assert "source=INVENTE" in source


def test_limits_of_the_funnel_widen_as_the_base_shrinks():
    frame = gallery.funnelled().sort_values("enquetes")
    width = frame["haut95"] - frame["bas95"]
    assert width.is_monotonic_decreasing
    assert (frame["haut998"] > frame["haut95"]).all()
