"""Titles of the figures of a monograph and of a dossier: what each shows, computed from what it draws."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.methods.measured import digits

# Beginning of a verdict of `benchmark.compared`, and how a title counts it.
_VERDICTS = {
    "moins favorable": ("moins favorable", "moins favorables"),
    "plus favorable": ("plus favorable", "plus favorables"),
    "au-dessus": ("au-dessus", "au-dessus"),
    "au-dessous": ("au-dessous", "au-dessous"),
    "non différent": ("sans différence visible", "sans différence visible"),
    "non calculable": ("sans comparaison calculable", "sans comparaison calculable"),
}


def beside_benchmark(own: pd.DataFrame, unit: str) -> str:
    """Verdicts of the indicators beside their benchmark; without any, how many are above and below it; `unit` is of the axis."""
    known = own.dropna(subset=["benchmark"])
    if known.empty:
        return f"{french.plural(len(own), 'indicateur')} sans repère ({unit})"
    judged = {
        words: int(known["verdict"].astype(str).str.startswith(start).sum())
        for start, words in _VERDICTS.items()
    }
    if sum(judged.values()) > judged[_VERDICTS["non calculable"]]:
        said = french.listing(french.plural(count, *words) for words, count in judged.items() if count)
        return f"Face au repère : {said} ({unit})"
    above, below = (known["value"] > known["benchmark"]).sum(), (known["value"] < known["benchmark"]).sum()
    counts = (
        (above, "au-dessus du repère"),
        (below, "au-dessous"),
        (len(known) - above - below, "au même niveau"),
    )
    said = french.listing(f"{count} {where}" for count, where in counts if count)
    alone = french.plural(len(known), "indicateur")
    return f"{alone} sans comparaison calculable, en valeur : {said} ({unit})"


def dated(events: pd.DataFrame) -> str:
    """How many facts are dated, from which year to which."""
    years = pd.to_datetime(events["date"]).dt.year
    span = f"en {years.min()}" if years.min() == years.max() else f"de {years.min()} à {years.max()}"
    return f"{french.plural(len(events), 'fait daté', 'faits datés')} {span}"


def moves(found: pd.DataFrame) -> str:
    """Indicators that rise or fall from their first to their last period, and of how many that is not told from chance.

    Takes the rows of `benchmark.spans`. Where no move can be judged, the values alone say which way they go.
    """
    judged, change = found["visible"].notna(), found["move"]
    moved = found["visible"].eq(True) if judged.any() else change.notna()
    said = [
        french.plural(int(count), verb, plural)
        for count, verb, plural in (
            ((moved & (change > 0)).sum(), "indicateur monte", "indicateurs montent"),
            ((moved & (change < 0)).sum(), "indicateur baisse", "indicateurs baissent"),
            ((moved & (change == 0)).sum(), "indicateur ne bouge pas", "indicateurs ne bougent pas"),
            ((judged & ~moved).sum(), "mouvement ne se distingue pas du hasard",
             "mouvements ne se distinguent pas du hasard"),
            ((~judged & ~moved).sum(), "mouvement ne peut être jugé", "mouvements ne peuvent être jugés"),
        )
        if count
    ]  # fmt: skip
    return f"De la première à la dernière période : {french.listing(said)}"


def move(mine: pd.DataFrame) -> str:
    """One indicator, from its first to its last period."""
    ordered = mine.sort_values("period_end")
    ends = [
        f"{french.number(value, digits(value))} {unit} au {french.date(day.date())}"
        for value, unit, day in ordered[["value", "unit", "period_end"]].itertuples(index=False)
    ]
    return f"{ordered['label_fr'].iloc[0]} : {ends[0]}, {ends[-1]}"


def dated_actions(log: pd.DataFrame) -> str:
    """How many actions of the log have a start, and how many of these an end."""
    started = log.dropna(subset=["date_start"])
    ended = int(started["date_end"].notna().sum())
    return f"{french.plural(len(started), 'action datée', 'actions datées')}, {ended} avec une date de fin"
