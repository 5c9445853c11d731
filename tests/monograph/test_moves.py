"""A move between two periods: seen when its interval leaves zero out, both denominators counted."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.monograph import benchmark, captions


def measured(*points, kind="proportion", census=False):
    per = 100 if kind == "proportion" else 100_000
    rows = [
        {
            "indicator": "x", "territory": "moi", "period_end": pd.Timestamp(2023 + rank, 12, 31), "kind": kind, "per": per,
            "numerator": top, "denominator": base, "value": per * top / base, "census": census,
        }
        for rank, (top, base) in enumerate(points)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("points", "seen"),
    [
        # Real progress that a planning threshold (power 80 %) called invisible.
        (((3000, 5000), (3125, 5000)), True),
        (((300, 500), (340, 500)), True),
        (((60, 120), (77, 120)), True),
        # The same rates: the second year rests on 200 persons, not on 5 000.
        (((3000, 5000), (3200, 5000)), True),
        (((3000, 5000), (128, 200)), False),
        (((60, 120), (66, 120)), False),
    ],
)
def test_a_move_is_judged_by_the_difference_of_its_two_periods(points, seen):
    assert benchmark.moves(measured(*points), "moi")["visible"].tolist() == [seen]


def test_a_rate_is_judged_as_a_rate():
    assert benchmark.moves(measured((40, 20_000), (75, 20_000), kind="taux"), "moi")["visible"].tolist() == [
        True
    ]


def test_what_has_no_chance_or_no_counts_is_not_judged():
    assert benchmark.moves(measured((30, 50), (45, 50), census=True), "moi")["visible"].isna().all()
    hidden = measured((30, 50), (45, 50)).assign(numerator=float("nan"))
    assert benchmark.moves(hidden, "moi")["visible"].isna().all()


def test_a_title_counts_as_moves_what_chance_does_not_explain():
    rows = pd.concat(
        [
            measured((300, 500), (320, 500), (380, 500)),
            measured((60, 120), (61, 120), (62, 120)).assign(indicator="y"),
            measured((5, 100), (9, 100), census=True).assign(indicator="z"),
        ]
    )
    found = benchmark.spans(rows, "moi").set_index("indicator")
    assert found["move"].round(1).to_dict() == {"x": 16.0, "y": 1.7, "z": 4.0}
    assert captions.moves(found).replace("\u00a0", " ") == (
        "De la première à la dernière période : 1 indicateur monte, 1 mouvement ne se distingue pas du hasard et "
        "1 mouvement ne peut être jugé"
    )
    # Where nothing can be judged, the values alone speak.
    alone = benchmark.spans(rows[rows["indicator"] == "z"], "moi")
    assert captions.moves(alone).endswith("1\u00a0indicateur monte")
