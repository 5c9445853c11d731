"""What a column of a package expects, in the words of the person who fills it."""

from __future__ import annotations

from typing import Any

from helpers import french

TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "true ou false",
    "date": "date AAAA-MM-JJ",
}
# A pattern of the model, in words.
PATTERNS = {
    "[A-Za-z0-9_-]{1,40}": "1 à 40 lettres sans accent, chiffres, « - » ou « _ », sans espace",
    "[a-z0-9_]{1,60}": "1 à 60 minuscules sans accent, chiffres ou « _ », sans espace",
    "(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])": "code de département : 01 à 95, 2A, 2B, 971 à 976",
    "([0-9]{2}|2[AB])[0-9]{3}": "code INSEE de commune : 5 caractères, zéro de tête compris (01004, 2A004)",
    "Q[0-9]{1,2}": "Q1 à Q42",
    "(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[78][0-9])": "code de département : 01 à 95, 2A, 2B, 971 à 989",
    "([0-9]{2,3}|2[AB]|france)": "code de région ou de département, ou « france »",
    "[0-9][0-9A-Z][0-9]{7}": "numéro FINESS : 9 caractères, zéro de tête compris",
    "[0-9]{3}": "3 chiffres, zéro de tête compris",
}


def kind(field: dict[str, Any]) -> str:
    """Type of the column ("nombre, virgule décimale")."""
    words = TYPES[field.get("type", "string")]
    if field["type"] == "number":
        words += ", virgule décimale" if field.get("decimalChar") == "," else ", point décimal"
    return words


def allowed(field: dict[str, Any]) -> str:
    """Values that the column allows: its list, its bounds or its form; empty when anything of its type will do."""
    rules = field.get("constraints", {})
    if "enum" in rules:
        return french.listing(rules["enum"], last="ou")
    if "pattern" in rules:
        return PATTERNS.get(rules["pattern"], f"forme « {rules['pattern']} »")
    # The bound of a date is a text.
    low, high = (
        f"{bound:g}" if isinstance(bound, int | float) else bound
        for bound in (rules.get("minimum"), rules.get("maximum"))
    )
    if low is not None and high is not None:
        return f"de {low} à {high}"
    if low is not None:
        return f"au moins {low}"
    return "" if high is None else f"au plus {high}"


def key(schema: dict[str, Any]) -> list[str]:
    """Columns of the primary key, as a list."""
    declared = schema.get("primaryKey", [])
    return [declared] if isinstance(declared, str) else list(declared)


def links(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Foreign keys of one column: column, table and column it points to."""
    found = []
    for item in schema.get("foreignKeys", []):
        here, there = item["fields"], item["reference"]["fields"]
        found.append(
            (
                here if isinstance(here, str) else here[0],
                item["reference"]["resource"],
                there if isinstance(there, str) else there[0],
            )
        )
    return found
