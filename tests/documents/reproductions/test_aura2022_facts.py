"""Prose of the AURA thesis (2022): structure of its tables, hand-worked recomputations, verdicts."""

import pandas as pd
import pytest

from helpers import french
from helpers.documents import claims, reproductions
from tests.project import PROJECT

MODULE = "aura2022_facts"


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return reproductions.ledger([MODULE], study=PROJECT)


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return PROJECT.table("aura2022/facts")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        # Fifty physicians, of whom twenty-five were lost.
        ("faits.garde_cpts4", 25),
        # 100 % less 85 %.
        ("faits.parts_cpts12", 15),
        # 50 supervisors among 100 physicians.
        ("faits.internes_cpts13", 0.5),
        # Four core missions and two optional ones (table I).
        ("faits.groupes_cpts3", 6),
        # Chair, three deputies, secretary and deputy, treasurer and deputy.
        ("liste.bureau_cpts2", 8),
        # CPTS named at lines 6514-6515: 4, 5, 12, 14, 15.
        ("codage.exercice_coordonne", 5),
        # Of these, interviewed pharmacists belong to 5, 12, 14 and 15 (the fifth is of CPTS16).
        ("codage.pharmaciens", 4),
        # 12 links of annex 5, less 2 pages of a local authority, 1 document, 1 local file.
        ("codage.sites", 8),
        # CPTS 3, 4, 6, 7, 11, 14 among the 11 that speak of the service.
        ("codage.sas_vacants", 6 / 11),
        # All 13 but the two started by teams of a health house or centre (CPTS4, CPTS14).
        ("codage.fondateurs", 11 / 13),
        # All 16 but CPTS13 and CPTS15.
        ("codage.penurie", 14 / 16),
        # 4 March 2021 is before November 2021; 15 September 2022 is inside.
        ("dates.reunions_observees", 1),
        # 2021 - 2018.
        ("dates.anciennete_cpts4", 3),
    ],
)
def test_recomputed_by_hand(ledger: pd.DataFrame, claim: str, expected: float) -> None:
    assert ledger.loc[f"aura2022.{claim}", "computed"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("claim", "severity"),
    [
        ("codage.pharmaciens", "définition"),
        ("codage.sites", "définition"),
        ("faits.garde_cpts4", "base"),
        ("faits.centaine_cpts12", "base"),
        ("faits.medecins_cpts14", "base"),
        ("faits.age_pollakiurie", "saisie"),
        ("dates.reunions_observees", "saisie"),
        ("dates.convention", "saisie"),
    ],
)
def test_known_disagreements(ledger: pd.DataFrame, claim: str, severity: str) -> None:
    row = ledger.loc[f"aura2022.{claim}"]
    assert row["verdict"] == claims.GAP
    assert row["severity"] == severity
    assert pd.notna(row["cause"])


def test_no_other_disagreement(ledger: pd.DataFrame) -> None:
    # Two teams, of six and thirteen, count someone who is not employed.
    teams = ledger.index[ledger.index.str.startswith("aura2022.equipe.") & (ledger["verdict"] == claims.GAP)]
    assert teams.tolist() == ["aura2022.equipe.salaries_cpts6", "aura2022.equipe.salaries_cpts13"]
    assert (ledger["verdict"] == claims.GAP).sum() == 8 + 2
    assert not (ledger["verdict"] == claims.NOT_REPRODUCIBLE).any()


def test_durations_at_an_interview_whose_day_is_not_published(ledger: pd.DataFrame) -> None:
    # 1 December 2019 to 1 November 2021: 701 days; to 31 October 2022: 1 065 days.
    row = ledger.loc["aura2022.dates.service_cpts1"]
    assert (row["lower"], row["upper"]) == pytest.approx((701 / 365.25, 1065 / 365.25))
    assert row["verdict"] == "compatible"
    assert ledger.loc["aura2022.dates.delai_aci", "verdict"] == "compatible"


def test_every_announced_list_is_whole() -> None:
    # 8 + 5 + 3 + 3 + 2 + 3 + 3 + 15 + 4 + 6 + 4 + 4 + 5 + 5 items in 14 lists.
    counts = PROJECT.table("aura2022/listed_items").groupby("list_id").size()
    assert len(counts) == 14
    assert counts.sum() == 70


def test_digits_are_read_as_printed(facts: pd.DataFrame) -> None:
    plain = facts[(facts["qualifier"] != "range") & (facts["unit"] != "date")]
    for printed, value in zip(plain["printed"], plain["value"], strict=True):
        parsed = french.parse_number(printed)
        assert pd.isna(value) if parsed is None else value == parsed, printed


def test_a_number_is_in_digits_or_in_words_never_both(facts: pd.DataFrame) -> None:
    assert not (facts["value"].notna() & facts["number_in_words"].notna()).any()
    ranges = facts[facts["qualifier"] == "range"]
    assert (ranges["lower"] < ranges["upper"]).all()
    assert ranges["value"].isna().all()


def test_a_wish_or_a_plan_is_not_a_fact(facts: pd.DataFrame) -> None:
    assert facts["status"].value_counts().to_dict() == {"constate": 318, "prevu": 24, "souhaite": 5}
    # What a CPTS would like (4158, 5627, 6380, 7108-7110) is wished; a date after the last interview can only be planned.
    wished = facts[facts["status"] == "souhaite"].groupby("cpts").size()
    assert wished.to_dict() == {"CPTS12": 3, "CPTS16": 2}
    assert set(facts.loc[facts["date"] >= "2022-10-01", "status"]) == {"prevu"}


def test_structure_of_the_coding() -> None:
    coded = PROJECT.table("aura2022/coded_statements")
    assert len(coded) == 536
    assert set(coded["cpts"]) == {f"CPTS{number}" for number in range(1, 17)}
    # Counts by hand: 9 heart-failure pathways, of which 4 imposed; 16 CPTS on the regional messaging.
    heart = coded[(coded["domain"] == "parcours") & (coded["code"] == "insuffisance_cardiaque")]
    assert len(heart) == 9
    assert (heart["status"] == "impose").sum() == 4
    assert (coded["code"] == "monsisra").sum() == 16
    assert coded.groupby("cpts").size()["CPTS14"] == 57


def test_structure_of_the_articulation() -> None:
    edges = PROJECT.table("aura2022/edges")
    assert edges["basis"].value_counts().to_dict() == {
        "passage": 175, "tableau_vii": 24, "phrase_generale": 12
    }  # fmt: skip
    passages = edges[edges["basis"] == "passage"]
    degree = passages.groupby("cpts").size()
    assert (degree["CPTS4"], degree["CPTS6"], degree["CPTS14"]) == (19, 14, 13)
    kinds = passages.groupby("actor_type").size()
    assert (kinds["hopital"], kinds["sas"], kinds["cpts"]) == (16, 10, 14)


def test_a_link_is_at_work_planned_wished_refused_or_broken() -> None:
    edges = PROJECT.table("aura2022/edges")
    states = edges.groupby(edges["status"].where(edges["status"].isin(["prevu", "refuse"]), "autre"))["state"]
    assert {status: set(group.dropna()) for status, group in states} == {
        "prevu": {"prevu", "souhaite"}, "refuse": {"refuse", "rompu"}, "autre": {"en_oeuvre"}
    }  # fmt: skip
    # A passage that describes no link (opinion, complaint, absence) has no state, and says why.
    assert edges.loc[edges["state"].isna(), "note"].notna().all()
    assert (edges["status"] == "absent").sum() == 1


def test_links_at_work_cover_the_table_of_establishments() -> None:
    edges, printed = PROJECT.table("aura2022/edges"), PROJECT.table("aura2022/establishments")
    printed = printed[printed["scope"] != "bientot"]
    works = edges[edges["state"] == "en_oeuvre"]
    families = {
        "hopital": (["hopital", "ght"], 16),
        "msp_esp": (
            ["msp", "maison_de_sante", "pole_de_sante", "esp", "regroupement_interprofessionnel"],
            14,
        ),
        "medico_social": (["ehpad"], 12),
        "clinique": (["clinique_privee"], 4),
        "centre_de_sante": (["centre_de_sante", "centre_de_soins"], 6),
    }
    for family, (kinds, expected) in families.items():
        listed = set(printed.loc[printed["kind"].isin(kinds), "cpts"])
        assert len(listed) == expected
        assert listed <= set(works.loc[works["actor_type"] == family, "cpts"])
    # Lines 3477-3480: the agency and the insurance helped every project.
    for family in ("ars", "assurance_maladie"):
        assert works.loc[works["actor_type"] == family, "cpts"].nunique() == 16


@pytest.mark.parametrize(
    ("table", "rows"), [("indicators", 33), ("protocols", 30), ("signature_dates", 16), ("websites", 12)]
)
def test_row_counts(table: str, rows: int) -> None:
    assert len(PROJECT.table(f"aura2022/{table}")) == rows


def test_no_place_in_the_tables_of_interviews() -> None:
    places = PROJECT.table("aura2022/interviewed_cpts")["name_printed"].str.removeprefix("CPTS ")
    for table in ("facts", "edges", "coded_statements", "staff", "websites"):
        text = " ".join(PROJECT.table(f"aura2022/{table}").astype("string").fillna("").to_numpy().ravel())
        assert not [place for place in places if place in text]


def test_an_open_list_gives_a_minimum(ledger: pd.DataFrame) -> None:
    # 180 health professionals, about ten secretaries, and a list left open.
    row = ledger.loc["aura2022.faits.acteurs_cpts2"]
    assert row[["lower", "upper", "verdict"]].tolist() == [190, float("inf"), "compatible"]
