"""The funding scale of the ACI as five documents print it: one tidy table, never retyped."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.errors import DataError

# Where each document prints the whole scale, and the year of the scale.
SCALES = {"navinel2020": 2019, "laine2021": 2019, "miller2022": 2022, "aura2022": 2022, "fabrique2022": 2022}
AGREEMENTS_FR = {2019: "accord de 2019", 2022: "après les avenants 1 et 2"}

# Lines of the scale that are neither a mission nor a total.
EXTRAS_FR = {
    "aide_exceptionnelle": "Aide exceptionnelle",
    "supplement_snp": "Supplément soins non programmés",
    "majoration": "Majoration au-dessus de 175 000 habitants",
}
# A row of a printed table: the post it belongs to, and when it is paid.
YEARLY = "chaque année"
PLAN_WRITTEN, PLAN_UPDATED = "année de rédaction du plan", "années suivantes"
PERIODS = {
    "fonctionnement_avant_aci": ("fonctionnement", "avant le démarrage des missions"),
    "aide_exceptionnelle": ("aide_exceptionnelle", "une fois, à la signature"),
    "plan_premiere_redaction": ("crise_sanitaire", PLAN_WRITTEN),
    "plan_mise_a_jour": ("crise_sanitaire", PLAN_UPDATED),
}
CRISIS_PERIODS = {"variable": "si une crise survient", "total": "année de rédaction du plan, avec une crise"}
PRINTED = "imprimé"
COMPARE_FR = {
    "mission": "Mission",
    "size": "Taille",
    "first": "2019 (€)",
    "second": "2022 (€)",
    "gap": "Différence (€)",
    "percent": "Différence (%)",
}
DISAGREE_FR = {
    "agreement": "Accord",
    "mission": "Poste",
    "part": "Part",
    "size": "Taille",
    "lowest": "Plus petit (€)",
    "highest": "Plus grand (€)",
    "sources": "Qui écrit quoi (document, ligne)",
}


def funding(document: str, study: Study) -> pd.DataFrame:
    """ACI amounts printed by one document: mission, part, size, value (euros per year), line.

    Raises DataError when the document prints no scale.
    """
    if document not in SCALES:
        raise DataError(
            f"Le document « {document} » n'imprime pas de barème ACI (connus : {', '.join(SCALES)})."
        )
    table = study.table(f"{document}/aci_funding")
    kept = [column for column in ("mission", "part", "size", "printed", "value", "line") if column in table]
    return table[kept].assign(document=document, scale_year=SCALES[document])


def whole_scale(study: Study) -> pd.DataFrame:
    """The whole scale of the five documents, one row per printed amount.

    Columns: `document`, `agreement` (French), `source_table`, `mission` (post), `part`, `period` (when it is paid), `size`,
    `value`, `lower`, `upper` (euros; `value` is missing where a document prints a range only), `line`, `status` (printed,
    or repaired and how), `note`. Amounts of the prose, which give no table (supplement of 2019 for unscheduled care, increase
    above 175 000 inhabitants, ceiling before it), are rows too, with their line.
    """
    tables = [_document(document, study) for document in SCALES]
    prose = [_supplement(study), _increase(study), _former_ceiling(study)]
    return pd.concat([*tables, *prose], ignore_index=True)


def document_scale(document: str, study: Study) -> pd.DataFrame:
    """Rows of `whole_scale` of one document; of Lainé 2021, annex 7 only (its tables 3 to 5 repeat or contradict it).

    Raises DataError when the document prints no scale.
    """
    return study.once(("scale", document), lambda: _document_scale(document, study))


def _document_scale(document: str, study: Study) -> pd.DataFrame:
    if document not in SCALES:
        funding(document, study)
    prose = {"laine2021": [_supplement], "miller2022": [_increase]}.get(document, [])
    rows = pd.concat([_document(document, study), *(table(study) for table in prose)], ignore_index=True)
    return rows[rows["source_table"].isin(["", "annexe_7", "texte"])].reset_index(drop=True)


def missions() -> dict[str, str]:
    """French name of each mission of the agreement, its operating costs first and its total last, by code."""
    extras = ("fonctionnement_avant_aci", "aide_exceptionnelle")
    named = labels.codes("miller2022/aci_funding", "mission")
    return {code: name for code, name in named.items() if code not in extras}


def posts() -> dict[str, str]:
    """French name of each line of the scale, by code: the missions, then what is added to them."""
    return {**missions(), **EXTRAS_FR}


def parts() -> dict[str, str]:
    """French name of each part of an amount (fixed, variable, total), by code."""
    return labels.codes("miller2022/aci_funding", "part")


def _document(document: str, study: Study) -> pd.DataFrame:
    table = study.table(f"{document}/aci_funding")
    statuses = labels.codes("miller2022/territories", "repair")
    placed = [PERIODS.get(mission, (mission, YEARLY)) for mission in table["mission"]]
    rows = pd.DataFrame(
        {
            "document": document,
            "agreement": AGREEMENTS_FR[SCALES[document]],
            "source_table": _text(table, "source_table"),
            "mission": [mission for mission, _ in placed],
            "part": table["part"].astype(str),
            "period": [period for _, period in placed],
            "size": table["size"],
            "value": table["value"],
            "lower": table["value"],
            "upper": table["value"],
            "line": table["line"],
            "status": _text(table, "repair").map(lambda repair: statuses.get(repair, PRINTED)),
            "note": _text(table, "note"),
        }
    )
    crisis = (rows["mission"] == "crise_sanitaire") & (rows["period"] == YEARLY)
    rows.loc[crisis, "period"] = rows.loc[crisis, "part"].map(CRISIS_PERIODS)
    return rows


def _text(table: pd.DataFrame, column: str) -> pd.Series[str]:
    found = table[column].fillna("") if column in table else pd.Series("", index=table.index)
    return found.astype(str)


def _supplement(study: Study) -> pd.DataFrame:
    """Supplement of 2019 for unscheduled care (Lainé 2021): the prose gives its smallest and its largest amount only."""
    figures = study.table("laine2021/figures").set_index("figure_id")
    low, high = float(figures.loc["snp_min", "value"]), float(figures.loc["snp_max", "value"])
    classes = study.table("laine2021/size_classes")["size"].astype(int).tolist()
    rows = []
    for size in classes:
        exact = low if size == min(classes) else high if size == max(classes) else None
        rows.append(
            {
                "size": size,
                "value": float("nan") if exact is None else exact,
                "lower": low if exact is None else exact,
                "upper": high if exact is None else exact,
            }
        )
    return _prose(
        rows, "laine2021", 2019, "supplement_snp", "en plus, si le dispositif est organisé",
        int(figures.loc["snp_min", "line"]), "Bornes du texte rattachées à la plus petite et à la plus grande taille.",
    )  # fmt: skip


def _increase(study: Study) -> pd.DataFrame:
    """Increase above 175 000 inhabitants (Miller 2022): an amount and a condition of the prose."""
    figures = study.table("miller2022/figures").set_index("figure_id")
    amount = float(figures.loc["majoration", "value"])
    largest = int(study.table("miller2022/size_classes")["size"].max())
    rows = [{"size": largest, "value": amount, "lower": amount, "upper": amount}]
    note = "Au moins cent adhérents ; déjà compris dans le plafond de la taille 4 (450 000 € avant, 580 000 € après)."
    return _prose(
        rows, "miller2022", 2022, "majoration", "compris dans les montants de la taille 4",
        int(figures.loc["majoration", "line"]), note,
    )  # fmt: skip


def _former_ceiling(study: Study) -> pd.DataFrame:
    """Ceiling of the largest size before the second amendment, which the thesis on Auvergne-Rhône-Alpes gives in its prose."""
    money = study.table("aura2022/money").set_index("money_id").loc["plafond_taille4_ancien"]
    largest = int(study.table("miller2022/size_classes")["size"].max())
    amount = float(money["value"])
    rows = [{"size": largest, "value": amount, "lower": amount, "upper": amount}]
    note = "Plafond d'avant l'avenant 2 ; comprend sans doute le supplément pour soins non programmés."
    return _prose(rows, "aura2022", 2019, "total", YEARLY, int(money["line"]), note)


def _prose(
    rows: list[dict[str, float]], document: str, year: int, mission: str, period: str, line: int, note: str
) -> pd.DataFrame:
    table = pd.DataFrame(rows).astype({"size": "Int64"})
    return table.assign(
        document=document, agreement=AGREEMENTS_FR[year], source_table="texte", mission=mission, part="total",
        period=period, line=pd.array([line] * len(table), dtype="Int64"), status=PRINTED, note=note,
    )  # fmt: skip


def disagreements(rows: pd.DataFrame) -> pd.DataFrame:
    """Amounts that two passages print differently for the same agreement, post, part, period and size.

    Takes `whole_scale`. Returns one row per disagreement: `agreement`, `mission`, `part`, `size`, `lowest`, `highest` (euros)
    and `sources`, which says the amount of each document with its line. Empty when all agree.
    """
    key = ["agreement", "mission", "part", "period", "size"]
    found = []
    for place, same in rows.dropna(subset=["value"]).groupby(key, sort=False):
        if same["value"].nunique() > 1:
            said = [
                f"{french.number(row['value'])} : {row['document']}, l. {row['line']}"
                for _, row in same.drop_duplicates(["document", "value"]).iterrows()
            ]
            found.append(
                {
                    "agreement": place[0],
                    "mission": place[1],
                    "part": place[2],
                    "size": place[4],
                    "lowest": float(same["value"].min()),
                    "highest": float(same["value"].max()),
                    "sources": " ; ".join(said),
                }
            )
    return pd.DataFrame(found, columns=list(DISAGREE_FR))


def compare(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Total amounts of two scales side by side: one row per mission and size, in the order of the second scale.

    Takes two outputs of `funding`. Returns `mission`, `size`, `first`, `second` (euros per year), `gap` and `percent` (of the
    first); a mission absent from a scale has a missing amount there, never zero.
    """
    totals = [
        table[(table["part"] == "total")]
        .drop_duplicates(["mission", "size"])
        .set_index(["mission", "size"])["value"]
        for table in (first, second)
    ]
    order = [*totals[1].index, *(key for key in totals[0].index if key not in totals[1].index)]
    joined = pd.DataFrame({"first": totals[0], "second": totals[1]}).reindex(order)
    joined = joined[joined.index.get_level_values("mission").isin(missions())]
    joined["gap"] = joined["second"] - joined["first"]
    joined["percent"] = 100 * joined["gap"] / joined["first"]
    return joined.rename_axis(["mission", "size"]).reset_index()


def side_by_side(compared: pd.DataFrame) -> pd.DataFrame:
    """The output of `compare` as a two-way table: one row per mission (in French), one column per size, "50 000 → 80 000".

    One number alone did not change; "—" before the arrow is a mission that the first scale does not have.
    """
    rows = compared.dropna(subset=["second"])
    said = rows.assign(
        said=[_change(first, second) for first, second in zip(rows["first"], rows["second"], strict=True)],
        column=rows["size"].map("Taille {}".format),
    )
    wide = said.pivot(index="mission", columns="column", values="said").reindex(missions_in(rows))
    return wide.rename(index=missions()).rename_axis(index="mission", columns=None).reset_index()


def rise_sentence(compared: pd.DataFrame) -> str:
    """From the output of `compare`: the ceiling of the smallest and largest size, and the mission that rose most."""
    total = compared[compared["mission"] == "total"].sort_values("size")
    parts = [
        f"de {french.number(row['first'])} à {french.number(row['second'])} euros en taille {row['size']} "
        f"({french.signed(row['percent'], 1)} %)"
        for row in (total.iloc[0], total.iloc[-1])
    ]
    known = compared[(compared["mission"] != "total") & compared["gap"].notna()]
    first = known.groupby("mission", sort=False)["gap"].sum().idxmax()
    return (
        f"De 2019 à 2022, le plafond annuel de l'accord passe {french.listing(parts)} ; parmi les missions de 2019, "
        f"« {missions()[str(first)]} » est celle qui monte le plus."
    )


def rise_caption(compared: pd.DataFrame) -> str:
    """Title of the slopes of `compare`: the smallest and the largest rise of the ceiling, each with its size."""
    total = compared[compared["mission"] == "total"].sort_values("percent")
    least, most = total.iloc[0], total.iloc[-1]
    return (
        f"Plafond annuel de 2019 à 2022 : de {french.signed(least['percent'], 0)} % (taille {least['size']}) "
        f"à {french.signed(most['percent'], 0)} % (taille {most['size']})"
    )


def missions_in(table: pd.DataFrame) -> list[str]:
    """Missions of a table in the order of the scale."""
    return [mission for mission in missions() if mission in set(table["mission"])]


def _change(first: float, second: float) -> str:
    if first == second:
        return french.number(second)
    return f"{'—' if pd.isna(first) else french.number(first)} → {french.number(second)}"
