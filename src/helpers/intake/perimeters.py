"""Communes of a perimeter as people write them: a name, or the SIREN of an EPCI for all its communes."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from helpers import french
from helpers.catalog import Fault, Study
from helpers.errors import DataError
from helpers.files.grid import Grid
from helpers.territory import access, communes, places

TABLE, COLUMN = "cpts/perimeters", "commune"
_SIREN = re.compile(r"\d{9}")
_CODE = re.compile(r"(?:\d{1,2}|2[AB])\d{3}", re.IGNORECASE)
_SHOWN = 4


def spelled_out(given: Grid, position: int) -> tuple[Grid, list[str], list[Fault]]:
    """The rows with codes of communes in the column at `position`, what was written for them, and names that say several.

    A name that several communes have is that of the départements of the other rows, when one alone is there. The row of an
    EPCI becomes one row for each of its communes (2025). What is neither a known name nor an EPCI stays for the judge.
    """
    head = given.head(position)
    departments = {code[:2] for _, cells in given.rows if _CODE.fullmatch(code := cells[position].strip())}
    rows: list[tuple[int, list[str]]] = []
    faults: list[Fault] = []
    names, epcis = [], []
    for line, cells in given.rows:
        text = cells[position].strip()
        codes = _said(text)
        if not codes:
            rows.append((line, cells))
            continue
        if not _SIREN.fullmatch(text):
            near = [code for code in codes if code[:2] in departments]
            codes = codes if len(codes) == 1 else near
            if len(codes) != 1:
                known = sorted(near or places.homonyms(text))
                more = "…" if len(known) > _SHOWN else ""
                what = f"est le nom de {french.plural(len(known), 'commune')} ({', '.join(known[:_SHOWN])}{more})"
                faults.append(Fault(given.name, line, head, text, what, "écrivez le code de la vôtre"))
                continue
            names.append((text, codes[0]))
        else:
            epcis.append((text, len(codes)))
        rows += [(line, [*cells[:position], code, *cells[position + 1 :]]) for code in codes]
    notes = []
    if names:
        many = french.plural(len(names), "nom de commune mis en code", "noms de communes mis en codes")
        notes.append(f"{given.name}, colonne {head} : {many} (« {names[0][0]} » → « {names[0][1]} »).")
    for siren, count in epcis:
        said = french.plural(count, "commune")
        notes.append(f"{given.name}, colonne {head} : EPCI {siren} remplacé par ses {said} de 2025.")
    return dataclasses.replace(given, rows=rows), notes, faults


def _said(text: str) -> list[str]:
    """Codes of the communes that a name or a SIREN says; none for what is a code already."""
    if not text or _CODE.fullmatch(text):
        return []
    return communes.of_epci(text) if _SIREN.fullmatch(text) else places.homonyms(text)


def by_scheme(folder: Path) -> dict[str, list[str]]:
    """Codes under which files may know the communes of each scheme of a package, as its register has them now.

    Raises DataError when the register is empty.
    """
    register = Study(folder).table(TABLE, optional=True)
    if register.empty:
        raise DataError(
            f"{TABLE} est vide dans « {folder} » : donnez-y les communes de votre CPTS, ou relancez sans --territory."
        )
    return {
        scheme: access.codes_in_files(place.codes) for scheme, place in places.of_schemes(register).items()
    }
