"""CPTS against practices, mission by mission: what is done, what is planned, what was imposed, stopped or refused."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels, once_per_study
from helpers.documents.quantities import ends, quantity
from helpers.documents.reproductions.aura2022_facts import VACANT_SLOTS
from helpers.practices import DOCUMENT, cited, interviewed, number, ordered

STATEMENTS = f"{DOCUMENT}/coded_statements"
# Domains of the coding that tell what a CPTS does, in the order of the national agreement.
DOMAINS = (
    "medecin_traitant",
    "soins_non_programmes",
    "parcours",
    "prevention",
    "crise_sanitaire",
    "qualite_pertinence",
    "accompagnement_professionnels",
)
DONE = ("fait", "fait_en_qualite")
COMING = ("en_cours", "prevu")
REACHED, PLANNED, OTHERWISE, SILENT = "en place", "à venir seulement", "autre réponse", "rien de codé"
REACH = (REACHED, PLANNED, OTHERWISE, SILENT)
# Models of unscheduled care by which a CPTS took part in the access-to-care service (SAS), one that left it included.
IN_THE_SAS = ("sas_essai", "sas_agenda_medunion", "sas_agenda_medaviz", "pdsa_et_sas", "sas_refuse")
SUCCESS = "essai_reussi"

PRACTICE_HEADS_FR = {
    "practice": "Pratique",
    "count": "CPTS où elle est en place",
    "done": "En place : CPTS (ligne)",
    "coming": "En cours ou prévue",
    "otherwise": "Autrement",
}
UNSCHEDULED_HEADS_FR = {
    "cpts": "CPTS",
    "models": "Dispositif, et son état",
    "stance": "Ce qu'elle dit du SAS",
    "judgement": "Jugement",
    "lines": "Lignes",
}
WITHOUT_DOCTOR_HEADS_FR = {
    "cpts": "CPTS",
    "patients": "Patients sans médecin traitant, déclarés",
    "population": "Population déclarée",
    "share": "Part recalculée (%)",
    "lines": "Lignes",
}


STATEMENT_HEADS_FR = {
    "cpts": "CPTS",
    "domain": "Domaine",
    "practice": "Ce qui est dit",
    "state": "État",
    "lines": "Lignes",
}
FACT_HEADS_FR = {
    "cpts": "CPTS",
    "domain": "Domaine",
    "label_fr": "Chiffre",
    "said": "Valeur",
    "state": "État",
    "line": "Ligne",
}


class _Said(NamedTuple):
    """One coded statement: state by code and in French, CPTS, line of the text."""

    status: str
    state: str
    cpts: str
    line: int


@once_per_study
def statements(study: Study, *domains: str) -> pd.DataFrame:
    """Coded statements of these domains, one row each: CPTS, domain, practice and state in French, lines of the text."""
    table = study.table(STATEMENTS)
    table = table[table["domain"].isin(domains)] if domains else table
    names = _names(study)
    told = [names[key] for key in zip(table["domain"], table["code"], strict=True)]
    return table.assign(
        practice=told,
        state=table["status"].map(labels.codes(STATEMENTS, "status")),
        lines=[_lines(row) for row in table.to_dict("records")],
    ).reset_index(drop=True)


def for_readers(study: Study) -> pd.DataFrame:
    """Every coded statement, one row each, by domain then CPTS: columns of STATEMENT_HEADS_FR."""
    table = statements(study)
    names = study.table(f"{DOCUMENT}/coding_domains").set_index("domain")["label_fr"]
    table = table.assign(domain=table["domain"].map(names), cpts=table["cpts"].map(number))
    return table.sort_values(["domain", "cpts"], kind="stable", ignore_index=True)[list(STATEMENT_HEADS_FR)]


def facts(study: Study) -> pd.DataFrame:
    """Every number that an interview gives, one row each, by domain then CPTS: columns of FACT_HEADS_FR; bounds stay bounds."""
    name = f"{DOCUMENT}/facts"
    table = study.table(name)
    shown = pd.DataFrame(
        {
            "cpts": table["cpts"].map(number),
            "domain": table["domain"].map(labels.codes(name, "domain")),
            "label_fr": table["label_fr"],
            "said": [_with_unit(row) for row in table.to_dict("records")],
            "state": table["status"].map(labels.codes(name, "status")),
            "line": table["line"].astype(str),
        }
    )
    return shown.sort_values(["domain", "cpts"], kind="stable", ignore_index=True)


@once_per_study
def practices(study: Study, domain: str) -> pd.DataFrame:
    """Practices of one domain against CPTS, one row each, the most widespread first.

    Columns of PRACTICE_HEADS_FR: number of CPTS where it is in place, then the CPTS with their line, by state. What the instances
    imposed is apart: the text does not say that it is done.
    """
    table = statements(study, domain)
    by_practice: dict[str, list[_Said]] = {}
    for practice, *said in zip(table["practice"], *(table[name] for name in _Said._fields), strict=True):
        by_practice.setdefault(practice, []).append(_Said(*said))
    rows = []
    for name, found in by_practice.items():
        done = [said for said in found if said.status in DONE]
        rows.append(
            {
                "practice": name,
                "count": len({said.cpts for said in done}),
                "done": _by_state(done),
                "coming": cited((said.cpts, said.line) for said in found if said.status in COMING),
                "otherwise": _by_state([said for said in found if said.status not in (*DONE, *COMING)]),
                "coming_count": len({said.cpts for said in found}),
            }
        )
    ranked = pd.DataFrame(rows).sort_values(["count", "coming_count"], ascending=False, kind="stable")
    ranked = ranked.drop(columns="coming_count").reset_index(drop=True)
    empty = [name for name in ("coming", "otherwise") if not ranked[name].any()]
    return ranked.drop(columns=empty).replace({"": "—"})


def reach(study: Study) -> pd.DataFrame:
    """How far each mission went: one row per domain, the most widespread first.

    One column per item of REACH, in CPTS; their sum is the number interviewed.
    """
    base, rows = interviewed(study), []
    for domain in DOMAINS:
        found = statements(study, domain)
        left, counts = set(base), {}
        for name, states in ((REACHED, DONE), (PLANNED, COMING), (OTHERWISE, tuple(found["status"]))):
            inside = left & set(found.loc[found["status"].isin(states), "cpts"])
            counts[name], left = len(inside), left - inside
        rows.append({"mission": _domain(study, domain), **counts, SILENT: len(left)})
    return pd.DataFrame(rows).sort_values(
        [REACHED, PLANNED], ascending=False, kind="stable", ignore_index=True
    )


def reach_caption(table: pd.DataFrame) -> str:
    """Title of the figure of `reach` that says what it shows: the most and the least widespread mission."""
    first, last, base = table.iloc[0], table.iloc[-1], int(table.iloc[0][list(REACH)].sum())
    return (
        f"{first['mission']} à l'œuvre dans {first[REACHED]} CPTS sur {base}, "
        f"{str(last['mission']).lower()} dans {last[REACHED]}"
    )


def base_sentence(study: Study, domain: str) -> str:
    """How many CPTS a table of practices rests on: "14 CPTS sur 16 en parlent ; 12 ont au moins une pratique en place…"."""
    found = statements(study, domain)
    base = len(interviewed(study))
    done = found.loc[found["status"].isin(DONE), "cpts"].nunique()
    silent = ordered(set(interviewed(study)) - set(found["cpts"]))
    said = f"{found['cpts'].nunique()} CPTS sur {base} en parlent ; {french.plural(done, 'CPTS', 'CPTS')} "
    said += "y a au moins une pratique en place" if done < 2 else "y ont au moins une pratique en place"
    if not silent:
        return f"{said}."
    return f"{said}. Rien n'est codé pour {french.listing(silent)} : la thèse n'en dit rien, ce n'est pas un non."


def alone_sentence(study: Study, domain: str) -> str:
    """How scattered the practices of a domain are: those that a single CPTS has in place, and the most widespread."""
    table = practices(study, domain)
    alone, first = int((table["count"] == 1).sum()), table.iloc[0]
    placed = int((table["count"] > 0).sum())
    if alone == placed:
        return f"Aucune des {french.plural(placed, 'pratique')} en place ne l'est dans plus d'une CPTS."
    verb = "ne l'est" if alone < 2 else "ne le sont"
    return (
        f"Sur {french.plural(placed, 'pratique')} en place, {alone or 'aucune'} {verb} que dans une CPTS ; la plus répandue, "
        f"« {first['practice']} », l'est dans {first['count']}."
    )


def unscheduled(study: Study) -> pd.DataFrame:
    """Model of unscheduled care and position on the SAS, one row per CPTS that speaks of one or the other."""
    models, stances = statements(study, "soins_non_programmes"), statements(study, "position_sas")
    rows = []
    for cpts in ordered([*models["cpts"], *stances["cpts"]]):
        own, stance = models[models["cpts"] == cpts], stances[stances["cpts"] == cpts]
        told = [f"{row.practice} ({row.state})" for row in own.itertuples()]
        lines = sorted({*own["line"], *stance["line"]})
        rows.append(
            {
                "cpts": number(cpts),
                "models": french.listing(told) or "—",
                "stance": french.listing(stance["practice"]) or "—",
                "judgement": french.listing(stance["state"]) or "—",
                "lines": ", ".join(map(str, lines)),
            }
        )
    return pd.DataFrame(rows)


def in_the_sas(study: Study) -> tuple[list[str], list[str], list[str]]:
    """CPTS that took part in the SAS; of them, those that report empty or unused slots, and those that report a success."""
    models, stances = statements(study, "soins_non_programmes"), statements(study, "position_sas")
    inside = set(models.loc[models["code"].isin(IN_THE_SAS), "cpts"])
    vacant = inside & set(stances.loc[stances["code"].isin(VACANT_SLOTS), "cpts"])
    success = inside & set(stances.loc[stances["code"] == SUCCESS, "cpts"])
    return ordered(inside), ordered(vacant), ordered(success)


def sas_sentence(study: Study) -> str:
    """What the CPTS that took part in the SAS say of it, and how many take a position at all."""
    inside, vacant, success = in_the_sas(study)
    judged = statements(study, "position_sas")
    count = judged.loc[judged["status"] == "favorable", "cpts"].nunique()
    return (
        f"Des {len(inside)} CPTS passées par le service d'accès aux soins (SAS), {len(vacant)} disent des créneaux vides ou peu "
        f"pris, {len(success)} un essai réussi ({french.listing(success)}) ; sur {judged['cpts'].nunique()} qui le jugent, "
        f"{count} le {'juge' if count < 2 else 'jugent'} favorablement."
    )


def without_doctor(study: Study) -> pd.DataFrame:
    """Patients without a regular doctor where a CPTS counts them, with its declared population and the recomputed share (%)."""
    facts = study.table(f"{DOCUMENT}/facts")
    counted = facts[facts["indicator"] == "patients_sans_medecin_traitant"]
    people = study.table(f"{DOCUMENT}/interviewed_populations")
    people = people[people["measure"] == "population"].set_index("cpts")
    rows = []
    for row in counted.to_dict("records"):
        place = people.loc[row["cpts"]].to_dict()
        low, base = ends(row)[0], ends(place)[0]
        rows.append(
            {
                "cpts": number(row["cpts"]),
                "patients": quantity(row),
                "population": quantity(place),
                "share": 100 * low / base,
                "lines": f"{row['line']}, {place['line']}",
            }
        )
    return pd.DataFrame(rows)


def without_doctor_sentence(study: Study) -> str:
    """The CPTS that count their patients without a regular doctor, with their base and share."""
    table = without_doctor(study)
    said = [
        f"CPTS{row.cpts}, {row.patients} pour {row.population} habitants, soit {french.percent(row.share)}"
        for row in table.itertuples()
    ]
    few = french.plural(len(table), "CPTS compte", "CPTS comptent")
    return f"{few} leurs patients sans médecin traitant : {' ; '.join(said)}."


def widest(study: Study, domain: str) -> tuple[str, int]:
    """The practice in place in most CPTS of a domain, and their number."""
    first = practices(study, domain).iloc[0]
    return str(first["practice"]), int(first["count"])


def sentence(study: Study) -> str:
    """The answer: which missions are at work in most CPTS, and by what."""
    table, base = reach(study), len(interviewed(study))
    first, last = table.iloc[0], table.iloc[-1]
    vaccination, pathway = widest(study, "crise_sanitaire"), widest(study, "parcours")
    return (
        f"Sur {base} CPTS interrogées, {first[REACHED]} ont mené au moins une action de « {first['mission']} » et "
        f"{last[REACHED]} de « {last['mission']} » ; les pratiques les plus partagées sont « {vaccination[0]} » "
        f"({vaccination[1]} CPTS) et « {pathway[0]} » ({pathway[1]})."
    )


def _with_unit(row: dict[Hashable, Any]) -> str:
    said = quantity({str(key): value for key, value in row.items()})
    unit = str(row["unit"]) if said and pd.notna(row["unit"]) else ""
    return french.agreed(str(said or row["printed"]), unit)


def _by_state(rows: list[_Said]) -> str:
    # What is simply done needs no word; any other state says itself.
    parts = []
    for status, state in {row.status: row.state for row in rows}.items():
        said = cited((row.cpts, row.line) for row in rows if row.status == status)
        parts.append(said if status == "fait" else f"{state} : {said}")
    return " ; ".join(sorted(parts, key=lambda part: not part[:1].isdigit()))


def _lines(row: dict[str, object]) -> str:
    found = [str(row[name]) for name in ("line", "line_end") if pd.notna(row[name])]
    said = "–".join(dict.fromkeys(found))
    return f"{said} ; {row['other_lines']}" if pd.notna(row["other_lines"]) else said


@once_per_study
def _names(study: Study) -> dict[tuple[str, str], str]:
    book = study.table(f"{DOCUMENT}/codebook")
    return dict(zip(zip(book["domain"], book["code"], strict=True), book["label_fr"], strict=True))


def _domain(study: Study, domain: str) -> str:
    named = study.table(f"{DOCUMENT}/coding_domains").set_index("domain")["label_fr"]
    return str(named[domain])
