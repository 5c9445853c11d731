"""Passages read twice: the author's heading against a blind reading, with the repeated passages told apart."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.errors import NotComputable
from helpers.french import NBSP
from helpers.material.agreement import confusion, measures
from helpers.material.coefficients import AC1, KAPPA, krippendorff_alpha, percent_agreement
from helpers.material.ratings import ratings

VARIABLES_FR = {
    "titre": "Titre de l'extrait (Navinel)",
    "titre_unique": "Titre, sans les extraits répétés",
    "theme": "Thème du titre (Navinel)",
    "position": "Position envers la CPTS (Navinel)",
    "valence": "Valence (Fabrique)",
    "degre": "Degré d'articulation (Fabrique)",
    "phase": "Phase (Fabrique)",
}
DRAWN = ["label", "value", "lower", "upper"]
LEVELS = ("0", "1", "2", "3", "4", "5")
AUTHOR, READING = "auteure", "relecture automatique"


def headings(passages: pd.DataFrame) -> pd.DataFrame:
    """Author's heading against the first code of the second reading, one row per passage (its line)."""
    return _paired(passages, "author_code", "recoding_primary", (AUTHOR, READING))


def stances(passages: pd.DataFrame) -> pd.DataFrame:
    """Stance by the first reader of the observatory against that of the second reading."""
    return _paired(passages, "first_reader_stance", "recoding_stance", ("premier lecteur", READING))


def themes(passages: pd.DataFrame, theme_of: dict[str, str]) -> pd.DataFrame:
    """The same headings gathered by theme: `theme_of` gives the theme of each code, another code stays itself."""
    return headings(passages).apply(lambda column: column.map(lambda code: theme_of.get(code, code)))


def testimonies(codings: pd.DataFrame, variable: str) -> pd.DataFrame:
    """One variable of the testimonies coded twice, one row per testimony, a column per coder."""
    return ratings(
        codings,
        unit="testimony",
        coder="coder",
        value=variable,
        labels=["codeur 1", "codeur 2 (automatique)"],
    )


def distinct(passages: pd.DataFrame) -> pd.DataFrame:
    """Passages without those that repeat an earlier one."""
    return passages[passages["duplicate_of_line"].isna()]


def repeated(passages: pd.DataFrame) -> pd.DataFrame:
    """Passages printed twice: both lines, both headings of the author, both codes of the second reading.

    Columns `line`, `author_code`, `recoding_primary`, `first_line`, `first_author_code`, `first_recoding`, `same_author`,
    `same_reading`.
    """
    again = passages.dropna(subset=["duplicate_of_line"])
    first = passages.set_index("line")
    origin = again["duplicate_of_line"].astype(int).to_numpy()
    table = again[["line", "author_code", "recoding_primary"]].reset_index(drop=True)
    table["first_line"] = origin
    table["first_author_code"] = first.loc[origin, "author_code"].to_numpy()
    table["first_recoding"] = first.loc[origin, "recoding_primary"].to_numpy()
    table["same_author"] = table["author_code"] == table["first_author_code"]
    table["same_reading"] = table["recoding_primary"] == table["first_recoding"]
    return table


def second_choice(passages: pd.DataFrame) -> int:
    """Passages whose author's heading is only the second code of the second reading."""
    missed = passages[passages["author_code"] != passages["recoding_primary"]]
    return int((missed["author_code"] == missed["recoding_secondary"].fillna("")).sum())


def variables(passages: pd.DataFrame, codings: pd.DataFrame, brakes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Units × readings of every variable read twice, named as in `VARIABLES_FR`; `brakes` gives the theme of each heading."""
    theme_of = dict(zip(brakes["brake"], brakes["theme"], strict=True))
    return {
        "titre": headings(passages),
        "titre_unique": headings(distinct(passages)),
        "theme": themes(passages, theme_of),
        "position": stances(passages),
        "valence": testimonies(codings, "valence"),
        "degre": testimonies(codings, "level"),
        "phase": testimonies(codings, "phase"),
    }


def told(tables: dict[str, pd.DataFrame], *, confidence: float = 0.95) -> pd.DataFrame:
    """Long results of every measure of the `variables`; the degree of articulation is also taken as ordinal."""
    found = [
        measures(table, indicator=name, order=LEVELS if name == "degre" else (), confidence=confidence)
        for name, table in tables.items()
    ]
    return pd.concat(found, ignore_index=True)


def coefficients(long: pd.DataFrame) -> pd.DataFrame:
    """Kappa and AC1 of each variable, to draw: `label` (with n), `value`, `lower`, `upper`."""
    own = long[long["statistic"].isin([KAPPA, AC1])].reset_index(drop=True)
    short = {KAPPA: "kappa", AC1: "AC1"}
    labels = [
        f"{VARIABLES_FR[name]}, {short[statistic]}, n{NBSP}={NBSP}{int(units)}"
        for name, statistic, units in zip(own["indicator"], own["statistic"], own["denominator"], strict=True)
    ]
    return own.assign(label=labels)[DRAWN]


def frequent(passages: pd.DataFrame, minimum: int) -> list[str]:
    """Author's headings of at least `minimum` passages, most frequent first. Raises NotComputable when there is none."""
    counts = passages["author_code"].value_counts(sort=True)
    found = [str(code) for code in counts[counts >= minimum].index]
    if not found:
        raise NotComputable(f"Aucun titre n'a {minimum} extraits ou plus : baissez le nombre demandé.")
    return found


def kappas(long: pd.DataFrame, labels: dict[str, str], passages: pd.DataFrame) -> pd.DataFrame:
    """Kappa of each code of `agreement.by_code`, to draw: `label` (with the author's passages), `value`, `lower`, `upper`."""
    own = long[long["statistic"] == KAPPA].reset_index(drop=True)
    counts = passages["author_code"].value_counts()
    names = [f"{labels[code]}, n{NBSP}={NBSP}{int(counts.get(code, 0))}" for code in own["indicator"]]
    return own.assign(label=names)[DRAWN]


def family_table(passages: pd.DataFrame, brakes: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Passages by family of the author's heading (rows) and of the second reading (columns); levers are one family."""
    labels = {**dict(zip(names["family"], names["label_fr"], strict=True)), "levier": "Leviers"}
    family = dict(zip(brakes["brake"], brakes["family"], strict=True))
    table = headings(passages).apply(lambda column: column.map(lambda code: family.get(code, "levier")))
    counts = pd.crosstab(table[AUTHOR], table[READING]).reindex(
        index=list(labels), columns=list(labels), fill_value=0
    )
    return counts.rename(index=labels, columns=labels).rename_axis(index="Titre", columns=None).reset_index()


def family_caption(table: pd.DataFrame) -> str:
    """Title of the map of `family_table`: extracts that both readings put in one family, of all of them."""
    counts = table.set_index(table.columns[0])
    same = sum(int(counts.loc[name, name]) for name in counts.columns)
    return (
        f"{same} extraits sur {int(counts.to_numpy().sum())} restent dans la famille de titres de l'auteure"
    )


def values() -> dict[str, str]:
    """French name of each code that a coder gives: valence, phase, position towards the CPTS."""
    return {
        **labels.codes("coding/passage_codings", "recoding_stance"),
        **labels.codes("coding/testimony_codings", "phase"),
        **labels.codes("coding/testimony_codings", "valence"),
    }


def testimony_disagreements(codings: pd.DataFrame) -> pd.DataFrame:
    """Testimonies coded differently, in French: `Témoignage`, `Ce qui est codé`, `Codeur 1`, `Codeur 2 (automatique)`.

    A level given by one coder only is a disagreement on whether there is a relation at all.
    """
    rows = []
    named = values()
    for variable, label in (("valence", "Valence"), ("level", "Degré d'articulation"), ("phase", "Phase")):
        table = testimonies(codings, variable).fillna("aucun")
        apart_here = table[table.nunique(axis=1) > 1]
        rows += [
            (
                unit,
                label,
                *(
                    (first, second)
                    if variable == "level"
                    else (named.get(item, item) for item in (first, second))
                ),
            )
            for unit, first, second in apart_here.itertuples(name=None)
        ]
    return pd.DataFrame(rows, columns=["Témoignage", "Ce qui est codé", "Codeur 1", "Codeur 2 (automatique)"])


def apart(table: pd.DataFrame, labels: dict[str, str] | None = None, *, minimum: int = 1) -> pd.DataFrame:
    """Pairs of codes that the two readings exchange, most frequent first: `first`, `second`, `units`, agreements left out."""
    pairs = confusion(table)
    pairs = pairs[(pairs["first"] != pairs["second"]) & (pairs["units"] >= minimum)].reset_index(drop=True)
    names = dict(labels or {})
    return pairs.assign(
        **{side: pairs[side].map(lambda code: names.get(code, code)) for side in ("first", "second")}
    )


def sentence(passages: pd.DataFrame) -> str:
    """One French sentence: agreement on the headings with and without repeated passages, and alpha."""
    # No interval is told here, so no sample is drawn.
    whole, once = (headings(rows) for rows in (passages, distinct(passages)))
    raw, alone = (percent_agreement(table, draws=0).iloc[0] for table in (whole, once))
    alpha = krippendorff_alpha(whole, draws=0).iloc[0]
    return (
        f"La relecture automatique retrouve le titre de l'auteure pour {int(raw['numerator'])} extraits sur"
        f" {int(raw['denominator'])} (alpha {french.number(alpha['value'], 2)}), {int(alone['numerator'])} sur"
        f" {int(alone['denominator'])} sans les extraits répétés."
    )


def repeated_sentence(passages: pd.DataFrame) -> str:
    """One French sentence on the repeated passages: under how many the author, then the second reading, keep their code."""
    table = repeated(passages)
    return (
        f"{len(table)} extraits en répètent un autre : l'auteure place la répétition sous un autre titre"
        f" {int((~table['same_author']).sum())} fois sur {len(table)}, la relecture lui donne le même code"
        f" {int(table['same_reading'].sum())} fois sur {len(table)}. Un même passage peut appuyer deux titres : un accord complet"
        " n'était pas possible."
    )


def second_choice_sentence(passages: pd.DataFrame) -> str:
    """One French sentence: passages whose author's heading is the second choice of the second reading, or neither."""
    second = second_choice(passages)
    missed = int((passages["author_code"] != passages["recoding_primary"]).sum())
    return (
        f"Sur les {missed} extraits en désaccord, le titre de l'auteure est le second choix de la relecture pour {second},"
        f" et n'est proposé ni en premier ni en second pour {missed - second}."
    )


def level_sentence(codings: pd.DataFrame) -> str:
    """One French sentence on the testimonies where only one coder sees a relation, hence no level to compare."""
    missing = testimonies(codings, "level").isna().sum(axis=1)
    return (
        f"Degré d'articulation : {int((missing == 0).sum())} témoignages portent un degré des deux codeurs,"
        f" {int((missing == 2).sum())} d'aucun, {int((missing == 1).sum())} d'un seul ; ces derniers sont hors de l'accord."
    )


def _paired(passages: pd.DataFrame, first: str, second: str, names: tuple[str, str]) -> pd.DataFrame:
    table = passages.set_index("line")[[first, second]].astype("string")
    return table.set_axis(list(names), axis=1)
