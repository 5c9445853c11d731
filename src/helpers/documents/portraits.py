"""CPTS as the descriptive tables of the documents show them, one two-way table each: what is printed, never turned into a number.

A range stays a range ("180 à 200"), a bound stays a bound ("> 42 000"), people stay whole.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.documents.quantities import in_a_cell
from helpers.methods import describe

MILLER, AURA, NAVINEL = "miller2022", "aura2022", "navinel2020"
ABSENT = "—"
# Kinds of establishments of table VII, by what a reader looks for.
_ESTABLISHMENTS: Mapping[str, tuple[str, ...]] = {
    "hospitals": ("ght", "hopital", "clinique_privee", "ssr", "centre_reeducation", "unite_dialyse"),
    "teams": ("msp", "maison_de_sante", "pole_de_sante", "esp", "regroupement_interprofessionnel"),
    "centres": ("centre_de_sante", "centre_de_soins", "maison_medicale"),
    "homes": ("ehpad", "residence_autonomie", "maison_departementale"),
}
FIVE_HEADS_FR = {"row": "Ce qui est imprimé", "lines": "Lignes"}
FRIEZE_HEADS_FR = {"cpts": "CPTS", "date": "Date", "label_fr": "Étape", "line": "Ligne"}
IDENTITY_HEADS_FR = {
    "cpts": "CPTS",
    "name": "Nom imprimé",
    "stage": "Étape",
    "size": "Taille déclarée",
    "size_from_map": "Taille selon la carte",
    "created": "Création",
    "person": "Personne interrogée",
    "pharmacist": "Pharmacien interrogé",
    "line": "Ligne",
}
NUMBERS_HEADS_FR = {
    "cpts": "CPTS",
    "declared": "Population déclarée",
    "map": "Population de la carte",
    "communes": "Communes",
    "members": "Adhérents",
    "professionals": "Professionnels du territoire",
    "lines": "Lignes",
}
ESTABLISHMENT_HEADS_FR = {
    "cpts": "CPTS",
    "hospitals": "Hôpitaux, cliniques, soins de suite",
    "teams": "Maisons, pôles et équipes de santé",
    "centres": "Centres et maisons médicales",
    "homes": "Personnes âgées, action sociale",
    "line": "Ligne",
}
PARTICIPANT_HEADS_FR = {
    "interviewee": "Médecin",
    "age": "Âge et sexe",
    "practice": "Exercice",
    "installed": "Installation",
    "cpts": "Adhère à la CPTS",
    "union": "Syndiqué",
    "date": "Entretien et durée",
    "lines": "Lignes",
}


def five(study: Study) -> pd.DataFrame:
    """The five CPTS of the Miller thesis side by side: table 4, members, bureau and colleges, one row per item, lines last."""
    general = study.table(f"{MILLER}/general").set_index("cpts")
    members = study.table(f"{MILLER}/members").set_index("cpts")
    rows: dict[str, tuple[pd.Series[str], object]] = {
        "Création de l'association": (
            general["created"].map(lambda day: french.date(day.date())),
            _span(general),
        ),
        "Étape": (general["stage"].map(labels.codes(f"{MILLER}/general", "stage")), _span(general)),
        "Née d'un centre de santé": (general["from_health_centre"].map(french.cell), _span(general)),
        "Née d'une MSP": (general["from_msp"].map(french.cell), _span(general)),
        "Née de professionnels libéraux": (
            general["from_liberal_professionals"].map(french.cell),
            _span(general),
        ),
        "Cabinet de conseil": (general["consultant"].map(french.cell), _span(general)),
        "Adhérents": (
            members["printed"],
            members["line"].iloc[0],
        ),
        "Bureau": _bureaux(study),
        "Collèges": _colleges(study),
    }
    table = pd.DataFrame(
        {row: values.reindex(general.index).fillna(ABSENT) for row, (values, _) in rows.items()}
    ).T
    table["lines"] = [str(line) for _, line in rows.values()]
    return table.rename_axis(index="row", columns=None).reset_index()


def five_sentence(study: Study) -> str:
    """The five CPTS in a sentence: densities, members, size of the bureau, who sits in all of them."""
    printed = study.table(f"{MILLER}/territories")
    density = printed[(printed["indicator"] == "densite") & (printed["cpts"] != "ile_de_france")]["value"]
    bureau = study.table(f"{MILLER}/bureau")
    size = bureau.groupby("cpts")["members"].sum()
    members = study.table(f"{MILLER}/members")["value"]
    return (
        f"Les {len(size)} CPTS d'Île-de-France vont de {french.number(float(density.min()), 0)} à "
        f"{french.number(float(density.max()), 0)} habitants au km², de {french.number(float(members.min()))} à "
        f"{french.number(float(members.max()))} adhérents ; leurs bureaux ont de {french.number(int(size.min()))} à "
        f"{french.number(int(size.max()))} personnes, des médecins dans les {len(size)}."
    )


def population_sentence(study: Study) -> str:
    """The answer: how many inhabitants the CPTS of the region cover, and how they divide into the four sizes."""
    values = study.table(f"{AURA}/cpts_region")["value"]
    spread = describe.distribution(values, indicator="population", unit="habitants").set_index("statistic")[
        "value"
    ]
    sizes = aci.size_classes(values, aci.bounds(study)).value_counts().sort_index()
    said = french.listing(f"{count} de taille {size}" for size, count in sizes.items())
    return (
        f"Les {len(values)} CPTS d'Auvergne-Rhône-Alpes couvrent de {french.number(spread['minimum'])} à "
        f"{french.number(spread['maximum'])} habitants, la moitié plus de {french.number(spread['median'])} : {said}."
    )


def frieze(study: Study) -> pd.DataFrame:
    """Dated steps of CPTS A to E: columns of the figure (`cpts` named, `date`, `stage`) and of FRIEZE_HEADS_FR.

    The five associations are one kind of step, the other steps are told for CPTS A only.
    """
    table = study.table(f"{MILLER}/cpts_timeline").sort_values(["cpts", "date"], kind="stable")
    founding = table["event"] == "association"
    return table.assign(
        cpts="CPTS " + table["cpts"],
        stage=founding.map({True: "association créée", False: "autre étape (publiée pour la CPTS A)"}),
    ).reset_index(drop=True)


def frieze_caption(study: Study) -> str:
    """Title of the picture of `frieze`: in how many months the associations were born, and whose other steps are dated."""
    table = frieze(study)
    born = table.loc[table["event"] == "association", "date"]
    months = 12 * (born.max().year - born.min().year) + born.max().month - born.min().month
    told = table.loc[table["event"] != "association", "cpts"].drop_duplicates()
    return f"{len(born)} CPTS créées en {months} mois ; les autres étapes ne sont datées que pour {french.listing(told)}"


def yes_caption(table: pd.DataFrame, count: int) -> str:
    """Title of the picture of `answered_yes`, items in French: the items that all the CPTS, then none, answer yes to."""
    ends = [table.loc[table["count"] == end, "item"].map(french.first_lower).tolist() for end in (count, 0)]
    said = [
        f"{who} : {french.listing(items)}"
        for who, items in zip(("Toutes", "aucune"), ends, strict=True)
        if items
    ]
    return f"{' ; '.join(said)} (oui, sur {count} CPTS)"


def frieze_rows(study: Study) -> pd.DataFrame:
    """The steps of `frieze` as a reader sees them, dates in words: columns of FRIEZE_HEADS_FR."""
    table = frieze(study)
    said = [
        french.date(day.date(), unit)
        for day, unit in zip(table["date"], table["date_precision"], strict=True)
    ]
    return table.assign(date=said, line=table["line"].astype(str))[list(FRIEZE_HEADS_FR)]


def identities(study: Study) -> pd.DataFrame:
    """Tables III and IV of the AURA thesis, one row per CPTS interviewed: stage, sizes, years, who spoke."""
    name = f"{AURA}/interviewed_cpts"
    table = study.table(name)
    mapped = study.table(f"{AURA}/cpts_region").dropna(subset=["cpts"]).set_index("cpts")["value"]
    sizes = aci.size_classes(mapped, aci.bounds(study))
    spoke = study.table(f"{AURA}/interviewed_pharmacists").set_index("cpts")["role"]
    roles = labels.codes(f"{AURA}/interviewed_pharmacists", "role")
    profiles, trades = labels.codes(name, "profile"), labels.codes(name, "profession")
    return pd.DataFrame(
        {
            "cpts": table["cpts"],
            "name": table["name_printed"].str.removeprefix("CPTS "),
            "stage": table["maturity"].map(labels.codes(name, "maturity")).fillna("non imprimée"),
            "size": table["size"].astype(str),
            "size_from_map": table["cpts"].map(sizes).astype(str),
            "created": [
                str(first) if pd.isna(changed) else f"{first}, puis {changed}"
                for first, changed in zip(table["created_year"], table["changed_year"], strict=True)
            ],
            "person": [
                profiles[role] if pd.isna(trade) else f"{profiles[role]}, {trades[trade]}"
                for role, trade in zip(table["profile"], table["profession"], strict=True)
            ],
            "pharmacist": table["cpts"].map(spoke).map(roles).fillna(ABSENT),
            "line": table["line"].astype(str),
        }
    )


def numbers(study: Study) -> pd.DataFrame:
    """Tables V and VI of the AURA thesis beside its map, one row per CPTS: populations, communes, members, as printed."""
    cells = {
        (row["cpts"], row["measure"]): row
        for name in ("interviewed_populations", "interviewed_members")
        for row in study.table(f"{AURA}/{name}").to_dict("records")
    }
    mapped = study.table(f"{AURA}/cpts_region").dropna(subset=["cpts"]).set_index("cpts")["value"]
    measures = {
        "declared": "population",
        "communes": "communes",
        "members": "adherents",
        "professionals": "professionnels",
    }
    rows = []
    for cpts in study.table(f"{AURA}/interviewed_cpts")["cpts"]:
        found = {key: cells.get((cpts, measure)) for key, measure in measures.items()}
        said = {key: _said(cell) for key, cell in found.items()}
        lines = dict.fromkeys(str(cell["line"]) for cell in found.values() if cell)
        rows.append(
            {"cpts": cpts, **said, "map": french.number(float(mapped[cpts])), "lines": ", ".join(lines)}
        )
    return pd.DataFrame(rows)[list(NUMBERS_HEADS_FR)]


def establishments(study: Study) -> pd.DataFrame:
    """Table VII of the AURA thesis, one row per CPTS: establishments with which it has links, by kind, as printed."""
    name = f"{AURA}/establishments"
    table = study.table(name)
    kinds, scopes = labels.codes(name, "kind"), labels.codes(name, "scope")
    rows = []
    for cpts in study.table(f"{AURA}/interviewed_cpts")["cpts"]:
        own = table[table["cpts"] == cpts]
        said = {
            group: " ; ".join(
                _establishment(row, kinds, scopes)
                for row in own[own["kind"].isin(members)].to_dict("records")
            )
            or ABSENT
            for group, members in _ESTABLISHMENTS.items()
        }
        rows.append({"cpts": cpts, **said, "line": str(own["line"].min())})
    return pd.DataFrame(rows)


def participants(study: Study) -> pd.DataFrame:
    """The physicians interviewed by Navinel, one row each: age class, practice, memberships, interview."""
    name = f"{NAVINEL}/interviewees"
    people = study.table(name).merge(
        study.table(f"{NAVINEL}/interviews"),
        left_on="interviewee",
        right_on="interview",
        suffixes=("", "_interview"),
    )
    return pd.DataFrame(
        {
            "interviewee": people["interviewee"],
            "age": [
                f"{low} à {high} ans, {sex}"
                for low, high, sex in zip(
                    people["age_min"],
                    people["age_max"],
                    people["sex"].map(labels.codes(name, "sex")),
                    strict=True,
                )
            ],
            "practice": people["practice"].map(labels.codes(name, "practice")),
            "installed": people["year_installed"].astype(str),
            "cpts": people["cpts_member"].astype(bool).map(french.cell),
            "union": people["union_member"].astype(bool).map(french.cell),
            "date": [
                f"{french.date(day.date(), unit)}, {int(minutes)} min"
                for day, unit, minutes in zip(
                    people["date"], people["date_precision"], people["duration"], strict=True
                )
            ],
            "lines": [
                f"{one}, {other}" for one, other in zip(people["line"], people["line_interview"], strict=True)
            ],
        }
    )


def answered_yes(answers: pd.DataFrame) -> pd.DataFrame:
    """Number of CPTS that answer yes to each item, the most frequent first: columns `item` (code) and `count`."""
    counted = (answers["status"] == "oui").groupby(answers["item"], sort=False).sum()
    ranked = counted.sort_values(ascending=False, kind="stable")
    return ranked.rename("count").rename_axis("item").reset_index()


def _span(general: pd.DataFrame) -> str:
    return f"{general['line'].min()}–{general['line_end'].max()}"


def _bureaux(study: Study) -> tuple[pd.Series[str], object]:
    table = study.table(f"{MILLER}/bureau")
    named = labels.codes(f"{MILLER}/bureau", "profession")
    said = table.assign(
        said=[
            french.plural(count, named[trade])
            for count, trade in zip(table["members"], table["profession"], strict=True)
        ]
    )
    return said.groupby("cpts")["said"].agg(french.listing), table["line"].iloc[0]


def _colleges(study: Study) -> tuple[pd.Series[str], object]:
    table = study.table(f"{MILLER}/governance_colleges")
    return table.groupby("cpts")["label_fr"].agg(" ; ".join), table["line"].iloc[0]


def _said(cell: Mapping[str, object] | None) -> str:
    if cell is None:
        return "non imprimé"
    printed = str(cell["printed"])
    return in_a_cell(cell) or (printed if len(printed) > 1 else "non imprimé")


def _establishment(row: Mapping[str, object], kinds: Mapping[str, str], scopes: Mapping[str, str]) -> str:
    count = "" if pd.isna(row["value"]) else f" : {french.number(float(str(row['value'])))}"
    where = "" if row["scope"] == "territoire" else f" ({scopes[str(row['scope'])]})"
    return f"{kinds[str(row['kind'])]}{where}{count}"
