"""Titles of figures: what they say comes from the table, and no notebook writes one by hand."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.page import figures, findings

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TABLE = pd.DataFrame({"name": ["Cantal", "Allier", "Isère"], "share": [11.4, 88.2, 88.2]})
DRAWN = {name for name in figures.__all__ if name.islower()}
# The gallery shows what each figure is for, the diagnosis and the trends are titled where they are drawn.
ASIDE = {"90_galerie_figures"}


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_the_ends_are_named_and_ties_counted():
    said = findings.spread(TABLE, label="name", value="share", unit="%")
    assert plain(said) == "de 11 % (Cantal) à 88 % (Allier et 1 autre)"
    said = findings.spread(TABLE.head(2), label="name", value="share", unit="habitants", decimals=1)
    assert plain(said) == "de 11,4 (Cantal) à 88,2 habitants (Allier)"


def test_one_value_is_said_once_and_none_says_nothing():
    assert plain(findings.spread(TABLE.tail(2), label="name", value="share", unit="%")) == "88 %"
    assert findings.spread(TABLE.assign(share=float("nan")), label="name", value="share") == ""


def test_the_heaviest_row_is_that_of_the_largest_total():
    counts = pd.DataFrame({"Thème": ["Temps", "Argent"], "M1": [3, 1], "M2": [2, 0]})
    assert findings.heaviest(counts, "extraits") == "« Temps » porte 5 des 6 extraits"
    level = counts.assign(M2=[0, 2])
    assert findings.heaviest(level, "extraits") == "« Temps » et « Argent » portent chacun 3 des 6 extraits"
    assert findings.heaviest(counts.assign(M1=0, M2=0), "extraits") == ""
    # The total is that of the table beside it: halves are not dropped.
    euros = pd.DataFrame({"Mission": ["Soins", "Crise"], "T1": [80.0, 62.5], "T2": [100.0, 0.1 + 0.2]})
    assert (
        plain(findings.heaviest(euros, "milliers d'euros"))
        == "« Soins » porte 180 des 242,8 milliers d'euros"
    )


@pytest.mark.parametrize("page", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_title_of_a_figure_is_written_by_hand(page):
    if page.stem in ASIDE:
        pytest.skip("the gallery titles its figures after their kind")
    cells = [
        cell for cell in json.loads(page.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    by_hand = [
        title.value
        for cell in cells
        for title in _titles(ast.parse(re.sub(r"(?m)^%.*$", "", "".join(cell["source"]))))
        if isinstance(title, ast.Constant)
    ]
    assert not by_hand, f"{page.stem} : {by_hand}"


def _titles(tree):
    """Title of each call that draws: `figures.dots(table, title)` or `display.show(figures.dots, table, title)`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _draws(call.func) and len(call.args) > 1:
            yield call.args[1]
        elif call.args and _draws(call.args[0]) and len(call.args) > 2:
            yield call.args[2]


def _draws(node):
    return (
        isinstance(node, ast.Attribute)
        and node.attr in DRAWN
        and isinstance(node.value, ast.Name)
        and node.value.id == "figures"
    )
