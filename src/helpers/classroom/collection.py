"""What a class hands back: one row per pair and exercise, the class map of misconceptions, the scores of the hunt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.classroom import pages
from helpers.classroom.folders import GAPS, PLANS, RETURNED, TEACHER
from helpers.errors import DataError
from helpers.files import grid, limits, written
from helpers.page import exports
from helpers.seminar import exercises, hunt, planting
from helpers.seminar.checks import MIME
from helpers.seminar.slips import KINDS, NAMES

# What a pair reached, from the best: the last answer of a cell is the only one that a notebook keeps.
_RANK = {exercises.RIGHT: 0, exercises.NEAR: 1, exercises.KNOWN: 2, exercises.SLIP: 2, exercises.WRONG: 3}
CLASS, MAP, SCORES, PAGE = "classe.csv", "carte.csv", "scores.csv", "classe.html"
FINDINGS = "trouvailles.csv"
_FOUND = ["table", "key", "kind", "resultat", "points", "claims"]
_LARGEST = 50_000_000


def returned(folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    """Files that each pair handed back, by pseudonym: folders and zips of `rendus/`.

    Raises DataError when there is none, or for a zip that does not open.
    """
    place = folder / RETURNED
    found: dict[str, list[tuple[str, bytes]]] = {}
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        if path.is_symlink():
            continue
        if path.is_dir():
            own = sorted(item for item in path.rglob("*") if item.is_file() and not item.is_symlink())
            found[path.name] = [
                (item.name, item.read_bytes()) for item in own if item.stat().st_size < _LARGEST
            ]
        elif path.suffix == ".zip":
            found[path.stem] = _unzipped(path)
    if not found:
        raise DataError(
            f"« {place} » ne contient aucun dossier rendu : un dossier ou un zip par binôme, à son pseudonyme."
        )
    return found


def answers(folder: Path) -> pd.DataFrame:
    """One row per pair and exercise: `pseudonyme`, `exercise_id`, `verdict`, `mistake_id`, `essais`.

    Reads the records of the checks in the notebooks and the answers saved from the sheet; never what was answered.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for name, files in returned(folder).items():
        for record in (record for file, content in files for record in _records(f"{name}, {file}", content)):
            row = {"pseudonyme": name, **record}
            earlier = rows.get((name, row["exercise_id"]))
            if earlier is None or _RANK[row["verdict"]] < _RANK[earlier["verdict"]]:
                rows[name, row["exercise_id"]] = row
    columns = ["pseudonyme", "exercise_id", "verdict", "mistake_id", "essais"]
    return pd.DataFrame(list(rows.values()), columns=columns)


def class_map(found: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Exercise and mistake, with how many pairs are there and the hint that they read; the most frequent first.

    Columns `exercise_id`, `mistake_id`, `kind`, `binomes`, `hint_fr`: the order of the debrief.
    """
    known = study.table("seminar/mistakes")
    own = found[found["mistake_id"] != ""]
    counted = own.groupby(["exercise_id", "mistake_id"]).size().rename("binomes").reset_index()
    told = counted.merge(known, on=["exercise_id", "mistake_id"], how="left")
    ordered = told.sort_values(["binomes", "exercise_id", "mistake_id"], ascending=[False, True, True])
    return ordered[["exercise_id", "mistake_id", "kind", "binomes", "hint_fr"]].reset_index(drop=True)


def collect(folder: Path, study: Study) -> list[str]:
    """Write `classe.csv`, `carte.csv` and `classe.html` in the folder of the class; French sentences on what they hold."""
    found = answers(folder)
    told = class_map(found, study)
    pairs = len(returned(folder))
    page = exports.writable(_page(found, told, pairs, study))
    # What a pair handed back names its rows: no cell of theirs runs in the spreadsheet of the teacher.
    written.replace(folder, {CLASS: exports.csv(found), MAP: exports.csv(told), PAGE: page.encode()})
    read = (
        f"{french.plural(pairs, 'dossier rendu', 'dossiers rendus')}, {french.plural(len(found), 'réponse')}"
    )
    first = [f"{read} : {CLASS}, {MAP}, {PAGE}."]
    return first + [
        f"{row['exercise_id']} : « {row['mistake_id']} », {french.plural(int(row['binomes']), 'binôme')}."
        for row in told.head(3).to_dict("records")
    ]


def score(folder: Path, study: Study) -> list[str]:
    """Write `scores.csv`, the points of each hunt, and `trouvailles.csv`, its lines with the verdicts that each cell moved and
    the planted errors that nobody named; the points are returned as French sentences.

    Raises DataError when the plans of the teacher are not in the folder of the class.
    """
    plans = folder / TEACHER / PLANS
    if not (folder / TEACHER / GAPS).is_file():
        raise DataError(
            f"« {folder / TEACHER} » n'a pas les plans de plantation : donnez le dossier de « cpts seminar new »."
        )
    gaps = {(row["table"], int(row["line"])) for row in _kept(folder / TEACHER / GAPS, "table", "line")}
    rows: list[dict[str, Any]] = []
    found: list[pd.DataFrame] = []
    sentences: list[str] = []
    for name, files in returned(folder).items():
        path = plans / f"{name}.csv"
        if not path.is_file():
            sentences.append(f"{name} : aucun plan à ce pseudonyme, dossier laissé.")
            continue
        plan = pd.DataFrame(_kept(path, *planting.COLUMNS), columns=list(planting.COLUMNS))
        lines = next((hunt.lines(file, content) for file, content in files if file == "chasse.csv"), [])
        told = hunt.score(lines, plan, gaps, study)
        rows.append({"pseudonyme": name, "points": told.points, **_counts(told, plan)})
        both = pd.concat([told.lines, told.missed.assign(resultat=hunt.MISSED, points=0.0)])
        found.append(both.assign(pseudonyme=name)[["pseudonyme", *_FOUND]])
    findings = pd.concat(found) if found else pd.DataFrame(columns=["pseudonyme", *_FOUND])
    written.replace(folder, {SCORES: exports.csv(pd.DataFrame(rows)), FINDINGS: exports.csv(findings)})
    return sentences + [
        f"{row['pseudonyme']} : {french.plural(row['points'], 'point')} ; trouvées {row['trouvees']} sur "
        f"{row['plantees']}, vrais écarts {row['vrais_ecarts']}, fausses alertes {row['fausses_alertes']}."
        for row in rows
    ]


def _kept(path: Path, *columns: str) -> list[dict[str, str]]:
    """Rows of a table that the teacher keeps. Raises DataError when it is not as `cpts seminar new` wrote it."""
    table = grid.exact(path).frame()
    rows: list[dict[str, str]] = table.astype(str).to_dict("records")
    if not {*columns} <= set(table.columns) or not all(row.get("line", "0").isdecimal() for row in rows):
        raise DataError(f"« {path} » n'est plus le tableau de « cpts seminar new » : reprenez-en une copie.")
    return rows


def _counts(told: hunt.Score, plan: pd.DataFrame) -> dict[str, int]:
    results = told.lines["resultat"].value_counts()
    missed = told.missed["kind"].value_counts() if len(told.missed) else {}
    return {
        "plantees": len(plan),
        "trouvees": int(results.get(hunt.FOUND, 0)),
        "vrais_ecarts": int(results.get(hunt.REAL_GAP, 0)),
        "fausses_alertes": int(results.get(hunt.ALARM, 0)),
        **{f"manquees_{kind}": int(missed.get(kind, 0)) for kind in KINDS},
    }


def _page(found: pd.DataFrame, told: pd.DataFrame, pairs: int, study: Study) -> str:
    known = exercises.exercises(study)
    wide = found.pivot(index="pseudonyme", columns="exercise_id", values="verdict") if len(found) else found
    names = [name for name in known if name in wide.columns]
    grid = [
        [pair, *(("" if pd.isna(value) else str(value)) for value in wide.loc[pair, names])]
        for pair in wide.index
    ]
    debrief = [
        [
            known[row["exercise_id"]].title,
            str(row["binomes"]),
            "" if pd.isna(row["hint_fr"]) else row["hint_fr"],
        ]
        for row in told.to_dict("records")
        if row["exercise_id"] in known
    ]
    sections = [
        pages.Section("Dans quel ordre en parler", ["Le plus fréquent d'abord, avec l'indice lu."],
                      ["Exercice", "Binômes", "Indice"], debrief),
        pages.Section("Où en est chaque binôme", [], ["Binôme", *(known[name].number for name in names)], grid),
        pages.Section("Les natures d'erreurs plantées", [", ".join(NAMES.values()) + "."]),
    ]  # fmt: skip
    return pages.page(
        "La carte de la classe",
        [f"{french.plural(pairs, 'binôme')}. Un contrôle n'est jamais noté."],
        sections,
    )


def _records(file: str, content: bytes) -> Iterator[dict[str, Any]]:
    """What the checks of a notebook, or a saved sheet, say of each exercise; what has another shape is no record."""
    if not file.endswith((".ipynb", ".json")):
        return
    try:
        node = json.loads(content)
    except (ValueError, RecursionError):
        raise DataError(
            f"{file} : le fichier rendu n'est pas lisible (JSON) ; demandez-le de nouveau."
        ) from None
    yield from records(node)


def records(node: object) -> Iterator[dict[str, Any]]:
    """Records of the checks of an executed notebook or a saved sheet: `exercise_id`, `verdict`, `mistake_id`, `essais`."""
    saved = _list(node, "exercices")
    outputs = (output for cell in _list(node, "cells") for output in _list(cell, "outputs"))
    shown = (output.get("data") for output in outputs if isinstance(output, dict))
    for item in (*saved, *(data.get(MIME) for data in shown if isinstance(data, dict))):
        told = item if isinstance(item, dict) else {}
        name, verdict, mistake, tries = (told.get(key) for key in ("exercise", "verdict", "mistake", "try"))
        if isinstance(name, str) and isinstance(verdict, str) and verdict in _RANK:
            yield {
                "exercise_id": exports.writable(name),
                "verdict": verdict,
                "mistake_id": exports.writable(mistake) if isinstance(mistake, str) else "",
                "essais": tries if isinstance(tries, int) else 1,
            }


def _list(node: object, key: str) -> list[Any]:
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def _unzipped(path: Path) -> list[tuple[str, bytes]]:
    """Files of a student's zip that are read, by name; `limits` refuses what is damaged, protected or hostile."""
    archive = limits.archive(path)
    own = [item for item in archive.infolist() if not item.is_dir() and item.file_size < _LARGEST]
    wanted = [item for item in own if item.filename.endswith((".ipynb", ".json", "chasse.csv"))]
    return [
        (Path(item.filename).name, limits.member(archive, item.filename, path.name, named=False))
        for item in wanted
    ]
