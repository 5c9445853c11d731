"""Health establishments in the JSON flow of FINESS+, which took the place of cs1100502 and cs1100507 in May 2026.

The file holds legal persons (`pmej`), each with its establishments (`ege`); groups (`gcc`, `gco`) are passed over. It carries
codes and no label, INSEE codes of communes, and coordinates whose two axes are exchanged in some editions. It says its own
date (`generatedAt`) and version (`schemaVersion`). Layout: ansforge/finess, schema-structures-v1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError
from helpers.files import json_stream, limits
from helpers.files.streams import department, some

CATEGORIES = "open/finess_categories"
VERSION = re.compile(r"v?1(\..*)?")
PRACTICE = "03"  # use of an address: where care is given
INACTIVE = "I"
LAMBERT93 = "Lambert-93 (FINESS+)"
MOST_PLACELESS = 0.05  # share of the establishments without a commune above which the layout has changed
_COMMUNE = re.compile(r"(\d{2}|2[AB])\d{3}")
_FINESS = re.compile(r"\d[0-9A-Z]\d{7}")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?")
COLUMNS = (
    "finess", "finess_legal", "name_fr", "category", "category_fr", "commune", "department", "postcode", "siret", "opened",
    "authorised", "updated", "x", "y", "projection", "extracted", "source",
)  # fmt: skip


def labels() -> pd.Series[str]:
    """Short label of each category that a diagnosis lists, indexed by code."""
    table = catalog.load(CATEGORIES, catalog.DEFAULT_FOLDER)
    return table.set_index("category")["label_fr"]


def load(
    path: Path, member: str, *, categories: Sequence[str] = (), departments: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per active establishment of the `categories` and `departments` (none: all), as `finess.load` gives them.

    Labels are those of `open/finess_categories`, else empty. Establishments without a commune are left out, and their number
    stands in `source`. Raises DataError for damaged JSON, another version, or a cell against the layout, naming the
    establishment.
    """
    reading = _Reading(path.name, frozenset(categories), frozenset(departments))
    with limits.opened(path, member, "finess-structures-….json") as stream:
        for key, value in json_stream.members(stream, path.name):
            reading.take(key, value)
    return some(reading.table(), departments, path)


class _Reading:
    """Establishments kept, one legal person after the other."""

    def __init__(self, name: str, categories: frozenset[str], departments: frozenset[str]) -> None:
        self.name, self.categories, self.departments = name, categories, departments
        self.rows: list[tuple[Any, ...]] = []
        self.seen: set[str] = set()
        self.date = self.version = ""
        self.placeless = self.persons = 0
        self.labels = labels().to_dict()

    def take(self, key: str, value: Any) -> None:
        """One member of the file."""
        if key == "schemaVersion":
            self.version = str(value)
        elif key == "generatedAt":
            found = _DATE.fullmatch(str(value))
            self.date = found.group(1) if found else ""
        elif key == "pmej":
            self.persons += 1
            person = self._object(value, f"personne morale n° {self.persons}")
            legal = _text(self._inside(person, "informationsGeneralesPMEJ"), "numFinessPm")
            for item in self._list(person, "ege"):
                self._establishment(self._object(item, f"établissement de {legal or 'sans numéro'}"), legal)

    def table(self) -> pd.DataFrame:
        """The rows, dates read. Raises DataError when the file is of another version or says no date."""
        if not VERSION.fullmatch(self.version):
            said = f"« {self.version[:20]} »" if self.version else "absente"
            raise DataError(
                f"{self.name} : version {said} du flux FINESS+ (attendu : v1). Vérifiez l'édition du fichier."
            )
        if not self.date or pd.isna(pd.to_datetime(self.date, errors="coerce")):
            raise DataError(
                f"{self.name} : « generatedAt » ne dit pas la date du fichier. Donnez le fichier tel que publié."
            )
        if self.placeless > MOST_PLACELESS * len(self.seen):
            raise DataError(
                f"{self.name} : {french.plural(self.placeless, 'établissement')} sur {french.number(len(self.seen))} "
                "sans code de commune (« cogCommune »). Vérifiez l'édition du fichier."
            )
        out = (
            f" ({french.plural(self.placeless, 'établissement')} sans commune non lu)"
            if self.placeless
            else ""
        )
        rows = pd.DataFrame(self.rows, columns=COLUMNS[:-2])
        for column in ("opened", "authorised", "updated"):
            rows[column] = pd.to_datetime(rows[column], format="%Y-%m-%d", errors="coerce")
        for column in ("x", "y"):
            rows[column] = rows[column].astype("float64")
        return rows.assign(
            extracted=pd.Timestamp(self.date), source=f"FINESS+, extraction du {self.date}{out}"
        )

    def _establishment(self, item: dict[str, Any], legal: str) -> None:
        general = self._inside(item, "informationsGeneralesEGE")
        number = _text(general, "numFinessEge")
        if not _FINESS.fullmatch(number):
            self._refuse(legal, f"« {number[:20]} » n'est pas un numéro FINESS (9 caractères)")
        if number in self.seen:
            self._refuse(number, "l'établissement est donné deux fois")
        self.seen.add(number)
        category = _text(item, "categorieentiteGeographiqueExercice")
        if not re.fullmatch(r"\d{3}", category):
            self._refuse(number, f"« {category[:20]} » n'est pas une catégorie d'établissement (3 chiffres)")
        closed = _text(item, "etatObjet") == INACTIVE or _text(general, "dateFermeture")
        if closed or (self.categories and category not in self.categories):
            return
        address = self._address(item)
        commune = _text(address, "cogCommune")
        if not commune:
            self.placeless += 1
            return
        if not _COMMUNE.fullmatch(commune):
            self._refuse(number, f"« {commune[:20]} » n'est pas un code de commune (5 caractères)")
        place = department(pd.Series([commune])).iloc[0]
        if self.departments and place not in self.departments:
            return
        postcode = _text(address, "codePostal")
        name = _text(general, "nomEgeLong") or _text(general, "nomEgeCourt")
        if not name:
            self._refuse(number, "l'établissement n'a pas de nom")
        self.rows.append(
            (
                number, legal, name, category, self.labels.get(category, ""), commune, place,
                postcode if re.fullmatch(r"\d{5}", postcode) else "", _text(general, "siret"),
                *(self._date(number, source, key) for source, key in (
                    (general, "dateOuverture"), (general, "datePremiereAutorisation"), (item, "dateDerniereMaj"),
                )),
                *_metres(self._inside(address, "coordonneesGeographique")),
            )
        )  # fmt: skip

    def _address(self, item: dict[str, Any]) -> dict[str, Any]:
        found = [self._object(entry, "adresse") for entry in self._list(item, "adresse")]
        return next(
            (
                entry
                for entry in found
                if _text(entry, "usageAdresse") == PRACTICE and _text(entry, "cogCommune")
            ),
            next((entry for entry in found if _text(entry, "cogCommune")), {}),
        )

    def _date(self, number: str, source: dict[str, Any], key: str) -> str | None:
        said = _text(source, key)
        if not said or said.startswith("1900-01-01"):
            return None
        found = _DATE.fullmatch(said)
        if not found or pd.isna(pd.to_datetime(found.group(1), format="%Y-%m-%d", errors="coerce")):
            self._refuse(number, f"« {said[:20]} » ({key}) n'est pas une date")
        return found.group(1)

    def _inside(self, owner: dict[str, Any], key: str) -> dict[str, Any]:
        return self._object(owner.get(key) or {}, key)

    def _object(self, value: Any, what: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse("", f"« {what} » n'est pas un objet")
        return value

    def _list(self, owner: dict[str, Any], key: str) -> list[Any]:
        found = owner.get(key) or []
        if not isinstance(found, list):
            self._refuse("", f"« {key} » n'est pas une liste")
        return found

    def _refuse(self, number: str, fault: str) -> NoReturn:
        place = f", établissement {number}" if number else ""
        raise DataError(
            f"{self.name}{place} : {fault}. Rien n'a été gardé : téléchargez le fichier à nouveau."
        )


def _text(owner: dict[str, Any], key: str) -> str:
    value = owner.get(key)
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _metres(place: dict[str, Any]) -> tuple[float, float, str]:
    """Lambert-93 coordinates, whichever of the two pairs holds them and in whichever order; missing overseas."""
    pairs = (("coordonneeX", "coordonneeY"), ("directionLatitude", "directionLongitude"))
    for first, second in pairs:
        try:
            one, two = (float(_text(place, key).replace(",", ".")) for key in (first, second))
        except ValueError:
            continue
        for east, north in ((one, two), (two, one)):
            if 0 < east < 1_300_000 and 6_000_000 < north < 7_200_000:
                return east, north, LAMBERT93
    return float("nan"), float("nan"), ""
