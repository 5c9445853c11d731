"""Coded material: what one table says and another does not know, for `cpts check`, imports and reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from helpers import catalog, french
from helpers.material import codebook, verbatims

TABLES = ("material/codes", "material/sources", "material/attributes", "material/segments")
_ADD_SOURCE = "Ajoutez-la à material/sources ou corrigez-la."


def faults(package: catalog.Package | Path | str | None = None) -> list[str]:
    """What one table of coded material says and another does not know, one French sentence each: table, row, fault, remedy.

    Looks for a parent code or a source that does not exist, a segment whose code or source is unknown, whose bounds are
    half given, reversed or beyond the text, or that overlaps another of the same code by the same coder, and a source
    code that holds a name of `noms.txt`. None for a package without coded material. Raises as `catalog.load` does.
    """
    source = catalog.open_package(package)
    if not any(source.describes(name) for name in TABLES):
        return []
    codes, sources, attributes, segments = (catalog.load(name, source, optional=True) for name in TABLES)
    names = catalog.read_names(source)
    return list(faults_between(codes, sources, attributes, segments, names=names))


def faults_between(
    codes: pd.DataFrame,
    sources: pd.DataFrame,
    attributes: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    names: tuple[str, ...] = (),
) -> Iterator[str]:
    """Faults of four tables that are not in a package yet, as `faults` tells them; rows are counted as in their CSV file."""
    known_codes, known_sources = set(codes["code"]), set(sources["source"])
    above = codebook.parents(codes)
    for row, (code, parent) in enumerate(zip(codes["code"], codes["parent"], strict=True), start=2):
        if pd.notna(parent) and parent not in known_codes:
            yield (
                f"material/codes, ligne {row} : le code parent « {parent} » de « {code} » n'existe pas. "
                "Ajoutez-le au livre de codes ou laissez la cellule vide."
            )
        elif code in codebook.ancestors(code, above):
            yield f"material/codes, ligne {row} : « {code} » est son propre ancêtre. Corrigez la colonne « parent »."
    for row, code in enumerate(sources["source"], start=2):
        for name in verbatims.names_in(str(code), names):
            yield (
                f"material/sources, ligne {row} : le code de source « {code} » contient « {name} », qui est dans "
                f"{catalog.NAMES_FILE}. Donnez un code sans nom de personne."
            )
    for row, code in enumerate(attributes["source"], start=2):
        if code not in known_sources:
            yield f"material/attributes, ligne {row} : source « {code} » inconnue. {_ADD_SOURCE}"
    lengths = dict(zip(sources["source"], sources["length"], strict=True))
    for row, segment in enumerate(segments.to_dict("records"), start=2):
        place = f"material/segments, ligne {row}, segment « {segment['segment']} »"
        if pd.notna(segment["code"]) and segment["code"] not in known_codes:
            yield (
                f"{place} : code « {segment['code']} » inconnu du livre de codes. "
                "Ajoutez-le à material/codes ou corrigez-le."
            )
        if pd.notna(segment["source"]) and segment["source"] not in known_sources:
            yield f"{place} : source « {segment['source']} » inconnue. {_ADD_SOURCE}"
        said = _bounds(segment["start"], segment["end"], lengths.get(segment["source"], pd.NA))
        if said:
            yield f"{place}, source « {segment['source']} » : {said}"
    yield from _overlaps(segments)


def _bounds(start: object, end: object, length: object) -> str:
    if pd.isna(start) and pd.isna(end):
        return ""
    if pd.isna(start) or pd.isna(end):
        return "une seule borne est donnée ; donnez « start » et « end », ou aucune."
    first, last = int(str(start)), int(str(end))
    if last <= first:
        return f"la fin ({french.number(last)}) n'est pas après le début ({french.number(first)})."
    if pd.notna(length) and last > int(str(length)):
        return (
            f"la fin ({french.number(last)}) dépasse la longueur du texte ({french.number(int(str(length)))} caractères). "
            "Vérifiez que le texte et les codages sont de la même version."
        )
    return ""


def _overlaps(segments: pd.DataFrame) -> Iterator[str]:
    placed = segments.assign(row=range(2, len(segments) + 2)).dropna(subset=["start", "end"])
    for (source, code, coder), same in placed.groupby(["source", "code", "coder"], sort=False):
        furthest: dict[str, object] | None = None
        for segment in same.sort_values(["start", "end"]).to_dict("records"):
            if furthest is not None and segment["start"] < furthest["end"]:
                yield (
                    f"material/segments, ligne {segment['row']}, segment « {segment['segment']} », source « {source} » : "
                    f"il chevauche le segment « {furthest['segment']} » du même code « {code} » par le même codeur "
                    f"(« {coder} »). Réunissez-les dans votre logiciel."
                )
            if furthest is None or segment["end"] > furthest["end"]:
                furthest = segment
