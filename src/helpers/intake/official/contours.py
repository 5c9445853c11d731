"""Finer outlines of communes: the GeoJSON of Etalab, `contours-administratifs`, made from IGN ADMIN EXPRESS.

One feature per commune, its code in `properties`, a polygon or several. Communes of the overseas collectivities come from
OpenStreetMap under another licence: they are left out, and so is whatever is no commune of today.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from helpers import french
from helpers.errors import DataError, UsageError
from helpers.files import json_stream, limits
from helpers.territory import communes

LEAST_KNOWN = 0.9  # share of the communes of today under which the file is not that of the country
DECIMALS = 5  # of a degree: about a metre
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def load(path: Path) -> pd.DataFrame:
    """One row per commune of today: `commune`, `outline` (outer rings as JSON, longitude and latitude), `year`.

    The year is that of the name of the file. Raises UsageError without one, DataError for damaged JSON, a geometry that is no
    polygon, or too few communes.
    """
    years = _YEAR.findall(path.name)
    if not years:
        raise UsageError(f"{path.name} ne dit pas son année.")
    known = set(communes.units().index)
    rows: dict[str, str] = {}
    with limits.opened(path, r"communes.*\.geojson", "communes-100m-….geojson") as stream:
        for key, feature in json_stream.members(stream, path.name):
            if key == "features":
                code, drawn = _feature(feature, path.name)
                if code in known:
                    rows[code] = drawn
    whole = int((communes.units()["kind"] == "commune").sum())
    if len(rows) < LEAST_KNOWN * whole:
        raise DataError(
            f"{path.name} : {french.plural(len(rows), 'commune')} sur {french.number(whole)}. Donnez le fichier du pays entier, "
            "tel que publié."
        )
    return pd.DataFrame({"commune": list(rows), "outline": list(rows.values())}).assign(year=int(years[-1]))


def _feature(feature: Any, name: str) -> tuple[str, str]:
    """Code and outer rings of one feature."""
    try:
        code, geometry = str(feature["properties"]["code"]), feature["geometry"]
        shape = ("Polygon", "MultiPolygon").index(geometry["type"])
        polygons = geometry["coordinates"] if shape else [geometry["coordinates"]]
        rings = [np.asarray(polygon[0], dtype=float) for polygon in polygons]
    except (KeyError, TypeError, ValueError, IndexError):
        _refuse(name, "une commune n'a ni code ni polygone")
    if not rings or any(ring.ndim != 2 or ring.shape[1] < 2 or len(ring) < 4 for ring in rings):
        _refuse(name, f"le contour de {code[:10]} n'est pas fermé")
    if any(not (np.abs(ring[:, :2]) <= [180, 90]).all() for ring in rings):
        _refuse(name, f"le contour de {code[:10]} n'est pas en longitudes et latitudes")
    return code, json.dumps([ring[:, :2].round(DECIMALS).tolist() for ring in rings], separators=(",", ":"))


def _refuse(name: str, what: str) -> NoReturn:
    raise DataError(f"{name} : {what}. Rien n'a été gardé : téléchargez le fichier à nouveau.")
