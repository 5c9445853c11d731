"""The coded material of a package as one object: codebook, sources, their attributes, segments, and the words that may be shown.

A material is sound once it exists: its tables agree with each other. The words themselves leave it only through
`helpers.material.excerpts`, and only when the `datapackage.json` says `"diffusable": true`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Study, labels
from helpers.catalog import names as person_names
from helpers.errors import DataError, UnknownName
from helpers.material import codebook, crosschecks

VALENCES = ("levier", "obstacle", "neutre", "proposition")
NOT_GIVEN = "non indiqué"
# Attributes whose values the package names elsewhere: roles of the survey, CPTS of the register.
ATTRIBUTES_NAMED = ("role", "cpts")
# A passage of a source, whatever its codes and its coders.
SEGMENT = ["source", "segment"]
NO_MATERIAL = "Ce paquet n'a pas de matériau codé : importez-en un avec « cpts import taguette », « refi » ou « segments »."


@dataclass(frozen=True)
class Material:
    """The four tables of a package, whether its words may be shown, and the names to take out of them.

    `said_values` is what readers see of a value of an attribute that the package names elsewhere, such as a role or a CPTS.

    The column `text` of `segments` is always missing. `words` has the words of each segment (same index) without the names, and
    nothing unless the package is `diffusable`: show them through `excerpts`, which also cuts them. Raises DataError with the
    first fault between the tables (see `crosschecks`) and the number of others, or for a code, a source or an attribute of
    a source given twice.
    """

    codes: pd.DataFrame
    sources: pd.DataFrame
    attributes: pd.DataFrame
    segments: pd.DataFrame
    diffusable: bool = False
    names: tuple[str, ...] = ()
    said_values: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    words: pd.Series[str] = field(default_factory=lambda: pd.Series(dtype="string"), repr=False)

    def __post_init__(self) -> None:
        """Refuse tables that do not agree."""
        tables = (self.codes, self.sources, self.attributes, self.segments)
        found = crosschecks.faults_between(*tables, names=self.names)
        if found:
            more = f" ({french.plural(len(found) - 1, 'autre défaut')})" if len(found) > 1 else ""
            raise DataError(f"{found[0]}{more}")

    @property
    def is_empty(self) -> bool:
        """Whether there is no coded segment to count."""
        return len(self.segments) == 0

    @property
    def coders(self) -> list[str]:
        """Coders of the segments, sorted."""
        return sorted(self.segments["coder"].dropna().astype(str).unique())

    @property
    def reading_order(self) -> list[str]:
        """Sources in the order of their `rank`; those without a rank follow, as they stand."""
        ranked = self.sources.sort_values("rank", kind="stable", na_position="last")
        return [str(source) for source in ranked["source"]]

    @property
    def attribute_names(self) -> list[str]:
        """Names of the attributes of the sources, in the order of their table."""
        return list(self.attributes["attribute"].drop_duplicates())

    @property
    def labels(self) -> dict[str, str]:
        """Label of each code behind those of its parents ("Freins › Temps")."""
        return codebook.path_labels(self.codes)

    def of_coder(self, coder: str) -> pd.DataFrame:
        """Segments of one coder, all of them when none is named. Raises UnknownName for a coder without segment."""
        if coder and coder not in self.coders:
            raise UnknownName("Codeur", coder, self.coders)
        return self.segments[self.segments["coder"] == coder] if coder else self.segments

    def attribute_values(self, attribute: str) -> pd.Series[str]:
        """Value of an attribute for every source, as readers see it ("non indiqué" for none). Raises UnknownName."""
        if attribute not in self.attribute_names:
            raise UnknownName("Attribut", attribute, self.attribute_names)
        given = self.attributes[self.attributes["attribute"] == attribute].set_index("source")["value"]
        said = given.map(lambda value: self.said_values.get((attribute, str(value)), value))
        return said.reindex(self.sources["source"]).fillna(NOT_GIVEN)


def load(study: Study) -> Material:
    """Coded material of the package; empty tables when it has none. Raises as `catalog.load` and `Material` do."""
    source = study.package
    names = catalog.read_names(source)
    diffusable = source.descriptor.get("diffusable") is True
    codes, sources, attributes, segments = (
        catalog.load(name, source, optional=True) for name in crosschecks.TABLES
    )
    words = pd.Series(dtype="string")
    if diffusable:
        said = catalog.load("material/segments", source, optional=True, words=True)["text"].dropna()
        words = said.map(lambda text: person_names.without_names(text, names)).astype("string")
    return Material(codes, sources, attributes, segments, diffusable, names, _said_values(study), words)


def attribute_title(attribute: str) -> str:
    """Name of an attribute in the middle of a sentence: that of the column of the survey that it shares, else its own."""
    if attribute not in ATTRIBUTES_NAMED:
        return attribute
    return french.first_lower(labels.titles("survey/answers")[attribute])


def _said_values(study: Study) -> dict[tuple[str, str], str]:
    """Roles under the names that they have in the survey, and CPTS under theirs: two CPTS of one name keep their codes."""
    roles = labels.codes("survey/answers", "role")
    named = (
        study.table("cpts/cpts", optional=True)
        .dropna(subset=["name_fr"])
        .drop_duplicates("name_fr", keep=False)
    )
    cpts = dict(zip(named["cpts"].astype(str), named["name_fr"].astype(str), strict=True))
    both = zip(ATTRIBUTES_NAMED, (roles, cpts), strict=True)
    return {(name, code): said for name, named_here in both for code, said in named_here.items()}


def summary(material: Material) -> str:
    """One French sentence: sources, codes used, segments and coders of the material, or that there is none."""
    if material.is_empty:
        return NO_MATERIAL
    used = material.segments["code"].nunique()
    coders = material.coders
    total = len(material.codes)
    in_use = (
        f" dont {french.number(used)} en usage" if used < total else ", tous en usage" if total > 1 else ""
    )
    twice = " (un passage lu par plusieurs compte une fois)" if len(coders) > 1 else ""
    return (
        f"Votre matériau codé : {french.plural(len(material.sources), 'source')}, "
        f"{french.plural(total, 'code')}{in_use}, "
        f"{french.plural(len(material.segments.drop_duplicates(SEGMENT)), 'segment')} "
        f"par {french.plural(len(coders), 'codeur')}{twice}."
    )
