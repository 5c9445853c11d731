"""Navinel (2020): structure of the tables, hand-worked values, verdicts of the known disagreements."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.documents import reproductions
from helpers.documents.claims import DIFFERENT, GAP, REPRODUCED
from helpers.documents.reproductions import navinel2020
from tests.project import PROJECT

MODULES = ("navinel2020", "navinel2020_statements")


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    table = reproductions.ledger(MODULES, study=PROJECT)
    return table.set_index(table.index.str.removeprefix("navinel2020."))


def load(name: str) -> pd.DataFrame:
    return PROJECT.table(f"navinel2020/{name}")


def test_each_gap_and_only_a_gap_carries_a_cause(ledger: pd.DataFrame) -> None:
    register = PROJECT.table("claims").set_index("claim_id")
    explained = register.loc[ledger["claim_id"], "cause"].notna().to_numpy()
    assert (explained == ledger["verdict"].isin(DIFFERENT).to_numpy()).all()


def test_codebook_has_42_brakes_21_themes_4_families_12_levers() -> None:
    brakes = load("brakes")
    # 13 structural, 5 conjunctural, 13 of orientation, 11 of habits.
    by_family = brakes.groupby("family", sort=False).size().to_dict()
    assert by_family == {
        "structurel": 13,
        "conjoncturel": 5,
        "orientations_cpts": 13,
        "habitudes_profils": 11,
    }
    assert (brakes["theme"].nunique(), len(load("brake_themes")), len(load("levers"))) == (21, 21, 12)


def test_matrices_are_complete_and_agree_with_the_index_of_extracts() -> None:
    verbatims = load("verbatims")
    for table, code, kind, total in (
        ("brakes_by_interview", "brake", "frein", 82),
        ("levers_by_interview", "lever", "levier", 28),
    ):
        cells = load(table)
        assert len(cells) == cells[code].nunique() * 6
        # 9 + 13 + 23 + 10 + 13 + 14 = 82 for brakes; 6 + 5 + 6 + 3 + 3 + 5 = 28 for levers.
        assert cells["present"].sum() == total
        assert ((cells["quotes"] > 0) == (cells["present"] == 1)).all()
        counted = verbatims[verbatims["kind"] == kind].groupby(["author_code", "speaker"]).size()
        stored = cells[cells["present"] == 1].set_index([code, "interview"])["quotes"]
        assert stored.sort_index().to_dict() == counted.sort_index().to_dict()


def test_182_extracts_of_which_8_are_repeats() -> None:
    verbatims = load("verbatims")
    assert verbatims.groupby("speaker").size().to_list() == [21, 27, 51, 22, 29, 32]
    repeats = verbatims.dropna(subset=["duplicate_of_line"])
    assert len(repeats) == 8
    speaker = verbatims.set_index("line")["speaker"]
    assert (repeats["speaker"].to_numpy() == speaker[repeats["duplicate_of_line"]].to_numpy()).all()


def test_named_interviewees_are_quoted_where_the_prose_says_so_except_one() -> None:
    verbatims = load("verbatims")
    pairs = load("statement_interviewees").merge(load("statement_codes"), on="statement")
    quoted = set(zip(verbatims["author_code"], verbatims["speaker"], strict=True))
    named = zip(pairs["statement"], pairs["author_code"], pairs["interviewee"], strict=True)
    missing = [(statement, who) for statement, code, who in named if (code, who) not in quoted]
    assert missing == [("c2c_i_nommes", "M5")]


def test_funding_totals_are_the_sums_of_the_six_rows(ledger: pd.DataFrame) -> None:
    # Size 1: 50 + 40 + 50 + 20 + 15 + 10 = 185; size 4: 90 + 80 + 100 + 40 + 40 + 30 = 380 (thousand euros).
    assert ledger.loc["aci.total.taille1", "computed"] == 185_000
    assert ledger.loc["aci.total.taille4", "computed"] == 380_000
    # ln(315/185) / ln(175/40) = 0.5322 / 1.4759 = 0.3606: far from 1.
    assert ledger.loc["aci.proportionnel", "computed"] == pytest.approx(0.3606, abs=1e-4)
    assert ledger.loc["aci.proportionnel", "verdict"] == GAP


def test_density_of_the_territory(ledger: pd.DataFrame) -> None:
    # 265 000 / 279 = 949.82, printed 950.
    assert ledger.loc["territoire.densite", "computed"] == pytest.approx(949.8208, abs=1e-3)
    assert ledger.loc["territoire.densite", "verdict"] == REPRODUCED


def test_actions_and_missions() -> None:
    links = load("missions_actions")
    assert links.groupby("mission", sort=False).size().to_list() == [5, 8, 4]
    assert links.groupby("action").size().value_counts().to_dict() == {1: 6, 2: 4, 3: 1}


def test_five_specialties_can_be_shared_in_seven_ways() -> None:
    # 5, 41, 32, 311, 221, 2111, 11111.
    shared = list(navinel2020.partitions(5))
    assert shared == [(5,), (4, 1), (3, 2), (3, 1, 1), (2, 2, 1), (2, 1, 1, 1), (1, 1, 1, 1, 1)]


@pytest.mark.parametrize(
    ("claim", "computed"),
    [
        # M5: a5c, c2c_ii, c2c_vi, d2b; M6: a6b, b1b, c1b, c2c_iv.
        ("saturation.freins", 8),
        ("entretiens.l7_msp", 1),
        ("entretiens.d2b_msp", 1),
        ("entretiens.d6_age", 1),
        ("entretiens.fin", 202003),
        ("accords.annee_aci", 2019),
        ("accords.contrat_territorial", 3),
        # Ranks 97 and 96 are worse than 95: third from the bottom.
        ("demographie.loiret_region", 3),
        # 2 + 2 + 1: two poles at most.
        ("carte.egalite", 2),
        ("document.figures", 2),
    ],
)
def test_known_disagreements_come_out_by_computation(
    ledger: pd.DataFrame, claim: str, computed: float
) -> None:
    assert ledger.loc[claim, "computed"] == computed
    assert ledger.loc[claim, "verdict"] == GAP


@pytest.mark.parametrize(
    ("statement", "low", "high"),
    [
        # Quoted under the heading: M1 to M4; M3 to M5; M1, M2, M6.
        ("a2_unanimite", 4, 6),
        ("a4_unanimite", 3, 6),
        ("b2_unanimite", 3, 6),
        # M3, M4, M5, M6 speak of their kept slots; of time, M1 to M5, never M6.
        ("c2c_i_tous", 4, 6),
        ("temps_tous", 5, 6),
        # M1 and M3 are quoted, M5 is not.
        ("c2c_i_nommes", 2, 3),
        ("a6b_certains", 1, 6),
    ],
)
def test_extracts_that_are_printed_are_a_lower_bound(
    ledger: pd.DataFrame, statement: str, low: int, high: int
) -> None:
    row = ledger.loc[f"enonces.{statement}"]
    assert (row["lower"], row["upper"], row["verdict"]) == (low, high, "compatible")


def test_saturation_is_told_at_three_levels(ledger: pd.DataFrame) -> None:
    told = ledger.loc["saturation.freins", "bases"]
    assert "au niveau des thèmes, 0 frein (reproduit)" in told
    assert "pour les leviers, 1 frein (écart)" in told
    assert "4 signataires (écart)" in ledger.loc["accords.tripartite", "bases"]


def test_territory_against_the_communes_that_it_names() -> None:
    # 22 communes of the metropolis; the 16 that are left had 266 268 inhabitants in 2016 and 270 300 in 2018.
    found = reproductions.ledger(["official.other_regions"], study=PROJECT)
    assert found.loc["navinel2020.territoire.communes_metropole", "computed"] == 22
    row = found.loc["navinel2020.territoire.population"]
    assert (row["lower"], row["upper"]) == (266_268, 270_300)
    # 279 ± 1 km² and 950 per km² within 1 %, from the outlines of the communes alone.
    surface, density = (
        found.loc[f"navinel2020.territoire.{name}"] for name in ("superficie", "densite_2016")
    )
    assert abs(surface["computed"] - 279) <= 1
    assert abs(density["computed"] / 950 - 1) <= 0.01
    assert surface["verdict"] == density["verdict"] == "reproduit"


def test_sample_and_durations() -> None:
    sample, interviews = load("interviewees"), load("interviews")
    assert sample["sex"].value_counts().to_dict() == {"femme": 4, "homme": 2}
    assert (
        sample["cpts_member"].sum(),
        sample["union_member"].sum(),
        sample["other_public_missions"].sum(),
    ) == (3, 1, 3)
    # 32 + 76 + 40 + 105 + 44 + 45 = 342 minutes.
    assert interviews["duration"].sum() == 342


def test_interviewees_carry_no_place_name() -> None:
    assert set(load("interviewees")["location_kind"]) == {"orleans", "autre_commune"}
