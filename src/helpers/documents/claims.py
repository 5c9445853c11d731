"""Published against recomputed: the verdict on each figure that a document prints and that arithmetic can check."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, TypeAlias

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.documents import intervals
from helpers.documents.intervals import Bounds
from helpers.documents.totals import (
    GRAVEST,
    SEVERITIES,
    by_kind,
    found_caption,
    origins,
    sentence,
    severities,
    severity_definitions,
    severity_sentence,
    totals,
)
from helpers.documents.verdicts import (
    COMPATIBLE,
    DIFFERENT,
    GAP,
    INCOMPATIBLE,
    MIME,
    NOT_REPRODUCIBLE,
    REPRODUCED,
    ROUNDED,
    VERDICTS,
    NotReproducible,
    Recomputed,
    verdict,
)
from helpers.errors import UnknownName
from helpers.page import display

__all__ = [
    "COLORS", "COMPATIBLE", "DIFFERENT", "GAP", "GRAVEST", "INCOMPATIBLE", "MARKS", "MIME",
    "NOT_REPRODUCIBLE", "RANKS", "REPRODUCED", "ROUNDED", "SEVERITIES", "VERDICTS", "ByDocument",
    "Checked", "NotReproducible", "Recomputed", "badge", "by_document", "by_kind", "check", "check_all", "found_caption",
    "not_reproducible",
    "origins", "published", "register", "sentence", "severities", "severity_definitions", "severity_sentence", "shown",
    "shown_row", "totals", "verdict", "verdict_table", "verdicts",
]  # fmt: skip

# The colours of the marks on the pages, so that a figure of verdicts reads like them.
COLORS = ("#00694E", "#7A5600", "#2F5D8A", "#A3211A", "#7B2D5B", "#5B636D")
MARKS = {REPRODUCED: "✓", ROUNDED: "≈", COMPATIBLE: "∈", GAP: "≠", INCOMPATIBLE: "∉", NOT_REPRODUCIBLE: "…"}
# Place of each verdict among the four colours of the pages.
RANKS = {REPRODUCED: 0, ROUNDED: 1, COMPATIBLE: 1, GAP: 2, INCOMPATIBLE: 2, NOT_REPRODUCIBLE: 3}
# A figure of these units is a year, or a year and a month written together.
_YEAR, _MONTH = "année", "AAAAMM"
ONLY_A_BOUND = "Une donnée du calcul n'est imprimée que comme une borne."
# What separates a claim from the name of another base on which it is recomputed.
BASE = "@"


def register(study: Study) -> pd.DataFrame:
    """All claims of the data package, indexed by `claim_id`, in the order of the file."""
    return study.table("claims").set_index("claim_id", drop=False)


def base_names(study: Study) -> dict[str, str]:
    """French name of each base (other than the first) on which a figure is recomputed, by `claim_id@base`."""
    table = study.table("claim_bases")
    named = zip(table["claim_id"], table["base"], table["label_fr"], strict=True)
    return {f"{claim_id}{BASE}{base}": str(label_fr) for claim_id, base, label_fr in named}


def verdicts(recomputed: Recomputed, study: Study) -> pd.DataFrame:
    """Claims of `recomputed` with what the arithmetic gives, one row per claim, indexed by `claim_id`.

    A figure recomputed on several bases (`claim_id@base`) is one claim: the verdict is that of its first base, the others are
    told in `bases`. Adds to the columns of the register: `computed` (unrounded; missing when only bounds are known), `lower`
    and `upper` (ends of what is computed), `gap` (computed - published), `verdict`, `reason` (when nothing can be computed, or
    why only bounds are), `bases`. Raises UnknownName for a claim that is not registered, or a base that has no name.
    """
    known = register(study)
    claims, others = _parted(recomputed, study)
    for claim_id in [*claims, *others]:
        if claim_id not in known.index:
            raise UnknownName("Chiffre publié", claim_id, known.index)
    table = known.loc[list(claims)].copy()
    judged = []
    for claim_id, claim in zip(table.index, table.to_dict("records"), strict=True):
        told = [(name, _judge(claim, value)) for name, value in others.get(str(claim_id), {}).items()]
        judged.append({**_judge(claim, claims[str(claim_id)]), "bases": _told_bases(claim, told)})
    for column in ("computed", "lower", "upper", "gap"):
        table[column] = pd.array([row[column] for row in judged], dtype="float64")
    for column in ("verdict", "reason", "bases"):
        table[column] = pd.array([row[column] for row in judged], dtype="string")
    # Severity, origin and cause speak of a difference: they are shown for one only.
    table.loc[~table["verdict"].isin(DIFFERENT), ["severity", "origin", "cause"]] = pd.NA
    return table


Value = float | Bounds | NotReproducible
# One claim by column: a plain record, which is read much faster than a row of a table.
Row: TypeAlias = "Mapping[str, Any] | pd.Series[Any]"


def _parted(recomputed: Recomputed, study: Study) -> tuple[dict[str, Value], dict[str, dict[str, Value]]]:
    """First base of each claim, then the others by claim and French name."""
    claims: dict[str, Value] = {}
    others: dict[str, dict[str, Value]] = {}
    names = base_names(study) if any(BASE in key for key in recomputed) else {}
    for key, value in recomputed.items():
        claim_id, _, base = key.partition(BASE)
        if not base:
            claims[claim_id] = value
            continue
        if key not in names:
            raise UnknownName("Base de recalcul", key, names)
        others.setdefault(claim_id, {})[names[key]] = value
    # Another base without the first, when a notebook asks for one topic only, waits for the report that has both.
    return claims, {claim_id: told for claim_id, told in others.items() if claim_id in claims}


def _judge(claim: Row, computed: Value) -> dict[str, Any]:
    missing = {"computed": math.nan, "lower": math.nan, "upper": math.nan, "gap": math.nan}
    if isinstance(computed, NotReproducible):
        return {**missing, "verdict": NOT_REPRODUCIBLE, "reason": computed.reason}
    if isinstance(computed, intervals.Interval) and math.isinf(computed.high - computed.low):
        computed = Bounds(computed.low, computed.high, ONLY_A_BOUND)
    tolerance = None if pd.isna(claim["tolerance"]) else float(claim["tolerance"])
    result = verdict(
        str(claim["printed"]),
        float(claim["value"]),
        computed,
        relation=str(claim["relation"]),
        tolerance=tolerance,
        unit=_unit(claim),
    )
    low, high = intervals.ends(computed)
    if isinstance(computed, Bounds):
        return {**missing, "lower": low, "upper": high, "verdict": result, "reason": computed.how}
    number = float(computed)
    gap = number - float(claim["value"])
    return {"computed": number, "lower": low, "upper": high, "gap": gap, "verdict": result, "reason": ""}


def _unit(claim: Row) -> str:
    return "" if pd.isna(claim["unit"]) else str(claim["unit"])


def _told_bases(claim: Row, judged: list[tuple[str, dict[str, Any]]]) -> str:
    """Other bases of a figure, each with what it gives: "par l'annexe 7, 175 000 € (écart)"."""
    return " ; ".join(
        f"{name}, {_shown(claim, told)} ({told['verdict']})"
        if told["verdict"] != NOT_REPRODUCIBLE
        else f"{name} : {told['reason']}"
        for name, told in judged
    )


_NO_DECIMALS = 1000
_NUMBERS = ("computed", "lower", "upper")


def _plain(number: float) -> float | str | None:
    """A number that JSON can carry: None for a missing one, its text for an infinite one."""
    if math.isnan(number):
        return None
    return str(number) if math.isinf(number) else number


class Checked:
    """Verdicts ready to be shown: an HTML table for the reader, a MIME record for the pipeline."""

    def __init__(self, table: pd.DataFrame, caption: str = "", *, folded: bool = False) -> None:
        self.table = table
        self.caption = caption
        self.folded = folded

    def records(self) -> list[dict[str, Any]]:
        """One plain record per claim, for the ledger."""
        rows = self.table[["claim_id", *_NUMBERS, "verdict", "reason", "bases"]].to_dict("records")
        return [{**row, **{name: _plain(row[name]) for name in _NUMBERS}} for row in rows]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        html = verdict_table(self.table, self.caption)
        if self.folded:
            count = french.plural(len(self.table), "chiffre")
            html = f"<details><summary>{escape(self.caption)} ({count})</summary>{html}</details>"
        return {MIME: self.records(), "text/html": html}


class ByDocument(Checked):
    """Verdicts shown document by document, in the order of the reports, each folded under the name of its document."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        known = labels.documents()
        parts = [(name, self.table[self.table["document"] == key]) for key, name in known.items()]
        tables = [Checked(rows, name, folded=True) for name, rows in parts if len(rows)]
        html = "".join(table._repr_mimebundle_()["text/html"] for table in tables)
        return {MIME: self.records(), "text/html": html}


def by_document(ledger: pd.DataFrame) -> ByDocument:
    """Every figure of the ledger, document by document: a document enters by its row in the table `documents`."""
    return ByDocument(ledger)


def check(claim_id: str, computed: float | Bounds, *, study: Study) -> Checked:
    """Verdict on one figure, shown in the notebook and collected by the pipeline. Raises UnknownName."""
    return Checked(verdicts({claim_id: computed}, study))


def check_all(
    recomputed: Recomputed | Iterable[Recomputed],
    caption: str = "",
    *,
    study: Study,
) -> Checked:
    """Verdicts on many figures at once; `recomputed` is one mapping of claims or several."""
    several = [recomputed] if isinstance(recomputed, Mapping) else list(recomputed)
    merged: dict[str, Value] = {claim_id: value for mapping in several for claim_id, value in mapping.items()}
    return Checked(verdicts(merged, study), caption)


def not_reproducible(claim_id: str, reason: str, *, study: Study) -> Checked:
    """Register a figure whose inputs are not published; `reason` (French) is shown. Raises UnknownName."""
    return Checked(verdicts({claim_id: NotReproducible(reason)}, study))


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
    # Words have no last digit: « quatre cent millions » asks for no cents.
    step = french.last_digit(printed, value) or (0.01 if abs(computed) < _NO_DECIMALS else 10)
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9) + 1)
    return french.agreed(french.number(french.rounded(computed, min(decimals, 4))), unit)


def published(row: Row) -> str:
    """What a document prints, with the sign of its relation when it is not an equality."""
    sign = "" if row["relation"] == "=" else f"{row['relation']}{french.NBSP}"
    return f"{sign}{french.typography(str(row['printed']))}"


def shown_row(row: Row) -> str:
    """What a row of verdicts recomputes, with its unit: a number, or the two bounds when only they are known."""
    return _shown(row, row)


def _shown(claim: Row, told: Row) -> str:
    printed, value, unit = str(claim["printed"]), float(claim["value"]), _unit(claim)
    if not math.isnan(told["computed"]):
        return shown(float(told["computed"]), printed, value, unit)
    low, high = float(told["lower"]), float(told["upper"])
    if math.isnan(low):
        return "—"
    if math.isinf(high):
        return f"au moins {shown(low, printed, value, unit)}"
    if math.isinf(low):
        return f"au plus {shown(high, printed, value, unit)}"
    return f"de {shown(low, printed, value)} à {shown(high, printed, value, unit)}"


def verdict_table(table: pd.DataFrame, caption: str = "") -> str:
    """HTML table of verdicts: figure, locator, published, recomputed, verdict, explanation (ours), reply of the author."""
    heads = ["Chiffre", "Source", "Publié", "Recalculé", "Verdict", "Explication (de l'observatoire)"]
    answered = "reply" in table and bool(table["reply"].notna().any())
    if answered:
        heads.append("Réponse de l'auteur")
    head = "".join(f'<th scope="col">{item}</th>' for item in heads)
    body = "".join(_verdict_row(row, answered=answered) for row in table.to_dict("records"))
    title = caption or "Chiffres publiés et chiffres recalculés"
    html = f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return display.folded(f'<table class="verdicts">{html}</table>', title, len(table))


def explanation(row: Row) -> str:
    """What the observatory says of a verdict: severity, origin and cause of a difference, reason, other bases."""
    parts = []
    if row["verdict"] in DIFFERENT and pd.notna(row["cause"]):
        origin = labels.codes("claims", "origin").get(str(row["origin"]), "")
        judged = " ; ".join(str(item) for item in (row["severity"], origin) if pd.notna(item) and item)
        parts.append(f"[{judged}] {row['cause']}")
    elif pd.notna(row["reason"]) and row["reason"]:
        parts.append(str(row["reason"]))
    if pd.notna(row["bases"]) and row["bases"]:
        parts.append(f"Autre calcul : {row['bases']}.")
    return " ".join(parts)


def _verdict_row(row: Row, *, answered: bool) -> str:
    sign = "" if row["relation"] == "=" else f"{row['relation']} "
    cells = [
        f'<th scope="row">{escape(str(row["label_fr"]))}</th>',
        f'<td class="locator">{labels.document(str(row["document"]))}, l. {row["line"]}</td>',
        f'<td class="num">{escape(sign + str(row["printed"]))}</td>',
        f'<td class="num">{escape(shown_row(row))}</td>',
        f"<td>{badge(str(row['verdict']))}</td>",
        f"<td>{escape(explanation(row))}</td>",
    ]
    if answered:
        cells.append(f"<td>{escape('' if pd.isna(row['reply']) else str(row['reply']))}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def badge(result: str) -> str:
    """HTML mark of a verdict: sign and word, so that colour is never alone."""
    return f'<span class="verdict v-{RANKS[result]}">{MARKS[result]} {result}</span>'
