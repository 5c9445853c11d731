"""The action log: each rule of the link, and the move that comes before the action."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import catalog, monograph
from helpers.catalog import Study
from helpers.monograph import actions, essential
from tests.monograph.conftest import DEFINITIONS, VALUES, action, value

# The vaccination moves visibly from 50 % (2022) to 56 % (2023), then stays: 10 000 people each year.
CASES = [
    ("compatible", action("x", "2023-03-01"), actions.COMPATIBLE, False),
    ("started the last day of the move", action("x", "2023-12-31"), actions.COMPATIBLE, False),
    ("after the move", action("x", "2024-01-01"), actions.NOT_ATTRIBUTABLE, True),
    ("after the last period", action("x", "2025-01-01"), actions.NOT_ATTRIBUTABLE, True),
    ("own count", action("x", "2023-03-01", own_count=120), actions.COUNTED, False),
    ("own count after the move", action("x", "2024-02-01", own_count=120), actions.COUNTED, True),
    ("own count of zero", action("x", "2024-02-01", own_count=0), actions.NOT_ATTRIBUTABLE, True),
    (
        "a comparison only written down",
        action("x", "2023-03-01", comparison_fr="Cantons voisins."),
        actions.COMPATIBLE,
        False,
    ),
    (
        "comparison too late",
        action("x", "2025-02-01", comparison_fr="Voisins."),
        actions.NOT_ATTRIBUTABLE,
        True,
    ),
    ("no move at all", action("x", "2024-01-01", indicator="urgences"), actions.NOT_ATTRIBUTABLE, False),
    (
        "nothing to judge the move by",
        action("x", "2024-01-01", indicator="delai"),
        actions.NOT_ATTRIBUTABLE,
        False,
    ),
]


@pytest.mark.parametrize(
    ("row", "link", "precedes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_rule_gives_its_link(package, row, link, precedes):
    suivi = monograph.follow_up("nord", Study(package(actions=[row])))
    found = suivi.linked.iloc[0]
    assert (found["link"], found["precedes"]) == (link, precedes)
    own = suivi.compared.set_index("indicator").loc[row["indicator"]]
    assert (own["link"], own["precedes"], own["actions"]) == (link, precedes, 1)


# Vaccination at home moves from 50 to 56 % in 2023; elsewhere the four shapes of a comparison.
ELSEWHERE = [
    (
        "the benchmark stays",
        (480_000, 480_300, 480_500),
        "hausse",
        actions.TESTED,
        "aucun écart visible avant l'action",
    ),
    (
        "the benchmark moves alike",
        (480_000, 480_300, 541_000),
        "hausse",
        actions.NOT_ATTRIBUTABLE,
        "sans écart",
    ),
    (
        "it moved otherwise before",
        (420_000, 480_300, 480_500),
        "hausse",
        actions.COMPATIBLE,
        "évoluait déjà autrement",
    ),
    (
        "nothing known before",
        (None, 480_300, 480_500),
        "hausse",
        actions.COMPATIBLE,
        "une seule période avant",
    ),
    (
        "the other way was wanted",
        (480_000, 480_300, 480_500),
        "baisse",
        actions.NOT_ATTRIBUTABLE,
        "non souhaité",
    ),
    (
        "the benchmark rises more",
        (480_000, 480_300, 640_000),
        "hausse",
        actions.NOT_ATTRIBUTABLE,
        "non souhaité",
    ),
]


@pytest.mark.parametrize(
    ("counts", "wanted", "link", "said"),
    [case[1:] for case in ELSEWHERE],
    ids=[case[0] for case in ELSEWHERE],
)
def test_only_a_computed_comparison_verifies(package, counts, wanted, link, said):
    years = (2021, 2022, 2023)
    values = [
        value("grippe", "nord", year, top, 10000) for year, top in zip(years, (5000, 5010, 5600), strict=True)
    ]
    values += [
        value("grippe", "region", year, top, 1_000_000)
        for year, top in zip(years, counts, strict=True)
        if top
    ]
    definitions = [DEFINITIONS[0] | {"direction": wanted}]
    folder = package(
        definitions=definitions, values=values, actions=[action("x", "2023-03-01", comparison_fr="Voisins.")]
    )
    found = monograph.follow_up("nord", Study(folder)).linked.iloc[0]
    assert found["link"] == link
    assert said in found["reason"]
    assert ("déclarée, non recalculée : Voisins." in found["reason"]) == (link != actions.TESTED)


def test_a_comparison_of_a_few_people_is_not_made_and_says_so(package):
    values = [value("grippe", "nord", year, top, 19) for year, top in ((2021, 2), (2022, 2), (2023, 17))]
    values += [
        value("grippe", "region", year, top, 1_000_000)
        for year, top in ((2021, 480000), (2022, 480300), (2023, 480500))
    ]
    # Rooms and not people: nothing is masked.
    definitions = [DEFINITIONS[0] | {"counts_people": False}]
    folder = package(definitions=definitions, values=values, actions=[action("x", "2023-03-01")])
    found = monograph.follow_up("nord", Study(folder)).linked.iloc[0]
    assert found["link"] == actions.COMPATIBLE, found["reason"]
    assert (
        "comparaison impossible : une différence de deux différences de parts demande un dénominateur"
        in found["reason"]
    )


def test_a_comparison_that_finds_nothing_leaves_the_own_count(package):
    values = [
        value("grippe", "nord", year, top, 10000) for year, top in ((2021, 5000), (2022, 5010), (2023, 5600))
    ]
    values += [
        value("grippe", "region", year, top, 1_000_000)
        for year, top in ((2021, 480000), (2022, 480300), (2023, 541000))
    ]
    log = [action("x", "2023-03-01", own_count=120)]
    found = monograph.follow_up("nord", Study(package(values=values, actions=log))).linked.iloc[0]
    assert found["link"] == actions.COUNTED
    assert "sans écart" in found["reason"]


def test_a_move_the_wrong_way_is_neither_compatible_nor_earlier(package):
    falling = [value("grippe", "nord", 2022, 5600, 10000), value("grippe", "nord", 2023, 5000, 10000)]
    found = monograph.follow_up(
        "nord", Study(package(values=falling, actions=[action("x", "2023-03-01")]))
    ).linked.iloc[0]
    assert (found["link"], found["precedes"]) == (actions.NOT_ATTRIBUTABLE, False)


def test_without_an_agreed_direction_any_visible_move_counts(package):
    neutral = [DEFINITIONS[0] | {"direction": "neutre"}]
    falling = [value("grippe", "nord", 2022, 5600, 10000), value("grippe", "nord", 2023, 5000, 10000)]
    folder = package(definitions=neutral, values=falling, actions=[action("x", "2023-03-01")])
    assert monograph.follow_up("nord", Study(folder)).linked["link"].tolist() == [actions.COMPATIBLE]


def test_a_move_that_chance_explains_makes_nothing_compatible(package):
    small = [value("grippe", "nord", 2022, 50, 100), value("grippe", "nord", 2023, 56, 100)]
    found = monograph.follow_up(
        "nord", Study(package(values=small, actions=[action("x", "2023-03-01")]))
    ).linked.iloc[0]
    assert found["link"] == actions.NOT_ATTRIBUTABLE
    assert "aucun mouvement visible" in found["reason"]


def test_the_strongest_link_is_that_of_the_indicator(package):
    log = [action("a", "2025-02-01"), action("b", "2023-03-01"), action("c", "2023-03-01", own_count=40)]
    suivi = monograph.follow_up("nord", Study(package(actions=log)))
    row = suivi.compared.set_index("indicator").loc["grippe"]
    assert (row["link"], row["actions"], row["precedes"]) == (actions.COUNTED, 3, True)
    assert suivi.compared.set_index("indicator").loc["urgences", "link"] == actions.NOT_ATTRIBUTABLE


def test_the_flag_is_on_the_page_and_in_the_overview(package):
    suivi = monograph.follow_up("nord", Study(package(actions=[action("x", "2024-06-01", own_count=30)])))
    assert "mouvement antérieur à l&#x27;action" in monograph.action_table(suivi, source="").html
    assert (
        "mouvement antérieur à une action"
        in monograph.table_of_indicators(
            suivi.compared, name="x", source="", confidence=0.95, users=True
        ).html
    )
    assert "a bougé avant l'action" in essential.action_log(suivi, pd.DataFrame())


def test_an_action_without_indicator_has_a_row_and_no_link(package):
    log = [action("x", "2023-03-01", indicator=None)]
    suivi = monograph.follow_up("nord", Study(package(actions=log)))
    assert suivi.linked.empty
    shown = actions.for_readers(suivi.definitions, suivi.log, suivi.linked, masked=True)
    assert shown["Lien"].tolist() == [actions.NOT_ATTRIBUTABLE]
    assert shown["Compte propre"].tolist() == ["inconnu"]


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0"), (1, "masqué"), (10, "masqué"), (11, "15"), (48, "50"), (None, "inconnu")]
)
def test_small_own_counts_are_masked_and_a_zero_is_a_zero(count, said):
    assert actions.shown_count({"own_count": count, "own_unit": None}, masked=True) == said


def test_the_timeline_sets_actions_beside_the_periods(package):
    suivi = monograph.follow_up(
        "nord", Study(package(actions=[action("x", "2023-03-01", date_end="2023-06-30")]))
    )
    steps = actions.steps(suivi.log, suivi.measured, "nord")
    assert steps["stage"].value_counts().to_dict() == dict(
        zip(reversed(actions.STAGES_FR), (3, 1, 1), strict=True)
    )
    assert "<figure>" in monograph.action_timeline(suivi, source="").html


@pytest.mark.parametrize(
    ("end", "dates"), [("", "début non précisé"), ("2023-06-30", "jusqu'au 30\u00a0juin 2023")]
)
def test_an_action_without_a_start_keeps_its_row_and_explains_nothing(package, end, dates):
    folder = package(
        actions=[action("x", "2023-03-01", date_end="2023-06-30", comparison_fr="Voisins, mêmes mois.")]
    )
    path = catalog.open_package(folder).path("cpts/actions")
    path.write_text(
        path.read_text(encoding="utf-8").replace("2023-03-01", "").replace("2023-06-30", end),
        encoding="utf-8",
    )
    suivi = monograph.follow_up("nord", Study(folder))
    assert suivi.linked["link"].tolist() == [actions.NOT_ATTRIBUTABLE]
    assert suivi.linked["reason"].tolist() == ["la date de début de l'action n'est pas donnée"]
    shown = monograph.action_table(suivi, source="")
    assert dates in shown.data["Dates"].iloc[0]
    assert actions.STAGES_FR[0] not in set(actions.steps(suivi.log, suivi.measured, "nord")["stage"])
    assert monograph.recent_actions(monograph.dossier("nord", Study(folder)), source="").html


def test_without_a_log_one_sentence_stands_for_the_figure(package):
    suivi = monograph.follow_up("nord", Study(package(values=VALUES)))
    assert "<figure>" not in monograph.action_timeline(suivi, source="").html
    assert "journal des actions est vide" in monograph.action_table(suivi, source="").html
