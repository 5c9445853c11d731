"""Raw beside shrunken values, and the sentence of the funnel: what it names, what chance alone would give."""

import numpy as np
import pytest

from helpers.errors import NotComputable
from helpers.methods import side_by_side

SIZES = np.array([2000] * 11 + [20])
COUNTS = np.array([1000, 1010, 990, 1005, 1020, 985, 995, 1000, 1015, 980, 1300, 15])
NAMES = [f"c{rank}" for rank in range(12)]


def test_the_small_place_is_drawn_in_and_the_far_one_leaves_the_funnel():
    table = side_by_side.places("proportion", COUNTS, SIZES, territory=NAMES).set_index("territory")
    assert table.loc["c11", "raw"] == 75
    assert 50 < table.loc["c11", "value"] < 60
    assert abs(table.loc["c0", "value"] - table.loc["c0", "raw"]) < 1
    assert table["average"].iloc[0] == pytest.approx(100 * COUNTS.sum() / SIZES.sum())
    said = side_by_side.sentence(table.reset_index()).replace("\xa0", " ").replace("\u202f", " ")
    assert "1 sur 12 en sort, c10 (au-dessus)" in said
    assert "12 comparaisons au risque de 0,2 %" in said
    assert "0,02 en moyenne" in said


def test_none_outside_and_too_few():
    calm = side_by_side.places("rate", [100 + rank for rank in range(10)], [1000] * 10, territory=NAMES[:10])
    assert "aucun sur 10 n'en sort" in side_by_side.sentence(calm)
    with pytest.raises(NotComputable, match="au moins 10"):
        side_by_side.places("rate", [3, 4], [100, 100], territory=["a", "b"])
