"""The descriptive table of respondents ("table 1") as a reader sees it, with its notes and its files."""

from __future__ import annotations

import pandas as pd

from helpers.methods.respondents import MULTIPLE, for_readers
from helpers.page import display


def descriptive_table(
    long: pd.DataFrame,
    caption: str,
    *,
    decimals: int = 1,
    source: str = "",
    note: str = "",
    name: str = "",
) -> display.Shown:
    """Table of `respondents.for_readers` with its notes (what n, %, and brackets mean) and its files, wide and long."""
    notes = [note]
    if (long["statistic"] == "proportion").any():
        notes.append("n (% de la base), base : personnes ou structures ayant répondu")
    if (long["statistic"] == "median").any():
        notes.append("médiane [1er quartile–3e quartile]")
    notes += sorted({text for text in long["note"].dropna() if text.startswith(MULTIPLE)})
    shown = for_readers(long, decimals=decimals)
    said = " ; ".join(text for text in notes if text)
    return display.table(shown, caption, source=source, note=said, name=name, long=long)
