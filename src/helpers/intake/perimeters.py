"""Communes of a perimeter as people write them: a name, or the SIREN of an EPCI for all its communes."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from functools import lru_cache

from helpers import catalog, french
from helpers.catalog import Fault
from helpers.files.grid import Grid

TABLE, COLUMN = "cpts/perimeters", "commune"
_SIREN = re.compile(r"\d{9}")
_CODE = re.compile(r"(?:\d{1,2}|2[AB])\d{3}", re.IGNORECASE)
_SHOWN = 4


@lru_cache(maxsize=1)
def _named() -> dict[str, list[str]]:
    """Codes of the communes of each name, without capitals, accents nor hyphens."""
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in zip(communes["code"], communes["name"], strict=True):
        found[_plain(name)].append(str(code))
    return dict(found)


@lru_cache(maxsize=1)
def _of_epci() -> dict[str, list[str]]:
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER).dropna(subset=["epci"])
    return {str(code): rows["code"].tolist() for code, rows in communes.groupby("epci")}


def _plain(name: str) -> str:
    words = " ".join(re.findall(r"[a-z0-9]+", french.plain(name).replace("œ", "oe")))
    return re.sub(r"\bste?\b", lambda found: "sainte" if found[0] == "ste" else "saint", words)


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
        codes = _of_epci().get(text, []) if _SIREN.fullmatch(text) else _named().get(_plain(text), [])
        if not text or _CODE.fullmatch(text) or not codes:
            rows.append((line, cells))
            continue
        if not _SIREN.fullmatch(text):
            near = [code for code in codes if code[:2] in departments]
            codes = codes if len(codes) == 1 else near
            if len(codes) != 1:
                known = sorted(near or _named()[_plain(text)])
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
