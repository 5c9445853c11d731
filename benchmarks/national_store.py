"""Invent the official files of the country in the national store, at their true size: nothing in it is real."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import catalog
from helpers.territory import communes, downloads, references, store
from helpers.territory.access import UNITS
from helpers.territory.diagnosis import national

YEARS = (2022, 2023, 2024)
CATEGORIES = catalog.load("open/finess_categories", catalog.DEFAULT_FOLDER)
PROFESSIONS = ("10", "10-MG", "21", "40", "50", "60", "70", "91")


def write(folder: Path) -> Path:
    """Write every file of the register that a diagnosis reads, the same at each call; returns the folder."""
    os.environ[downloads.PLACE] = str(folder)
    units = communes.units()
    whole = units[units["kind"] == "commune"]
    codes = units.loc[
        ~units.index.isin(units.loc[units["kind"] == "arrondissement", "commune"]), "code"
    ].to_numpy()
    draw = np.random.default_rng(18)
    for profession in UNITS:
        name = profession.replace("_", "-").removeprefix("chirurgiens-")
        _keep(
            f"apl-{name}",
            pd.concat([_apl(codes, profession, year, draw) for year in YEARS], ignore_index=True),
        )
    people = whole["population_2023"].astype("float64").fillna(500)
    _keep("insee-dossier", _dossier(whole["code"].to_numpy(), people.to_numpy(), draw))
    _keep("finess", _finess(codes, draw))
    _keep("rpps", _rpps(codes, draw))
    _keep("ameli", _ameli(draw))
    return folder


def _keep(file: str, table: pd.DataFrame) -> None:
    store.write(file, table, name="2026-05-12", sha256="ab" * 32)
    national.write(file, table)


def _apl(codes: np.ndarray, profession: str, year: int, draw: np.random.Generator) -> pd.DataFrame:
    value, people = draw.gamma(4, 1, len(codes)), draw.integers(50, 5000, len(codes))
    return pd.DataFrame(
        {
            "commune": codes, "name_fr": "x", "profession": profession, "year": year, "apl": value,
            "apl_65": 0.9 * value if profession == "generalistes" else np.nan, "apl_62": np.nan, "apl_60": np.nan,
            "standardised_population": 0.98 * people, "population": people, "source": f"DREES, APL {year}",
        }
    )  # fmt: skip


def _dossier(codes: np.ndarray, people: np.ndarray, draw: np.random.Generator) -> pd.DataFrame:
    columns = catalog.load("open/dossier_columns", catalog.DEFAULT_FOLDER)["column"]
    shares = {name: people * draw.uniform(0.05, 0.4, len(codes)) for name in columns}
    return pd.DataFrame(
        {
            "commune": codes,
            "year": 2022,
            "vital_year": 2024,
            "source": "INSEE",
            **shares,
            "population": people,
        }
    )


def _finess(codes: np.ndarray, draw: np.random.Generator) -> pd.DataFrame:
    category = draw.choice(CATEGORIES["category"].to_numpy(), 60_000)
    labels = CATEGORIES.set_index("category")["label_fr"]
    return pd.DataFrame(
        {
            "finess": [f"{number:09d}" for number in range(60_000)], "name_fr": "ÉTABLISSEMENT", "category": category,
            "category_fr": labels.reindex(category).to_numpy(), "commune": draw.choice(codes, 60_000), "opened": pd.NaT,
            "extracted": pd.Timestamp("2026-05-12"), "source": "FINESS+",
        }
    )  # fmt: skip


def _rpps(codes: np.ndarray, draw: np.random.Generator) -> pd.DataFrame:
    grid = pd.MultiIndex.from_product([codes, PROFESSIONS], names=["commune", "profession"]).to_frame(
        index=False
    )
    persons = draw.poisson(1.5, len(grid))
    return grid.assign(
        profession_fr=grid["profession"], mode="tous", persons=persons, activities=persons, share=0.9 * persons,
        extracted=pd.Timestamp("2026-05-12"), source="ANS",
    )[persons > 0]  # fmt: skip


def _ameli(draw: np.random.Generator) -> pd.DataFrame:
    places = references.table().reset_index()[["level", "code"]]
    rows = places.merge(
        pd.DataFrame({"profession": [f"Profession {rank}" for rank in range(40)]}), how="cross"
    )
    return rows.assign(
        year=2024, age="tout_age", sex="tout sexe", density=draw.gamma(4, 20, len(rows)), source="CNAM"
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
