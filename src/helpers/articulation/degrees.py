"""At which degree CPTS and other schemes work together, by state, with which instruments: only a link that is done has one."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.articulation import links as links_of
from helpers.articulation.encounters import DTS, GROUPS_FR, HEARD, OTHER, group_of, within
from helpers.catalog import labels

_DTS_KINDS = (*DTS, "dts")
UNSAID = "degré non dit"
WISHED = ("prevu", "souhaite")


def with_degrees(links: pd.DataFrame) -> pd.DataFrame:
    """Links of the documents whose coding may tell a degree; the AURA thesis was coded without degrees."""
    return links[links["document"] != HEARD]


def by_state(links: pd.DataFrame) -> pd.DataFrame:
    """Links by group of partners (rows): degree 0 to 5 of those done, then done without degree, planned, wished, refused, broken.

    A link that the document finds absent, or set aside, has degree 0; rules, possibilities and opinions are left out.
    """
    told = links[links["state"].notna()].copy()
    made, states = told["state"].eq(links_of.DONE), links_of.states()
    # A link that is found absent has degree 0: it has no column of its own.
    ahead = [states[code] for code in ("prevu", "souhaite", "refuse", "rompu")]
    told["head"] = [
        str(int(degree)) if pd.notna(degree) else (UNSAID if done else states[str(state)])
        for degree, done, state in zip(told["degree"], made, told["state"], strict=True)
    ]
    columns = [*links_of.degrees(), UNSAID, *ahead]
    table = pd.crosstab(told["kind"].map(group_of), told["head"])
    rows = [
        name for name in [*GROUPS_FR, OTHER] if name in table.index or GROUPS_FR.get(name, ("",))[0] in DTS
    ]
    table = table.reindex(index=rows, columns=columns, fill_value=0)
    return table.rename_axis("Partenaire").rename_axis(columns=None).reset_index()


def with_dts(links: pd.DataFrame) -> pd.DataFrame:
    """Links with a CLS, a CLSM, an ASV or a DTS that is not said."""
    return links[links["kind"].isin(_DTS_KINDS)]


def without_dts(links: pd.DataFrame) -> pd.DataFrame:
    """Links with another scheme or a local authority."""
    return links[~links["kind"].isin(_DTS_KINDS)]


def instruments(links: pd.DataFrame) -> pd.DataFrame:
    """Degrees (5 first), number of links at each, and their instruments with their lines. Columns Degré, Liens, Par quoi."""
    told = links.dropna(subset=["degree"])
    rows = []
    for code, name in reversed(links_of.degrees().items()):
        own = told[told["degree"] == int(code)]
        rows.append({"Degré": name, "Liens": len(own), "Par quoi, et à quelle ligne": _listed(own)})
    return pd.DataFrame(rows)


def wished(links: pd.DataFrame) -> pd.DataFrame:
    """What is planned or wished with a DTS, by instrument, with its lines: it has no degree. Most told first."""
    told = with_dts(links)
    told = told[told["state"].isin(WISHED).fillna(False)]
    rows = []
    for instrument, own in told.groupby("instrument", sort=False):
        row: dict[str, object] = {"Instrument": links_of.named("instrument", instrument)}
        for state in WISHED:
            row[links_of.states()[state].capitalize()] = _lines(own[own["state"] == state]) or "—"
        rows.append((len(own), row))
    rows.sort(key=lambda pair: -pair[0])
    return pd.DataFrame([row for _, row in rows])


def _listed(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "—"
    parts = [
        f"{within(links_of.named('instrument', code))} ({_lines(own)})"
        for code, own in rows.groupby("instrument", sort=False)
    ]
    return " ; ".join(parts)


def _lines(rows: pd.DataFrame) -> str:
    names = labels.documents()
    told = []
    for document, own in rows.groupby("document", sort=False):
        told.append(f"{names[document]}, l. {', '.join(str(line) for line in sorted(set(own['line'])))}")
    return " ; ".join(told)


def caption(links: pd.DataFrame) -> str:
    """Title of the picture of `by_state`: of the links done whose degree is told, those that inform or refer."""
    made = links_of.done(links).dropna(subset=["degree"])
    low = _low(made)
    high = int((made["degree"] >= 4).sum())
    return (
        f"Avec tous les partenaires, {low} des {len(made)} liens faits dont le degré se dit informent ou mettent en lien, "
        f"{high} vont au degré 4 ou 5"
    )


def highest_sentence(links: pd.DataFrame) -> str:
    """One French sentence: the highest degree done with a DTS, with its line, and how many wishes aim higher or as high."""
    own = with_dts(links)
    top = links_of.highest_done(own)
    if top.empty:
        return "Aucun lien fait avec un CLS, un CLSM ou un ASV n'a de degré que le texte permette de dire."
    code = str(int(top["degree"].iloc[0]))
    what = french.listing(
        f"{_article(kind)} ({within(links_of.named('instrument', instrument))} ; {_lines(rows)})"
        for (kind, instrument), rows in top.groupby(["kind", "instrument"], sort=False)
    )
    made = links_of.done(own).dropna(subset=["degree"])
    low = _low(made)
    ahead = int(own["state"].isin(WISHED).fillna(False).sum())
    return (
        f"Le degré le plus étroit qui soit fait est {links_of.degrees()[code].replace(' · ', ' sur 5, ')} : avec {what}. "
        f"Des {len(made)} liens faits avec une DTS dont le degré se dit, {low} en restent à l'information ou à la mise en lien ; "
        f"{ahead} autres sont seulement prévus ou souhaités, et n'ont pas de degré."
    )


def _low(made: pd.DataFrame) -> int:
    """Links that inform or refer (degrees 1 and 2)."""
    return int(made["degree"].between(1, 2).sum())


def _article(kind: str) -> str:
    return "une DTS non précisée" if kind == "dts" else f"un {kind.upper()}"
