"""Coded material in plain tables (CSV or XLSX), with French or English heads.

The heads say which table a file is (accents, capitals, spaces and underscores do not count):

- segments: source and code, and if you have them segment, coder, start, end, valence, indicator, territory, text;
- codes: code and label, and parent, definition, include, exclude;
- sources: source and rank, length, date or note;
- attributes: source, attribute and value.

Other columns are left out, and said. Codes are kept as written. Sources that are not codes yet (`pseudonyms`) and coders who
are named become codes: "Entretien 2" gives "entretien-2", coders 1, 2… in order of appearance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.catalog import names as person_names
from helpers.errors import DataError, UsageError
from helpers.files import grid, sheets
from helpers.material import corpus, pseudonyms
from helpers.material.imported import ATTRIBUTES, CODES, SEGMENTS, SOURCES, Imported

HEADS = {
    "segment": ("segment", "id", "identifiant", "numero", "extrait_id"),
    "source": ("source", "entretien", "document", "interview", "observation"),
    "code": ("code", "tag", "etiquette", "marque", "theme"),
    "coder": ("coder", "codeur", "codeuse", "annotateur", "annotatrice"),
    "start": ("start", "debut", "position_debut", "premier"),
    "end": ("end", "fin", "position_fin", "dernier"),
    "valence": ("valence", "tonalite", "polarite"),
    "indicator": ("indicator", "indicateur"),
    "territory": ("territory", "territoire", "cpts"),
    "text": ("text", "texte", "extrait", "verbatim", "passage", "content", "contenu", "citation"),
    "parent": ("parent", "code_parent", "categorie", "category"),
    "label_fr": ("label_fr", "label", "libelle", "intitule"),
    "definition_fr": ("definition_fr", "definition", "description"),
    "include_fr": ("include_fr", "include", "inclure", "inclut", "ce_qui_entre"),
    "exclude_fr": ("exclude_fr", "exclude", "exclure", "exclut", "ce_qui_n_entre_pas"),
    "rank": ("rank", "rang", "ordre", "order"),
    "length": ("length", "longueur"),
    "date": ("date",),
    "note": ("note", "remarque"),
    "attribute": ("attribute", "attribut", "variable"),
    "value": ("value", "valeur"),
}
COLUMNS = {
    SEGMENTS: ["segment", "source", "code", "coder", "start", "end", "valence", "indicator", "territory", "text"],
    CODES: ["code", "parent", "label_fr", "definition_fr", "include_fr", "exclude_fr"],
    ATTRIBUTES: ["source", "attribute", "value"],
    SOURCES: ["source", "rank", "length", "date", "note"],
}  # fmt: skip
# Heads that make a file one of the tables, tried in this order.
_NEEDED = (
    (SEGMENTS, {"source", "code"}),
    (ATTRIBUTES, {"source", "attribute", "value"}),
    (CODES, {"code", "label_fr"}),
)
_VALENCES = {
    "frein": "obstacle", "-": "obstacle", "−": "obstacle", "negatif": "obstacle", "negative": "obstacle", "barrier": "obstacle",
    "+": "levier", "positif": "levier", "positive": "levier", "lever": "levier", "facilitator": "levier",
    "0": "neutre", "neutral": "neutre", "p": "proposition", "proposal": "proposition",
} | {name: name for name in corpus.VALENCES}  # fmt: skip
LONGEST = 1_000_000_000  # characters: no text is longer, and larger numbers lose their last digits
_WHOLE = ("start", "end", "rank", "length")


def read(files: Sequence[Path], *, names: Sequence[str] = ()) -> Imported:
    """Tables of the files, each recognised by its heads. Codes and sources without a file of their own are guessed.

    Raises UsageError for two files of the same kind, and DataError for a file that is none of the four, a required cell left
    empty, a position that is no whole number, an unknown valence, or a fault between the tables.
    """
    found: dict[str, tuple[pd.DataFrame, str]] = {}
    imported = Imported({})
    for path in files:
        raw = grid.read(path, even=True).frame()
        heads = _heads(raw, path.name)
        kind = _kind(set(heads), path.name)
        if kind in found:
            raise UsageError(f"{path.name} : « {found[kind][1]} » est déjà un tableau de ce genre ({kind}).")
        left_out = [column for column in raw if column not in {heads.get(name) for name in COLUMNS[kind]}]
        if left_out:
            heads_left = ", ".join(grid.careful(column, list(raw).index(column)) for column in left_out)
            imported.notes.append(f"{path.name} : colonnes laissées de côté : {heads_left}.")
        kept = {name: raw[heads[name]].str.strip() for name in COLUMNS[kind] if name in heads}
        found[kind] = pd.DataFrame(kept), path.name
    tables = {kind: _converted(table, kind, name) for kind, (table, name) in found.items()}
    if ATTRIBUTES in tables:
        said = list(zip(tables[ATTRIBUTES]["attribute"], tables[ATTRIBUTES]["value"], strict=True))
        named = {pair: pseudonyms.names_someone(*pair, names) for pair in set(said)}
        personal = [named[pair] for pair in said]
        tables[ATTRIBUTES] = tables[ATTRIBUTES][[not one for one in personal]]
        if any(personal):
            imported.notes.append(
                f"{found[ATTRIBUTES][1]} : laissé de côté, {french.number(sum(personal))} valeur(s) d'attribut qui "
                "nommeraient une personne."
            )
    imported.tables = _coded(tables, names)
    if SEGMENTS in tables:
        imported.guessed = {CODES, SOURCES} - set(tables)
    imported.tables |= _guessed(imported.tables)
    return imported.checked()


def _heads(raw: pd.DataFrame, name: str) -> dict[str, str]:
    heads: dict[str, str] = {}
    for column in raw:
        plain = "_".join(re.findall(r"[a-z0-9]+", french.plain(str(column))))
        for known, spellings in HEADS.items():
            if plain in spellings:
                if known in heads:
                    raise DataError(
                        f"{name} : deux colonnes sont celle de « {known} » ({sheets.letter(list(raw).index(heads[known]))} et "
                        f"{sheets.letter(list(raw).index(column))}) ; gardez-en une."
                    )
                heads[known] = str(column)
    return heads


def _kind(heads: set[str], name: str) -> str:
    for kind, needed in _NEEDED:
        if needed <= heads:
            return kind
    if "source" in heads and heads & {"rank", "length", "date", "note"}:
        return SOURCES
    raise DataError(
        f"{name} : en-tête inconnu. Attendu : « source, code… » (segments), « code, libellé… » (livre de codes), "
        "« source, attribut, valeur » ou « source, rang, longueur… »."
    )


def _converted(table: pd.DataFrame, kind: str, name: str) -> pd.DataFrame:
    required = {"source", "code", "label_fr", "attribute", "value"} & set(table)
    for column in sorted(required):
        empty = table.index[table[column] == ""]
        if len(empty):
            raise DataError(
                f"{name}, ligne {empty[0]} : la colonne « {column} » est vide, alors qu'elle est nécessaire."
            )
    for column in [column for column in _WHOLE if column in table]:
        table[column] = [_whole(cell, column, line, name) for line, cell in table[column].items()]
    if "valence" in table:
        table["valence"] = [_valence(cell, line, name) for line, cell in table["valence"].items()]
    if kind == SEGMENTS:
        if "segment" not in table:
            table["segment"] = [f"{source}.{line}" for line, source in table["source"].items()]
        if "coder" not in table:
            table["coder"] = "1"
        table["coder"] = table["coder"].where(table["coder"] != "", "1")
    return table[[column for column in COLUMNS[kind] if column in table]].replace("", None)


def _whole(cell: str, column: str, line: object, name: str) -> int | None:
    if not cell:
        return None
    number = french.parse_number(cell)
    if number is None or number != int(number) or not 0 <= number < LONGEST:
        raise DataError(
            f"{name}, ligne {line}, colonne « {column} » : la cellule n'est pas un nombre entier, ou est trop grande."
        )
    return int(number)


def _valence(cell: str, line: object, name: str) -> str:
    plain = french.plain(cell)
    if plain and plain not in _VALENCES:
        raise DataError(
            f"{name}, ligne {line}, colonne « valence » : la cellule n'est pas l'une de {', '.join(corpus.VALENCES)}."
        )
    return _VALENCES.get(plain, "")


def _coded(tables: dict[str, pd.DataFrame], names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Tables whose sources and coders are codes; the list of sources gives the order when there is one."""
    order = [kind for kind in (SOURCES, SEGMENTS, ATTRIBUTES) if kind in tables]
    titles = [str(title) for kind in order for title in tables[kind]["source"]]
    codes = pseudonyms.source_codes(titles, names)
    written = tables[SEGMENTS]["source"] if SEGMENTS in tables else ()
    for kind in order:
        tables[kind] = tables[kind].assign(source=tables[kind]["source"].map(codes))
    if SEGMENTS in tables:
        segments = tables[SEGMENTS]
        own = [
            code + name.removeprefix(title) if name.startswith(f"{title}.") else name
            for name, title, code in zip(segments["segment"], written, segments["source"], strict=True)
        ]
        # A name has no figure: without them the many names of segments come down to a few.
        words = [re.sub(r"\d+", " ", name) for name in own]
        personal = {word for word in set(words) if person_names.names_in(word, names, code=True)}
        lines = zip(own, words, segments["source"], segments.index, strict=True)
        own = [f"{code}.{line}" if word in personal else name for name, word, code, line in lines]
        coders = pseudonyms.coder_codes(segments["coder"])
        tables[SEGMENTS] = segments.assign(segment=own, coder=segments["coder"].map(coders))
    return {kind: table.reset_index(drop=True) for kind, table in tables.items()}


def _guessed(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    if SEGMENTS not in tables:
        return {}
    segments, guessed = tables[SEGMENTS], {}
    if CODES not in tables:
        codes = segments["code"].drop_duplicates()
        guessed[CODES] = pd.DataFrame({"code": codes, "label_fr": codes}).reset_index(drop=True)
    if SOURCES not in tables:
        sources = segments["source"].drop_duplicates()
        guessed[SOURCES] = pd.DataFrame({"source": sources.tolist(), "rank": range(1, len(sources) + 1)})
    return guessed
