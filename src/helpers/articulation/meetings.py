"""Where the statements and the indicators of the documents meet: the project's own material for the joint display.

The pairing of a theme with an indicator is ours. Only two documents have both on one territory: the Miller thesis (five CPTS
as letters, interviews and context indicators, no counts published) and the AURA thesis (one declared count of patients).
"""

from __future__ import annotations

import pandas as pd

from helpers.articulation.joint import INDICATOR_COLUMNS
from helpers.catalog import Study

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


def miller_statements(study: Study) -> pd.DataFrame:
    """Passages of interviews that carry a paired theme: statement, theme, territory ("CPTS A"), valence, source.

    A theme that is both brake and lever is counted as neutral: it does not lean.
    """
    themes = study.table("miller2022/themes").set_index("theme")
    passages = study.table("miller2022/verbatims").set_index("verbatim_id")
    carried = study.table("miller2022/verbatim_themes")
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


def miller_indicators(study: Study) -> pd.DataFrame:
    """Context indicators of the five CPTS against the region, as `joint.display` takes them; no counts, so no interval."""
    values = study.table("miller2022/supply_epidemiology")
    meaning = study.table("miller2022/context_indicators").set_index("indicator")
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


def aura_statements(study: Study) -> pd.DataFrame:
    """Interviewed CPTS that say to lack general practitioners, as obstacles: one statement each."""
    said = study.table("aura2022/coded_statements")
    said = said[(said["domain"] == "penurie") & (said["code"] == "medecins_generalistes")]
    return pd.DataFrame(
        {
            "statement": "l. " + said["line"].astype("string"), "theme": SHORTAGE_FR, "territory": said["cpts"],
            "valence": "obstacle", "source": said["cpts"],
        }
    ).reset_index(drop=True)  # fmt: skip


def aura_indicators(study: Study) -> pd.DataFrame:
    """The one count that an interviewed CPTS declares on the same subject: no base and no reference are published."""
    figures = study.table("aura2022/figures").set_index("figure_id")
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


def statements(study: Study) -> pd.DataFrame:
    """Statements of both documents."""
    return pd.concat([miller_statements(study), aura_statements(study)], ignore_index=True)


def indicators(study: Study) -> pd.DataFrame:
    """Indicators of both documents."""
    return pd.concat([miller_indicators(study), aura_indicators(study)], ignore_index=True)
