"""Files of Taguette (1.x): codebook and highlights exports (CSV and XLSX), and its SQLite project.

What Taguette holds and what becomes of it:

- a tag is a code; a dot makes levels ("frein.temps" is under "frein" when that tag exists). Accents and spaces leave the
  code, the label keeps them;
- a document is a source, under the code that `pseudonyms.source_codes` gives its title. Its description is not read;
- a highlight is one segment per tag; without a tag it is left out, and said. Exports have the words only; the SQLite
  project also has the positions, which Taguette counts in UTF-8 bytes of the text without markup (`extract.py` of Taguette
  1.5) and which become characters here;
- a person: exports name nobody. A project has accounts: the one that made a highlight (in the journal `commands`) becomes 1,
  2… in order of appearance, and no name, address or password of an account is read or kept.

`cpts import taguette` also takes `--coder`, for two people who each coded a copy of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.errors import DataError, UsageError
from helpers.files import grid
from helpers.material import pseudonyms, tags, taguette_project
from helpers.material.imported import CODES, SEGMENTS, SOURCES, Imported

_CODEBOOK, _HIGHLIGHTS = {"tag", "description"}, {"id", "document", "tag", "content"}


def read(files: Sequence[Path], *, project: str = "", names: Sequence[str] = ()) -> Imported:
    """Tables of one project: its SQLite file alone, or its exports (codebook, highlights, or both, CSV or XLSX).

    `project` chooses by name in a SQLite file with several; `names` are those of `noms.txt`. With highlights alone the codes
    are those that they use. Raises UsageError for files that do not go together, UnknownName (project), and DataError for a
    file that is damaged, too large or of another program, or for an unknown tag or document, bounds outside the text or
    an overlap.
    """
    if any(_is_sqlite(path) for path in files):
        if len(files) > 1:
            raise UsageError("Un projet SQLite de Taguette se lit seul : donnez ce fichier sans les autres.")
        return taguette_project.read_project(files[0], project, names).checked()
    codebook, highlights = None, None
    for path in files:
        table = grid.read(path, even=True).frame()
        if set(table) >= _HIGHLIGHTS and highlights is None:
            highlights = table
        elif set(table) >= _CODEBOOK and not set(table) >= _HIGHLIGHTS and codebook is None:
            codebook = table
        elif set(table) >= _HIGHLIGHTS or set(table) >= _CODEBOOK:
            raise UsageError(
                f"{path.name} : un export de ce genre est déjà donné ; un seul de chaque à la fois."
            )
        else:
            raise DataError(
                f"{path.name} n'est pas un export de Taguette : l'en-tête d'un livre de codes est « tag, description… », "
                "celui des surlignages « id, document, tag, content »."
            )
    return _exports(codebook, highlights, names).checked()


def _is_sqlite(path: Path) -> bool:
    if path.suffix.lower() in (".sqlite3", ".sqlite", ".db"):
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(len(taguette_project.MAGIC)) == taguette_project.MAGIC
    except OSError:
        return False


def _exports(
    codebook: pd.DataFrame | None, highlights: pd.DataFrame | None, names: Sequence[str]
) -> Imported:
    imported = Imported({})
    if codebook is not None:
        descriptions = dict(zip(codebook["tag"], codebook["description"], strict=True))
    else:
        used = [] if highlights is None else [tag for tag in highlights["tag"] if tag]
        descriptions = dict.fromkeys(used, "")
        imported.guessed.add(CODES)
    codes, imported.tables[CODES] = tags.codes_of_tags(descriptions)
    if highlights is None:
        return imported
    sources = pseudonyms.source_codes(highlights["document"], names)
    imported.tables[SOURCES] = pd.DataFrame(
        {"source": list(sources.values()), "rank": range(1, len(sources) + 1)}
    )
    imported.guessed.add(SOURCES)
    tagged = highlights[highlights["tag"] != ""]
    tags.say_left_out(imported, len(highlights) - len(tagged))
    unknown = tagged[~tagged["tag"].isin(list(codes))]
    if not unknown.empty:
        raise DataError(
            f"Surlignages, ligne {unknown.index[0]} : la marque n'est pas dans le livre de codes donné."
            " Exportez les deux le même jour."
        )
    source = tagged["document"].map(sources)
    imported.tables[SEGMENTS] = pd.DataFrame(
        {
            "segment": source + "." + tagged["id"],
            "source": source,
            "code": tagged["tag"].map(codes),
            "coder": "1",
            "text": tagged["content"],
        }
    ).reset_index(drop=True)
    return imported
