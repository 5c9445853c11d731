"""What is known of one CPTS, from the user's table or from the documents, on the plan of the monograph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.methods import disclosure, protection
from helpers.monograph import aura, chapters, diagnosed, miller, register
from helpers.monograph.chapters import KNOWN

# What is not known, in the order in which a sentence says it.
_UNKNOWN = (chapters.NOT_PUBLISHED, chapters.UNKNOWN, chapters.NOT_CODED)


def facts(cpts: str, study: Study) -> pd.DataFrame:
    """Facts on one CPTS (the first one when empty): the columns of `chapters.COLUMNS`, one row each, by chapter.

    A user's package gives its `cpts/facts` and the line of `cpts/cpts`, completed by what `diagnosed` knows of its communes;
    in the project, the tables of the documents are brought into the same shape, each with its line. Raises UnknownName for a
    CPTS that the package does not have.
    """
    return study.once(("facts", cpts), lambda: _facts(cpts, study))


def _facts(cpts: str, study: Study) -> pd.DataFrame:
    row = register.chosen(cpts, study)
    code = str(row["cpts"])
    if row["origin"] in register.USERS:
        return _users(row, study)
    if row["origin"] == "etudiee":
        return miller.facts(code, study)
    return (
        aura.facts(code, study)
        if row["origin"] == "interrogee"
        else aura.on_the_map(code, str(row["name_fr"]), study)
    )


def _users(row: pd.Series[object], study: Study) -> pd.DataFrame:
    code = str(row["cpts"])
    table = study.table("cpts/facts", optional=True)
    own = table[table["cpts"] == code].assign(document="", line="", date_precision="")
    secret = protection.protect(study)
    own = own.assign(value=[_shown(fact, secret) for fact in own.to_dict("records")])
    own = own.assign(unit=own["unit"].mask(own["value"] == disclosure.MASKED))
    given = own.astype({"status": "object"}).fillna({name: "" for name in chapters.COLUMNS if name != "date"})
    # A line that says "connu" and holds no value says nothing: it is shown as unknown, not as blank.
    given["value"] = [_readable(value) for value in given["value"]]
    blank = (given["status"] == KNOWN) & (given["value"] == "") & given["date"].isna()
    given.loc[blank, "status"] = chapters.UNKNOWN
    typed = [*_identity(row, study), *given.to_dict("records")]
    return chapters.frame(diagnosed.merged(typed, diagnosed.facts(code, study)))


def _shown(fact: Mapping[str, Any], secret: protection.Protected) -> object:
    """Value of a user's fact for readers: a small count of people is masked, the others are rounded."""
    if pd.isna(fact["value"]) or not protection.counts_people(fact):
        return fact["value"]
    if (fact["cpts"], fact["chapter"], fact["item"]) in secret.facts:
        return disclosure.MASKED
    return protection.coarse_text(str(fact["value"]), "" if pd.isna(fact["unit"]) else str(fact["unit"]))


def _identity(row: pd.Series[Any], study: Study) -> list[dict[str, object]]:
    """Facts that the user's line of cpts/cpts holds; an empty cell gives a row "inconnu"."""
    steps = labels.codes("cpts/cpts", "status")
    asked = (
        ("historique", "etape", "Étape du projet", "status", None, ""),
        ("historique", "date_projet", "Validation du projet de santé", None, "project_date", ""),
        ("historique", "date_accord", "Signature de l'accord", None, "aci_date", ""),
        ("territoire", "population", "Population de l'accord", "population", "population_date", "habitants"),
        ("territoire", "taille", "Taille de l'accord", "size", None, ""),
        ("ressources", "adherents", "Adhérents", "members", "members_date", "adhérents"),
    )
    found: list[dict[str, object]] = []
    for chapter, item, label, column, day, unit in asked:
        value = row[column] if column else pd.NA
        date = row[day] if day else pd.NaT
        if column == "members" and row.get("members_masked"):
            value, unit = disclosure.MASKED, ""
        said = "" if pd.isna(value) else steps.get(str(value), french.number(value) if unit else str(value))
        note = ""
        if column == "size":
            said, note = _size(value, row["population"], study)
        missing = not said and pd.isna(date)
        source = row["source"]
        found.append(
            dict.fromkeys(chapters.COLUMNS, "")
            | {"cpts": row["cpts"], "chapter": chapter, "item": f"fiche_{item}", "label_fr": label, "value": said}
            | {"unit": unit if said else "", "date": date, "status": chapters.UNKNOWN if missing else KNOWN}
            | {"source": "cpts/cpts" if pd.isna(source) else source, "note": note}
        )  # fmt: skip
    return found


def _size(given: Any, population: Any, study: Study) -> tuple[str, str]:
    """Size of the agreement and how it is known: typed, else that of the population; empty when neither is there."""
    if pd.notna(given):
        return f"taille {given}", ""
    if pd.isna(population):
        return "", ""
    return f"taille {aci.size_class(float(population), aci.bounds(study))}", "déduite de la population"


def _readable(value: str) -> str:
    """A day that the user wrote in a text cell, in French; any other text as it is."""
    try:
        return french.date(dt.date.fromisoformat(value)) if len(value) == len("2026-01-31") else value
    except ValueError:
        return value


def said(row: pd.Series[object] | Mapping[str, Any]) -> str:
    """What a fact says to a reader: value with its unit, or its date, or the state of the information; never a blank."""
    value, unit = str(row["value"]), "" if pd.isna(row["unit"]) else str(row["unit"])
    if value:
        return value if unit and value.endswith(unit) else french.agreed(value, unit)
    date = chapters.dated(row)
    return date if date else chapters.statuses()[str(row["status"])]


def told(row: pd.Series[object] | Mapping[str, Any]) -> str:
    """A fact as a reader can take it alone: what it is about, and what it says."""
    return f"{row['label_fr']} : {said(row)}"


def chapter_table(known: pd.DataFrame, chapter: str) -> pd.DataFrame:
    """Facts of one chapter for readers: `Information`, `Valeur`, `Mission` (actions only), `Date`, `Source`, `Note`.

    Only what is known or said to be absent; the rest is named by `unknown_sentences`. Empty columns are left out.
    """
    own = known[(known["chapter"] == chapter) & known["status"].isin([KNOWN, chapters.ABSENT])]
    rows = own.to_dict("records")
    shown = pd.DataFrame(
        {
            "Information": own["label_fr"],
            "Mission": own["mission"].map(lambda code: chapters.missions().get(code, "")),
            "Valeur": [said(row) for row in rows],
            "Date": [chapters.dated(row) if row["value"] else "" for row in rows],
            "Source": own["source"],
            "Note": own["note"],
        }
    )
    if chapter == "actions":
        shown = shown.sort_values("Mission", key=lambda names: names.map(_mission_rank), kind="stable")
    empty = [name for name in ("Mission", "Date", "Note") if not shown[name].astype(str).str.strip().any()]
    # An empty cell of these columns is a detail that nobody gave, not a missing measure: "–" says so.
    return shown.drop(columns=empty).replace("", "–").reset_index(drop=True)


def _mission_rank(name: str) -> int:
    names = list(chapters.missions().values())
    return names.index(name) if name in names else len(names)


def unknown_sentences(known: pd.DataFrame) -> dict[str, str]:
    """Sentence that names what each chapter asks for and the sources do not say, by state; empty when nothing is missing."""
    asked: dict[tuple[str, str], list[str]] = {}
    for row in known[["chapter", "status", "item", "label_fr", "note"]].to_dict("records"):
        if row["status"] in _UNKNOWN:
            asked.setdefault((row["chapter"], row["status"]), []).append(_asked(row))
    words = {status: chapters.statuses()[status].capitalize() for status in _UNKNOWN}
    return {
        chapter: " ".join(
            f"{words[status]} : {', '.join(asked[chapter, status])}."
            for status in _UNKNOWN
            if (chapter, status) in asked
        )
        for chapter in chapters.names()
    }


def _asked(row: Mapping[str, Any]) -> str:
    """What is not known; an official file comes with the command that brings it."""
    label = french.first_lower(str(row["label_fr"]))
    return f"{label} ({row['note']})" if str(row["item"]).startswith(diagnosed.PREFIX) else label


def counts(known: pd.DataFrame) -> dict[str, int]:
    """Number of facts in each state, in the order of the schema, zeros included."""
    return {status: int((known["status"] == status).sum()) for status in chapters.statuses()}


def empty_chapters(known: pd.DataFrame) -> list[str]:
    """Chapters of which nothing is known or said to be absent, in the order of the plan."""
    told = set(known.loc[known["status"].isin([KNOWN, chapters.ABSENT]), "chapter"])
    return [chapter for chapter in chapters.names() if chapter not in told]


def silent_chapters(known: pd.DataFrame, elsewhere: Collection[str] = ()) -> list[str]:
    """Empty chapters of which no answer is even named as missing, but for those that other tables tell (`elsewhere`)."""
    asked = set(known.loc[known["status"].isin([chapters.NOT_PUBLISHED, chapters.UNKNOWN]), "chapter"])
    return [chapter for chapter in empty_chapters(known) if chapter not in asked | set(elsewhere)]


def events(known: pd.DataFrame) -> pd.DataFrame:
    """Dated events in order of date: `chapter_fr`, `label_fr`, `date`, `date_precision`, `source`, for the timeline figure.

    Elsewhere than in the history, the date beside a value is that of the information, not of an event: it is left out.
    """
    own = known[known["date"].notna() & (known["status"] == KNOWN)]
    own = own[(own["chapter"] == "historique") | (own["value"] == "")]
    shown = own.assign(chapter_fr=own["chapter"].map(chapters.names())).sort_values("date", kind="stable")
    return shown[["chapter_fr", "label_fr", "date", "date_precision", "source"]].reset_index(drop=True)
