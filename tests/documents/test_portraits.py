"""Descriptive tables of the documents: what is printed stays as printed, and no CPTS is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.documents import portraits, profiles, quantities
from tests.project import PROJECT

PAGE = Path(__file__).resolve().parents[2] / "notebooks" / "01_tableaux_cpts.ipynb"


@pytest.mark.parametrize(
    ("row", "said", "ends"),
    [
        ({"value": 150.0}, "150", (150, 150)),
        ({"value": 42000.0, "qualifier": "min"}, "> 42\u202f000", (42000, float("inf"))),
        ({"value": 29000.0, "qualifier": "max"}, "< 29\u202f000", (0, 29000)),
        ({"value": 90.0, "qualifier": "approx"}, "≈ 90", (90, 90)),
        ({"value": None, "qualifier": "range", "lower": 180.0, "upper": 200.0}, "180 à 200", (180, 200)),
        ({"value": None, "number_in_words": 3.0}, "3", (3, 3)),
    ],
)
def test_a_cell_says_number_bound_or_range(row, said, ends):
    assert quantities.in_a_cell(row) == said
    assert quantities.ends(row) == ends


def test_an_empty_cell_says_nothing():
    assert quantities.in_a_cell({"value": None, "qualifier": None}) == ""
    assert quantities.in_a_cell({}) == ""


def test_the_title_of_the_frieze_does_not_deny_the_stages_that_are_printed():
    # Table 4 prints the stage of each of the five; only A has dates for the others.
    assert portraits.frieze_caption(PROJECT).endswith("les autres étapes ne sont datées que pour CPTS A")


def test_five_cpts_are_letters_side_by_side():
    table = portraits.five(PROJECT).set_index("row")
    assert list(table.columns) == ["A", "B", "C", "D", "E", "lines"]
    assert table.loc["Adhérents"].tolist()[:5] == ["83", "12", "292", "5", "90+"]
    assert table.loc["Bureau", "D"] == "4\u00a0médecins généralistes et 1\u00a0sage-femme"
    assert table.loc["Collèges", "A"] == "—"
    assert (table["lines"].str.len() > 0).all()


def test_the_frieze_has_every_dated_step():
    table = portraits.frieze_rows(PROJECT)
    assert len(table) == len(PROJECT.table("miller2022/cpts_timeline"))
    assert portraits.frieze(PROJECT)["stage"].str.startswith("association").sum() == 5


def test_sixteen_cpts_in_each_table_of_the_thesis():
    for table in (
        portraits.identities(PROJECT),
        portraits.numbers(PROJECT),
        portraits.establishments(PROJECT),
    ):
        assert table["cpts"].tolist() == PROJECT.table("aura2022/interviewed_cpts")["cpts"].tolist()
        assert table.notna().all(axis=None)


def test_ranges_bounds_and_words_stay_as_printed():
    table = portraits.numbers(PROJECT).set_index("cpts")
    assert table.loc["CPTS6", "members"] == "180 à 200"
    assert table.loc["CPTS3", "declared"] == "> 42\u202f000"
    assert table.loc["CPTS7", "professionals"] == "70 à 80"
    assert table.loc["CPTS6", "communes"].startswith("Sur 2")
    assert table.loc["CPTS5", "professionals"] == "non imprimé"


def test_every_establishment_is_in_one_column():
    own, table = PROJECT.table("aura2022/establishments"), portraits.establishments(PROJECT)
    cells = table.drop(columns=["cpts", "line"]).to_numpy().ravel()
    assert sum(len(cell.split(" ; ")) for cell in cells if cell != "—") == len(own)
    hospitals = table.loc[table["hospitals"] != "—", "cpts"]
    assert len(hospitals) == 16


def test_six_physicians_of_whom_three_belong_to_the_cpts():
    table = portraits.participants(PROJECT)
    assert (len(table), (table["cpts"] == "oui").sum()) == (6, 3)


def test_titles_of_the_page_say_what_the_tables_say():
    text = PAGE.read_text(encoding="utf-8")
    titles = [
        "".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"
    ]
    answers = profiles.stacked(*(PROJECT.table(f"miller2022/{name}") for name in ("governance", "resources")))
    counts = portraits.answered_yes(answers).set_index("item")["count"]
    assert (counts["cotisation"], counts["locaux"]) == (5, 0)
    assert counts.is_monotonic_decreasing
    assert any("cotisation partout, des locaux nulle part" in title for title in titles)
    assert "5 CPTS d'Île-de-France" in portraits.five_sentence(PROJECT)
    assert portraits.population_sentence(PROJECT).count("taille") == 4
    # Five or sixteen CPTS that chose to answer: no interval is drawn around them.
    assert "Wilson" not in text
