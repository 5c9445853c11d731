"""The codebook as a hierarchy: what stands above a code, the label that says so, parents with the passages of their children.

A codebook of the project can be taken away: as rows of `material/codes` for a package, or as a REFI-QDA file (`.qdc`) that
QualCoder, NVivo, MAXQDA and ATLAS.ti read.
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree

import pandas as pd

COLUMNS = ("code", "parent", "label_fr", "definition_fr", "include_fr", "exclude_fr")
REFI_CODES = "urn:QDA-XML:codebook:1.0"


def parents(codes: pd.DataFrame) -> dict[str, str]:
    """Parent of every code that has one, from `material/codes`."""
    filled = codes.dropna(subset=["code", "parent"])
    return dict(zip(filled["code"].astype(str), filled["parent"].astype(str), strict=True))


def ancestors(code: str, above: dict[str, str]) -> list[str]:
    """Codes above `code`, the nearest first; each once, so that a code of a circle is its own last ancestor."""
    found: list[str] = []
    while code in above and above[code] not in found:
        code = above[code]
        found.append(code)
    return found


def path_labels(codes: pd.DataFrame) -> dict[str, str]:
    """Label of each code with those of its parents before it: "Freins › Temps"."""
    label = dict(zip(codes["code"].astype(str), codes["label_fr"].astype(str), strict=True))
    above = parents(codes)
    return {
        code: " › ".join(label[step] for step in [*reversed(ancestors(code, above)), code]) for code in label
    }


def with_parents(segments: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Segments with one more row for every ancestor of their code: a parent has the passages of its children."""
    above = parents(codes)
    used = segments["code"].drop_duplicates()
    line = pd.DataFrame(
        [(code, upper) for code in used for upper in [code, *ancestors(code, above)]],
        columns=["code", "counted"],
        dtype="string",
    )
    counted = segments.astype({"code": "string"}).merge(line, on="code", how="left")
    return counted.drop(columns="code").rename(columns={"counted": "code"})


def as_package_rows(book: pd.DataFrame) -> pd.DataFrame:
    """Rows of `material/codes` from a table with `code`, `label_fr`, `definition_fr` and, for a hierarchy, `parent`."""
    return book.reindex(columns=list(COLUMNS)).astype("string")


def as_refi(book: pd.DataFrame, *, origin: str = "Observatoire des CPTS") -> bytes:
    """REFI-QDA 1.5 codebook of rows of `material/codes`: nested codes with their definition; the same bytes for the same rows.

    The identifier of a code is made of its name, so that a codebook taken twice is one codebook.
    """
    above = parents(book)
    root = ElementTree.Element("CodeBook", {"xmlns": REFI_CODES, "origin": origin})
    nodes: dict[str, ElementTree.Element] = {"": ElementTree.SubElement(root, "Codes")}
    ElementTree.SubElement(root, "Sets")
    waiting = book.to_dict("records")
    while waiting:
        ready = [row for row in waiting if above.get(str(row["code"]), "") in nodes]
        # A code whose parent is not in the book stands at the top.
        for row in ready or waiting:
            code = str(row["code"])
            guid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"observatoire-cpts/{origin}/{code}")).upper()
            node = ElementTree.SubElement(
                nodes.get(above.get(code, ""), nodes[""]), "Code",
                {"guid": guid, "name": str(row["label_fr"]), "isCodable": "true"},
            )  # fmt: skip
            if not pd.isna(row["definition_fr"]):
                ElementTree.SubElement(node, "Description").text = str(row["definition_fr"])
            nodes[code] = node
        waiting = [row for row in waiting if str(row["code"]) not in nodes]
    ElementTree.indent(root)
    written: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode()
