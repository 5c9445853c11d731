"""Size of a CPTS: its lower bound, euros per inhabitant, the bounds of the scale."""

import pandas as pd
import pytest

from helpers import aci
from helpers.errors import NotComputable
from tests.project import PROJECT

CLASSES = pd.DataFrame(
    {"size": [1, 2, 3, 4], "lower": [None, 40e3, 80e3, 175e3], "upper": [40e3, 80e3, 175e3, None]}
)


@pytest.mark.parametrize(
    ("population", "size"),
    [(1, 1), (39_999, 1), (40_000, 2), (80_000, 3), (174_999, 3), (175_000, 4), (274_231, 4)],
)
def test_size_class_holds_its_lower_bound(population, size):
    assert aci.size_class(population, CLASSES) == size


def test_size_class_refuses_no_population():
    with pytest.raises(NotComputable, match="population"):
        aci.size_class(0, CLASSES)
    assert aci.size_classes(pd.Series([50_000, None]), CLASSES).isna().tolist() == [False, True]


def test_euros_per_inhabitant_jump_at_each_bound():
    # 287 500 / 40 000 = 7.1875 ; 382 500 / 40 000 = 9.5625 ; step 95 000.
    ceilings = pd.Series({1: 287_500, 2: 382_500, 3: 487_500, 4: 580_000})
    row = aci.per_inhabitant_at_bounds(ceilings, CLASSES).iloc[0]
    assert (row["below"], row["above"], row["step"]) == (7.1875, 9.5625, 95_000)


def test_project_bounds_are_those_of_the_scale():
    classes = aci.bounds(PROJECT)
    assert classes["upper"].dropna().tolist() == [40_000, 80_000, 175_000]
