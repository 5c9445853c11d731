"""Who answered what, by group and overall: long unrounded results, then the table that readers know as "table 1".

The base is always the respondents: a missing answer leaves it and is counted on its own row. With several answers per
respondent the base stays the respondents, so that the shares may add up to more than 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from helpers import french
from helpers.errors import DataError, NotComputable, UnknownName
from helpers.methods.rates import LONG_COLUMNS

OVERALL = "Ensemble"
COLUMNS = ("group", "category", *LONG_COLUMNS)
_BASE, _MISSING = "Base (n)", "Données manquantes"
_QUARTILES = "quartiles par interpolation linéaire (Hyndman et Fan 1996, type 7)"
MULTIPLE = "plusieurs réponses possibles"


def categorical(
    frame: pd.DataFrame,
    column: str | Sequence[str],
    *,
    by: str | None = None,
    order: Sequence[object] | None = None,
    labels: Mapping[Any, str] | None = None,
    multiple: bool = False,
    separator: str = ";",
    indicator: str = "",
    overall: bool = True,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Answers to one question: count, share in percent of the respondents and Wilson (1927) interval, by group and overall.

    Takes one row per respondent. `order` is the order of the questionnaire (else the categories of an ordered column, else
    the order of appearance); answers that nobody gave are kept, an answer that `order` lacks is refused. With `multiple`, a
    cell holds several answers (a list, or a text with `separator`), or `column` is a list of yes/no columns, one per answer;
    a respondent counts once per answer. `labels` gives the French of the answers. Returns one row per group and answer
    (statistic "proportion"), then one row per group for the missing answers (statistic "missing", a count out of all rows).
    A group without any respondent has missing shares and says so in `note`. Raises UnknownName for a column, DataError for
    an answer out of `order`, NotComputable when nobody answered.
    """
    _known(frame, [column] if isinstance(column, str) else column, by)
    answers = _answers(frame, column, separator) if multiple else _single(frame, str(column))
    title = indicator or (column if isinstance(column, str) else french.listing(column))
    choices = _choices(frame, column, answers, order, title)
    answered = answers.map(lambda given: given is not None).to_numpy(dtype=bool)
    if not answered.any() or not choices:
        raise NotComputable(f"{title} : personne n'a répondu, la répartition n'est pas définie.")
    chosen = np.array([[given is not None and choice in given for choice in choices] for given in answers])
    rows: list[pd.DataFrame] = []
    for group, inside in _groups(frame, by, overall):
        base, counts = int((inside & answered).sum()), chosen[inside].sum(axis=0)
        rows.append(_proportions(counts, base, confidence).assign(group=group, category=choices))
        absent = int((inside & ~answered).sum())
        missing = {"statistic": "missing", "value": absent, "numerator": absent, "denominator": inside.sum()}
        rows.append(pd.DataFrame([{**missing, "group": group, "category": None}]))
    notes = [f"{MULTIPLE} : les parts peuvent dépasser 100 %"] if multiple else []
    table = _long(rows, title, "%", notes)
    table["category"] = table["category"].map(lambda item: _label(item, labels), na_action="ignore")
    return table


def continuous(
    frame: pd.DataFrame,
    column: str,
    *,
    by: str | None = None,
    unit: str = "",
    indicator: str = "",
    overall: bool = True,
) -> pd.DataFrame:
    """A quantity: base, missing, mean, standard deviation, median, quartiles and extremes, by group and overall.

    Takes one row per respondent. Quartiles by linear interpolation (Hyndman and Fan 1996, type 7); standard deviation with
    n - 1, missing for a single value. Values are in `unit`, unrounded. A group without any value has missing statistics and
    says so in `note`. Raises UnknownName for a column, DataError for a column that is not a quantity, NotComputable when
    nothing is filled.
    """
    _known(frame, [column], by)
    title = indicator or column
    if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
        raise DataError(f"La colonne « {column} » n'est pas une quantité : décrivez-la par ses catégories.")
    values = frame[column].astype("float64").to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(values).all():
        raise NotComputable(f"{title} : aucune valeur renseignée.")
    rows = []
    for group, inside in _groups(frame, by, overall):
        filled = values[inside & ~np.isnan(values)]
        statistics = {
            "n": float(len(filled)),
            "missing": float(inside.sum() - len(filled)),
            **_moments(filled),
        }
        part = pd.DataFrame({"statistic": list(statistics), "value": list(statistics.values())})
        part["denominator"] = np.where(part["statistic"] == "missing", inside.sum(), len(filled))
        part["unit"] = np.where(part["statistic"].isin(["n", "missing"]), "", unit)
        rows.append(part.assign(group=group, note="" if len(filled) else "aucune valeur"))
    return _long(rows, title, None, []).assign(method=_QUARTILES)


def for_readers(long: pd.DataFrame, *, decimals: int = 1) -> pd.DataFrame:
    """Long results of `categorical` and `continuous` as a reader sees them: one row per answer, one column per group.

    Each indicator opens with its base (n) and closes with its missing values; shares read "12 (75,0 %)", quantities
    "34 [20–50]" for the median and its quartiles. Several indicators one under the other have their name in a first column.
    """
    groups = list(dict.fromkeys(long["group"]))
    rows: list[dict[str, str]] = []
    for indicator, part in long.groupby("indicator", sort=False):
        categories = part["category"].astype(object).where(part["category"].notna(), "")
        keys = list(zip(part["group"], part["statistic"], categories, strict=True))
        cells = dict(zip(keys, part.to_dict("records"), strict=True))
        if len(cells) < len(keys):
            group, _, category = next(key for key in keys if keys.count(key) > 1)
            raise DataError(
                f"{indicator} : deux groupes, deux réponses ou deux questions portent le même nom (groupe « {group} »"
                f"{f', réponse « {category} »' if category else ''}) ; renommez-en un, sinon l'un cacherait l'autre."
            )
        lines = _quantity_lines(part) if "median" in set(part["statistic"]) else _answer_lines(part)
        for title, kind, category in lines:
            row = {"Indicateur": str(indicator), "Réponse": title}
            for group in groups:
                row[str(group)] = _said(cells, group, kind, category, decimals)
            rows.append(row)
    table = pd.DataFrame(rows, columns=["Indicateur", "Réponse", *map(str, groups)], dtype=object)
    return table if table["Indicateur"].nunique() > 1 else table.drop(columns="Indicateur")


def _known(frame: pd.DataFrame, columns: Iterable[str], by: str | None) -> None:
    for column in [*columns, *([by] if by else [])]:
        if column not in frame.columns:
            raise UnknownName("Colonne", column, frame.columns)


def _groups(frame: pd.DataFrame, by: str | None, overall: bool) -> list[tuple[str, np.ndarray[Any, Any]]]:
    everyone = [(OVERALL, np.ones(len(frame), dtype=bool))] if overall or by is None else []
    if by is None:
        return everyone
    groups = frame[by]
    if isinstance(groups.dtype, pd.CategoricalDtype):
        names = list(groups.cat.categories)
    else:
        names = list(groups.dropna().drop_duplicates())
    found = [(str(name), groups.eq(name).fillna(False).to_numpy(dtype=bool)) for name in names]
    if groups.isna().any():
        # Someone whose group is unknown belongs to the whole: without this column the groups would not add up to it.
        found.append(("Groupe inconnu", groups.isna().to_numpy(dtype=bool)))
    return [*found, *everyone]


def _single(frame: pd.DataFrame, column: str) -> pd.Series[Any]:
    return pd.Series([None if pd.isna(value) else {value} for value in frame[column]], dtype=object)


def _answers(frame: pd.DataFrame, column: str | Sequence[str], separator: str) -> pd.Series[Any]:
    if not isinstance(column, str):
        ticks = frame[list(column)]
        given = [
            None if all(pd.isna(tick) for tick in row) else {name for name, tick in zip(column, row, strict=True) if _yes(tick)}
            for row in ticks.itertuples(index=False, name=None)
        ]  # fmt: skip
        return pd.Series(given, dtype=object)
    return pd.Series([_split(value, separator) for value in frame[column]], dtype=object)


def _split(value: Any, separator: str) -> dict[Any, None] | None:
    # A dictionary keeps the order of the answers; a set would not, from one run to the next.
    if isinstance(value, (list, tuple, set)):
        return dict.fromkeys(sorted(value, key=str) if isinstance(value, set) else value)
    if pd.isna(value):
        return None
    # As in the catalogue, an empty cell is missing; someone asked who ticked nothing is an empty list.
    return dict.fromkeys(part.strip() for part in str(value).split(separator) if part.strip()) or None


def _yes(tick: Any) -> bool:
    return not pd.isna(tick) and (
        tick is True or str(tick).strip().lower() in {"true", "1", "1.0", "oui", "x"}
    )


def _choices(
    frame: pd.DataFrame,
    column: str | Sequence[str],
    answers: pd.Series[Any],
    order: Sequence[object] | None,
    title: str,
) -> list[Any]:
    given = list(dict.fromkeys(answer for several in answers if several is not None for answer in several))
    if order is None and not isinstance(column, str):
        return list(column)
    if order is None and isinstance(frame[str(column)].dtype, pd.CategoricalDtype):
        return list(frame[str(column)].cat.categories)
    if order is None:
        return (
            [True, False]
            if set(given) <= {True, False} and pd.api.types.is_bool_dtype(frame[str(column)])
            else given
        )
    unknown = [answer for answer in given if answer not in order]
    if unknown:
        raise DataError(
            f"{title} : la réponse « {unknown[0]} » n'est pas dans l'ordre du questionnaire "
            f"({', '.join(map(str, order))}). Ajoutez-la ou corrigez la donnée."
        )
    return list(order)


def _label(item: Any, labels: Mapping[Any, str] | None) -> str:
    if labels and item in labels:
        return labels[item]
    return french.cell(item)


def _proportions(counts: np.ndarray[Any, Any], base: int, confidence: float) -> pd.DataFrame:
    part = pd.DataFrame({"statistic": "proportion", "numerator": counts, "denominator": base})
    if base == 0:
        return part.assign(value=np.nan, lower=np.nan, upper=np.nan, note="aucune réponse dans ce groupe")
    lower, upper = proportion_confint(counts, base, alpha=1 - confidence, method="wilson")
    part = part.assign(value=100 * counts / base, lower=100 * lower, upper=100 * upper)
    return part.assign(method="Wilson (1927)", confidence=confidence, unit="%")


def _moments(filled: np.ndarray[Any, Any]) -> dict[str, float]:
    names = ("mean", "sd", "q1", "median", "q3", "minimum", "maximum")
    if len(filled) == 0:
        return dict.fromkeys(names, float("nan"))
    q1, median, q3 = np.percentile(filled, [25, 50, 75])
    spread = float(filled.std(ddof=1)) if len(filled) > 1 else float("nan")
    values = (filled.mean(), spread, q1, median, q3, filled.min(), filled.max())
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _long(rows: list[pd.DataFrame], indicator: str, unit: str | None, notes: list[str]) -> pd.DataFrame:
    table = pd.concat([part.dropna(axis=1, how="all") for part in rows], ignore_index=True)
    table = table.reindex(columns=list(COLUMNS)).assign(indicator=indicator)
    for column in ("value", "lower", "upper", "numerator", "denominator", "confidence"):
        table[column] = table[column].astype("float64")
    for column in ("territory", "period", "method", "unit", "note"):
        table[column] = table[column].astype(object).where(table[column].notna(), "")
    if notes:
        table["note"] = [" ; ".join(filter(None, [*notes, text])) for text in table["note"]]
    return table


def _quantity_lines(part: pd.DataFrame) -> list[tuple[str, str, str]]:
    units = [unit for unit in part["unit"] if unit]
    title = f"Médiane [quartiles], {units[0]}" if units else "Médiane [quartiles]"
    return [(_BASE, "n", ""), (title, "median", ""), (_MISSING, "missing", "")]


def _answer_lines(part: pd.DataFrame) -> list[tuple[str, str, str]]:
    choices = list(dict.fromkeys(part.loc[part["statistic"] == "proportion", "category"]))
    return [
        (_BASE, "base", choices[0]),
        *((item, "proportion", item) for item in choices),
        (_MISSING, "missing", ""),
    ]


def _said(cells: Mapping[Any, Any], group: str, kind: str, category: str, decimals: int) -> str:
    if kind == "base":
        return french.number(float(cells[group, "proportion", category]["denominator"]))
    row = cells[group, kind, category]
    if kind == "proportion":
        return french.count_and_share(float(row["numerator"]), float(row["value"]), decimals)
    if kind == "median":
        if np.isnan(row["value"]):
            return "—"
        first, third = (float(cells[group, quartile, ""]["value"]) for quartile in ("q1", "q3"))
        return french.median_and_quartiles(float(row["value"]), first, third, decimals)
    return french.number(float(row["value"]))
