"""Deployment of the CPTS: every published count, one series per definition, never chained."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Study, labels
from helpers.errors import DataError

# Heads of what is not the column of a table alone; the catalogue names the others.
HEADS_FR = {"label_fr": "Ce qui est compté", "publisher": "Qui compte, où on le lit"}
DEMOGRAPHY_FR = {"label_fr": "Chiffre", "source": "Lu dans"}
COLUMNS = (
    "source", "figure_id", "date", "date_precision", "geography", "definition", "label_fr",
    "printed", "value", "qualifier", "unit", "publisher", "line", "second_hand", "note",
)  # fmt: skip
LATER = "open/cpts_counts_later"
LATER_FR = "comptage postérieur"
# A CPTS leaves a stage when it reaches the next one; these two counts can only grow.
STAGES = ("toutes_etapes", "aci_signe", "projet_valide", "lettre_intention")
CUMULATIVE = ("toutes_etapes", "aci_signe")
DAMAGED = "abime"


def named(field: str) -> dict[str, str]:
    """French name of each code of `field` ("definition", "geography") in the counts and the demography of all documents."""
    names = [name for name in labels.tables(field) if name.endswith(("/deployment", "/demography"))]
    return labels.across(field, [*names, LATER])


def figures(study: Study, *, later: bool = True) -> pd.DataFrame:
    """Every deployment figure of the package, one row each, in the order of the dates.

    `source` is the document, or the table of later counts (`later`), whose figures are marked `second_hand`. `value` is in
    `unit`; missing when the document gives no number.
    """
    source = study.package
    names = source.reachable_names("/deployment") + ([LATER] if later else [])
    if not names:
        raise DataError("Le paquet n'a aucun tableau de déploiement (nom finissant par /deployment).")
    parts = []
    for name in names:
        table = catalog.load(name, source)
        second_hand = table.get("second_hand", False)
        part = table.assign(source=name.split("/")[0], second_hand=second_hand)
        parts.append(part.reindex(columns=list(COLUMNS)))
    return pd.concat(parts, ignore_index=True).sort_values(["date", "source", "figure_id"], ignore_index=True)


def series(
    table: pd.DataFrame, *, unit: str = "CPTS", geography: str = "france", definitions: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Figures of one unit and place that can be drawn: filled and legible values, with the French name of the definition.

    One series per definition: figures of two definitions are never joined. Raises DataError when nothing is left.
    """
    readable = table["value"].notna() & (table["qualifier"] != DAMAGED)
    kept = table[(table["unit"] == unit) & (table["geography"] == geography) & readable.fillna(True)]
    if definitions:
        kept = kept[kept["definition"].isin(definitions)]
    if kept.empty:
        raise DataError(f"Aucun chiffre de déploiement en « {unit} » pour « {geography} ».")
    return kept.assign(definition_fr=kept["definition"].map(named("definition"))).reset_index(drop=True)


def caption(drawn: pd.DataFrame, *, target: float) -> str:
    """Title of the picture of `series`: its years, its largest count with what it counts, and where the target stands."""
    years, largest = drawn["date"].dt.year, drawn.loc[drawn["value"].idxmax()]
    place = "sous la cible" if largest["value"] < target else "la cible est atteinte"
    return (
        f"CPTS de {years.min()} à {years.max()} : le plus grand comptage est {french.number(largest['value'])} "
        f"({largest['definition_fr']}), {place}"
    )


def by_producer(drawn: pd.DataFrame) -> pd.DataFrame:
    """The rows of `series` with their `producer`, without what it was read through: only figures of one producer are joined."""
    return drawn.assign(producer=drawn["publisher"].str.split(",").str[0])


def producers_caption(drawn: pd.DataFrame, name: str) -> str:
    """Title of the picture of `by_producer`, shares in percent: what each producer with several dates saw, the others apart."""
    said, alone = [], []
    for producer, rows in drawn.groupby("producer", sort=False):
        ordered = rows.sort_values("date", kind="stable")
        if len(ordered) == 1:
            alone.append(float(ordered["value"].iloc[0]))
            continue
        ends = [
            f"{french.percent(float(row['value']), 0)} ({row['date'].year})"
            for row in (ordered.iloc[0], ordered.iloc[-1])
        ]
        said.append(f"{producer}, de {ends[0]} à {ends[1]}")
    if alone:
        spread = [french.number(end, 0) for end in (min(alone), max(alone))]
        said.append(
            f"{french.plural(len(alone), 'comptage isolé')}, de {spread[0]} à {spread[1]}{french.NBSP}%"
        )
    return f"{name} : {' ; '.join(said)}"


def disagreements(table: pd.DataFrame, *, days: int = 92) -> pd.DataFrame:
    """Pairs of figures with the same definition, place and unit, at most `days` apart, whose values differ.

    Returns one row per pair: the two sources, dates, publishers and values, `gap` (second - first) and `gap_percent` (of the
    first). Targets are no measure and are left out.
    """
    measured = _measured(table)
    keys = ["definition", "geography", "unit"]
    rows = []
    for _, group in measured.sort_values(["date", "source", "figure_id"]).groupby(keys, sort=False):
        for first, second in combinations(group.to_dict("records"), 2):
            near = (second["date"] - first["date"]).days <= days
            if near and first["value"] != second["value"] and not _same_series(first, second):
                rows.append(_pair(first, second))
    return pd.DataFrame(rows)


def setbacks(table: pd.DataFrame, *, unit: str = "CPTS", geography: str = "france") -> pd.DataFrame:
    """Consecutive figures of one definition whose later value is lower, although signed agreements or projects accumulate.

    Same columns as `disagreements`. A fall between two publishers shows that they do not count the same thing.
    """
    kept = _measured(table)
    kept = kept[
        (kept["unit"] == unit) & (kept["geography"] == geography) & kept["definition"].isin(CUMULATIVE)
    ]
    rows = []
    for _, points in kept.sort_values(["date", "source", "figure_id"]).groupby("definition", sort=False):
        for first, second in pairwise(points.to_dict("records")):
            if second["value"] < first["value"] and second["date"] > first["date"]:
                rows.append(_pair(first, second))
    return pd.DataFrame(rows)


def _same_series(first: dict[str, Any], second: dict[str, Any]) -> bool:
    # One publisher read in one place at two dates moves, it does not contradict itself.
    same = all(first[key] == second[key] for key in ("source", "publisher"))
    return same and bool(first["date"] != second["date"])


def _measured(table: pd.DataFrame) -> pd.DataFrame:
    # A target is no measure, and a bound (at least, at most) contradicts nothing.
    bound = table["qualifier"].isin(["min", "max"])
    return table[table["value"].notna() & ~bound & ~table["definition"].isin(["objectif", "autre"])]


def _pair(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    shared = {key: first[key] for key in ("definition", "geography", "unit")}
    sides = {
        f"{key}_{side}": row[key]
        for side, row in (("1", first), ("2", second))
        for key in ("source", "figure_id", "date", "value", "publisher", "second_hand")
    }
    names = {
        f"figure_{side}": f"{row['source']}/{row['figure_id']}" for side, row in (("1", first), ("2", second))
    }
    gap = second["value"] - first["value"]
    return {**names, **shared, **sides, "gap": gap, "gap_percent": 100 * gap / first["value"]}


def bridged(pairs: pd.DataFrame, bridges: pd.DataFrame) -> pd.DataFrame:
    """Disagreements with our explanation when there is one: adds `bridge`, "expliqué" or "inexpliqué", and `explanation`.

    Takes the output of `disagreements` and the table `coding/deployment_bridges` (figure_1, figure_2, explanation).
    """
    joined = pairs.merge(
        bridges[["figure_1", "figure_2", "explanation"]], on=["figure_1", "figure_2"], how="left"
    )
    joined["bridge"] = joined["explanation"].notna().map({True: "expliqué", False: "inexpliqué"})
    return joined


def contradictions(table: pd.DataFrame, *, days: int = 92) -> pd.DataFrame:
    """Disagreements and setbacks together, each pair once."""
    both = pd.concat([disagreements(table, days=days), setbacks(table)], ignore_index=True)
    return both.drop_duplicates(["figure_1", "figure_2"], ignore_index=True)


def progress(table: pd.DataFrame, *, target: float) -> pd.DataFrame:
    """Cumulative counts against a target: one row per count, `part` in percent of the target, oldest first.

    Raises DataError for a target that is not positive.
    """
    kept = _towards(table, target)
    rows = kept.assign(
        numerator=kept["value"],
        denominator=float(target),
        part=100 * kept["value"] / target,
        étiquette=[
            f"{french.date(row.date, row.date_precision)} · {row.definition_fr} ({labels.documents().get(row.source, LATER_FR)})"
            for row in kept.itertuples()
        ],
    )
    return rows[["étiquette", "part", "numerator", "denominator", "publisher"]]


def progress_sentence(table: pd.DataFrame, *, target: float) -> str:
    """One French sentence: the last count of the documents and the last of all, with their share of the target.

    Raises DataError for a target that is not positive.
    """
    kept = _towards(table, target)
    parts = []
    for name, rows in (
        ("dans les documents", kept[kept["source"] != "open"]),
        ("de seconde main", kept[kept["source"] == "open"]),
    ):
        signed = rows[rows["definition"] == "aci_signe"]
        if len(signed):
            last = signed.iloc[-1]
            share = french.percent(100 * last["value"] / target, 1)
            preposition = "au" if last["date_precision"] == "day" else "en"
            when = f"{preposition} {french.date(last['date'], last['date_precision'])}"
            parts.append(
                f"{french.number(last['value'])} accords signés {when} ({share} de la cible, {name})"
            )
    return f"Dernier comptage : {' ; '.join(parts)}."


def _towards(table: pd.DataFrame, target: float) -> pd.DataFrame:
    if not target > 0:
        raise DataError("La cible doit être un nombre positif de CPTS.")
    return series(table, definitions=CUMULATIVE)


def for_readers(table: pd.DataFrame) -> pd.DataFrame:
    """Deployment figures as readers see them: date in words, definition, what is counted, number, unit, who counted, where."""
    return pd.DataFrame(
        {
            "date": [french.date(row.date, row.date_precision) for row in table.itertuples()],
            "definition": table["definition"].map(named("definition")).to_numpy(),
            "label_fr": table["label_fr"].to_numpy(),
            "geography": table["geography"].map(named("geography")).to_numpy(),
            "value": table["value"].to_numpy(),
            "unit": table["unit"].to_numpy(),
            "publisher": [
                f"{row.publisher} — {_locator(row.source, row.line, row.second_hand)}"
                for row in table.itertuples()
            ],
        }
    )


def bridges_for_readers(bridges: pd.DataFrame) -> pd.DataFrame:
    """Disagreements with their explanation, in French: definition, both counts, gap in percent, bridge."""
    return pd.DataFrame(
        {
            "Définition": bridges["definition"].map(named("definition")),
            "Premier comptage": [_count(row, "1") for row in bridges.to_dict("records")],
            "Second comptage": [_count(row, "2") for row in bridges.to_dict("records")],
            "Écart (%)": bridges["gap_percent"].map(lambda gap: french.rounded(gap, 1)),
            "Pont": bridges["bridge"],
            "Explication (de l'observatoire)": bridges["explanation"].fillna("aucune dans les sources"),
        }
    )


def demography(study: Study) -> pd.DataFrame:
    """Figures of medical demography and supply of every document, one row each, by indicator then date."""
    source = study.package
    parts = []
    for name in source.reachable_names("/demography"):
        table = catalog.load(name, source)
        parts.append(table.assign(source=name.split("/")[0]))
    if not parts:
        raise DataError("Le paquet n'a aucun tableau de démographie (nom finissant par /demography).")
    joined = pd.concat(parts, ignore_index=True).sort_values(["indicator", "date"], kind="stable")
    # A year named by a document (start of a series, horizon of a projection) is no quantity.
    joined = joined[joined["value"].notna() & (joined["unit"] != "année")]
    return pd.DataFrame(
        {
            "label_fr": joined["label_fr"],
            "date": [french.date(row.date, row.date_precision) for row in joined.itertuples()],
            "geography": joined["geography"].map(named("geography")),
            "value": joined["value"],
            "unit": joined["unit"],
            "source": [_locator(row.source, row.line, False) for row in joined.itertuples()],
        }
    ).reset_index(drop=True)


def _locator(source: str, line: Any, second_hand: bool) -> str:
    if source == "open":
        return "seconde main" if second_hand else "relu dans la publication première"
    name = labels.document(source)
    # A column of lines with empty cells comes as floats.
    return name if line is None or pd.isna(line) else f"{name}, l. {int(line)}"


def _count(row: dict[str, Any], side: str) -> str:
    number = french.number(row[f"value_{side}"])
    when = french.date(row[f"date_{side}"], "month")
    where = _locator(row[f"source_{side}"], None, row[f"second_hand_{side}"])
    return f"{number} ({when}, {row[f'publisher_{side}']} ; {where})"
