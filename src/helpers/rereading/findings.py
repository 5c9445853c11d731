"""What a rereading finds: two passages of one document, the reading in words, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.documents.verdicts import GAP, REPRODUCED, ROUNDED
from helpers.rereading.numbers import Figure

# A passage is shown cut to this many characters around what was read in it.
LONGEST_PASSAGE = 220
SURE, HINT = "A", "B"
# Families whose relation is looked for whatever its figures: one of them changed alone would no longer agree.
FIRM = frozenset(("A1", "A2", "A3", "B1", "B2", "B3"))
# An announced relation of a sentence that misses by more is taken for another relation, and not shown.
SEEN_WITHIN = {"B1": 0.35, "B3": 0.25}
VERDICTS = (REPRODUCED, ROUNDED, GAP)
# What each family of checks compares, in the order of the reports.
FAMILIES = {
    "A1": "Somme de lignes ou de colonnes d'un tableau",
    "A2": "Parts d'un tableau qui font 100 %",
    "A3": "Rapport ou différence entre lignes d'un tableau",
    "A4": "Part d'un effectif entier (test GRIM)",
    "A5": "Partie qui dépasse son tout dans un tableau",
    "B1": "Total et parties dans une phrase",
    "B2": "Effectif, base et pourcentage",
    "B3": "Moyenne, densité, produit ou évolution dans une phrase",
    "C1": "Nombre annoncé et énumération",
    "C2": "Nombre annoncé et lignes d'un tableau",
    "C3": "Nombre de figures et de tableaux annoncé",
    "D1": "Numéros des figures, tableaux et annexes",
    "D2": "Numéros des titres",
    "D3": "Appels de note",
    "D5": "Renvois à une partie",
    "E2": "Un même événement, deux jours",
    "E3": "Passé daté d'après le document",
    "E4": "Période annoncée et dates d'un tableau",
    "F3": "Un même chiffre dans deux passages",
    "H1": "Un même code, deux descriptions",
    "H3": "« Tous », « unanimement » et codes cités",
    "I1": "Classes qui se recouvrent ou laissent un trou",
    "K1": "Liste ou fraction comparée à une ligne de tableau",
}


@dataclass(frozen=True)
class Passage:
    """One place of a document: the number of its line (or paragraph), its page when the format has pages, its text."""

    line: int
    text: str
    page: int = 0


def from_word(text: str, begin: int) -> str:
    """End of a text from the first word that begins at `begin` or after; the whole text when that is its beginning."""
    if begin <= 0:
        return text
    return text[text.find(" ", begin) + 1 :] if " " in text[begin:] else text[begin:]


@dataclass(frozen=True)
class Term:
    """One figure that a check reads: where it stands (line, and rank of the cell or offset in the line) and what it says."""

    line: int
    place: int
    printed: str
    value: float
    unit: str = ""
    figure: Figure | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Finding:
    """One check of a document.

    `stated` is the figure that the document prints, `computed` what the other passage gives (both in the unit of the figure),
    `terms` what it was computed from, `equation` the name of the relation (`equations.RELATIONS`), empty where none is computed.
    """

    family: str
    verdict: str
    first: Passage
    second: Passage
    reading: str
    stated: Term
    computed: float
    terms: tuple[Term, ...] = ()
    equation: str = ""
    tier: str = SURE
    label: str = ""

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Where every figure of the check stands."""
        return frozenset((term.line, term.place) for term in (self.stated, *self.terms))


@dataclass
class Findings:
    """Findings of one document, each place and family once."""

    rows: list[Finding] = field(default_factory=list)
    _known: set[tuple[str, int, int, str, float, str]] = field(default_factory=set)

    def add(self, found: Finding) -> None:
        """Keep a finding that is not there yet."""
        key = (
            found.family, found.stated.line, found.stated.place, found.equation, found.computed, found.verdict,
        )  # fmt: skip
        if key not in self._known:
            self._known.add(key)
            self.rows.append(found)
