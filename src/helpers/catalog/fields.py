"""A column: it reads a text, writes a value, knows what an import may respell, and says itself in French."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from helpers import french
from helpers.catalog import spellings
from helpers.errors import nearest

TYPES_FR = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "true ou false",
    "date": "date AAAA-MM-JJ",
}
_DTYPES = {
    "string": "string[python]",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
}
# A pattern of the model, in words.
_PATTERNS_FR = {
    "[A-Za-z0-9_-]{1,40}": "1 à 40 lettres sans accent, chiffres, « - » ou « _ », sans espace",
    "[a-z0-9_]{1,60}": "1 à 60 minuscules sans accent, chiffres ou « _ », sans espace",
    "(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])": "code de département : 01 à 95, 2A, 2B, 971 à 976",
    "([0-9]{2}|2[AB])[0-9]{3}": "code INSEE de commune : 5 caractères, zéro de tête compris (01004, 2A004)",
    "Q[0-9]{1,2}": "Q1 à Q42",
    "(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[78][0-9])": "code de département : 01 à 95, 2A, 2B, 971 à 989",
    "([0-9]{2,3}|2[AB]|france)": "code de région ou de département, ou « france »",
    "[0-9][0-9A-Z][0-9]{7}": "numéro FINESS : 9 caractères, zéro de tête compris",
    "[0-9]{3}": "3 chiffres, zéro de tête compris",
    "[A-Za-z0-9_-]{1,40}(;[A-Za-z0-9_-]{1,40})*": "un code, ou plusieurs séparés par « ; » sans espace",
    "QP(0[0-9]{2}|02[AB]|97[1-8])[0-9]{3}|QN(0[0-9]{2}|02[AB]|97[1-8])[0-9]{2}[MNI]": (
        "code de quartier prioritaire (QPV) : QN04501M (depuis 2024) ou QP045001"
    ),
}
# Accents read in one encoding and written in another ("Ã©", "â€™"), or lost for good.
_BROKEN_ACCENTS = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2020\u02c6]|â€|\ufffd"
)
_YEARS = (1900, 2100)
# No count or amount of the field comes near it; beyond, arithmetic and axes break.
_TOO_LARGE = 1e15


class Wrong(NamedTuple):
    """What `Field.read` gives instead of a value: what is wrong, what to do, and what to do without a word of the text."""

    what: str
    remedy: str = ""
    safe: str = ""


@dataclass(frozen=True)
class Field:
    """A column of a table: its type, its rules, its French title and the labels of its codes."""

    name: str
    type: str = "string"
    title: str = ""
    description: str = ""
    unit: str = ""
    required: bool = False
    unique: bool = False
    minimum: float | dt.date | None = None
    maximum: float | dt.date | None = None
    min_length: int = 0
    pattern: str = ""
    codes: tuple[str, ...] = ()
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    decimal: str = "."

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Field:
        """Column as `datapackage.json` describes it (Table Schema); takes a description that `package` found whole."""
        rules = described.get("constraints", {})
        kind = described.get("type", "string")
        bounds = [rules.get("minimum"), rules.get("maximum")]
        low, high = (dt.date.fromisoformat(bound) if isinstance(bound, str) else bound for bound in bounds)
        return cls(
            name=described["name"],
            type=kind,
            title=described.get("title", ""),
            description=described.get("description", ""),
            unit=described.get("unit", ""),
            required=bool(rules.get("required")),
            unique=bool(rules.get("unique")),
            minimum=low,
            maximum=high,
            min_length=rules.get("minLength", 0),
            pattern=rules.get("pattern", ""),
            codes=tuple(str(code) for code in rules.get("enum", ())),
            labels={str(item["value"]): item.get("label", "") for item in described.get("categories", ())},
            decimal=described.get("decimalChar", "."),
        )

    def read(self, text: str, *, respell: bool = False) -> Any:
        """Value of a cell: str, int, float, bool or date, None when empty, or Wrong; with `respell`, of its `spelling`."""
        given = text
        if respell:
            spelled = self.spelling(text)
            text = text if spelled is None else spelled
        if not text.strip(spellings.SPACES):
            if self.required:
                return _both("est vide, alors que la colonne est obligatoire", "remplissez-la")
            return _both("ne contient que des espaces", "videz la cellule") if text else None
        if self.type == "boolean":
            known = {"true": True, "false": False}
            remedy = f"écrivez {self.spelling(text) or 'un des deux'}"
            return known.get(text.lower(), _both("n'est ni true ni false", remedy))
        if self.type == "string":
            return self._text(text)
        value = self._date(text) if self.type == "date" else self._number(text)
        if not isinstance(value, Wrong):
            return self._bounded(value, percent="%" in given)
        spelled = self.spelling(text)
        if spelled == "":
            return _both("ne se comprend pas", "laissez la cellule vide quand on ne sait pas")
        if spelled and spelled != text:
            form = " (AAAA-MM-JJ)" if self.type == "date" else ""
            return Wrong(value.what, f"écrivez {spelled}{form}", value.safe or f"écrivez {_a(self.type)}")
        return value

    def write(self, value: Any) -> str:
        """Cell as the file of the table holds it: nothing when missing, dates year first, the decimal mark of the column."""
        # Here and in `typed` only: a command that touches no table starts without pandas, which takes longer than all else.
        import numpy as np
        import pandas as pd

        if value is None or value is pd.NA or value != value:
            return ""
        if isinstance(value, dt.date):  # a Timestamp is one
            return f"{value:%Y-%m-%d}"
        if isinstance(value, bool | np.bool_):
            return str(bool(value)).lower()
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        return text.replace(".", self.decimal) if self.type == "number" else text

    def spelling(self, text: str) -> str | None:
        """`text` as the column wants it, or None when that is not certain: `check` proposes it, an import writes it."""
        cell = text.strip(spellings.SPACES)
        if not cell or (self.type != "string" and spellings.says_nothing(cell)):
            return ""
        if self.type == "boolean":
            return spellings.truth(cell)
        if self.type == "date":
            day = spellings.date(cell)
            return None if day is None else day.isoformat()
        if self.type in ("integer", "number"):
            found = spellings.number(cell, share=self.maximum == 1)
            if found is None or (self.type == "integer" and "." in found):
                return None
            return found.replace(".", self.decimal)
        if self.codes:
            return spellings.choice(cell, self.codes)
        return spellings.code(cell, self.pattern) if self.pattern else cell

    def words(self, *, labelled: bool = False) -> str:
        """Type and values allowed, in French: "nombre entier : de 1 à 4"; with `labelled`, as `allowed`."""
        allowed = self.allowed(labelled=labelled)
        return TYPES_FR[self.type] + (f" : {allowed}" if allowed else "")

    def kind(self) -> str:
        """Type of the column ("nombre, virgule décimale")."""
        if self.type != "number":
            return TYPES_FR[self.type]
        return f"nombre, {'virgule décimale' if self.decimal == ',' else 'point décimal'}"

    def allowed(self, *, labelled: bool = False) -> str:
        """Values that the column allows: its list, its bounds or its form; empty when anything of its type will do.

        With `labelled`, each code of the list is followed by its label when that says more.
        """
        if self.codes:
            said = map(self._labelled, self.codes) if labelled else self.codes
            return french.listing(said, last="ou")
        if self.pattern:
            return _PATTERNS_FR.get(self.pattern, f"forme « {self.pattern} »")
        low, high = (None if bound is None else _shown(bound) for bound in (self.minimum, self.maximum))
        if low is not None and high is not None:
            return f"de {low} à {high}"
        if low is not None:
            return f"au moins {low}"
        return "" if high is None else f"au plus {high}"

    def typed(self, values: Sequence[Any]) -> Any:
        """Array of the type of the column from values that `read` gave; what is None is missing."""
        import numpy as np
        import pandas as pd

        if self.type == "date":
            return pd.array(np.array(values, dtype="datetime64[us]"))
        if self.type == "number":
            return np.array([np.nan if value is None else value for value in values], dtype="float64")
        # `pd.array` looks at each value again to learn its type: three times longer.
        if self.type == "string":
            texts = np.array([pd.NA if value is None else value for value in values], dtype=object)
            return pd.arrays.StringArray(texts, dtype=pd.StringDtype("python"))
        missing = np.array([value is None for value in values], dtype=bool)
        if self.type == "integer":
            whole = np.array([1 if value is None else value for value in values], dtype="int64")
            return pd.arrays.IntegerArray(whole, missing)
        return pd.arrays.BooleanArray(np.array(values, dtype=bool), missing)

    def _labelled(self, code: str) -> str:
        label = self.labels.get(code, "")
        return code if label.casefold() in ("", code) else f"{code} ({label})"

    @property
    def dtype(self) -> str:
        """Type of the column in a DataFrame."""
        return _DTYPES[self.type]

    @cached_property
    def _form(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def _code_values(self) -> frozenset[Any]:
        if self.type in ("integer", "number"):
            return frozenset(float(code) for code in self.codes)
        return frozenset(self.codes)

    def _text(self, text: str) -> Any:
        if self.codes:
            if text in self._code_values:
                return text
            return self._no_code(text, spellings.choice(text, self.codes))
        if self.pattern and not self._form.fullmatch(text):
            spelled = spellings.code(text, self.pattern)
            if spelled is None:
                return Wrong(f"n'a pas la forme attendue ({self.allowed()})")
            lost = " : le zéro de tête a été perdu" if spelled == f"0{text}" else ""
            return Wrong(
                f"n'a pas la forme attendue{lost}", f"écrivez « {spelled} »", f"écrivez {self.allowed()}"
            )
        if not self.pattern and _BROKEN_ACCENTS.search(text):
            return _both("a des accents abîmés par un changement d'encodage", "retapez-le, en UTF-8")
        if len(text) < self.min_length:
            return _both(f"a moins de {self.min_length} caractères", "complétez-le")
        return text

    def admits(self, texts: Collection[str]) -> bool:
        """Whether every text is surely a value of this column of text; False asks for a look at each."""
        if self.codes:
            return self._code_values.issuperset(texts)
        return not self.min_length and bool(self.pattern) and all(map(self._form.fullmatch, texts))

    def _no_code(self, text: str, meant: str | None) -> Wrong:
        near = meant or nearest(text, self.codes)
        return _both(
            f"n'est pas une valeur permise ({self.allowed()})", f"écrivez « {near} »" if near else ""
        )

    def _date(self, text: str) -> dt.date | Wrong:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = spellings.date(text)
            if day is None:
                return _both("n'existe pas au calendrier", "corrigez le jour ou le mois")
            if not _YEARS[0] <= day.year <= _YEARS[1]:
                return _both(f"est hors des années {_YEARS[0]} à {_YEARS[1]}", "corrigez l'année")
            return day
        if re.fullmatch(r"\d{4}(-\d{2})?", text):
            month = text if "-" in text else f"{text}-01"
            return Wrong(
                "n'est pas une date complète", f"il manque le jour, par exemple {month}-01 (AAAA-MM-JJ)"
            )
        if spellings.date(text) is None:
            return Wrong("n'est pas une date AAAA-MM-JJ, par exemple 2025-12-31")
        return Wrong("n'est pas une date AAAA-MM-JJ")

    def _number(self, text: str) -> float | int | Wrong:
        if self.type == "integer":
            if re.fullmatch(r"[-+]?\d+", text):
                return int(text)
        elif re.fullmatch(rf"[-+]?\d+({re.escape(self.decimal)}\d+)?([eE][-+]?\d+)?", text):
            return float(text.replace(self.decimal, "."))
        space = " (il contient une espace)" if re.search(r"\d[ \u00a0\u202f]\d", text) else ""
        remedy = "écrivez-le en chiffres, ou videz la cellule"
        return _both(f"n'est pas {_a(self.type)}{space}", remedy)

    def _bounded(self, value: Any, *, percent: bool = False) -> Any:
        if self.type != "date" and not abs(value) < _TOO_LARGE:
            return _both("est trop grand pour être vrai", "corrigez-le")
        if self.codes and value not in self._code_values:
            return self._no_code(str(value), None)
        if self.minimum is not None and value < self.minimum:
            return _both(f"est sous le minimum ({_shown(self.minimum)})", "corrigez-le")
        if self.maximum is not None and value > self.maximum:
            what = f"dépasse le maximum ({_shown(self.maximum)})"
            if self.maximum == 1 and value <= 100 and not percent:
                share = self.write(float(f"{value / 100:.15g}"))
                return Wrong(what, f"pour {self.write(float(value))} %, écrivez {share}", "corrigez-le")
            return _both(what, "corrigez-le")
        return value


def _both(what: str, remedy: str) -> Wrong:
    return Wrong(what, remedy, remedy)


def _a(kind: str) -> str:
    return {"integer": "un nombre entier", "number": "un nombre"}.get(kind, "une date AAAA-MM-JJ")


def _shown(bound: float | dt.date) -> str:
    return bound.isoformat() if isinstance(bound, dt.date) else f"{bound:.15g}".replace(".", ",")
