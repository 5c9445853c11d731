"""What the annexes of the documents hold for whom starts a CPTS or an inquiry: steps, forms, budgets, guides, actions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.documents.quantities import quantity

STEP_HEADS_FR = {
    "label_fr": "Étape",
    "lead": "Qui la mène",
    "instance": "Avec qui",
    "document_due": "Document attendu",
    "delays": "Délais imprimés",
    "lines": "Lignes",
}
FORM_HEADS_FR = {
    "form": "Formulaire",
    "item": "Rubrique",
    "topic": "Sujet",
    "label_fr": "Ce qui est demandé",
    "kind": "Réponse attendue",
    "line": "Ligne",
}
BUDGET_HEADS_FR = {
    "form": "Formulaire",
    "side": "Côté",
    "account": "Compte",
    "label_fr": "Poste",
    "printed": "Imprimé",
    "line": "Ligne",
}
GUIDE_HEADS_FR = {"document": "Document", "part": "Partie", "label_fr": "Ce qui est demandé", "line": "Ligne"}
MISSION_HEADS_FR = {
    "label_fr": "Mission",
    "obligation": "Obligation",
    "introduced": "Depuis",
    "actions": "Actions citées en exemple",
    "lines": "Lignes",
}
THEME_HEADS_FR = {"family": "Famille", "definition": "Ce qui en est dit", "lines": "Lignes"}


def creation_steps(study: Study) -> pd.DataFrame:
    """Steps of the creation of a CPTS in their order, each with who leads, the document due and every printed delay."""
    name = "aura2022/creation_steps"
    steps, delays = study.table(name), study.table("aura2022/creation_delays")
    units = delays.assign(
        said=[
            f"{row['label_fr'][0].lower()}{row['label_fr'][1:]} : {_delay(row)}"
            for row in delays.to_dict("records")
        ]
    )
    said = units.groupby("step")["said"].agg(" ; ".join)
    return pd.DataFrame(
        {
            "label_fr": steps["label_fr"],
            "lead": _named(name, "lead", steps),
            "instance": _named(name, "instance", steps),
            "document_due": _named(name, "document_due", steps),
            "delays": steps["step"].map(said).fillna("—"),
            "lines": _lines(steps),
        }
    )


def _delay(row: Mapping[Hashable, Any]) -> str:
    number = quantity({str(key): value for key, value in row.items()})
    if not number:
        return "nombre perdu par la numérisation" if row["repair"] == "ocr" else str(row["printed"])
    return f"{number} {row['unit']}"


def forms(study: Study) -> pd.DataFrame:
    """What the regional forms (preproject, project) ask, one row per item."""
    name = "aura2022/project_forms"
    table = study.table(name)
    return pd.DataFrame(
        {
            "form": _named(name, "form", table),
            "item": table["item"].astype(str),
            "topic": _named(name, "topic", table),
            "label_fr": table["label_fr"],
            "kind": _named(name, "kind", table),
            "line": table["line"].astype(str),
        }
    )


def budgets(study: Study) -> pd.DataFrame:
    """Lines of the model budgets of the same forms; a line without an amount says so."""
    name = "aura2022/project_budget_items"
    table = study.table(name)
    return pd.DataFrame(
        {
            "form": _named(name, "form", table),
            "side": _named(name, "side", table),
            "account": table["account"].astype("object").where(table["account"].notna(), "—").astype(str),
            "label_fr": table["label_fr"],
            "printed": table["printed"].fillna("à remplir"),
            "line": table["line"].astype(str),
        }
    )


def guides(study: Study) -> pd.DataFrame:
    """Interview guides of three documents under one another, by topic: what is asked is told in the words of the observatory."""
    thesis, prompts, navinel = (
        study.table(name)
        for name in ("aura2022/interview_guide", "laine2021/guide_prompts", "navinel2020/interview_guide")
    )
    parts = [
        _guide("aura2022", _named("aura2022/interview_guide", "section", thesis), thesis["label_fr"], thesis),
        _guide(
            "laine2021", _named("laine2021/guide_prompts", "guide", prompts), prompts["label_fr"], prompts
        ),
        _guide(
            "navinel2020",
            pd.Series("guide unique", index=navinel.index),
            _named("navinel2020/interview_guide", "topic", navinel),
            navinel,
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def expected_actions(study: Study) -> pd.DataFrame:
    """Missions of the national agreement with the actions that Lainé cites for each: what CPTS are expected to do."""
    missions, actions = study.table("miller2022/aci_missions"), study.table("laine2021/mission_actions")
    cited = actions.groupby("mission")["label_fr"].agg(french.listing)
    lines = actions.groupby("mission")["line"].min()
    return pd.DataFrame(
        {
            "label_fr": missions["label_fr"],
            "obligation": _named("miller2022/aci_missions", "obligation", missions),
            "introduced": _named("miller2022/aci_missions", "introduced", missions),
            "actions": missions["mission"].map(cited).fillna("—"),
            "lines": [
                f"Miller 2022, l. {line}"
                + (f" ; Lainé 2021, l. {int(lines[mission])}" if mission in lines.index else "")
                for line, mission in zip(missions["line"], missions["mission"], strict=True)
            ],
        }
    )


def themes(study: Study) -> pd.DataFrame:
    """Themes that the AURA thesis draws from its interviews, one row each."""
    name = "aura2022/themes"
    table = study.table(name)
    return pd.DataFrame(
        {"family": _named(name, "family", table), "definition": table["definition"], "lines": _lines(table)}
    )


def _guide(
    document: str, part: pd.Series[str], label_fr: pd.Series[str], table: pd.DataFrame
) -> pd.DataFrame:
    lines = table["line"].astype(str)
    return pd.DataFrame(
        {"document": labels.document(document), "part": part, "label_fr": label_fr, "line": lines}
    )


def _named(table: str, field: str, rows: pd.DataFrame) -> pd.Series[str]:
    named = labels.codes(table, field)
    return rows[field].map(lambda code: "—" if pd.isna(code) else named.get(str(code), str(code)))


def _lines(rows: pd.DataFrame) -> list[str]:
    return [
        str(first) if pd.isna(last) or first == last else f"{first}–{last}"
        for first, last in zip(rows["line"], rows["line_end"], strict=True)
    ]
