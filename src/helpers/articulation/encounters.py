"""Who meets whom: CPTS and their partners, DTS always shown, every absence said with its base.

In the AURA thesis sixteen CPTS were heard: "not cited" is out of sixteen, and is not an absence. The four other documents
tell chosen links: they are counted by kind of partner and document.
"""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.articulation import links as links_of
from helpers.catalog import Study, labels
from helpers.page.figures.theme import PALETTE

DTS = ("cls", "clsm", "asv")
HEARD = "aura2022"
AT_WORK, AHEAD, APART, ASIDE, NOT_CITED = (
    "en œuvre", "prévu ou souhaité", "refusé ou rompu", "seulement un avis", "non cité",
)  # fmt: skip
# The grey of what is not said, and colours that keep their sense: at work blue, refused warm.
COLORS = (PALETTE[0], PALETTE[2], PALETTE[1], PALETTE[3], "#6B6B6B")
STATES = (AT_WORK, AHEAD, APART, ASIDE, NOT_CITED)
SIGNS = dict(zip(STATES, "●◐×◇—", strict=True))
_STATE_OF = {
    "en_oeuvre": AT_WORK,
    "prevu": AHEAD,
    "souhaite": AHEAD,
    "refuse": APART,
    "rompu": APART,
    "absent": APART,
}
SHORT_FR = {
    "cls": "CLS", "clsm": "CLSM", "asv": "ASV", "msp_esp": "Maisons et équipes de soins", "cpts": "Autres CPTS",
    "sas": "Service d'accès aux soins", "assurance_maladie": "Assurance maladie", "education_nationale": "Écoles",
    "dac": "Dispositif d'appui (DAC)",
}  # fmt: skip
# Kinds that one row of the table across documents brings together, DTS first.
GROUPS_FR = {
    "CLS": ("cls",),
    "CLSM": ("clsm",),
    "ASV": ("asv",),
    "DTS sans précision": ("dts",),
    "Collectivités et élus": ("collectivite", "elus"),
    "DAC, PTA, MAIA, CLIC": ("dac", "pta", "maia", "clic"),
    "Service d'accès aux soins": ("sas",),
    "Hôpital et GHT": ("hopital", "ght"),
    "Maisons, centres et équipes de soins": ("msp", "msp_esp", "cds", "centre_de_sante", "esp"),
    "Réseaux": ("reseau",),
}
OTHER = "Autres partenaires"


def group_of(kind: str) -> str:
    """Row of the table across documents where a kind of partner stands."""
    return next((name for name, kinds in GROUPS_FR.items() if kind in kinds), OTHER)


def heard(links: pd.DataFrame) -> pd.DataFrame:
    """Links told by the CPTS of the AURA thesis: those that have a base."""
    return links[links["document"] == HEARD]


def cited(links: pd.DataFrame, base: int, *, minimum: int = 1) -> pd.DataFrame:
    """CPTS by kind of partner (rows) and the best state of their links (columns of STATES): each row adds up to `base`.

    Takes the links of the CPTS heard. DTS come first, whatever their count; the others by CPTS that cite them, from
    `minimum` on. `kind` keeps the code.
    """
    ranks = {state: rank for rank, state in enumerate(STATES)}
    told = links.assign(rank=[ranks[state_of(state)] for state in links["state"]])
    best = told.groupby(["kind", "cpts"])["rank"].min().map(dict(enumerate(STATES)))
    table = best.groupby(level="kind").value_counts().unstack(fill_value=0)
    table = table.reindex(columns=list(STATES), fill_value=0)
    said = table.sum(axis=1)
    others = said[~said.index.isin(DTS) & (said >= minimum)].sort_values(ascending=False, kind="stable").index
    table = table.reindex([*DTS, *others], fill_value=0)
    table[NOT_CITED] = base - table.sum(axis=1)
    table.insert(0, "Partenaire", [short(kind) for kind in table.index])
    return table.rename_axis(index="kind", columns=None).reset_index()


def short(kind: str) -> str:
    """Short French name of a kind of partner."""
    return SHORT_FR.get(kind, links_of.named("kind", kind))


def across(links: pd.DataFrame) -> pd.DataFrame:
    """Links by group of partners (rows) and document (columns): those done out of those told, "7 sur 12", or "aucun"."""
    documents = labels.documents()
    told = links.assign(
        group=links["kind"].map(group_of), done=links["state"].eq(links_of.DONE).fillna(False)
    )
    counts = told.groupby(["group", "document"])["done"].agg(["sum", "size"])
    rows = []
    for group in [*GROUPS_FR, OTHER]:
        row = {"Partenaire": group}
        for key, name in documents.items():
            done, size = counts.loc[(group, key)] if (group, key) in counts.index else (0, 0)
            row[name] = f"{done} sur {size}" if size else "aucun"
        rows.append(row)
    return pd.DataFrame(rows)


def matrix(links: pd.DataFrame) -> pd.DataFrame:
    """Every kind of partner (rows) and CPTS heard (columns, by number): the sign of its best state, one of SIGNS."""
    signs = {rank: SIGNS[state] for rank, state in enumerate(STATES)}
    ranks = {state: rank for rank, state in enumerate(STATES)}
    best = (
        links.assign(rank=[ranks[state_of(state)] for state in links["state"]])
        .groupby(["kind", "cpts"])["rank"]
        .min()
        .map(signs)
    )
    wide = best.unstack("cpts")
    wide = wide[sorted(wide, key=lambda code: (len(code), code))]
    order = cited(links, wide.shape[1])["kind"]
    wide = wide.reindex(order).fillna(SIGNS[NOT_CITED]).rename(columns=lambda code: code.removeprefix("CPTS"))
    return (
        wide.set_axis([short(kind) for kind in order])
        .rename_axis("Partenaire")
        .rename_axis(columns=None)
        .reset_index()
    )


def state_of(state: object) -> str:
    """State of a link as the picture tells it; a link without state is only an opinion."""
    return ASIDE if pd.isna(state) else _STATE_OF.get(str(state), ASIDE)


def sentence(table: pd.DataFrame, base: int) -> str:
    """One French sentence, the answer of the page: CPTS that cite each DTS out of `base`, and the most cited partners."""
    said = base - table.set_index("kind")[NOT_CITED]
    dts = [_told(int(said[kind]), short(kind), first=rank == 0) for rank, kind in enumerate(DTS)]
    top = [f"{short(kind)} ({int(said[kind])})" for kind in said.drop(list(DTS)).head(4).index]
    return (
        f"Sur {base} CPTS entendues en Auvergne-Rhône-Alpes, {french.listing(dts)} ; les partenaires les plus cités sont "
        f"{french.listing(top)}. Ne pas être cité n'est pas être absent."
    )


def _told(count: int, scheme: str, *, first: bool) -> str:
    if count == 0:
        return f"aucune {'ne cite ' if first else ''}un {scheme}"
    return f"{count} {'cite' if count == 1 else 'citent'} un {scheme}"


def within(label: str) -> str:
    """Label inside a sentence: its first letter is small, unless it is an acronym."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def caption(table: pd.DataFrame, base: int) -> str:
    """Title of the picture of `cited`: the most cited partner, and how many CPTS cite each DTS, out of `base`."""
    said = base - table.set_index("kind")[NOT_CITED]
    others = said.drop(list(DTS))
    most = [short(kind) for kind in others[others == others.max()].index]
    dts = french.listing(f"{int(said[kind]) or 'aucune'} un {short(kind)}" for kind in DTS)
    return (
        f"Sur {base} CPTS, {int(others.max())} citent {french.listing(within(name) for name in most)} ; {dts}"
    )


def presence_caption(presence: pd.DataFrame) -> str:
    """Title of the picture of the DTS present in the CPTS of the Miller thesis: how many have or cite each."""
    told = [f"un {short(kind)} {_there(presence, kind, 'pour')}" for kind in DTS]
    return f"Sur le territoire des {presence['cpts'].nunique()} CPTS de Miller : {french.listing(told)}"


def presence_sentence(presence: pd.DataFrame) -> str:
    """One French sentence on the DTS said to be present in the CPTS of the Miller thesis, each with its base.

    A scheme that the monograph cites is no printed answer: it is told apart.
    """
    told = []
    for kind in DTS:
        printed = int(presence.loc[presence["device"] == kind, "printed"].notna().sum())
        base = french.plural(printed, "réponse imprimée") if printed else "aucune réponse imprimée"
        told.append(f"un {short(kind)} {_there(presence, kind, 'sur le territoire de')} ({base})")
    count = presence["cpts"].nunique()
    return f"Être sur le même territoire est plus courant. Pour les {count} CPTS de Miller : {french.listing(told)}."


def _there(presence: pd.DataFrame, kind: str, where: str) -> str:
    """CPTS that have a scheme (« pour 3 »), and those for which it is only cited (« cité pour 1 »)."""
    states = presence.loc[presence["device"] == kind, "status"]
    here, cited = (int(states.eq(state).sum()) for state in ("present", "cite"))
    said = [f"{where} {here or 'aucune'}"] if here or not cited else []
    return ", ".join([*said, *([f"cité pour {cited}"] if cited else [])])


def base(study: Study) -> int:
    """Number of CPTS heard by the AURA thesis."""
    return len(study.table("aura2022/interviewed_cpts"))
