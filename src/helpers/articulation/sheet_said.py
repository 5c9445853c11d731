"""What the sheet of articulation says in sentences: the answer first; what no table says is asked, never filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.articulation import districts, links, next_step, overlaps
from helpers.articulation.sheet import Sheet

ASK = "à demander"
_OF_THE_OTHER = {"cls": "du CLS", "clsm": "du CLSM", "asv": "de l'ASV"}


def title(sheet: Sheet) -> str:
    """Subject of the page: the names of both."""
    return f"{sheet.cpts_name} et {sheet.scheme_name}"


def answer(sheet: Sheet) -> str:
    """The answer of the sheet in one French sentence: links by state, and the highest degree that is done, with its source."""
    if not sheet.scheme:
        return (
            f"Le paquet ne nomme aucun dispositif avec lequel « {sheet.cpts_name} » travaille : remplissez dts/schemes, puis "
            "dts/links."
        )
    pair = f"« {sheet.cpts_name} » et « {sheet.scheme_name} »"
    if sheet.links.empty:
        return f"Aucun lien entre {pair} n'est noté (dts/links) : ce n'est pas une preuve qu'il n'y en a pas."
    counts = sheet.links["state"].fillna("").value_counts()
    made = int(counts.get(links.DONE, 0))
    said = [f"{french.plural(made, 'lien')} en œuvre" if made else "aucun lien en œuvre"]
    top = links.highest_done(sheet.links)
    if len(top):
        first = top.iloc[0]
        said[0] += (
            f", jusqu'au degré {next_step.degree_in_words(int(first['degree']))}, "
            f"{links.named('theme', first['theme']).lower()} ({place(first)})"
        )
    elif made:
        said[0] += ", sans degré dit"
    others = [
        french.plural(int(counts[code]), f"lien {name}") for code, name in links.states().items()
        if code != links.DONE and code in counts
    ]  # fmt: skip
    return f"Entre {pair} : {french.listing([*said, *others])}."


def place(row: Mapping[Any, Any] | pd.Series) -> str:
    """Source of a row and the place in it."""
    locator = row["locator"]
    return str(row["source"]) + (f", {locator}" if pd.notna(locator) and locator else "")


def day_sentence(sheet: Sheet) -> str:
    """On which day the sheet stands, and what its degrees are."""
    day = "sans date connue des tableaux" if pd.isna(sheet.day) else f"au {french.date(sheet.day.date())}"
    return f"Situation {day}. Échelle des degrés : celle de l'observatoire ; le degré d'un souhait n'en est pas un."


def ground_sentence(sheet: Sheet) -> str:
    """Shared ground both ways; or which perimeter is to be asked for."""
    if not sheet.scheme:
        return ""
    if sheet.waiting:
        names = french.listing(f"« {sheet.names[side]} »" for side in sheet.waiting)
        return f"Sol commun : {names} {'est' if len(sheet.waiting) == 1 else 'sont'} en projet et ne couvre rien encore."
    if sheet.ground.empty:
        return "Sol commun : inconnu, le registre n'a pas les communes des deux."
    names = french.listing(f"« {sheet.names[side]} »" for side in sheet.supposed)
    supposed = f" Communes de {names} : supposées par l'observatoire." if names else ""
    return overlaps.ground_sentence(sheet.ground.iloc[0]) + supposed


def districts_sentence(sheet: Sheet) -> str:
    """For an ASV, what its population is and is not; nothing for another scheme."""
    return districts.sentence(sheet.districts, sheet.scheme, sheet.scheme_name) if sheet.kind == "asv" else ""


def priorities_sentence(sheet: Sheet) -> str:
    """Common priorities over those of each side, and those without a link at work; or whose priorities are to be asked for."""
    if not sheet.scheme:
        return ""
    counts = {side: int((sheet.priorities["scheme"] == side).sum()) for side in sheet.names}
    unknown = [f"« {sheet.names[side]} »" for side, count in counts.items() if not count]
    if unknown:
        return f"Priorités communes : inconnues ; celles de {french.listing(unknown)} sont à demander."
    common = next_step.common_themes(sheet)
    told = f" ({french.listing(_themes(common))})" if common else ""
    sizes = f"{counts[sheet.cpts]} de la CPTS et {counts[sheet.scheme]} {of_the_other(sheet)}"
    idle = next_step.idle_themes(sheet)
    without = f" ; sans lien en œuvre : {french.listing(_themes(idle))}" if idle else ""
    return f"Priorités communes : {french.number(len(common))}{told}, pour {sizes}{without}."


def of_the_other(sheet: Sheet) -> str:
    """ "du CLS", "de l'ASV", or "de l'autre"."""
    return _OF_THE_OTHER.get(sheet.kind, "de l'autre")


def _themes(codes: list[str]) -> list[str]:
    return [links.named("theme", code).lower() for code in codes]


def means_sentence(sheet: Sheet) -> str:
    """Coordination against coordination, in euros a year; or whose amount is to be asked for, beside the printed amounts."""
    if not sheet.scheme:
        return ""
    amounts = {side: _amount(sheet, side) for side in sheet.names}
    unknown = [f"« {sheet.names[side]} »" for side, amount in amounts.items() if amount is None]
    if unknown:
        marks = marks_in_words(sheet)
        beside = f" Repères imprimés en 2022, par an : {french.listing(marks)}." if marks else ""
        return f"Montant de la coordination : {ASK} pour {french.listing(unknown)}.{beside}"
    own, other = (amounts[side] or 0.0 for side in (sheet.cpts, sheet.scheme))
    ratio = f", soit {french.number(own / other, 1)} fois" if other > 0 else ""
    both = f"{french.number(own)} € par an à la CPTS, {french.number(other)} € à l'autre{ratio}"
    return f"Coordination contre coordination : {both}."


def marks_in_words(sheet: Sheet) -> list[str]:
    """Printed amounts beside which an unknown one is read, coordination against coordination, with what each is."""
    return [
        f"{french.number(amount)} € ({words})"
        for amount, words in (
            sheet.references[side] for side in ("cpts", "scheme") if side in sheet.references
        )
    ]


def _amount(sheet: Sheet, side: str) -> float | None:
    if side not in sheet.means.index:
        return None
    value = sheet.means["coordination_amount"].loc[side]
    return None if pd.isna(value) else float(value)
