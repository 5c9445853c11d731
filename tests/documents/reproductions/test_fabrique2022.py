"""Expected values worked by hand on the printed figures of Fabrique Territoires Santé (2022)."""

import math

import pandas as pd
import pytest

from helpers.documents import claims
from helpers.documents.reproductions import fabrique2022
from tests.project import PROJECT

MODULES = (fabrique2022,)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("aci.acces_aux_soins.taille1", 80_000),  # 55 000 + 25 000
        ("aci.acces_aux_soins.taille4", 155_000),  # 110 000 + 45 000
        ("aci.coordination_parcours.taille3", 90_000),  # 45 000 + 45 000
        ("aci.prevention.taille3", 35_000),  # 17 500 + 17 500
        ("aci.crise_sanitaire.taille2", 87_500),  # plan 35 000 + crisis 52 500
        ("aci.fonctionnement.min", 50_000),
        ("aci.fonctionnement.max", 90_000),
        ("methode.fin", 202203),  # workshops of March 2022
        ("methode.entretiens", 6),
        ("methode.voix_dts", 2),  # CLS and CLSM, never ASV
        ("temoignages.expertise", 9),  # lines 197 to 206
        ("notes.texte", 12),  # 13 numbers, the 11th without text
        ("chronologie.manifeste", 202203),
    ],
)
def test_recomputed_value(recomputed, claim, expected):
    assert recomputed[f"fabrique2022.{claim}"] == pytest.approx(expected, rel=1e-12)


def test_all_sixteen_mission_totals_are_exact(verdicts):
    totals = verdicts[verdicts.index.str.fullmatch(r"fabrique2022\.aci\.\w+\.taille\d")]
    assert len(totals) == 16
    assert set(totals["verdict"]) == {claims.REPRODUCED}


def test_known_disagreements_come_out_by_computation(verdicts):
    gaps = verdicts[verdicts["verdict"] == claims.GAP]
    assert set(gaps.index) == {
        "fabrique2022.methode.entretiens",
        "fabrique2022.methode.voix_dts",
        "fabrique2022.notes.texte",
        "fabrique2022.annexes.pages_annexe_2",
        "fabrique2022.chronologie.manifeste",
    }
    assert gaps[["severity", "cause"]].notna().all().all()


def test_the_survey_began_in_the_quarter_that_is_printed(verdicts):
    row = verdicts.loc["fabrique2022.methode.debut"]
    assert (row["lower"], row["upper"], row["verdict"]) == (202110, 202112, "compatible")


def test_updating_the_plan_costs_half_of_writing_it_and_a_crisis_half_more():
    amounts = PROJECT.table("fabrique2022/aci_funding").set_index(["mission", "part", "size"])["value"]
    for size in fabrique2022.SIZES:
        first = amounts["plan_premiere_redaction", "fixe", size]
        assert amounts["plan_mise_a_jour", "fixe", size] == first / 2
        assert amounts["crise_sanitaire", "variable", size] == 1.5 * first


def test_year_month():
    assert fabrique2022.year_month(pd.Timestamp("2021-10-31")) == 202110


class TestTestimonies:
    def test_roles(self):
        roles = PROJECT.table("fabrique2022/testimonies")["role"].value_counts().to_dict()
        assert roles == {
            "cls": 20,
            "cpts": 12,
            "agent_collectivite": 5,
            "responsable_sante": 2,
            "non_attribue": 2,
            "cls_clsm": 1,
        }

    def test_first_coder_levels_and_valences(self):
        codings = PROJECT.table("coding/testimony_codings")
        first = codings[codings["coder"] == 1]
        assert first["valence"].value_counts().to_dict() == {"+": 24, "-": 10, "P": 5, "0": 3}
        assert first["level"].value_counts().to_dict() == {0: 5, 1: 4, 2: 10, 3: 4, 4: 3, 5: 3}
        assert first["phase"].value_counts().to_dict() == {
            "fonctionnement": 18,
            "emergence": 8,
            "pre_projet": 8,
            "proposition": 7,
            "crise": 1,
        }

    def test_both_coders_read_the_same_testimonies(self):
        codings = PROJECT.table("coding/testimony_codings")
        testimonies = PROJECT.table("fabrique2022/testimonies")
        assert codings.groupby("testimony")["coder"].apply(sorted).tolist() == [[1, 2]] * 42
        joined = codings.merge(testimonies, on="testimony", suffixes=("", "_source"))
        for column in ("role", "theme", "instrument"):
            assert (joined[column].fillna("") == joined[f"{column}_source"].fillna("")).all()

    def test_coders_agree_on_most_valences(self):
        codings = PROJECT.table("coding/testimony_codings").pivot(
            index="testimony", columns="coder", values="valence"
        )
        # T12 (0/-), T17 (-/0) and T42 (+/0) are the only three that differ.
        assert codings.index[codings[1] != codings[2]].tolist() == ["T12", "T17", "T42"]


def test_structure_of_the_lists():
    assert len(PROJECT.table("fabrique2022/open_questions")) == 14
    assert len(PROJECT.table("fabrique2022/proposals")) == 8
    attributes = PROJECT.table("fabrique2022/scheme_attributes")
    assert attributes.groupby("scheme")["attribute"].nunique().to_dict() == {
        "asv": 14,
        "cls": 14,
        "clsm": 14,
        "cpts": 14,
    }


def test_share_of_priority_neighbourhoods_in_ars_zoning():
    figures = PROJECT.table("fabrique2022/figures").set_index("figure_id")["value"]
    assert figures["qpv_zonage_ars"] / figures["qpv_total"] == pytest.approx(0.5443, abs=5e-5)  # 824 / 1 514
    assert math.isnan(figures["qpv_habitants"])  # written in words: kept out of `value`
