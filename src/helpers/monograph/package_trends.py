"""What the indicators of a package did over time: one line per series, by the method that its points allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.methods import basis, comparison, measured, polarity, protection, trends
from helpers.monograph import benchmark, indicators, register
from helpers.page import display, figures
from helpers.page.display import Shown
from helpers.page.figures import Figure

COLUMNS = (
    "indicator",
    "territory",
    "first",
    "last",
    "points",
    "own",
    "place",
    "before",
    "after",
    "of",
    "move",
    "lower",
    "upper",
    "unit",
    "method",
    "verdict",
)
DRAWN = ("label", "before", "after", "of", "verdict")
HEADS_FR = {
    "label": "Indicateur", "territory": "Territoire", "span": "Périodes", "move": "Évolution", "method": "Méthode",
    "verdict": "Ce que l'on peut dire",
}  # fmt: skip
LONG_ENOUGH = 5
MOST_NAMED = 6
NOTHING_TO_JUDGE = (
    "Votre paquet n'a pas encore d'évolution à juger : il y faut, dans cpts/indicators, deux périodes d'un même indicateur avec "
    "numérateur et dénominateur, ou cinq valeurs"
)


def of_package(study: Study) -> pd.DataFrame:
    """Evolution of every indicator of a user's package: one row per indicator and territory with two periods or more.

    Five periods with their counts: the five-point rule; five without counts: the slope of the published values, each weighted
    by its published interval; fewer, with counts: the last period against the first. Anything else has its reason in
    `verdict`. The small counts are masked as on every page (`measured.protect`). Returns COLUMNS and `label`: `own` tells the
    CPTS of the package from their benchmarks, `place` names both, `before` and `after` are the two ends in the unit `of`.
    Empty for the project's own data. Raises NotComputable for an indicator without definition.
    """
    if not register.is_users(study):
        return pd.DataFrame(columns=[*COLUMNS, "label"])
    about, table = measures(study)
    if table.empty:
        return pd.DataFrame(columns=[*COLUMNS, "label"])
    own = study.table("cpts/cpts").set_index("cpts")["name_fr"].to_dict()
    rows = []
    for (code, place), series in table.groupby(["indicator", "territory"], sort=False):
        points = series.dropna(subset=["value", "period_end"]).sort_values("period_end").to_dict("records")
        if len(points) < 2:
            continue
        way = benchmark.POLARITIES[str(about.loc[code, "direction"])]
        rows.append(
            {
                "indicator": code, "territory": place, "first": points[0]["period_end"], "last": points[-1]["period_end"],
                "points": len(points), "label": about.loc[code, "label_fr"], "own": place in own,
                "place": benchmark.territory_name(str(place)) if pd.isna(own.get(place)) else str(own[place]),
                "before": points[0]["value"], "after": points[-1]["value"], "of": points[0]["unit"],
            }
            | _judged(points, way)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=[*COLUMNS, "label"])


def measures(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Definitions by indicator, and the values of every territory of a user's package as pages may show them (masked).

    Raises NotComputable for an indicator without definition.
    """
    definitions = study.table("cpts/indicator_definitions", optional=True)
    values = study.table("cpts/indicators", optional=True)
    measured.defined(definitions, values)
    table = indicators.measures(definitions, measured.protect(values, study), masked=True)
    return definitions.set_index("indicator"), table


def _judged(points: Sequence[Mapping[str, Any]], way: str) -> dict[str, Any]:
    """Move, its interval, method and verdict of one series."""
    kind = measured.STATISTICS.get(str(points[0]["kind"]))
    counted = kind is not None and all(
        pd.notna(row["numerator"]) and pd.notna(row["denominator"]) and row["denominator"] > 0
        for row in points
    )
    years = [row["period_end"].year + (row["period_end"].month - 12) / 12 for row in points]
    per = float(points[0]["per"])
    numbers = [[row[name] for row in points] for name in ("numerator", "denominator", "value")]
    try:
        if counted and len(points) < LONG_ENOUGH:
            sides = [(points[place]["numerator"], points[place]["denominator"]) for place in (0, -1)]
            row = comparison.difference(str(kind), *sides, polarity=way, per=per).iloc[0]
        elif counted:
            row = trends.recent_trend(years, *numbers[:2], kind=str(kind), polarity=way, per=per).iloc[0]
        else:
            # A yearly total and a level are judged alike: neither keeps what it had, as a stock does.
            limited = all(row["method"] == measured.PUBLISHED_FR for row in points)
            low, high = ([row[side] for row in points] if limited else None for side in ("lower", "upper"))
            row = trends.published_trend(
                years,
                numbers[2],
                polarity=way,
                lower=low,
                upper=high,
                unit="points" if points[0]["unit"] == "%" else str(points[0]["unit"]),
            ).iloc[0]
    except NotComputable as refusal:
        nothing = dict.fromkeys(("move", "lower", "upper"), float("nan"))
        return nothing | {"unit": "", "method": "—", "verdict": f"non calculable : {refusal}"}
    note = f" : {row['note']}" if row["verdict"] == polarity.UNKNOWN else ""
    return {
        "move": row["value"], "lower": row["lower"], "upper": row["upper"], "unit": row["unit"], "method": row["method"],
        "verdict": f"{row['verdict']}{note}",
    }  # fmt: skip


def sentence(found: pd.DataFrame, study: Study) -> str:
    """How many series of the package's CPTS moved more than chance and which most, how many chance alone would give.

    Their benchmarks are left to the table. Without a series that can be judged, what a package lacks; empty for the project.
    """
    if not register.is_users(study):
        return ""
    judged = _judged_rows(found[found["own"].astype(bool)])
    if judged.empty:
        return f"{NOTHING_TO_JUDGE}{' ; ce qui suit vient des documents' if found.empty else ''}."
    moved = judged[judged["verdict"].ne(polarity.STILL)]
    count = len(study.table("cpts/cpts"))
    if len(judged) == 1:
        told = f"la seule série jugée {'bouge' if len(moved) else 'ne bouge pas'} plus que le hasard"
    elif moved.empty:
        told = f"aucune des {len(judged)} séries jugées ne bouge plus que le hasard"
    else:
        verb = "bouge" if len(moved) == 1 else "bougent"
        told = f"{len(moved)} sur {len(judged)} séries jugées {verb} plus que le hasard"
    if len(moved):
        row = _clearest(moved)
        counts = moved["verdict"].value_counts(sort=False)
        ways = french.listing(french.plural(number, word) for word, number in counts.items())
        said = f"({row['verdict']})," if len(moved) == 1 else f"({ways}), d'abord"
        place = "" if count == 1 else f" ({row['place']})"
        told += f" {said} « {row['label']} »{place} : {_move(row)}"
    # The five-point rule alarms at 0.2 %, the others at 5 %: the larger risk is told.
    return f"Pour {display.yours(count)}, {told}. {comparison.false_alarms_sentence(len(judged))}"


def _judged_rows(found: pd.DataFrame) -> pd.DataFrame:
    return found[~found["verdict"].str.startswith(polarity.UNKNOWN)]


def _clearest(moved: pd.DataFrame) -> dict[str, Any]:
    """The move that is largest beside the width of its interval."""
    clear = moved["move"].abs() / (moved["upper"] - moved["lower"])
    return {str(name): value for name, value in moved.loc[clear.astype(float).idxmax()].items()}


def ends(found: pd.DataFrame) -> pd.DataFrame:
    """The series of the package's CPTS in their most frequent unit, to draw: label, first and last value, unit and verdict."""
    own = found[found["own"].astype(bool)]
    if own.empty:
        return pd.DataFrame(columns=list(DRAWN))
    drawn = own[own["of"] == own["of"].mode().iloc[0]]
    named = drawn["label"] if drawn["place"].nunique() == 1 else drawn["label"] + " · " + drawn["place"]
    # Written on the figure with the digits of every table.
    shown = {end: [french.rounded(v, measured.digits(v)) for v in drawn[end]] for end in ("before", "after")}
    return drawn.assign(label=named, **shown)[list(DRAWN)].reset_index(drop=True)


def picture(found: pd.DataFrame, otherwise: Figure) -> Figure:
    """The picture of the first screen: the two ends of the package's series, or `otherwise` when it has none."""
    table = ends(found)
    if table.empty:
        return otherwise
    others = (
        ""
        if len(table) == int(found["own"].sum())
        else " ; les séries d'une autre unité sont dans le tableau"
    )
    return figures.arrows(
        table, caption(table), label="label", first="before", second="after", first_title="première période",
        second_title="dernière période", unit=str(table["of"].iloc[0]), source="votre paquet, cpts/indicators",
        note=f"le tableau dit lesquelles bougent plus que le hasard{others}",
    )  # fmt: skip


def caption(drawn: pd.DataFrame) -> str:
    """Title of `picture`: its series by what can be said of them, those that moved first; a move that chance explains is none."""
    words = drawn["verdict"].where(~drawn["verdict"].str.startswith(polarity.UNKNOWN), "")
    counts = words.value_counts(sort=False)
    told = [french.plural(int(n), word) for word, n in counts.items() if word not in ("", polarity.STILL)]
    told += [
        f"{int(counts[word])} {said}"
        for word, said in ((polarity.STILL, "sans évolution significative"), ("", "sans jugement possible"))
        if word in counts
    ]
    series = french.plural(len(drawn), "série")
    return f"De la première à la dernière période, {series} ({drawn['of'].iloc[0]}) : {french.listing(told)}"


def below(found: pd.DataFrame, figure: Figure) -> Figure | Shown:
    """The figure that `picture` took off the first screen, in its own section; nothing where it stands there."""
    return display.Silent() if ends(found).empty else figure


def shown(found: pd.DataFrame, study: Study) -> Shown:
    """Table of the evolutions for readers, with the series that it leaves out in its note; nothing without a series."""
    if found.empty:
        return display.Silent()
    table = found.assign(
        territory=found["place"],
        span=[
            f"{first:%Y} à {last:%Y} ({points})"
            for first, last, points in found[["first", "last", "points"]].to_numpy()
        ],
        move=[_move(row) for row in found.to_dict("records")],
    )
    alarms = comparison.false_alarms_sentence(len(_judged_rows(found))).rstrip(".")
    notes = (
        "entre crochets l'intervalle (99,8 % pour la règle des cinq points, 95 % sinon) ; sans cause dite",
        basis.REPEATED_FR, protection.NOTE_FR, alarms, _left_out(found, study),
    )  # fmt: skip
    return display.table(
        table[list(HEADS_FR)], "Vos indicateurs : évolution et ce que l'on peut en dire", heads=HEADS_FR, open_rows=8,
        name="evolutions_du_paquet", source="votre paquet, cpts/indicators", note=" ; ".join(filter(None, notes)),
    )  # fmt: skip


def _left_out(found: pd.DataFrame, study: Study) -> str:
    """Series of the package's CPTS that have not two values to show: neither absent from the page nor told to be still."""
    about, table = measures(study)
    own = study.table("cpts/cpts").set_index("cpts")["name_fr"]
    listed = table.loc[table["territory"].isin(own.index), ["indicator", "territory"]].drop_duplicates()
    told = set(zip(found["indicator"], found["territory"], strict=True))
    names = [
        f"{about.loc[code, 'label_fr']}{f' ({own[place]})' if len(own) > 1 else ''}"
        for code, place in listed.itertuples(index=False)
        if (code, place) not in told
    ]
    more = [french.plural(len(names) - MOST_NAMED, "autre")] if len(names) > MOST_NAMED else []
    left = french.listing([*names[:MOST_NAMED], *more])
    return f"sans deux périodes à montrer : {left}" if left else ""


def _move(row: Mapping[str, Any]) -> str:
    if pd.isna(row["move"]):
        return "—"
    low, high = (french.number(float(row[side]), 2) for side in ("lower", "upper"))
    return (
        f"{french.agreed(french.signed(float(row['move']), 2), row['unit'])} [{low}{french.NARROW}; {high}]"
    )
