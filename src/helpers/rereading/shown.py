"""What a reader sees of a rereading: sentences, the two passages side by side, what is held, what the tool is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.catalog.names import read_list, without_names
from helpers.documents.verdicts import GAP
from helpers.page import display, figures
from helpers.page.figures import Figure
from helpers.rereading import reading as rereadings
from helpers.rereading.documents import Document
from helpers.rereading.findings import FAMILIES, HINT, Finding, Passage
from helpers.rereading.reading import Reading

EXAMPLE = "examples/memoire_exemple.txt"
MEASURES = "rereading/measures"
NAMES = "noms.txt"
_HEADS = {
    "where": "Où", "passage": "Passage", "other_where": "Autre passage, où", "other": "Autre passage", "reading": "Lecture",
    "family": "Ce qui est comparé", "checked": "Concordent", "gaps": "Ne concordent pas", "hints": "Indices",
    "true": "Vrais", "false": "Faux", "undecidable": "Indécidables", "ledger": "Écarts du registre retrouvés",
}  # fmt: skip


def read(file: str) -> Reading:
    """Rereading of a file, or of the invented example of the project when no file is given."""
    return rereadings.reread(Path(file) if file else Study("").package.folder / EXAMPLE)


def title(reading: Reading, file: str) -> str:
    """What the report is about: the name of the file, or the invented document."""
    return reading.document.name if file else "un mémoire inventé"


def measured_on() -> list[str]:
    """Keys of the documents that the measure of the tool draws on: the foot of the page cites them."""
    return [str(key) for key in Study("").table("documents")["key"]]


def names_beside(file: str) -> tuple[str, ...]:
    """Names of the list `noms.txt` that stands beside the file: they are masked wherever the rereading shows a text."""
    return read_list(Path(file).parent / NAMES) if file else ()


def answer(reading: Reading) -> str:
    """How many figures no check reads, first; then those that one holds, and the passages that do not agree."""
    whole, held = len(reading.figures), len(reading.held)
    gaps, again = len(reading.gaps), len(reading.told_again)
    unread = reading.not_checked
    return (
        f"{french.plural(unread, 'chiffre')} sur {french.number(whole)} lus {_unread(unread)} à rien : "
        f"ce document ne dit pas de quoi les vérifier, ou l'outil ne sait pas le lire. {french.plural(held, 'chiffre')} "
        f"{'est tenu' if held < 2 else 'sont tenus'} par un calcul, {french.number(again)} se "
        f"{'retrouve' if again < 2 else 'retrouvent'} dans un autre passage ou un décompte. "
        f"{french.plural(gaps, 'comparaison')} ne concord{'e' if gaps < 2 else 'ent'} pas, telle{_s(gaps)} que lue{_s(gaps)}."
    )


def _unread(count: int) -> str:
    return "n'est comparé" if count < 2 else "ne sont comparés"


def _s(count: int) -> str:
    return "" if count < 2 else "s"


def doubt(reading: Reading) -> str:
    """Whether the reading itself is uncertain; empty when not."""
    said = reading.document.doubt
    return f"Attention : {said}. Seules les comparaisons les plus sûres sont montrées." if said else ""


def first_gaps(reading: Reading, names: Sequence[str] = ()) -> str:
    """The first differences in one sentence, or that there is none."""
    found = reading.gaps[:3]
    if not found:
        return "Aucun passage comparé ne s'écarte d'un autre, tel qu'il a été lu ; cela ne dit rien des chiffres non comparés."
    said = " ; ".join(
        f"{_where(one.first, reading.document)} : {without_names(one.reading, names)}" for one in found
    )
    more = len(reading.gaps) - len(found)
    return f"À regarder d'abord : {said}" + (
        f" ; et {french.plural(more, 'autre')} plus bas." if more else "."
    )


def warning() -> str:
    """What the reader must know before using a difference."""
    return (
        "Lecture automatique, à l'essai : deux passages qui ne concordent pas tels qu'ils ont été lus peuvent s'expliquer. "
        "L'outil ne dit pas lequel est juste."
    )


def picture(reading: Reading) -> Figure:
    """Figures of tables and of sentences: held, found again, apart, not compared."""
    rows = []
    read_places = {place for one in reading.findings for place in one.places}
    for name, places in (
        ("Chiffres des tableaux", reading.in_tables),
        ("Chiffres des phrases", reading.figures - reading.in_tables),
    ):
        held, again = len(places & reading.held), len(places & reading.told_again)
        apart = len(places & read_places) - held - again
        rows.append(
            {"where": name, "Tenus": held, "Retrouvés": again, "Sans concorder": apart,
             "Non comparés": len(places) - held - again - apart}
        )  # fmt: skip
    data = pd.DataFrame(rows)
    unread = reading.not_checked
    told = f"{french.plural(unread, 'chiffre')} lu{_s(unread)} {_unread(unread)} à rien"
    return figures.stacked_bars(
        data, told, label="where",
        parts=("Tenus", "Retrouvés", "Sans concorder", "Non comparés"), unit="chiffres",
        source=f"{reading.document.name}, relecture automatique",
    )  # fmt: skip


def _where(passage: Passage, document: Document) -> str:
    page = f"p. {passage.page}, " if passage.page else ""
    return f"{page}{document.unit} {passage.line}"


def passages(reading: Reading, findings: Sequence[Finding], names: Sequence[str] = ()) -> pd.DataFrame:
    """Each check with its two passages side by side, the reading in words and the family."""
    return pd.DataFrame(
        [
            {
                "where": _where(one.first, reading.document),
                "passage": without_names(one.first.cut, names),
                "other_where": _where(one.second, reading.document),
                "other": without_names(one.second.cut, names),
                "reading": without_names(one.reading, names),
                "family": FAMILIES[one.family],
            }
            for one in findings
        ],
        columns=["where", "passage", "other_where", "other", "reading", "family"],
    )


def gaps_table(reading: Reading, names: Sequence[str] = ()) -> display.Shown:
    """Passages of the sure families that do not agree, as they were read."""
    return _passages_table(
        reading, reading.gaps, "Passages qui ne concordent pas, tels que lus", names, "Aucun."
    )


def hints_table(reading: Reading, names: Sequence[str] = (), *, tier: str = HINT) -> display.Shown:
    """The less sure differences, for « Pour vérifier »; nothing when `tier` is A."""
    hints = reading.hints if tier == HINT else []
    return display.to_verify(_passages_table(reading, hints, "Indices, moins sûrs", names, "Aucun indice."))


def confirmed_table(reading: Reading, names: Sequence[str] = ()) -> display.Shown:
    """The checks that agree, for « Pour vérifier »."""
    return display.to_verify(
        _passages_table(reading, reading.confirmed, "Comparaisons qui concordent", names, "Aucune.")
    )


def _passages_table(
    reading: Reading, findings: Sequence[Finding], caption: str, names: Sequence[str], otherwise: str
) -> display.Shown:
    data = passages(reading, findings, names)
    source = f"{reading.document.name}, relecture automatique"
    return display.show(
        display.table, data, caption, otherwise=otherwise, heads={name: _HEADS[name] for name in data}, source=source,
        workbook=False,
    )  # fmt: skip


def families(reading: Reading) -> pd.DataFrame:
    """Comparisons by family: those that agree, those that do not, hints."""
    counts = Counter((one.family, one.verdict == GAP, one.tier) for one in reading.findings)
    rows = []
    for family, title in FAMILIES.items():
        agree = sum(count for (name, gap, _), count in counts.items() if name == family and not gap)
        gaps, hints = counts[family, True, "A"], counts[family, True, HINT]
        if agree or gaps or hints:
            rows.append({"family": f"{family} {title}", "checked": agree, "gaps": gaps, "hints": hints})
    return pd.DataFrame(rows, columns=["family", "checked", "gaps", "hints"])


def families_table(reading: Reading) -> display.Shown:
    """Comparisons by family."""
    return display.show(
        display.table, families(reading), "Ce qui a pu être comparé", otherwise="Rien n'a pu être comparé.",
        heads={name: _HEADS[name] for name in ("family", "checked", "gaps", "hints")},
        source=f"{reading.document.name}, relecture automatique",
    )  # fmt: skip


def measures(study: Study) -> pd.DataFrame:
    """What the tool finds in the five documents, by family, against judgements by hand (`benchmarks/bench_relire.py`)."""
    return study.table(MEASURES)


def measures_sentence(study: Study) -> str:
    """The measure of the tool in one sentence."""
    table = measures(study)
    true, false = int(table["true_gaps"].sum()), int(table["false_gaps"].sum())
    undecidable = int(table["undecidable_gaps"].sum())
    precision = (
        french.percent(100 * true / (true + false + undecidable), 0)
        if true + false + undecidable
        else "aucune"
    )
    return (
        f"Sur les cinq documents du projet, {french.plural(true + false + undecidable, 'comparaison')} des familles sûres ne "
        f"concordaient pas : {true} vraies, {false} fausses, {undecidable} indécidables sans l'original, jugées à la main "
        f"({precision} de vraies) ; {int(table['ledger_gaps'].sum())} des {int(table['ledger_gaps_whole'].max())} écarts du "
        f"registre et {int(table['ledger_confirmed'].max())} de ses {int(table['ledger_confirmed_whole'].max())} chiffres "
        "reproduits sont retrouvés. Les règles ont été écrites en lisant ces documents : sur un autre, attendez moins."
    )


def measures_table(study: Study) -> display.Shown:
    """The measure of the tool by family."""
    table = measures(study)
    data = table[["family", "confirmed", "true_gaps", "false_gaps", "undecidable_gaps", "ledger_gaps"]].copy()
    data["family"] = [f"{code} {FAMILIES[code]}" for code in data["family"]]
    return display.table(
        data, "Ce que l'outil trouve dans les cinq documents du projet", source="benchmarks/bench_relire.py"
    )


__all__ = [
    "EXAMPLE",
    "answer",
    "confirmed_table",
    "doubt",
    "families",
    "families_table",
    "first_gaps",
    "gaps_table",
    "hints_table",
    "measured_on",
    "measures",
    "measures_sentence",
    "measures_table",
    "names_beside",
    "passages",
    "picture",
    "read",
    "title",
    "warning",
]  # fmt: skip
