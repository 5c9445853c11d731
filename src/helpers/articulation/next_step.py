"""From the degree that a pair has reached to the next one: what is missing, and what others used for it, with their lines."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.articulation import links
from helpers.articulation.sheet import Sheet

PENDING = ("prevu", "souhaite")
HIGHEST = 5
ELSEWHERE_HEADS_FR = {"instrument": "Instrument", "whom": "Avec qui", "where": "Où on le lit"}


def reached(sheet: Sheet) -> int | None:
    """Highest degree of the links done between the two; None when none is done, or none of those done has a degree."""
    top = links.highest_done(sheet.links)
    return int(top["degree"].iloc[0]) if len(top) else None


def target(sheet: Sheet) -> int:
    """The next degree: 1 when nothing done has a degree, 5 once it is reached."""
    now = reached(sheet)
    return 1 if now is None else min(now + 1, HIGHEST)


def degree_in_words(degree: int) -> str:
    """Degree with what it is: "4 (action commune)"."""
    return f"{degree} ({links.degrees()[str(degree)].partition(' · ')[2]})"


def pending(sheet: Sheet) -> pd.DataFrame:
    """Links planned or wished, planned first: what could become the next step."""
    rows = sheet.links[sheet.links["state"].isin(PENDING).fillna(False)]
    return rows.sort_values("state", key=lambda state: state.map(PENDING.index), kind="stable")


def common_themes(sheet: Sheet) -> list[str]:
    """Codes of the themes that both sides have among their priorities, in the order of the CPTS."""
    own, other = (
        sheet.priorities.loc[sheet.priorities["scheme"] == side, "theme"].tolist()
        for side in (sheet.cpts, sheet.scheme)
    )
    return [theme for theme in own if theme in other]


def idle_themes(sheet: Sheet) -> list[str]:
    """Common themes that no link done is about: the first places to look for a next step."""
    busy = set(links.done(sheet.links)["theme"])
    return [theme for theme in common_themes(sheet) if theme not in busy]


def elsewhere(sheet: Sheet) -> pd.DataFrame:
    """Instruments that the documents show at the next degree, same kind of scheme first: `instrument`, `whom`, `where`.

    `where` lists the documents and lines. The degrees are our coding.
    """
    found = sheet.elsewhere[sheet.elsewhere["degree"] == target(sheet)]
    found = found.assign(
        instrument_fr=[links.named("instrument", code) for code in found["instrument"]],
        other=~found["kind"].eq(sheet.kind).fillna(False).astype(bool),
    )
    rows = []
    for (_, instrument), own in found.sort_values("other", kind="stable").groupby(
        ["other", "instrument_fr"], sort=False
    ):
        whom = dict.fromkeys(links.named("kind", code) for code in own["kind"])
        places = own.groupby("source", sort=False)["line"].agg(
            lambda lines: ", ".join(f"{line}" for line in sorted(set(lines)))
        )
        rows.append(
            {
                "instrument": instrument, "whom": french.listing(whom),
                "where": " ; ".join(f"{document}, l. {lines}" for document, lines in places.items()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(ELSEWHERE_HEADS_FR))


def sentence(sheet: Sheet) -> str:
    """What is missing for the next degree, in French: the degree reached, what is planned or wished, what others used."""
    now, goal = reached(sheet), target(sheet)
    if now == HIGHEST:
        begun = f"Le degré le plus haut, {degree_in_words(HIGHEST)}, est atteint."
    elif now is None and len(links.done(sheet.links)):
        begun = "Des liens sont en œuvre, sans degré donné : à dire."
    elif now is None:
        begun = f"Aucun lien n'est en œuvre : le premier degré est {degree_in_words(goal)}."
    else:
        begun = f"Degré suivant : {degree_in_words(goal)}."
    waiting = pending(sheet)
    told = [f"{links.named('instrument', row['instrument']).lower()} ({links.named('state', row['state'])})" for row in
            waiting.to_dict("records")]  # fmt: skip
    awaited = f" À décider : {french.listing(told)}." if told else " Aucun lien n'est prévu ni souhaité."
    used = elsewhere(sheet)
    first = f" Ailleurs, ce degré passe par : {_instruments(used)}." if len(used) else ""
    return begun + awaited + first


def _instruments(used: pd.DataFrame, most: int = 3) -> str:
    return french.listing(
        f"{row['instrument'].lower()} ({row['where']})" for row in used.head(most).to_dict("records")
    )
