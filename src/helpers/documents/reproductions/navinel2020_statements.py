"""Recomputed figures of Navinel (2020): who is said to speak of each obstacle or lever, and who is quoted; saturation.

The transcripts are not published: only the printed extracts and the headings that hold them can be counted.
"""

from __future__ import annotations

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

KEY = "navinel2020"
LAST = 2
SMOKING, SLOTS = "sevrage_tabagique", "creneaux_reserves"


class Quotes:
    """Speakers quoted under the headings that a statement of the prose is about."""

    def __init__(self, study: Study) -> None:
        self.statements = Cells(f"{KEY}/statements", study)
        self._codes = Cells(f"{KEY}/statement_codes", study)
        self._named = Cells(f"{KEY}/statement_interviewees", study)
        self._verbatims = Cells(f"{KEY}/verbatims", study)
        self.sample = Cells(f"{KEY}/interviewees", study).count()

    def extracts(self, statement: str, **key: str) -> list[str]:
        """Speaker of each extract printed under the headings of the statement."""
        codes = set(self._codes.rows(statement=statement)["author_code"])
        return list(self._verbatims.rows(author_code=codes, **key)["speaker"])

    def speakers(self, statement: str, **key: str) -> set[str]:
        """Distinct speakers of these extracts."""
        return set(self.extracts(statement, **key))

    def named(self, statement: str) -> set[str]:
        """Interviewees that the statement names."""
        return set(self._named.rows(statement=statement)["interviewee"])

    def ids(self, *forms: str) -> list[str]:
        """Statements of these forms, in the order of the text."""
        return list(self.statements.rows(form=forms)["statement"])


def _between(quoted: set[str], among: int, *, share: bool = False) -> float | Bounds:
    """Interviewees quoted at least, all of those concerned at most: the transcripts are not published."""
    per = among if share else 1
    if len(quoted) == among:
        return among / per
    names = french.listing(sorted(quoted)) if quoted else "aucun"
    how = f"Cités sous ce titre : {names}, sur {among} ; les retranscriptions ne sont pas publiées."
    return Bounds(len(quoted) / per, among / per, how)


def unanimity(study: Study) -> Recomputed:
    """Interviewees quoted where the prose says all of them, and the share where it says most of them."""
    quotes = Quotes(study)
    found = {
        f"{KEY}.enonces.{name}": _between(quotes.speakers(name), quotes.sample)
        for name in quotes.ids("unanimite")
    }
    for name in quotes.ids("tous_sujet"):
        found[f"{KEY}.enonces.{name}"] = _between(quotes.speakers(name, topic=SLOTS), quotes.sample)
    for name in quotes.ids("la_plupart"):
        found[f"{KEY}.enonces.{name}"] = _between(quotes.speakers(name), quotes.sample, share=True)
    return found


def plurals(study: Study) -> Recomputed:
    """Interviewees (or extracts of one of them) quoted where the prose says some, several, one or two."""
    quotes = Quotes(study)
    found: dict[str, float | Bounds] = {
        f"{KEY}.enonces.{name}": _between(quotes.speakers(name), quotes.sample)
        for name in quotes.ids("certains")
    }
    for name in quotes.ids("un_entretien", "deux"):
        found[f"{KEY}.enonces.{name}"] = len(quotes.speakers(name))
    for name in quotes.ids("certains_sujet"):
        found[f"{KEY}.enonces.{name}"] = _between(quotes.speakers(name, topic=SMOKING), quotes.sample)
    for name in quotes.ids("plusieurs_fois"):
        found[f"{KEY}.enonces.{name}"] = sum(
            speaker in quotes.named(name) for speaker in quotes.extracts(name)
        )
    return found


def named_sets(study: Study) -> Recomputed:
    """Interviewees named together by the prose who are quoted under that heading."""
    quotes = Quotes(study)
    several = [name for name in quotes.ids("nommes") if len(quotes.named(name)) > 1]
    return {
        f"{KEY}.enonces.{name}": _between(quotes.named(name) & quotes.speakers(name), len(quotes.named(name)))
        for name in several
    }


def new_codes(study: Study, *, table: str, code: str, group: dict[str, str] | None = None) -> int:
    """Codes (or groups of codes) first quoted in one of the last interviews."""
    order = Cells(f"{KEY}/interviews", study).table.set_index("interview")["rank"]
    present = Cells(f"{KEY}/{table}", study).rows(present=1)
    unit = present[code].map(group) if group else present[code]
    first = present["interview"].map(order).groupby(unit).min()
    return int((first > order.max() - LAST).sum())


def saturation(study: Study) -> Recomputed:
    """New obstacles, themes and levers in the two interviews said to bring nothing new."""
    brakes = Cells(f"{KEY}/brakes", study).table
    theme_of = dict(zip(brakes["brake"], brakes["theme"], strict=True))
    table = "brakes_by_interview"
    return {
        f"{KEY}.saturation.freins": new_codes(study, table=table, code="brake"),
        f"{KEY}.saturation.freins@themes": new_codes(study, table=table, code="brake", group=theme_of),
        f"{KEY}.saturation.freins@leviers": new_codes(study, table="levers_by_interview", code="lever"),
    }


TOPICS = {"unanimite": unanimity, "pluriels": plurals, "nommes": named_sets, "saturation": saturation}
