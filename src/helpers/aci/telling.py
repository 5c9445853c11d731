"""What the report on funding says of the ACI: sentences, wide tables and French names, from the results of the package."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.aci.scale import DISAGREE_FR, SCALES, disagreements, missions, parts, posts
from helpers.aci.scenarios import PACKAGE_FR
from helpers.aci.simulation import total, total_sentence
from helpers.aci.sizes import SIZES, bounds
from helpers.aci.thresholds import LARGEST_DRAWN, SMALLEST_DRAWN
from helpers.catalog import Study, labels
from helpers.page import display

# Recomputations that the report on funding shows.
TOPICS = (
    "aci",
    "across.core_missions_2022",
    "across.optional_missions_2022",
    "across.missions_2019",
    "across.ceilings",
    "across.increases",
    "across.supplement",
    "across.missions",
    "miller2022.funding_totals",
    "miller2022.exceptional_aid",
    "miller2022.amendments",
    "miller2022.national_envelope",
    "miller2022.interview_amounts",
    "aura2022.t2",
    "aura2022.t2_temoignages",
    "laine2021.annexe_7_totaux",
    "laine2021.annexe_7_missions",
    "laine2021.tableau_5_annexe_7",
    "laine2021.montants",
    "laine2021_contract.calendrier",
    "laine2021_contract.points",
    "fabrique2022.mission_totals",
    "fabrique2022.funding_rules",
    "navinel2020.financement",
)
# Where a document prints no total, the scale of the same agreement that does.
_CEILING_ELSEWHERE = {"fabrique2022": "miller2022"}
DEADLINES_FR = {
    "mission": "Mission",
    "demarrage": "Démarrage",
    "deploiement": "Déploiement complet",
    "document": "Document",
    "line": "Ligne",
}
BY_SIZE_FR = {
    "post": "Poste",
    "part": "Part",
    "period": "Quand",
    **{f"size{size}": f"Taille {size} (€)" for size in SIZES},
    "lines": "Lignes",
    "status": "État",
}


def cited(document: str) -> str:
    """Name of a document for the readers."""
    return labels.document(document)


def with_ceiling(document: str) -> str:
    """The document itself, or the one of the same agreement that prints the ceilings when it prints none."""
    return _CEILING_ELSEWHERE.get(document, document)


def summary_sentence(
    simulation: pd.DataFrame,
    population: float,
    year: int,
    document: str,
    *,
    name_fr: str = "",
    assumed: str = "",
) -> str:
    """One French sentence: what this CPTS (named, or of that size) may receive, by which scale, and what is not settled.

    `assumed` is what the amounts suppose (`Case.assumed`).
    """
    row = total(simulation)
    open_posts = int(simulation.loc[simulation["mission"] != "total", "amount"].isna().sum())
    supposed = f", {assumed}," if assumed else ""
    said = (
        f"{name_fr or 'Une CPTS'} de {french.plural(population, 'habitant')} (taille {row['size']}){supposed} recevrait "
        f"{total_sentence(simulation)} la {french.ordinal(year, feminine=True)} année de son contrat "
        f"(barème : {cited(document)})"
    )
    if not open_posts:
        return f"{said} ; tous les postes sont fixés."
    verb = "n'est pas fixé" if open_posts == 1 else "ne sont pas fixés"
    return f"{said} ; {french.plural(open_posts, 'poste')} {verb}, d'où l'intervalle."


def rate_caption(curve: pd.DataFrame, name_fr: str = "") -> str:
    """Title of the curve of `by_rate`: the least and the most that the share of the results changes, for a CPTS by name.

    Two curves, at least and at most, leave the share of the results no sole cause: what is not settled is the other.
    """
    known = curve["value"].dropna()
    start = f"{name_fr} : de" if name_fr else "De"
    ends = f"{french.number(known.min(), 0)} à {french.number(known.max(), 0)} € par an"
    other = " et ce qui n'est pas fixé" if curve["bound"].nunique() > 1 else ""
    return f"{start} {ends} selon la part variable obtenue{other}"


def threshold_caption(jumps: pd.DataFrame) -> str:
    """Title of the curve of thresholds: the highest jump per inhabitant at the ceiling, and where it is."""
    row = jumps.loc[jumps["percent"].astype(float).idxmax()]
    return (
        f"Passer la borne de {french.plural(row['bound'], 'habitant')} vaut jusqu'à {french.number(row['percent'], 0)} % de plus "
        "par habitant"
    )


def by_size(rows: pd.DataFrame) -> pd.DataFrame:
    """A printed scale with one column per size: `post`, `part`, `period`, `size1` to `size4` (euros), `lines`, `status`.

    An amount given as a range is missing. `status` says the least sure of the four cells.
    """
    table = rows.assign(post=rows["mission"].map(posts()), part=rows["part"].map(parts()))
    found = []
    for (post, part, period), cells in table.groupby(["post", "part", "period"], sort=False):
        values = cells.set_index("size")["value"]
        lines = sorted(set(cells["line"].dropna().astype(int)))
        found.append(
            {
                "post": post,
                "part": part,
                "period": period,
                **{f"size{size}": values.get(size, float("nan")) for size in SIZES},
                "lines": french.listing(lines),
                "status": cells["status"].max(),
            }
        )
    return pd.DataFrame(found, columns=list(BY_SIZE_FR))


def totals_map(rows: pd.DataFrame) -> pd.DataFrame:
    """Totals by mission of Navinel 2020 and of Miller 2022, in thousands of euros: one row per mission, a column per size
    and year. A mission absent from a scale has missing cells.
    """
    kept = rows[(rows["part"] == "total") & rows["mission"].isin(missions()) & (rows["source_table"] == "")]
    kept = kept[~kept["period"].str.startswith("avant")]
    columns = {}
    for document in ("navinel2020", "miller2022"):
        own = kept[kept["document"] == document].set_index(["mission", "size"])["value"] / 1000
        for size in SIZES:
            columns[_of_size(SCALES[document], size)] = [
                own.get((mission, size), float("nan")) for mission in missions()
            ]
    return pd.DataFrame({"Mission": list(missions().values()), **columns})


def _of_size(year: int, size: int) -> str:
    return f"{year}, taille {size}"


def disagreements_fr(rows: pd.DataFrame) -> pd.DataFrame:
    """Table of `disagreements` in French, each amount with its document and line."""
    table = disagreements(rows)
    for key, title in labels.documents().items():
        table["sources"] = table["sources"].str.replace(key, title, regex=False)
    return table.assign(mission=table["mission"].map(posts()), part=table["part"].map(parts()))[
        list(DISAGREE_FR)
    ]


def deadlines_fr(deadlines: pd.DataFrame) -> pd.DataFrame:
    """Delays of the missions for a table: months in words, or that the document asks for none; columns of DEADLINES_FR."""
    words = {
        step: [
            "aucun délai imposé" if pd.isna(months) else f"{int(months)} mois" for months in deadlines[step]
        ]
        for step in ("demarrage", "deploiement")
    }
    names = deadlines["mission"].map(missions())
    return deadlines.assign(**words, mission=names, document=deadlines["document"].map(cited))[
        list(DEADLINES_FR)
    ]


def points_fr(points: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Columns `block` and `level` of `points` in French."""
    return {
        "block": points["block"].map(labels.codes("laine2021/indicators", "block")),
        "level": points["level"].map(labels.codes("laine2021/indicators", "level")),
    }


def totals_caption(rows: pd.DataFrame) -> str:
    """Title of the map of `totals_map`: the ceiling of the smallest and of the largest size, under both agreements."""
    totals = totals_map(rows).set_index("Mission").loc[missions()["total"]]
    ends = [
        f"{french.number(totals[_of_size(year, SIZES[0])])} à {french.number(totals[_of_size(year, SIZES[-1])])}"
        for year in (SCALES["navinel2020"], SCALES["miller2022"])
    ]
    return f"Plafond annuel : de {ends[0]} milliers d'euros selon la taille en 2019, de {ends[1]} après les avenants"


def schedule_caption(steps: pd.DataFrame, name_fr: str = "") -> str:
    """Title of the timeline of `calendar.scheduled`: the last deadline, and how many missions have none, for a CPTS by name.

    Empty without any date.
    """
    if steps.empty:
        return ""
    dated = steps[steps["step"] != "Signature"]
    free = steps["mission"].nunique() - dated["mission"].nunique()
    last = french.date(dated["date"].max().date())
    start = f"{name_fr} : tout" if name_fr else "Tout"
    return f"{start} doit être déployé le {last} au plus tard{_free(free)}"


def _free(missions_without: int) -> str:
    return f" ; {french.plural(missions_without, 'mission')} sans délai" if missions_without else ""


def undated_sentence(deadlines: pd.DataFrame) -> str:
    """What a CPTS without a known signature is told instead of dates: the longest delay after it, and who has none."""
    latest = deadlines["deploiement"].dropna().max()
    free = int(deadlines["deploiement"].isna().sum())
    return (
        "Sans date de signature, aucune échéance n'est datée : le déploiement complet est dû "
        f"{french.plural(latest, 'mois', 'mois')} au plus après elle{_free(free)}."
    )


def points_caption(points: pd.DataFrame) -> str:
    """Title of the picture of `points_by_block`: the points of each block."""
    blocks = points.assign(**points_fr(points)).groupby("block", sort=False)["points"].sum()
    return french.listing(
        f"{french.number(count)} points pour « {french.first_lower(name)} »" for name, count in blocks.items()
    )


def points_by_block(points: pd.DataFrame) -> pd.DataFrame:
    """Points by block (rows, column `bloc`) and level (columns, French); a level that a block has not is missing."""
    wide = points.pivot_table(index="block", columns="level", values="points", aggfunc="sum")
    wide = wide.reindex(
        index=list(labels.codes("laine2021/indicators", "block")),
        columns=list(labels.codes("laine2021/indicators", "level")),
    )
    return (
        wide.rename(
            index=labels.codes("laine2021/indicators", "block"),
            columns=labels.codes("laine2021/indicators", "level"),
        )
        .rename_axis(index="bloc", columns=None)
        .reset_index()
    )


def named_bounds(study: Study) -> dict[float, str]:
    """Size bounds with the name that a figure writes."""
    return {float(bound): french.number(bound) for bound in bounds(study)["upper"].dropna()}


def inside(population: float) -> float | None:
    """The population when the figure of threshold effects shows it, else None."""
    return population if SMALLEST_DRAWN <= population <= LARGEST_DRAWN else None


_MOST_NAMED = 3  # CPTS of a package named in one sentence


def package_sentence(simulated: pd.DataFrame, document: str) -> str:
    """What each CPTS of the package may receive in its last year, in one French sentence; empty when none is simulated."""
    last = simulated.dropna(subset=["lower"]).sort_values("year").groupby("cpts", sort=False).tail(1)
    said = [
        f"{row.name}, {row.said} en {row.year} (taille {int(row.size)})"
        for row in last.itertuples(index=False)
    ]
    if not said:
        return ""
    more = len(said) - _MOST_NAMED
    told = " ; ".join(said[:_MOST_NAMED]) + (f" ; et {french.plural(more, 'autre')}" if more > 0 else "")
    without = simulated["cpts"].nunique() - len(said)
    verb = "n'a" if without < 2 else "n'ont"
    missing = (
        f" {french.plural(without, 'CPTS', 'CPTS')} {verb} pas de montant : le tableau dit pourquoi."
        if without
        else ""
    )
    return f"Avec les missions et les taux de votre paquet (barème : {cited(document)}) : {told}.{missing}"


def package_table(simulated: pd.DataFrame, source: str) -> display.Shown:
    """Table of the simulations of a package; nothing when it has none, so that its section is left out."""
    if simulated.empty:
        return display.Silent()
    # A year is a name, not an amount: no space between its thousands. What is not simulated is no missing datum.
    told = simulated[list(PACKAGE_FR)].assign(year=simulated["year"].astype("string"))
    told = told.astype(dict.fromkeys(PACKAGE_FR, object)).replace("", pd.NA).fillna("—")
    return display.table(
        told, "Simulation de chaque CPTS du paquet", heads=PACKAGE_FR, decimals=0, source=source,
        note="année de l'accord comptée depuis celle de la signature", name="aci_paquet",
    )  # fmt: skip
