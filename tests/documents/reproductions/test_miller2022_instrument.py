"""The instruments of Miller 2022, counted by hand on the annexes of the document."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.documents import reproductions
from helpers.documents.reproductions import miller2022_instrument as instrument
from tests.project import PROJECT

PREFIX = "miller2022.instrument"
DIMENSIONS = ["structure", "processus", "resultats"]


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return reproductions.ledger(["miller2022_instrument"], study=PROJECT)


def table(name: str) -> pd.DataFrame:
    return PROJECT.table(f"miller2022/{name}")


def test_final_questionnaire_has_42_questions_in_document_order() -> None:
    questions = table("questions")
    assert questions["question"].tolist() == [f"Q{number}" for number in range(1, 43)]
    assert questions["line"].is_monotonic_increasing
    # Line 1608: 29 + 10 + 3; the tags of annex 4 put Q41 and Q42 in the other dimension: 29 + 12 + 1.
    assert questions["dimension"].value_counts()[DIMENSIONS].tolist() == [29, 10, 3]
    assert questions["dimension_annex"].value_counts()[DIMENSIONS].tolist() == [29, 12, 1]
    # Annex 4: Q26 and Q27 to working CPTS, Q28 to the others.
    asked = questions.dropna(subset="condition").set_index("question")["condition"].to_dict()
    assert asked == {"Q26": "en_fonctionnement", "Q27": "en_fonctionnement", "Q28": "non_fonctionnelle"}


def test_each_question_has_the_answers_it_announces() -> None:
    questions = table("questions").set_index("question")
    options = table("question_options")
    # Free fields: Q1 (date) and Q7 (number) have one field and no listed answer.
    listed = options[~options["question"].isin(["Q1", "Q7"])].groupby("question").size()
    announced = questions["n_options"].loc[lambda n: n > 0]
    assert listed.sort_index().astype(int).tolist() == announced.sort_index().astype(int).tolist()
    # 222 rows less the two free fields: 220 printed answers, 27 of them professions (Q13).
    assert (len(options), int(listed.sum()), int(listed["Q13"])) == (222, 220, 27)
    # Seven questions are answered by yes or no only: Q22, Q25, Q33, Q34, Q35, Q37, Q38.
    binary = questions.index[questions["answer_type"] == "oui_non"].tolist()
    assert binary == ["Q22", "Q25", "Q33", "Q34", "Q35", "Q37", "Q38"]


def test_first_questionnaire_counts_32_questions_where_31_are_announced(ledger: pd.DataFrame) -> None:
    # B 3 + C 5 + D (D1, D2-D29, D30, D31) 4 + E 4 + F 4 = 20; G 1 + H 2 + I 1 + J 6 = 10; K 2.
    computed = [ledger.loc[f"{PREFIX}.first.dimension.{name}", "computed"] for name in DIMENSIONS]
    assert computed == [20, 10, 2]
    assert ledger.loc[f"{PREFIX}.first.total", ["computed", "verdict"]].tolist() == [32, "écart"]
    assert ledger.loc[f"{PREFIX}.first.dimension.structure", "verdict"] == "reproduit"
    assert ledger.loc[f"{PREFIX}.first.dimension.processus", "verdict"] == "écart"
    # Part D shows D1, D26, D27, D28, D29, D30, D31: 7 items of a series numbered to 31.
    assert ledger.loc[f"{PREFIX}.first.partie_d", ["computed", "verdict"]].tolist() == [7, "écart"]


def test_short_answers_make_22_of_the_32_first_questions(ledger: pd.DataFrame) -> None:
    # Yes or no: D31 E2 F1 F2 F3 H1 H2 I1 J1 J2 J4 J5 K1 K2 (14); one choice: B1 B2 C1 C2 C4 E4 (6);
    # date B3; numbers D2-D29: 22 of 32.
    row = ledger.loc[f"{PREFIX}.first.reponses_courtes"]
    assert row["computed"] == pytest.approx(22 / 32)
    assert row["verdict"] == "reproduit"


def test_guide_sections_hold_26_10_and_no_question(ledger: pd.DataFrame) -> None:
    # Sections A to H: 3+1+1+1+5+3+10+2 = 26; a to e: 1+2+2+3+2 = 10; results: three titles, no question.
    computed = [ledger.loc[f"{PREFIX}.guide.dimension.{name}", "computed"] for name in DIMENSIONS]
    verdicts = [ledger.loc[f"{PREFIX}.guide.dimension.{name}", "verdict"] for name in DIMENSIONS]
    # The question on indicators, told once by `guide.indicateurs`, is counted here as table 8 does.
    assert computed == [25, 10, 1]
    assert verdicts == ["reproduit"] * 3
    by_title = [
        ledger.loc[f"{PREFIX}.guide.dimension.{name}", "bases"] for name in ("structure", "resultats")
    ]
    assert "par le titre imprimé de la section, 26 questions (écart)" in by_title[0]
    assert "par le titre imprimé de la section, 0 question (écart)" in by_title[1]
    assert ledger.loc[f"{PREFIX}.guide.total", ["computed", "verdict"]].tolist() == [36, "reproduit"]


def test_moving_three_guide_questions_gives_back_table_8() -> None:
    guide = table("interview_guide")
    moved = guide[guide["subdimension"] != guide["section_subdimension"]]
    assert moved["number"].tolist() == [7, 9, 23]
    counts = guide["subdimension"].value_counts()
    # Table 8, middle column: identity 1, governance 3, resources 4, organisation 9, indicators 1.
    names = ["identite_professionnelle", "gouvernance", "ressources", "organisation_travail", "indicateurs"]
    assert counts[names].tolist() == [1, 3, 4, 9, 1]


def test_known_disagreements_are_gaps_by_computation(ledger: pd.DataFrame) -> None:
    gaps = set(ledger.index[ledger["verdict"] == "écart"].str.removeprefix(f"{PREFIX}."))
    assert gaps == {
        # Q41 and Q42 tagged otherwise than counted.
        "final.dimension.processus",
        "final.dimension.resultats",
        "first.dimension.processus",
        "first.total",
        "first.partie_d",
        # Questions 7, 9 and 23 of the guide, counted elsewhere than under their title; the last one is one claim.
        "guide.gouvernance",
        "guide.identite_professionnelle",
        "guide.ressources",
        "guide.indicateurs",
        # Partnership question lost, themes missing, bound 100 twice.
        "changements.partenariat",
        "q37.themes",
        "q12.borne",
    }
    unexplained = ledger[
        (ledger["verdict"] == "écart") & (ledger["severity"].isna() | ledger["cause"].isna())
    ]
    assert unexplained.empty


def test_items_that_no_subdimension_claims_give_bounds(ledger: pd.DataFrame) -> None:
    found = ledger[ledger["computed"].isna()]
    assert set(found.index.str.removeprefix(f"{PREFIX}.")) == {
        "first.acteurs_territoire",
        "first.projet_sante",
    }
    assert found.loc[f"{PREFIX}.first.projet_sante", "reason"].endswith("C4, C5.")
    assert set(found["verdict"]) == {"compatible"}


def test_people_and_cpts_met() -> None:
    # Annex 2 masks six names; the six people are physicians.
    found = instrument.interviews(PROJECT)
    assert found[f"{PREFIX}.entretiens.sollicitees"] == 6
    assert found[f"{PREFIX}.entretiens.medecins"] == 6


def test_retained_questions_and_their_fate() -> None:
    changes = table("question_changes")
    # Boxes of section 4.3: 31 questions, 20 additions and 11 modifications; two merged in Q20, one lost.
    assert changes["kind"].value_counts().to_dict() == {"ajout": 20, "modification": 11}
    assert changes["fate"].value_counts().to_dict() == {"reprise": 28, "fusionnee": 2, "absente": 1}
    assert changes.loc[changes["fate"] == "absente", "line"].tolist() == [1358]
    kept = set(changes["final_question"].dropna())
    without = [name for name in table("questions")["question"] if name not in kept]
    expected = ["Q1", "Q2", "Q3", "Q5", "Q6", "Q7", "Q8", "Q10", "Q11", "Q12", "Q13", "Q18", "Q31"]
    assert without == expected


def test_quoted_initial_questions_point_to_items_that_exist() -> None:
    initial = table("initial_questions").dropna(subset="item")
    known = set(table("first_questionnaire")["item"]) | set(table("interview_guide")["guide_question"])
    assert set(initial["item"]) <= known


def test_recovered_answers_fill_76_of_210_cells() -> None:
    answers = table("recovered_answers")
    cells = answers[["cpts", "question"]].drop_duplicates()
    # 25 + 13 + 14 + 12 + 12 = 76 of 42 x 5; 12 questions are answered for all five CPTS.
    assert cells["cpts"].value_counts().sort_index().tolist() == [25, 13, 14, 12, 12]
    assert (cells["question"].value_counts() == 5).sum() == 12
    assert cells["question"].nunique() == 26
    chosen = answers.dropna(subset="option")[["question", "option"]]
    offered = table("question_options")[["question", "rank"]]
    assert set(chosen.itertuples(index=False, name=None)) <= set(offered.itertuples(index=False, name=None))


def test_population_and_member_classes_agree_with_the_printed_numbers() -> None:
    answers = table("recovered_answers").query("status == 'derive'")
    bounds = table("question_options").rename(columns={"rank": "option"})
    joined = answers.merge(bounds, on=["question", "option"])
    assert len(joined) == 9
    above = joined["value"] >= joined["lower"].fillna(0).astype(float)
    below = joined["value"] <= joined["upper"].fillna(1_000_000).astype(float)
    assert above.all()
    assert below.all()


def test_action_indicators_are_41_in_ten_groups() -> None:
    indicators = table("action_indicators")
    sizes = indicators["block"].value_counts().sort_index().tolist()
    assert sizes == [7, 3, 3, 6, 3, 3, 7, 2, 4, 3]
    assert indicators["kind"].value_counts().to_dict() == {"count": 40, "rate": 1}


def test_quotations_are_45_and_carry_no_words() -> None:
    quotations = table("verbatims")
    assert quotations["interviewee"].value_counts().sort_index().tolist() == [13, 5, 3, 14, 3, 7]
    assert quotations["cpts"].value_counts().sort_index().tolist() == [13, 8, 14, 3, 7]
    assert list(quotations.columns) == [
        "verbatim_id",
        "interviewee",
        "cpts",
        "section",
        "line",
        "line_attribution",
    ]
    assert set(table("verbatim_themes")["verbatim_id"]) == set(quotations["verbatim_id"])


def test_mapping_reaches_every_subdimension_from_annex_4() -> None:
    mapping = table("subdimension_mapping")
    final = mapping[mapping["instrument"] == "questionnaire_final"]
    assert set(final["subdimension"]) == set(table("subdimensions")["subdimension"])
    # Table 2 names 8 + 4 + 3 sub-dimensions.
    named = mapping[mapping["instrument"] == "tableau_2"].groupby("dimension")["section"].nunique()
    assert named[DIMENSIONS].tolist() == [8, 4, 3]
