"""The shape of a `datapackage.json`: what is not ours is refused in one sentence that says where.

A package stays in its folder: an absolute path, `..` or an address is no path of a table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NoReturn

from helpers.catalog.fields import TYPES_FR
from helpers.errors import DataError

# What each part of a descriptor may hold: kind, and whether it must be there.
_KINDS_FR: Mapping[type, str] = {
    str: "un texte",
    dict: "un objet { }",
    list: "une liste [ ]",
    bool: "true ou false",
    int: "un nombre entier",
}
_PACKAGE: Mapping[str, type] = {
    "name": str,
    "title": str,
    "description": str,
    "extends": str,
    "resources": list,
}
_RESOURCE: Mapping[str, type] = {
    "name": str, "path": str, "title": str, "description": str, "encoding": str, "dialect": dict, "schema": dict,
    "optional": bool, "hash": str, "sources": list, "licenses": list, "format": str, "mediatype": str,
}  # fmt: skip
_SCHEMA: Mapping[str, type] = {"fields": list, "foreignKeys": list}
_FIELD: Mapping[str, type] = {
    "name": str, "type": str, "title": str, "description": str, "unit": str, "decimalChar": str, "constraints": dict,
    "categories": list,
}  # fmt: skip
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_RULES: Mapping[str, type] = {
    "required": bool,
    "unique": bool,
    "pattern": str,
    "enum": list,
    "minLength": int,
}


def judged(content: Any, path: Path) -> list[dict[str, Any]]:
    """Descriptors of the tables. Raises DataError, in one sentence that says where, for any shape that is not ours."""

    def refuse(where: str, what: str) -> NoReturn:
        raise DataError(f"« {path} »{where} : {what}. Corrigez-le, ou reprenez celui de « cpts new ».")

    def whole(part: Any, kinds: Mapping[str, type], needed: tuple[str, ...], where: str) -> None:
        if not isinstance(part, dict):
            refuse(where, "un objet { } est attendu")
        for key in needed:
            if key not in part:
                refuse(where, f"« {key} » manque")
        for key, kind in kinds.items():
            value = part.get(key)
            if key in part and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
                refuse(where, f"« {key} » doit être {_KINDS_FR[kind]}")
            if key in needed and value == "":
                refuse(where, f"« {key} » est vide")

    def names(value: Any, known: Collection[str] | None, what: str, where: str) -> list[str]:
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            refuse(where, f"« {what} » doit être un nom de colonne, ou une liste de noms")
        for item in found:
            if known is not None and item not in known:
                refuse(where, f"« {what} » nomme une colonne « {item} » que le tableau n'a pas")
        return found

    def column(item: Any, rank: int, where: str) -> None:
        whole(item, _FIELD, ("name",), f"{where}, colonne {rank}")
        where = f"{where}, colonne « {item['name']} »"
        kind = item.get("type", "string")
        if kind not in TYPES_FR:
            refuse(where, f"le type « {kind} » n'est pas l'un de {', '.join(TYPES_FR)}")
        if item.get("decimalChar", ".") not in (".", ","):
            refuse(where, "« decimalChar » doit être « . » ou « , »")
        rules = item.get("constraints", {})
        whole(rules, _RULES, (), where)
        try:
            re.compile(rules.get("pattern", ""))
        except re.error:
            refuse(where, "« pattern » n'est pas une expression régulière")
        if (
            not all(isinstance(code, str | int | float) for code in rules.get("enum", ["x"]))
            or rules.get("enum") == []
        ):
            refuse(where, "« enum » doit être une liste de valeurs, non vide")
        for name in ("minimum", "maximum"):
            value = rules.get(name, "1900-01-01" if kind == "date" else 0)
            if not isinstance(value, str if kind == "date" else int | float) or (
                kind == "date" and not re.fullmatch(_DAY, str(value))
            ):
                refuse(
                    where, f"« {name} » doit être {'une date AAAA-MM-JJ' if kind == 'date' else 'un nombre'}"
                )
        for label in item.get("categories", []):
            if (
                not isinstance(label, dict)
                or "value" not in label
                or not isinstance(label.get("label", ""), str)
            ):
                refuse(where, "« categories » doit être une liste de { value, label }")

    def table(item: Any, rank: int) -> None:
        name = item.get("name") if isinstance(item, dict) else None
        where = f", tableau « {name} »" if isinstance(name, str) else f", tableau {rank}"
        whole(item, _RESOURCE, ("name", "path", "schema"), where)
        if fault := _path_fault(item["path"]):
            refuse(where, f"le chemin « {item['path']} » {fault} : un paquet reste dans son dossier")
        if item.get("encoding", "utf-8") not in ("utf-8", "utf-8-sig"):
            refuse(where, "« encoding » doit être « utf-8 » ou « utf-8-sig »")
        mark = item.get("dialect", {}).get("delimiter", ",")
        if not isinstance(mark, str) or len(mark) != 1 or mark in '"\r\n':
            refuse(where, "« delimiter » doit être un seul caractère")
        schema = item["schema"]
        whole(schema, _SCHEMA, ("fields",), where)
        for position, described in enumerate(schema["fields"], start=1):
            column(described, position, where)
        columns = [described["name"] for described in schema["fields"]]
        if not columns or len(set(columns)) < len(columns):
            refuse(where, "« fields » doit nommer des colonnes, chacune une fois")
        names(schema.get("primaryKey", []), set(columns), "primaryKey", where)
        names(schema.get("rowsOf", []), set(columns), "rowsOf", where)
        for link in schema.get("foreignKeys", []):
            whole(link, {"reference": dict}, ("fields", "reference"), where)
            whole(link["reference"], {"resource": str}, ("fields",), where)
            here = names(link["fields"], set(columns), "foreignKeys", where)
            there = names(link["reference"]["fields"], None, "foreignKeys", where)
            if len(here) != len(there) or not here:
                refuse(where, "« foreignKeys » doit nommer autant de colonnes des deux côtés")

    whole(content, _PACKAGE, ("resources",), "")
    resources: list[dict[str, Any]] = content["resources"]
    for rank, item in enumerate(resources, start=1):
        table(item, rank)
    listed = [item["name"] for item in resources]
    twice = next((name for name in listed if listed.count(name) > 1), None)
    if twice is not None:
        refuse("", f"le tableau « {twice} » est décrit deux fois")
    columns_of = {item["name"]: [column["name"] for column in item["schema"]["fields"]] for item in resources}
    for item in resources:
        for link in item["schema"].get("foreignKeys", []):
            there = link["reference"].get("resource") or item["name"]
            known = columns_of.get(there)
            if known is not None:
                names(link["reference"]["fields"], known, "foreignKeys", f", tableau « {item['name']} »")
    return resources


def _path_fault(place: str) -> str:
    if "://" in place:
        return "est une adresse"
    if place.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", place):
        return "est absolu"
    if ".." in place.replace("\\", "/").split("/"):
        return "remonte hors du dossier"
    if "\\" in place or "\0" in place or place.endswith(("/", ".")):
        return "n'est pas un nom de fichier avec des « / »"
    return ""
