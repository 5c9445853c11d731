"""What a whole run writes beside its reports: the ledger of published figures, the index, the manifest."""

from __future__ import annotations

import csv
import io
import json
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from helpers import catalog
from helpers.catalog import Study, labels
from helpers.documents import verdicts
from helpers.errors import ObservatoireError
from helpers.files import grid, locks
from helpers.page import exports
from helpers.pipeline import cache, citation, standing, store
from helpers.pipeline.batch import Outcome
from helpers.pipeline.parameters import EXAMPLE, Notebook, notebooks, titled

LEDGER = "00_registre"
MOST_TOLD = 24
_VERSIONS = ("papermill", "nbconvert", "pandas", "seaborn", "statsmodels", "observatoire-cpts")
_PUBLISHED = (
    "claim_id", "document", "line", "table", "label_fr", "kind", "printed", "value", "relation", "unit",
)  # fmt: skip
_JUDGED = ("computed", "lower", "upper")


def write(place: Path, outcomes: Sequence[Outcome], *, whole: bool, folder: Path | None = None) -> None:
    """Write the ledger (when `whole`: every notebook of the project ran on its own data), the index and the manifest.

    A claim that no notebook checks, or that two notebooks judge differently, becomes the error of an outcome, and the ledger
    is then left as it was. Reports of earlier runs, or of another that ends at the same time, stay in the index and in the
    manifest as long as their file is there: one run at a time writes these files. Where all of it stands as it was written
    (see `standing`), nothing is written.
    """
    place.mkdir(parents=True, exist_ok=True)
    with locks.held(place):
        if standing.stands(place, outcomes, whole, folder):
            return
        if whole:
            _ledger(outcomes, place)
        manifest = _manifest(place, outcomes)
        errors = {name: row["error"] for name, row in manifest["reports"].items() if row["error"]}
        _index(place, outcomes, folder, errors, _titles(manifest))
        content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        store.write(place / "manifest.json", content + "\n")
        packages = [str(row["parameters"].get("paquet") or "") for row in manifest["reports"].values()]
        standing.keep(place, outcomes, whole, folder, packages)


def _ledger(outcomes: Sequence[Outcome], place: Path) -> None:
    from helpers.documents import claims

    register = claims.register(Study(""))
    checked: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        for record in outcome.records:
            earlier = checked.setdefault(record["claim_id"], {**record, "notebooks": []})
            if earlier["verdict"] != record["verdict"]:
                outcome.error = (
                    f"le chiffre « {record['claim_id']} » reçoit un autre verdict que dans un autre carnet"
                )
            # A report that recomputes on fewer bases tells fewer of them.
            if len(record["bases"]) > len(earlier["bases"]):
                earlier["bases"] = record["bases"]
            earlier["notebooks"].append(outcome.report.name)
    unchecked = [claim_id for claim_id in register.index if claim_id not in checked]
    keeper = next((outcome for outcome in outcomes if outcome.report.notebook.slug == LEDGER), outcomes[-1])
    if unchecked and not any(outcome.error for outcome in outcomes):
        count = len(unchecked)
        keeper.error = f"{count} chiffres publiés ne sont vérifiés par aucun carnet, dont « {unchecked[0]} »"
    if not any(outcome.error for outcome in outcomes):
        store.write(place / "registre.csv", _ledger_csv(register, checked))


def _ledger_csv(register: Any, checked: Mapping[str, dict[str, Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    explained = ("severity", "origin", "cause")
    after = ("verdict", *explained, "reason", "bases", "reply", "notebooks")
    writer.writerow([*_PUBLISHED, *_JUDGED, *after])
    for claim_id, claim in register.astype("object").fillna("").iterrows():
        record = checked[str(claim_id)]
        different = record["verdict"] in verdicts.DIFFERENT
        row = [_cell(claim[column]) for column in _PUBLISHED]
        row += [_cell(record[name]) for name in _JUDGED]
        row += [record["verdict"], *(claim[column] if different else "" for column in explained)]
        row += [record["reason"], record["bases"], exports.neutral(claim["reply"])]
        writer.writerow([*row, " ".join(record["notebooks"])])
    return buffer.getvalue()


def _cell(value: object) -> object:
    return f"{value:.10g}" if isinstance(value, float) else "" if value is None else value


def _titles(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(row.get("title") or "") for name, row in manifest["reports"].items()}


def _index(
    place: Path,
    outcomes: Iterable[Outcome],
    folder: Path | None,
    failed: Mapping[str, str],
    titles: Mapping[str, str],
) -> None:
    # nbconvert is not needed here, and an unchanged run should not pay for it.
    from helpers.pipeline import index

    outcomes = list(outcomes)
    known = {notebook.slug: notebook for notebook in notebooks(folder)}
    known |= {outcome.report.notebook.slug: outcome.report.notebook for outcome in outcomes}
    reports = [_shown(notebook, place, failed, titles) for notebook in known.values()]
    examples = [_example(notebook, place) for notebook in known.values()]
    page = index.page(
        reports,
        _totals(place),
        verdicts.VERDICTS,
        ledger=place / "registre.csv",
        examples=list(filter(None, examples)),
    )
    store.write(place / "index.html", page)


def _example(notebook: Notebook, place: Path) -> dict[str, Any] | None:
    """What the index tells of the report that a folder beside makes of the fictitious package, None without one."""
    folder = place / EXAMPLE
    entry = cache.load(folder, notebook.slug) if (folder / f"{notebook.slug}.html").exists() else None
    if entry is None:
        return None
    return {
        "slug": f"{EXAMPLE}/{notebook.slug}",
        "title": entry.title or titled(notebook.title),
        "question": notebook.question,
        "sections": entry.sections,
        "dated": "",
        "error": "",
        "exists": True,
        "variants": [],
    }


def _shown(
    notebook: Notebook, place: Path, failed: Mapping[str, str], titles: Mapping[str, str]
) -> dict[str, Any]:
    """What the index tells of one notebook: its report, and those by value."""
    slug = notebook.slug
    exists = (place / f"{slug}.html").exists()
    entry = cache.load(place, slug) if exists else None
    names = sorted(path.stem for path in place.glob(f"{slug}--*.html"))
    # Of a batch of a thousand, the index gives the titles: their words would weigh more than the reports.
    told = {name: cache.load(place, name) for name in (names if len(names) <= MOST_TOLD else names[:1])}
    package = next((found.package for found in (entry, *told.values()) if found and found.package), "")
    return {
        "slug": slug,
        "title": (entry.title if entry else "") or titled(notebook.title),
        "question": notebook.question,
        "use": notebook.use,
        "package": package,
        "dated": _dated(notebook, package) if exists or names else "",
        "sections": entry.sections if entry else [],
        "error": failed.get(slug, ""),
        "exists": exists,
        "variants": [
            {
                "slug": name,
                "title": _variant_title(titles.get(name, ""), notebook, name),
                "sections": found.sections if (found := told.get(name)) and len(names) <= MOST_TOLD else [],
            }
            for name in names
        ],
        "failed_variants": {name: text for name, text in failed.items() if name.startswith(f"{slug}--")},
    }


def _variant_title(own: str, notebook: Notebook, name: str) -> str:
    # A report that names its subject is known by it; another by the values that it was made with.
    return own if own and own != titled(notebook.title) else name


def _dated(notebook: Notebook, package: str) -> str:
    """Age of the data of a report, in words; empty when its package cannot be read any more."""
    try:
        return citation.of_code(notebook.code, package).age
    except ObservatoireError:
        return ""


def _totals(place: Path) -> list[dict[str, Any]]:
    path = place / "registre.csv"
    if not path.exists():
        return []
    from helpers.documents import totals

    rows = totals.totals(grid.exact(path).frame()).reset_index().to_dict("records")
    return [{**row, "label": labels.documents().get(row["document"], "Ensemble")} for row in rows]


def _manifest(place: Path, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    # The reports of a batch are made from nearly the same things: each set is written once, under its hash, so that
    # the manifest of a thousand reports stays small in the memory and on the disk.
    sets: dict[str, dict[str, str]] = {}
    head = {
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _VERSIONS},
    }
    now = {outcome.report.name: _manifest_row(place, outcome, sets) for outcome in outcomes}
    earlier, earlier_sets = _earlier(place)
    stay = {name: row for name, row in earlier.items() if name not in now and _there(place, name)}
    for row in stay.values():
        sets |= {row[key]: earlier_sets[row[key]] for key in ("inputs", "tables") if row[key] in earlier_sets}
    return {**head, "reports": {**stay, **now}, "sets": sets}


def _earlier(place: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Reports and sets of the manifest of the folder, each report with what it was made with; none when it cannot be read."""
    try:
        found = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        made = {key: found[key] for key in ("written", "python", "versions")}
        needed = {"error", "inputs", "tables"}
        rows = {
            str(name): {"made": made, **row}
            for name, row in found["reports"].items()
            if isinstance(row, dict) and needed <= set(row)
        }
        return rows, dict(found["sets"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}


def _there(place: Path, name: str) -> bool:
    return any((place / f"{name}{ending}").exists() for ending in (".html", "_ECHEC.ipynb"))


# The list of tables, and the list of names, whose mark has no place beside pages that are handed out.
_NO_TABLE = ("", catalog.NAMES_FILE)


def _manifest_row(place: Path, outcome: Outcome, sets: dict[str, dict[str, str]]) -> dict[str, Any]:
    entry = cache.load(place, outcome.report.name)
    found = [record["verdict"] for record in outcome.records]
    inputs = {key: value for key, value in entry.inputs.items() if key != "paramètres"} if entry else {}
    tables = (
        {read["name"]: read["digest"] for read in entry.reads if read["name"] not in _NO_TABLE}
        if entry
        else {}
    )
    return {
        "title": entry.title if entry else "",
        "parameters": outcome.report.values,
        "error": outcome.error,
        "made_again": outcome.reasons,
        "seconds": round(outcome.seconds, 3),
        "inputs": _named(inputs, sets),
        "tables": _named(tables, sets),
        "verdicts": {verdict: found.count(verdict) for verdict in verdicts.VERDICTS},
    }


def _named(content: dict[str, str], sets: dict[str, dict[str, str]]) -> str:
    name = cache.text_digest(json.dumps(content, sort_keys=True))
    sets.setdefault(name, content)
    return name
