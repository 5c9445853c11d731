"""Files of the barometer of public action (DITP): one indicator by department, region and country at a few dates.

Layout, UTF-8 with commas: `indic_id, enforce_zone_id, metric_enforce_date, maille, indic_vi, indic_va, indic_vc, indic_ta`
(initial value, current value, target, progress in percent). Source: DITP-pilotage/barometre-resultats, README.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.errors import DataError, UnknownName
from helpers.files import grid
from helpers.territory import downloads

INDICATORS = {
    "IND-589": ("Couverture de la population par une CPTS", "%"),
    "IND-587": ("Population couverte par le service d'accès aux soins", "%"),
    "IND-312": ("Patients en ALD avec un médecin traitant", "%"),
    "IND-311": ("Maisons de santé pluriprofessionnelles", "structures"),
    "IND-318": ("Centres de santé pluriprofessionnels", "structures"),
}
LEVELS = {"DEPT": "département", "REG": "région", "NAT": "France"}
COLUMNS = ("indicator", "level", "code", "date", "value", "unit", "initial", "target")
_HEADER = [
    "indic_id", "enforce_zone_id", "metric_enforce_date", "maille", "indic_vi", "indic_va", "indic_vc", "indic_ta",
]  # fmt: skip


def file_name(indicator: str) -> str:
    """Name of the file of an indicator ("IND-589" gives "ind-589.csv"). Raises UnknownName."""
    if indicator not in INDICATORS:
        raise UnknownName("Indicateur du baromètre", indicator, INDICATORS)
    return f"{indicator.lower()}.csv"


def load(indicator: str) -> pd.DataFrame:
    """Values of one indicator: one row per place and date, places as INSEE codes ("01", "2A", "84", "france").

    `value` is the current value, else the initial one (`initial` says so); rows that only hold a target are left out. An
    empty table when the file is not here: that is a normal state, said by `downloads.notice`. Raises UnknownName, or
    DataError when the file has another layout.
    """
    name = file_name(indicator)
    return parse(downloads.folder() / name, indicator) if downloads.present(name) else _empty()


def parse(path: Path, indicator: str) -> pd.DataFrame:
    """Table of one file of the layout above. Raises DataError naming the column, the row or the place that is unknown."""
    raw = grid.exact(path).frame().reset_index(drop=True)
    if list(raw.columns) != _HEADER:
        raise DataError(
            f"{path.name} : l'en-tête n'est pas celui du baromètre (attendu : {', '.join(_HEADER)})."
        )
    levels = raw["maille"].map(LEVELS)
    wrong = levels.isna() | (raw["indic_id"] != indicator)
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            f"{path.name}, ligne {row + 2} : indicateur ou maille inattendus "
            f"(« {raw['indic_id'].iloc[row]} », « {raw['maille'].iloc[row]} »)."
        )
    current, initial = _numbers(raw, "indic_va", path.name), _numbers(raw, "indic_vi", path.name)
    target = _numbers(raw, "indic_vc", path.name)
    dates = pd.to_datetime(raw["metric_enforce_date"], format="%Y-%m-%d", errors="coerce")
    # A place without any value has no date either.
    undated = dates.isna() & ((raw["metric_enforce_date"] != "") | current.notna() | initial.notna())
    if undated.any():
        row = int(undated.to_numpy().argmax())
        raise DataError(
            f"{path.name}, ligne {row + 2}, colonne « metric_enforce_date » : « {raw['metric_enforce_date'].iloc[row]} » n'est "
            "pas une date AAAA-MM-JJ."
        )
    table = pd.DataFrame(
        {
            "indicator": indicator,
            "level": levels.astype("string"),
            "code": raw["enforce_zone_id"].str.replace(r"^[DR](?=\d)", "", regex=True),
            "date": dates,
            "value": current.fillna(initial),
            "unit": INDICATORS[indicator][1],
            "initial": current.isna() & initial.notna(),
            "target": target,
        }
    )
    table["code"] = table["code"].where(table["level"] != "France", "france").astype("string")
    kept = table[table["value"].notna()]
    twice = kept.duplicated(["level", "code", "date"])
    if twice.any():
        raise DataError(
            f"{path.name}, ligne {int(twice.idxmax()) + 2} : ce lieu et cette date ont déjà une valeur plus haut."
        )
    return kept.sort_values(["level", "code", "date"], ignore_index=True)


def at(table: pd.DataFrame, level: str, periods: list[str] | None = None) -> pd.DataFrame:
    """Rows of one level ("département", "région", "France") and, when given, of the periods ("2023-10").

    Raises DataError when a period is not in the table, naming those that are; an empty table stays empty.
    """
    kept = table[table["level"] == level]
    if periods and len(kept):
        months = kept["date"].dt.strftime("%Y-%m")
        for period in periods:
            if period not in set(months):
                known = ", ".join(sorted(set(months)))
                raise DataError(f"Période « {period} » absente pour le niveau « {level} » : {known}.")
        kept = kept[months.isin(periods)]
    return kept.reset_index(drop=True)


def _numbers(raw: pd.DataFrame, column: str, name: str) -> pd.Series[float]:
    parsed = pd.to_numeric(raw[column].where(raw[column] != ""), errors="coerce")
    parsed = parsed.where(parsed.abs() < float("inf"))
    wrong = parsed.isna() & (raw[column] != "")
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise DataError(
            f"{name}, ligne {row + 2}, colonne « {column} » : « {raw[column].iloc[row]} » n'est pas un nombre."
        )
    return parsed


def _empty() -> pd.DataFrame:
    kinds = {"date": "datetime64[us]", "value": "float64", "initial": "bool", "target": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "string")) for name in COLUMNS})
