"""The joint display: the rule of the verdict, its bases, and what is silent."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.articulation import joint, meetings
from helpers.errors import DataError, NotComputable
from helpers.methods import measured
from tests.project import PROJECT

NAN = float("nan")


def statements(*rows):
    return pd.DataFrame(rows, columns=["statement", "theme", "territory", "valence", "source"])


def said(levers=0, obstacles=0, neutral=0):
    kinds = ["levier"] * levers + ["obstacle"] * obstacles + ["neutre"] * neutral
    return statements(*[(f"s{n}", "T", "X", kind, f"p{n % 2}") for n, kind in enumerate(kinds)])


def indicator(value=30.0, lower=25.0, upper=35.0, reference=20.0, direction="baisse", **more):
    row = {
        "theme": "T", "territory": "X", "indicator": "I", "value": value, "lower": lower, "upper": upper, "numerator": 30.0,
        "denominator": 100.0, "note": "", "reference": reference, "direction": direction, "unit": "%",
    } | more  # fmt: skip
    return pd.DataFrame([row], columns=joint.INDICATOR_COLUMNS)


def verdict(who, what, **more):
    row = joint.display(who, what, **more).iloc[0]
    return row["verdict"], row["reason"]


@pytest.mark.parametrize(
    ("who", "direction", "expected"),
    [
        (said(obstacles=2), "baisse", joint.CONVERGENCE),  # 30 % over 20 %, and low is wished
        (said(levers=2), "baisse", joint.DIVERGENCE),
        (said(obstacles=2), "hausse", joint.DIVERGENCE),
        (said(levers=2), "hausse", joint.CONVERGENCE),
        (said(levers=1, obstacles=3, neutral=9), "baisse", joint.CONVERGENCE),
    ],
)
def test_the_rule(who, direction, expected):
    assert verdict(who, indicator(direction=direction))[0] == expected


@pytest.mark.parametrize(
    ("who", "what", "why"),
    [
        (said(), indicator(), "aucun propos"),
        (said(obstacles=2), indicator()[:0], "aucun indicateur"),
        (said(neutral=3), indicator(), "propos neutres ou propositions"),
        (said(levers=1, obstacles=1), indicator(), "autant de leviers que d'obstacles"),
        (said(obstacles=2), indicator(reference=28.0), "indicateur non distinct du repère"),
        (said(obstacles=2), indicator(reference=NAN), "aucun repère"),
        (said(obstacles=2), indicator(direction="neutre"), "aucun sens souhaité"),
        (
            said(obstacles=2),
            indicator(value=NAN, note=measured.MASKED_FR),
            measured.MASKED_FR,
        ),
        (said(obstacles=2), indicator(value=NAN), "valeur absente"),
    ],
)
def test_silence_and_its_reason(who, what, why):
    assert verdict(who, what) == (joint.SILENCE, why)


def test_few_statements_may_be_refused():
    assert verdict(said(obstacles=2), indicator(), minimum=3) == (
        joint.SILENCE,
        "moins de 3 leviers et obstacles",
    )


def test_a_value_without_interval_says_so():
    table = joint.display(said(obstacles=1), indicator(lower=NAN, upper=NAN, numerator=NAN, denominator=NAN))
    assert table["reason"].tolist() == [
        "plutôt des obstacles (un seul propos), indicateur défavorable (valeur seule)"
    ]
    assert "effectifs non publiés" in joint.readable(table)["measure"].iloc[0]


def test_bases_are_always_told_and_never_a_share_of_statements():
    shown = joint.readable(joint.display(said(levers=1, obstacles=3), indicator())).iloc[0]
    assert shown["statements"].replace("\u00a0", " ") == "n = 4 (1 levier, 3 obstacles), 2 sources"
    assert shown["measure"] == "30,0 % [25,0 ; 35,0] ; 30 sur 100 ; repère 20,0"
    assert "%" not in shown["statements"]


def test_a_statement_given_twice_counts_once():
    twice = pd.concat([said(obstacles=2), said(obstacles=2)])
    assert joint.counts(twice)["n"].tolist() == [2]


def test_two_coders_who_disagree_give_no_tone_whoever_comes_first():
    both = statements(
        ("s1", "T", "X", "levier", "p"), ("s1", "T", "X", "obstacle", "p"),
        ("s2", "T", "X", None, "p"), ("s2", "T", "X", "obstacle", "p"),
    )  # fmt: skip
    for rows in (both, both.iloc[::-1]):
        found = joint.counts(rows).iloc[0]
        assert (found["n"], found["levier"], found["obstacle"]) == (2, 0, 1)


def test_an_unknown_tone_is_refused():
    with pytest.raises(DataError, match="« frein »"):
        joint.counts(statements(("s", "T", "X", "frein", "p")))


def test_an_unknown_direction_is_refused():
    with pytest.raises(DataError, match="Le sens « haut »"):
        joint.display(said(), indicator(direction="haut"))


def test_two_values_for_one_cell_are_refused():
    with pytest.raises(DataError, match="deux valeurs pour « X »"):
        joint.display(said(), pd.concat([indicator(), indicator()]))


def test_both_sides_empty_give_an_empty_display():
    assert joint.display(said(), indicator()[:0]).empty


DEFINITIONS = pd.DataFrame(
    {
        "indicator": ["vac", "urg"], "label_fr": ["Vaccination", "Urgences"], "kind": ["proportion", "taux"],
        "unit": ["%", "pour 1 000"], "per": [100, 1000], "direction": ["hausse", "baisse"], "benchmark": ["region", None],
    }
)  # fmt: skip


def values(*rows):
    table = pd.DataFrame(
        rows, columns=["indicator", "territory", "period_start", "numerator", "denominator", "value"]
    )
    return table.assign(period_start=pd.to_datetime(table["period_start"]))


def test_the_users_last_value_against_the_benchmark_of_the_same_period():
    own = joint.own_indicators(
        values(
            ("vac", "moi", "2023-01-01", 50, 200, NAN), ("vac", "moi", "2024-01-01", 120, 200, NAN),
            ("vac", "region", "2024-01-01", 5000, 10000, NAN), ("vac", "region", "2023-01-01", 1, 10000, NAN),
        ),
        DEFINITIONS,
    )  # fmt: skip
    assert own["territory"].tolist() == ["moi"]
    row = own.iloc[0]
    assert (row["value"], row["reference"]) == (60, 50)
    # Wilson limits of 120 out of 200 (formula by hand): 53.08 and 66.54 %.
    assert (row["lower"], row["upper"]) == (pytest.approx(53.08, abs=0.01), pytest.approx(66.54, abs=0.01))


@pytest.mark.parametrize(("up", "down"), [(5, 200), (195, 200)])
def test_small_counts_of_people_are_masked_on_both_sides(up, down):
    row = joint.own_indicators(values(("vac", "moi", "2024-01-01", up, down, NAN)), DEFINITIONS).iloc[0]
    assert row[["value", "lower", "upper", "numerator", "denominator"]].isna().all()
    assert row["note"] == measured.MASKED_FR


@pytest.mark.parametrize(
    ("kind", "unit", "row"),
    [
        ("nombre", "patients", (NAN, NAN, 4)),
        ("nombre", "patients", (4, NAN, 4)),
        ("moyenne", "jours", (340, 8, NAN)),
        ("taux", "pour 1 000", (0, 5, NAN)),
        ("proportion", "%", (NAN, 200, 2.5)),
    ],
)
def test_small_counts_of_people_are_masked_in_every_kind_of_indicator(kind, unit, row):
    definitions = DEFINITIONS.head(1).assign(kind=kind, unit=unit, per=NAN)
    own = joint.own_indicators(values(("vac", "moi", "2024-01-01", *row)), definitions)
    assert own.iloc[0][["value", "lower", "upper", "numerator", "denominator"]].isna().all()
    said_of = joint.readable(joint.display(said(), own))["measure"].item()
    assert said_of == measured.MASKED_FR


def test_the_base_of_a_rate_is_read_in_its_unit_when_it_is_not_given():
    definitions = DEFINITIONS.tail(1).assign(per=NAN)
    own = joint.own_indicators(values(("urg", "moi", "2024-01-01", 50, 2000, NAN)), definitions)
    assert own["value"].item() == 25


@pytest.mark.parametrize("kind", ["moyenne", "proportion", "taux"])
def test_an_empty_base_says_so_and_leaves_the_other_indicators(kind):
    own = joint.own_indicators(
        values(("vac", "moi", "2024-01-01", 20, 0, NAN), ("urg", "moi", "2024-01-01", 50, 2000, NAN)),
        DEFINITIONS.assign(kind=[kind, "taux"]),
    )
    assert own["note"].tolist() == [measured.NO_INTERVAL_BASE_FR, ""]
    assert own["value"].isna().tolist() == [True, False]


def test_a_value_without_counts_has_no_interval():
    row = joint.own_indicators(values(("vac", "moi", "2024-01-01", NAN, NAN, 61.5)), DEFINITIONS).iloc[0]
    assert row["value"] == 61.5
    assert pd.isna(row["lower"])


def test_an_indicator_without_definition_is_refused():
    with pytest.raises(NotComputable, match="Indicateur « x » sans définition : ajoutez sa ligne"):
        joint.own_indicators(values(("x", "moi", "2024-01-01", 20, 100, NAN)), DEFINITIONS)


def test_the_users_statements_take_the_name_of_their_indicator():
    segments = pd.DataFrame(
        {
            "segment": ["a", "b", "c"], "source": ["E1", "E2", "E3"], "start": pd.array([0, 5, None], "Int64"),
            "valence": ["levier", "obstacle", None], "indicator": ["vac", None, "autre"], "territory": ["moi", "moi", "moi"],
        }
    )  # fmt: skip
    own = joint.own_statements(segments, DEFINITIONS)
    assert own["theme"].tolist() == ["Vaccination", "autre"]
    assert own["source"].tolist() == ["E1", "E3"]


def test_the_documents_meet_rarely_and_say_so():
    table = joint.display(meetings.statements(PROJECT), meetings.indicators(PROJECT))
    keyed = table.set_index(["theme", "territory"])
    # Adults without a regular doctor: 16.0 % in A and 11.6 % in C against 13.6 % in the region; one brake, one lever.
    assert keyed.loc[("Accès au médecin traitant", "CPTS A"), "verdict"] == joint.CONVERGENCE
    assert keyed.loc[("Accès au médecin traitant", "CPTS C"), "verdict"] == joint.CONVERGENCE
    assert keyed.loc[("Manque de généralistes", "CPTS7"), "reason"] == "aucun repère"
    assert (table["verdict"] == joint.SILENCE).sum() > len(table) / 2
    assert set(table.loc[table["basis"] != "", "basis"]) == {joint.BY_VALUE}


def test_letters_and_interviewees_keep_their_codes():
    table = joint.display(meetings.statements(PROJECT), meetings.indicators(PROJECT))
    assert table["territory"].str.fullmatch(r"CPTS ([A-E])|CPTS\d{1,2}").all()
