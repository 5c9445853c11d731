"""Themes across documents: what each one says of them, obstacle or lever, and whether they meet.

A document is silent on a theme when none of its coded brakes or levers bears on it: that is not a denial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.errors import DataError

OBSTACLE, LEVER, BOTH, SILENT = "obstacle", "levier", "obstacle et levier", "silencieux"
STATES = (OBSTACLE, BOTH, LEVER, SILENT)
# Columns of `leading`, in their order; `shown.STANCE_COLORS` draws them.
PARTS = ("Obstacle", "Les deux", "Levier")
NO_LINE = "—"
MARKS = {OBSTACLE: "−", BOTH: "±", LEVER: "+", SILENT: ""}
CONVERGING, DIVERGING, ALONE = "convergence", "divergence", "silence"


def stances(evidence: pd.DataFrame, themes: pd.DataFrame, documents: Sequence[str]) -> pd.DataFrame:
    """Stance of each document on each theme: one row per theme (`theme`), one column per document, in the orders given.

    Takes `evidence` (`theme`, `document`, `stance`: "obstacle" or "levier", one row per coded item) and `themes` (`theme`).
    A document with both stances says "obstacle et levier", without any, "silencieux". Raises DataError for another stance,
    or for a theme or document that is not listed.
    """
    for column, known in (
        ("stance", (OBSTACLE, LEVER)),
        ("theme", tuple(themes["theme"])),
        ("document", documents),
    ):
        unknown = [item for item in evidence[column].drop_duplicates() if item not in known]
        if unknown:
            raise DataError(
                f"Croisement des documents : « {unknown[0]} » n'est pas prévu dans la colonne {column}."
            )
    said = evidence.groupby(["theme", "document"])["stance"].agg(
        lambda cells: BOTH if cells.nunique() > 1 else str(cells.iloc[0])
    )
    wide = said.unstack("document").reindex(index=themes["theme"], columns=list(documents))
    return wide.astype(object).where(wide.notna(), SILENT).rename_axis(columns=None).reset_index()


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """`stances` from the theme that most documents call an obstacle to the one that most call a lever."""
    rows = table.drop(columns="theme")
    against = rows.isin((OBSTACLE, BOTH)).sum(axis=1)
    order = pd.DataFrame(
        {"against": -against, "alone": -(rows == OBSTACLE).sum(axis=1), "lever": (rows == LEVER).sum(axis=1)}
    )
    return table.loc[order.sort_values(list(order), kind="stable").index].reset_index(drop=True)


def verdict(said: Sequence[str]) -> str:
    """Verdict on the stances of the documents on one theme.

    "silence" when fewer than two of them speak; "divergence" when one says only obstacle and another only lever;
    "convergence" otherwise: they share at least one stance.
    """
    speaking = [stance for stance in said if stance != SILENT]
    if len(speaking) < 2:
        return ALONE
    return DIVERGING if OBSTACLE in speaking and LEVER in speaking else CONVERGING


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Verdict by theme, from `stances`: `theme`, `verdict`, `obstacle`, `both`, `lever`, `silent` (numbers of documents)."""
    rows = table.drop(columns="theme")
    counted = {
        name: (rows == state).sum(axis=1)
        for name, state in (("obstacle", OBSTACLE), ("both", BOTH), ("lever", LEVER), ("silent", SILENT))
    }
    found = [verdict(list(row)) for row in rows.itertuples(index=False, name=None)]
    return pd.DataFrame({"theme": table["theme"], "verdict": found, **counted})


def locators(evidence: pd.DataFrame, themes: pd.DataFrame, documents: Mapping[str, str]) -> pd.DataFrame:
    """Lines that support each theme: one row per theme (`Thème`), one column per document, "—" where it is silent.

    Takes `themes` (`theme`, `label_fr`) in their order and the French names of the documents.
    """
    rows = evidence.sort_values("line").groupby(["theme", "document"])["line"].unique()
    cells = rows.map(lambda lines: ", ".join(str(line) for line in lines)).unstack("document")
    wide = cells.reindex(index=themes["theme"], columns=list(documents)).fillna(NO_LINE)
    named = dict(zip(themes["theme"], themes["label_fr"], strict=True))
    return (
        wide.rename(index=named, columns=dict(documents))
        .rename_axis(index="Thème", columns=None)
        .reset_index()
    )


def in_french(table: pd.DataFrame, themes: Mapping[str, str]) -> pd.DataFrame:
    """`stances` with the French names of themes and documents."""
    return table.assign(theme=table["theme"].map(themes)).rename(
        columns={**labels.documents(), "theme": "Thème"}
    )


def table(found: pd.DataFrame, themes: Mapping[str, str]) -> pd.DataFrame:
    """`verdicts` as a reader sees them: theme, verdict, and numbers of documents by stance."""
    heads = {
        "verdict": "Verdict",
        "obstacle": "Obstacle",
        "both": "Les deux",
        "lever": "Levier",
        "silent": "Silencieux",
    }
    return found.assign(theme=found["theme"].map(themes)).rename(columns={"theme": "Thème", **heads})


def _within(label: str) -> str:
    # An acronym keeps its capitals inside a sentence.
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def leading(found: pd.DataFrame, themes: Mapping[str, str], most: int = 8) -> pd.DataFrame:
    """The `most` themes of which the most documents speak, in French, with the number of documents by stance."""
    spoken = found.assign(spoken=found[["obstacle", "both", "lever"]].sum(axis=1))
    chosen = spoken.sort_values(["spoken", "obstacle", "both"], ascending=False, kind="stable").head(most)
    return table(chosen.drop(columns="spoken").sort_values(["obstacle", "both"], ascending=False), themes)


def shared_sentence(found: pd.DataFrame, themes: Mapping[str, str]) -> str:
    """One French sentence: the themes that the most documents call an obstacle and nothing else, and a lever likewise."""

    def named(counts: pd.Series[int]) -> str:
        best = found.loc[counts == counts.max(), "theme"]
        return french.listing(f"« {_within(themes[theme])} »" for theme in best)

    documents = int(found[["obstacle", "both", "lever", "silent"]].iloc[0].sum())
    return (
        f"L'obstacle que le plus de documents nomment, sans y voir aussi un levier, est {named(found['obstacle'])} "
        f"({int(found['obstacle'].max())} sur {documents}) ; le levier, sans y voir aussi un obstacle, "
        f"{named(found['lever'])} ({int(found['lever'].max())} sur {documents})."
    )


def caption(found: pd.DataFrame) -> str:
    """Title of the figure of `stances`: on how many themes the documents meet, and on how many they part."""
    counts = found["verdict"].value_counts()
    meet, part = int(counts.get(CONVERGING, 0)), int(counts.get(DIVERGING, 0))
    return f"Les documents se rejoignent sur {french.plural(meet, 'thème')} et se contredisent sur {part}"


def spoken_caption(found: pd.DataFrame) -> str:
    """Title of the map of `stances`, from `verdicts`: themes of which every document speaks, and of which one alone does."""
    silent = found["silent"]
    documents = int(found[["obstacle", "both", "lever", "silent"]].iloc[0].sum())
    alone = int((silent == documents - 1).sum())
    said = f"Les {documents} documents parlent tous de {int((silent == 0).sum())} thèmes sur {len(found)}"
    return f"{said} ; un seul parle de {alone}" if alone else said


def sentence(found: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """One French sentence on `verdicts`: how many themes converge, diverge (named) or are left to one document."""
    counts = found["verdict"].value_counts()
    diverging = [
        f"« {_within(labels[theme])} »" for theme in found.loc[found["verdict"] == DIVERGING, "theme"]
    ]
    text = (
        f"Sur {french.plural(len(found), 'thème')} comparés entre les documents, "
        f"{int(counts.get(CONVERGING, 0))} convergent et {int(counts.get(DIVERGING, 0))} divergent"
    )
    if diverging:
        text += f" ({french.listing(diverging)})"
    alone = int(counts.get(ALONE, 0))
    if alone:
        text += f" ; {alone} ne {'se trouve' if alone == 1 else 'se trouvent'} que dans un document"
    return f"{text}."
