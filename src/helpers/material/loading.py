"""Coded material of a user's package: its four tables checked against each other, counted, and shown with restraint.

The words themselves leave the package only through `excerpts`, and only when its `datapackage.json` says
`"diffusable": true`: see `helpers.material.verbatims` for the names and the length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, UnknownName
from helpers.material import crosschecks, verbatims
from helpers.page import display

VALENCES = ("levier", "obstacle", "neutre", "proposition")
NO_VALENCE = "non codée"
NOT_GIVEN = "non indiqué"
SEGMENTS, SOURCES = "Segments", "Sources"
HEADS_FR = {"code": "Code", "source": "Source", "excerpt": "Extrait", "coder": "Codeur"}


@dataclass(frozen=True)
class Material:
    """The four tables of a package, whether its words may be shown, and the names to take out of them.

    The column `text` of `segments` is always missing. `words` has the words of each segment (same index) without the names, and
    nothing unless the package is `diffusable`: show them through `excerpts`, which also cuts them.
    """

    codes: pd.DataFrame
    sources: pd.DataFrame
    attributes: pd.DataFrame
    segments: pd.DataFrame
    diffusable: bool = False
    names: tuple[str, ...] = ()
    words: pd.Series[str] = field(default_factory=lambda: pd.Series(dtype="string"), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is no coded segment to count."""
        return len(self.segments) == 0


def load(package: catalog.Package | Path | str | None = None) -> Material:
    """Coded material of the package; empty tables when it has none.

    Raises DataError with the first fault between the tables (see `crosschecks`) and the number of others, or for a code, a
    source or an attribute of a source given twice.
    """
    source = catalog.open_package(package)
    found = crosschecks.faults(source)
    if found:
        more = f" ({french.plural(len(found) - 1, 'autre défaut')})" if len(found) > 1 else ""
        raise DataError(f"{found[0]}{more}")
    diffusable = source.descriptor.get("diffusable") is True
    codes, sources, attributes, segments = (
        catalog.load(name, source, optional=True) for name in crosschecks.TABLES
    )
    for table, name, key in (
        (codes, "codes", ["code"]),
        (sources, "sources", ["source"]),
        (attributes, "attributes", ["source", "attribute"]),
    ):
        twice = table[table.duplicated(key)]
        if not twice.empty:
            said = ", ".join(twice[key].iloc[0])
            raise DataError(f"material/{name} : « {said} » figure deux fois. Gardez une seule ligne.")
    names = catalog.read_names(source)
    words = pd.Series(dtype="string")
    if diffusable:
        said = catalog.load("material/segments", source, optional=True, words=True)["text"].dropna()
        words = said.map(lambda text: verbatims.without_names(text, names)).astype("string")
    return Material(codes, sources, attributes, segments, diffusable, names, words)


def path_labels(codes: pd.DataFrame) -> dict[str, str]:
    """Label of each code with those of its parents before it: "Freins › Temps". Takes `material/codes`."""
    label = dict(zip(codes["code"], codes["label_fr"], strict=True))
    parents = dict(zip(codes["code"], codes["parent"], strict=True))
    paths = {}
    for code in label:
        path, above = [label[code]], parents[code]
        while pd.notna(above) and above in label and len(path) <= len(label):
            path.insert(0, label[above])
            above = parents[above]
        paths[code] = " › ".join(path)
    return paths


def coders(material: Material) -> list[str]:
    """Coders of the material, sorted."""
    return sorted(material.segments["coder"].unique())


def _segments_of(material: Material, coder: str) -> pd.DataFrame:
    if not coder:
        return material.segments
    if coder not in set(material.segments["coder"]):
        raise UnknownName("Codeur", coder, coders(material))
    return material.segments[material.segments["coder"] == coder]


def by_source(material: Material, *, coder: str = "", totals: bool = True) -> pd.DataFrame:
    """Number of segments by code (rows, in the order of the codebook) and source (columns, in their order).

    First column `code` (label with its parents); with `totals`, `Segments` and `Sources` (sources with at least one). A code of
    the codebook that nobody used has zeros. Counts of all coders together, or of one. Raises UnknownName for a coder.
    """
    segments = _segments_of(material, coder)
    sources = material.sources.sort_values("rank", kind="stable")["source"].tolist()
    counts = pd.crosstab(segments["code"], segments["source"])
    counts = counts.reindex(index=material.codes["code"].tolist(), columns=sources, fill_value=0)
    if totals:
        per_source = counts.copy()
        counts[SEGMENTS], counts[SOURCES] = per_source.sum(axis=1), (per_source > 0).sum(axis=1)
    return _labelled(counts, material)


def valence_by(material: Material, attribute: str, *, coder: str = "") -> pd.DataFrame:
    """Number of segments by value of an attribute of the sources (rows) and valence (columns), with totals and bases.

    First column `attribute`, then the four valences, "non codée", `Segments` and `Sources` (sources with that value, segment
    or not). Raises UnknownName for an attribute or a coder that the material does not have.
    """
    values = _values(material, attribute)
    segments = _segments_of(material, coder)
    counts = pd.crosstab(segments["source"].map(values), segments["valence"].fillna(NO_VALENCE))
    counts = counts.reindex(
        index=sorted(values.unique()), columns=[*VALENCES, NO_VALENCE], fill_value=0
    ).rename_axis(index=None, columns=None)
    counts[SEGMENTS] = counts.sum(axis=1)
    counts[SOURCES] = values.value_counts().reindex(counts.index)
    return counts.rename_axis(index="attribute").reset_index()


def attributes(material: Material) -> list[str]:
    """Names of the attributes of the sources, in the order of their table."""
    return list(material.attributes["attribute"].drop_duplicates())


def _values(material: Material, attribute: str) -> pd.Series[str]:
    known = attributes(material)
    if attribute not in known:
        raise UnknownName("Attribut", attribute, known)
    own = material.attributes[material.attributes["attribute"] == attribute].set_index("source")["value"]
    return own.reindex(material.sources["source"]).fillna(NOT_GIVEN)


def _labelled(counts: pd.DataFrame, material: Material) -> pd.DataFrame:
    paths = path_labels(material.codes)
    named = counts.rename(index=paths).rename_axis(index="code", columns=None)
    return named.reset_index()


def summary(material: Material) -> str:
    """One French sentence: sources, codes used, segments and coders of the material, or that there is none."""
    if material.is_empty:
        return "Ce paquet n'a pas de matériau codé : importez-en un avec « cpts import taguette », « refi » ou « segments »."
    used = material.segments["code"].nunique()
    return (
        f"Votre matériau codé : {french.plural(len(material.sources), 'source')}, "
        f"{french.plural(len(material.codes), 'code')} dont {french.number(used)} en usage, "
        f"{french.plural(len(material.segments), 'segment')} par {french.plural(len(coders(material)), 'codeur')}."
    )


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
        f"({french.plural(len(material.names), 'nom')}) sont remplacés par {verbatims.REPLACED_BY}."
    )


def excerpts(material: Material, *, code: str = "", length: int = 280, per_code: int = 3) -> pd.DataFrame:
    """Words of the segments that may be shown: `code` (label), `source`, `coder`, `excerpt`; no row unless diffusable.

    At most `per_code` segments of each code, in the order of the sources and of the text, without the names of `noms.txt`
    and of at most `length` characters. `code` keeps one code. Raises UnknownName (code) or DataError (length).
    """
    if code and code not in set(material.codes["code"]):
        raise UnknownName("Code", code, material.codes["code"])
    verbatims.shortened("", length)
    ranks = {source: rank for rank, source in enumerate(material.sources.sort_values("rank")["source"])}
    told = material.segments.loc[material.words.index].assign(text=material.words)
    told = told[told["code"] == code] if code else told
    order = {name: place for place, name in enumerate(material.codes["code"])}
    told = told.assign(place=told["code"].map(order), rank=told["source"].map(ranks))
    told = (
        told.sort_values(["place", "rank", "start"], kind="stable").groupby("code", sort=False).head(per_code)
    )
    paths = path_labels(material.codes)
    shown = [verbatims.shortened(text, length) for text in told["text"]]
    table = told[["code", "source", "coder"]].assign(code=told["code"].map(paths), excerpt=shown)
    return table.reset_index(drop=True)


def excerpts_shown(
    material: Material, *, code: str = "", length: int = 280, per_code: int = 3, name: str = "extraits"
) -> display.Shown:
    """Table of `excerpts` with its note for a report, or the sentence that says why there is none."""
    table = excerpts(material, code=code, length=length, per_code=per_code)
    if table.empty:
        return display.text(notice(material))
    return display.table(
        table, "Extraits du matériau codé", heads=HEADS_FR, note=notice(material), name=name, workbook=False
    )
