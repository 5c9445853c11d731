"""Coded testimonies: who speaks, for or against, and to what degree CPTS and DTS work together."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import french, material
from helpers.catalog import labels
from helpers.errors import DataError

AGREED_FR = {"valence": "Valence", "level": "Degré d'articulation", "phase": "Phase"}


def valences() -> dict[str, str]:
    """French name of each valence of a testimony, by code."""
    return labels.codes("coding/testimony_codings", "valence")


def levels_of_articulation() -> dict[str, str]:
    """French name of each level of articulation, by code, the loosest first."""
    return labels.codes("coding/testimony_codings", "level")


def count_testimonies(
    codings: pd.DataFrame, *, rows: str, columns: str, coder: int = 1, order: Sequence[str] | None = None
) -> pd.DataFrame:
    """Number of testimonies by two codes for one coder, with totals; a code left empty is counted as "sans objet".

    Takes one row per testimony and coder. Raises DataError when the coder is unknown or coded a testimony twice.
    """
    own = codings[codings["coder"] == coder]
    if own.empty:
        raise DataError(
            f"Aucun témoignage codé par le codeur {coder} (codeurs : {sorted(map(int, codings['coder'].unique()))})."
        )
    if own["testimony"].duplicated().any():
        raise DataError(f"Le codeur {coder} a codé deux fois le même témoignage.")
    table = pd.crosstab(own[rows].fillna("sans objet"), own[columns].fillna("sans objet"))
    if order is not None:
        table = table.reindex(columns=[*order, *[code for code in table if code not in order]], fill_value=0)
    table["Ensemble"] = table.sum(axis=1)
    table = table.sort_values("Ensemble", ascending=False, kind="stable")
    table.loc["Ensemble"] = table.sum()
    return table.rename_axis(columns=None).reset_index()


def level_distribution(codings: pd.DataFrame) -> pd.DataFrame:
    """Number of testimonies at each level of articulation (0 to 5), one column per coder.

    Testimonies without a relation between CPTS and DTS (no level) are left out.
    """
    levels = codings["level"].astype("Int64").astype("string")
    relational = codings.assign(level=levels)[levels.isin(list(levels_of_articulation())).fillna(False)]
    table = pd.crosstab(relational["level"], relational["coder"]).reindex(
        list(levels_of_articulation()), fill_value=0
    )
    return table.rename(index=levels_of_articulation()).rename_axis(index="Degré", columns=None).reset_index()


def themes_by_role(testimonies: pd.DataFrame, *, minimum: int = 1) -> pd.DataFrame:
    """Number of testimonies by theme and role (in French), themes of at least `minimum` testimonies, most frequent first."""
    table = pd.crosstab(
        testimonies["theme_label_fr"],
        testimonies["role"].map(labels.codes("coding/testimony_codings", "role")),
    )
    table["Ensemble"] = table.sum(axis=1)
    table = table[table["Ensemble"] >= minimum].sort_values("Ensemble", ascending=False, kind="stable")
    return table.rename_axis(columns=None).reset_index()


def in_french(counts: pd.DataFrame) -> pd.DataFrame:
    """Table of `count_testimonies` by role and valence with the French names of both."""
    named = counts.rename(columns=valences())
    return named.assign(
        role=named["role"].map(lambda code: labels.codes("coding/testimony_codings", "role").get(code, code))
    )


def instruments_by_level(codings: pd.DataFrame, testimonies: pd.DataFrame) -> pd.DataFrame:
    """Instruments of the testimonies at each level, by coder: one row per level (5 first), with those both coders put there.

    Columns Degré, one per coder ("Codeur 1"), "Les deux codeurs" (number of testimonies at the same level). Instruments are in
    French, with their count when more than one testimony names them; an empty cell is a dash: the coder put none there.
    """
    names = testimonies.set_index("testimony")["instrument_label_fr"]
    # A testimony without a relation has no level: the empty text is none of them.
    levels = codings["level"].astype("Int64").astype("string").fillna("").astype(object)
    placed = codings.assign(
        level=levels, instrument_fr=codings["testimony"].map(names).fillna("instrument non nommé")
    )
    wide = placed.pivot(index="testimony", columns="coder", values="level")
    rows = []
    for level, label in reversed(levels_of_articulation().items()):
        row: dict[str, object] = {"Degré": label}
        for coder in wide.columns:
            own = placed[(placed["coder"] == coder) & (placed["level"] == level)]
            row[f"Codeur {coder}"] = _listed(own["instrument_fr"])
        row["Les deux codeurs"] = int((wide == level).all(axis=1).sum())
        rows.append(row)
    return pd.DataFrame(rows)


def _listed(instruments: pd.Series[str]) -> str:
    counts = instruments.value_counts(sort=False).sort_index()
    return (
        " ; ".join(f"{item} ({count})" if count > 1 else str(item) for item, count in counts.items()) or "—"
    )


def pairs_of_codings(codings: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Testimonies × coders for one of AGREED_FR: what each said, missing where the coder saw no relation (no level)."""
    whole = codings.assign(level=codings["level"].astype("Int64").astype("string"))
    return material.ratings(
        whole, unit="testimony", coder="coder", value=variable, labels=["Codeur 1", "Codeur 2"]
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


def sentence(codings: pd.DataFrame, *, coder: int = 1) -> str:
    """One French sentence: who speaks most, which schemes nobody speaks for, and who reports the closest articulation."""
    own = codings[codings["coder"] == coder]
    roles = own["role"].value_counts()
    heard = {part for role in own["role"] for part in str(role).split("_")}
    silent = [name.upper() for name in ("cls", "clsm", "asv", "cpts") if name not in heard]
    closest = own[own["level"] == max(map(int, levels_of_articulation()))]
    named = labels.codes("coding/testimony_codings", "role")
    who = [
        named[role].lower().replace("cpts", "CPTS").replace("cls", "CLS") for role in closest["role"].unique()
    ]
    return (
        f"{french.plural(len(own), 'témoignage')} : le rôle le plus cité est « {named[roles.index[0]]} » "
        f"({int(roles.iloc[0])}) ; "
        + (f"aucune coordination n'est citée pour : {french.listing(silent)} ; " if silent else "")
        + f"le degré le plus étroit est rapporté {french.plural(len(closest), 'fois')} (codeur {coder}), par : "
        f"{french.listing(who) if who else 'personne'}."
    )


def readable_agreement(long: pd.DataFrame) -> pd.DataFrame:
    """Rows of `agreement` as a table shows them: one alpha, ordinal where the variable is ordered, nominal elsewhere."""
    table = material.table_of_measures(long).drop(columns="reason", errors="ignore")
    nominal, ordinal = "alpha de Krippendorff (nominal)", "alpha de Krippendorff (ordinal)"
    table[nominal] = table[ordinal].where(table[ordinal] != material.NOT_ASKED, table[nominal])
    return table.drop(columns=ordinal).rename(columns={nominal: "alpha de Krippendorff"})
