"""Articulation and deployment on small hand-worked tables."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import aci, articulation, catalog
from helpers.documents import deployment, profiles
from helpers.errors import DataError

CODINGS = pd.DataFrame(
    {
        "testimony": ["T1", "T2", "T3", "T1"],
        "coder": [1, 1, 1, 2],
        "role": ["cls", "cpts", "cls", "cls"],
        "valence": ["+", "+", "-", "-"],
        "level": [2, 5, None, 1],
    }
)


def test_testimonies_are_counted_for_one_coder():
    table = articulation.count_testimonies(CODINGS, rows="role", columns="valence", coder=1, order=["+", "-"])
    assert table.to_numpy().tolist() == [["cls", 1, 1, 2], ["cpts", 1, 0, 1], ["Ensemble", 2, 1, 3]]


def test_an_unknown_coder_or_a_double_coding_is_refused():
    with pytest.raises(DataError, match=r"codeur 3 \(codeurs : \[1, 2\]\)"):
        articulation.count_testimonies(CODINGS, rows="role", columns="valence", coder=3)
    with pytest.raises(DataError, match="deux fois"):
        articulation.count_testimonies(pd.concat([CODINGS, CODINGS]), rows="role", columns="valence")


def test_a_testimony_without_relation_has_no_level():
    table = articulation.level_distribution(CODINGS)
    assert table[1].tolist() == [0, 0, 1, 0, 0, 1]
    assert table[2].tolist() == [0, 1, 0, 0, 0, 0]


def test_the_codings_of_the_project_give_the_counts_announced():
    codings = catalog.load("coding/testimony_codings")
    roles = articulation.count_testimonies(codings, rows="role", columns="valence").set_index("role")[
        "Ensemble"
    ]
    # 20 CLS, 12 CPTS, 5 agents, 2 health officers, 1 CLS/CLSM, 2 without role: 42 quotes, counted by hand in the text.
    assert roles.to_dict() == {
        "cls": 20, "cpts": 12, "agent_collectivite": 5, "responsable_sante": 2, "non_attribue": 2, "cls_clsm": 1, "Ensemble": 42,
    }  # fmt: skip
    assert articulation.level_distribution(codings)[1].tolist() == [5, 4, 10, 4, 3, 3]
    fifth = codings[(codings["coder"] == 1) & (codings["level"] == 5)]
    assert set(fifth["role"]) == {"cpts"}


def test_means_of_a_cpts_by_hand():
    # Size 1, printed amounts: 50 000 + 80 000 + 50 000 + 20 000 = 200 000, plus the plan 25 000 or its update 12 500.
    situations = articulation.aci_situations(aci.funding("fabrique2022")).loc[1].tolist()
    assert situations == [50_000, 212_500, 225_000, 262_500]
    gap = articulation.means_gap(articulation.aci_situations(aci.funding("fabrique2022")), 30_000)
    first = gap[(gap["size"] == 1) & (gap["situation"] == "Fonctionnement seul")].iloc[0]
    assert first["ratio"] == pytest.approx(5 / 3)
    with pytest.raises(DataError, match="plafond"):
        articulation.means_gap(articulation.aci_situations(aci.funding("fabrique2022")), 0)


def test_scales_of_2019_and_2022():
    table = aci.compare(aci.funding("navinel2020"), aci.funding("miller2022")).set_index(["mission", "size"])
    # Access, size 4: 80 000 then 155 000, that is +75 000.
    assert table.loc[("acces_aux_soins", 4), "gap"] == 75_000
    assert table.loc[("total", 1), "percent"] == pytest.approx(100 * (287_500 / 185_000 - 1))
    # The crisis mission did not exist in 2019: its amount is missing, not zero.
    assert table.loc["crise_sanitaire", "first"].isna().all()


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


def test_a_damaged_figure_is_never_drawn():
    damaged = deployment.figures()
    damaged = damaged[damaged["qualifier"] == deployment.DAMAGED]
    assert damaged["value"].tolist() == [1756]
    assert 1756 not in set(deployment.series(deployment.figures())["value"])


def test_progress_against_a_target():
    table = deployment.progress(FIGURES, target=1000)
    assert table["part"].tolist() == [10.0, 9.0, 13.0, 30.0, 50.0]
    for tell in (deployment.progress, deployment.progress_sentence):
        with pytest.raises(DataError, match="cible"):
            tell(FIGURES, target=0)


def test_every_bridge_names_two_figures_that_disagree():
    known = deployment.contradictions(deployment.figures(), days=92)
    pairs = set(zip(known["figure_1"], known["figure_2"], strict=True))
    bridges = catalog.load("coding/deployment_bridges")
    assert set(zip(bridges["figure_1"], bridges["figure_2"], strict=True)) <= pairs


def test_density_by_hand():
    table = profiles.recomputed_density(catalog.load("miller2022/territories")).set_index("cpts")
    # CPTS E: 77 450 / 629.5 = 123.03, printed 125.5.
    assert table.loc["E", "recomputed"] == pytest.approx(123.034, abs=1e-3)
    assert table.loc["E", "gap_percent"] == pytest.approx(-1.965, abs=1e-3)


def test_doctors_for_ten_thousand_inhabitants():
    supply, territories = (
        catalog.load("miller2022/supply_epidemiology"),
        catalog.load("miller2022/territories"),
    )
    table = profiles.per_inhabitants(supply, territories, indicators=["mg_nombre"]).set_index("cpts")
    # CPTS A: 28 / 57 482 = 4.87 for 10 000.
    assert table.loc["A", "value"] == pytest.approx(4.871, abs=1e-3)
    with pytest.raises(DataError, match="Aucune population"):
        profiles.per_inhabitants(supply, territories[territories["cpts"] != "A"], indicators=["mg_nombre"])


def test_sixteen_interviewed():
    table = profiles.interviewed().set_index("cpts")
    assert len(table) == 16
    differing = table[table["size"] != table["size_from_map"]]
    assert differing.index.tolist() == ["CPTS3"]


@pytest.mark.parametrize(
    ("table", "column", "names"),
    [
        ("coding/testimony_codings", "role", articulation.ROLES_FR),
        ("coding/testimony_codings", "valence", articulation.VALENCES_FR),
        ("miller2022/dts_presence", "status", articulation.PRESENCE_FR),
        ("miller2022/dts_presence", "device", articulation.DEVICES_FR),
        ("fabrique2022/scheme_attributes", "attribute", articulation.ATTRIBUTES_FR),
        ("miller2022/resources", "item", profiles.ITEMS_FR),
        ("miller2022/governance", "status", profiles.STATUS_FR),
    ],
)
def test_every_code_has_its_french_name(table, column, names):
    assert set(catalog.load(table)[column]) <= set(names)


def test_demography_holds_quantities_and_no_year():
    table = deployment.demography()
    assert len(table) > 15
    assert "année" not in set(table["unit"])
