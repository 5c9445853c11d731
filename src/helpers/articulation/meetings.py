"""Where the statements and the indicators of the documents meet: the project's own material for the joint display.

The pairing of a theme with an indicator is ours. Only two documents have both on one territory: the Miller thesis (five CPTS
as letters, interviews and context indicators, no counts published) and the AURA thesis (one declared count of patients).
"""

from __future__ import annotations

import pandas as pd

from helpers import catalog
from helpers.articulation.joint import INDICATOR_COLUMNS

REFERENCE = "ile_de_france"
# Subdimension of the themes of the interviews, and the context indicator that speaks of the same thing.
PAIRED = {
    "acces_medecin_traitant": ("Accès au médecin traitant", "part_sans_medecin_traitant"),
    "soins_non_programmes": ("Soins non programmés", "passages_urgences"),
    "prevention": ("Prévention", "vaccination_grippe"),
}
_VALENCES = {
    "frein": "obstacle",
    "levier": "levier",
    "neutre": "neutre",
    "mixte": "neutre",
    "proposition": "proposition",
}
SHORTAGE_FR = "Manque de généralistes"


def miller_statements(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Passages of interviews that carry a paired theme: statement, theme, territory ("CPTS A"), valence, source.

    A theme that is both brake and lever is counted as neutral: it does not lean.
    """
    themes = catalog.load("miller2022/themes", package).set_index("theme")
    passages = catalog.load("miller2022/verbatims", package).set_index("verbatim_id")
    carried = catalog.load("miller2022/verbatim_themes", package)
    carried = carried.assign(group=carried["theme"].map(themes["subdimension"]))
    carried = carried[carried["group"].isin(list(PAIRED))]
    return pd.DataFrame(
        {
            "statement": carried["verbatim_id"],
            "theme": carried["group"].map({key: name for key, (name, _) in PAIRED.items()}),
            "territory": "CPTS " + carried["verbatim_id"].map(passages["cpts"]),
            "valence": carried["theme"].map(themes["polarity"]).map(_VALENCES),
            "source": carried["verbatim_id"].map(passages["interviewee"]),
        }
    ).reset_index(drop=True)


def miller_indicators(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Context indicators of the five CPTS against the region, as `joint.display` takes them; no counts, so no interval."""
    values = catalog.load("miller2022/supply_epidemiology", package)
    meaning = catalog.load("miller2022/context_indicators", package).set_index("indicator")
    rows = []
    for theme, code in PAIRED.values():
        own = values[values["indicator"] == code].set_index("cpts")["value"]
        wanted = meaning.loc[code, "direction"]
        for cpts, value in own.drop(REFERENCE).items():
            rows.append(
                {
                    "theme": theme, "territory": f"CPTS {cpts}", "indicator": meaning.loc[code, "label_fr"], "value": value,
                    "lower": float("nan"), "upper": float("nan"), "numerator": float("nan"), "denominator": float("nan"),
                    "note": "" if pd.notna(value) else "valeur non publiée", "reference": own[REFERENCE],
                    "direction": "neutre" if pd.isna(wanted) else wanted, "unit": meaning.loc[code, "unit"],
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS)


def aura_statements(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Interviewed CPTS that say to lack general practitioners, as obstacles: one statement each."""
    said = catalog.load("aura2022/coded_statements", package)
    said = said[(said["domain"] == "penurie") & (said["code"] == "medecins_generalistes")]
    return pd.DataFrame(
        {
            "statement": "l. " + said["line"].astype("string"), "theme": SHORTAGE_FR, "territory": said["cpts"],
            "valence": "obstacle", "source": said["cpts"],
        }
    ).reset_index(drop=True)  # fmt: skip


def aura_indicators(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """The one count that an interviewed CPTS declares on the same subject: no base and no reference are published."""
    figures = catalog.load("aura2022/figures", package).set_index("figure_id")
    row = figures.loc["patients_sans_mt_cpts7"]
    empty = dict.fromkeys(("lower", "upper", "numerator", "denominator", "reference"), float("nan"))
    return pd.DataFrame(
        [
            {
                "theme": SHORTAGE_FR, "territory": str(row["geography"]).upper(),
                "indicator": "Patients sans médecin traitant, déclarés",
                "value": row["value"], **empty, "note": "", "direction": "baisse", "unit": row["unit"],
            }
        ],
        columns=INDICATOR_COLUMNS,
    )  # fmt: skip


def statements(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Statements of both documents."""
    return pd.concat([miller_statements(package), aura_statements(package)], ignore_index=True)


def indicators(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Indicators of both documents."""
    return pd.concat([miller_indicators(package), aura_indicators(package)], ignore_index=True)
