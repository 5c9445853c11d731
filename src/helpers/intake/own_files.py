"""Files of a user's package as people and spreadsheets leave them: what prevents reading one, in one French sentence."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import catalog, french
from helpers.errors import DataError

_MARKS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_SAVE = "enregistrez-le en « CSV UTF-8 », ou passez par « cpts import csv »"


@dataclass(frozen=True)
class Rows:
    """Header and rows of a file, each row with the number that a spreadsheet shows beside it."""

    header: list[str]
    body: list[tuple[int, list[str]]]


def read(name: str, package: catalog.Package) -> Rows:
    """Rows of the table `name`, as many cells in each as in the header, which holds the columns of the schema in order.

    Raises DataError, in one sentence with the remedy, for a file that is absent or renamed, is a workbook, is not UTF-8,
    has a byte-order mark that its description does not allow, another separator, an open quote, or a missing, unknown,
    repeated or moved column.
    """
    resource = package.resource(name)
    place = str(resource["path"])
    rows = _rows(_decoded(_content(package.folder, place), place, resource), place, resource)
    if not any(cell.strip() for _, cells in rows for cell in cells):
        raise DataError(
            f"{place} : fichier vide. Remettez sa ligne d'en-tête (celle du modèle de « cpts new »)."
        )
    names = [field["name"] for field in resource["schema"]["fields"]]
    first, header = rows[0]
    if first > 1:
        raise DataError(f"{place}, ligne 1 : ligne vide au-dessus de l'en-tête. Supprimez-la.")
    if fault := _header_fault(header, names):
        raise DataError(f"{place}, ligne 1 : {fault}.")
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            more = "de trop" if len(cells) > len(header) else "de moins"
            gap = french.plural(abs(len(cells) - len(header)), "cellule")
            raise DataError(
                f"{place}, ligne {line} : {gap} {more} que l'en-tête. Un texte qui contient un « {_mark(resource)} » doit être "
                "entre guillemets."
            )
    return Rows(header, rows[1:])


def _mark(resource: dict[str, Any]) -> str:
    found: str = resource.get("dialect", {}).get("delimiter", ",")
    return found


def _content(folder: Path, place: str) -> bytes:
    path = folder / place
    try:
        return path.read_bytes()
    except OSError:
        pass
    others = [item.name for item in path.parent.glob("*") if item.suffix.lower() in (".csv", ".txt", ".xlsx")]
    described = {Path(item["path"]).name for item in catalog.Package(folder).descriptor["resources"]}
    near = difflib.get_close_matches(
        path.name, [name for name in others if name not in described], n=1, cutoff=0.5
    )
    remedy = (
        f"« {near[0]} » lui ressemble : renommez-le « {path.name} »"
        if near
        else "remettez-le (« cpts new » dans un autre dossier en donne un vide)"
    )
    raise DataError(f"{place} : fichier absent ou illisible. {remedy[0].upper()}{remedy[1:]}.")


def _decoded(content: bytes, place: str, resource: dict[str, Any]) -> str:
    if content.startswith(b"PK"):
        raise DataError(f"{place} : c'est un classeur, pas un CSV : {_SAVE.replace('csv', 'workbook')}.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{place} : le fichier est en UTF-16 (« Texte Unicode » d'Excel) : {_SAVE}.")
    if resource.get("encoding") == "utf-8-sig":
        content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith(codecs.BOM_UTF8):
        raise DataError(
            f"{place} : le fichier commence par une marque d'ordre des octets (BOM), que sa description n'annonce pas : "
            'écrivez "encoding": "utf-8-sig" dans datapackage.json, ou enregistrez-le en UTF-8 sans BOM.'
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        word = content[max(start, error.start - 12) : error.start + 8].decode("cp1252", errors="replace")
        shown = word.splitlines()[0].strip()
        raise DataError(
            f"{place}, ligne {line}, vers « {shown} » : le fichier n'est pas en UTF-8 (Excel l'a écrit en latin-1) : {_SAVE}."
        ) from None


def _rows(text: str, place: str, resource: dict[str, Any]) -> list[tuple[int, list[str]]]:
    if "\r" in text and "\n" not in text:
        raise DataError(f"{place} : les fins de ligne sont celles d'un ancien Macintosh : {_SAVE}.")
    mark = _mark(resource)
    first = text.split("\n", 1)[0]
    fields = resource["schema"]["fields"]
    counts = {other: first.count(other) for other in _MARKS if other != mark}
    other = max(counts, key=lambda key: counts[key])
    if len(fields) > 1 and mark not in first and counts[other]:
        raise DataError(
            f"{place}, ligne 1 : le séparateur est devenu « {_MARKS[other]} » au lieu de « {_MARKS.get(mark, mark)} » : "
            f"{_SAVE}."
        )
    reader = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        for line, cells in enumerate(reader, start=1):
            if cells:
                found.append((line, cells))
    except csv.Error:
        last = found[-1][0] if found else 0
        raise DataError(
            f"{place}, ligne {last + 1} : un guillemet est ouvert et n'est pas fermé, ou suivi d'autre chose que « {mark} ». "
            "Doublez les guillemets à l'intérieur d'un texte."
        ) from None
    return found


def _header_fault(header: list[str], names: list[str]) -> str:
    known = french.listing(names)
    for position, column in enumerate(header, start=1):
        if not column.strip():
            return f"la {french.ordinal(position, feminine=True)} colonne n'a pas de nom : supprimez-la"
        if header.count(column) > 1:
            return f"la colonne « {column} » figure deux fois : supprimez l'une des deux"
    missing = [name for name in names if name not in header]
    extra = [column for column in header if column not in names]
    if missing and extra:
        return (
            f"colonne « {extra[0]} » inconnue et colonne « {missing[0]} » absente : renommez-la si c'est la même "
            f"(colonnes attendues : {known})"
        )
    if extra:
        return f"colonne « {extra[0]} » de trop : supprimez-la (colonnes attendues : {known})"
    if missing:
        return f"colonne « {missing[0]} » absente : remettez-la, même vide (colonnes attendues : {known})"
    moved = [name for name, column in zip(names, header, strict=True) if name != column]
    return (
        f"les colonnes ont changé d'ordre à partir de « {moved[0]} » (ordre attendu : {known})"
        if moved
        else ""
    )
