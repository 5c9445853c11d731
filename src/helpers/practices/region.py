"""The sixteen CPTS among the seventy-one of the region, and the part of each département that a CPTS project covers.

The département of a CPTS is deduced from its name or from the text by the observatory; where it is not certain, the CPTS stays
apart and the shares become bounds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers import aci, french
from helpers.catalog import Study
from helpers.documents.quantities import in_a_cell
from helpers.page import findings
from helpers.practices import DOCUMENT

REGION, AUVERGNE = "84", ("03", "15", "43", "63")
YEAR = 2019
UNSURE = "département non certain"
DEPARTMENT_HEADS_FR = {
    "name": "Département",
    "cpts": "CPTS, de la lettre d'intention à l'accord",
    "covered": "Population de leurs territoires",
    "population": "Population (INSEE 2019)",
    "share": "Part dans un projet de CPTS (%)",
    "per_100000": "CPTS pour 100 000 habitants",
}
SIDE_HEADS_FR = {
    "side": "Ensemble",
    "cpts": "CPTS certaines",
    "covered": "Population de leurs territoires",
    "population": "Population (INSEE 2019)",
    "share": "Part dans un projet de CPTS (%)",
    "per_100000": "CPTS pour 100 000 habitants",
}
SAMPLE_HEADS_FR = {
    "what": "Ce qui est comparé",
    "inside": "16 interrogées",
    "outside": "55 autres",
    "test": "Si l'on tirait 16 CPTS au sort",
}
CONTEXT_HEADS_FR = {
    "label_fr": "Chiffre",
    "printed_value": "Imprimé",
    "unit": "Unité",
    "year": "Année",
    "line": "Ligne",
}


def departments(study: Study) -> pd.DataFrame:
    """Coverage by département, the most covered first, then the CPTS whose département is not certain, then the region.

    Populations of CPTS are those of the map (June 2022); those of départements are the municipal ones of 2019.
    """
    listed, places = _listed(study), _places(study)
    rows = [
        _row(str(place["name"]), listed[listed["department"] == place["code"]], float(place["population"]))
        for place in places.to_dict("records")
    ]
    table = pd.DataFrame(rows).sort_values("share", ascending=False, kind="stable")
    unsure = _row(UNSURE.capitalize(), listed[listed["department"].isna()], float("nan"))
    whole = _row("Région", listed, float(places["population"].sum()))
    return pd.concat([table, pd.DataFrame([unsure, whole])], ignore_index=True)


def for_readers(study: Study, *, decimals: int = 1) -> pd.DataFrame:
    """The table `departments` with its numbers in French; a dash where a share does not apply (no certain département)."""
    table = departments(study)
    digits = {"covered": 0, "population": 0, "share": decimals, "per_100000": 2}
    for column, kept in digits.items():
        table[column] = ["—" if pd.isna(value) else french.number(value, kept) for value in table[column]]
    return table


def coverage(study: Study) -> pd.DataFrame:
    """The twelve départements of `departments`, most covered first, without the uncertain ones nor the region."""
    table = departments(study)
    return table[table["share"].notna()].iloc[:-1].reset_index(drop=True)


def share(study: Study) -> float:
    """Part of the region (%) that lives in the territory of a CPTS project, whatever the département."""
    return float(departments(study).iloc[-1]["share"])


def sides(study: Study) -> pd.DataFrame:
    """Former Auvergne against the rest of the region, one row each: counts of the certain CPTS, shares as bounds.

    The low end counts the certain CPTS only, the high end gives all the uncertain ones to that side.
    """
    listed, places = _listed(study), _places(study)
    unsure = listed[listed["department"].isna()]
    rows = []
    for name, codes in (
        ("Auvergne (Allier, Cantal, Haute-Loire, Puy-de-Dôme)", AUVERGNE),
        ("Reste de la région", tuple(set(places["code"]) - set(AUVERGNE))),
    ):
        population = float(places.loc[places["code"].isin(codes), "population"].sum())
        sure = listed[listed["department"].isin(codes)]
        most = pd.concat([sure, unsure])
        low, high = _row(name, sure, population), _row(name, most, population)
        rows.append(
            {
                "side": name,
                "cpts": low["cpts"],
                "covered": low["covered"],
                "population": population,
                "share": _between(low["share"], high["share"]),
                "per_100000": _between(low["per_100000"], high["per_100000"], 2),
                "low": low["share"],
                "high": high["share"],
            }
        )
    return pd.DataFrame(rows)


def populations(study: Study) -> pd.DataFrame:
    """Population of each CPTS of the map, one row each, by side of the region: columns `side` and `value`."""
    listed = _listed(study)
    side = listed["department"].isin(AUVERGNE).map({True: "Auvergne", False: "Reste de la région"})
    side = side.where(listed["department"].notna(), UNSURE.capitalize())
    table = listed.assign(side=pd.Categorical(side, ["Auvergne", "Reste de la région", UNSURE.capitalize()]))
    return table.sort_values("side", kind="stable", ignore_index=True)[["side", "name_printed", "value"]]


def coverage_caption(study: Study) -> str:
    """Title of the picture of `coverage`: the least and the most covered département."""
    said = findings.spread(coverage(study), label="name", value="share", unit="%")
    return f"Population dans un projet de CPTS en juin 2022 : {said}"


def population_caption(study: Study) -> str:
    """Title of the picture of `populations`: how many CPTS, the least, the most and the median population."""
    values = populations(study)["value"]
    least, most, half = (
        french.number(float(end), 0) for end in (values.min(), values.max(), values.median())
    )
    return f"{len(values)} CPTS : de {least} à {most} habitants, la moitié sous {half}"


def inequality_caption(study: Study) -> str:
    """Title of the Lorenz curve of `populations`: what the less peopled half of the CPTS holds."""
    values = populations(study)["value"].sort_values()
    few = len(values) // 2
    part = french.percent(100 * float(values.iloc[:few].sum()) / float(values.sum()), 0)
    return f"Les {few} CPTS les moins peuplées sur {len(values)} réunissent {part} des habitants"


def coverage_sentence(study: Study) -> str:
    """Region, most and least covered département, number of CPTS left apart."""
    table = departments(study)
    sure, whole = coverage(study), table.iloc[-1]
    first, last = sure.iloc[0], sure.iloc[-1]
    unsure = table[table["name"] == UNSURE.capitalize()].iloc[0]
    return (
        f"Les {int(whole['cpts'])} territoires réunissent {french.percent(float(whole['share']))} de la population régionale ; "
        f"d'un département à l'autre, la part certaine va de {french.percent(float(last['share']))} ({last['name']}) à "
        f"{french.percent(float(first['share']))} ({first['name']}), {int(unsure['cpts'])} CPTS restant sans département certain."
    )


def sides_sentence(study: Study) -> str:
    """Auvergne against the rest, and whether the bounds separate them."""
    table = sides(study)
    here, there = table.iloc[0], table.iloc[1]
    apart = here["high"] < there["low"] or here["low"] > there["high"]
    said = "les bornes ne se recouvrent pas" if apart else "les bornes se recouvrent, on ne peut pas conclure"
    return f"En Auvergne, {here['share']} % de la population ; dans le reste de la région, {there['share']} % : {said}."


def sample(study: Study, *, draws: int = 9_999, seed: int = 2022) -> pd.DataFrame:
    """The sixteen against the fifty-five others of the map: sizes, median population; one row per comparison.

    The probability is that of a difference at least as large if sixteen of the seventy-one were drawn at random (Fisher's exact
    test; permutation of the difference of medians). They were not: it says how unlike a draw the sixteen are, nothing more.
    """
    listed = _listed(study)
    bounds, inside = aci.bounds(study), listed["cpts"].notna()
    size = aci.size_classes(listed["value"], bounds)
    rows = []
    for one in aci.SIZES:
        here, there = int((inside & (size == one)).sum()), int((~inside & (size == one)).sum())
        table = [[here, int(inside.sum()) - here], [there, int((~inside).sum()) - there]]
        exact = float(stats.fisher_exact(table).pvalue)
        rows.append(
            {
                "what": f"CPTS de taille {one}",
                "inside": french.count_and_share(here, 100 * here / int(inside.sum()), 1),
                "outside": french.count_and_share(there, 100 * there / int((~inside).sum()), 1),
                "test": f"p = {french.number(exact, 3)} (Fisher)",
            }
        )
    values, generator = listed["value"].to_numpy(dtype=float), np.random.default_rng(seed)
    mask = inside.to_numpy()
    gap = abs(float(np.median(values[mask]) - np.median(values[~mask])))
    drawn = np.array([generator.permutation(mask) for _ in range(draws)])
    medians = [
        np.median(np.tile(values, (draws, 1))[side].reshape(draws, -1), axis=1) for side in (drawn, ~drawn)
    ]
    as_far = int((np.abs(medians[0] - medians[1]) >= gap).sum())
    rows.append(
        {
            "what": "Population médiane",
            "inside": french.number(float(np.median(values[mask]))),
            "outside": french.number(float(np.median(values[~mask]))),
            "test": f"p = {french.number((1 + as_far) / (1 + draws), 3)} (permutation)",
        }
    )
    rows.append(
        {
            "what": "Population réunie",
            "inside": french.number(float(values[mask].sum())),
            "outside": french.number(float(values[~mask].sum())),
            "test": "—",
        }
    )
    return pd.DataFrame(rows)


def sample_sentence(study: Study) -> str:
    """Contacts and answers, sizes of the sixteen, and what kind of sample they are."""
    figures = study.table(f"{DOCUMENT}/figures").set_index("figure_id")["value"]
    asked, answered = int(figures["cpts_sollicitees"]), int(figures["cpts_interrogees"])
    table = sample(study, draws=1).set_index("what")
    small, median = table.loc["CPTS de taille 1"], table.loc["Population médiane"]
    return (
        f"{answered} CPTS sur {asked} sollicitées ont répondu ({french.percent(100 * answered / asked)}), par choix et non par "
        f"tirage. Parmi les {len(_listed(study))} de la carte, elles sont plus petites : {small['inside']} de taille 1 contre "
        f"{small['outside']} des autres, et {median['inside']} habitants en médiane contre {median['outside']}."
    )


def context(study: Study) -> pd.DataFrame:
    """Printed figures of the region (figures 5 and 6 of the thesis and their text), one row each, as printed."""
    table = study.table(f"{DOCUMENT}/figures")
    inside = table["geography"].str.startswith("auvergne_rhone_alpes") & (table["indicator"] != "enquete")
    table = table[inside & (table["figure_id"] != "population_attendue_guide")]
    return pd.DataFrame(
        {
            "label_fr": table["label_fr"],
            "printed_value": [in_a_cell(row) or row["printed"] for row in table.to_dict("records")],
            "unit": table["unit"],
            "year": table["date"].dt.year.astype(str),
            "line": table["line"].astype(str),
        }
    ).reset_index(drop=True)


def _listed(study: Study) -> pd.DataFrame:
    return study.table(f"{DOCUMENT}/cpts_region")


def _places(study: Study) -> pd.DataFrame:
    places = study.table("open/departments")
    places = places[places["region"] == REGION]
    return places.assign(population=places[f"population_{YEAR}"])[["code", "name", "population"]]


def _row(name: str, rows: pd.DataFrame, population: float) -> dict[str, object]:
    covered = float(rows["value"].sum())
    return {
        "name": name,
        "cpts": len(rows),
        "covered": covered,
        "population": population,
        "share": 100 * covered / population,
        "per_100000": 100_000 * len(rows) / population,
    }


def _between(low: object, high: object, decimals: int = 1) -> str:
    return f"de {french.number(float(str(low)), decimals)} à {french.number(float(str(high)), decimals)}"
