"""The figure that sets each value beside a benchmark of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.page import figures

ROWS = pd.DataFrame(
    {
        "label": ["Vaccination", "Dépistage", "ALD"],
        "value": [52.7, 22.2, None],
        "lower": [50.0, None, None],
        "upper": [55.0, None, None],
        "benchmark": [60.8, None, 20.4],
    }
)


def draw(rows):
    return figures.against(
        rows, "Trois indicateurs", label="label", value="value", lower="lower", upper="upper", benchmark="benchmark",
        benchmark_label="repère : région", unit="%",
    )  # fmt: skip


def test_it_says_each_value_its_benchmark_and_what_is_missing():
    figure = draw(ROWS)
    for words in ("Vaccination : 52,7 contre 60,8", "Dépistage : 22,2", "repère : région", "1\u00a0valeur sans intervalle",
                  "1\u00a0donnée manquante, hors du dessin"):  # fmt: skip
        assert words in figure.alt.replace("\u00a0:", " :")
    assert figure.png() == draw(ROWS).png()
    axes = figure.canvas.axes[0]
    assert axes.get_xlim()[0] <= 0
    assert [text.get_text() for text in axes.texts][:2] == ["Vaccination", "Dépistage"]


def test_without_any_benchmark_the_legend_does_not_name_one():
    legend = draw(ROWS.assign(benchmark=float("nan"))).canvas.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["valeur et intervalle"]


def test_nothing_to_draw_is_refused():
    with pytest.raises(NotComputable, match=r"Trois indicateurs.*aucune donnée"):
        draw(ROWS.assign(value=float("nan")))
