"""Which perimeters nobody published: schemes that the documents name or count, and those whose ground can be presumed.

No national list of the perimeters of CLS, CLSM and ASV can be downloaded; the gaps are told, never filled by guess.
"""

from __future__ import annotations

import pandas as pd

from helpers.catalog import Study, once_per_study
from helpers.territory import coincidences

NO_SCHEME = "(territoires seuls)"
# Region of the only document that prints CPTS with their population.
REGION = "84"
GAP_HEADS_FR = {
    "document": "Document",
    "scheme": "Dispositifs",
    "named": "Nommés ou comptés",
    "published": "Périmètre publié",
    "presumed": "Périmètre présumé",
    "how": "Ce que dit le document",
    "lines": "Lignes du texte",
}


@once_per_study
def without_perimeter(study: Study) -> pd.DataFrame:
    """Schemes that the documents name or count, and how many have a perimeter: one row per document and kind of scheme.

    `published` counts the schemes whose communes the document prints (`<document>/perimeters`); `presumed` the CPTS whose
    name and population fit one territory (ours, see `coincidences`). A territory that is named without a
    scheme is a row of its own.
    """
    rows = []

    def add(
        document: str,
        scheme: str,
        table: pd.DataFrame,
        how: str,
        *,
        named: int | None = None,
        presumed: int = 0,
    ) -> None:
        lines = table["line"]
        told = f"{lines.min()}" if lines.min() == lines.max() else f"{lines.min()} à {lines.max()}"
        count = len(table) if named is None else named
        rows.append(
            {
                "document": document, "scheme": scheme, "named": count,
                "published": _printed_perimeters(document, scheme, study), "presumed": presumed, "how": how,
                "lines": told,
            }
        )  # fmt: skip

    region = study.table("aura2022/cpts_region")
    add("aura2022", "CPTS", region, "nom et population, sur une carte", presumed=len(presumed(study)))
    edges = study.table("aura2022/edges")
    add("aura2022", "CLS", edges[edges["actor_type"] == "cls"], "lien cité par une CPTS désignée par un code")
    present = study.table("miller2022/dts_presence")
    for device, name in (("cls", "CLS"), ("asv", "ASV"), ("clsm", "CLSM")):
        own = present[(present["device"] == device) & present["status"].isin(["present", "cite"])]
        add("miller2022", name, own, "présence sur le territoire de CPTS désignées par une lettre")
    letters = study.table("miller2022/general")
    add("miller2022", "CPTS", letters, "population et étendue, CPTS désignées par une lettre")
    projects = study.table("laine2021/projects")
    add("laine2021", "CPTS", projects, "nom et étape")
    orleans = study.table("navinel2020/timeline").set_index("event_id")
    add("navinel2020", "CLS", orleans.loc[["cls_orleans"]], "nom et date de signature")
    outside = study.table("navinel2020/territory_record").set_index("attribute")
    add(
        "navinel2020", "CPTS", outside.loc[["communes_metropole", "communes_hors_cpts"]],
        "nombre de communes de la métropole, et de celles qui n'en sont pas", named=1,
    )  # fmt: skip
    named = study.table("fabrique2022/territories")
    add("fabrique2022", NO_SCHEME, named, "régions et département cités pour un fait")
    return pd.DataFrame(rows)


def _printed_perimeters(document: str, scheme: str, study: Study) -> int:
    """Schemes of a kind whose list of communes follows from what the document prints; a supposed list does not count."""
    name = f"{document}/perimeters"
    if name not in study.package.reachable_names("/perimeters"):
        return 0
    rows = study.table(name)
    return int(rows.loc[(rows["kind"] == scheme.lower()) & (rows["basis"] == "imprime"), "scheme"].nunique())


def sentence(gaps: pd.DataFrame) -> str:
    """One French sentence with the totals of `without_perimeter`, territories without scheme left out."""
    schemes = gaps[gaps["scheme"] != NO_SCHEME]
    named, published, guessed = (int(schemes[column].sum()) for column in ("named", "published", "presumed"))
    return (
        f"Les documents nomment ou comptent {named} dispositifs ; ils publient la liste des communes de {published} d'entre eux. "
        f"Pour {guessed} CPTS, le nom et la population désignent un seul territoire : leur périmètre est présumé, non publié."
    )


@once_per_study
def presumed(study: Study) -> pd.DataFrame:
    """CPTS of a printed map whose name and population fit one commune, arrondissement or EPCI: rows of `coincidences.match`.

    CPTS whose coordination was interviewed stay codes: they are left out before anything is matched.
    """
    named = study.table("aura2022/cpts_region")
    named = named[named["cpts"].isna() & named["value"].notna()]
    return coincidences.match(named["name_printed"], named["value"], REGION)
