"""Coded testimonies: who speaks, for or against, and what two automated readings of them agree upon.

Counts are those of the value retained (`settled`); agreement is that of the two readings as they were made.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import french, material
from helpers.catalog import Study, labels

SETTLED = "coding/testimonies_settled"
AGREED_FR = {"valence": "Valence", "level": "Degré d'articulation", "phase": "Phase"}


def valences() -> dict[str, str]:
    """French name of each valence of a testimony, by code."""
    return labels.codes("coding/testimony_codings", "valence")


def levels_of_articulation() -> dict[str, str]:
    """French name of each level of articulation, by code, the loosest first."""
    return labels.codes("coding/testimony_codings", "level")


def settled(study: Study) -> pd.DataFrame:
    """The forty-two testimonies with the value retained for each: one row per testimony, codes as in their tables.

    Columns testimony, line, role, section, theme_label_fr, instrument_label_fr, valence, state, level, phase, note. Two
    automated readings were compared and the text read again; `level` is given for a link that is done, or found absent.
    """
    said = study.table("fabrique2022/testimonies").drop(columns=["theme", "instrument"])
    return said.merge(study.table(SETTLED), on="testimony", how="left", validate="one_to_one")


def by_role(rows: pd.DataFrame) -> pd.DataFrame:
    """Testimonies by role and valence, in French, with the total of each role: counts of chosen statements."""
    return _crossed(rows, "role", labels.codes("fabrique2022/testimonies", "role"), "Qui parle")


def by_section(rows: pd.DataFrame) -> pd.DataFrame:
    """Testimonies by section of the document and valence, in French, in the order of the document."""
    return _crossed(
        rows, "section", labels.codes("fabrique2022/testimonies", "section"), "Section", ordered=True
    )


def _crossed(
    rows: pd.DataFrame, column: str, names: Mapping[str, str], head: str, *, ordered: bool = False
) -> pd.DataFrame:
    table = pd.crosstab(rows[column], rows["valence"]).reindex(columns=list(valences()), fill_value=0)
    table["Ensemble"] = table.sum(axis=1)
    order = (
        list(rows[column].drop_duplicates())
        if ordered
        else table["Ensemble"].sort_values(ascending=False, kind="stable").index.tolist()
    )
    table = table.loc[order].rename(index=dict(names), columns=valences())
    return table.rename_axis(index=head, columns=None).reset_index()


def listed(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per testimony for the reader who checks: where, who, on what, tone, state, degree, and what was changed."""
    named = {
        name: labels.codes(table, name)
        for table, name in (
            ("fabrique2022/testimonies", "role"), (SETTLED, "valence"), (SETTLED, "state"), (SETTLED, "phase"),
        )
    }  # fmt: skip
    return pd.DataFrame(
        {
            "Témoignage": rows["testimony"] + ", l. " + rows["line"].astype("string"),
            "Qui parle": rows["role"].map(named["role"]), "Thème": rows["theme_label_fr"],
            "Tonalité": rows["valence"].map(named["valence"]), "État": rows["state"].map(named["state"]).fillna("—"),
            "Degré": rows["level"].astype("Int64").astype("string").fillna("—"), "Phase": rows["phase"].map(named["phase"]),
            "Revu": rows["note"].fillna("—"),
        }
    )  # fmt: skip


def pairs_of_codings(codings: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Testimonies × coders for one of AGREED_FR: what each said, missing where the coder saw no relation (no level)."""
    whole = codings.assign(level=codings["level"].astype("Int64").astype("string"))
    return material.ratings(
        whole, unit="testimony", coder="coder", value=variable, labels=["Lecture 1", "Lecture 2"]
    )


def agreement(codings: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Every measure of agreement of the two codings, by variable: long results of `coding.measures`, ordinal for the level.

    `indicator` is the French name of the variable. A testimony that one coder left without a level is not in its measures.
    """
    levels = list(levels_of_articulation())
    parts = [
        material.measures(
            pairs_of_codings(codings, variable), indicator=name, order=levels if variable == "level" else (),
            confidence=confidence,
        )
        for variable, name in AGREED_FR.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def disagreements(codings: pd.DataFrame) -> pd.DataFrame:
    """What one coder says where the other says something else: variable, first, second, units; agreements left out."""
    parts = []
    for variable, name in AGREED_FR.items():
        cells = pairs_of_codings(codings, variable).fillna("sans relation")
        apart = material.confusion(cells)
        names = labels.codes("coding/testimony_codings", variable)
        apart = apart[apart["first"] != apart["second"]]
        parts.append(
            apart.assign(
                variable=name, first=apart["first"].map(lambda code, names=names: names.get(code, code)),
                second=apart["second"].map(lambda code, names=names: names.get(code, code)),
            )[["variable", "first", "second", "units"]]
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def sentence(rows: pd.DataFrame) -> str:
    """One French sentence on `settled`: how many speak, in which tones, and which schemes no coordination speaks for."""
    heard = {part for role in rows["role"] for part in str(role).split("_")}
    silent = [name.upper() for name in ("cls", "clsm", "asv") if name not in heard]
    counts = rows["valence"].value_counts()
    tones = [
        french.plural(int(counts[code]), name)
        for code, name in (("+", "levier"), ("-", "obstacle"), ("P", "souhait"), ("0", "propos neutre"))
        if code in counts
    ]
    told = f"Les {len(rows)} témoignages de la Fabrique disent {french.listing(tones)}"
    if silent:
        told += f" ; aucune coordination n'y parle pour {french.listing(f'un {name}' for name in silent)}"
    return f"{told}."


def changed_sentence(rows: pd.DataFrame, codings: pd.DataFrame) -> str:
    """One French sentence: who coded, and in how many testimonies the retained value is not that of the first reading."""
    changed = int(rows["note"].notna().sum())
    readings = codings["coder"].nunique()
    return (
        f"{french.plural(readings, 'lecture')}, toutes automatiques, ont codé les témoignages ; "
        f"aucune personne ne l'a fait. Un retour au texte a changé la première dans {changed} témoignages sur {len(rows)}. "
        "L'accord mesuré est donc celui de deux lectures automatiques, avant ce retour."
    )


def readable_agreement(long: pd.DataFrame) -> pd.DataFrame:
    """Rows of `agreement` as a table shows them: one alpha, ordinal where the variable is ordered, nominal elsewhere."""
    table = material.table_of_measures(long).drop(columns="reason", errors="ignore")
    nominal, ordinal = "alpha de Krippendorff (nominal)", "alpha de Krippendorff (ordinal)"
    table[nominal] = table[ordinal].where(table[ordinal] != material.NOT_ASKED, table[nominal])
    table["indicator"] = table["indicator"] + " (n = " + table["n"].astype("string") + ")"
    return table.drop(columns=[ordinal, "n"]).rename(columns={nominal: "alpha de Krippendorff"})
