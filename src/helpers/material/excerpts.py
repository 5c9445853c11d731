"""Words of the segments of a package, shown with restraint: only when it is diffusable, without its names, cut to a length."""

from __future__ import annotations

import pandas as pd

from helpers import catalog, french
from helpers.catalog import names as person_names
from helpers.errors import UnknownName
from helpers.material import verbatims
from helpers.material.corpus import SEGMENT, Material, summary
from helpers.page import display

HEADS_FR = {"code": "Code", "source": "Source", "excerpt": "Extrait", "coder": "Codeurs"}


def notice(material: Material) -> str:
    """One French sentence on the words: why none is shown, or what was done to those that are."""
    if material.is_empty:
        return summary(material)
    if not material.diffusable:
        return (
            "Aucun extrait n'est montré : la fiche du paquet (datapackage.json) ne dit pas que son matériau est diffusable "
            '(« "diffusable": true »).'
        )
    if material.words.empty:
        return "Aucun extrait n'est montré : les segments importés n'ont pas de texte."
    if not material.names:
        return f"Aucun nom n'est ôté des extraits : le paquet n'a pas de liste {catalog.NAMES_FILE}."
    return (
        f"Les noms de la liste {catalog.NAMES_FILE} du paquet "
        f"({french.plural(len(material.names), 'nom')}) sont remplacés par {person_names.REPLACED_BY}."
    )


def table(material: Material, *, code: str = "", length: int = 280, per_code: int = 3) -> pd.DataFrame:
    """Words of the segments that may be shown: `code` (label), `source`, `coder`, `excerpt`; no row unless diffusable.

    At most `per_code` segments of each code, in the order of the sources and of the text, without the names of `noms.txt`
    and of at most `length` characters. `code` keeps one code. Raises UnknownName (code) or DataError (length).
    """
    if code and code not in set(material.codes["code"]):
        raise UnknownName("Code", code, material.codes["code"])
    verbatims.shortened("", length)
    ranks = {source: rank for rank, source in enumerate(material.reading_order)}
    told = material.segments.loc[material.words.index].assign(text=material.words)
    told = told[told["code"] == code] if code else told
    # Two coders are two codings of one passage: it is shown once, with both.
    told = told.assign(
        coder=told.groupby([*SEGMENT, "code"])["coder"].transform(
            lambda cells: ", ".join(dict.fromkeys(cells.dropna().astype(str)))
        )
    ).drop_duplicates([*SEGMENT, "code"])
    order = {name: place for place, name in enumerate(material.codes["code"])}
    told = told.assign(place=told["code"].map(order), rank=told["source"].map(ranks))
    told = (
        told.sort_values(["place", "rank", "start"], kind="stable").groupby("code", sort=False).head(per_code)
    )
    shown_words = [verbatims.shortened(text, length) for text in told["text"]]
    found = told[["code", "source", "coder"]].assign(
        code=told["code"].map(material.labels), excerpt=shown_words
    )
    return found.reset_index(drop=True)


def shown(
    material: Material, *, code: str = "", length: int = 280, per_code: int = 3, name: str = "extraits"
) -> display.Shown:
    """The `table` with its note for a report, or the sentence that says why there is none."""
    found = table(material, code=code, length=length, per_code=per_code)
    if found.empty:
        return display.text(notice(material))
    return display.table(
        found, "Extraits du matériau codé", heads=HEADS_FR, note=notice(material), name=name, workbook=False
    )
