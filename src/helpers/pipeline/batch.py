"""Render many reports: run, write whole or not at all, then the ledger, the index and the manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat

from helpers import catalog, claims
from helpers.errors import ObservatoireError, RunError, UnknownName
from helpers.pipeline import render as pages
from helpers.pipeline import run
from helpers.pipeline.parameters import Notebook, choose, notebooks

DEFAULT_OUT = Path(__file__).resolve().parents[3] / "reports"
LEDGER = "00_registre"
_VERSIONS = ("papermill", "nbconvert", "pandas", "seaborn", "statsmodels", "observatoire-cpts")


@dataclass
class Outcome:
    """What happened to one report."""

    notebook: Notebook
    values: dict[str, Any]
    seconds: float = 0.0
    error: str = ""
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """One line for the user."""
        if self.error:
            return f"✗ {self.notebook.slug} : {self.error}"
        return f"✓ {self.notebook.slug} ({self.seconds:.1f} s, {len(self.records)} chiffres vérifiés)"


def render(
    names: list[str],
    given: Mapping[str, Any],
    *,
    out: Path | None = None,
    jobs: int | None = None,
    timeout: int = 600,
    folder: Path | None = None,
) -> list[Outcome]:
    """Run the notebooks `names` (all when empty) with the parameters `given` and write their reports in `out`.

    With several notebooks a parameter goes to those that have it; one that none has is refused (UnknownName). Returns one
    outcome per notebook; a failing one keeps its last good report. Raises UsageError before anything runs.
    """
    chosen = choose(names, folder)
    plan = [(notebook, notebook.values(_for(notebook, given, chosen))) for notebook in chosen]
    if given.get("paquet"):
        catalog.open_package(str(given["paquet"])).names()
    place = out or DEFAULT_OUT
    _prepare(place)
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        outcomes = list(pool.map(lambda item: _one(item[0], item[1], place, timeout), plan))
    whole = not names and not given.get("paquet")
    if whole:
        _ledger(outcomes, place)
    _index(place, outcomes, folder)
    write(
        place / "manifest.json",
        json.dumps(_manifest(outcomes), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    )
    return outcomes


def _for(notebook: Notebook, given: Mapping[str, Any], chosen: Sequence[Notebook]) -> dict[str, Any]:
    everywhere = {parameter.name for other in chosen for parameter in other.parameters}
    for name in given:
        if name not in everywhere:
            raise UnknownName("Paramètre", name, everywhere)
    own = {parameter.name for parameter in notebook.parameters}
    return {name: value for name, value in given.items() if name in own}


def _prepare(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe = place / f".ecriture-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise RunError(
            f"Impossible d'écrire dans « {place} » : {error.strerror}. Choisissez un autre dossier (--out)."
        ) from None


def _one(notebook: Notebook, values: dict[str, Any], place: Path, timeout: int) -> Outcome:
    outcome = Outcome(notebook, values)
    began = time.perf_counter()
    failed = place / f"{notebook.slug}_ECHEC.ipynb"
    try:
        node = run.execute(notebook, values, timeout=timeout)
        outcome.records = run.records(node)
        page = pages.html(node, notebook, values)
        write(place / f"{notebook.slug}.ipynb", nbformat.writes(node) + "\n")
        write(place / f"{notebook.slug}.html", page)
        failed.unlink(missing_ok=True)
    except ObservatoireError as error:
        outcome.error = str(error)
        partial = getattr(error, "partial", None)
        if partial is not None:
            write(failed, nbformat.writes(partial) + "\n")
    outcome.seconds = time.perf_counter() - began
    return outcome


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: under a temporary name, then moved. Raises RunError when the disk refuses."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        # Half a character (a lone surrogate in a cell of the user) is written as its escape, which JSON reads back.
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RunError(
            f"« {path.name} » n'a pas pu être écrit : {error.strerror}. L'ancien rapport est gardé."
        ) from None


def _ledger(outcomes: Sequence[Outcome], place: Path) -> None:
    register = claims.register()
    checked: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        for record in outcome.records:
            earlier = checked.setdefault(record["claim_id"], {**record, "notebooks": []})
            if earlier["verdict"] != record["verdict"]:
                outcome.error = (
                    f"le chiffre « {record['claim_id']} » reçoit un autre verdict que dans un autre carnet"
                )
            earlier["notebooks"].append(outcome.notebook.slug)
    unchecked = [claim_id for claim_id in register.index if claim_id not in checked]
    keeper = next((outcome for outcome in outcomes if outcome.notebook.slug == LEDGER), outcomes[-1])
    if unchecked and not any(outcome.error for outcome in outcomes):
        keeper.error = (
            f"{len(unchecked)} chiffres publiés ne sont vérifiés par aucun carnet, dont « {unchecked[0]} »"
        )
    if any(outcome.error for outcome in outcomes):
        return
    write(place / "registre.csv", _ledger_csv(register, checked))


def _ledger_csv(register: Any, checked: Mapping[str, dict[str, Any]]) -> str:
    columns = ["claim_id", "document", "line", "table", "label_fr", "printed", "relation", "unit"]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*columns, "computed", "verdict", "severity", "cause", "reason", "reply", "notebooks"])
    for claim_id, claim in register.astype("object").fillna("").iterrows():
        record = checked[str(claim_id)]
        gap = record["verdict"] == claims.GAP
        computed = "" if record["computed"] is None else f"{record['computed']:.10g}"
        explained = [claim["severity"], claim["cause"]] if gap else ["", ""]
        row = [claim[column] for column in columns]
        writer.writerow(
            [
                *row,
                computed,
                record["verdict"],
                *explained,
                record["reason"],
                claim["reply"],
                " ".join(record["notebooks"]),
            ]
        )
    return buffer.getvalue()


def _index(place: Path, outcomes: Sequence[Outcome], folder: Path | None) -> None:
    failed = {outcome.notebook.slug: outcome.error for outcome in outcomes if outcome.error}
    reports = [
        {
            "slug": notebook.slug,
            "title": notebook.title,
            "question": notebook.question,
            "error": failed.get(notebook.slug, ""),
            "exists": (place / f"{notebook.slug}.html").exists(),
        }
        for notebook in notebooks(folder)
    ]
    ledger = place / "registre.csv"
    write(place / "index.html", pages.index(reports, _totals(place), claims.VERDICTS, ledger=ledger))


def _totals(place: Path) -> list[dict[str, Any]]:
    path = place / "registre.csv"
    if not path.exists():
        return []
    ledger = catalog.read_raw(path)
    rows = claims.totals(ledger).reset_index().to_dict("records")
    return [{**row, "label": claims.DOCUMENTS_FR.get(row["document"], "Ensemble")} for row in rows]


def _manifest(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in _VERSIONS},
        "reports": {
            outcome.notebook.slug: {
                "parameters": outcome.values,
                "notebook_sha256": hashlib.sha256(outcome.notebook.path.read_bytes()).hexdigest(),
                "seconds": round(outcome.seconds, 2),
                "error": outcome.error,
                "verdicts": {
                    verdict: sum(record["verdict"] == verdict for record in outcome.records)
                    for verdict in claims.VERDICTS
                },
            }
            for outcome in outcomes
        },
    }
