"""Which perimeters nobody published: schemes that the documents name or count, and those whose ground can be presumed.

No national list of the perimeters of CLS, CLSM and ASV can be downloaded; the gaps are told, never filled by guess.
"""

from __future__ import annotations

import pandas as pd

from helpers import catalog
from helpers.articulation import overlaps, perimeters
from helpers.catalog import Study
from helpers.territory import coincidences
from helpers.territory import communes as territories

# Region of the only document that prints CPTS with their population, and the day of its map.
NO_SCHEME = "(territoires seuls)"
REGION, MAP_DAY = "84", "2022-06-30"
GAP_HEADS_FR = {
    "document": "Document",
    "scheme": "Dispositifs",
    "named": "Nommés ou comptés",
    "published": "Périmètre publié",
    "presumed": "Périmètre présumé",
    "how": "Ce que dit le document",
    "lines": "Lignes du texte",
}
PRESUMED = ("dans une CPTS de périmètre présumé", "hors du registre")
REAL_HEADS_FR = {
    "name": "CPTS",
    "territory": "Territoire présumé",
    "kind": "Nature",
    "published": "Publiée, juin 2022",
    "population": "INSEE 2019",
    "gap_then": "Écart (%)",
    "population_now": "INSEE, année choisie",
    "gap_now": "Écart actuel (%)",
}


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


def presumed(study: Study) -> pd.DataFrame:
    """CPTS of a printed map whose name and population fit one commune, arrondissement or EPCI: rows of `coincidences.match`.

    CPTS whose coordination was interviewed stay codes: they are left out before anything is matched.
    """
    named = study.table("aura2022/cpts_region")
    named = named[named["cpts"].isna() & named["value"].notna()]
    return coincidences.match(named["name_printed"], named["value"], REGION)


def presumed_register(found: pd.DataFrame) -> pd.DataFrame:
    """Register of the presumed CPTS and of the EPCI that they touch, with the columns of `cpts/perimeters`.

    Takes the output of `presumed`.

    The CPTS begin on the day of the map; the EPCI on the day of the limits that we hold, 1 January 2025: nothing here says
    what they were before.
    """
    rows = []
    for match in found.to_dict("records"):
        for code in territories.perimeter([match["code"]])["code"]:
            rows.append(_row(f"cpts-{match['code']}", "cpts", f"CPTS {match['name']}", code, MAP_DAY))
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    districts = catalog.load("open/arrondissements", catalog.DEFAULT_FOLDER).set_index("code")["commune"]
    held = {districts.get(row["commune"], row["commune"]) for row in rows}
    names = catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    touched = communes.loc[communes["code"].isin(held), "epci"].dropna().drop_duplicates()
    inside = communes[communes["epci"].isin(touched)]
    rows += [
        _row(f"epci-{epci}", "epci", names[epci], code, "2025-01-01")
        for epci, code in zip(inside["epci"], inside["code"], strict=True)
    ]
    return pd.DataFrame(rows).assign(valid_to=pd.NaT)


def _row(scheme: str, kind: str, name: str, commune: str, since: str) -> dict[str, object]:
    return {
        "scheme": scheme, "kind": kind, "name_fr": name, "commune": commune, "valid_from": pd.Timestamp(since),
        "status": "présumé" if kind == "cpts" else "valide",
        "source": "nom et population de la thèse AURA 2022" if kind == "cpts" else "code officiel géographique 2025",
    }  # fmt: skip


def presumed_states(register: pd.DataFrame, epci: str, *, at: str, year: int = 2023) -> pd.DataFrame:
    """Communes of an EPCI by state of PRESUMED: in the presumed perimeter of a CPTS, or not in the register, which says nothing.

    Takes the output of `presumed_register`. Columns of `overlaps.states`. Raises UnknownName for an EPCI that is none.
    """
    table = overlaps.states(register, at=at, frame=perimeters.communes_of(epci), year=year)
    return table.assign(
        state=table["state"].map(
            dict(zip(overlaps.STATES, (*PRESUMED[:1] * 2, *PRESUMED[1:] * 2), strict=True))
        )
    )


def populations_then_and_now(found: pd.DataFrame, *, year: int = 2023) -> pd.DataFrame:
    """Population that the document printed and those of the presumed perimeter, in 2019 and in `year`, with both gaps in percent.

    Takes the output of `presumed`. Gaps are those of INSEE to the printed population.
    """
    now = [float(territories.perimeter([code])[f"population_{year}"].sum()) for code in found["code"]]
    table = found.rename(columns={"gap": "gap_then"}).assign(population_now=now)
    table["gap_now"] = 100 * (table["population_now"] / table["published"] - 1)
    return table[list(REAL_HEADS_FR)]
