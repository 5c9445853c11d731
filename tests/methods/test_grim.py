"""The GRIM test, on shares worked by hand."""

import pytest

from helpers.errors import NotComputable
from helpers.methods import grim


@pytest.mark.parametrize(
    ("printed", "value", "n", "first", "last", "nearest"),
    [
        ("50,0%", 50.0, 28, 14, 14, 50.0),
        ("58,0%", 58.0, 60, None, None, 100 * 35 / 60),
        ("38,0%", 38.0, 197, None, None, 100 * 75 / 197),
        ("45,3%", 45.3, 148, 67, 67, 100 * 67 / 148),
        # 65.5 to 66.5 % of 398: 260.7 to 264.7.
        ("66%", 66.0, 398, 261, 264, 100 * 263 / 398),
    ],
)
def test_counts_that_print_as_a_share(printed, value, n, first, last, nearest):
    found = grim.possible_count(printed, value, n)
    assert (found.first, found.last) == (first, last)
    assert found.nearest == pytest.approx(nearest)
    assert found.possible == (first is not None)


def test_a_mean_of_whole_numbers():
    # A mean of 5.19 over 28 whole answers: 145/28 = 5.179 and 146/28 = 5.214, neither prints as 5,19 (Brown and Heathers).
    assert not grim.possible_count("5,19", 5.19, 28, per=1).possible
    assert grim.possible_count("5,18", 5.18, 28, per=1).first == 145


def test_an_empty_group_is_refused():
    with pytest.raises(NotComputable, match="effectif positif"):
        grim.possible_count("50%", 50, 0)
