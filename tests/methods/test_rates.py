"""Rates against textbooks, R and published tables; each refusal; properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers.errors import NotComputable
from helpers.methods import rates

# Selvin (1991), Statistical Analysis of Epidemiologic Data; also the example of R epitools::ageadjust.direct:
# deaths and population, white males, United States, cancer.
DEATHS_1960 = [141, 926, 1253, 1080, 1869, 4891, 14956, 30888, 41725, 26501, 5928]
PEOPLE_1960 = [
    1784033,
    7065148,
    15658730,
    10482916,
    9939972,
    10563872,
    9114202,
    6850263,
    4702482,
    1874619,
    330915,
]
DEATHS_1940 = [45, 201, 320, 670, 1126, 3160, 9723, 17935, 22179, 13461, 2238]
PEOPLE_1940 = [
    906897,
    3794573,
    10003544,
    10629526,
    9465330,
    8249558,
    7294330,
    5022499,
    2920220,
    1019504,
    142532,
]


def only(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def test_long_results_have_the_columns_of_the_design():
    for table in (rates.proportion(1, 2), rates.rate(1, 2), rates.mean([1, 2])):
        assert tuple(table.columns) == rates.LONG_COLUMNS


class TestProportion:
    def test_newcombe_table(self):
        # Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29, Wilson without continuity correction.
        table = rates.proportion([81, 15, 0, 1], [263, 148, 20, 29], per=1)
        assert table["lower"].round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
        assert table["upper"].round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]

    def test_agrees_with_scipy(self):
        row = only(rates.proportion(7, 50, confidence=0.998))
        oracle = stats.binomtest(7, 50).proportion_ci(0.998, method="wilson")
        assert (row["lower"], row["upper"]) == pytest.approx((100 * oracle.low, 100 * oracle.high))

    def test_several_levels_stand_side_by_side(self):
        table = rates.proportion([5, 6], [20, 30], confidence=[0.95, 0.998], territory=["Ain", "Allier"])
        assert table["territory"].tolist() == ["Ain", "Ain", "Allier", "Allier"]
        assert table["confidence"].tolist() == [0.95, 0.998] * 2
        assert table["numerator"].tolist() == [5, 5, 6, 6]
        assert table["lower"].iloc[1] < table["lower"].iloc[0]
        assert table["lower"].iloc[3] == only(rates.proportion(6, 30, confidence=0.998))["lower"]

    def test_unit_follows_per(self):
        assert only(rates.proportion(1, 4))["unit"] == "%"
        assert only(rates.proportion(1, 4, per=1000))["unit"].replace("\u202f", " ") == "pour 1 000"
        assert only(rates.proportion(1, 4, per=1000))["value"] == 250

    @pytest.mark.parametrize(
        ("numerator", "denominator", "sentence"),
        [
            ([1, -1], [2, 2], r"ligne 2 : le numérateur \(−1\) sort du dénominateur \(2\)"),
            ([1, 3, 4], [2, 2, 2], r"ligne 2 : le numérateur \(3\) sort .* Même défaut sur 1.autre ligne"),
            ([1, 1], [0, 2], r"ligne 1 : aucun effectif au dénominateur"),
            ([1, 1], [2, None], r"ligne 2 : le dénominateur manque"),
            ([1, np.inf], [2, 2], r"ligne 2 : le numérateur est infini"),
            ([1, "ND"], [2, 2], r"ligne 2 : le numérateur n'est pas un nombre \(« ND »\)"),
            ([1, 2, 3], [2, 2], r"même longueur \(numérateur 3, dénominateur 2\)"),
            ([], [], r"aucune ligne : le numérateur est vide"),
        ],
    )
    def test_refuses_naming_the_row(self, numerator, denominator, sentence):
        with pytest.raises(NotComputable, match=sentence):
            rates.proportion(numerator, denominator, indicator="Couverture")

    @pytest.mark.parametrize("territories", [["Ain"], ["Ain", "Allier", "Isère"]])
    def test_refuses_another_number_of_territories(self, territories):
        with pytest.raises(NotComputable, match="pour 2\u00a0lignes : donnez-en autant que de lignes"):
            rates.proportion([1, 2], [3, 4], territory=territories)

    def test_names_the_territory_of_the_row(self):
        with pytest.raises(NotComputable, match=r"ligne 2 \(Allier\)"):
            rates.proportion(
                pd.Series([1, 3], index=["Ain", "Allier"]), pd.Series([2, 2], index=["Ain", "Allier"])
            )
        with pytest.raises(NotComputable, match=r"Couverture, ligne 1 \(Ain\)"):
            rates.proportion([3], [2], indicator="Couverture", territory=["Ain"])

    @pytest.mark.parametrize("level", [0, 1, 95, [0.95, 1.2], []])
    def test_refuses_a_level_outside_zero_one(self, level):
        with pytest.raises(NotComputable, match="niveau de confiance"):
            rates.proportion(1, 2, confidence=level)

    def test_refuses_a_unit_that_is_not_positive(self):
        with pytest.raises(NotComputable, match="unité"):
            rates.proportion(1, 2, per=0)

    @given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0.5, 0.999), st.floats(0.5, 0.999))
    def test_bounds_stay_possible_and_widen_with_confidence(self, base, share, one, two):
        inside = round(share * base)
        table = rates.proportion(inside, base, confidence=sorted([one, two]))
        narrow, wide = table.iloc[0], table.iloc[1]
        assert 0 <= wide["lower"] <= narrow["lower"] + 1e-9
        assert narrow["lower"] <= narrow["value"] + 1e-9
        assert narrow["value"] <= narrow["upper"] + 1e-9
        assert narrow["upper"] <= wide["upper"] + 1e-9 <= 100 + 1e-8

    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 90)), min_size=2, max_size=8), st.randoms())
    def test_rows_do_not_see_each_other(self, pairs, random):
        shuffled = random.sample(pairs, len(pairs))
        together = rates.proportion(*zip(*shuffled, strict=True))[["value", "lower", "upper"]]
        alone = pd.concat(
            [rates.proportion(*pair)[["value", "lower", "upper"]] for pair in shuffled], ignore_index=True
        )
        pd.testing.assert_frame_equal(together, alone)


class TestRate:
    # Breslow and Day (1987), chapter 2, after Haenszel et al. (1962): exact limits of a Poisson count.
    @pytest.mark.parametrize(
        ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (9, 4.115, 17.085)]
    )
    def test_exact_under_ten(self, count, low, high):
        row = only(rates.rate(count, 1, per=1))
        assert (row["lower"], row["upper"]) == pytest.approx((low, high), abs=6e-4)
        assert "exact" in row["method"]

    def test_byar_by_hand_from_ten(self):
        # 10 events: 10 (1 - 1/90 - 1.959964/(3 sqrt 10))^3 = 10 x 0.782289^3 ; 11 (1 - 1/99 + 1.959964/(3 sqrt 11))^3.
        row = only(rates.rate(10, 1, per=1))
        assert row["lower"] == pytest.approx(10 * (1 - 1 / 90 - 1.959964 / (3 * 10**0.5)) ** 3, rel=1e-6)
        assert (round(row["lower"], 2), round(row["upper"], 2)) == (4.79, 18.39)
        assert "Byar" in row["method"]

    def test_byar_is_close_to_exact_at_the_seam(self):
        exact = stats.chi2.ppf([0.025, 0.975], [20, 22]) / 2
        row = only(rates.rate(10, 1, per=1))
        assert (row["lower"], row["upper"]) == pytest.approx(tuple(exact), rel=0.003)

    def test_published_indicator(self):
        # Fingertips 41203, England 2020: 1 416 events, 48 246 126 person-years, 2.935 (2.7841 to 3.0919) per 100 000.
        row = only(rates.rate(1416, 48_246_126))
        assert (round(row["value"], 3), round(row["lower"], 4), round(row["upper"], 4)) == (
            2.935,
            2.7841,
            3.0919,
        )

    def test_methods_are_told_row_by_row(self):
        table = rates.rate([3, 20], 1000, confidence=[0.95, 0.998])
        assert ["exact" in method for method in table["method"]] == [True, True, False, False]

    @pytest.mark.parametrize(
        ("count", "years", "sentence"),
        [
            ([1, -2], [9, 9], "ligne 2 : un nombre d'événements"),
            ([1, 2], [9, 0], "ligne 2 : la population"),
            ([None], [9], "ligne 1"),
        ],
    )
    def test_refuses_naming_the_row(self, count, years, sentence):
        with pytest.raises(NotComputable, match=sentence):
            rates.rate(count, years)

    @given(st.integers(0, 5000), st.floats(1, 1e7), st.floats(0.5, 0.99))
    def test_bounds_and_scale(self, count, years, level):
        row, double = (
            only(rates.rate(count, years, confidence=level)),
            only(rates.rate(count, 2 * years, confidence=level)),
        )
        assert 0 <= row["lower"] <= row["value"] <= row["upper"]
        assert double["upper"] == pytest.approx(row["upper"] / 2)


class TestMean:
    def test_student_sleep(self):
        # Student (1908), sleep data: differences of ten patients, mean 1.58, 95 % 0.7001 to 2.4599 (R, t.test on `sleep`).
        row = only(rates.mean([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4], unit="h"))
        assert (round(row["value"], 2), round(row["lower"], 4), round(row["upper"], 4)) == (
            1.58,
            0.7001,
            2.4599,
        )
        assert (row["denominator"], row["unit"]) == (10, "h")

    @pytest.mark.parametrize(
        ("values", "sentence"), [([1], "deux valeurs"), ([1, None], "ligne 2 : la valeur manque")]
    )
    def test_refuses(self, values, sentence):
        with pytest.raises(NotComputable, match=sentence):
            rates.mean(values)

    def test_refuses_a_slash_typed_for_a_decimal_point(self):
        # Seen in a respected test: "90/1013" divided to zero and the test stayed green.
        with pytest.raises(NotComputable, match=r"ligne 2 : la valeur n'est pas un nombre \(« 90/1013 »\)"):
            rates.mean([90.017, "90/1013"])

    def test_refuses_mixed_units(self):
        with pytest.raises(
            NotComputable, match=r"ligne 3 : l'unité \(« ‰ »\) n'est pas celle de la première ligne \(« % »\)"
        ):
            rates.mean([1, 2, 3], unit=["%", "%", "‰"])
        assert only(rates.mean([1, 2], unit=["h", "h"]))["unit"] == "h"

    @given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.floats(-1e3, 1e3))
    def test_follows_a_shift(self, values, shift):
        row, moved = only(rates.mean(values)), only(rates.mean([value + shift for value in values]))
        assert moved["value"] - row["value"] == pytest.approx(shift, abs=1e-6)
        assert moved["upper"] - moved["lower"] == pytest.approx(
            row["upper"] - row["lower"], rel=1e-6, abs=1e-6
        )


class TestDirectlyStandardisedRate:
    def test_selvin(self):
        # Selvin: crude rates 119.5 (1940) and 166.1 (1960); 1940 with the ages of 1960: 139.25 per 100 000.
        row = only(rates.directly_standardised_rate(DEATHS_1940, PEOPLE_1940, PEOPLE_1960))
        assert round(row["value"], 2) == 139.25
        crude = only(rates.rate(sum(DEATHS_1940), sum(PEOPLE_1940)))
        assert round(crude["value"], 1) == 119.5
        # With 71 058 deaths the normal limits of the same variance are an independent oracle to one part in a thousand.
        share = np.array(PEOPLE_1960) / sum(PEOPLE_1960)
        error = 1e5 * np.sqrt((share**2 * np.array(DEATHS_1940) / np.array(PEOPLE_1940) ** 2.0).sum())
        assert row["lower"] == pytest.approx(row["value"] - 1.96 * error, rel=1e-3)
        assert row["upper"] == pytest.approx(row["value"] + 1.96 * error, rel=1e-3)

    def test_own_structure_gives_the_crude_rate_and_its_byar_interval(self):
        events, people = np.array([4, 9, 30]), np.array([1000, 2000, 1500])
        row = only(rates.directly_standardised_rate(events, people, people))
        crude = only(rates.rate(43, 4500))
        assert row[["value", "lower", "upper"]].tolist() == pytest.approx(
            crude[["value", "lower", "upper"]].tolist()
        )

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (([4, 5], [10, 10], [1, 1]), r"Moins de 10 événements \(9\)"),
            (([4, 50], [10, 0], [1, 1]), "ligne 2 : la population"),
            (([4, 50], [10, 10], [1, -1]), "ligne 2 : la population de référence"),
            (([4, 50], [10, 10], [0, 0]), "référence est nulle"),
            (([4, 50], [10, 10], [1]), "même longueur"),
            (([4, -50], [10, 10], [1, 1]), "ligne 2 : un nombre d'événements"),
        ],
    )
    def test_refuses(self, arguments, sentence):
        with pytest.raises(NotComputable, match=sentence):
            rates.directly_standardised_rate(*arguments)

    @given(st.permutations(range(4)), st.floats(1e-3, 1e3))
    def test_order_and_scale_of_the_standard_do_not_matter(self, order, scale):
        columns = np.array([[4, 9, 30, 2], [1000, 2000, 1500, 700], [5, 4, 2, 1]], dtype=float)
        plain = only(rates.directly_standardised_rate(*columns))
        moved = columns[:, list(order)]
        moved[2] *= scale
        other = only(rates.directly_standardised_rate(*moved))
        for name in ("value", "lower", "upper"):
            assert other[name] == pytest.approx(plain[name])


class TestIndirectlyStandardisedRatio:
    def test_selvin(self):
        # Expected with the rates of 1960: sum of d60/p60 x p40 = 85 556.9 ; 71 058 observed: 83.05.
        row = only(rates.indirectly_standardised_ratio(DEATHS_1940, PEOPLE_1940, DEATHS_1960, PEOPLE_1960))
        assert row["numerator"] == 71_058
        assert round(row["value"], 2) == 83.05
        assert row["unit"] == "référence = 100"

    def test_by_hand_under_ten(self):
        # Expected 100 x 10/1000 + 200 x 30/1500 = 1 + 4 = 5 ; observed 5: 100, exact 100 x (1.623, 11.668) / 5.
        row = only(rates.indirectly_standardised_ratio([1, 4], [100, 200], [10, 30], [1000, 1500]))
        assert (row["value"], row["denominator"]) == (100, 5)
        assert (round(row["lower"], 1), round(row["upper"], 1)) == (32.5, 233.4)

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (([1], [10], [0], [100]), "Aucun événement attendu"),
            (([1, 1], [10, -1], [1, 1], [9, 9]), "ligne 2 : une population"),
            (([1, 1], [10, 10], [1, 1], [9, 0]), "ligne 2 : la population"),
            (([1, -1], [10, 10], [1, 1], [9, 9]), "ligne 2 : un nombre"),
            (([1, 1], [10, 10], [1], [9, 9]), "même longueur"),
        ],
    )
    def test_refuses(self, arguments, sentence):
        with pytest.raises(NotComputable, match=sentence):
            rates.indirectly_standardised_ratio(*arguments)


def test_ratio_of_quantities():
    assert rates.per(30, 4, base=10) == 75
    for bad in (0, -1, float("nan")):
        with pytest.raises(NotComputable, match="dénominateur"):
            rates.per(1, bad)


def test_shares_of_nothing():
    with pytest.raises(NotComputable, match="aucune catégorie"):
        rates.shares(pd.Series(dtype=float), indicator="x")


@pytest.mark.parametrize(
    ("kind", "unit", "given", "base"),
    [
        ("taux", "pour 1 000 habitants", np.nan, 1000),
        ("taux", "par an", None, 1),
        ("proportion", "%", np.nan, 100),
        ("taux", "pour 1 000 habitants", 100000, 100000),
    ],
)
def test_a_missing_base_is_read_in_the_unit(kind, unit, given, base):
    assert rates.base_of(kind, unit, given) == base
