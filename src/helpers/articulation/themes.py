"""Themes of articulation across documents: who sees a lever, who an obstacle, who only asks, who says nothing."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.material import crosswalk

THEMES, MEMBERS = "coding/articulation_themes", "coding/articulation_theme_members"
ASKED, NOTHING = "demandé ou constaté", "rien de codé"
STATES = (crosswalk.LEVER, crosswalk.BOTH, crosswalk.OBSTACLE, ASKED, NOTHING)
MARKS = {crosswalk.LEVER: "+", crosswalk.BOTH: "±", crosswalk.OBSTACLE: "−", ASKED: "○", NOTHING: ""}
# Schemes and authorities with which the AURA thesis may be compared with the four others: not its hospitals and schools.
COMPARED = (
    "cls", "dac", "sas", "collectivite", "elus", "msp_esp", "centre_de_sante", "reseau", "cpts", "ars", "assurance_maladie",
)  # fmt: skip
_VALENCE = {"+": crosswalk.LEVER, "-": crosswalk.OBSTACLE}
_STATUS = {
    "actif": crosswalk.LEVER, "ponctuel": crosswalk.LEVER, "tendu": crosswalk.OBSTACLE, "limite": crosswalk.OBSTACLE,
    "refuse": crosswalk.OBSTACLE, "absent": crosswalk.OBSTACLE,
}  # fmt: skip


def said(study: Study) -> pd.DataFrame:
    """One row per thing that a document tells on a theme: `group`, `document`, `stance` (missing: asked or found), `line`.

    Miller, Lainé and Navinel: the links of `coding/dts_links`; the Fabrique: its testimonies (retained value) and statements;
    the AURA thesis: a link at work is a lever, one that is tense, limited, refused or broken an obstacle.
    """
    coded = study.table("coding/dts_links")
    coded = coded[coded["document"] != "fabrique2022"]
    edges = study.table("aura2022/edges")
    edges = edges[edges["actor_type"].isin(COMPARED)]
    testimonies = study.table("fabrique2022/testimonies").merge(
        study.table("coding/testimonies_settled"), on="testimony"
    )
    statements = study.table("fabrique2022/articulation_statements")
    parts = [
        _part("coding/dts_links", coded["document"], coded["theme"], coded["valence"].map(_VALENCE), coded["line"]),
        _part("aura2022/edges", "aura2022", edges["relation"], edges["status"].map(_STATUS), edges["line"]),
        _part(
            "fabrique2022/testimonies", "fabrique2022", testimonies["theme"], testimonies["valence"].map(_VALENCE),
            testimonies["line"],
        ),
        _part(
            "fabrique2022/articulation_statements", "fabrique2022", statements["topic"],
            statements["valence"].map(_VALENCE), statements["line"],
        ),
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).merge(study.table(MEMBERS), on=["table", "theme"])


def _part(
    table: str,
    document: str | pd.Series[str],
    theme: pd.Series[str],
    stance: pd.Series[str],
    line: pd.Series[int],
) -> pd.DataFrame:
    return pd.DataFrame(
        {"table": table, "document": document, "theme": theme, "stance": stance, "line": line}
    )


def positions(study: Study) -> pd.DataFrame:
    """Position of each document (columns) on each theme (`Thème`): one of STATES."""
    rows, documents = said(study), labels.documents()
    known = study.table(THEMES)
    cells = {
        (group, document): _position(own["stance"])
        for (group, document), own in rows.groupby(["group", "document"])
    }
    table = pd.DataFrame({"Thème": known["label_fr"]})
    for key, name in documents.items():
        table[name] = [cells.get((group, key), NOTHING) for group in known["group"]]
    return table


def _position(stances: pd.Series[str]) -> str:
    found = set(stances.dropna())
    if not found:
        return ASKED
    return crosswalk.BOTH if len(found) > 1 else str(found.pop())


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Verdict by theme, from `positions`: `Thème`, `Verdict`, and the number of documents that take each position."""
    heads = [column for column in table if column != "Thème"]
    rows = []
    for row in table.to_dict("records"):
        cells = [str(row[head]) for head in heads]
        taking = [cell for cell in cells if cell not in (ASKED, NOTHING)]
        rows.append(
            {
                "Thème": row["Thème"],
                "Verdict": crosswalk.verdict(taking),
                **{state: cells.count(state) for state in STATES},
            }
        )
    return pd.DataFrame(rows)


def lines(study: Study) -> pd.DataFrame:
    """Lines of each document that bear on each theme, "—" where it is silent."""
    known = study.table(THEMES).rename(columns={"group": "theme"})
    return crosswalk.locators(
        said(study).drop(columns="theme").rename(columns={"group": "theme"}), known, labels.documents()
    )


def sentence(found: pd.DataFrame) -> str:
    """One French sentence on `verdicts`: themes that converge, diverge (named), or are left to one document."""
    counts = found["Verdict"].value_counts()
    diverging = [f"« {name} »" for name in found.loc[found["Verdict"] == crosswalk.DIVERGING, "Thème"]]
    alone = [f"« {name} »" for name in found.loc[found["Verdict"] == crosswalk.ALONE, "Thème"]]
    told = f"Sur {len(found)} thèmes de l'articulation, {int(counts.get(crosswalk.CONVERGING, 0))} convergent"
    if diverging:
        told += f", {len(diverging)} {'diverge' if len(diverging) == 1 else 'divergent'} ({french.listing(diverging)})"
    if alone:
        verb = "n'est porté" if len(alone) == 1 else "ne sont portés"
        told += f" et {len(alone)} {verb} que par un document ({french.listing(alone)})"
    return f"{told}."


def caption(found: pd.DataFrame) -> str:
    """Title of the picture of `positions`, from `verdicts`: themes that converge, that diverge, left to one document."""
    counts = found["Verdict"].value_counts()
    meet, part, alone = (
        int(counts.get(name, 0)) for name in (crosswalk.CONVERGING, crosswalk.DIVERGING, crosswalk.ALONE)
    )
    themes = french.plural(meet, "convergence")
    return f"Thèmes de l'articulation : {themes}, {french.plural(part, 'divergence')}, {alone} sans écho"
