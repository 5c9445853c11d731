"""Who supports a CPTS, and when: the steps, levers and recommendations of Lainé (2021), and who says what in its interviews.

The interviews stay codes: they are told by kind of person (Assurance maladie, ARS, CPTS, peers), never by CPTS.
"""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels

DECIDES, LEADS, TAKES_PART, ADVISES, HELPS = (
    "valide, signe ou paie", "porte et rédige", "prend part", "examine ou donne un avis", "appuie",
)  # fmt: skip
NO_PART = "aucune part dite"
PARTS = (DECIDES, LEADS, TAKES_PART, ADVISES, HELPS, NO_PART)
# Sign of each part in the picture, from the strongest.
MARKS = dict(zip(PARTS, ("■", "●", "◐", "◇", "+", ""), strict=True))
_PART_OF = {
    "valide": DECIDES, "signe": DECIDES, "negocie": DECIDES, "finance": DECIDES,
    "initie": LEADS, "redige": LEADS, "demande": LEADS, "met_en_oeuvre": LEADS,
    "participe": TAKES_PART, "beneficie": TAKES_PART, "examine": ADVISES, "avis": ADVISES,
    "appuie": HELPS, "repere": HELPS, "traduit": HELPS,
}  # fmt: skip
# Actors of one side in one column: the text names a service here, the institution there.
_SIDES = {
    "CPTS et porteurs": ("professionnels", "cpts", "coordination"),
    "Assurance maladie": ("assurance_maladie", "cpam", "delegues", "service_medical"),
    "ARS": ("ars",),
    "URPS": ("urps",),
    "MSA": ("msa",),
    "Usagers": ("usagers",),
    "Pairs": ("pairs",),
}
RECOMMENDATION_HEADS_FR = {
    "label": "Recommandation",
    "to": "À qui",
    "step": "Quand",
    "voice": "Qui le dit",
    "where": "Ligne",
}


def steps(study: Study) -> pd.DataFrame:
    """Steps × sides: the strongest part that each side takes, one of PARTS."""
    order = study.table("laine2021/process_steps").sort_values("rank")
    rows = study.table("laine2021/step_actors")
    side = {actor: name for name, actors in _SIDES.items() for actor in actors}
    rows = rows.assign(side=rows["actor"].map(side), part=rows["role"].map(_PART_OF))
    ranks = {part: rank for rank, part in enumerate(PARTS)}
    strongest = rows.assign(rank=rows["part"].map(ranks)).groupby(["step", "side"])["rank"].min()
    wide = (
        strongest.map(dict(enumerate(PARTS)))
        .unstack("side")
        .reindex(index=order["step"], columns=list(_SIDES))
        .fillna(NO_PART)
    )
    return (
        wide.set_axis(order["label_fr"].tolist()).rename_axis("Étape").rename_axis(columns=None).reset_index()
    )


def steps_caption(table: pd.DataFrame) -> str:
    """Title of the picture of `steps`: at how many steps each of the sides with the most parts has one."""
    parts = (
        (table.drop(columns=table.columns[0]) != NO_PART).sum().sort_values(ascending=False, kind="stable")
    )
    said = french.listing(f"{name} à {count}" for name, count in parts.head(3).items())
    return f"Qui prend part aux {len(table)} étapes : {said}"


def levers(study: Study) -> pd.DataFrame:
    """Levers of the Assurance maladie and of the ARS, by kind: one row per kind, one column per institution."""
    table = "laine2021/action_levers"
    rows = study.table(table).drop_duplicates(["institution", "lever_type", "lever"])
    cells = rows.groupby(["lever_type", "institution"])["label_fr"].agg(" ; ".join).unstack("institution")
    cells = cells.rename(index=labels.codes(table, "lever_type"), columns=labels.codes(table, "institution"))
    return cells.rename_axis("Levier").rename_axis(columns=None).reset_index()


def services(study: Study) -> pd.DataFrame:
    """Services of one CPAM: what each does and at which stage, one row per service."""
    table = "laine2021/cpam_interventions"
    stages, roles = labels.codes(table, "stage"), labels.codes(table, "role")
    rows = study.table(table)
    told = (
        rows.assign(
            said=[
                f"{roles.get(role, role)} ({stages.get(stage, stage).lower()})"
                for role, stage in zip(rows["role"], rows["stage"], strict=True)
            ]
        )
        .groupby("service", sort=False)["said"]
        .agg(" ; ".join)
    )
    names = study.table("laine2021/cpam_services")
    return pd.DataFrame({"service": names["label_fr"], "does": names["service"].map(told).fillna("—")})


def recommendations(study: Study) -> pd.DataFrame:
    """The recommendations: `label`, `to` (whom), `step` (when), `voice`, `where` (line), one row each."""
    table = "laine2021/recommendation_targets"
    rows = study.table(table)
    said = (
        study.table("laine2021/barriers_levers")
        .query("kind == 'recommandation'")
        .set_index("item")["label_fr"]
    )
    to, steps_fr, voices = (labels.codes(table, field) for field in ("addressee", "step", "voice"))
    told = []
    for item, own in rows.groupby("item", sort=False):
        first = own.iloc[0]
        told.append(
            {
                "label": said[item], "to": french.listing(to[code] for code in own["addressee"]),
                "step": steps_fr.get(first["step"], first["step"]), "voice": voices[first["voice"]],
                "where": f"Lainé 2021, l. {first['line']}",
            }
        )  # fmt: skip
    return pd.DataFrame(told)


def citations_by_dimension(study: Study) -> pd.DataFrame:
    """References to the interviews by dimension of their theme and stance, with totals: counts, never percentages."""
    dimensions = labels.codes("laine2021/themes", "dimension")
    themes = study.table("laine2021/themes").set_index("theme")["dimension"]
    rows = study.table("laine2021/citations")
    table = pd.crosstab(rows["theme"].map(themes).map(dimensions), rows["stance"])
    return _with_totals(table, [name for name in dimensions.values() if name in table.index], "Sujet")


def citations_by_voice(study: Study) -> pd.DataFrame:
    """References by kind of person and stance, with the interviews cited and held: "6 sur 9"."""
    held = study.table("laine2021/interviews").set_index("interview")
    families = labels.codes("laine2021/interviews", "family")
    rows = study.table("laine2021/citations")
    said = rows["interview"].map(held["family"])
    table = _with_totals(
        pd.crosstab(said.map(families), rows["stance"]), list(families.values()), "Qui parle"
    )
    cited = rows.groupby(said.map(families))["interview"].nunique()
    total = held["family"].map(families).value_counts()
    table["Entretiens cités"] = [
        f"{int(cited.get(name, 0))} sur {int(total[name])}" for name in table["Qui parle"]
    ]
    return table


def citations_by_theme(study: Study) -> pd.DataFrame:
    """Every theme with its stances and the numbers of the interviews that carry it: who says what."""
    themes = study.table("laine2021/themes").set_index("theme")["label_fr"]
    rows = study.table("laine2021/citations")
    table = _with_totals(pd.crosstab(rows["theme"].map(themes), rows["stance"]), list(themes), "Thème")
    heard = rows.groupby(rows["theme"].map(themes))["interview"].unique()
    table["Entretiens"] = [", ".join(str(item) for item in sorted(heard[name])) for name in table["Thème"]]
    return table


def _with_totals(table: pd.DataFrame, order: list[str], head: str) -> pd.DataFrame:
    stances = {
        code: name.capitalize() for code, name in labels.codes("laine2021/citations", "stance").items()
    }
    wide = table.reindex(index=order, columns=list(stances), fill_value=0).rename(columns=stances)
    wide["Renvois"] = wide.sum(axis=1)
    return wide.rename_axis(head).rename_axis(columns=None).reset_index()


def sentence(study: Study) -> str:
    """One French sentence: references, interviews cited and never cited, and stances."""
    rows, held = study.table("laine2021/citations"), study.table("laine2021/interviews")["interview"]
    silent = sorted(set(held) - set(rows["interview"]))
    counts = rows["stance"].value_counts()
    never = f" ; les entretiens {french.listing(silent)} ne le sont jamais" if silent else ""
    return (
        f"Lainé renvoie {len(rows)} fois à {rows['interview'].nunique()} de ses {len(held)} entretiens{never} : "
        f"{int(counts['favorable'])} renvois favorables, {int(counts['obstacle'])} sur un obstacle, "
        f"{int(counts['descriptif'])} descriptifs."
    )


def transcript(study: Study) -> pd.DataFrame:
    """The joined interview, coded turn by turn: line, what it is about (ours), entry of the grid, position. Never its words."""
    table = "laine2021/transcript_codings"
    rows = study.table(table)
    grid, stances = labels.codes("laine2021/analysis_grid", "code"), labels.codes(table, "stance")
    return pd.DataFrame(
        {
            "Tour": rows["turn"] + ", l. " + rows["line"].astype("string"),
            "De quoi il est question": rows["label_fr"],
            "Grille": rows["grid_code"].map(grid),
            "Position": rows["stance"].map(stances),
        }
    )


def aura_codes(study: Study) -> pd.DataFrame:
    """Codebook of the AURA interviews: label, definition, CPTS that carry each code and labels that it brings together."""
    book, coded = study.table("aura2022/codebook"), study.table("aura2022/coded_statements")
    said = coded.merge(book, on=["domain", "code"])
    cpts = said.groupby("category")["cpts"].nunique()
    details = book.groupby("category").size()
    codes = study.table("aura2022/categories")
    return pd.DataFrame(
        {
            "Code": codes["label_fr"],
            "Définition": codes["definition_fr"],
            "CPTS (sur 16)": codes["category"].map(cpts).fillna(0).astype(int),
            "Intitulés réunis": codes["category"].map(details).fillna(0).astype(int),
        }
    )
