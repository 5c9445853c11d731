"""Those concerned against others: R's models with one term per period, Welch's test, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.methods import comparison, controlled, trends

ORACLE = pd.read_csv(Path(__file__).with_name("oracles") / "controlled.csv", dtype={"name": str}).set_index(
    ["case", "name"]
)
LIMITS = ["value", "lower", "upper"]
Y = [102, 97, 110, 105, 99, 108, 130, 128, 141, 137, 133, 145]
X = [410, 395, 433, 420, 402, 429, 415, 408, 437, 424, 411, 440]
PEOPLE, OTHERS = 5000 + 20 * np.arange(1, 13), 20000 + 50 * np.arange(1, 13)


def expected(case, name):
    return ORACLE.loc[(case, str(name))]


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_difference_in_differences_is_that_of_r(kind):
    row = comparison.difference_in_differences(
        kind, ((300, 1000), (380, 1010)), ((2900, 10000), (3000, 10200)), per=1
    ).iloc[0]
    assert row[LIMITS].tolist() == pytest.approx(expected(f"did-{kind}", "effect")[LIMITS].tolist(), abs=1e-9)


@pytest.mark.parametrize(
    ("before", "others", "verdict"),
    [
        (((298, 1000), (2895, 10000)), ((2900, 10000), (3000, 10200)), controlled.EFFECT),
        (((298, 1000), (2895, 10000)), ((2900, 10000), (3760, 10200)), controlled.NO_EFFECT),
        (((220, 1000), (2895, 10000)), ((2900, 10000), (3000, 10200)), controlled.DIFFERENT_BEFORE),
        (((380, 1000), (2895, 10000)), ((2900, 10000), (3000, 10200)), controlled.DIFFERENT_BEFORE),
        (None, ((2900, 10000), (3000, 10200)), controlled.UNKNOWN_BEFORE),
    ],
)
def test_an_effect_is_said_only_when_both_moved_alike_before(before, others, verdict):
    row = controlled.difference_in_differences(
        "proportion", ((300, 1000), (380, 1010)), others, before=before
    ).iloc[0]
    assert row["verdict"] == verdict
    assert np.isnan(row["before_value"]) == (before is None)


@pytest.mark.parametrize("side", range(3))
def test_a_proportion_of_a_few_people_is_refused_on_each_side(side):
    pairs = [((8, 20), (9, 20))] * 3
    comparison.difference_in_differences("proportion", pairs[0], pairs[1], before=pairs[2])
    pairs[side] = ((8, 20), (9, 19))
    with pytest.raises(NotComputable, match=r"demande un dénominateur d'au moins 20 .* le plus petit est 19"):
        comparison.difference_in_differences("proportion", pairs[0], pairs[1], before=pairs[2])


def test_a_fall_is_an_effect_as_well_and_its_unit_is_said():
    falling = controlled.difference_in_differences(
        "rate", ((380, 1000), (300, 1010)), ((2900, 10000), (2900, 10000)),
        before=((381, 1000), (2900, 10000)), per=1000,
    ).iloc[0]  # fmt: skip
    assert (falling["verdict"], falling["unit"]) == (controlled.EFFECT, "pour 1\u202f000")
    assert falling["value"] == pytest.approx(1000 * (300 / 1010 - 0.38))


@pytest.mark.parametrize("family", ["counts", "gaussian"])
def test_controlled_series_is_a_model_with_one_term_per_period(family):
    options = {"offset": PEOPLE, "control_offset": OTHERS} if family == "counts" else {"family": "gaussian"}
    table = trends.interrupted(
        pd.Series(Y, index=range(12)), 6, control=pd.Series(X, index=range(12)), correction="", **options
    )
    for name, coefficient in (
        ("pente avant", "g:t"),
        ("saut de niveau", "g:a"),
        ("changement de pente", "g:past"),
    ):
        row = table.set_index("statistic").loc[name]
        assert row[[*LIMITS, "p_value"]].tolist() == pytest.approx(
            expected(family, coefficient)[[*LIMITS, "p_value"]].tolist(), rel=1e-6, abs=1e-9
        )


def test_what_both_undergo_is_no_effect_and_a_true_one_is_seen():
    index = range(12)
    control = pd.Series(X, index=index)
    both = trends.interrupted(control / 4, 6, control=control, offset=[1] * 12, control_offset=[4] * 12)
    alone = trends.interrupted(
        pd.Series(Y, index=index) * 10, 6, control=control * 10, offset=PEOPLE, control_offset=OTHERS
    )
    effects = alone.set_index("statistic").loc[["pente avant", "saut de niveau"], "verdict"].tolist()
    assert effects == ["évolutions d'avant semblables", controlled.EFFECT]
    assert both["verdict"].dropna().tolist()[1:] == [controlled.NO_EFFECT] * 2
    # Without the intervention, the series is what its control and their ratio until then make expected.
    without = alone[alone["statistic"] == "contrefactuel"]["value"].to_numpy()
    ratio = (np.array(Y[:6]) / PEOPLE[:6]).sum() / (np.array(X[:6]) / OTHERS[:6]).sum()
    assert without == pytest.approx(10 * np.array(X[6:]) * PEOPLE[6:] / OTHERS[6:] * ratio, rel=0.02)


def test_different_before_concludes_nothing():
    rising = pd.Series(np.arange(12.0) * 5 + [0, 1] * 6, index=range(12))
    flat = pd.Series([40.0, 41] * 6, index=range(12))
    table = trends.interrupted(rising, 6, control=flat, family="gaussian")
    assert table["verdict"].dropna().tolist() == [controlled.DIFFERENT_BEFORE] * 3


def test_gaussian_counterfactual_is_in_the_unit_of_the_series():
    table = trends.interrupted(
        pd.Series(Y, index=range(12)), 6, control=pd.Series(X, index=range(12)), family="gaussian"
    )
    fitted = table[table["statistic"] == "ajusté"]
    assert fitted["value"].mean() == pytest.approx(np.mean(Y))


def test_a_control_of_other_periods_or_without_events_is_refused():
    series = pd.Series(Y, index=range(12))
    with pytest.raises(NotComputable, match="mêmes périodes"):
        trends.interrupted(series, 6, control=pd.Series(X, index=range(1, 13)))
    with pytest.raises(NotComputable, match="aucun événement"):
        trends.interrupted(series, 6, control=pd.Series([0, *X[1:]], index=range(12)))


def panel(starts, jump=0.0):
    rows = [
        {
            "territory": f"t{i:02}", "period": p, "start": start,
            "value": 50 + 3 * np.sin(7 * i) + p + 2 * np.cos(5 * i * (p + 1)) + (jump if p >= start else 0),
        }
        for i, start in enumerate(starts, 1)
        for p in range(6)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_event_study_of_one_start_is_welch():
    table = trends.event_study(panel([3] * 5 + [np.nan] * 7, jump=4)).set_index("elapsed")
    for elapsed in (-3, -2, 0, 1, 2):
        row = table.loc[elapsed]
        assert row[[*LIMITS, "p_value"]].tolist() == pytest.approx(
            expected("event", elapsed)[[*LIMITS, "p_value"]].tolist(), abs=1e-9
        )
        assert (row["territories"], row["controls"]) == (5, 7)
    mean = table[table.index.isna()].iloc[0]
    assert mean["value"] == pytest.approx(table.loc[[0, 1, 2], "value"].mean())
    assert mean["verdict"] == controlled.EFFECT


def test_staggered_starts_are_compared_with_those_not_yet_started():
    table = trends.event_study(panel([3, 3, 3, 4, 4] + [np.nan] * 7)).set_index("elapsed")
    for elapsed in (-2, 0, 1):
        assert table.loc[elapsed, "value"] == pytest.approx(expected("staggered", elapsed)["value"], abs=1e-9)
    assert table["verdict"].iloc[0] == controlled.NO_EFFECT


def test_event_study_checks_what_came_before():
    drift = panel([3] * 5 + [np.nan] * 7)
    drift["value"] += np.where(drift["start"].notna(), 6.0 * drift["period"], 0)
    assert trends.event_study(drift)["verdict"].iloc[0] == controlled.DIFFERENT_BEFORE
    late = panel([1] * 5 + [np.nan] * 7)
    assert trends.event_study(late)["verdict"].iloc[0] == controlled.UNKNOWN_BEFORE


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (panel([3] * 4 + [np.nan] * 7), "avec l'action"),
        (panel([3] * 7 + [np.nan] * 4), "sans l'action"),
        (panel([0] * 5 + [np.nan] * 7), "juste avant"),
        (panel([3] * 5 + [np.nan] * 7).iloc[1:], "à chaque période"),
        (pd.concat([panel([3] * 5 + [np.nan] * 7)] * 2), "deux valeurs"),
    ],
)
def test_event_study_refuses(table, said):
    with pytest.raises(NotComputable, match=said):
        trends.event_study(table)
    mixed = panel([3] * 5 + [np.nan] * 7)
    mixed.loc[0, "start"] = 4
    with pytest.raises(NotComputable, match="deux débuts"):
        trends.event_study(mixed)


@pytest.mark.parametrize("limits", ["limits", "none"])
def test_published_trend_is_that_of_r(limits):
    values = np.array([1076.1, 1007.6, 1028.0, 977.5, 952.1, 978.9, 944.7])
    half = np.array([22, 25, 20, 24, 26, 21, 23])
    both = {"lower": values - half, "upper": values + half} if limits == "limits" else {}
    row = trends.published_trend(
        range(2010, 2017), values, polarity="baisse favorable", correction="", **both
    ).iloc[0]
    assert row[[*LIMITS, "p_value"]].tolist() == pytest.approx(
        expected("published", limits)[[*LIMITS, "p_value"]].tolist(), abs=1e-8
    )
    assert row["verdict"] == "baisse favorable"


def test_published_limits_are_a_floor_of_the_error():
    line = np.array([10.0, 12, 14, 16, 18])
    wide = trends.published_trend(
        range(5), line, lower=line - 9.8, upper=line + 9.8, polarity="sans jugement", correction=""
    ).iloc[0]
    assert wide["upper"] - wide["value"] == pytest.approx(3.1824463 * 5 / np.sqrt(10), rel=1e-3)
    assert wide["verdict"] == "pas d'évolution significative"
    sure = trends.published_trend(range(5), line, polarity="hausse favorable").iloc[0]
    assert (sure["p_value"], sure["verdict"]) == (pytest.approx(0, abs=1e-9), "hausse favorable")


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([1, 2, 3, 4], {}, "au moins 5"),
        ([1, 2, 3, 4, 5], {"lower": [0] * 5}, "les deux bornes"),
        ([1, 2, 3, 4, 5], {"lower": [2] * 5, "upper": [9] * 5}, r"ligne 1.*sort de son intervalle"),
        ([1] * 5, {"lower": [1] * 5, "upper": [1] * 5}, "pas de largeur"),
        ([1, 2, 3, 4, 5], {"nature": "stock"}, "stock"),
    ],
)
def test_published_trend_refuses(values, options, said):
    with pytest.raises(NotComputable, match=said):
        trends.published_trend(range(len(values)), values, polarity="sans jugement", **options)


def test_expected_false_alarms_are_told():
    assert comparison.expected_false_alarms(100) == 5
    sentence = comparison.false_alarms_sentence(20).replace("\xa0", " ")
    assert "20 comparaisons au risque de 5 %" in sentence
    assert "signalerait 1,0 en moyenne, et au moins une 64 fois sur cent" in sentence
    with pytest.raises(NotComputable):
        comparison.expected_false_alarms(-1)
