"""Published against recomputed: the verdict on each figure that a document prints and that arithmetic can check."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import labels
from helpers.errors import DataError, UnknownName
from helpers.page import display

MIME = "application/vnd.observatoire.claims+json"
REPRODUCED, ROUNDED, GAP, NOT_REPRODUCIBLE = "reproduit", "arrondi", "écart", "non reproductible"
VERDICTS = (REPRODUCED, ROUNDED, GAP, NOT_REPRODUCIBLE)
SEVERITIES = ("saisie", "arrondi", "base", "définition", "change la lecture")
# The colours of the marks on the pages, so that a figure of verdicts reads like them.
COLORS = ("#00694E", "#7A5600", "#A3211A", "#5B636D")
MARKS = {REPRODUCED: "✓", ROUNDED: "≈", GAP: "≠", NOT_REPRODUCIBLE: "…"}
# Floating-point sums of printed decimals (0.1 + 0.2) must not turn an equality into a difference.
_NOISE = 1e-9
# A figure of these units is a year, or a year and a month written together.
_YEAR, _MONTH = "année", "AAAAMM"


@dataclass(frozen=True)
class NotReproducible:
    """A claim whose inputs no document publishes, with the reason (in French) shown to the reader."""

    reason: str


Recomputed = Mapping[str, float | NotReproducible]


def register(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """All claims of the data package, indexed by `claim_id`, in the order of the file."""
    return catalog.load("claims", package).set_index("claim_id", drop=False)


def verdict(
    printed: str, value: float, computed: float, *, relation: str = "=", tolerance: float | None = None
) -> str:
    """Verdict on one figure: "reproduit", "arrondi" or "écart".

    `=` reproduces within half a unit of the last printed digit and rounds within one unit; with `tolerance` 0 only equality
    reproduces (counts). `≈` reproduces within the relative `tolerance`. `<`, `>`, `≤`, `≥` compare `computed` with `value`.
    Raises DataError for another relation, or for `≈` without a tolerance.
    """
    if not math.isfinite(computed):
        return GAP
    noise = _NOISE * max(1.0, abs(value))
    difference = abs(computed - value)
    if relation == "=":
        if tolerance == 0:
            return REPRODUCED if difference <= noise else GAP
        unit = french.last_digit(printed, value)
        if difference <= unit / 2 + noise:
            return REPRODUCED
        return ROUNDED if difference <= unit + noise else GAP
    if relation == "≈":
        if tolerance is None or math.isnan(tolerance):
            raise DataError(
                f"La relation ≈ de « {printed} » demande une tolérance relative (colonne tolerance)."
            )
        return REPRODUCED if difference <= tolerance * abs(value) + noise else GAP
    holds = {
        "<": computed < value - noise,
        ">": computed > value + noise,
        "≤": computed <= value + noise,
        "≥": computed >= value - noise,
    }
    if relation not in holds:
        raise DataError(f"Relation inconnue « {relation} » : employez =, ≈, <, >, ≤ ou ≥.")
    return REPRODUCED if holds[relation] else GAP


def verdicts(recomputed: Recomputed, package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Claims of `recomputed` with what the arithmetic gives, one row per claim, indexed by `claim_id`.

    Adds to the columns of the register: `computed` (unrounded), `gap` (computed - published), `verdict`, `reason` (when
    nothing can be computed). Raises UnknownName for a claim that is not registered.
    """
    known = register(package)
    for claim_id in recomputed:
        if claim_id not in known.index:
            raise UnknownName("Chiffre publié", claim_id, known.index)
    table = known.loc[list(recomputed)].copy()
    judged = [_judge(claim, recomputed[str(claim["claim_id"])]) for _, claim in table.iterrows()]
    for column in ("computed", "gap"):
        table[column] = pd.array([row[column] for row in judged], dtype="float64")
    for column in ("verdict", "reason"):
        table[column] = pd.array([row[column] for row in judged], dtype="string")
    # Severity and cause speak of a difference: they are shown for an écart only.
    table.loc[table["verdict"] != GAP, ["severity", "cause"]] = pd.NA
    return table


def _judge(claim: pd.Series[Any], computed: float | NotReproducible) -> dict[str, Any]:
    if isinstance(computed, NotReproducible):
        return {"computed": math.nan, "gap": math.nan, "verdict": NOT_REPRODUCIBLE, "reason": computed.reason}
    number = float(computed)
    tolerance = None if pd.isna(claim["tolerance"]) else float(claim["tolerance"])
    result = verdict(
        str(claim["printed"]),
        float(claim["value"]),
        number,
        relation=str(claim["relation"]),
        tolerance=tolerance,
    )
    return {"computed": number, "gap": number - float(claim["value"]), "verdict": result, "reason": ""}


def totals(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of claims by document (rows) and verdict (columns, all four always present), with a total row and column."""
    documents = [name for name in labels.documents() if name in set(ledger["document"])]
    table = pd.crosstab(ledger["document"], ledger["verdict"]).reindex(
        index=documents, columns=list(VERDICTS), fill_value=0
    )
    table.loc["total"] = table.sum()
    table["total"] = table.sum(axis=1)
    return table.rename_axis(index="document", columns=None)


def severities(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of differences by document (rows, in French) and severity (columns, all five), with a total."""
    gaps = ledger[ledger["verdict"] == GAP]
    documents = [name for name in labels.documents() if name in set(ledger["document"])]
    table = pd.crosstab(gaps["document"], gaps["severity"])
    table = table.reindex(index=documents, columns=list(SEVERITIES), fill_value=0).rename(
        index=labels.documents()
    )
    table["total"] = table.sum(axis=1)
    table.loc["Ensemble"] = table.sum()
    return table.rename_axis(index="Document", columns=None).reset_index()


def severity_sentence(ledger: pd.DataFrame) -> str:
    """One French sentence that counts the differences by severity, the gravest first, those without any left out."""
    counts = ledger.loc[ledger["verdict"] == GAP, "severity"].value_counts()
    parts = [f"{int(counts[name])} de gravité « {name} »" for name in reversed(SEVERITIES) if name in counts]
    if not parts:
        return "Aucun écart."
    return (
        f"{french.plural(int(counts.sum()), 'écart')} : {french.listing(parts)} (jugement de l'observatoire)."
    )


class Checked:
    """Verdicts ready to be shown: an HTML table for the reader, a MIME record for the pipeline."""

    def __init__(self, table: pd.DataFrame, caption: str = "") -> None:
        self.table = table
        self.caption = caption

    def records(self) -> list[dict[str, Any]]:
        """One plain record per claim, for the ledger."""
        rows = self.table[["claim_id", "computed", "verdict", "reason"]].to_dict("records")
        return [{**row, "computed": None if pd.isna(row["computed"]) else row["computed"]} for row in rows]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {MIME: self.records(), "text/html": verdict_table(self.table, self.caption)}


def check(claim_id: str, computed: float, *, package: catalog.Package | str | None = None) -> Checked:
    """Verdict on one figure, shown in the notebook and collected by the pipeline. Raises UnknownName."""
    return Checked(verdicts({claim_id: computed}, package))


def check_all(
    recomputed: Recomputed | Iterable[Recomputed],
    caption: str = "",
    *,
    package: catalog.Package | str | None = None,
) -> Checked:
    """Verdicts on many figures at once; `recomputed` is one mapping of claims or several."""
    several = [recomputed] if isinstance(recomputed, Mapping) else list(recomputed)
    merged = {claim_id: value for mapping in several for claim_id, value in mapping.items()}
    return Checked(verdicts(merged, package), caption)


def not_reproducible(claim_id: str, reason: str, *, package: catalog.Package | str | None = None) -> Checked:
    """Register a figure whose inputs are not published; `reason` (French) is shown. Raises UnknownName."""
    return Checked(verdicts({claim_id: NotReproducible(reason)}, package))


def shown(computed: float, printed: str, value: float, unit: str = "") -> str:
    """Recomputed figure and its unit, written in French with one digit more than the printed one.

    A year stands alone, and a month too: 202203 is "mars 2022".
    """
    if math.isnan(computed):
        return "—"
    if unit == _YEAR:
        return str(int(computed))
    if unit == _MONTH:
        year, month = divmod(int(computed), 100)
        return french.date(dt.date(year, month, 1), "month")
    step = french.last_digit(printed, value) or 0.01
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9)) + 1
    return f"{french.number(round(computed, min(decimals, 4)))} {unit}".strip()


def verdict_table(table: pd.DataFrame, caption: str = "") -> str:
    """HTML table of verdicts: figure, locator, published, recomputed, verdict, explanation (ours)."""
    heads = ("Chiffre", "Source", "Publié", "Recalculé", "Verdict", "Explication (de l'observatoire)")
    head = "".join(f'<th scope="col">{item}</th>' for item in heads)
    body = "".join(_verdict_row(row) for _, row in table.iterrows())
    title = caption or "Chiffres publiés et chiffres recalculés"
    html = f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return display.region(f'<table class="verdicts">{html}</table>', title)


def _verdict_row(row: pd.Series[Any]) -> str:
    result = str(row["verdict"])
    explanation = row["cause"] if result == GAP else row["reason"]
    if result == GAP and pd.notna(row["severity"]):
        explanation = f"[{row['severity']}] {explanation}"
    unit = "" if pd.isna(row["unit"]) else str(row["unit"])
    computed = shown(float(row["computed"]), str(row["printed"]), float(row["value"]), unit)
    sign = "" if row["relation"] == "=" else f"{row['relation']} "
    cells = (
        f'<th scope="row">{escape(str(row["label_fr"]))}</th>',
        f'<td class="locator">{labels.document(row["document"])}, l. {row["line"]}</td>',
        f'<td class="num">{escape(sign + str(row["printed"]))}</td>',
        f'<td class="num">{escape(computed)}</td>',
        f"<td>{badge(result)}</td>",
        f"<td>{escape('' if pd.isna(explanation) else str(explanation))}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def badge(result: str) -> str:
    """HTML mark of a verdict: sign and word, so that colour is never alone."""
    return f'<span class="verdict v-{VERDICTS.index(result)}">{MARKS[result]} {result}</span>'
