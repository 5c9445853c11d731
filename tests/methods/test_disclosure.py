"""Masking attacked: totals, percentages and the four states; nobody gets a masked cell back."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.errors import NotComputable
from helpers.methods import disclosure, suppression

THRESHOLD = 11


def with_totals(cells, rows=None, columns=None) -> pd.DataFrame:
    table = pd.DataFrame(cells)
    table.index = rows or [f"r{i}" for i in range(len(table))]
    table.columns = columns or [f"c{j}" for j in range(table.shape[1])]
    table["Total"] = table.sum(axis=1)
    table.loc["Total"] = table.sum()
    return table


def attack(published: pd.DataFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """A reader's attack, written apart from the code: every masked cell narrowed by all sums and all percentages shown.

    He knows that totals are sums, that a zero is shown, and each percentage to a tenth of a point.
    """
    cells = [(row.row, row.column) for row in published.itertuples()]
    position = {cell: k for k, cell in enumerate(cells)}
    value = {
        (row.row, row.column): row.value for row in published.itertuples() if row.state in ("publié", "zéro")
    }
    absent = {
        (row.row, row.column)
        for row in published.itertuples()
        if row.state in ("non recueilli", "sans objet")
    }
    rows, columns = published["row"].unique(), published["column"].unique()
    equal, bound = [], []
    lines = [
        ([(row, column) for column in columns if column != "Total"], (row, "Total"))
        for row in rows
        if "Total" in columns
    ]
    lines += [
        ([(row, column) for row in rows if row != "Total"], ("Total", column))
        for column in columns
        if "Total" in rows
    ]
    for parts, total in lines:
        line = np.zeros(len(cells))
        for part in parts:
            if part not in absent:
                line[position[part]] = 1
        line[position[total]] = -1
        equal.append(line)
        bound.append(0)
    above, limit = [], []
    for row in published.itertuples():
        if not np.isnan(row.percent):
            for sign in (1, -1):
                line = np.zeros(len(cells))
                line[position[row.row, row.column]] += sign
                line[position[row.row, "Total"]] -= sign * (row.percent + sign * 0.05) / 100
                above.append(line)
                limit.append(0)
    bounds = [
        (value[cell], value[cell]) if cell in value else (0, 0) if cell in absent else (1, None)
        for cell in cells
    ]
    found = {}
    for row in published[published["state"] == "masqué"].itertuples():
        goal = np.zeros(len(cells))
        ends = []
        for sign in (1, -1):
            goal[position[row.row, row.column]] = sign
            result = linprog(
                goal,
                A_ub=above or None,
                b_ub=limit or None,
                A_eq=equal or None,
                b_eq=bound or None,
                bounds=bounds,
            )
            ends.append(sign * result.fun if result.status == 0 else sign * -np.inf)
        found[row.row, row.column] = (ends[0], ends[1])
    return found


def assert_protected(table: pd.DataFrame, published: pd.DataFrame) -> None:
    found = attack(published)
    for (row, column), (low, high) in found.items():
        truth = table.loc[row, column]
        assert low <= truth + 1e-6, (row, column)
        assert truth <= high + 1e-6, (row, column)
        assert high - low > 0.999, f"{row}, {column} : réduit à une valeur"
        assert high > THRESHOLD - 1e-6, f"{row}, {column} : petit à coup sûr"
    shown = published[published["state"] == "publié"]
    assert not shown["value"].between(1, THRESHOLD - 1).any()


class TestAttack:
    @pytest.mark.parametrize(
        "cells",
        [
            [
                [5, 20, 30],
                [40, 50, 60],
                [70, 80, 90],
            ],  # one small cell: its row and column give it back unless others go
            [[5, 3, 40], [40, 50, 60], [70, 80, 90]],  # two small cells in a row: their sum, 8, is small too
            [[5, 20], [30, 40]],  # all must go
            [[5, 0, 0], [40, 50, 60], [70, 80, 90]],  # the total of the row is small as well
            [[5, 0, 30], [40, 0, 60], [70, 80, 90]],  # zeros cannot hide
            [[1, 2, 3], [4, 5, 6], [7, 8, 9]],  # everything small but the grand total
            [[3, 100, 100, 100], [100, 100, 100, 4], [100, 100, 100, 100]],
            [[10, 10, 10], [10, 10, 10], [1000, 1000, 1000]],
        ],
        ids=str,
    )
    def test_nothing_comes_back(self, cells):
        table = with_totals(cells)
        assert_protected(table, disclosure.mask(table, margins="Total"))

    @settings(max_examples=25)
    @given(st.data())
    def test_nothing_comes_back_from_any_table(self, data):
        height, width = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))
        cell = st.one_of(st.just(0), st.integers(1, 10), st.integers(11, 90))
        cells = [[data.draw(cell) for _ in range(width)] for _ in range(height)]
        table = with_totals(cells)
        published = disclosure.mask(table, margins="Total")
        assert_protected(table, published)

    def test_the_attack_works_on_a_naive_mask(self):
        # The same attack must win where only the small cell is hidden: otherwise it proves nothing.
        table = with_totals([[5, 20, 30], [40, 50, 60]])
        published = disclosure.mask(table, margins="Total")
        naive = published.assign(
            value=[float(table.loc[row.row, row.column]) for row in published.itertuples()], state="publié"
        )
        small = (naive["row"] == "r0") & (naive["column"] == "c0")
        naive.loc[small, ["value", "percent"]] = np.nan
        naive.loc[small, "state"] = "masqué"
        assert attack(naive)["r0", "c0"] == pytest.approx((5, 5))

    def test_the_attack_reads_percentages(self):
        # A percentage left on a masked cell would give it back.
        published = disclosure.mask(with_totals([[5, 20, 300], [40, 50, 60], [70, 80, 90]]), margins="Total")
        total = published.loc[(published["row"] == "r0") & (published["column"] == "Total"), "value"].iloc[0]
        leak = published.copy()
        leak.loc[(leak["row"] == "r0") & (leak["column"] == "c0"), "percent"] = 100 * 5 / total
        low, high = attack(leak)["r0", "c0"]
        assert high - low < 1

    def test_one_margin_only(self):
        table = with_totals([[5, 20, 30], [40, 50, 60]]).drop(index="Total")
        published = disclosure.mask(table, margins="Total")
        assert_protected(table, published)
        assert (published["state"] == "masqué").sum() == 2
        turned = disclosure.mask(table.T, margins="Total")
        assert_protected(table.T, turned)

    def test_the_published_range_is_what_a_reader_can_deduce(self):
        published = disclosure.mask(with_totals([[5, 20, 30], [40, 0, 60], [70, 80, 90]]), margins="Total")
        told = published[published["state"] == "masqué"].set_index(["row", "column"])
        for cell, (low, high) in attack(published).items():
            assert (low, high) == pytest.approx((told.loc[cell, "lower"], told.loc[cell, "upper"]))

    def test_nothing_tells_a_small_cell_from_a_mask_of_help(self):
        published = disclosure.mask(with_totals([[5, 20, 30], [40, 50, 60]]), margins="Total")
        assert list(published.columns) == [
            "row",
            "column",
            "value",
            "lower",
            "upper",
            "percent",
            "state",
            "shown",
        ]
        assert set(published.loc[published["value"].isna(), "state"]) == {"masqué"}

    def test_no_more_is_hidden_than_a_rectangle_when_one_will_do(self):
        published = disclosure.mask(with_totals([[5, 20, 30], [40, 50, 60], [70, 80, 90]]), margins="Total")
        assert (published["state"] == "masqué").sum() == 4


class TestStates:
    def table(self):
        table = pd.DataFrame(
            {"oui": [0, 25, "non recueilli", 40], "non": [30, 4, 20, "sans objet"], "Total": [30, 29, 20, 40]},
            index=["Ain", "Allier", "Ardèche", "Cantal"], dtype=object,
        )  # fmt: skip
        return disclosure.mask(table, margins="Total").set_index(["row", "column"])

    def test_four_absences_stay_apart(self):
        published = self.table()
        assert published.loc[("Ain", "oui"), "state"] == "zéro"
        assert published.loc[("Ain", "oui"), "value"] == 0
        assert published.loc[("Allier", "non"), "state"] == "masqué"
        assert published.loc[("Ardèche", "oui"), "state"] == "non recueilli"
        assert published.loc[("Cantal", "non"), "state"] == "sans objet"
        assert (
            published["value"].isna().sum()
            == published["state"].isin(["masqué", "non recueilli", "sans objet"]).sum()
        )

    def test_shown_in_words(self):
        shown = self.table()["shown"]
        assert shown["Ain", "oui"] == "0"
        assert shown["Ain", "non"] == "30"
        assert shown["Allier", "non"] == "masqué (1 à 28)"
        assert shown["Ardèche", "oui"] == "non recueilli"
        assert shown["Cantal", "non"] == "sans objet"

    def test_a_zero_is_never_masked_nor_a_mask_a_zero(self):
        published = self.table()
        assert (published.loc[published["state"] == "masqué", "lower"] >= 1).all()

    def test_percent_only_where_both_are_published(self):
        published = self.table()
        assert published.loc[("Ain", "non"), "percent"] == 100
        assert np.isnan(published.loc[("Allier", "non"), "percent"])
        assert np.isnan(published.loc[("Allier", "oui"), "percent"])


class TestWithoutMargins:
    def test_only_small_cells_go_and_have_no_upper_bound(self):
        published = disclosure.mask(pd.DataFrame({"n": [3, 0, 11, 10]}, index=list("abcd")), margins=None)
        assert published["state"].tolist() == ["masqué", "zéro", "publié", "masqué"]
        assert published["shown"].iloc[0] == "masqué (1 ou plus)"
        assert np.isinf(published["upper"].iloc[0])

    @pytest.mark.parametrize("threshold", [5, 11, 20])
    def test_threshold(self, threshold):
        published = disclosure.mask(pd.DataFrame({"n": range(1, 31)}), threshold=threshold, margins=None)
        assert (published["state"] == "masqué").sum() == threshold - 1


@pytest.mark.parametrize(
    ("table", "margins", "sentence"),
    [
        (
            pd.DataFrame({"n": [3.5]}, index=["Ain"]),
            None,
            "ligne « Ain », colonne « n » : 3,5 n'est pas un effectif entier",
        ),
        (pd.DataFrame({"n": [-3]}, index=["Ain"]), None, "n'est pas un effectif"),
        (pd.DataFrame({"n": [np.inf]}, index=["Ain"]), None, "inf n'est pas un effectif"),
        (pd.DataFrame({"n": ["1e300"]}, index=["Ain"]), None, "1e300 n'est pas un effectif"),
        (pd.DataFrame({"n": [None]}, index=["Ain"]), None, "cellule vide ou illisible"),
        (pd.DataFrame({"n": ["ND"]}, index=["Ain"]), None, "non recueilli"),
        (pd.DataFrame({"n": [1, 2]}, index=["Ain", "Ain"]), None, "même nom"),
        (pd.DataFrame(), None, "vide"),
        (pd.DataFrame({"n": [1]}), "Total", "sans totaux publiés, margins=None"),
        (
            pd.DataFrame({"a": [20], "b": [30], "Total": [51]}, index=["Ain"]),
            "Total",
            r"total \(51\) n'est pas la somme .*\(50\)",
        ),
        (pd.DataFrame({"a": [5], "b": [0], "Total": [5]}, index=["Ain"]).astype(object), "Total", None),
        (pd.DataFrame({"a": [5], "b": [3], "c": [2], "Total": [10]}, index=["Ain"]), "Total", None),
        (pd.DataFrame({"a": [5, 6], "Total": [5, 6]}, index=["Ain", "Total"]), "Total", "n'est pas la somme"),
    ],
)
def test_refuses(table, margins, sentence):
    if sentence is None:
        # A small total hides its parts by itself: nothing more to refuse.
        published = disclosure.mask(table, margins=margins)
        assert (published.loc[published["state"] != "zéro", "state"] == "masqué").all()
        return
    with pytest.raises(NotComputable, match=sentence):
        disclosure.mask(table, margins=margins)


def test_refuses_a_threshold_that_hides_nothing():
    with pytest.raises(NotComputable, match="seuil"):
        disclosure.mask(pd.DataFrame({"n": [1]}), threshold=1, margins=None)


@pytest.mark.parametrize("cells", [[[5, 0], [0, 40]], [[5, 0], [0, 0]], [[0, 4], [3, 0]]], ids=str)
def test_among_zeros_the_totals_go_too(cells):
    # A zero is shown, so that no part can hide the small cell: only its totals can.
    table = with_totals(cells)
    published = disclosure.mask(table, margins="Total")
    assert_protected(table, published)
    assert (published[published["row"] == "Total"]["state"] == "masqué").any()


def test_masking_comes_after_aggregation():
    # Two territories of 6 make 12: masked apart, published together. A sum of masks would have lost it.
    apart = [disclosure.mask(pd.DataFrame({"n": [6]}), margins=None)["state"].iloc[0] for _ in range(2)]
    together = disclosure.mask(pd.DataFrame({"n": [12]}), margins=None).iloc[0]
    assert apart == ["masqué", "masqué"]
    assert (together["state"], together["value"]) == ("publié", 12)


@pytest.mark.parametrize("small", list(itertools.product([0, 1, 10, 11], repeat=2)))
def test_five_categories_with_a_small_remainder(small):
    # A respected program lost its percentage column exactly when one to five events lay outside the five main codes.
    table = with_totals([[100, 90, 80, 70, 60, small[0]], [100, 90, 80, 70, 60, small[1]]])
    published = disclosure.mask(table, margins="Total")
    assert "percent" in published
    assert_protected(table, published)


NAN = float("nan")


@pytest.mark.parametrize(
    ("kind", "unit", "numerator", "denominator", "value", "few"),
    [
        ("proportion", "%", 5, 200, NAN, True),
        ("proportion", "%", 195, 200, NAN, True),
        ("proportion", "%", 0, 5, NAN, True),  # all the others are a count too
        ("proportion", "%", 5, 5, NAN, True),  # no others: the count stays
        ("proportion", "%", 0, 200, NAN, False),
        ("proportion", "%", 11, 22, NAN, False),
        ("proportion", "%", 4.5, 200, NAN, True),
        ("proportion", "%", NAN, 200, 2.5, True),  # 2.5 % of 200 are five people
        ("proportion", "%", NAN, 200, 97.5, True),
        ("proportion", "%", NAN, NAN, 2.5, False),
        ("proportion", "%", 12, 10, NAN, False),  # impossible: to be refused, not hidden
        ("taux", "pour 1 000", 4, 950, NAN, True),
        ("taux", "pour 1 000", 40, 950, NAN, False),
        ("taux", "pour 1 000", 0, 5, NAN, True),
        ("moyenne", "jours", 340, 8, NAN, True),  # eight patients
        ("moyenne", "jours", 340, 12, NAN, False),
        ("moyenne", "jours", NAN, NAN, 4, False),
        ("nombre", "patients", NAN, NAN, 4, True),
        ("nombre", "Médecins", NAN, NAN, 4, True),
        ("nombre", "patients", NAN, NAN, 0, False),
        ("nombre", "maisons de santé", NAN, NAN, 4, True),
        ("nombre", "euros", 4, NAN, NAN, True),
    ],
)
def test_an_indicator_that_tells_a_few_people(kind, unit, numerator, denominator, value, few):
    per = {"proportion": 100, "taux": 1000}.get(kind, 1)
    found = disclosure.tells_few(kind, numerator=numerator, denominator=denominator, value=value, per=per)
    assert found is few


# Two rows and two columns with their totals.
SQUARE = np.array([[20.0, 15, 35], [10, 15, 25], [30, 30, 60]])


def test_a_cell_that_one_sum_gives_back_is_given_away_however_large():
    lines = [([(i, 0), (i, 1)], (i, 2)) for i in range(3)]
    equations = lines + [([(0, j), (1, j)], (2, j)) for j in range(3)]
    masked = np.zeros((3, 3), dtype=bool)
    masked[0, 0] = True
    assert suppression._given_away(SQUARE, masked, equations, THRESHOLD, (2, 2)) == (0, 0)
    masked[:2, :2] = True
    assert suppression._given_away(SQUARE, masked, equations, THRESHOLD, (2, 2)) is None


@pytest.mark.parametrize(
    ("cell", "neighbour", "reached"),
    [
        (3.0, 9.0, True),  # rises by 8, its neighbours fall by 8 and stay at least 1
        (3.0, 8.0, False),
        (10.0, 2.0, True),
        (10.0, 1.0, False),
        (40.0, 2.0, True),  # large already: one more is enough
        (40.0, 1.0, False),
    ],
)
def test_neighbours_on_a_rectangle_are_large_enough_to_fall(cell, neighbour, reached):
    # Totals of zero cannot move: only the inner rectangle is left.
    counts = np.array([[cell, neighbour, 0], [neighbour, 1, 0], [0, 0, 0]])
    masked = np.zeros((3, 3), dtype=bool)
    masked[0, 0] = True
    cost, corners = suppression._rectangle(counts, masked, (0, 0), THRESHOLD, (2, 2))
    assert corners == ([(0, 1), (1, 0), (1, 1)] if reached else [])
    assert cost == (pytest.approx(np.log1p([neighbour, neighbour, 1]).sum()) if reached else np.inf)


def test_a_total_that_is_masked_makes_the_cheapest_rectangle_free():
    counts = np.array([[5, 0, 5.0], [0, 9, 9], [5, 9, 14]])
    masked = np.zeros((3, 3), dtype=bool)
    masked[0, 0] = masked[0, 2] = masked[2, 0] = masked[2, 2] = True
    assert suppression._rectangle(counts, masked, (0, 0), THRESHOLD, (2, 2)) == (0, [])
