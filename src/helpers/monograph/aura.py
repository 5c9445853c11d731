"""Facts of the CPTS of the Auvergne-Rhône-Alpes thesis: the seventy-one of its map, sixteen of which were interviewed.

Table III prints the name of an interviewed CPTS beside its code: its monograph holds both what was said and what the map prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.monograph import chapters
from helpers.monograph.chapters import fact

DOCUMENT = "aura2022"
# Chapter and mission of each domain of the facts and of the coded statements.
DOMAINS = {
    "identite": ("historique", ""),
    "creation": ("historique", ""),
    "fondateur": ("historique", ""),
    "territoire": ("territoire", ""),
    "partenaires": ("territoire", ""),
    "penurie": ("offre_de_soins", ""),
    "motivation": ("valeurs", ""),
    "gouvernance": ("gouvernance", ""),
    "membres": ("ressources", ""),
    "ressources_humaines": ("ressources", ""),
    "financement": ("ressources", ""),
    "indemnisation": ("ressources", ""),
    "outils": ("systeme_information", ""),
    "frein_reseau": ("systeme_information", ""),
    "frein": ("organisation", ""),
    "levier": ("organisation", ""),
    "exercice_coordonne": ("organisation", ""),
    "pharmacien": ("organisation", ""),
    "medecin_traitant": ("actions", "acces_aux_soins"),
    "soins_non_programmes": ("actions", "acces_aux_soins"),
    "position_sas": ("actions", "acces_aux_soins"),
    "parcours": ("actions", "coordination_parcours"),
    "prevention": ("actions", "prevention"),
    "crise_sanitaire": ("actions", "crise_sanitaire"),
    "qualite_pertinence": ("actions", "qualite_pertinence"),
    "accompagnement_professionnels": ("actions", "accompagnement_professionnels"),
}
# Facts of the text that a printed table already gives.
_SAID_BY_A_TABLE = {
    ("identite", "signature_aci"),
    ("identite", "projet_valide"),
    ("membres", "adherents_professionnels"),
    ("membres", "adherents_entites"),
}
# Lines apart within which the same date is that of the same event: a row of a table is printed on two or three lines.
SAME_PLACE = 3
# What the interview grid asks of everybody: without an answer the row says so.
_ASKED = {"membres": ("adherents", "professionnels")}


def facts(cpts: str, study: Study) -> pd.DataFrame:
    """Facts on one interview code, each with its line; a bar in a table is "non publié", a row that is not there "inconnu"."""
    parts = (
        _identity, _signature, _numbers, _map, _supply, _pharmacists, _team, _statements, _told, _links, _tools, _indicators,
    )  # fmt: skip
    rows = [row for part in parts for row in part(cpts, study)]
    # The date beside a value, out of the history, is that of the information: the event is still to tell.
    told = {
        (str(row["date"])[:10], int(row["line"]))
        for row in rows
        if pd.notna(row["date"]) and (row["chapter"] == "historique" or not row["value"])
    }
    return chapters.frame([*rows, *_events(cpts, study, told)])


def on_the_map(cpts: str, name: str, study: Study) -> pd.DataFrame:
    """Facts on one name of the regional map, June 2022: population and the size it gives; stage and département where known."""
    table = study.table(f"{DOCUMENT}/cpts_region")
    return chapters.frame(_of_the_map(cpts, table[table["name_printed"] == name].iloc[0].to_dict(), study))


def _of_the_map(cpts: str, row: dict[str, Any], study: Study) -> Iterator[dict[str, Any]]:
    place = {"document": DOCUMENT, "line": row["line"]}
    dated = {**place, "date": pd.Timestamp(2022, 6, 1), "date_precision": "month"}
    size = aci.size_class(float(row["value"]), aci.bounds(study))
    yield fact(
        cpts, "territoire", "population", "Population", chapters.quantity(row), unit="habitants", **dated
    )
    yield fact(
        cpts, "territoire", "taille", "Taille au sens de l'accord", f"taille {size}", **dated,
        note="déduite de la population par l'observatoire, non imprimée",
    )  # fmt: skip
    yield from _placed(cpts, row, dated)


def _placed(cpts: str, row: dict[str, Any], dated: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Stage and département of a name of the map, each with what it rests on: the colour of the map is lost in the text."""
    stage = pd.notna(row["stage"])
    yield fact(
        cpts, "historique", "etape_carte", "Étape du projet, carte", _named("cpts_region", "stage", row) if stage else "",
        **dated, status=chapters.KNOWN if stage else chapters.NOT_CODED,
        note=_named("cpts_region", "stage_basis", row) if stage else "couleur de la carte perdue dans le texte numérisé",
    )  # fmt: skip
    if pd.notna(row["department"]):
        basis = _named("cpts_region", "department_basis", row)
        yield fact(
            cpts, "territoire", "departement", "Département", str(row["department"]), **dated, note=basis
        )


def _map(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("cpts_region", cpts, study):
        dated = {
            "document": DOCUMENT,
            "line": row["line"],
            "date": pd.Timestamp(2022, 6, 1),
            "date_precision": "month",
        }
        name = f"nom imprimé sur la carte : {row['name_printed']}"
        yield fact(
            cpts, "territoire", "population_carte", "Population, carte", chapters.quantity(row), unit="habitants",
            **dated, note=name,
        )  # fmt: skip
        yield from _placed(cpts, row, dated)


def _pharmacists(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("interviewed_pharmacists", cpts, study):
        yield fact(
            cpts, "gouvernance", f"pharmacien_{row['rank']}", "Fonction du pharmacien interrogé",
            _named("interviewed_pharmacists", "role", row), document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _indicators(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    """Indicators that the text names for this CPTS, without their values: who set each, and what is said of it."""
    for row in named_indicators(cpts, study).to_dict("records"):
        yield fact(
            cpts, "indicateurs", f"indicateur_{row['indicator_id']}", row["label_fr"],
            f"indicateur : {_named('indicators', 'level', row)}",
            document=DOCUMENT, line=row["line"], note=row["note"],
            mission=row["mission"] if row["mission"] in chapters.missions() else "",
        )  # fmt: skip


def named_indicators(cpts: str, study: Study) -> pd.DataFrame:
    """Rows of the indicators of the thesis whose scope names this CPTS."""
    table = study.table(f"{DOCUMENT}/indicators")
    return table[[cpts in str(scope).split("; ") for scope in table["scope"]]]


# Who set an indicator, when the CPTS did not choose it or does not accept it.
DISPUTED = ("conteste", "impose", "refuse")


def disputed(cpts: str, study: Study) -> pd.DataFrame:
    """Indicators that this CPTS contests, was given or saw refused: `what`, `why` (with the place in the text)."""
    rows = []
    for row in named_indicators(cpts, study).to_dict("records"):
        if row["level"] in DISPUTED:
            why = f"indicateur {_named('indicators', 'level', row)}"
            why += "" if pd.isna(row["note"]) else f" ; {french.first_lower(str(row['note']).rstrip('.'))}"
            rows.append(
                {"what": row["label_fr"], "why": f"{why} ({labels.document(DOCUMENT)}, l. {row['line']})"}
            )
    return pd.DataFrame(rows, columns=["what", "why"])


def _own(name: str, cpts: str, study: Study, key: str = "cpts") -> list[dict[str, Any]]:
    table = study.table(f"{DOCUMENT}/{name}")
    rows: list[dict[str, Any]] = table[table[key] == cpts].to_dict("records")
    return rows


def _identity(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("interviewed_cpts", cpts, study):
        place = {"document": DOCUMENT, "line": row["line"]}
        signed = any(own["status"] == "signe" for own in _own("signature_dates", cpts, study))
        if pd.notna(row["maturity"]):
            yield fact(
                cpts,
                "historique",
                "etape",
                "Étape du projet",
                _named("interviewed_cpts", "maturity", row),
                **place,
            )
        elif not signed:
            yield fact(cpts, "historique", "etape", "Étape du projet", status=chapters.NOT_PUBLISHED, **place)
        for item, label, column in (
            ("creation", "Année de création imprimée", "created_year"),
            ("changement", "Changement de forme", "changed_year"),
        ):
            if pd.notna(row[column]):
                year = {"date": pd.Timestamp(int(row[column]), 1, 1), "date_precision": "year"}
                yield fact(cpts, "historique", item, label, **place, **year)
        yield fact(cpts, "territoire", "taille", "Taille déclarée", f"taille {row['size']}", **place)


def _signature(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("signature_dates", cpts, study):
        signed = row["status"] == "signe"
        label = "Signature de l'accord" if signed else "Validation du projet"
        if signed or pd.notna(row["date"]):
            yield fact(
                cpts, "historique", "date_accord", label, document=DOCUMENT, line=row["line"], date=row["date"],
                date_precision=row["date_precision"],
                status=chapters.NOT_PUBLISHED if pd.isna(row["date"]) else chapters.KNOWN,
            )  # fmt: skip


def _events(cpts: str, study: Study, told: Collection[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    """Dated events of the text that no other table gives at the same date and place: `told` holds dates with their lines."""
    for row in _own("timeline", cpts, study, key="scope"):
        day, line = str(row["date"])[:10], int(row["line"])
        if not any(date == day and abs(place - line) <= SAME_PLACE for date, place in told):
            yield fact(
                cpts, "historique", row["event_id"], row["label_fr"], document=DOCUMENT, line=row["line"], date=row["date"],
                date_precision=row["date_precision"], note=row["note"],
            )  # fmt: skip


def _numbers(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for name, chapter in (("interviewed_populations", "territoire"), ("interviewed_members", "ressources")):
        rows = _own(name, cpts, study)
        for row in rows:
            said = chapters.quantity(row)
            yield fact(
                cpts, chapter, row["measure"], _named(name, "measure", row), said, unit=row["unit"] if said else "",
                document=DOCUMENT, line=row["line"], status=chapters.KNOWN if said else chapters.NOT_PUBLISHED,
            )  # fmt: skip
        if not rows:
            lines = study.table(f"{DOCUMENT}/{name}")["line"]
            for measure in _ASKED["membres"]:
                yield fact(
                    cpts, chapter, measure, labels.label(f"{DOCUMENT}/interviewed_members", "measure", measure),
                    document=DOCUMENT, line=int(lines.min()),
                    status=chapters.UNKNOWN, note="ligne absente du tableau",
                )  # fmt: skip


def _supply(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("establishments", cpts, study):
        kind = _named("establishments", "kind", row)
        scope = _named("establishments", "scope", row)
        place = "" if row["scope"] == "territoire" else f", {scope}"
        said = chapters.quantity(row) or "cité sans nombre"
        yield fact(
            cpts, "offre_de_soins", f"{row['kind']}_{row['scope']}", f"{kind}{place}", said,
            document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _team(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("staff", cpts, study):
        details = [_named("staff", "profile", row)]
        details += [] if pd.isna(row["fte"]) else [f"{french.number(float(row['fte']))} ETP"]
        details += [] if pd.isna(row["salaried"]) else ["salariée" if row["salaried"] else "non salariée"]
        yield fact(
            cpts, "ressources", f"equipe_{row['rank']}", f"Équipe : {_named('staff', 'function', row)}", ", ".join(details),
            document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _statements(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    domains = study.table(f"{DOCUMENT}/coding_domains").set_index("domain")["label_fr"]
    codes = study.table(f"{DOCUMENT}/codebook").set_index(["domain", "code"])["label_fr"]
    for row in _own("coded_statements", cpts, study):
        chapter, mission = DOMAINS[row["domain"]]
        state = "" if row["status"] == "oui" else _named("coded_statements", "status", row)
        said = str(codes.loc[(row["domain"], row["code"])]) + (f" ({state})" if state else "")
        yield fact(
            cpts, chapter, f"{row['domain']}_{row['code']}", str(domains.loc[row["domain"]]), said, mission=mission,
            document=DOCUMENT, line=row["line"],
        )  # fmt: skip


def _told(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("facts", cpts, study):
        if (row["domain"], row["indicator"]) in _SAID_BY_A_TABLE:
            continue
        chapter, mission = DOMAINS[row["domain"]]
        if row["unit"] == "part":
            # A share reads better in per cent; the printed words ("la moitié") stay in the table.
            row = {**row, "unit": "%", "number_in_words": 100 * round(float(row["number_in_words"]), 3)}
        is_date = row["unit"] in ("date", "année") and pd.notna(row["date"])
        said = "" if is_date else _told_quantity(row) or "dit sans nombre"
        unit = "" if is_date or said == "dit sans nombre" else row["unit"]
        # A plan or a wish must not read as a fact.
        state = "" if row["status"] == "constate" else f" ({_named('facts', 'status', row)})"
        yield fact(
            cpts, chapter, f"chiffre_{row['indicator']}_{row['fact_id']}", row["label_fr"] + state, said, unit=unit,
            mission=mission,
            document=DOCUMENT, line=row["line"], date=row["date"], date_precision=row["date_precision"], note=row["note"],
        )  # fmt: skip


def _told_quantity(row: dict[str, Any]) -> str:
    # A year takes no space between its thousands.
    said = chapters.quantity(row)
    return said.replace(french.NARROW, "").replace(french.NBSP, "") if row["unit"] == "année" else said


def _links(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("edges", cpts, study):
        actor = _named("edges", "actor_type", row)
        # The quality of a link (occasional, strained) is told of those at work; of the others, whether planned, wished, refused.
        told = "status" if pd.isna(row["state"]) or row["state"] == "en_oeuvre" else "state"
        said = f"{_named('edges', 'actor', row)} : {_named('edges', 'relation', row)} ({_named('edges', told, row)})"
        yield fact(
            cpts, "territoire", row["edge_id"], f"Lien : {actor}", said, document=DOCUMENT, line=row["line"],
            status=chapters.ABSENT if row["status"] == "absent" else chapters.KNOWN,
        )  # fmt: skip


def _tools(cpts: str, study: Study) -> Iterator[dict[str, Any]]:
    for row in _own("websites", cpts, study):
        yield fact(
            cpts, "systeme_information", f"lien_{row['rank']}", "Adresse donnée en annexe", _named("websites", "kind", row),
            document=DOCUMENT, line=row["line"],
        )  # fmt: skip
    for row in _own("protocols", cpts, study, key="scope"):
        yield fact(
            cpts, "organisation", row["protocol_id"], f"Protocole : {row['label_fr']}", _named("protocols", "status", row),
            document=DOCUMENT, line=row["line"], note=row["note"],
        )  # fmt: skip


def _named(name: str, field: str, row: dict[str, Any]) -> str:
    return chapters.named(f"{DOCUMENT}/{name}", field, row[field])
