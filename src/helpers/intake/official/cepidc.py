"""Mortality by département (Inserm-CépiDc, portal of causes of death), as its export gives it: values without their counts.

Layout: `annee, departement, sexe, cause, indicateur, valeur`, one row per year, place, sex, cause and indicator. The portal
publishes neither deaths nor limits beside a standardised rate: a trend rests on the values alone (`trends.published_trend`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.errors import DataError
from helpers.files.streams import Delimited, Layout, some

DEFINITIONS, VALUES = "cpts/indicator_definitions", "cpts/indicators"
SOURCE = "Inserm-CépiDc"
LAYOUT = Layout(
    title="mortalité du CépiDc (Inserm)",
    columns={
        "year": ("annee", "année"),
        "department": ("departement", "département", "code departement"),
        "sex": ("sexe",),
        "cause": ("cause", "cause de décès"),
        "indicator": ("indicateur",),
        "value": ("valeur",),
    },
    needed=frozenset({"year", "department", "sex", "cause", "indicator", "value"}),
    file="toutes_causes.csv",
    member=r".*\.csv",
)
_DEPARTMENT = r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6]"


def load(
    path: Path | str, *, departments: Sequence[str] = (), years: Sequence[int] = ()
) -> dict[str, pd.DataFrame]:
    """Tables of a package: one definition per cause, sex and indicator, and one value per département and year.

    Territories are `departement-01`. Keeps only `departments` and `years` when given. A rate has its base in its name ("pour
    100 000 habitants"), and is wanted low; it counts nobody, for want of counts. Raises DataError when the file is not of the
    layout, for a place twice in a year, or an indicator without a base, naming line and column.
    """
    path = Path(path)
    source = Delimited(path, LAYOUT)
    rows = source.read(list(LAYOUT.columns))
    source.expect(rows, "year", rows["year"].str.fullmatch(r"(19|20)\d\d"), "n'est pas une année")
    place = rows["department"].str.strip().str.zfill(2)
    source.expect(rows, "department", place.str.fullmatch(_DEPARTMENT), "n'est pas un code de département")
    base = rows["indicator"].str.replace(r"\s", "", regex=True).str.extract(r"pour(\d+)habitants")[0]
    source.expect(rows, "indicator", base.notna(), "ne dit pas sa base (« pour 100 000 habitants »)")
    number = source.numbers(rows, "value")
    kept = rows.assign(code=place, per=base.astype(float), number=number).dropna(subset=["number"])
    if departments:
        kept = kept[kept["code"].isin(list(departments))]
    if years:
        kept = kept[kept["year"].isin([str(year) for year in years])]
    kept = some(kept, departments, path)
    names = ["indicator", "cause", "sex"]
    kept = kept.assign(key=kept[names].agg(_code, axis=1))
    twice = kept.duplicated(["key", "code", "year"])
    if twice.any():
        said = ", ".join(kept.loc[twice, ["cause", "sex", "code", "year"]].iloc[0])
        raise DataError(f"{path.name} : deux lignes pour {said}. Téléchargez le fichier à nouveau.")
    first = kept.drop_duplicates("key")
    definitions = pd.DataFrame(
        {
            "indicator": first["key"], "label_fr": first["cause"] + ", " + first["sex"].str.lower(),
            "definition_fr": first["indicator"] + " ; " + first["cause"] + " ; " + first["sex"], "kind": "taux",
            "unit": [_unit(per) for per in first["per"]], "per": first["per"], "direction": "baisse", "source": SOURCE,
            "counts_people": False,
        }
    )  # fmt: skip
    values = pd.DataFrame(
        {
            "indicator": kept["key"], "territory": "departement-" + kept["code"], "period_start": kept["year"] + "-01-01",
            "period_end": kept["year"] + "-12-31", "value": kept["number"], "source": SOURCE,
        }
    )  # fmt: skip
    return {DEFINITIONS: definitions.reset_index(drop=True), VALUES: values.reset_index(drop=True)}


def _unit(per: float) -> str:
    return "pour " + f"{int(per):,}".replace(",", "\u202f")


def _code(row: pd.Series[str]) -> str:
    """Code of an indicator, at most forty signs: what is measured, of what, for whom."""
    kind = "std" if re.search("standardis", row["indicator"], re.I) else "brut"
    if re.search("prématur", row["indicator"], re.I):
        kind += "_prem"
    cause, sex = (re.sub(r"[^a-z0-9]+", "_", french.plain(row[name])).strip("_") for name in ("cause", "sex"))
    return f"deces_{kind}_{cause[:17]}_{sex[:6]}".replace("__", "_")
