"""The community pharmacist in the sixteen CPTS: seat, coordinated exercise, protocols, testimonies."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels, once_per_study
from helpers.practices import DOCUMENT, interviewed, number, ordered

PROTOCOLS = f"{DOCUMENT}/protocols"
# Statements of a text, one by one, are held beside the figure that they check.
SEATED = "coding.aura2022.pharmacien_bureau"
# Objects of the protocols that a pharmacist can hold; the others concern nurses, hospitals or physicians.
OF_THE_PHARMACIST = (
    "cystite",
    "trod_angine",
    "iatrogenie",
    "rhinite",
    "osteoporose",
    "odynophagie",
    "eruption",
)
PLACE_HEADS_FR = {
    "cpts": "CPTS",
    "seat": "Siège au bureau ou au conseil",
    "role": "Fonction imprimée au tableau IV",
    "exercise": "Exercice coordonné avec l'officine",
    "protocols": "Protocoles locaux, et leur état",
}
PROTOCOL_HEADS_FR = {
    "label_fr": "Protocole",
    "topic": "Objet",
    "held": "De l'officine",
    "scope": "Portée",
    "state": "État",
    "ages": "Âges",
    "line": "Ligne",
    "note": "Note",
}
THEME_HEADS_FR = {"theme": "Thème", "testimonies": "Témoignages"}
STATES = ("oui", "non dit")


@once_per_study
def places(study: Study) -> pd.DataFrame:
    """Place of the pharmacist in each CPTS, one row each: seat, role, coordinated exercise and protocols, with their lines.

    "non dit" is what the text does not say: it is not a no.
    """
    seats = study.table("coding/attested")
    seats = seats[(seats["claim_id"] == SEATED) & (seats["state"] == "oui")].set_index("respondent")["line"]
    roles = study.table(f"{DOCUMENT}/interviewed_pharmacists").set_index("cpts")
    named = labels.codes(f"{DOCUMENT}/interviewed_pharmacists", "role")
    coded = study.table(f"{DOCUMENT}/coded_statements")
    exercise = coded[coded["domain"] == "exercice_coordonne"].set_index("cpts")["line"]
    rows = []
    for cpts in interviewed(study):
        role = (
            f"{named[roles.loc[cpts, 'role']]} (l. {roles.loc[cpts, 'line']})" if cpts in roles.index else "—"
        )
        rows.append(
            {
                "cpts": number(cpts),
                "seat": _said(seats, cpts),
                "role": role,
                "exercise": _said(exercise, cpts),
                "protocols": _protocols_of(study, cpts),
            }
        )
    return pd.DataFrame(rows)


def sentence(study: Study) -> str:
    """In how many CPTS a pharmacist sits in the bureau or board, exercises in coordination, or both."""
    table, base = places(study), len(interviewed(study))
    seated, coordinated = table["seat"] != STATES[1], table["exercise"] != STATES[1]
    return (
        f"Un pharmacien siège au bureau ou au conseil d'au moins {int(seated.sum())} CPTS sur {base} ; l'exercice coordonné "
        f"avec l'officine est dit dans {int(coordinated.sum())}, et les deux ensemble dans {int((seated & coordinated).sum())}."
    )


def protocols(study: Study) -> pd.DataFrame:
    """Every protocol cited, national then by CPTS, one row each: subject, whether a pharmacist can hold it, state, ages, line."""
    table = _ranked(study.table(PROTOCOLS))
    return pd.DataFrame(
        {
            "label_fr": table["label_fr"],
            "topic": table["topic"].map(labels.codes(PROTOCOLS, "topic")),
            "held": table["topic"].isin(OF_THE_PHARMACIST).map({True: "oui", False: "—"}),
            "scope": table["scope"].map(labels.codes(PROTOCOLS, "scope")),
            "state": table["status"].map(labels.codes(PROTOCOLS, "status")),
            "ages": [_ages(low, high) for low, high in zip(table["age_min"], table["age_max"], strict=True)],
            "line": table["line"].astype(str),
            "note": table["note"].fillna("—"),
        }
    ).reset_index(drop=True)


def protocols_sentence(study: Study) -> str:
    """Of the local protocols that a pharmacist can hold, and of the others, how many are really at work."""
    table = _protocols(study)
    local = table[table["scope"] != "national"]
    active = local[local["status"] == "actif"]
    cited = study.table(PROTOCOLS)
    other = cited[~cited["topic"].isin(OF_THE_PHARMACIST) & (cited["scope"] != "national")]
    works = int((other["status"] == "actif").sum())
    return (
        f"Sur {french.plural(len(local), 'protocole local', 'protocoles locaux')} de pharmacie, dans "
        f"{local['scope'].nunique()} CPTS, {len(active)} sont en service ({french.listing(ordered(active['scope']))}) ; "
        f"les autres sont prévus, souhaités, peu utilisés ou écrits sans servir. {len(other)} autres protocoles locaux (sortie "
        f"d'hôpital, parcours, crise, violences…) sont cités, dont {works} en service."
    )


def testimonies(study: Study) -> pd.DataFrame:
    """Themes of the testimonies on the pharmacist against how they speak of them: number of testimonies, most frequent first."""
    name = f"{DOCUMENT}/pharmacist_statement_codes"
    codes = study.table(name)
    counted = codes.pivot_table(
        index="theme", columns="valence", values="statement", aggfunc="nunique", fill_value=0
    )
    valences = labels.codes(name, "valence")
    counted = counted.reindex(columns=list(valences), fill_value=0)
    order = codes.groupby("theme")["statement"].nunique().sort_values(ascending=False, kind="stable")
    table = counted.loc[order.index].rename(index=labels.codes(name, "theme"), columns=valences)
    return table.rename_axis(index="theme", columns=None).reset_index()


def valences() -> list[str]:
    """French names of the ways in which a testimony speaks of a theme, in the order of the catalogue."""
    return list(labels.codes(f"{DOCUMENT}/pharmacist_statement_codes", "valence").values())


def shared_themes(study: Study, *, minimum: int) -> pd.DataFrame:
    """The themes of `testimonies` that at least `minimum` testimonies speak of, the most frequent first."""
    codes = study.table(f"{DOCUMENT}/pharmacist_statement_codes")
    counted = codes.groupby("theme")["statement"].nunique()
    named = labels.codes(f"{DOCUMENT}/pharmacist_statement_codes", "theme")
    chosen = {named[theme] for theme in counted[counted >= minimum].index}
    table = testimonies(study)
    return table[table["theme"].isin(chosen)].reset_index(drop=True)


def themes_caption(table: pd.DataFrame, study: Study) -> str:
    """Title of the picture of `shared_themes`: the theme that most testimonies speak of, and how many speak well of it."""
    codes = study.table(f"{DOCUMENT}/pharmacist_statement_codes")
    spoken = codes.groupby("theme")["statement"].nunique()
    top = spoken.idxmax()
    name = labels.codes(f"{DOCUMENT}/pharmacist_statement_codes", "theme")[top]
    good = int(table.set_index("theme").loc[name, valences()[0]])
    whole = len(study.table(f"{DOCUMENT}/pharmacist_statements"))
    return f"« {name} » : {int(spoken[top])} témoignages sur {whole}, dont {good} en bien"


def testimonies_sentence(study: Study) -> str:
    """How many testimonies, how many speak well of something, how many of a grievance, and the first theme of each."""
    codes = study.table(f"{DOCUMENT}/pharmacist_statement_codes")
    themes = labels.codes(f"{DOCUMENT}/pharmacist_statement_codes", "theme")
    voices = study.table(f"{DOCUMENT}/pharmacist_statements")
    said = {valence: codes[codes["valence"] == valence] for valence in ("favorable", "defavorable")}
    good = (
        said["favorable"].groupby("theme")["statement"].nunique().sort_values(ascending=False, kind="stable")
    )
    own = int((voices["voice"] != "temoin").sum())
    return (
        f"Sur {len(voices)} témoignages, dont {own} de pharmaciens, {said['favorable']['statement'].nunique()} parlent en bien "
        f"du rôle du pharmacien (d'abord : {themes[good.index[0]]}, {good.iloc[0]} ; {themes[good.index[1]]}, {good.iloc[1]}) et "
        f"{said['defavorable']['statement'].nunique()} d'une difficulté ou d'un grief."
    )


def _said(lines: pd.Series[int], cpts: str) -> str:
    if cpts not in lines.index:
        return STATES[1]
    return f"oui (l. {pd.Series(lines[cpts]).min()})"


@once_per_study
def _protocols(study: Study) -> pd.DataFrame:
    table = study.table(PROTOCOLS)
    return _ranked(table[table["topic"].isin(OF_THE_PHARMACIST)])


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    rank = table["scope"].map(lambda scope: 0 if scope == "national" else number(scope))
    return table.assign(rank=rank).sort_values("rank", kind="stable")


def _protocols_of(study: Study, cpts: str) -> str:
    table = _protocols(study)
    states = labels.codes(PROTOCOLS, "status")
    own = table[table["scope"] == cpts]
    return (
        " ; ".join(f"{row.label_fr} : {states[row.status]} (l. {row.line})" for row in own.itertuples())
        or "—"
    )


def _ages(low: float, high: float) -> str:
    if pd.isna(low):
        return "—"
    said = french.number(float(low))
    return f"{said} ans et plus" if pd.isna(high) else f"{said} à {french.number(float(high))} ans"
