"""The codebook as a hierarchy: what stands above a code, the label that says so, parents with the passages of their children."""

from __future__ import annotations

import pandas as pd


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
