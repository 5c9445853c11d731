"""What the diagnosis of its communes says of a user's CPTS: facts with their official source, that never replace a typed one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.articulation import ground, perimeters
from helpers.catalog import Study
from helpers.errors import DataError
from helpers.monograph import chapters
from helpers.territory import diagnosis, population, references
from helpers.territory.diagnosis import care, results, telling

PREFIX = "diagnostic_"
# Facts of the territory itself; ages, needs, access and supply are told in the chapter of the supply and the needs.
_TERRITORY = ("population", "growth", "area", "density")
# Other codes under which a coordinator types the same fact: those of our model, and of the line of cpts/cpts.
_SAME = {
    "area": ("superficie",),
    "density": ("densite",),
    "population": ("population", "fiche_population"),
    "growth": ("evolution_population",),
    "over_65": ("part_65_ans",),
    "under_20": ("part_moins_20_ans",),
    "finess_603": ("maisons_de_sante",),
    "finess_620": ("pharmacies",),
}
# Official files that the chapter asks for when they are not here.
_ASKED = ("apl", "finess")


def facts(cpts: str, study: Study) -> list[dict[str, Any]]:
    """Facts of the chapters `territoire` and `offre_de_soins`, from the communes of the CPTS in `cpts/perimeters`.

    Rows of `chapters.COLUMNS`, items prefixed by PREFIX, each with the file it comes from and its year. A figure of a
    département names the département in its label. A file that is not here is an unknown fact, with the command that brings it
    in its note. Without a perimeter nothing is said; one that cannot be read is an unknown fact with the reason.
    """
    register = study.table(perimeters.TABLE, optional=True)
    if register.empty or not ((register["kind"] == "cpts") & (register["scheme"] == cpts)).any():
        return []
    try:
        place = ground.of_register(study, cpts)
        found = diagnosis.of(place, study)
    except DataError as refused:
        return [_row(cpts, "territoire", "perimetre", "Communes du périmètre") | {"note": str(refused)}]
    sources = telling.sources_of(found).set_index("source")
    names = sources["publisher"] + ", " + sources["title_fr"]
    digits = population.indicators().set_index("indicator")["decimals"]
    told = [
        _measured(cpts, row, str(names[row["source"]]), int(digits.get(row["code"], 1)))
        for row in _of_one_level(found).to_dict("records")
    ]
    return [
        _row(cpts, "territoire", "communes", "Communes du périmètre")
        | {"value": str(len(place.codes)), "unit": "communes", "status": chapters.KNOWN}
        | {"source": "cpts/perimeters, communes de 2025"},
        *told,
        *(_absent(cpts, sources.loc[code]) for code in _ASKED if code not in found.found),
    ]


def merged(typed: Sequence[Mapping[str, Any]], added: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Typed facts, then those of the diagnosis that nobody typed; a typed one that the diagnosis also knows says the gap."""
    places = {
        str(row["item"]): rank
        for rank, row in enumerate(typed)
        if row["status"] in (chapters.KNOWN, chapters.ABSENT)
    }
    rows = [dict(row) for row in typed]
    added_only: list[dict[str, Any]] = []
    replaced: set[str] = set()
    for row in added:
        code = str(row["item"]).removeprefix(PREFIX)
        same = [name for name in (code, *_SAME.get(code, ())) if name in places]
        if row["status"] == chapters.KNOWN and same:
            for name in same:
                mine = rows[places[name]]
                mine["note"] = " ; ".join(filter(None, [str(mine["note"] or ""), _gap(mine, row)]))
            continue
        added_only.append(dict(row))
        if row["status"] == chapters.KNOWN:
            replaced |= {code, *_SAME.get(code, ())}
    # What the coordinator left unknown and a file knows is known now.
    # The population of an agreement is another fact: it stays unknown.
    rows = [
        row
        for row in rows
        if row["status"] != chapters.UNKNOWN
        or row["item"] not in replaced
        or row["item"].startswith("fiche_")
    ]
    return [*rows, *added_only]


def _of_one_level(found: results.Diagnosis) -> pd.DataFrame:
    """Rows of the territory; of the département where most people live, those alone that no file gives for the territory."""
    rows = found.rows.dropna(subset=["value"])
    own = rows[rows["level"] == references.TERRITORY]
    name = results.named(found.keys[0])
    around = rows[(rows["level"] == references.DEPARTMENT) & (rows["territory"] == name)]
    around = around[(around["theme"] == care.THEME) & ~around["code"].isin(own["code"])]
    return pd.concat([own, around])


def _measured(cpts: str, row: Mapping[str, Any], source: str, decimals: int) -> dict[str, Any]:
    here = row["level"] == references.TERRITORY
    label = str(row["indicator"])
    if not here:
        label = f"{label}, dans le département ({row['territory']}) et non sur ce seul territoire"
    # A unit that is itself a phrase cannot agree with its number: it goes with the name.
    unit = str(row["unit"])
    if " pour " in unit:
        label, unit = f"{label} ({unit})", ""
    whole = unit in ("habitants", "établissements")
    value = french.number(float(row["value"]), 0 if whole else decimals)
    covered = float(row["covered"])
    note = "" if covered >= 100 or not here else f"{french.percent(covered, 0)} des habitants couverts"
    chapter = "territoire" if row["code"] in _TERRITORY else "offre_de_soins"
    return _row(cpts, chapter, str(row["code"]), label) | {
        "value": value, "unit": unit, "status": chapters.KNOWN, "note": note,
        "source": f"{source} ({row['period']})" if row["period"] else source,
    }  # fmt: skip


def _absent(cpts: str, source: pd.Series[Any]) -> dict[str, Any]:
    label = f"{source['title_fr']} ({source['publisher']})"
    brought = str(source["brought_by"]).split(" --")[0]
    return _row(cpts, "offre_de_soins", str(source.name), label) | {
        "note": f"« {brought} » apporte ce fichier"
    }


def _row(cpts: str, chapter: str, item: str, label_fr: str) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(chapters.COLUMNS, "")
    return row | {
        "cpts": cpts, "chapter": chapter, "item": f"{PREFIX}{item}", "label_fr": label_fr, "date": pd.NaT,
        "status": chapters.UNKNOWN,
    }  # fmt: skip


def _gap(typed: Mapping[str, Any], official: Mapping[str, Any]) -> str:
    """The official figure beside the typed one, with the gap where both are numbers; nothing where they agree."""
    mine, theirs = (french.parse_number(str(row["value"])) for row in (typed, official))
    said = f"autre source : {french.agreed(str(official['value']), str(official['unit']))} ({official['source']})"
    if mine is None or theirs is None or not theirs:
        return said
    if mine == theirs:
        return f"{said}, sans écart"
    if official["unit"] in ("%", "% par an"):
        return f"{said}, écart de {french.signed(mine - theirs, 1)} point"
    return f"{said}, écart de {french.signed(100 * (mine / theirs - 1), 1)} %"
