"""A small package of a user's CPTS, written through the deposit like any import."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from helpers import catalog
from helpers.intake.deposit import deposit

DEFINITIONS = [
    {"indicator": "grippe", "label_fr": "Vaccination", "kind": "proportion", "unit": "%", "per": 100, "direction": "hausse",
     "mission": "prevention", "benchmark": "region"},
    {"indicator": "urgences", "label_fr": "Passages", "kind": "taux", "unit": "pour 1 000", "per": 1000, "direction": "baisse",
     "mission": "acces_aux_soins", "benchmark": "region", "contested_fr": "Le périmètre est trop large."},
    {"indicator": "delai", "label_fr": "Délai", "kind": "moyenne", "unit": "jours", "direction": "baisse"},
]  # fmt: skip


def value(indicator, territory, year, numerator=None, denominator=None, value=None):
    return {
        "indicator": indicator, "territory": territory, "period_start": f"{year}-01-01", "period_end": f"{year}-12-31",
        "numerator": numerator, "denominator": denominator, "value": value,
    }  # fmt: skip


VALUES = [
    value("grippe", "nord", 2022, 5000, 10000),
    value("grippe", "nord", 2023, 5600, 10000),
    value("grippe", "nord", 2024, 5610, 10000),
    value("grippe", "region", 2024, 520000, 1000000),
    value("urgences", "nord", 2024, 17000, 95000),
    value("urgences", "region", 2024, 960000, 5600000),
    value("delai", "nord", 2024, value=9.0),
]


def action(code, start, indicator="grippe", **more):
    row = {
        "action": code,
        "cpts": "nord",
        "date_start": start,
        "mission": "prevention",
        "label_fr": f"Action {code}",
    }
    return row | {"indicator": indicator} | more


@pytest.fixture
def package(tmp_path):
    """Write a package of one CPTS and of `others`; each other argument is a list of rows of the table of that name."""

    def write(
        definitions=DEFINITIONS, values=VALUES, actions=(), missions=(), facts=(), cpts=None, others=()
    ):
        folder = tmp_path / "paquet"
        shutil.copytree(catalog.MODEL_FOLDER, folder, ignore=shutil.ignore_patterns("exemple"))
        own = {
            "cpts": "nord",
            "name_fr": "CPTS du Nord (fictive)",
            "population": 95000,
            "aci_date": "2022-06-15",
        }
        tables = {
            "cpts/cpts": [own | (cpts or {}), *others], "cpts/indicator_definitions": definitions, "cpts/indicators": values,
            "cpts/actions": actions, "cpts/missions": missions, "cpts/facts": facts,
        }  # fmt: skip
        deposit({name: pd.DataFrame(list(rows)) for name, rows in tables.items() if len(rows)}, folder)
        return folder

    return write
