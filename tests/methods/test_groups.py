"""Answers by group and overall, worked by hand."""

import pandas as pd
import pytest

from helpers.errors import DataError, NotComputable, UnknownName
from helpers.methods import rates, respondents
from helpers.page import descriptive

# Seven CPTS: A has three answers of four, B two of two, one CPTS has no known group.
SURVEY = pd.DataFrame({
    "groupe": ["A", "A", "A", "A", "B", "B", None],
    "accord": ["oui", "non", "oui", None, "non", "non", "oui"],
    "outils": ["mail;agenda", "mail", None, "agenda", "mail; agenda", "", "papier"],
    "age": [30.0, 40.0, None, 80.0, 10.0, None, 20.0],
    "membre": [True, False, True, True, False, False, True],
})  # fmt: skip


def row(long, group, category=None, statistic="proportion"):
    kept = long[(long["group"] == group) & (long["statistic"] == statistic)]
    if category is not None:
        kept = kept[kept["category"] == category]
    assert len(kept) == 1
    return kept.iloc[0]


def test_shares_are_of_the_respondents_of_each_group():
    long = respondents.categorical(SURVEY, "accord", by="groupe")
    # A: 2 yes of 3 answers, 1 missing of 4; overall: 3 yes of 6.
    yes = row(long, "A", "oui")
    assert (yes["numerator"], yes["denominator"]) == (2, 3)
    assert yes["value"] == pytest.approx(200 / 3)
    wilson = rates.proportion(2, 3, indicator="x").iloc[0]
    assert (yes["lower"], yes["upper"]) == pytest.approx((wilson["lower"], wilson["upper"]))
    missing = row(long, "A", statistic="missing")
    assert (missing["value"], missing["denominator"]) == (1, 4)
    assert row(long, "Ensemble", "oui")["value"] == 50
    assert set(rates.LONG_COLUMNS) <= set(long.columns)


def test_an_unknown_group_is_shown_so_that_groups_add_up():
    long = respondents.categorical(SURVEY, "accord", by="groupe")
    parts = long[(long["category"] == "oui") & (long["group"] != "Ensemble")]["numerator"]
    assert parts.sum() == row(long, "Ensemble", "oui")["numerator"]
    assert "Groupe inconnu" in set(long["group"])


def test_order_of_the_questionnaire_is_kept_with_answers_nobody_gave():
    order = ["non", "peut-être", "oui"]
    long = respondents.categorical(SURVEY, "accord", order=order)
    assert long["category"].dropna().tolist() == order
    assert row(long, "Ensemble", "peut-être")["numerator"] == 0
    typed = SURVEY.assign(accord=pd.Categorical(SURVEY["accord"], categories=order, ordered=True))
    assert respondents.categorical(typed, "accord")["category"].dropna().tolist() == order


def test_an_answer_out_of_the_questionnaire_is_refused():
    with pytest.raises(DataError, match="« non » n'est pas dans l'ordre"):
        respondents.categorical(SURVEY, "accord", order=["oui"])


def test_several_answers_have_the_respondents_as_base():
    long = respondents.categorical(SURVEY, "outils", multiple=True)
    # Five CPTS answered (an empty cell is missing): mail 3, agenda 3, paper 1; the shares add up to 140 %.
    counts = long[long["statistic"] == "proportion"].set_index("category")["numerator"].to_dict()
    assert counts == {"mail": 3, "agenda": 3, "papier": 1}
    assert long["value"][long["statistic"] == "proportion"].sum() == pytest.approx(140)
    assert row(long, "Ensemble", statistic="missing")["value"] == 2
    assert long["note"].str.contains("dépasser").all()


def test_several_columns_of_ticks_give_the_same():
    ticks = pd.DataFrame({"mail": [1, 1, None, 0], "agenda": ["oui", "non", None, ""]})
    long = respondents.categorical(ticks, ["mail", "agenda"], multiple=True, labels={"mail": "Courriel"})
    assert row(long, "Ensemble", "Courriel")["numerator"] == 2
    assert row(long, "Ensemble", "agenda")["numerator"] == 1
    assert row(long, "Ensemble", "agenda")["denominator"] == 3


def test_asked_and_ticked_nothing_is_an_answer():
    lists = pd.DataFrame({"q": [["a"], [], None]})
    assert row(respondents.categorical(lists, "q", multiple=True), "Ensemble", "a")["denominator"] == 2


def test_yes_and_no_are_in_french():
    assert respondents.categorical(SURVEY, "membre")["category"].dropna().tolist() == ["oui", "non"]


def test_a_group_without_answers_says_so_and_does_not_invent_zero():
    survey = SURVEY.assign(accord=["oui", None, None, None, None, None, None])
    long = respondents.categorical(survey, "accord", by="groupe")
    empty = row(long, "B", "oui")
    assert pd.isna(empty["value"])
    assert empty["note"] == "aucune réponse dans ce groupe"


def test_nobody_answered():
    with pytest.raises(NotComputable, match="personne n'a répondu"):
        respondents.categorical(SURVEY.assign(accord=None), "accord")


def test_unknown_column_is_named():
    with pytest.raises(UnknownName, match="acord"):
        respondents.categorical(SURVEY, "acord")
    with pytest.raises(UnknownName, match="group"):
        respondents.continuous(SURVEY, "age", by="group")


def test_quantity_by_group_by_hand():
    long = respondents.continuous(SURVEY, "age", by="groupe", unit="ans")
    # A: 30, 40, 80; quartiles of type 7 at 35 and 60; mean 50; deviation sqrt((400 + 100 + 900) / 2).
    assert row(long, "A", statistic="median")["value"] == 40
    assert row(long, "A", statistic="q1")["value"] == 35
    assert row(long, "A", statistic="q3")["value"] == 60
    assert row(long, "A", statistic="sd")["value"] == pytest.approx(700**0.5)
    assert row(long, "A", statistic="missing")[["value", "denominator"]].tolist() == [1, 4]
    assert row(long, "Ensemble", statistic="n")["value"] == 5
    # One value alone has no spread.
    assert pd.isna(row(long, "B", statistic="sd")["value"])


def test_a_text_is_no_quantity():
    with pytest.raises(DataError, match="n'est pas une quantité"):
        respondents.continuous(SURVEY, "accord")
    with pytest.raises(NotComputable, match="aucune valeur renseignée"):
        respondents.continuous(SURVEY.assign(age=float("nan")), "age")


def test_table_for_readers():
    long = pd.concat([
        respondents.categorical(SURVEY, "accord", by="groupe", order=["oui", "non"], indicator="Accord signé"),
        respondents.continuous(SURVEY, "age", by="groupe", unit="ans", indicator="Âge"),
    ])  # fmt: skip
    table = respondents.for_readers(long, decimals=0)
    assert table.columns.tolist() == ["Indicateur", "Réponse", "A", "B", "Groupe inconnu", "Ensemble"]
    assert table["Réponse"].tolist() == [
        "Base (n)", "oui", "non", "Données manquantes", "Base (n)", "Médiane [quartiles], ans", "Données manquantes",
    ]  # fmt: skip
    assert table["A"].tolist() == [
        "3",
        "2\u00a0(67\u00a0%)",
        "1\u00a0(33\u00a0%)",
        "1",
        "3",
        "40\u00a0[35–60]",
        "1",
    ]


def test_shown_table_tells_its_base_its_notes_and_both_files():
    long = respondents.categorical(SURVEY, "outils", multiple=True, indicator="Outils")
    html = descriptive.descriptive_table(long, "Outils", name="outils").html
    assert "n (% de la base)" in html
    assert "les parts peuvent dépasser 100 %" in html
    assert html.count('class="num"') == 6
    assert 'download="outils_long.csv"' in html


@pytest.mark.parametrize(
    ("frame", "options", "name"),
    [
        ({"q": ["oui", "non"], "g": ["Ensemble", "b"]}, {"by": "g"}, "groupe « Ensemble »"),
        ({"q": ["oui", "non", "oui"], "g": ["Groupe inconnu", "b", None]}, {"by": "g"}, "« Groupe inconnu »"),
        ({"q": ["oui", "non"]}, {"labels": {"oui": "X", "non": "X"}}, "réponse « X »"),
    ],
)
def test_two_columns_of_one_name_never_hide_each_other(frame, options, name):
    long = respondents.categorical(pd.DataFrame(frame), "q", **options)
    with pytest.raises(DataError, match=f"portent le même nom .*{name}"):
        respondents.for_readers(long)


def test_a_question_where_nobody_ticked_anything_is_refused_in_words():
    with pytest.raises(NotComputable, match="personne n'a répondu"):
        respondents.categorical(pd.DataFrame({"q": [[], []]}), "q", multiple=True)
