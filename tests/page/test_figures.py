"""Figures: theme, texts, data, and drawings whose labels can all be read."""

from __future__ import annotations

import base64
import functools
import io
import itertools
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.text import Text
from PIL import Image, ImageColor

from helpers.errors import NotComputable, UnknownName
from helpers.methods import describe
from helpers.page import figures, gallery
from helpers.page.figures import labels, sheet, theme
from tests.project import PROJECT

DAYS = pd.to_datetime(["2019-03-01", "2020-06-01", "2021-01-15", "2022-07-01"])
LONG_NAMES = [
    "Coordination des parcours de soins autour du patient", "Accès aux soins", "Prévention",
    "Gestion des crises sanitaires graves et exceptionnelles", "Qualité et pertinence des soins, sixième mission socle",
]  # fmt: skip
GAPS = pd.DataFrame(
    {
        "l": LONG_NAMES,
        "v": [60.0, 40, None, 20, 0],
        "lo": [23.0, 12, None, 4, 0],
        "hi": [88.0, 77, None, 62, 43],
    }
)
# Four series that end within four units of one another: their names would fall on one line.
SERIES = pd.concat([
    pd.DataFrame({"s": name, "d": DAYS, "v": [10.0, 50, 200, end]})
    for name, end in {
        "Toutes étapes": 733, "ACI signé": 330, "Projet validé": 334, "Lettre": 332, "Un nom long à écrire": 331,
    }.items()
])  # fmt: skip
STEPS = pd.DataFrame({
    "c": ["CPTS A", "CPTS A", "CPTS B"], "d": pd.to_datetime(["2019-01-01", "2020-03-01", "2019-06-15"]),
    "s": ["projet", "accord", "projet"],
})  # fmt: skip
FUNNEL = pd.DataFrame({
    "l": ["A", "B", "C"], "v": [30.0, 60.0, 28.0], "n": [50, 100, 400],
    "l1": [18, 21, 25.5], "u1": [42, 39, 34.5], "l2": [10, 16, 23.0], "u2": [50, 44, 37.0],
})  # fmt: skip
TABLE = pd.DataFrame({"ligne": ["x", "y"], "A": [1.0, None], "B": [-2.0, 3.0]})
PRESENCE = pd.DataFrame({"d": ["CLS", "CLSM"], "A": ["présent", "absent"], "B": ["non publié", None]})
POINTS = pd.DataFrame({"l": [f"CPTS {n}" for n in range(3)], "x": [1e4, 2e4, 4e4], "y": [2e4, 1e4, 5e4]})
TILES = pd.DataFrame({"code": ["01", "2A", "974"], "v": [3.0, 12.0, None]})
LINKS = pd.DataFrame({
    "l": [f"CPTS{n}" for n in range(1, 17) for _ in range(3)],
    "a": [LONG_NAMES[(n + step) % 5] + (f" {n % 4}" if step else "") for n in range(16) for step in range(3)],
    "k": ["oui", "oui", "prévu"] * 16,
})  # fmt: skip
COMMUNES = pd.DataFrame({
    "l": [f"Saint-Étienne-du-Valdonnez {n}" for n in range(17)], "g": ["CC"] * 12 + ["CA"] * 5,
    "s": ["les deux"] * 9 + ["aucun"] * 8,
})  # fmt: skip
SPREAD = pd.DataFrame({"l": ["Nord"] * 6 + ["Sud"] * 3, "v": [1.0, 2, 2, 3, 9, None, 4, 4, 4]})
GROUNDS = gallery.grounds().rename(columns={"commune": "l"})
STATES = ["présent", "absent", "non publié"]
LIMITS = {"95 %": ("l1", "u1"), "99,8 %": ("l2", "u2")}

CURVE = pd.DataFrame({
    "s": ["M1", "M2", "M3"], "v": [3.0, 5, 6], "m": [3.2, 4.9, 6], "lo": [2.0, 4, 6], "hi": [4.0, 6, 6],
})  # fmt: skip

KINDS = {
    "accumulation": lambda data=CURVE, **more: figures.accumulation(
        data, "Titre", label="s", seen="v", mean="m", lower="lo", upper="hi", unit="codes", estimate=8.3,
        estimate_label="Chao2 :", **more
    ),
    "dots": lambda data=GAPS, **more: figures.dots(
        data, "Titre", label="l", value="v", lower="lo", upper="hi", unit="%", benchmark=50, benchmark_label="moitié", **more
    ),
    "slopes": lambda data=POINTS: figures.slopes(
        data, "Titre", label="l", first="x", second="y", first_title="2019", second_title="2022", unit="€"
    ),
    "arrows": lambda data=POINTS: figures.arrows(
        data, "Titre", label="l", first="x", second="y", first_title="2019", second_title="2022", unit="€"
    ),
    "stacked_bars": lambda data=GAPS: figures.stacked_bars(data, "Titre", label="l", parts=["v", "hi"], unit="%"),
    "heat_map": lambda data=TABLE: figures.heat_map(data, "Titre", unit="points", diverging=True),
    "presence": lambda data=PRESENCE: figures.presence(data, "Titre", states=STATES),
    "trends": lambda data=SERIES: figures.trends(data, "Titre", date="d", value="v", series="s", unit="CPTS", target=1000),
    "small_multiples": lambda data=SERIES: figures.small_multiples(data, "Titre", date="d", value="v", series="s", unit="CPTS"),
    "timeline": lambda data=STEPS: figures.timeline(data, "Titre", label="c", date="d", stage="s"),
    "distribution": lambda data=SPREAD: figures.distribution(data, "Titre", label="l", value="v", unit="habitants"),
    "lorenz": lambda data=None: figures.lorenz(
        describe.lorenz(pd.Series([1.0, 3.0])) if data is None else pd.DataFrame({"units": [], "total": []}), "Titre", gini=0.25
    ),
    "scatter": lambda data=POINTS: figures.scatter(
        data, "Titre", x="x", y="y", label="l", x_title="carte", y_title="déclarée", diagonal=True
    ),
    "funnel": lambda data=FUNNEL: figures.funnel(
        data, "Titre", label="l", value="v", size="n", unit="%", size_title="patients", limits=LIMITS, benchmark=30
    ),
    "tile_map": lambda data=TILES: figures.tile_map(data, "Titre", code="code", value="v", unit="CPTS", study=PROJECT),
    "links": lambda data=LINKS: figures.links(
        data, "Titre", left="l", right="a", kind="k", kinds=["oui", "prévu"], left_title="CPTS", right_title="Acteurs"
    ),
    "outline_map": lambda data=GROUNDS: figures.outline_map(
        data, "Titre", code="code", label="l", value="evolution", unit="% par an", outlines=gallery.shapes(), around_zero=0.2,
    ),
    "commune_tiles": lambda data=COMMUNES: figures.commune_tiles(
        data, "Titre", label="l", group="g", state="s", states=["les deux", "aucun"]
    ),
}  # fmt: skip
every_kind = pytest.mark.parametrize("kind", KINDS)


@functools.cache
def shown(kind):
    """A figure of the kind, its piece of a page, its bytes there for a desk and for a phone, drawn once for all."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        figure = KINDS[kind]()
        html = figure._repr_mimebundle_()["text/html"]
    held = re.search(r'srcset="data:image/png;base64,([^"]+)".*src="data:image/png;base64,([^"]+)"', html)
    return figure, html, base64.b64decode(held[2]), base64.b64decode(held[1])


@every_kind
def test_each_kind_gives_a_drawing_with_its_text_and_data(kind):
    figure, html, png, _ = shown(kind)
    assert png.startswith(b"\x89PNG")
    assert "Titre" in figure.alt
    assert re.search(r"\d", figure.alt)
    assert not re.search(r"nan|NaN|None|dtype", re.sub(r"base64,[^\"]*", "", html))
    assert 'download="données_de_la_figure_titre.csv"' in html
    assert html.count("<img alt=") == 1


@every_kind
def test_each_kind_gives_the_same_bytes_twice(kind):
    assert KINDS[kind]().png() == shown(kind)[2]


def assert_whole(picture):
    """Nothing is cut: the ink has white paper around it."""
    seen = picture.view(np.uint8).reshape(*picture.shape, 4)
    assert all((edge == 255).all() for edge in (seen[:8], seen[-8:], seen[:, :8], seen[:, -8:]))
    assert (seen < 255).any()


@pytest.mark.parametrize("angle", [0, 45, 90])
def test_a_text_is_drawn_where_matplotlib_draws_it_and_nothing_far_out_is_cut(angle):
    def ink(agg):
        page = Canvas(figsize=(3, 3), dpi=100)
        agg(page)
        page.text(0.5, 0.5, "Écart, page", rotation=angle, color="#C25100")
        page.canvas.draw()
        return 255 - np.asarray(page.canvas.buffer_rgba())[..., :3].astype(int)

    ours, theirs = ink(sheet._Sheet), ink(FigureCanvasAgg)
    for seen in (ours, theirs):
        assert seen[..., 2].max() == 255
    rows, columns = (
        np.abs(
            np.subtract(*(np.flatnonzero(seen.any(axis=(axis, 2)))[[0, -1]] for seen in (ours, theirs)))
        ).max()
        for axis in (0, 1)
    )
    assert max(rows, columns) <= 2
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.1)
    far = sheet.sheet(2, 2)
    long = far.text(0.5, 0.5, "loin " * 40, ha="center")
    picture = sheet.cut(far, 100)
    assert picture.shape[1] == pytest.approx(labels.box(long).width + 20, abs=8)
    assert_whole(picture)


def test_a_drawing_gives_its_paper_back_and_can_be_measured_and_drawn_again():
    canvas = sheet.sheet(2, 2)
    text = canvas.text(0.5, 0.5, "Écart")
    measured, drawn = labels.box(text).bounds, sheet.cut(canvas, 100)
    assert len(canvas.canvas.renderer.buffer_rgba().tobytes()) == 4, "one pixel"
    assert text.get_window_extent().width > 0
    assert labels.box(text).bounds == measured
    assert (sheet.cut(canvas, 100) == drawn).all()


@pytest.mark.parametrize("shade", ["#F7F7F7", "#EFEFEF", "#FCFBFD", "#EFF3FF", "#E3E3E3", "#FFFFFF"])
def test_a_pale_shade_is_neither_white_nor_another_one(shade):
    picture = KINDS["outline_map"]().pixels()
    wanted = ImageColor.getrgb(shade)
    picture.view(np.uint8).reshape(*picture.shape, 4)[50:90, 50:90, :3] = wanted
    seen = sheet.few_colors(picture).convert("RGB")
    assert seen.getpixel((0, 0)) == (255, 255, 255)
    assert max(abs(a - b) for a, b in zip(seen.getpixel((70, 70)), wanted, strict=True)) <= 3
    assert (seen.getpixel((70, 70)) == (255, 255, 255)) == (shade == "#FFFFFF")


@every_kind
def test_each_kind_is_drawn_a_second_time_for_a_phone(kind):
    figure, html, _, for_phone = shown(kind)
    narrow = figure.narrow()
    width, _ = Image.open(io.BytesIO(for_phone)).size
    assert_whole(figure.pixels())
    assert_whole(narrow.pixels(theme.NARROW_DPI))
    assert width <= 1.35 * theme.PHONE * theme.NARROW_DPI
    assert narrow.alt == figure.alt
    # Drawn anew, it has the bytes that the page got: `for_phone` is no more than this.
    assert for_phone == narrow.png(theme.NARROW_DPI)
    assert not theme.is_narrow()
    assert html.count('<source media="(max-width: 40rem)" srcset="data:image/png;base64,') == 1


def test_ticks_of_counts_are_whole():
    counts = pd.DataFrame({"l": ["a", "b"], "v": [1, 3]})
    figure = figures.dots(counts, "Comptes", label="l", value="v", unit="témoignages")
    assert all(float(tick).is_integer() for tick in figure.canvas.axes[0].get_xticks())
    rates = figures.dots(counts.assign(v=[0.5, 1.5]), "Taux", label="l", value="v", unit="%")
    assert not all(float(tick).is_integer() for tick in rates.canvas.axes[0].get_xticks())


def test_no_two_parts_of_a_stack_are_alike():
    parts = [f"p{number}" for number in range(9)]
    data = pd.DataFrame([{"l": "a"} | dict.fromkeys(parts, 1.0)])
    drawn = figures.stacked_bars(data, "Neuf", label="l", parts=parts, unit="€").canvas.axes[0].containers
    looks = {(bars[0].get_facecolor(), bars[0].get_hatch()) for bars in drawn}
    assert len(looks) == 9


def test_the_name_of_a_band_stands_over_the_axes_and_hides_no_line():
    figure = figures.trends(
        SERIES, "Bande", date="d", value="v", series="s", unit="CPTS", band=(900.0, 1100.0)
    )
    axes = figure.canvas.axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["indiscernable du hasard"]
    assert all("hasard" not in text.get_text() for text in axes.texts)
    figure.png()
    assert axes.get_legend().get_window_extent().y0 >= axes.get_window_extent().y1 - 1


def test_what_hinders_is_warm_and_what_helps_is_blue():
    data = pd.DataFrame({"t": ["x"], "A": ["obstacle"], "B": ["levier"]})
    cells = figures.presence(data, "Sens", states=["levier", "obstacle"]).canvas.axes[0].collections
    warm, blue = cells[0].get_facecolor()
    assert warm[0] > warm[2]
    assert blue[2] > blue[0]


@every_kind
def test_each_kind_refuses_an_empty_table_in_words(kind):
    empty = {"heat_map": TABLE.iloc[:0], "presence": PRESENCE.iloc[:0]}
    defaults = KINDS[kind].__defaults__[0]
    data = empty.get(kind, defaults.iloc[:0] if defaults is not None else SERIES.iloc[:0])
    with pytest.raises(NotComputable, match="aucune donnée à dessiner"):
        KINDS[kind](data)


def test_alternative_texts_are_computed():
    assert "Minimum\u00a0: Qualité et pertinence" in KINDS["dots"]().alt
    assert "1\u00a0donnée manquante, hors du dessin" in KINDS["dots"]().alt
    assert "1 au-dessus de la ligne" not in KINDS["scatter"]().alt
    assert "2 au-dessus de la ligne d'égalité, 1 au-dessous" in KINDS["scatter"]().alt
    assert "1 hors des limites à 99,8\u00a0% (B)" in KINDS["funnel"]().alt
    assert "présent 1, absent 1 et non publié 1, 1\u00a0donnée manquante" in KINDS["presence"]().alt
    assert "2\u00a0départements renseignés sur 101" in KINDS["tile_map"]().alt
    assert "Corse-du-Sud (2A), 12" in KINDS["tile_map"]().alt
    assert "1er\u00a0janvier 2019" in KINDS["timeline"]().alt


# ----- theme


@pytest.mark.parametrize("color", [*figures.PALETTE, theme.INK, theme.SOFT])
def test_colors_stand_out_on_white(color):
    assert theme.contrast(color, "#FFFFFF") >= 4.5


def test_contrast_of_known_pairs():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    # WebAIM gives 4.54 for #767676 on white.
    assert theme.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(color, matrix):
    channels = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = TO_XYZ @ np.clip(matrix @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(seen > 0.008856, np.cbrt(seen), 7.787 * seen + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_colors_stay_apart_for_every_eye(blindness):
    seen = [lab(color, BLINDNESS[blindness]) for color in figures.PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 15


def test_series_differ_by_more_than_colour():
    assert len(set(figures.MARKERS)) == len(set(figures.HATCHES)) == len(figures.PALETTE)


def test_numbers_of_a_heat_map_read_on_their_colour():
    figure = figures.heat_map(
        pd.DataFrame({"r": list("abcde"), "v": [-10.0, -4, 0, 4, 10]}), "T", diverging=True
    )
    axes = figure.canvas.axes[0]
    faces = axes.collections[0].get_facecolors()
    numbers = [text for text in axes.texts if re.fullmatch(r"[+−]?\d+", text.get_text())]
    assert len(numbers) == 5
    assert all(
        theme.contrast(text.get_color(), face) >= 4.5 for text, face in zip(numbers, faces, strict=True)
    )


# ----- labels


def overlapping(texts):
    boxes = [labels.box(text) for text in texts if text.get_text()]
    return [(a, b) for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)]


def drawn(figure):
    figure.canvas.canvas.draw()
    return figure.canvas.axes[0]


def names_in(axes):
    return [text for text in axes.texts if text.get_text()]


def test_the_test_of_overlap_sees_an_overlap():
    _, axes = theme.blank()
    assert overlapping([axes.text(0.5, 0.5, "un nom"), axes.text(0.51, 0.5, "un autre")])


def test_names_of_close_series_do_not_overlap():
    axes = drawn(KINDS["trends"]())
    names = [text for text in names_in(axes) if text.get_text()[0] in theme.MARKS]
    assert len(names) == 5
    assert not overlapping(names)


def test_names_of_close_slopes_do_not_overlap():
    data = pd.DataFrame(
        {"l": [f"Taille {n}" for n in range(8)], "x": np.linspace(100, 101, 8), "y": [50.0] * 8}
    )
    axes = drawn(KINDS["slopes"](data))
    assert len(names_in(axes)) == 16
    assert not overlapping(names_in(axes))


def test_names_of_thirty_close_points_do_not_overlap():
    rng = np.random.default_rng(3)
    data = pd.DataFrame(
        {
            "l": [f"CPTS {n}" for n in range(30)],
            "x": rng.lognormal(11, 0.08, 30),
            "y": rng.lognormal(11, 0.08, 30),
        }
    )
    axes = drawn(KINDS["scatter"](data))
    assert len(names_in(axes)) == 30
    assert not overlapping(names_in(axes))


def test_thirty_points_on_the_same_place_are_all_named():
    data = pd.DataFrame({"l": [f"CPTS {n}" for n in range(12)], "x": [5e4] * 12, "y": [6e4] * 12})
    assert not overlapping(names_in(drawn(KINDS["scatter"](data))))


def test_heads_of_a_wide_heat_map_do_not_overlap():
    columns = [f"Coordination de CLS et de CLSM numéro {n}" for n in range(7)]
    data = pd.DataFrame({"r": LONG_NAMES, **{column: range(5) for column in columns}})
    axes = drawn(figures.heat_map(data, "T"))
    heads = [text for text in axes.texts if re.search("[a-z]", text.get_text())]
    assert len(heads) == len(columns) + len(LONG_NAMES)
    assert not overlapping(heads)


def test_a_word_of_a_head_is_never_cut_by_twelve_columns():
    words = [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "fait, degré non dit",
        "prévu",
        "souhaité",
        "refusé",
        "rompu",
        "absent, constaté",
    ]
    data = pd.DataFrame({"r": LONG_NAMES, **{column: range(5) for column in words}})
    figure = figures.heat_map(data, "T")
    for canvas, turned in ((figure.canvas, False), (figure.narrow().canvas, True)):
        heads = [text for text in canvas.axes[0].texts if " ".join(text.get_text().split("\n")) in words[6:]]
        assert len(heads) == 6
        canvas.draw_without_rendering()
        assert not overlapping(heads)
        assert all(bool(text.get_rotation()) == turned for text in heads)


@pytest.mark.parametrize("days", [40, 100, 240, 500, 1000, 4000, 9000])
def test_dates_of_an_axis_do_not_overlap_and_are_french(days):
    dates = pd.date_range("2001-01-01", periods=2, freq=f"{days}D")
    data = pd.DataFrame({"c": ["A", "A"], "d": dates, "s": ["début", "fin"]})
    axes = drawn(KINDS["timeline"](data))
    low, high = axes.get_xlim()
    ticks = [
        text for text, at in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True) if low <= at <= high
    ]
    assert len(ticks) >= 2
    assert not overlapping(ticks)
    assert not any(re.search(r"Feb|Apr|May|Jun\b|Aug|Dec", text.get_text()) for text in ticks)


@pytest.mark.parametrize(
    ("first", "count", "freq"),
    [("2023-01-01", 5, "6MS"), ("2024-01-01", 4, "QS"), ("2024-01-01", 8, "MS"), ("2023-12-31", 2, "366D")],
)
def test_every_small_panel_of_a_phone_has_two_dates(first, count, freq):
    days = pd.date_range(first, periods=count, freq=freq)
    data = pd.concat([SERIES.iloc[:1].assign(s=name, d=days[0]) for name in "AB"])
    data = pd.concat([data.assign(d=day) for day in days])
    canvas = KINDS["small_multiples"](data).narrow().canvas
    for axes in canvas.axes:
        low, high = axes.get_xlim()
        shown = [
            text
            for text, at in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
            if low <= at <= high
        ]
        assert len(shown) >= 2
        assert not overlapping(shown)


@pytest.mark.parametrize(("values", "under"), [([9, 5], True), ([5, 9], False), ([9, 1], False)])
def test_last_value_of_a_panel_stands_off_its_line(values, under):
    data = pd.DataFrame({"s": "A", "d": pd.date_range("2023-01-01", periods=2, freq="YS"), "v": values})
    (axes,) = KINDS["small_multiples"](data).canvas.axes
    (written,) = axes.texts
    assert (written.xyann[1] < 0) is under


def test_spread_moves_as_little_as_it_can():
    assert labels.spread([100, 10], [10, 10]) == [100, 10]
    moved = labels.spread([50, 50], [10, 10])
    # Twelve pixels apart (ten and the gap), centred where both wanted to be.
    assert sorted(moved) == [44, 56]
    assert labels.spread([], []) == []


def test_long_names_are_wrapped_and_shortened():
    assert theme.name("un deux trois", 8) == "un deux\ntrois"
    assert theme.name("mot " * 200, 20).count("\n") == 2
    assert theme.name("mot " * 200, 20).endswith("…")
    assert max(map(len, theme.name("x" * 100, 20).split("\n"))) <= 20


# ----- hostile names


HOSTILE = [
    "<script>alert(1)</script>", "$\\frac{$", "🏥 \U0001f468\u200d\u2695", "\ud800", "\u202eabc", "\x00",
    "a\nb", "", "x" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("lorenz", "tile_map")])
def test_hostile_names_are_drawn_as_text_without_a_warning(kind):
    """All of them in one figure, each on a row of its own."""
    default = KINDS[kind].__defaults__[0]
    column = next(
        name for name in ("l", "s", "ligne", "d") if name in default and default[name].dtype != DAYS.dtype
    )
    whole = default.dropna()
    named = whole.iloc[np.arange(len(HOSTILE)) % len(whole)].reset_index(drop=True).astype({column: object})
    named[column] = pd.Series(HOSTILE, index=named.index, dtype=object)
    data = pd.concat([named, default.iloc[1:]], ignore_index=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        html = KINDS[kind](data)._repr_mimebundle_()["text/html"]
    html.encode()
    assert "<script" not in html
    assert not re.search("[\ud800-\udfff\u202a-\u202e\x00]", html)


def test_caption_and_notes_are_escaped():
    figure = figures.dots(GAPS, "<b>", label="l", value="v", unit="</style>", source="<i>", note='"<u>')
    html = figure._repr_mimebundle_()["text/html"]
    assert not re.search("<b>|<i>|<u>|</style>", html)


# ----- one kind at a time


def test_dots_write_their_values_beside_them():
    axes = drawn(KINDS["dots"]())
    assert {"60", "40", "20", "0"} <= {text.get_text() for text in axes.texts}


def test_presence_tells_states_by_signs_and_refuses_an_unknown_one():
    axes = drawn(KINDS["presence"]())
    signs = {text.get_text() for text in axes.texts if not text.get_text().isalpha()}
    assert signs == {"●", "◐", "○", "—"}
    with pytest.raises(NotComputable, match="« oui » n'est pas dans la légende"):
        KINDS["presence"](PRESENCE.replace("présent", "oui"))


def test_heat_map_says_a_missing_cell():
    assert "—" in {text.get_text() for text in drawn(KINDS["heat_map"]()).texts}


def test_scatter_refuses_a_zero():
    with pytest.raises(NotComputable, match="logarithmique"):
        KINDS["scatter"](POINTS.assign(x=[0, 1, 2]))


def test_tile_map_refuses_an_unknown_departement():
    with pytest.raises(UnknownName, match="20"):
        KINDS["tile_map"](TILES.assign(code=["01", "20", "974"]))


def test_tile_map_of_one_value_and_of_many():
    assert figures.tile_map(TILES.iloc[:1], "T", code="code", value="v", unit="", study=PROJECT).png()
    tiles = PROJECT.table("open/department_tiles")
    assert len(tiles) == 101
    assert not tiles.duplicated(["row", "column"]).any()


def test_small_multiples_share_their_scale_unless_told():
    limits = {axes.get_ylim() for axes in KINDS["small_multiples"]().canvas.axes if axes.get_visible()}
    assert len(limits) == 1


def test_figure_data_holds_the_columns_drawn_only():
    figure = figures.trends(
        SERIES.assign(code_interne="x_y"), "T", date="d", value="v", series="s", unit="CPTS"
    )
    assert figure.data.columns.tolist() == ["s", "d", "v"]


def test_texts_are_never_formulas():
    figure = KINDS["dots"](GAPS.assign(l=["$a$", *LONG_NAMES[1:]]))
    assert not any(text.get_parse_math() for text in figure.canvas.findobj(Text) if text.get_text())


def test_a_band_is_drawn_on_the_axis_and_told():
    table = pd.DataFrame(
        {"date": pd.to_datetime(["2020-01-01", "2021-01-01"]), "value": [10.0, 12.0], "serie": ["a", "a"]}
    )
    plain = {"date": "date", "value": "value", "series": "serie", "unit": "u"}
    figure = figures.trends(table, "Essai", **plain, band=(5.0, 30.0))
    assert "Bande indiscernable du hasard : de 5 à 30." in figure.alt.replace("\u00a0", " ")
    low, high = figure.canvas.axes[0].get_ylim()
    assert low <= 5 < 30 <= high
    assert "Bande" not in figures.trends(table, "Essai", **plain).alt


def test_an_accumulation_tells_each_step_and_the_estimate():
    alt = KINDS["accumulation"]().alt.replace("\u00a0", " ").replace("\u202f", " ")
    assert "dans l'ordre lu : M1 3, M2 5 et M3 6." in alt
    assert "Moyenne de tous les ordres : 3,2, 4,9 et 6,0." in alt
    assert "Repère : Chao2 : 8." in alt


def test_names_of_a_network_do_not_overlap_and_carry_their_degree():
    axes = drawn(KINDS["links"]())
    names = names_in(axes)
    assert len(names) == 16 + LINKS["a"].nunique() + 2
    assert not overlapping(names)
    assert "CPTS1 · 3" in [text.get_text() for text in names]


def test_a_network_refuses_a_link_twice_and_an_unknown_kind():
    with pytest.raises(NotComputable, match="donné deux fois"):
        KINDS["links"](pd.concat([LINKS, LINKS[:1]]))
    with pytest.raises(NotComputable, match="« rompu » n'est pas dans la légende"):
        KINDS["links"](LINKS.assign(k="rompu"))


def test_names_of_communes_stay_on_their_tiles():
    axes = drawn(KINDS["commune_tiles"]())
    assert not overlapping(names_in(axes))
    assert "les deux 9 et aucun 8" in KINDS["commune_tiles"]().alt


def test_a_map_has_two_sides_of_zero_and_hatches_what_is_unknown():
    figure = KINDS["outline_map"]()
    legend = [text.get_text() for text in drawn(figure).get_legend().get_texts()]
    assert legend == [
        "moins de −0,6 · 1",
        "−0,6 à −0,2 · 1",
        "−0,2 à 0,2 · 1",
        "0,2 à 0,6 · 1",
        "0,6 et plus · 1",
        "inconnu",
    ]
    assert "Minimum\u00a0: Commune E" in figure.alt
    with pytest.raises(NotComputable, match="aucun contour"):
        KINDS["outline_map"](GROUNDS.assign(code="Z"))


def test_names_of_a_map_never_cover_each_other_and_far_islands_are_discs():
    near = GROUNDS.assign(l=[f"Une commune au nom bien long {row}" for row in range(len(GROUNDS))])
    written = names_in(drawn(KINDS["outline_map"](near)))
    assert len(written) > 1
    assert not overlapping(written)
    small = np.array([[0.0, 0], [0.01, 0], [0.01, 0.01]])
    axes = drawn(
        figures.outline_map(
            GROUNDS.iloc[:2].assign(code=["A", "B"]), "Titre", code="code", label="l", value="evolution", unit="%",
            outlines={"A": [small], "B": [small + 2]},
        )
    )  # fmt: skip
    assert len([line for line in axes.lines if line.get_marker() == "o"]) == 2
    assert not [line for line in drawn(KINDS["outline_map"]()).lines if line.get_marker() == "o"]


def test_many_communes_keep_their_sign_only():
    many = pd.concat([COMMUNES] * 3)
    shown = [text.get_text() for text in names_in(drawn(KINDS["commune_tiles"](many)))]
    assert shown.count("●") == 27


def test_communes_refuse_an_unknown_state():
    with pytest.raises(NotComputable, match="« peut-être » n'est pas dans la légende"):
        KINDS["commune_tiles"](COMMUNES.assign(s="peut-être"))


@pytest.mark.parametrize("values", [[-10.0, 0, 4], [2.0, 5, 9], [0.0, 0, np.nan]])
def test_a_heat_map_of_gaps_has_zero_in_the_middle_of_its_colours_and_no_warning(values):
    data = pd.DataFrame({"r": list("abc"), "v": values})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = figures.heat_map(data, "T", diverging=True)
    mesh = figure.canvas.axes[0].collections[0]
    red, green, blue, _ = mesh.cmap(mesh.norm(0.0))
    assert min(red, green, blue) > 0.94, "zéro n'est pas clair"


def test_every_commune_that_is_counted_is_drawn():
    data = pd.DataFrame({"l": ["Ouessant", "Brest"], "g": [None, "Brest Métropole"], "s": ["x", "x"]})
    figure = figures.commune_tiles(data, "T", label="l", group="g", state="s", states=["x", "y"])
    written = " ".join(text.get_text() for text in figure.canvas.axes[0].texts)
    assert "Ouessant" in written
    assert "Brest" in written


def test_a_distribution_draws_every_value_and_boxes_only_groups_of_five():
    figure = KINDS["distribution"]()
    axes = figure.canvas.axes[0]
    points = [item.get_offsets() for item in axes.collections if len(item.get_offsets())]
    assert sorted(len(group) for group in points) == [3, 5]
    assert sorted({float(x) for x, _ in points[1]}) == [4.0]
    assert len({float(y) for _, y in points[1]}) == 3, "trois valeurs égales restent trois points"
    assert len(axes.patches) == 1
    assert "Nord\xa0: 5\xa0valeurs, médiane 2, de 1 à 9" in figure.alt
    assert "Sud\xa0: 3\xa0valeurs, médiane 4, de 4 à 4" in figure.alt


def test_the_name_of_a_low_curve_stands_above_the_graduations():
    data = pd.DataFrame(
        {
            "x": [1, 300_000] * 2,
            "y": [20.0, 2.0, 3.0, 0.2],
            "s": ["plafond, toutes missions à 100 %"] * 2 + ["fonctionnement seul"] * 2,
        }
    )
    drawn = figures.curves(data, "Essai", x="x", y="y", series="s", x_title="population", unit="€")
    for canvas in (drawn.canvas, drawn.narrow().canvas):
        axes = canvas.axes[0]
        names = [labels.box(text) for text in axes.texts]
        assert min(box.y0 for box in names) >= axes.get_window_extent().y0 - 0.5
        low, high = sorted(names, key=lambda box: box.y0)
        assert low.y1 <= high.y0 + 0.5
