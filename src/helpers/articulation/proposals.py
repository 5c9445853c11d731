"""What the survey on DTS and CPTS proposes and asks, and which lines of the four other documents bear on it.

The proposals and questions are those of Fabrique Territoires Santé (2022), in our words; the lines that bear on them are our
reading. An item without a line has no evidence that we found: that is not a denial.
"""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels

EVIDENCE = "coding/proposal_evidence"
NONE = "aucun appui relevé"
PROPOSAL_HEADS_FR = {"item": "Piste (pour qui)", "evidence": "Ce qu'en disent les quatre autres documents"}
QUESTION_HEADS_FR = {"item": "Question (sur qui)", "evidence": "Ce qu'en disent les quatre autres documents"}


def proposals(study: Study) -> pd.DataFrame:
    """Proposals P1 to P8: `item` (code, line, what it proposes and to whom), `evidence` in the other documents."""
    return _told(study, "fabrique2022/proposals", "proposal", "target")


def questions(study: Study) -> pd.DataFrame:
    """Questions Q01 to Q14: `item` (code, line, what it asks and of whom), `evidence` in the other documents."""
    return _told(study, "fabrique2022/open_questions", "question", "actor")


def _told(study: Study, table: str, key: str, whom: str) -> pd.DataFrame:
    rows = study.table(table)
    names = _named(table, whom, rows[whom]).str.replace(
        r"^(\w)(?=[a-zé])", lambda first: first[1].lower(), regex=True
    )
    items = (
        rows[key] + " (l. " + rows["line"].astype("string") + "). " + rows["label_fr"] + " (" + names + ")"
    )
    return pd.DataFrame({"item": items, "evidence": rows[key].map(said(study)).fillna(NONE)})


def _named(table: str, field: str, codes: pd.Series[str]) -> pd.Series[str]:
    names = labels.codes(table, field)
    return codes.map(lambda code: names.get(code, code))


def said(study: Study) -> dict[str, str]:
    """Evidence of each item in one text: what each line says, with its document, in the order of the documents."""
    rows = study.table(EVIDENCE)
    documents, senses = labels.documents(), labels.codes(EVIDENCE, "sense")
    ranks = {key: rank for rank, key in enumerate(documents)}
    rows = rows.assign(rank=rows["document"].map(ranks)).sort_values(["item", "rank", "line"], kind="stable")
    told = {}
    for item, own in rows.groupby("item"):
        told[str(item)] = " ; ".join(
            f"{row['label_fr']}{_mark(row['sense'], senses)} "
            f"({documents[row['document']].removeprefix('Thèse ')}, l. {row['line']})"
            for row in own.to_dict("records")
        )
    return told


def _mark(sense: str, senses: dict[str, str]) -> str:
    # What agrees needs no word; what does not must not be read as support.
    return f" [{senses[sense]}]" if sense in ("nuance", "contraire") else ""


def sentence(study: Study) -> str:
    """One French sentence: how many proposals and questions the other documents bear on, and the proposals with none."""
    found = set(study.table(EVIDENCE)["item"])
    pistes, questions_ = study.table("fabrique2022/proposals"), study.table("fabrique2022/open_questions")
    alone = [f"« {label} »" for label in pistes.loc[~pistes["proposal"].isin(found), "label_fr"]]
    nothing = f" (rien sur {french.listing(alone)})" if alone else ""
    return (
        f"L'enquête de la Fabrique propose {len(pistes)} pistes et pose {len(questions_)} questions ; les quatre autres "
        f"documents disent quelque chose de {len(pistes) - len(alone)} pistes{nothing} et de "
        f"{int(questions_['question'].isin(found).sum())} questions."
    )
