"""Notebooks and their parameters: found, read and checked before any kernel starts."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.catalog import labels
from helpers.errors import DataError, UnknownName, UsageError

DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "notebooks"
# Folder, beside the reports, of those of the fictitious package (`make reports`).
EXAMPLE = "exemple"
# What a reader wants from a report, in the order of the index.
USES = {
    "comprendre": "Comprendre les CPTS",
    "ma-cpts": "Travailler sur ma CPTS",
    "verifier": "Vérifier un document",
    "enseigner": "Enseigner",
}
_PLACEHOLDER = re.compile(r"\{sujet(?:\|(?P<without>[^}]*))?\}")
# A rule `{documents}` allows the keys of the table `documents`: a notebook does not list them again.
DOCUMENTS = "documents"
_ALLOWED = re.compile(r"\s*[\[{](?P<rule>[^\]}]*)[\]}]\s*$")


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell: `name = default  # help {a|b}`, `{documents}` or `[low ; high]`."""

    name: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """Help without the rule of allowed values, for the reader of a report."""
        return _ALLOWED.sub("", self.help) or self.name

    def read(self, given: Any) -> Any:
        """Value of the type of the default; text from the command line is read as French users write it.

        Raises UsageError when the value has another type or is not allowed.
        """
        value = self._typed(given) if isinstance(given, str) else given
        kind = type(self.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._refuse(given, f"attendu : {_TYPES.get(kind, kind.__name__)}")
        if self.choices:
            for item in value if isinstance(value, list) else [value]:
                if str(item) not in self.choices:
                    self._refuse(item, f"valeurs permises : {', '.join(self.choices)}")
        if self.bounds is not None and not self.bounds[0] <= value <= self.bounds[1]:
            self._refuse(given, f"attendu : de {self.bounds[0]:g} à {self.bounds[1]:g}")
        return value

    def _typed(self, text: str) -> Any:
        kind = type(self.default)
        if kind is bool:
            known = {"true": True, "oui": True, "1": True, "false": False, "non": False, "0": False}
            return known.get(text.strip().lower(), text)
        if kind is list:
            return [item.strip() for item in text.split(",") if item.strip()]
        if kind in (int, float):
            try:
                return kind(text.strip().replace(",", "."))
            except ValueError:
                return text
        return text

    def _refuse(self, given: Any, expected: str) -> None:
        raise UsageError(f"Paramètre « {self.name} » : « {given} » n'est pas accepté, {expected}.")


_TYPES = {
    bool: "oui ou non",
    int: "un nombre entier",
    float: "un nombre",
    str: "un texte",
    list: "une liste a,b,c",
}


@dataclass(frozen=True)
class Notebook:
    """A notebook of the project: its file, its title (H1), the question it answers and its parameters.

    `use` says what a reader wants from it, one of `USES` (metadata `observatoire.usage` of the notebook); `code` holds the
    sources of its code cells.
    """

    path: Path
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    use: str = "comprendre"
    code: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Name of the notebook and of its report, without extension."""
        return self.path.stem

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Checked values of the parameters `given`. Raises UnknownName or UsageError."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise UnknownName(f"Paramètre de {self.slug}", name, known)
        return {name: known[name].read(value) for name, value in given.items()}


def titled(title: str, subject: str = "") -> str:
    """Title with the name of its subject: in the place of `{sujet}`, or after the title; `{sujet|…}` says it without one.

    >>> titled("Monographie {sujet|d'une CPTS}", "de la CPTS des Mauges")
    'Monographie de la CPTS des Mauges'
    >>> titled("Monographie {sujet|d'une CPTS}"), titled("Dossier", "CPTS des Mauges")
    ("Monographie d'une CPTS", 'Dossier : CPTS des Mauges')
    """
    if _PLACEHOLDER.search(title):
        return _PLACEHOLDER.sub(lambda match: subject or match["without"] or "", title).strip()
    return f"{title} : {subject}" if subject else title


def notebooks(folder: Path | None = None) -> list[Notebook]:
    """Every notebook of the folder, by name. Raises UsageError when there is none."""
    place = folder or DEFAULT_FOLDER
    found = [read(path) for path in sorted(place.glob("*.ipynb"))]
    if not found:
        raise UsageError(f"Aucun carnet dans « {place} ».")
    return found


def choose(names: Sequence[str | int], folder: Path | None = None) -> list[Notebook]:
    """Notebooks asked for by name, number ("01", "1", 1) or file (also one outside the folder); all when `names` is empty.

    Raises UnknownName.
    """
    if not names:
        return notebooks(folder)
    chosen: list[Notebook] = []
    for asked in names:
        # YAML reads 01 as the number 1 and 08 as a text: both are how people write the number of a notebook.
        name = f"{int(asked):02d}" if re.fullmatch(r"\d{1,2}", str(asked)) else str(asked)
        if name.endswith(".ipynb") and Path(name).is_file():
            chosen += [own for own in [read(Path(name).resolve())] if own not in chosen]
            continue
        stem = Path(name).name.removesuffix(".ipynb")
        known = notebooks(folder)
        matching = [notebook for notebook in known if stem in (notebook.slug, notebook.slug.split("_")[0])]
        if not matching:
            raise UnknownName("Carnet", name, [notebook.slug for notebook in known])
        chosen += [notebook for notebook in matching if notebook not in chosen]
    return chosen


def read(path: Path) -> Notebook:
    """Title, question and parameters of one notebook file. Raises DataError when it is not a notebook."""
    try:
        stat = path.stat()
    except OSError:
        return _read(path, 0, 0)
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int, _size: int) -> Notebook:
    content = content_of(path)
    cells = content["cells"]
    prose = "\n".join(_source(cell) for cell in cells if cell["cell_type"] == "markdown")
    title = re.search(r"^# (.+)$", prose, re.MULTILINE)
    question = re.search(r"^\*\*Question\.\*\*\s*(.+)$", prose, re.MULTILINE)
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    if len(tagged) > 1:
        raise DataError(f"{path.name} a {len(tagged)} cellules « parameters » : gardez-en une.")
    code = _source(tagged[0]) if tagged else ""
    return Notebook(
        path=path,
        title=title[1].strip() if title else path.stem,
        question=question[1].strip() if question else "",
        parameters=tuple(_parameters(code, path.name)),
        use=_use(content, path),
        code=tuple(_source(cell) for cell in cells if cell["cell_type"] == "code"),
    )


def content_of(path: Path) -> dict[str, Any]:
    """Content of a notebook file, each cell with its kind, its source and its metadata.

    Raises DataError, naming the first cell that is not one, for what is no notebook of the format 4.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list) or not isinstance(content.get("metadata", {}), dict):
        raise DataError(f"{path.name} n'est pas un carnet lisible (.ipynb).")
    for rank, cell in enumerate(cells, start=1):
        if not _is_cell(cell):
            raise DataError(
                f"{path.name} n'est pas un carnet lisible (.ipynb) : sa cellule {rank} est abîmée."
            )
    return {"metadata": {}, **content}


def _is_cell(cell: object) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return False
    source, metadata = cell.setdefault("source", ""), cell.setdefault("metadata", {})
    texts = source if isinstance(source, list) else [source]
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else None
    return isinstance(tags, list) and all(isinstance(text, str) for text in [*texts, *tags])


def _use(content: dict[str, Any], path: Path) -> str:
    ours = content["metadata"].get("observatoire", {})
    said = ours.get("usage", "comprendre") if isinstance(ours, dict) else ours
    if not isinstance(said, str) or said not in USES:
        raise DataError(f"{path.name} : l'usage « {said} » n'existe pas (usages : {', '.join(USES)}).")
    return str(said)


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _parameters(code: str, file_name: str) -> list[Parameter]:
    try:
        statements = ast.parse(code).body
        comments = {
            token.start[0]: token.string.lstrip("# ").strip()
            for token in tokenize.generate_tokens(io.StringIO(code).readline)
            if token.type == tokenize.COMMENT
        }
        return [_parameter(statement, comments) for statement in statements]
    except (SyntaxError, ValueError, tokenize.TokenError):
        raise DataError(
            f"{file_name} : la cellule « parameters » ne doit contenir que des lignes « nom = valeur  # aide »."
        ) from None


def _parameter(statement: ast.stmt, comments: dict[int, str]) -> Parameter:
    if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
        raise ValueError
    comment = comments.get(statement.end_lineno or statement.lineno, "")
    name, default = statement.targets[0].id, ast.literal_eval(statement.value)
    rule = _ALLOWED.search(comment)
    if rule is None:
        return Parameter(name, default, comment)
    if rule["rule"].strip() == DOCUMENTS:
        return Parameter(name, default, comment, choices=tuple(labels.documents()))
    if "|" in rule["rule"]:
        return Parameter(
            name, default, comment, choices=tuple(item.strip() for item in rule["rule"].split("|"))
        )
    low, high = (float(item.strip().replace(",", ".")) for item in rule["rule"].split(";"))
    return Parameter(name, default, comment, bounds=(low, high))
