"""Which schemes (CLS, CLSM, ASV, CPTS) exist where, how they compare, and what each named one is: holder, means, term, aims."""

from __future__ import annotations

import pandas as pd

from helpers.catalog import Study, labels
from helpers.methods import describe

ATTRIBUTE_HEADS_FR = {"attribute": "Attribut", "asv": "ASV", "cls": "CLS", "clsm": "CLSM", "cpts": "CPTS"}
SCHEMES = ("asv", "cls", "clsm", "cpts")
TABLE, CODED = "dts/schemes", "coding/dts_schemes"
PRIORITIES, CODED_PRIORITIES = "dts/priorities", "coding/dts_priorities"
COLUMNS = (
    "scheme", "kind", "name_fr", "holder", "funder", "coordination_amount", "actions_amount", "amount_year", "fte",
    "elected_chair", "signed", "term_start", "term_end", "status", "source", "locator", "note",
)  # fmt: skip


def devices() -> dict[str, str]:
    """French name of each scheme that the five CPTS were asked about, by code."""
    return labels.codes("miller2022/dts_presence", "device")


def answers() -> dict[str, str]:
    """French name of each answer on the presence of a scheme, by code, from present to not published."""
    return labels.codes("miller2022/dts_presence", "status")


def attributes(scheme_attributes: pd.DataFrame, label: str = "label_fr") -> pd.DataFrame:
    """Attributes of the schemes side by side: one row per attribute, one column per scheme, in the order of the table.

    Takes the long table `scheme`, `attribute`, `label`. Several values of one attribute are joined; a missing pair is NA.
    """
    joined = scheme_attributes.groupby(["attribute", "scheme"], sort=False)[label].agg(" ; ".join)
    wide = joined.unstack("scheme").reindex(scheme_attributes["attribute"].drop_duplicates())
    return wide[[scheme for scheme in SCHEMES if scheme in wide]].rename_axis(columns=None).reset_index()


def attributes_in_french(study: Study) -> pd.DataFrame:
    """The four schemes compared by the Fabrique, attribute by attribute, in French."""
    table = attributes(study.table("fabrique2022/scheme_attributes"))
    return table.assign(
        attribute=table["attribute"].map(labels.codes("fabrique2022/scheme_attributes", "attribute"))
    )


def by_cpts(presence: pd.DataFrame) -> pd.DataFrame:
    """Answers on the presence of each device (rows, French) for each of the five CPTS (columns)."""
    told = presence.assign(answer=presence["status"].map(answers()))
    return describe.wide(told, rows="device", columns="cpts", value="answer", labels=devices())


def presence(table: pd.DataFrame, *, unit: str, scheme: str, present: str) -> pd.DataFrame:
    """Which schemes exist where: one row per unit, one column per scheme, 1 or 0, missing when the document does not say."""
    wide = table.pivot(index=unit, columns=scheme, values=present).astype("float64")
    return wide.rename_axis(columns=None).reset_index()


def of_package(study: Study) -> pd.DataFrame:
    """Schemes of the package (`dts/schemes`), with COLUMNS; empty when it has none, and for the project itself."""
    return study.table(TABLE, optional=True)


def of_documents(study: Study) -> pd.DataFrame:
    """Schemes that the documents name and link to a named CPTS, with COLUMNS: what no document prints is missing."""
    return _as_in_a_package(study.table(CODED), study.table(TABLE, optional=True))


def priorities_of_package(study: Study) -> pd.DataFrame:
    """Priorities of the CPTS and schemes of the package, one row each; empty when it has none."""
    return study.table(PRIORITIES, optional=True)


def priorities_of_documents(study: Study) -> pd.DataFrame:
    """Priorities that a document prints for the schemes it names, one row each."""
    return _as_in_a_package(study.table(CODED_PRIORITIES), study.table(PRIORITIES, optional=True))


def _as_in_a_package(coded: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    told = coded.assign(
        source=coded["document"].map(labels.documents()), locator="l. " + coded["line"].astype("string")
    )
    return told.reindex(columns=list(like)).astype(like.dtypes.to_dict())
