"""What a reader sees of a rereading: sentences, the two passages side by side, what is held, what the tool is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.catalog.names import without_names
from helpers.documents.verdicts import GAP
from helpers.page import display, figures
from helpers.page.figures import Figure
from helpers.rereading import passages as passage
from helpers.rereading import reading as rereadings
from helpers.rereading.findings import FAMILIES, HINT, Finding
from helpers.rereading.reading import Reading, names_beside

EXAMPLE = "examples/memoire_exemple.txt"
MEASURES, LEDGER = "rereading/measures", "rereading/ledger"
_COUNTED, _WHOLE = ("gaps", "gaps_found", "reproduced", "reproduced_found"), "ensemble"
_HEADS = {
    "where": "Où", "passage": "Passage", "other_where": "Autre passage, où", "other": "Autre passage", "reading": "Lecture",
    "here": "Passage", "there": "Autre passage",
    "family": "Ce qui est comparé", "checked": "Concordent", "gaps": "Ne concordent pas", "hints": "Indices",
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


def answer(reading: Reading) -> str:
    """How many figures no check reads, first; then those that one holds and by what, and the passages that do not agree."""
    held, gaps, again = len(reading.held), len(reading.gaps), len(reading.told_again)
    said = [_unread_sentence(reading)]
    if held or again or gaps:
        said.append(
            f"{french.plural(held, 'chiffre')} {'est tenu' if held < 2 else 'sont tenus'} par un calcul qui concorde, "
            f"{french.number(again)} se {'retrouve' if again < 2 else 'retrouvent'} dans un autre passage ou un décompte"
            f"{_mostly(reading)}."
        )
    if gaps:
        agreed = "ne concorde pas, telle que lue" if gaps < 2 else "ne concordent pas, telles que lues"
        said.append(f"{french.plural(gaps, 'comparaison')} {agreed}.")
    return " ".join(said)


def _unread_sentence(reading: Reading) -> str:
    """How many of the figures read are compared with nothing, and what that may mean."""
    whole, unread = len(reading.figures), reading.not_checked
    if not whole:
        return "Aucun chiffre n'a été lu dans ce document."
    if not unread:
        return f"Chiffres comparés à un autre passage : les {french.number(whole)} qui ont été lus."
    counted = f"{french.plural(unread, 'chiffre')} sur {french.number(whole)} lu{_s(whole)}"
    return f"{counted} {_unread(unread)} à rien : ce document ne dit pas de quoi les vérifier, ou l'outil ne sait pas le lire."


def _mostly(reading: Reading) -> str:
    """The two kinds of checks that agree most often."""
    counts = Counter(FAMILIES[one.family] for one in reading.confirmed).most_common(2)
    said = [f"« {title} » ({count} fois)" for title, count in counts]
    return f" ; concordent le plus souvent : {french.listing(said)}" if said else ""


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
    if not reading.findings:
        return "Rien n'a pu être comparé : aucun calcul, aucun décompte ni aucun autre passage ne reprend un chiffre lu."
    if not found:
        return "Aucun passage comparé ne s'écarte d'un autre, tel qu'il a été lu ; cela ne dit rien des chiffres non comparés."
    said = " ; ".join(
        f"{passage.where(one.first, reading.document)} : {without_names(one.reading, names)}" for one in found
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
    """Figures of tables and of sentences: held, found again, apart, read with those, not compared."""
    parts = {
        "Tenus": reading.held, "Retrouvés": reading.told_again, "Ne concordent pas": reading.apart,
        "Lus avec eux": reading.beside, "Non comparés": reading.unchecked,
    }  # fmt: skip
    sides = {
        "Chiffres des tableaux": reading.in_tables,
        "Chiffres des phrases": reading.figures - reading.in_tables,
    }
    data = pd.DataFrame(
        [
            {"where": name} | {part: len(all_of & places) for part, all_of in parts.items()}
            for name, places in sides.items()
        ]
    )
    unread = reading.not_checked
    told = f"{french.plural(unread, 'chiffre')} lu{_s(unread)} {_unread(unread)} à rien"
    return figures.stacked_bars(
        data, told, label="where", parts=tuple(parts), unit="chiffres",
        source=f"{reading.document.name}, relecture automatique",
    )  # fmt: skip


def passages(reading: Reading, findings: Sequence[Finding], names: Sequence[str] = ()) -> pd.DataFrame:
    """Checks with their two passages and the reading in words: one row for those that read the same two passages.

    `here` and `there` are the passages with their places, ready as HTML, the figures read in them marked.
    """
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for one in findings:
        document = reading.document
        places = (passage.where(one.first, document), passage.where(one.second, document))
        said = without_names(one.reading, names)
        row = {
            "where": places[0], "passage": passage.first(document, one, names),
            "other_where": places[1], "other": passage.second(document, one, names),
            "here": _placed(places[0], passage.first(document, one, names, marked=True)),
            "there": _placed(places[1], passage.second(document, one, names, marked=True)),
            "reading": said, "family": FAMILIES[one.family],
        }  # fmt: skip
        known = rows.setdefault((one.family, *places, row["other"]), row)
        if said not in known["reading"]:
            known["reading"] += f" ; {said}"
    return pd.DataFrame(
        rows.values(),
        columns=["where", "passage", "other_where", "other", "here", "there", "reading", "family"],
    )


def _placed(place: str, html: str) -> str:
    return f'<span class="locator">{place}</span> · {html}'


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
    shown = data[["here", "there", "reading", "family"]]
    return display.show(
        display.table, shown, caption, otherwise=otherwise, heads={name: _HEADS[name] for name in shown}, raw=("here", "there"),
        long=data.drop(columns=["here", "there"]).rename(columns=_HEADS), workbook=False,
        source=f"{reading.document.name}, relecture automatique",
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


def against_ledger(study: Study, by: str) -> pd.DataFrame:
    """What the ledger of the five documents knows and the rereading finds or misses, summed `by` document or kind of figure."""
    sums = study.table(LEDGER).groupby(by, sort=False)[list(_COUNTED)].sum()
    sums.loc[_WHOLE] = sums.sum()
    sums.insert(2, "gaps_missed", sums["gaps"] - sums["gaps_found"])
    sums["reproduced_missed"] = sums["reproduced"] - sums["reproduced_found"]
    return sums.rename_axis(by).reset_index()


def measures_sentence(study: Study) -> str:
    """The measure of the tool in one sentence."""
    table, known = measures(study), study.table(LEDGER)
    true, false = int(table["true_gaps"].sum()), int(table["false_gaps"].sum())
    undecidable = int(table["undecidable_gaps"].sum())
    shown = true + false + undecidable
    gaps, found, reproduced, confirmed = (int(known[column].sum()) for column in _COUNTED)
    return (
        f"Dans les cinq documents du projet, {french.plural(shown, 'comparaison')} des familles sûres ne concordaient pas : une "
        f"personne en a confirmé {true}, {_false_alarms(false)}, "
        f"{undecidable} ne se jugent pas sans l'original. L'outil retrouve {found} des {gaps} écarts du registre (il en manque "
        f"{gaps - found}) et {confirmed} de ses {reproduced} chiffres reproduits. Les règles ont été écrites en lisant ces "
        "documents : sur un autre, attendez moins."
    )


def _false_alarms(count: int) -> str:
    return (
        french.plural(count, "est une fausse alerte", "sont de fausses alertes")
        if count
        else "aucune n'est une fausse alerte"
    )


def measures_table(study: Study) -> display.Shown:
    """The measure of the tool by family."""
    table = measures(study).copy()
    table["family"] = [f"{code} {FAMILIES[code]}" for code in table["family"]]
    return display.table(
        table,
        "Ce que l'outil trouve dans les cinq documents du projet, par famille",
        source="benchmarks/bench_relire.py",
    )


def ledger_table(study: Study, by: str) -> display.Shown:
    """Found and missed, against the ledger: by `document` or by `kind` of figure."""
    table = against_ledger(study, by)
    known = labels.documents() if by == "document" else labels.codes("claims", "kind")
    table[by] = [known.get(code, _WHOLE) for code in table[by]]
    titles = {"kind": "par nature de chiffre", "document": "par document"}
    return display.table(
        table, f"Ce que le registre sait des cinq documents, {titles[by]}",
        heads={"gaps_missed": "Écarts manqués", "reproduced_missed": "Reproduits non retrouvés"},
        source="reports/registre.csv, benchmarks/bench_relire.py",
    )  # fmt: skip


__all__ = [
    "EXAMPLE",
    "against_ledger",
    "answer",
    "confirmed_table",
    "doubt",
    "families",
    "families_table",
    "first_gaps",
    "gaps_table",
    "hints_table",
    "ledger_table",
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
