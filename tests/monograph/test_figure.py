"""The figure that sets each value beside a benchmark of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.monograph import captions
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


def test_the_legend_names_an_interval_only_where_one_is_drawn():
    legend = draw(ROWS.assign(lower=None, upper=None)).canvas.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["valeur", "repère : région"]


def test_the_title_counts_every_indicator_beside_its_benchmark():
    rows = ROWS.assign(benchmark=1.0, value=[2.0, 0.5, 3.0])
    mixed = rows.assign(verdict=["non calculable", "au-dessous de la référence", "au-dessus de la référence"])
    assert captions.beside_benchmark(mixed, "%").replace("\u00a0", " ") == (
        "Face au repère : 1 au-dessus, 1 au-dessous et 1 sans comparaison calculable (%)"
    )
    # Nothing compared: the same number is not told as a verdict.
    alone = captions.beside_benchmark(rows.assign(verdict="non calculable"), "%").replace("\u00a0", " ")
    assert (
        alone
        == "3 indicateurs sans comparaison calculable, en valeur : 2 au-dessus du repère et 1 au-dessous (%)"
    )


def test_a_unit_in_the_title_of_a_panel_is_whole():
    data = pd.DataFrame(
        {
            "panel": ["Passages aux urgences sans hospitalisation (pour 1 000 habitants)"] * 2,
            "date": pd.to_datetime(["2024-12-31", "2025-12-31"]),
            "value": [1.0, 2.0],
        }
    )
    figure = figures.small_multiples(
        data, "Titre", date="date", value="value", series="panel", unit="valeur", columns=3
    )
    assert figure.canvas.axes[0].get_title(loc="left").replace("\n", " ").endswith("(pour 1 000 habitants)")


def test_a_row_without_the_first_state_is_said_without_a_gender():
    data = pd.DataFrame({"thème": ["Parcours"], "CPTS": ["rien"], "CLS": ["rien"]})
    figure = figures.presence(data, "Titre", states=["priorité dite", "rien"])
    assert "Parcours : priorité dite nulle part." in figure.alt.replace("\u00a0", " ")
