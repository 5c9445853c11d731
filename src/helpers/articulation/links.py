"""Links between CPTS and other schemes, one shape for all: those of the five documents, and those of a user's package.

A link has a state; only one that is done has a degree. Coding of the documents is ours; what a package says is the user's.
"""

from __future__ import annotations

import pandas as pd

from helpers.articulation import schemes
from helpers.catalog import Study, labels

TABLE, CODED, CITED = "dts/links", "coding/dts_links", "aura2022/edges"
DONE = "en_oeuvre"
BROKEN = "rompu"
COLUMNS = (
    "link", "document", "line", "voice", "cpts", "cpts_name", "scheme", "scheme_name", "kind", "state", "degree",
    "instrument", "theme", "valence", "date_start", "date_end", "label_fr", "source", "locator",
)  # fmt: skip
UNNAMED = "non désignée"


def states() -> dict[str, str]:
    """French name of each state of a link, by code, in the order of the schema, from done to absent."""
    return labels.codes(TABLE, "state")


def degrees() -> dict[str, str]:
    """French name of each degree of articulation, by code ("0" to "5"), the loosest first."""
    return labels.codes(TABLE, "degree")


def named(column: str, code: object) -> str:
    """French name of a code of `kind`, `state`, `instrument` or `theme`, whichever table it is of; "" for a missing one."""
    if pd.isna(code):
        return ""
    return names(column).get(str(code), str(code).replace("_", " "))


def names(column: str) -> dict[str, str]:
    """French name of every code of `kind`, `state`, `instrument` or `theme`, of the documents and of a package."""
    if column == "kind":
        return {**labels.codes(CITED, "actor_type"), **labels.codes(CODED, "to_kind"), "autre": "Autre"}
    cited = labels.codes(CITED, "relation") if column == "theme" else {}
    return {**cited, **labels.codes(TABLE, column)}


def of_documents(study: Study) -> pd.DataFrame:
    """Every link that the five documents print: rows of `coding/dts_links` and `aura2022/edges`, with COLUMNS.

    `cpts` and `scheme` are missing where the document does not say which; `cpts_name` and `scheme_name` then are the kind.
    `state` is missing for a rule, a possibility, an opinion; `degree` for a link that is not done, or whose document does
    not let it be said. No document dates its links. `locator` is the line of the text.
    """
    coded = study.table(CODED).rename(
        columns={"from": "cpts", "to": "scheme", "to_kind": "kind", "note": "label_fr"}
    )
    cited = study.table(CITED).rename(
        columns={"edge_id": "link", "actor_type": "kind", "relation": "theme", "note": "label_fr"}
    )
    cited = cited.assign(document="aura2022", voice=cited["basis"])
    both = pd.concat([part.reindex(columns=list(COLUMNS)) for part in (coded, cited)], ignore_index=True)
    known = schemes.of_documents(study).set_index("scheme")["name_fr"]
    both["cpts_name"] = [_cpts_name(code, known) for code in both["cpts"]]
    both["scheme_name"] = both["scheme"].map(known).fillna(both["kind"].map(lambda code: named("kind", code)))
    both["source"] = both["document"].map(labels.documents())
    both["locator"] = "l. " + both["line"].astype("string")
    return _typed(both)


def _cpts_name(code: object, known: pd.Series[str]) -> str:
    if pd.isna(code):
        return f"CPTS {UNNAMED}"
    text = str(code)
    return str(known.get(text, text if text.startswith("CPTS") else f"CPTS {text}"))


def of_package(study: Study) -> pd.DataFrame:
    """Links of the package (`dts/links`), with COLUMNS; empty when it has none, and for the project itself."""
    rows = study.table(TABLE, optional=True)
    known = schemes.of_package(study).set_index("scheme")
    names = study.table("cpts/cpts").set_index("cpts")["name_fr"] if len(rows) else pd.Series(dtype="string")
    told = rows.reindex(columns=list(COLUMNS)).assign(
        # `cpts check` tells a code without a row; a page shows the code.
        cpts_name=rows["cpts"].map(names).fillna(rows["cpts"]),
        scheme_name=rows["scheme"].map(known["name_fr"]).fillna(rows["scheme"]),
        kind=rows["scheme"].map(known["kind"]).fillna("autre"),
    )  # fmt: skip
    return _typed(told)


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in COLUMNS if name not in ("line", "degree", "date_start", "date_end")]
    kinds = dict.fromkeys(texts, "string") | {"line": "Int64", "degree": "Int64"}
    kinds |= dict.fromkeys(("date_start", "date_end"), "datetime64[us]")
    return rows[list(COLUMNS)].astype(kinds).reset_index(drop=True)


def done(links: pd.DataFrame) -> pd.DataFrame:
    """Links that are done, or were: the only ones that may have a degree above 0. Planned, wished and refused ones are not."""
    return links[(links["state"] == DONE).fillna(False)]


def highest_done(links: pd.DataFrame) -> pd.DataFrame:
    """Links of the highest degree among those done; empty when no link done has a degree."""
    made = done(links).dropna(subset=["degree"])
    return made[made["degree"] == made["degree"].max()]
