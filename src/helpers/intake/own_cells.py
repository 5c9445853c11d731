"""Every cell of a table of a user's package against its schema, each fault in French with what to write instead."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from helpers import catalog
from helpers.catalog import spellings
from helpers.catalog import words as field_words
from helpers.errors import DataError
from helpers.intake import own_files

SHOWN = 5  # faults told per column: a column that is wrong throughout is one fault, not a thousand
# Accents read in one encoding and written in another ("Ã©", "â€™"), or lost for good.
_BROKEN_ACCENTS = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2020\u02c6]|â€|\ufffd"
)
_YEARS = (1900, 2100)
_TOO_LARGE = 1e15  # as in `catalog`: nothing that a CPTS counts comes near it


def faults(name: str, package: catalog.Package) -> list[str]:
    """Faults of the table `name` of a user's package: of the file first, else of its cells, its key and its links."""
    resource = package.resource(name)
    try:
        rows = own_files.read(name, package)
    except DataError as error:
        return [str(error)]
    if not rows.body and not resource.get("optional"):
        return [
            f"{resource['path']} : aucune ligne sous l'en-tête, alors que ce tableau est obligatoire. Remplissez-le."
        ]
    found = [*_blank_rows(rows, resource)]
    if found:
        return found
    for position, field in enumerate(resource["schema"]["fields"]):
        wrong = [
            (line, cells[position], words)
            for line, cells in rows.body
            if (words := explain(cells[position], field))
        ]
        found += _told(str(resource["path"]), field["name"], wrong)
    return found or [*_repeated(rows, resource), *_broken_links(rows, resource, package)]


def explain(text: str, field: dict[str, Any]) -> str:
    """What is wrong with the cell `text` and what to do, to follow « cell »; empty when nothing is wrong."""
    rules = field.get("constraints", {})
    kind = field.get("type", "string")
    if not text.strip(spellings.SPACES):
        if rules.get("required"):
            return "est vide, alors que la colonne est obligatoire : remplissez-la"
        return "ne contient que des espaces : videz la cellule" if text else ""
    if kind == "boolean":
        return "" if text.lower() in ("true", "false") else "n'est ni true ni false : écrivez l'un des deux"
    if kind == "string":
        return _text_fault(text, field, rules)
    fault = _date_fault(text) if kind == "date" else _number_fault(text, field)
    if not fault:
        return _out_of_bounds(text, field, rules)
    proposed = spellings.rewritten(text, field)
    if proposed == "":
        return "ne se comprend pas : laissez la cellule vide quand on ne sait pas"
    if proposed and proposed != text:
        form = " (AAAA-MM-JJ)" if kind == "date" else ""
        return f"{fault} : écrivez {proposed}{form}"
    return fault if kind == "date" else f"{fault} : écrivez-le en chiffres, ou videz la cellule"


def _text_fault(text: str, field: dict[str, Any], rules: dict[str, Any]) -> str:
    coded = "enum" in rules or "pattern" in rules
    if not coded:
        if _BROKEN_ACCENTS.search(text):
            return "a des accents abîmés par un changement d'encodage : retapez-le, en UTF-8"
        return ""
    right = text in rules["enum"] if "enum" in rules else re.fullmatch(rules["pattern"], text)
    if right:
        return ""
    proposed = spellings.rewritten(text, field)
    if "enum" in rules:
        near = proposed or next(iter(difflib.get_close_matches(text, rules["enum"], n=1, cutoff=0.6)), None)
        hint = f" : écrivez « {near} »" if near else ""
        return f"n'est pas une valeur permise ({field_words.allowed(field)}){hint}"
    if proposed:
        lost = " : le zéro de tête a été perdu" if proposed == f"0{text}" else ""
        return f"n'a pas la forme attendue{lost} : écrivez « {proposed} »"
    return f"n'a pas la forme attendue ({field_words.allowed(field)})"


def _date_fault(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = spellings.date(text)
        if day is None:
            return "n'existe pas au calendrier : corrigez le jour ou le mois"
        low, high = _YEARS
        return "" if low <= day.year <= high else f"est hors des années {low} à {high} : corrigez l'année"
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        month = text if "-" in text else f"{text}-01"
        return f"n'est pas une date complète : il manque le jour, par exemple {month}-01 (AAAA-MM-JJ)"
    if spellings.date(text) is None:
        return "n'est pas une date AAAA-MM-JJ, par exemple 2025-12-31"
    return "n'est pas une date AAAA-MM-JJ"


def _number_fault(text: str, field: dict[str, Any]) -> str:
    mark = re.escape(field.get("decimalChar", "."))
    if field["type"] == "integer":
        if re.fullmatch(r"[-+]?\d+", text):
            return ""
        value = spellings.number(text.strip(spellings.SPACES))
        return (
            "n'est pas un nombre entier"
            if value and "." in value
            else _written_badly(text, "un nombre entier")
        )
    if re.fullmatch(rf"[-+]?\d+({mark}\d+)?([eE][-+]?\d+)?", text):
        return ""
    return _written_badly(text, "un nombre")


def _written_badly(text: str, wanted: str) -> str:
    if re.search(r"\d[ \u00a0\u202f]\d", text):
        return f"n'est pas {wanted} (il contient une espace)"
    return f"n'est pas {wanted}"


def _out_of_bounds(text: str, field: dict[str, Any], rules: dict[str, Any]) -> str:
    if field["type"] == "date":
        return ""
    value = float(text.replace(field.get("decimalChar", "."), "."))
    if not abs(value) < _TOO_LARGE:
        return "est trop grand pour être vrai : corrigez-le"
    if "minimum" in rules and value < rules["minimum"]:
        return f"est sous le minimum ({rules['minimum']:g}) : corrigez-le"
    if "maximum" in rules and value > rules["maximum"]:
        share = rules["maximum"] == 1 and value <= 100
        proposed = f"{value / 100:.15g}".replace(".", field.get("decimalChar", "."))
        remedy = f"pour {value:g} %, écrivez {proposed}" if share else "corrigez-le"
        return f"dépasse le maximum ({rules['maximum']:g}) : {remedy}"
    return ""


def _told(place: str, column: str, wrong: list[tuple[int, str, str]]) -> Iterator[str]:
    for position, (line, text, words) in enumerate(wrong[:SHOWN]):
        more = (
            f" ({len(wrong)} lignes de cette colonne ont un défaut)"
            if len(wrong) > SHOWN and not position
            else ""
        )
        said = f"« {text} »" if text else "la cellule"
        yield f"{place}, ligne {line}, colonne « {column} » : {said} {words}{more}."


def _blank_rows(rows: own_files.Rows, resource: dict[str, Any]) -> list[str]:
    blank = [line for line, cells in rows.body if not any(cell.strip() for cell in cells)]
    if not blank:
        return []
    return [
        f"{resource['path']}, ligne {blank[0]} : ligne sans aucune valeur ({len(blank)} en tout). Supprimez-la."
    ]


def _repeated(rows: own_files.Rows, resource: dict[str, Any]) -> Iterator[str]:
    key = field_words.key(resource["schema"])
    positions = [rows.header.index(column) for column in key]
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows.body if key else ():
        values = tuple(cells[position] for position in positions)
        if values in seen:
            said = ", ".join(f"{column} = {value}" for column, value in zip(key, values, strict=True))
            yield (
                f"{resource['path']}, ligne {line} : répète la clé de la ligne {seen[values]} ({said}). "
                "Gardez une seule des deux lignes."
            )
        seen.setdefault(values, line)


def _broken_links(rows: own_files.Rows, resource: dict[str, Any], package: catalog.Package) -> Iterator[str]:
    for column, table, other in field_words.links(resource["schema"]):
        if not package.describes(table):
            continue
        try:
            linked = own_files.read(table, package)
        except DataError:
            continue  # said once, for the table itself
        known = {cells[linked.header.index(other)] for _, cells in linked.body}
        position = rows.header.index(column)
        absent: dict[str, list[int]] = defaultdict(list)
        for line, cells in rows.body:
            if cells[position] and cells[position] not in known:
                absent[cells[position]].append(line)
        place = package.resource(table)["path"]
        for value, lines in absent.items():
            near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
            hint = f", ou écrivez « {near[0]} »" if near else ""
            more = f" ({len(lines)} lignes)" if len(lines) > 1 else ""
            yield (
                f"{resource['path']}, ligne {lines[0]}, colonne « {column} » : « {value} » n'existe pas dans {place}, "
                f"colonne « {other} »{more} : ajoutez-l'y{hint}."
            )
