"""Counts of CPTS by document: disagreements, setbacks, bridges, series, demography."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.documents import deployment
from helpers.errors import DataError
from tests.project import PROJECT


def figure(source, name, date, value, definition="aci_signe", publisher="p", qualifier=None):
    return {
        "source": source, "figure_id": name, "date": pd.Timestamp(date), "date_precision": "month", "geography": "france",
        "definition": definition, "label_fr": name, "printed": str(value), "value": value, "qualifier": qualifier,
        "unit": "CPTS", "publisher": publisher, "line": 1, "second_hand": False, "note": None,
    }  # fmt: skip


FIGURES = pd.DataFrame(
    [
        figure("a", "x", "2022-01-01", 100.0),
        figure("b", "y", "2022-02-01", 90.0, publisher="q"),
        figure("b", "z", "2022-09-01", 130.0, publisher="q"),
        figure("b", "t", "2022-02-01", 300.0, definition="toutes_etapes"),
        figure("a", "bound", "2022-02-01", 500.0, qualifier="min"),
        figure("a", "goal", "2022-02-01", 1000.0, definition="objectif"),
    ]
)


def test_disagreements_pair_one_definition_close_in_time():
    pairs = deployment.disagreements(FIGURES, days=92)
    assert pairs[["figure_1", "figure_2", "gap", "gap_percent"]].to_numpy().tolist() == [
        ["a/x", "b/y", -10.0, -10.0]
    ]


def test_a_source_that_moves_does_not_contradict_itself():
    assert len(deployment.disagreements(FIGURES, days=400)) == 2  # x-y and x-z, not y-z


def test_a_cumulative_count_that_falls_is_a_setback():
    assert deployment.setbacks(FIGURES)[["figure_1", "figure_2"]].to_numpy().tolist() == [["a/x", "b/y"]]
    assert len(deployment.contradictions(FIGURES)) == 1


def test_bridges_say_explained_or_not():
    pairs = deployment.disagreements(FIGURES, days=400)
    bridges = pd.DataFrame({"figure_1": ["a/x"], "figure_2": ["b/y"], "explanation": ["deux champs"]})
    assert deployment.bridged(pairs, bridges)["bridge"].tolist() == ["expliqué", "inexpliqué"]


def test_series_never_mix_definitions_and_refuse_nothing():
    assert set(deployment.series(FIGURES, definitions=("aci_signe",))["definition"]) == {"aci_signe"}
    with pytest.raises(DataError, match="Aucun chiffre"):
        deployment.series(FIGURES, unit="%")


def test_the_title_of_the_covered_population_joins_no_two_producers():
    shares = deployment.series(deployment.figures(PROJECT), unit="%", definitions=("population_couverte",))
    said = deployment.producers_caption(deployment.by_producer(shares), "Population couverte").replace(
        "\xa0", " "
    )
    # 19 % is a ministry's count of 2022 and 91 % another producer's of 2025: no one saw the one become the other.
    assert (
        said == "Population couverte : DITP, de 68 % (2022) à 86 % (2024) ; 6 comptages isolés, de 19 à 91 %"
    )


def test_a_damaged_figure_is_never_drawn():
    damaged = deployment.figures(PROJECT)
    damaged = damaged[damaged["qualifier"] == deployment.DAMAGED]
    assert damaged["value"].tolist() == [1756]
    assert 1756 not in set(deployment.series(deployment.figures(PROJECT))["value"])


def test_progress_against_a_target():
    table = deployment.progress(FIGURES, target=1000)
    assert table["part"].tolist() == [10.0, 9.0, 13.0, 30.0, 50.0]
    for tell in (deployment.progress, deployment.progress_sentence):
        with pytest.raises(DataError, match="cible"):
            tell(FIGURES, target=0)


def test_every_bridge_names_two_figures_that_disagree():
    known = deployment.contradictions(deployment.figures(PROJECT), days=92)
    pairs = set(zip(known["figure_1"], known["figure_2"], strict=True))
    bridges = PROJECT.table("coding/deployment_bridges")
    assert set(zip(bridges["figure_1"], bridges["figure_2"], strict=True)) <= pairs


def test_demography_holds_quantities_and_no_year():
    table = deployment.demography(PROJECT)
    assert len(table) > 15
    assert "année" not in set(table["unit"])


@pytest.mark.parametrize("field", ["definition", "geography"])
def test_every_count_says_what_and_where_in_french(field):
    assert set(deployment.figures(PROJECT)[field]) <= set(deployment.named(field))
