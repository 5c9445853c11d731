"""Indicators: interval, benchmark, smallest visible move, refusals in words, small counts that cannot be found again."""

from __future__ import annotations

import base64
import itertools
import re

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers import catalog, monograph
from helpers.catalog import Study
from helpers.errors import NotComputable, UnknownName
from helpers.methods import measured
from helpers.monograph import benchmark, indicators
from tests.monograph.conftest import DEFINITIONS, VALUES, action, value
from tests.project import PROJECT


def test_a_proportion_has_its_wilson_interval(package):
    suivi = monograph.follow_up("nord", Study(package()))
    row = suivi.compared.set_index("indicator").loc["grippe"]
    low, high = proportion_confint(5610, 10000, method="wilson")
    assert (row["value"], row["lower"], row["upper"]) == pytest.approx((56.1, 100 * low, 100 * high))
    assert row["verdict"] == "plus favorable que la référence"
    assert row["benchmark"] == 52.0


def test_a_value_without_counts_says_so_and_is_not_compared(package):
    suivi = monograph.follow_up("nord", Study(package()))
    row = suivi.compared.set_index("indicator").loc["delai"]
    assert row["verdict"] == "non calculable"
    assert row["refusal"] == measured.NO_INTERVAL_KIND_FR
    values = [*VALUES[:-1], value("grippe", "nord", 2025, value=57.0)]
    shown = indicators.measures(
        pd.DataFrame(DEFINITIONS).assign(contested_fr=None), pd.DataFrame(values).assign(source="")
    )
    last = benchmark.latest(shown, "nord").set_index("indicator").loc["grippe"]
    assert (last["value"], last["refusal"]) == (57.0, measured.NO_INTERVAL_FR)


def test_the_table_says_value_interval_date_benchmark_and_smallest_move(package):
    found = monograph.follow_up("nord", Study(package())).compared
    shown = monograph.table_of_indicators(found, name="x", source="", confidence=0.95, users=True)
    row = shown.data.set_index("Indicateur").loc["Vaccination"]
    said = [str(cell).replace("\u00a0", " ").replace("\u202f", " ") for cell in row]
    # Cohen (1988), two proportions of 10 000: h = 2.8 * sqrt(2 / 10 000), about 2 points near one half.
    assert said[:6] == [
        "Prévention", "56,1 % [55,1 ; 57,1]", "2024", "52,0 %", "plus favorable que la référence", "−2,0 ou +2,0",
    ]  # fmt: skip
    # By mission, in the order of the agreement; what has none comes last.
    assert shown.data["Mission"].tolist() == ["Accès aux soins", "Prévention", "hors mission"]


def test_a_code_of_territory_is_read_as_words():
    said = [benchmark.territory_name(code) for code in ("ile_de_france", "pays-de-la-loire", "region", "53")]
    assert said == ["Île-de-France", "Pays de la Loire", "Région", "53"]


def test_two_levels_of_confidence_give_two_intervals(package):
    folder = package()
    wide, narrow = (
        monograph.follow_up("nord", Study(folder), confidence=level).compared for level in (0.99, 0.8)
    )
    assert wide["lower"].iloc[0] < narrow["lower"].iloc[0]


def test_an_indicator_without_definition_is_refused(package):
    folder = package(values=[*VALUES, value("inconnu", "nord", 2024, 20, 100)])
    with pytest.raises(NotComputable, match="Indicateur « inconnu » sans définition : ajoutez sa ligne"):
        monograph.follow_up("nord", Study(folder))


def test_impossible_counts_say_so_with_their_indicator(package):
    row = monograph.follow_up(
        "nord", Study(package(values=[value("grippe", "nord", 2024, 120, 100)]))
    ).compared.iloc[0]
    assert benchmark.value_fr(row) == measured.ABOVE_FR


@pytest.mark.parametrize("own", [None, 40.0])
def test_a_zero_denominator_leaves_the_other_indicators_in_the_report(package, own):
    folder = package(values=[*VALUES, value("grippe", "nord", 2025, 1, 1, own)])
    path = catalog.open_package(folder).path("cpts/indicators")
    lines = path.read_text(encoding="utf-8").replace("2025-12-31,1,1", "2025-12-31,0,0")
    path.write_text(lines, encoding="utf-8")
    suivi = monograph.follow_up("nord", Study(folder))
    row = suivi.compared.set_index("indicator").loc["grippe"]
    assert row["refusal"] == "sans intervalle : dénominateur nul, rien ne se calcule"
    assert pd.isna(row["lower"])
    assert pd.isna(row["value"]) == (own is None)
    page = monograph.table_of_indicators(
        suivi.compared, name="x", source="", confidence=0.95, users=True
    ).html
    assert "dénominateur nul" in page
    assert monograph.evolutions(suivi.measured, "nord", source="").html


def test_an_unknown_cpts_is_refused(package):
    with pytest.raises(UnknownName, match="nord"):
        monograph.follow_up("nordd", Study(package()))


SMALL = [
    value("grippe", "nord", 2022, 7, 240),
    value("grippe", "nord", 2023, 236, 240),
    value("grippe", "nord", 2024, 120, 240),
    value("grippe", "region", 2024, 520000, 1000000),
    value("urgences", "nord", 2024, 4, 950),
    value("urgences", "region", 2024, 960000, 5600000),
]
SMALL_ACTIONS = [
    action("a1", "2022-03-01", own_count=6, own_unit="personnes vaccinées"),
    action("a2", "2023-03-01", own_count=60),
]


def published_numbers(frame):
    """Every number of the table that a reader gets, by row."""
    return [
        [
            float(cell)
            for cell in row
            if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == cell
        ]
        for row in frame.to_numpy().tolist()
    ]


def test_small_counts_cannot_be_found_again_from_the_tables(package):
    suivi = monograph.follow_up("nord", Study(package(values=SMALL, actions=SMALL_ACTIONS)))
    secret = {("grippe", 2022): 7, ("grippe", 2023): 4, ("urgences", 2024): 4}
    for row in suivi.measured[suivi.measured["territory"] == "nord"].to_dict("records"):
        key = (row["indicator"], row["period_end"].year)
        known = [
            row[name]
            for name in ("numerator", "denominator", "value", "lower", "upper")
            if row[name] == row[name]
        ]
        if key not in secret:
            assert row["state"] == "publié"
            continue
        assert row["state"] == "masqué"
        # No product, quotient or difference of what is left gives the count or its complement.
        tries = {round(item) for item in known}
        for first, second in itertools.permutations([*known, row["per"]], 2):
            tries |= {round(first - second), round(first * second), round(first * second / row["per"])}
        assert secret[key] not in tries


def test_small_counts_reach_neither_page_nor_file(package):
    folder = package(values=SMALL, actions=SMALL_ACTIONS)
    suivi = monograph.follow_up("nord", Study(folder))
    dossier = monograph.dossier("nord", Study(folder))
    pieces = [
        monograph.table_of_indicators(suivi.compared, name="x", source="", confidence=0.95, users=True),
        monograph.benchmarks(suivi.compared, source=""),
        monograph.evolutions(suivi.measured, "nord", source=""),
        monograph.action_table(suivi, source=""),
        monograph.shown_indicators(dossier, source="", confidence=0.95),
        monograph.recent_actions(dossier, source=""),
        monograph.paper_picture(dossier, source=""),
        monograph.findings(dossier.fiche, dossier.known, suivi, dossier.situation),
    ]
    html = "".join(piece.html for piece in pieces)
    files = re.findall(r"data:text/csv[^,]*,([A-Za-z0-9+/=]+)", html)
    assert files
    text = re.sub(r'(?:src|href)="data:[^"]*"', "", html) + "".join(
        base64.b64decode(data).decode() for data in files
    )
    # 7 of 240, 236 of 240, 4 of 950 and the six people of the action, in every writing.
    for given in (
        "2,9",
        "2.91",
        "98,3",
        "98.33",
        "4,2",
        "4.21",
        ">6 ",
        "6 personnes",
        "60 personnes vaccinées,6",
    ):
        assert given not in text, given
    assert text.count("masqué") >= 3
    assert ">60<" in text or ">60 " in text


def test_what_the_documents_print_is_not_masked():
    suivi = monograph.follow_up("B", PROJECT)
    assert not suivi.masked
    assert (suivi.compared["state"] == "publié").all()


def test_no_page_ranks(package):
    folder = package()
    html = monograph.table_of_indicators(
        monograph.follow_up("nord", Study(folder)).compared, name="x", source="", confidence=0.95, users=True
    ).html.lower()
    assert not re.search(r"\b(?:classement|premier rang|score)\b", html)


def test_evolution_needs_two_dated_periods(package):
    suivi = monograph.follow_up("nord", Study(package()))
    drawn = monograph.evolutions(suivi.measured, "nord", source="")
    assert drawn.html.count("<figure>") == 1
    alone = suivi.measured[suivi.measured["indicator"] == "urgences"]
    assert "deux périodes datées" in monograph.evolutions(alone, "nord", source="").html
