"""The index page of the reports."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from helpers import catalog, french
from helpers.catalog import labels
from helpers.documents import claims
from helpers.pipeline import citation
from helpers.pipeline.typeset import typeset, writable

TEMPLATES = Path(__file__).resolve().parent / "template"


def page(
    reports: Sequence[dict[str, Any]],
    totals: Sequence[dict[str, Any]],
    verdicts: Sequence[str],
    *,
    ledger: Path | None = None,
) -> str:
    """Index page: failures with their reason, search, each report with its question, the ledger as a picture and a list.

    `reports` have `slug`, `title`, `question`, `error` and `exists`; `totals` one row per document and one for all;
    `ledger` is the CSV file of the ledger, whose rows are listed when it exists. The one script of the page is allowed by
    its checksum; without it the page is the same list, unfiltered.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "observatoire"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "observatoire" / "search.js").read_text(encoding="utf-8")
    written = environment.get_template("index_page.html.j2").render(
        reports=reports,
        failures=[failure for report in reports for failure in _failures(report)],
        totals=totals,
        bars=[_bar(row, verdicts) for row in totals],
        verdicts=verdicts,
        claims=_listed(ledger, reports) if ledger is not None and ledger.exists() else [],
        citation=citation.of_package(),
        cited="Registre et rapports",
        mark="",
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode(),
    )
    return writable(typeset(written))


def _failures(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Failures of a notebook: of its own report, then of its reports by value."""
    own = [dict(report)] if report["error"] else []
    by_value = report.get("failed_variants", {})
    kept = report.get("variants", ())
    return own + [
        {"title": report["title"], "slug": name, "error": reason, "exists": name in kept}
        for name, reason in by_value.items()
    ]


def _bar(row: Mapping[str, Any], verdicts: Sequence[str]) -> dict[str, Any]:
    """One bar of the picture: its parts in per cent of its length, and the same in words."""
    parts, start = [], 0.0
    for rank, verdict in enumerate(verdicts):
        width = 100 * row[verdict] / row["total"] if row["total"] else 0.0
        if width:
            parts.append(
                {
                    "rank": rank,
                    "count": row[verdict],
                    "start": round(start, 3),
                    "width": round(width, 3),
                    "middle": round(start + width / 2, 3),
                }
            )
        start += width
    words = ", ".join(f"{row[verdict]} {verdict}" for verdict in verdicts)
    total = french.plural(row["total"], "chiffre vérifié", "chiffres vérifiés")
    return {
        "label": row["label"],
        "total": row["total"],
        "parts": parts,
        "text": f"{row['label']} : {total} ; {words}",
    }


def _listed(ledger: Path, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    pages = {report["slug"]: report for report in reports if report["exists"]}
    rows = []
    for row in catalog.read_raw(ledger).to_dict("records"):
        # The ledger itself shows everything: the report that tells the figure in its context is more useful.
        homes = sorted((slug for slug in row["notebooks"].split() if slug in pages), reverse=True)
        rows.append(
            {
                "label": row["label_fr"],
                "source": f"{labels.DOCUMENTS_FR.get(row['document'], row['document'])}, l. {row['line']}",
                "printed": row["printed"]
                if row["relation"] == "="
                else f"{row['relation']} {row['printed']}",
                "computed": _computed(row),
                "verdict": row["verdict"],
                "rank": claims.VERDICTS.index(row["verdict"]),
                "mark": claims.MARKS[row["verdict"]],
                "report": pages[homes[0]] if homes else None,
            }
        )
    return rows


def _computed(row: Mapping[str, str]) -> str:
    if not row["computed"]:
        return "—"
    number = float(row["computed"])
    published = french.first_number(row["printed"])
    return claims.shown(number, row["printed"], number if published is None else published, row["unit"])
