"""Legal populations of the communes (INSEE, "populations de référence"): `donnees_communes.csv` or the `ensemble.zip` around it.

Layouts known: 2016 to 2018 (`Communes.csv`, code in two columns), 2019 and 2020 (code alone), 2021 and later (code and name).
The file does not say its year: it is given, or read in the name of the file. Mayotte and the collectivities overseas have
files of their own, and Paris, Lyon and Marseille may be given by arrondissement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.errors import UsageError
from helpers.files.streams import Delimited, Layout, department, some, within

TABLE = "official/populations"
CITIES = {"75056": r"751(0[1-9]|1\d|20)", "69123": r"6938[1-9]", "13055": r"132(0[1-9]|1[0-6])"}
COMMUNE = r"(\d{2}|2[AB])\d{3}"
# COM is the code of the commune where it has its name beside it, else its name (2016) or its code alone (2019).
LAYOUT = Layout(
    title="populations de référence de l'INSEE (communes)",
    columns={
        "codreg": ("CODREG",),
        "reg": ("REG",),
        "region_fr": ("Région",),
        "coddep": ("CODDEP",),
        "dep": ("DEP",),
        "arr": ("CODARR", "ARR"),
        "canton": ("CODCAN", "CAN"),
        "codcom": ("CODCOM",),
        "com": ("COM",),
        "name_fr": ("Commune",),
        "population": ("PMUN",),
        "apart": ("PCAP",),
        "total": ("PTOT",),
    },
    needed=frozenset({"com", "population", "apart", "total"}),
    file="donnees_communes.csv",
    member=r"(donnees_)?communes\.csv",
    separators=";,\t",
)


def load(path: Path | str, *, year: int | None = None, departments: Sequence[str] = ()) -> pd.DataFrame:
    """One row per commune: code, name where the file has it, département, year, legal populations (inhabitants).

    `population` is the municipal one (PMUN), the only one to add up; `counted_apart` (PCAP) and `population_total` (PTOT)
    count some people twice. Arrondissements are left out where their city stands beside them. Keeps only `departments`
    when given. Raises UsageError when the year is neither given nor in the name of the file, DataError when the file is
    not of a known layout, naming file, line and column.
    """
    path = Path(path)
    year = year or _year(path)
    source = Delimited(path, LAYOUT)
    rows = source.read(list(source.positions))
    old = {"coddep", "codcom"} <= set(rows) and "name_fr" not in rows
    code = _joined(rows) if old else rows["com"].str.strip()
    named = "codcom" if old else "com"
    source.expect(rows, named, code.str.fullmatch(COMMUNE), "ne donne pas un code de commune (5 caractères)")
    source.expect(rows, named, ~code.duplicated(), "donne une commune déjà lue plus haut")
    counts = {
        name: source.numbers(rows, name, absent=(), whole=True) for name in ("population", "apart", "total")
    }
    whole = counts["total"] == counts["population"] + counts["apart"]
    source.expect(rows, "total", whole, "n'est pas la somme PMUN + PCAP de la ligne")
    names = rows["com"] if old else rows.get("name_fr", pd.Series("", index=rows.index))
    table = pd.DataFrame(
        {
            "commune": code,
            "name_fr": names,
            "department": department(code),
            "year": year,
            "population": counts["population"].astype("Int64"),
            "counted_apart": counts["apart"].astype("Int64"),
            "population_total": counts["total"].astype("Int64"),
            "source": f"INSEE, populations de référence {year}",
        }
    )
    kept = within(code, departments) & ~_repeated(code)
    return some(table[kept], departments, path)


def _repeated(codes: pd.Series[str]) -> pd.Series[bool]:
    """Which codes are arrondissements of a city that is in the file too, so that nobody counts twice."""
    repeated = pd.Series(False, index=codes.index)
    for city, districts in CITIES.items():
        if (codes == city).any():
            repeated |= codes.str.fullmatch(districts)
    return repeated


def _joined(rows: pd.DataFrame) -> pd.Series[str]:
    # Overseas, both parts repeat one digit: 971 and 101 make 97101.
    return rows["coddep"].str.strip().str[:2] + rows["codcom"].str.strip().str.zfill(3)


def _year(path: Path) -> int:
    found = re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", path.name)
    if len(set(found)) != 1:
        raise UsageError(
            f"{path.name} ne dit pas l'année de ses populations : ajoutez-la, par exemple --year 2023 "
            "(l'année du recensement, écrite sur la page de téléchargement)."
        )
    return int(found[0])
