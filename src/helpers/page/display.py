"""HTML pieces of a report: tables that a screen reader can read, their notes and their files.

A table has a caption and scopes, and its look is in the style sheet of the page. What a cell says is prepared here: French
numbers, missing values in words, every text escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any, TypeVar

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.page import exports
from helpers.page.signals import DOCUMENTS_MIME, PART_KEY, SUBJECT_MIME

# Heads of columns that reports compute and no table has, and of those whose name means something else in a table ("start" of an
# extract, "first" article): all others are titled by the catalogue.
HEADS_FR = {
    "group": "Groupe",
    "category": "Réponse",
    "statistic": "Statistique",
    "method": "Méthode",
    "confidence": "Niveau de confiance",
    "period": "Période",
    "gap": "Écart",
    "end": "Fin",
    "total": "Total",
    "units": "Part cumulée des unités (de 0 à 1)",
    "first": "Première date",
    "second": "Seconde date",
}
Piece = TypeVar("Piece")
LONGEST_SHOWN = 600
OPEN_ROWS = 12
# A column of words that says the same on every row is said once, under the table: always for these, for others when it is long.
REPEATED = frozenset(
    ("confidence", "coder", "definition", "definition_fr", "document", "method", "note", "period", "source", "statistic", "unit")
)  # fmt: skip
LONG_REPEATED = 25
LONGEST_NUMBER = 48
# A column of long texts is wide on a phone, where a narrow one would be a screen high; paper breaks only the words of a column
# that has one too long for it.
LONG_TEXT, LONG_WORD = 60, 20
_WORDS = re.compile(r"[\s\u202f\u00a0-]+")
_TAGS = re.compile(r"<[^>]+>")
# Marks that turn the reading direction would move the numbers beside them: shown as a sign, kept in the files.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# "Miller 2022, l. 929", "Navinel 2020, l. 12, 15": a place in a document is read on one line.
_LOCATOR = re.compile(r"[^,]{0,22},[ \u00a0](?:l|p)\.[ \u00a0][\d, \u00a0–-]{1,14}$")
_COMPOSED = re.compile(r"[−-]?[\d\u202f\u00a0 ,]+[ \u00a0\u202f](?:\([^)]*%\)|\[[^\]]*\])")


@dataclass
class Shown:
    """Something that a notebook displays: ready HTML, with its data for the pipeline and the tests."""

    html: str
    data: pd.DataFrame = field(default_factory=pd.DataFrame)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/html": self.html}


@dataclass
class Silent(Shown):
    """Nothing to show: the page gets no output at all, not even an empty one."""

    html: str = ""

    def _ipython_display_(self) -> None:
        """Display nothing: IPython asks this first."""


def show(
    draw: Callable[..., Piece], data: pd.DataFrame, *words: Any, otherwise: str = "", **options: Any
) -> Piece | Shown:
    """`draw(data, *words, **options)`, or the sentence `otherwise` when `data` has no row; nothing without that sentence.

    `draw` is `table` or a function of `figures`. A notebook uses it where a package or a parameter may leave nothing to
    show: the function that makes `data` then returns no row.
    """
    return draw(data, *words, **options) if len(data) else text(otherwise)


@dataclass
class ToVerify(Shown):
    """Something that a reader needs only to check the page: it stands in « Pour vérifier », folded."""

    def _repr_mimebundle_(self, **_: object) -> Any:
        return {"text/html": self.html}, {PART_KEY: "pour-verifier"}


def to_verify(shown: Shown) -> ToVerify:
    """The same piece, for « Pour vérifier » at the end of the page."""
    return ToVerify(shown.html, shown.data)


@dataclass
class Subject(Shown):
    """Name of what the report is about; the page shows it in its title, not where it was displayed."""

    name_fr: str = ""
    documents: tuple[str, ...] | None = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        cited = {} if self.documents is None else {DOCUMENTS_MIME: list(self.documents)}
        return {SUBJECT_MIME: self.name_fr, "text/html": self.html} | cited


def subject(name_fr: str, *, documents: Sequence[str] | None = None) -> Shown:
    """Name the report after its subject, such as a CPTS: in its title, its tab, its file list and its citation.

    It takes the place of `{sujet}` in the title of the notebook, or follows the title. `documents` are the keys of those that
    this subject draws on: the foot of the page then cites them and no other, whatever the code of the notebook names. Without
    a name the report has no subject.
    """
    said = " ".join(plain(name_fr).split())
    if not said:
        return Silent()
    cited = None if documents is None else tuple(documents)
    html = f"<p>Sujet du rapport : <strong>{escape(said)}</strong></p>"
    return Subject(html, name_fr=said, documents=cited)


def of_package(study: Study) -> str:
    """What the report is about: the CPTS of the package by name, or how many they are; empty for the project itself."""
    if not study.package.extends:
        return ""
    names = study.table("cpts/cpts", optional=True)["name_fr"].dropna().drop_duplicates().tolist()
    return french.listing(names) if len(names) <= 2 else french.plural(len(names), "CPTS")


def yours(count: int) -> str:
    """How a page names the CPTS of the package of its reader, who may have one or several."""
    return "votre CPTS" if count == 1 else "vos CPTS"


def titled(study: Study, *, told: bool = True) -> Shown:
    """Name the report after the CPTS of the package when it tells of them (`told`); nothing for the project itself."""
    return subject(of_package(study)) if told else Silent()


def plain(text_fr: str) -> str:
    """Text as it may be shown anywhere: writable, and unable to turn the reading direction."""
    return _DIRECTION.sub(exports.REPLACEMENT, exports.writable(text_fr))


def head(column: str) -> str:
    """Head of a column that its caller does not name: ours for a computed one, else the catalogue's, else the name itself."""
    return HEADS_FR.get(column) or labels.head(column) or column


def table(
    data: pd.DataFrame,
    caption: str,
    *,
    heads: Mapping[str, str] | None = None,
    decimals: int | Mapping[str, int] | None = None,
    source: str = "",
    note: str = "",
    name: str = "",
    raw: Sequence[str] = (),
    base: int | str | None = None,
    long: pd.DataFrame | None = None,
    workbook: bool = True,
    open_rows: int | None = OPEN_ROWS,
) -> Shown:
    """Table of `data` for readers: caption, scopes, French numbers on the right, base, missing values, source, files.

    The first column names the row. `heads` gives the French head (with its unit) of a column that `head` does not name well
    enough; `decimals` fixes the digits, for all columns or by column; columns in `raw` hold ready HTML. `base` is the number
    of units described (or a sentence); without it, a `denominator` that never changes is the base. Missing cells are said in
    words and counted under the table. The CSV and XLSX files hold `data` unrounded under the heads of the table; `long` adds
    the long results that it comes from as a second CSV. Rows after the first `open_rows` (None: no limit) are folded under
    their count, and a column of words that repeats itself on every row goes to the note; the files hold everything.
    """
    titles = {column: head(column) for column in map(str, data.columns)}
    titles |= {key: text_fr for key, text_fr in (heads or {}).items() if key in titles}
    repeated = _repeated(data, set(raw))
    in_table = data.drop(columns=repeated) if repeated else data
    html, shortened = _written(
        in_table, caption, [titles[str(name)] for name in in_table], decimals, set(raw)
    )
    exported = data.drop(columns=[column for column in raw if column in data]) if raw else data
    slug = name or exports.file_name(caption)
    # Two columns may not be told apart in a file: then it keeps the names of the data.
    file_heads = titles if len(set(titles.values())) == len(titles) else None
    wide_csv = exports.csv(exported, file_heads)
    links = [exports.link(wide_csv, exports.CSV_TYPE, f"{slug}.csv", "Données (CSV)")]
    if long is not None:
        long_csv = exports.csv(long)
        links.append(exports.link(long_csv, exports.CSV_TYPE, f"{slug}_long.csv", "Résultats longs (CSV)"))
    if workbook:
        content = exports.xlsx(exported, caption, file_heads)
        links.append(exports.link(content, exports.XLSX_TYPE, f"{slug}.xlsx", "Tableur (XLSX)"))
    said_once = (
        f"{'' if column == 'note' else f'{titles[column]} : '}{french.cell(data[column].iloc[0])}"
        for column in repeated
    )
    notes = [note, *said_once, _base(data, base), _missing(exported)]
    if shortened:
        notes.append(
            f"{french.plural(shortened, 'texte abrégé')} {french.TRUNCATED}, en entier dans le fichier CSV"
        )
    body = folded(html, caption, len(data), open_rows)
    return Shown(body + footer(source, " ; ".join(filter(None, notes)), links), data)


def _repeated(data: pd.DataFrame, raw: set[str]) -> list[str]:
    """Columns, the first aside, whose text is the same on all of at least three rows."""
    if len(data) < 3 or not data.columns.is_unique:
        return []
    found = []
    for column in map(str, data.columns[1:]):
        values = data[column] if column in data and column not in raw else None
        if (
            values is None
            or _apart(values.iloc[0], values.iloc[-1])
            or _is_numeric(values)
            or values.isna().any()
            or values.nunique() != 1
        ):
            continue
        text_fr = french.cell(values.iloc[0])
        if text_fr and (column in REPEATED or len(text_fr) > LONG_REPEATED):
            found.append(column)
    # A table keeps at least one column beside the names of its rows.
    return found if len(found) < data.shape[1] - 1 else []


def _apart(first: object, last: object) -> bool:
    """Whether these are two different texts: most columns of words are known not to repeat themselves by their ends."""
    return isinstance(first, str) and isinstance(last, str) and first != last


def folded(html: str, caption: str, rows: int, open_rows: int | None = OPEN_ROWS) -> str:
    """HTML table of `rows` rows whose rows after `open_rows` are in a fold of their own, under the same heads."""
    if open_rows is None or rows <= open_rows:
        return region(html, caption)
    head, begin, rest = html.partition("<tbody>")
    body, end, tail = rest.rpartition("</tbody>")
    lines = body.split("</tr>")[:-1]
    opened, closed = (
        "".join(f"{line}</tr>" for line in part) for part in (lines[:open_rows], lines[open_rows:])
    )
    count = rows - open_rows
    said = "La ligne suivante" if count == 1 else f"Les {french.number(count)} autres lignes"
    more = f"{caption} : {said[0].lower()}{said[1:]}"
    again = re.sub(
        r"<caption>.*?</caption>", f"<caption>{escape(plain(more))}</caption>", head, flags=re.DOTALL
    )
    return (
        region(f"{head}{begin}{opened}{end}{tail}", caption)
        + f'<details class="rest"><summary>{said}</summary>{region(f"{again}{begin}{closed}{end}{tail}", more)}</details>'
    )


def _written(
    data: pd.DataFrame,
    caption: str,
    titles: list[str],
    decimals: int | Mapping[str, int] | None,
    raw: set[str],
) -> tuple[str, int]:
    """The table for a screen reader (caption, scoped heads, no style of its own), and how many texts are shortened in it."""
    shortened = 0
    columns: list[list[str]] = []
    classes: list[str] = []
    # By place: two heads may be equal.
    for index, column in enumerate(data.columns):
        digits = decimals.get(str(column)) if isinstance(decimals, Mapping) else decimals
        values = data.iloc[:, index]
        texts, text_length, word_length = [], 0, 0
        said_texts: list[str] = []
        for value in values.tolist():
            if column in raw:
                texts.append(exports.writable(str(value)))
                text_length = max(text_length, len(_TAGS.sub("", str(value))))
                continue
            said = french.cell(value, digits)
            said_texts.append(said)
            if len(said) > LONGEST_SHOWN:
                said, shortened = f"{said[:LONGEST_SHOWN]} {french.TRUNCATED}", shortened + 1
            shown, longest = _in_a_cell(said)
            text_length, word_length = max(text_length, len(said)), max(word_length, longest)
            texts.append(f'<span class="missing">{shown}</span>' if said == french.MISSING else shown)
        columns.append(texts)
        is_numeric = index > 0 and _is_numeric(values)
        kinds = {
            "num": is_numeric,
            "long": text_length > LONG_TEXT and not is_numeric,
            "hard": word_length > LONG_WORD,
            "locator": not is_numeric and bool(texts) and all(map(_LOCATOR.match, said_texts or [""])),
        }
        held = " ".join(name for name, holds in kinds.items() if holds and texts)
        classes.append(f' class="{held}"' if held else "")
    heads = "".join(
        f'<th scope="col"{kind}>{escape(plain(title))}</th>'
        for kind, title in zip(classes, titles, strict=True)
    )
    around = [
        (f"<td{kind}>", "</td>") if index else (f'<th scope="row"{kind}>', "</th>")
        for index, kind in enumerate(classes)
    ]
    lines = (
        "".join(f"{begin}{cell}{end}" for (begin, end), cell in zip(around, row, strict=True))
        for row in zip(*columns, strict=True)
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    head = f"<caption>{escape(plain(caption))}</caption><thead><tr>{heads}</tr></thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>", shortened


@lru_cache(maxsize=4096)
def _in_a_cell(said: str) -> tuple[str, int]:
    """A text as the page writes it, and the length of its longest word; cells say the same things many times."""
    return escape(plain(said)), max(map(len, _WORDS.split(said)))


def _base(data: pd.DataFrame, base: int | str | None) -> str:
    if isinstance(base, str):
        return base
    if base is None and "denominator" in data and data["denominator"].nunique(dropna=False) == 1:
        only = data["denominator"].iloc[0]
        base = None if pd.isna(only) else int(only)
    return "" if base is None else f"n = {french.number(base)}"


def _missing(data: pd.DataFrame) -> str:
    count = int(data.isna().to_numpy().sum())
    return french.plural(count, "donnée manquante") if count else ""


def region(html: str, label: str) -> str:
    """Wide content in a named region of its own that scrolls and takes the keyboard focus."""
    name = escape(french.typography(plain(label)), quote=True)
    return f'<div class="table-region" role="region" tabindex="0" aria-label="{name}">{html}</div>'


def footer(source: str, note: str, links: Sequence[str] = ()) -> str:
    """Source, note and links to the files under a table or a figure; nothing when all three are empty."""
    parts = [
        f"Note : {escape(plain(note))}" if note else "",
        f"Source : {escape(plain(source))}" if source else "",
    ]
    said = " · ".join(part for part in parts if part)
    # Paper keeps the sentence and drops the files, with the sign between them.
    files = f'<span class="files">{" · " if said else ""}{" · ".join(links)}</span>' if links else ""
    return f'<p class="source">{said}{files}</p>' if said or files else ""


def text(sentence: str) -> Shown:
    """One sentence whose numbers were computed, shown as a paragraph; nothing for an empty sentence."""
    if not sentence:
        return Silent()
    return Shown(f"<p>{escape(plain(sentence))}</p>")


def _is_numeric(column: pd.Series[Any]) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    # Numbers as printed are text; a column that is mostly such numbers is read from the right.
    values = column.dropna().tolist()
    printed = [str(value) for value in values]
    # Numbers are never broken over lines: a sentence among them would push the column off a narrow screen.
    if any(len(value) > LONGEST_NUMBER for value in printed):
        return False
    numbers = [
        said
        for value, said in zip(values, printed, strict=True)
        # A float that stands beside words is a number, which French does not write with a point.
        if isinstance(value, int | float) or french.parse_number(said) is not None or _COMPOSED.match(said)
    ]
    return len(numbers) > len(printed) / 2
