"""The schemes and links of a user's package, as the first screen and the first sections of report 02 tell them.

Everything here is silent for the project itself. Names are those of the package, never its codes; what is not filled in is
said to be so, never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from helpers import french
from helpers.articulation import faults, overlaps, perimeters, schemes
from helpers.articulation import links as links_of
from helpers.articulation.encounters import within
from helpers.catalog import Study, labels
from helpers.material import shown
from helpers.material.corpus import SEGMENT, VALENCES, Material
from helpers.page import display

LISTED_HEADS_FR = {
    "scheme_name": "Dispositif", "label_fr": "Lien", "state": "État et degré", "by": "Par quoi, sur quoi", "since": "Date",
}  # fmt: skip
MEANS_HEADS_FR = {
    "name_fr": "Dispositif", "holder": "Porteur", "funder": "Financeur", "coordination_amount": "Coordination (€ par an)",
    "actions_amount": "Actions (€ par an)", "amount_year": "Année des montants", "fte": "Équivalents temps plein",
}  # fmt: skip
AHEAD, OVER = ("prevu", "souhaite"), ("refuse", "rompu", "absent")
UNSAID, WITHOUT_LINK = "fait, degré non dit", "sans lien déclaré"


def nothing_sentence(study: Study, said: Sequence[str]) -> str:
    """What to fill in when a package says nothing on articulation; empty for the project itself."""
    if said or not study.package.extends:
        return ""
    return (
        "Votre paquet ne dit encore rien de vos liens : remplissez dts/schemes et dts/links, cpts/perimeters, ou importez des "
        "entretiens codés ; ce qui suit vient des documents."
    )


def partners(links: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """One row per scheme that is not a CPTS: `name_fr`, `kind`, `best` (highest degree done), `state` in words, `n` links.

    Takes the links and schemes of a package (`links.of_package`, `schemes.of_package`); schemes without a link come last.
    """
    rows = []
    for scheme in known[known["kind"] != "cpts"].to_dict("records"):
        own = links[links["scheme"] == scheme["scheme"]]
        made = links_of.done(own)
        best = made["degree"].max() if made["degree"].notna().any() else pd.NA
        rows.append(
            {
                "scheme": scheme["scheme"], "name_fr": scheme["name_fr"], "kind": scheme["kind"], "best": best, "n": len(own),
                "state": _in_words(own, best),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=["scheme", "name_fr", "kind", "best", "n", "state"]).astype(
        {"best": "Int64"}
    )
    return table.sort_values(
        ["best", "n"], ascending=False, na_position="last", kind="stable", ignore_index=True
    )


def _not_done() -> dict[str, str]:
    """French name of each state of a link that is not done, by code."""
    return {code: name for code, name in links_of.states().items() if code != links_of.DONE}


def _in_words(own: pd.DataFrame, best: object) -> str:
    if own.empty:
        return WITHOUT_LINK
    if pd.notna(best):
        return f"degré {links_of.degrees()[str(best)].replace(' · ', ', ')}"
    if len(links_of.done(own)):
        return "degré non dit"
    names = _not_done()
    said = [names[str(state)] for state in own["state"].dropna().unique() if str(state) in names]
    return f"rien de fait, {french.listing(said)}" if said else "état non dit"


def by_state(links: pd.DataFrame) -> pd.DataFrame:
    """Links by scheme (rows, by name): degree 0 to 5 of those done, done without degree, then the other states."""
    made = links["state"].eq(links_of.DONE).fillna(False)
    heads = [
        str(int(degree))
        if done and pd.notna(degree)
        else UNSAID
        if done
        else _not_done().get(str(state), "état non dit")
        for degree, done, state in zip(links["degree"], made, links["state"], strict=True)
    ]
    columns = [*links_of.degrees(), UNSAID, *_not_done().values()]
    table = pd.crosstab(links["scheme_name"], pd.Series(heads, index=links.index))
    table = table.reindex(columns=columns, fill_value=0)
    return table.rename_axis("Dispositif").rename_axis(columns=None).reset_index()


def caption(links: pd.DataFrame) -> str:
    """Title of the picture of `by_state`: links done, planned or wished, and over, of all the links of the package."""
    made = len(links_of.done(links))
    ahead, over = (int(links["state"].isin(states).fillna(False).sum()) for states in (AHEAD, OVER))
    others = [f"{ahead} à venir" if ahead else "", f"{over} sans suite" if over else ""]
    return french.listing(
        [f"{french.plural(made, 'lien fait', 'liens faits')} sur {len(links)}", *filter(None, others)]
    )


def listed(links: pd.DataFrame) -> pd.DataFrame:
    """Every link as a table shows it, by name: scheme, CPTS and what it is, state and degree, instrument and theme, dates."""
    states, degrees = links_of.states(), links_of.degrees()
    many = links["cpts_name"].nunique() > 1
    rows = []
    for row in links.to_dict("records"):
        what = "" if pd.isna(row["label_fr"]) else str(row["label_fr"])
        state = states.get(str(row["state"]), "état non dit")
        degree = (
            "" if pd.isna(row["degree"]) else f", degré {degrees[str(row['degree'])].replace(' · ', ', ')}"
        )
        names = [links_of.named(column, row[column]) for column in ("instrument", "theme")]
        rows.append(
            {
                "scheme_name": row["scheme_name"],
                "label_fr": " : ".join(filter(None, (row["cpts_name"] if many else "", what))) or "—",
                "state": state + degree, "by": ", ".join(filter(None, names)) or "—",
                "since": _dates(row["date_start"], row["date_end"]),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(LISTED_HEADS_FR))


def _dates(start: pd.Timestamp, end: pd.Timestamp) -> str:
    if pd.isna(start):
        return "non datée"
    first = french.date(start.date())
    return first if pd.isna(end) or end == start else f"{first} au {french.date(end.date())}"


def means(known: pd.DataFrame) -> pd.DataFrame:
    """Holder, funder, money and posts of each scheme of the package; what is not filled in stays missing."""
    filled = known[["coordination_amount", "actions_amount", "fte"]].notna().any(axis=1)
    table = known.loc[filled, list(MEANS_HEADS_FR)].reset_index(drop=True)
    # A year is a name, not an amount: no space between its thousands.
    return table.assign(amount_year=table["amount_year"].astype("string"))


def meeting_sentence(links: pd.DataFrame, known: pd.DataFrame, *, cpts: int) -> str:
    """The answer for a package of `cpts` CPTS: with which schemes they work, how closely; empty without scheme and link."""
    found = partners(links, known)
    if found.empty:
        return ""
    kinds = labels.codes(schemes.TABLE, "kind")
    linked = int((found["n"] > 0).sum())
    named = found if linked == 0 else found[found["n"] > 0]
    told = [
        row["name_fr"] if linked == 0 else f"{row['name_fr']} ({row['state']})"
        for row in named.head(4).to_dict("records")
    ]
    told += [french.plural(len(named) - 4, "autre")] if len(named) > 4 else []
    absent = [kinds.get(kind, kind) for kind in ("cls", "clsm", "asv") if kind not in set(found["kind"])]
    if linked == 0:
        which = (
            "Votre seul dispositif n'a pas"
            if len(found) == 1
            else f"Aucun de vos {len(found)} dispositifs n'a"
        )
        answer = f"{which} de lien déclaré avec {display.yours(cpts)} : {french.listing(told)}."
    else:
        verb = "a" if linked == 1 else "ont"
        count = french.plural(linked, "dispositif")
        answer = f"{count} sur {len(found)} {verb} un lien déclaré avec {display.yours(cpts)} : {french.listing(told)}."
    return answer + (f" Votre paquet n'a aucun {french.listing(absent, 'ni')}." if absent else "")


def degree_sentence(links: pd.DataFrame) -> str:
    """Highest degree done, with its instrument, partner and date, and what is ahead or over; empty without link."""
    if links.empty:
        return ""
    top = links_of.highest_done(links)
    if top.empty:
        told = "Aucun de vos liens faits n'a de degré."
    else:
        row = top.iloc[-1]
        name = links_of.degrees()[str(int(row["degree"]))].replace(" · ", ", ")
        day = "" if pd.isna(row["date_start"]) else f" ({_dates(row['date_start'], row['date_end'])})"
        told = (
            f"Votre degré le plus étroit qui soit fait est {name} : {row['scheme_name']}, par "
            f"{within(links_of.named('instrument', row['instrument']))}{day}."
        )
    ahead = int(links["state"].isin(AHEAD).fillna(False).sum())
    over = int(links["state"].isin(OVER).fillna(False).sum())
    counts = [
        f"{french.plural(count, 'lien')} {word if count == 1 else plural}"
        for count, word, plural in (
            (len(links_of.done(links)), "fait", "faits"),
            (ahead, "prévu ou souhaité (sans degré)", "prévus ou souhaités (sans degré)"),
            (over, "refusé, rompu ou absent", "refusés, rompus ou absents"),
        )
        if count
    ]  # fmt: skip
    return f"{told} Au total : {french.listing(counts)}."


def ground_sentence(register: pd.DataFrame, *, at: dt.date | str, year: int) -> str:
    """Shared ground told both ways for the pairs of a register that meet; empty without register, said when none meets.

    A register that names no CPTS, or no DTS, has no pair: it says which of the two it lacks.
    """
    if register.empty:
        return ""
    order = {kind: rank for rank, kind in enumerate(perimeters.DTS)}
    kinds = set(register["kind"])
    lacks = [
        name
        for name, there in (
            ("d'une CPTS", "cpts" in kinds),
            ("d'un CLS, d'un CLSM ou d'un ASV", kinds & order.keys()),
        )
        if not there
    ]
    if lacks:
        return f"Votre registre (cpts/perimeters) n'a pas les communes {french.listing(lacks, 'ni')} : pas de sol commun à dire."
    table = overlaps.pairs(faults.sound(register), at=at, year=year)
    table = table[table["communes_both"] > 0].sort_values(
        "second_kind", key=lambda kinds: kinds.map(order), kind="stable"
    )
    if table.empty:
        moment = french.date(perimeters.day(at))
        return f"Au {moment}, aucune CPTS de votre registre ne partage une commune avec un CLS, un CLSM ou un ASV."
    more = (
        f" {french.plural(len(table) - 2, 'autre paire', 'autres paires')} plus bas."
        if len(table) > 2
        else ""
    )
    return " ".join(overlaps.ground_sentence(row) for _, row in table.head(2).iterrows()) + more


def means_sentence(known: pd.DataFrame) -> str:
    """Coordination against coordination for the package, in euros a year; empty when one side is not filled in."""
    paid = known.dropna(subset=["coordination_amount"])
    own, others = paid[paid["kind"] == "cpts"], paid[paid["kind"] != "cpts"]
    if own.empty or others.empty:
        return ""
    sides = [
        french.listing(
            f"{row['name_fr']} {french.number(row['coordination_amount'])} €{_in_year(row['amount_year'])}"
            for row in side.head(3).to_dict("records")
        )
        for side in (own, others)
    ]
    return f"Pour la coordination, par an : {sides[0]} ; en face, {sides[1]}."


def _in_year(year: object) -> str:
    return " (année non dite)" if pd.isna(year) else f" ({year})"


def voices_sentence(material: Material) -> str:
    """Coded segments of the package by tone, each passage once; empty without material."""
    if material.is_empty:
        return ""
    passages = material.segments.drop_duplicates(SEGMENT)
    by_tone = material.segments.drop_duplicates([*SEGMENT, "valence"])["valence"].value_counts()
    tones = [
        french.plural(int(by_tone[tone]), "propos neutre" if tone == "neutre" else tone)
        for tone in VALENCES
        if tone in by_tone
    ]
    twice = (
        " (un passage de deux tonalités compte sous chacune)" if int(by_tone.sum()) > len(passages) else ""
    )
    said = f" : {french.listing(tones)}{twice}" if tones else ""
    return (
        f"Vos {french.plural(len(material.sources), 'entretien ou source', 'entretiens ou sources')} portent "
        f"{french.plural(len(passages), 'passage codé', 'passages codés')}{said}."
    )


def voices_shown(material: Material, said: Sequence[str]) -> display.Shown:
    """The coded material of a package that says something; nothing for the project itself."""
    return shown.short_form(material) if said else display.Silent()


def crossed(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rows of the joint display of a package that have statements, with the names of its CPTS: the others compare nothing."""
    names = study.table("cpts/cpts", optional=True).set_index("cpts")["name_fr"].dropna().to_dict()
    kept = table[table["n"] > 0] if len(table) else table
    return kept.assign(territory=kept["territory"].map(lambda code: names.get(code, code)))


def compare_sentence(said: Sequence[str]) -> str:
    """Where the documents begin on the page of a package; empty without one."""
    return "Ce qui suit vient des cinq documents : à comparer avec ce qui précède." if said else ""


def answers(study: Study, material: Material, *, at: dt.date | str = "", year: int = 2023) -> list[str]:
    """What the first screen says about the package, the answer first; empty for the project itself and for an empty package.

    The perimeters are those of the day `at` (see `perimeters.latest`).
    """
    links, known = links_of.of_package(study), schemes.of_package(study)
    register = study.table(perimeters.TABLE, optional=True)
    at = perimeters.latest(register, at)
    said = [
        meeting_sentence(links, known, cpts=len(study.table("cpts/cpts", optional=True))), degree_sentence(links),
        ground_sentence(register, at=at, year=year), means_sentence(known), voices_sentence(material),
    ]  # fmt: skip
    return [sentence for sentence in said if sentence]


def first_screen(said: Sequence[str], documents: Sequence[str]) -> display.Shown:
    """The sentences of the first screen: those of the package, then the documents' answer; without them, the documents'."""
    told = (
        [*said, f"Pour comparer, dans les documents : {french.first_lower(documents[0])}"]
        if said
        else documents
    )
    return display.Shown("".join(display.text(sentence).html for sentence in told))


def either(said: Sequence[str], table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`table` for the first screen when the package says nothing, else for its section: one of the two has no row."""
    return (table[:0], table) if said else (table, table[:0])
