"""Time and memory of the readers of large official files, as one table: `python benchmarks/bench_readers.py [ROWS]`.

The aims are those of the issue on official files, on two cores: 2.4 million lines of 56 columns of RPPS counted by commune
and profession under 20 s and 1.5 GB, 100 000 lines of FINESS under 2 s. Files are made here; nobody in them exists. Each
way runs in a process of its own: seconds in all, interpreter and imports included, then of the reading alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from measure import cost
from rich.console import Console
from rich.table import Table

from helpers.intake.official import dossier, finess, rpps
from helpers.intake.official.rpps_layout import LAYOUT

RPPS_LINES, FINESS_LINES = 2_400_000, 100_000
BLOCK = 100_000
PROFESSIONS = (("10", "Médecin"), ("21", "Pharmacien"), ("40", "Chirurgien-Dentiste"), ("50", "Sage-Femme"),
               ("60", "Infirmier"), ("70", "Masseur-Kinésithérapeute"), ("80", "Pédicure-Podologue"),
               ("91", "Orthophoniste"))  # fmt: skip
ESTABLISHMENTS, COMMUNES = 100_000, 35_000
OURS, PANDAS = "cpts", "pandas"
READERS = {
    "rpps": lambda path: rpps.load(path, extracted="2026-05-12"),
    "finess": lambda path: finess.load(path, categories=()),
    "finess-plus": lambda path: finess.load(path, categories=()),
    "dossier": dossier.load,
}


def write_rpps(path: Path, lines: int) -> Path:
    """Write a file of the layout of the RPPS: about 1.5 lines a person, 35 000 communes, every cell of an ordinary length."""
    draw = np.random.default_rng(20221027)
    labels = [names[0] for names in LAYOUT.columns.values()]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("|".join(labels) + "|\n")
        for start in range(0, lines, BLOCK):
            size = min(BLOCK, lines - start)
            persons = draw.integers(0, max(1, lines * 2 // 3), size).tolist()
            communes = (1_000 + draw.zipf(1.3, size) % 35_000).tolist()
            kinds = draw.integers(0, len(PROFESSIONS), size).tolist()
            modes = draw.choice(["L", "S", "B"], size, p=[0.55, 0.43, 0.02]).tolist()
            stream.write("".join(map(_rpps_line, persons, communes, kinds, modes)))
    return path


def _rpps_line(person: int, commune: int, kind: int, mode: str) -> str:
    code, label = PROFESSIONS[kind]
    know_how = ("S", "Spécialité ordinale", "SM54", "Médecine générale") if code == "10" else ("", "", "", "")
    cells = (
        "8", f"{10_000_000_000 + person}", f"8{10_000_000_000 + person}", "DR", "Docteur", "M", "Monsieur",
        f"NOM{person:07d}", f"PRENOM{person % 500:03d}", code, label, "C", "Civil", *know_how, mode, "Libellé du mode",
        f"{person:014d}", f"{person:09d}", f"{person % 999_999:09d}", f"{person % 777_777:09d}", f"F{person:09d}",
        "CABINET INVENTE DU TERRITOIRE", "", "", "", f"{person % 200}", "", "RUE", "Rue", "DE L'EXEMPLE INVENTE", "", "",
        f"{commune:05d}", f"{commune:05d}", f"Commune inventée {commune}", "", "", "0100000000", "", "0100000001",
        f"nom{person:07d}@exemple.invalid", "35", "Département inventé", f"C{person:09d}", "ARS/ARS/ARS", "SA07",
        "Cabinet individuel", "", "", "", "", "GENR01", "Activité standard de soin",
    )  # fmt: skip
    return "|".join(cells) + "|\n"


def write_finess(path: Path, lines: int) -> Path:
    """Write a file of the layout of etalab-cs1100507: establishments, then as many coordinates."""
    with path.open("w", encoding="cp1252", newline="\n") as stream:
        stream.write("finess;etalab;111;2026-05-12\n")
        for row in range(lines):
            cells = dict.fromkeys(finess.FIELDS, "") | {
                "section": "structureet", "nofinesset": f"{row:09d}", "nofinessej": f"{row:09d}", "rs": "STRUCTURE INVENTEE",
                "rslongue": f'"STRUCTURE ""INVENTÉE"" {row}"', "voie": "DE L'EXEMPLE", "commune": f"{1 + row % 900:03d}",
                "departement": f"{1 + row % 19:02d}", "libdepartement": "INVENTE", "ligneacheminement": "01440 EXEMPLE",
                "categetab": "604" if row % 100 == 0 else "603", "libcategetab": "Catégorie", "siret": f"{row:014d}",
                "codeape": "8610Z", "dateouv": "2021-03-01", "dateautor": "1900-01-01", "datemaj": "2024-02-03",
            }  # fmt: skip
            stream.write(";".join(cells.values()) + ";\n")
        for row in range(lines):
            stream.write(
                f"geolocalisation;{row:09d};{700_000 + row}.5;{6_600_000 + row}.1;1,ATLASANTE,93;2026-05-12\n"
            )
    return path


def write_finess_plus(path: Path, count: int) -> Path:
    """Write a flow of the layout of FINESS+: one establishment per legal person, with the cells that nobody reads here."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            '{"schemaVersion": "v1.0.0", "generatedAt": "2026-09-01T00:00:00Z", "gcc": [], "gco": [], "pmej": [\n'
        )
        for row in range(count):
            item = {
                "informationsGeneralesEGE": {
                    "numFinessEge": f"{row:09d}", "nomEgeLong": f"STRUCTURE INVENTÉE {row}", "siret": f"{row:014d}",
                    "dateOuverture": "2021-03-01",
                },
                "categorieentiteGeographiqueExercice": "604" if row % 100 == 0 else "603", "etatObjet": "A",
                "adresse": [{"usageAdresse": "03", "cogCommune": f"{1 + row % 19:02d}{1 + row % 900:03d}"}],
                "evenement": [{"identifiant": f"{row}-{rank}", "texte": "x" * 100} for rank in range(20)],
            }  # fmt: skip
            person = {"informationsGeneralesPMEJ": {"numFinessPm": f"{row:09d}"}, "ege": [item]}
            stream.write(("," if row else "") + json.dumps(person, ensure_ascii=False) + "\n")
        stream.write("]}")
    return path


def write_dossier(path: Path, communes: int) -> Path:
    """Write a file of the layout of the dossier complet: 1 900 columns, those that are read among them."""
    wanted = [str(pattern).replace(r"(\d\d)", "22") for pattern in dossier.columns()["pattern"]]
    names = ["CODGEO", *wanted, *(f"P22_AUTRE{rank}" for rank in range(1_900 - len(wanted)))]
    with path.open("w", encoding="utf-8") as stream:
        stream.write(";".join(names) + "\n")
        cells = ";".join(f"{rank % 997}.{rank % 10}" for rank in range(1_900))
        for row in range(communes):
            stream.write(f"{1 + row // 400:02d}{1 + row % 400:03d};{cells}\n")
    return path


def read(kind: str, way: str, path: Path) -> None:
    """Read one file by one way, in this process; leaves beside the file the seconds of the reading alone."""
    began = time.perf_counter()
    if way == OURS:
        READERS[kind](path)
    elif kind == "rpps":
        wanted = [
            "Identification nationale PP",
            "Code profession",
            "Code mode exercice",
            "Code commune (coord. structure)",
        ]
        rows = pd.read_csv(path, sep="|", dtype=str, usecols=wanted, quoting=3)
        person, *_, commune = wanted
        rows.groupby([commune, wanted[1], wanted[2]])[person].agg(["nunique", "size"])
        rows.groupby([commune, wanted[1]])[person].agg(["nunique", "size"])
    elif kind == "dossier":
        pd.read_csv(path, sep=";", dtype={"CODGEO": str}, low_memory=False)
    elif kind == "finess-plus":
        pd.json_normalize(json.loads(path.read_text(encoding="utf-8"))["pmej"], "ege")
    else:
        lines = pd.read_csv(
            path, sep=";", dtype=str, names=[*finess.FIELDS, "last"], skiprows=1, encoding="cp1252"
        )
        places = lines["section"] != "structureet"
        lines[~places].merge(lines[places], on="nofinesset", how="left")
    path.with_suffix(".seconds").write_text(f"{time.perf_counter() - began:.1f}", encoding="utf-8")


def main() -> None:
    """Print the table; nothing is asserted, a machine is what it is."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else RPPS_LINES
    table = Table(
        "fichier",
        "lignes",
        "Mo",
        "par",
        "secondes",
        "dont lecture",
        "processeur (s)",
        "mémoire (Mo)",
        "objectif",
    )
    with tempfile.TemporaryDirectory() as folder:
        files = (
            ("rpps", write_rpps(Path(folder) / "rpps.txt", lines), lines, "< 20 s, 1,5 Go"),
            ("finess", write_finess(Path(folder) / "finess.csv", FINESS_LINES), 2 * FINESS_LINES, "< 2 s"),
            (
                "finess-plus",
                write_finess_plus(Path(folder) / "finess-structures.json", ESTABLISHMENTS),
                ESTABLISHMENTS,
                "",
            ),
            ("dossier", write_dossier(Path(folder) / "dossier_complet.csv", COMMUNES), COMMUNES, ""),
        )
        for kind, path, count, aim in files:
            for way, name in ((OURS, f"cpts, {kind}"), (PANDAS, "pandas")):
                spent = cost([sys.executable, __file__, kind, way, path], every=0.1)
                size = f"{path.stat().st_size / 1e6:.0f}"
                alone = path.with_suffix(".seconds").read_text(encoding="utf-8")
                numbers = (f"{spent.wall:.1f}", alone, f"{spent.processor:.1f}", f"{spent.tree:.0f}")
                table.add_row(
                    kind, f"{count:,}".replace(",", " "), size, name, *numbers, aim if way == OURS else ""
                )
    Console(width=130).print(table)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        read(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
