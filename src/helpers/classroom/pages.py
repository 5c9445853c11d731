"""Pages of the class (guide, class map, certificate): headings, sentences and tables in the style of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers.pipeline import page_template


@dataclass(frozen=True)
class Section:
    """One heading with its sentences and its table."""

    heading: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = field(default_factory=list)


def page(title: str, intro: Sequence[str], sections: Sequence[Section]) -> str:
    """The page as HTML: one file, no script, no request."""
    told = {"title": title, "intro": intro, "sections": sections}
    return page_template.written("seminar.html.j2", page=told)


def table(frame: pd.DataFrame) -> list[list[str]]:
    """Rows of a frame as text, a missing cell empty."""
    return [["" if pd.isna(cell) else str(cell) for cell in row] for row in frame.to_numpy().tolist()]
