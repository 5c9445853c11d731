"""The four answers of a diagnosis, in French sentences with their number, their date and what they are compared with."""

from __future__ import annotations

import math

import pandas as pd

from helpers import aci, catalog, french
from helpers.catalog import Study
from helpers.territory import population, references, store
from helpers.territory.diagnosis import care
from helpers.territory.diagnosis.results import Diagnosis, named

# Under this number of inhabitants, the share of one age group of a commune is not told in a sentence.
FEW = 500
# What the dossier complet adds to the answer on needs.
FRAGILE = (
    ("aged_75", "75 ans et plus,"),
    ("alone_80", "seuls après 80 ans,"),
    ("unemployment", "chômage au recensement,"),
)
# Distances of the answer on care.
FAR = (
    ("finess_pharmacie_10km", "10 km d'une pharmacie"),
    ("finess_sante_10km", "10 km d'une maison ou d'un centre de santé"),
    ("finess_hopital_30km", "30 km d'un hôpital"),
)
# Tables of the project in which each of its own sources is kept.
HELD_IN = {
    "insee_populations": ("open/communes",),
    "insee_recensement": ("open/communes",),
    "ign": ("open/geography", "open/outlines"),
}
ASK_FR = (
    "Patients sans médecin traitant, affections de longue durée, dépistages, passages aux urgences et files actives : dans "
    "Rézone (compte de la CPTS), auprès de la CPAM et de l'ORS."
)


def kind(rows: pd.DataFrame) -> str:
    """What the rows of `communes.perimeter` are: arrondissements where all are, else communes."""
    return "arrondissement" if rows["kind"].eq("arrondissement").all() else "commune"


def people(diagnosis: Diagnosis) -> str:
    """Who lives here, and how it changes."""
    number = diagnosis.value("population")
    rows = diagnosis.communes
    many = french.plural(len(rows), kind(rows))
    name = many if diagnosis.name_fr == many.replace(french.NBSP, " ") else f"{diagnosis.name_fr} : {many}"
    if math.isnan(number):
        counted = rows["population_2017_mayotte"].astype("float64")
        if counted.notna().all():
            return (
                f"{name}, {french.number(float(counted.sum()), 0)} habitants au recensement de 2017, le dernier publié par "
                "commune à Mayotte ; population de 2023 inconnue."
            )
        return f"{name}, population de 2023 inconnue (limites de communes changées, ou Mayotte : recensement de 2017 seulement)."
    said = f"{name}, {french.number(number, 0)} habitants en 2023"
    said += _beside(diagnosis, "density", ", soit {} par km²", 0)
    growth = diagnosis.value("growth")
    if not math.isnan(growth):
        said += f" ; {french.signed(growth, 2)} % par an depuis {diagnosis.start}"
        said += _reference(diagnosis, "growth", 2, signed=True)
    return f"{said}."


def size(diagnosis: Diagnosis, study: Study) -> str:
    """Size that the legal population gives, how far its bounds are, and the gap to the population that the agreement types."""
    people, typed = diagnosis.value("population"), _typed(diagnosis, study)
    if math.isnan(people):
        return " ".join(["Taille de l'accord : inconnue, faute de population légale.", typed]).strip()
    classes = aci.bounds(study)
    row = classes.set_index("size").loc[aci.size_class(people, classes)]
    parts = [
        f"{french.number(abs(people - float(bound)), 0)} habitants {words} ({french.number(float(bound), 0)})"
        for bound, words in (
            (row["lower"], "au-dessus de sa borne basse"),
            (row["upper"], "sous sa borne haute"),
        )
        if pd.notna(bound) and bound > 0
    ]
    said = f"Accord conventionnel, population légale de 2023. {aci.size_sentence(people, classes)}"
    said += f" Le territoire est à {french.listing(parts)}."
    return f"{said} {typed}".strip()


def _typed(diagnosis: Diagnosis, study: Study) -> str:
    """Population typed in cpts/cpts for the CPTS whose perimeter this is, beside the legal one; empty without one."""
    table = study.table("cpts/cpts", optional=True) if diagnosis.place.scheme else pd.DataFrame()
    rows = table[table["cpts"] == diagnosis.place.scheme] if len(table) else table
    if rows.empty or pd.isna(rows["population"].iloc[0]):
        return ""
    number, day = float(rows["population"].iloc[0]), rows["population_date"].iloc[0]
    dated = "" if pd.isna(day) else f", {french.date(pd.Timestamp(day).date())}"
    said = f"Population saisie dans cpts/cpts : {french.plural(int(number), 'habitant')}{dated}"
    people = diagnosis.value("population")
    if math.isnan(people):
        return f"{said}."
    if number == people:
        return f"{said} : sans écart."
    classes = aci.bounds(study)
    sizes = [aci.size_class(value, classes) for value in (number, people)]
    other = f" ; elle donnerait la taille {sizes[0]}" if sizes[0] != sizes[1] else ", même taille"
    return f"{said}, soit {french.signed(100 * (number / people - 1), 1)} % par rapport à la population légale{other}."


def needs(diagnosis: Diagnosis) -> str:
    """Ages of the territory beside its reference, and the communes that stand apart."""
    older = diagnosis.value("over_65")
    if math.isnan(older):
        return "Âges inconnus sur ces communes : la part des 65 ans et plus n'est pas calculée."
    said = f"{french.percent(older)} des habitants ont 65 ans et plus{_reference(diagnosis, 'over_65', 1)}"
    ageing = diagnosis.value("ageing")
    if not math.isnan(ageing):
        said += f" et il y en a {french.number(ageing, 0)} pour 100 moins de 20 ans{_reference(diagnosis, 'ageing', 0)}"
    for code, words in FRAGILE:
        value = diagnosis.value(code)
        if not math.isnan(value):
            said += f" ; {words} {french.percent(value)}{_reference(diagnosis, code, 1)}"
    table = population.by_commune(diagnosis.communes)
    table = table[(table["population"] >= FEW) & table["older"].notna()].sort_values("older")
    if len(table) > 1:
        low, high = table.iloc[0], table.iloc[-1]
        said += f". La part des 65 ans et plus va de {french.percent(low['older'], 0)} ({low['name']})"
        said += f" à {french.percent(high['older'], 0)} ({high['name']})"
    return f"{said}."


def access(diagnosis: Diagnosis) -> str:
    """Which care is within reach: the APL when the package has it, else what the département's files say, named as such."""
    value, under = diagnosis.value("apl_generalistes_mean"), diagnosis.value("apl_generalistes_under")
    said = []
    if not math.isnan(value):
        rows = diagnosis.rows
        year = rows.loc[rows["code"] == "apl_generalistes_mean", "period"].iloc[0]
        said.append(
            f"Accès aux généralistes de 65 ans et moins ({year}) : {french.number(value, 1)} consultations par an et par "
            f"habitant{_reference(diagnosis, 'apl_generalistes_mean', 1)} ; {french.percent(under, 0)} des habitants sont sous "
            f"{french.number(diagnosis.threshold)}"
        )
    practising = diagnosis.value("rpps_generalistes")
    if not math.isnan(practising):
        said.append(
            f"Généralistes en exercice : {french.number(practising, 0)} pour 100 000 habitants"
            f"{_reference(diagnosis, 'rpps_generalistes', 0)}"
        )
    far = [
        f"{french.percent(value, 0)} à plus de {words}{_reference(diagnosis, code, 0)}"
        for code, words in FAR
        if not math.isnan(value := diagnosis.value(code))
    ]
    if far:
        said.append(f"Habitants, à vol d'oiseau : {' ; '.join(far)}")
    department = diagnosis.keys[0]
    labels = {source: label for source, label, _ in care.BAROMETER.values()}
    told = [
        f"{labels[code][0].lower()}{labels[code][1:]}, {french.number(figure, 1)} {unit}"
        for code, (figure, unit) in _of_department(diagnosis, department).items()
    ]
    if told:
        said.append(
            f"Dans le département ({named(department)}), et non sur ce seul territoire : {' ; '.join(told)}"
        )
    if "apl" not in diagnosis.found:
        said.append(
            "L'accès aux soins de ce territoire n'est pas ici : « cpts get apl » apporte l'APL de cinq professions"
            f"{'' if 'rpps' in diagnosis.found else ', « cpts get rpps » les densités'}"
            f"{'' if 'finess' in diagnosis.found else ', « cpts get finess » les structures'}"
        )
    return ". ".join(said) + "."


def limits(diagnosis: Diagnosis) -> str:
    """What these files do not say, how old they are, whom to ask."""
    sources = sources_of(diagnosis)
    absent = sources[~sources["here"] & ~sources["brought_by"].isin(["à saisir"])]
    here = sources[sources["here"]].dropna(subset=["edition"])
    oldest = here.sort_values("edition").iloc[0]
    old = f"{oldest['edition']:%Y} ({oldest['title_fr']})"
    if diagnosis.communes["population_2017_mayotte"].notna().any():
        old = "2017 (recensement de Mayotte)"
    what = (
        f"{french.plural(len(absent), 'source')} sur {len(sources) - 1} manquent ici"
        if len(absent) != 1
        else "1 source manque ici"
    )
    what = f"{what} (commandes plus bas)" if len(absent) else "Aucune source ouverte ne manque"
    return f"{what} ; la plus ancienne de celles qui y sont date de {old}. {ASK_FR}"


def sources_of(diagnosis: Diagnosis) -> pd.DataFrame:
    """Sources of the diagnosis with `here`, whether this page had them, and `sha256`, the first characters of each file."""
    table = catalog.load(population.SOURCES, catalog.DEFAULT_FOLDER)
    package = catalog.open_package(catalog.DEFAULT_FOLDER)
    held = store.editions().to_dict("records")
    hashes, editions = [], []
    for source in table["source"]:
        mine = [row for row in held if row["source"] == source]
        of_tables = [
            str(package.resource(name)["hash"]).split(":")[-1][:12] for name in HELD_IN.get(source, ())
        ]
        hashes.append(", ".join([*of_tables, *(row["sha256"] for row in mine)]))
        editions.append(", ".join(sorted({row["edition"] for row in mine})))
    here = table["brought_by"].eq("ici") | table["source"].isin(diagnosis.found)
    return table.assign(here=here, sha256=hashes, stored=editions)


def _of_department(diagnosis: Diagnosis, key: tuple[str, str]) -> dict[str, tuple[float, str]]:
    rows = diagnosis.rows
    mine = rows[(rows["level"] == references.DEPARTMENT) & (rows["territory"] == named(key))]
    mine = mine[mine["code"].isin([source for source, _, _ in care.BAROMETER.values()])]
    return {str(row["code"]): (float(row["value"]), str(row["unit"])) for row in mine.to_dict("records")}


def _reference(diagnosis: Diagnosis, code: str, decimals: int, *, signed: bool = False) -> str:
    value = diagnosis.value(code, diagnosis.against)
    if math.isnan(value):
        return ""
    said = french.signed(value, decimals) if signed else french.number(value, decimals)
    return f" ({named(diagnosis.against)} : {said})"


def _beside(diagnosis: Diagnosis, code: str, words: str, decimals: int) -> str:
    value = diagnosis.value(code)
    return "" if math.isnan(value) else words.format(french.number(value, decimals))
