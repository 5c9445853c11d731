"""The index page of the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import catalog, french
from helpers.catalog import labels
from helpers.errors import ObservatoireError
from helpers.files import grid
from helpers.pipeline import citation, page_template
from helpers.pipeline.parameters import USES

# So many reports by value have cards of their own; more are a folded list.
FEW = 6


def page(
    reports: Sequence[dict[str, Any]],
    totals: Sequence[dict[str, Any]],
    verdicts: Sequence[str],
    *,
    ledger: Path | None = None,
    examples: Sequence[dict[str, Any]] = (),
) -> str:
    """Index page: failures with their reason, search, the reports by what a reader wants, the ledger as picture and list.

    `reports` are dicts with `slug`, `title`, `question`, `error`, `exists`, and where known `use` (one of
    parameters.USES), `package` (that of the user), `dated` (age of the data), `sections` (see searchable.sections),
    `variants` (reports by value: `slug`, `title`, `sections`) and `failed_variants`. A report that is not in the folder has
    no card. `examples` are the reports of the fictitious package, under a head of their own. The script is allowed by its
    checksum; without it the page is the same list, unfiltered.
    """
    groups = _groups(reports)
    if examples:
        groups.append(
            {"id": "exemple-fictif", "title": "Un exemple : trois CPTS fictives", "cards": list(examples)}
        )
    package = next((str(report["package"]) for report in reports if report.get("package")), "")
    return page_template.written(
        "index_page.html.j2",
        groups=groups,
        passages=[passage for group in groups for card in group["cards"] for passage in _passages(card)],
        own=bool(package),
        failures=[failure for report in reports for failure in _failures(report)],
        totals=totals,
        bars=[_bar(row, verdicts) for row in totals],
        verdicts=verdicts,
        claims=_listed(ledger, reports) if ledger is not None and ledger.exists() else [],
        citation=_cited(package),
        package_title=_title(package),
        cited="Registre et rapports",
        mark="",
        **page_template.script("search.js"),
    )


def _title(package: str) -> str:
    """Title that a user's package has been given, empty without one or when it cannot be read any more."""
    try:
        return catalog.open_package(package).given_title if package else ""
    except ObservatoireError:
        return ""


def _cited(package: str) -> citation.Citation:
    try:
        return citation.of_package(package)
    except ObservatoireError:
        # The package of the reports was moved since: the page still says what the project is made of.
        return citation.of_package()


def _groups(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cards under the heads of the index: the user's reports first, then by use; no card without a page."""
    own: list[dict[str, Any]] = []
    by_use: dict[str, list[dict[str, Any]]] = {use: [] for use in USES}
    for report in reports:
        cards = by_use[report.get("use") or "comprendre"] if not report.get("package") else own
        variants = list(report.get("variants", ()))
        if report["exists"]:
            folded = [] if report.get("package") and len(variants) <= FEW else variants
            cards.append({**report, "variants": folded})
            variants = [] if folded else variants
        if len(variants) <= FEW:
            shared = {key: report.get(key, "") for key in ("question", "dated")}
            cards += [
                {**shared, **variant, "exists": True, "error": "", "variants": []} for variant in variants
            ]
        elif not report["exists"]:
            cards.append({**report, "variants": variants})
    found = [{"id": "vos-rapports", "title": "Vos rapports", "cards": own}]
    found += [{"id": use, "title": USES[use], "cards": cards} for use, cards in by_use.items()]
    return [group for group in found if group["cards"]]


def _passages(card: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What the search finds of a report: its title with its question and opening, then each section, by their words."""
    if card["exists"]:
        for anchor, title, words in card.get("sections") or [["", "", ""]]:
            yield {
                "href": f"{card['slug']}.html" + (f"#{anchor}" if anchor else ""),
                "title": f"{card['title']} › {title}" if title else str(card["title"]),
                "words": words,
                "said": "" if title else str(card["question"]),
            }
    for variant in card["variants"]:
        yield from _passages({"question": "", "exists": True, "variants": [], **variant})


def _failures(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Failures of a notebook: of its own report, then of its reports by value."""
    own = [dict(report)] if report["error"] else []
    by_value = report.get("failed_variants", {})
    kept = {variant["slug"] for variant in report.get("variants", ())}
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
    import pandas as pd

    from helpers.documents import claims

    pages = {report["slug"]: report for report in reports if report["exists"]}
    rows = []
    for row in grid.exact(ledger).frame().to_dict("records"):
        # The ledger itself shows everything: the report that tells the figure in its context is more useful.
        homes = sorted((slug for slug in row["notebooks"].split() if slug in pages), reverse=True)
        rows.append(
            {
                "label": row["label_fr"],
                "source": f"{labels.document(row['document'])}, l. {row['line']}",
                "printed": claims.published(pd.Series(row)),
                "reply": row["reply"],
                "computed": _computed(row),
                "verdict": row["verdict"],
                "rank": claims.RANKS[row["verdict"]],
                "mark": claims.MARKS[row["verdict"]],
                "report": pages[homes[0]] if homes else None,
            }
        )
    return rows


def _computed(row: Mapping[str, str]) -> str:
    import pandas as pd

    from helpers.documents import claims

    numbers = {name: float(row[name] or "nan") for name in ("computed", "lower", "upper", "value")}
    return claims.shown_row(pd.Series({**row, **numbers}))
