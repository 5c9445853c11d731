"""A reread document enters the ledger: rows that a person kept become claims, recomputed from their terms."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers import catalog, french
from helpers.documents import reproductions
from helpers.documents.relations import RELATIONS
from helpers.errors import DataError, UsageError
from helpers.files import grid, locks, written
from helpers.intake import check
from helpers.rereading.findings import FAMILIES
from helpers.rereading.proposals import KEEP

KEY = re.compile(r"[a-z]+[0-9]{4}")
# "written" and not "printed": a term may be a day or a word, which is no number printed in a cell.
TERMS = ("claim_id", "rank", "equation", "written", "value", "unit", "line")
_YES, _NO = {"oui", "o", "x", "1"}, {"", "non", "n", "0"}
_TEXT_NOT_STORED = "0" * 64
_MODULE = '''"""Recomputed figures of {key}: checks of a rereading that a person confirmed, from the terms that it read."""

from __future__ import annotations

from helpers.catalog import Study
from helpers.documents import relations
from helpers.documents.claims import Recomputed


def confirmed(study: Study) -> Recomputed:
    """Every confirmed check, by the relation that its terms name."""
    return relations.recomputed(study, "{key}/terms")


TOPICS = {{"confirmed": confirmed}}
'''
_TEST = '''"""The confirmed figures of {key} have a verdict, each from its own terms."""

from __future__ import annotations

from helpers.catalog import Study
from helpers.documents import claims, reproductions


def test_every_confirmed_figure_is_recomputed():
    study = Study("")
    ledger = reproductions.ledger(["{key}"], study=study)
    register = claims.register(study)
    assert set(ledger.index) == set(register[register["document"] == "{key}"].index)
    assert ledger["verdict"].value_counts().to_dict() == {verdicts!r}
'''


def enter(key: str, source: Path, *, name: str = "", title: str = "", text: str = "") -> list[str]:
    """Write the document `key` from the rows of `source` whose `a_garder` is oui; give a French sentence per file.

    Writes `data/documents/<key>/terms.csv`, rows of `documents.csv` and `claims.csv`, the description of the table, a module of
    reproductions and its test. Raises UsageError for a key that is not letters then a year, or known already; DataError when no
    row is kept or a row cannot be read. All the data are written or none.
    """
    package = catalog.open_package()
    if not KEY.fullmatch(key):
        raise UsageError(
            f"« {key} » : une clé est un nom en minuscules suivi de l'année, par exemple dupont2025."
        )
    if key in set(catalog.Study("").table("documents")["key"]):
        raise UsageError(f"« {key} » est déjà un document du registre : choisissez une autre clé.")
    rows = kept(source)
    claims_columns = list(package.table("claims").columns)
    missing = [
        column for column in (*claims_columns[:8], "famille", "equation", "termes") if column not in rows[0]
    ]
    if missing:
        raise DataError(
            f"{source.name} n'a pas la colonne « {missing[0]} » : partez du CSV que « cpts relire » écrit."
        )
    claims, terms = _claims(key, rows, claims_columns, source.name)
    descriptor = json.loads(json.dumps(package.descriptor))
    _describe(descriptor, key, name or f"{key[:-4].capitalize()} {key[-4:]}")
    contents = {
        f"documents/{key}/terms.csv": _table(terms, TERMS),
        "claims.csv": _added(package.folder / "claims.csv", claims, claims_columns),
        "documents.csv": _document(package.folder / "documents.csv", key, name, title, text),
        catalog.DESCRIPTOR: written.described_as(descriptor),
    }
    module = Path(next(iter(reproductions.__path__))) / f"{key}.py"
    test = package.folder.parent / "tests" / "documents" / "reproductions" / f"test_{key}.py"
    before = {place: _bytes(package.folder / place) for place in contents}
    made = [path for path in (module, test) if not path.exists()]
    if module not in made:
        raise UsageError(f"« {module.name} » existe déjà parmi les recalculs : choisissez une autre clé.")
    try:
        with locks.held(package.folder):
            written.replace(package.folder, contents)
        check.seal()
        faults = check.check()
        if faults:
            raise DataError(f"Rien n'a été écrit. {faults[0]}")
        module.write_text(_MODULE.format(key=key), encoding="utf-8")
        test.parent.mkdir(parents=True, exist_ok=True)
        test.write_text(_TEST.format(key=key, verdicts=_verdicts(key)), encoding="utf-8")
    except BaseException:
        _restore(package.folder, before)
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return [
        f"{french.plural(len(claims), 'chiffre confirmé')} sous « {key} », {french.plural(len(terms), 'terme')} de calcul.",
        f"Écrits : data/documents/{key}/terms.csv, data/claims.csv, data/documents.csv, data/datapackage.json, {module.name}, "
        f"{test.name}.",
        f"Ensuite : cpts check ; cpts claims --document {key} ; cpts render 00. Une différence attend sa gravité et sa cause "
        "dans data/claims.csv : elles se jugent.",
    ]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _restore(folder: Path, before: Mapping[str, bytes | None]) -> None:
    with locks.held(folder):
        written.replace(folder, {place: content for place, content in before.items() if content is not None})
        for place in (place for place, content in before.items() if content is None):
            (folder / place).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                (folder / place).parent.rmdir()


def _verdicts(key: str) -> dict[str, int]:
    import importlib

    importlib.invalidate_caches()
    ledger = reproductions.ledger([key], study=catalog.Study(""))
    return {str(name): int(count) for name, count in ledger["verdict"].value_counts().items()}


def kept(source: Path) -> list[dict[str, str]]:
    """Rows of a file of proposals whose `a_garder` is oui. Raises DataError for another answer, or when none is kept."""
    table = grid.read(source)
    if KEEP not in table.header:
        raise DataError(
            f"{source.name} n'a pas la colonne « {KEEP} » : partez du CSV que « cpts relire » écrit."
        )
    found = []
    for line, cells in table.rows:
        row = {column: _plain(cell) for column, cell in zip(table.header, cells, strict=True)}
        answer = french.plain(row[KEEP].strip())
        if answer in _YES:
            if row.get("famille", "A1") not in FAMILIES:
                raise DataError(
                    f"{source.name}, ligne {line} : « {row['famille']} » n'est pas une famille de la relecture ; "
                    "reprenez cette colonne du CSV de « cpts relire »."
                )
            found.append(row)
        elif answer not in _NO:
            raise DataError(
                f"{source.name}, ligne {line} : « {row[KEEP]} » dans {KEEP} ; écrivez oui, non, ou rien."
            )
    if not found:
        raise DataError(
            f"{source.name} : aucune ligne n'a « oui » dans {KEEP} ; relisez les passages et choisissez."
        )
    return found


def _plain(cell: str) -> str:
    """A cell without the quote mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def _claims(
    key: str, rows: list[dict[str, str]], columns: list[str], name: str
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    claims, terms = [], []
    for rank, row in enumerate(rows, 1):
        try:
            read = json.loads(row["termes"])
            relation = row["equation"]
            made = [
                {
                    "printed": str(term["printed"]),
                    "value": float(term["value"]),
                    "unit": str(term["unit"]),
                    "line": int(term["line"]),
                }
                for term in read
            ]
            value, line = float(row["value"].replace(",", ".")), int(float(row["line"]))
            # What the ledger will compute: a term that is missing or nil is refused here.
            computed = RELATIONS[relation]([float(str(term["value"])) for term in made])
            if not all(
                map(math.isfinite, (value, float(computed), *(float(str(term["value"])) for term in made)))
            ):
                made = []
        except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError):
            made, relation, value, line = [], "", 0.0, 0
        if not made or relation not in RELATIONS:
            raise DataError(
                f"{name}, chiffre « {row.get('claim_id', rank)} » : la ligne, la valeur, l'équation ou les termes ont changé ; "
                "reprenez ces colonnes du CSV de « cpts relire »."
            )
        topic = row["claim_id"].split(".")[1] if row["claim_id"].count(".") >= 2 else "relecture"
        claim_id = f"{key}.{re.sub('[^a-z0-9_]', '', topic) or 'relecture'}.r{rank:03d}"
        own = {column: row.get(column, "") for column in columns}
        claims.append(
            own | {"claim_id": claim_id, "document": key, "table": f"{key}/terms", "value": _number(value), "line": str(line)}
        )  # fmt: skip
        terms += [
            {
                "claim_id": claim_id, "rank": str(place), "equation": relation, "written": str(term["printed"]),
                "value": _number(float(str(term["value"]))), "unit": str(term["unit"]), "line": str(term["line"]),
            }
            for place, term in enumerate(made, 1)
        ]  # fmt: skip
    return claims, terms


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _table(rows: list[dict[str, str]], columns: tuple[str, ...]) -> bytes:
    return written.content(
        [[row[column] for column in columns] for row in rows], columns, delimiter=",", encoding="utf-8"
    )


def _added(path: Path, rows: list[dict[str, str]], columns: list[str]) -> bytes:
    """The file with the rows after its own, which stay as they are."""
    before = path.read_bytes()
    made = written.content(
        [[row[column] for column in columns] for row in rows], columns, delimiter=",", encoding="utf-8"
    )
    return before + made.split(b"\n", 1)[1]


def _document(path: Path, key: str, name: str, title: str, text: str) -> bytes:
    columns, *rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    ranks = [int(row[columns.index("rank")]) for row in rows]
    row = dict.fromkeys(columns, "") | {
        "key": key,
        "rank": str(max(ranks) + 1),
        "short_name": name or f"{key[:-4].capitalize()} {key[-4:]}",
        "year": key[-4:],
        "nature": "these_medecine",
        "title": title or "Titre à écrire",
        "text": text or f"{key}.txt",
        "sha256": _TEXT_NOT_STORED,
    }
    return _added(path, [row], columns)


def _describe(descriptor: dict[str, Any], key: str, name: str) -> None:
    """The key among the documents that the ledger may name, and the table of its terms."""
    for resource in descriptor["resources"]:
        if resource["name"] != "claims":
            continue
        for item in resource["schema"]["fields"]:
            if item["name"] == "document":
                item["constraints"]["enum"].append(key)
                item["categories"].append({"value": key, "label": name})
    described: Mapping[str, tuple[str, str, str, Mapping[str, object]]] = {
        "claim_id": ("string", "Chiffre", "Chiffre du registre que le terme recalcule.", {"required": True}),
        "rank": ("integer", "Rang", "Rang du terme dans le calcul.", {"required": True, "minimum": 1}),
        "equation": (
            "string",
            "Relation",
            "Nom de la relation.",
            {"required": True, "enum": sorted(RELATIONS)},
        ),
        "written": ("string", "Imprimé", "Terme tel qu'imprimé, ou compté.", {"required": True}),
        "value": ("number", "Valeur", "Nombre lu.", {"required": True}),
        "unit": ("string", "Unité", "Unité imprimée.", {}),
        "line": (
            "integer",
            "Ligne du texte",
            "Ligne ou paragraphe du document.",
            {"required": True, "minimum": 1},
        ),
    }
    fields = [
        {"name": column, "title": title, "type": kind, "description": told}
        | ({"constraints": dict(held)} if held else {})
        for column, (kind, title, told, held) in described.items()
    ]
    descriptor["resources"].append(
        {
            "name": f"{key}/terms",
            "path": f"documents/{key}/terms.csv",
            "title": f"Termes recalculés, {name}",
            "description": "Une ligne par terme d'un calcul : lu automatiquement, confirmé par une personne.",
            "sources": [{"title": f"{name}, relecture confirmée"}],
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": ["claim_id", "rank"], "missingValues": [""]},
        }
    )  # fmt: skip
