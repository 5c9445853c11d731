"""Moran's I against R, on values and on residuals, and what is refused."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from helpers.errors import NotComputable
from helpers.methods import spatial
from tests.methods.test_controlled import expected

# The grid of the oracle: five rows, six columns, rows first.
CELLS = [(row, column) for column, row in product(range(1, 7), range(1, 6))]
CODES = [f"{row}-{column}" for row, column in CELLS]
NEIGHBOURS = {
    f"{row}-{column}": [f"{r}-{c}" for r, c in CELLS if abs(r - row) + abs(c - column) == 1]
    for row, column in CELLS
}
VALUES = np.array([np.sin(r) + c / 4 + np.cos(9 * r * c) for r, c in CELLS])


@pytest.mark.parametrize("case", ["constant", "slope"])
def test_moran_is_that_of_r(case):
    design = None if case == "constant" else np.column_stack([np.ones(30), [c for _, c in CELLS]])
    row = spatial.moran(VALUES, CODES, NEIGHBOURS, design=design).iloc[0]
    assert row[["value", "expected", "deviation", "p_value"]].tolist() == pytest.approx(
        expected("moran", case).tolist(), abs=1e-8
    )
    assert row["verdict"].startswith("voisins semblables")
    assert np.isnan(row["p_permuted"]) == (case == "slope")


def test_shuffled_values_agree_with_the_normal_test():
    random = np.random.default_rng(4)
    row = spatial.moran(random.permutation(VALUES), CODES, NEIGHBOURS).iloc[0]
    assert row["p_permuted"] == pytest.approx(row["p_value"], abs=0.06)
    assert row["verdict"] == "voisins pas plus semblables que par hasard"
    chess = spatial.moran([(r + c) % 2 for r, c in CELLS], CODES, NEIGHBOURS).iloc[0]
    assert chess["value"] == pytest.approx(-1)
    assert chess["verdict"].startswith("voisins opposés")


def test_islands_are_left_out_and_said():
    row = spatial.moran([*VALUES, 500.0], [*CODES, "île"], NEIGHBOURS).iloc[0]
    assert row["value"] == pytest.approx(expected("moran", "constant")["value"])
    assert "lieu sans voisin écarté" in row["note"]


@pytest.mark.parametrize(
    ("values", "codes", "said"),
    [
        (VALUES[:19], CODES[:19], "il en faut au moins 20"),
        (VALUES * 0 + 3, CODES, "Aucune différence"),
        (VALUES, CODES[:29], "un code par valeur"),
        (VALUES, [*CODES[:29], CODES[0]], "deux valeurs"),
    ],
)
def test_moran_refuses(values, codes, said):
    with pytest.raises(NotComputable, match=said):
        spatial.moran(values, codes, NEIGHBOURS)
