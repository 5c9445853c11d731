"""What one CPTS may receive from the ACI in a year of its contract: an amount where the documents allow it, else a range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.aci import calendar, rules
from helpers.aci.calendar import MONTHS_IN_YEAR
from helpers.aci.rules import RULES_FR
from helpers.aci.scale import (
    AGREEMENTS_FR,
    MISSIONS_FR,
    PLAN_UPDATED,
    PLAN_WRITTEN,
    SCALES,
    STATUS_FR,
    YEARLY,
    document_scale,
)
from helpers.aci.sizes import SIZES, bounds, size_class
from helpers.errors import NotComputable, UnknownName

MISSIONS = tuple(mission for mission in MISSIONS_FR if mission not in ("fonctionnement", "total"))
COLUMNS = ("mission", "part", "amount", "lower", "upper", "rule", "document", "line", "note")
SIMULATION_FR = {
    "mission": "Poste",
    "part": "Part",
    "amount": "Montant (€)",
    "lower": "Au moins (€)",
    "upper": "Au plus (€)",
    "document": "Document",
    "line": "Ligne",
    "note": "Règle",
}
Rates = float | Mapping[str, float] | None
Range = tuple[float, float]


@dataclass
class _Case:
    """One simulation in progress: its inputs once checked, the printed scale of its size, the rows found so far."""

    size: int
    year: int
    crisis: bool
    document: str
    agreement: int
    printed: pd.DataFrame
    dates: calendar.Dates
    starts: Mapping[str, float]
    latest: Mapping[str, float]
    signed: pd.Timestamp | None
    rows: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, mission: str, part: str, period: str | None = None) -> pd.Series[Any] | None:
        """Printed cell, or None when the document has none."""
        found = self.printed[(self.printed["mission"] == mission) & (self.printed["part"] == part)]
        if period is not None:
            found = found[found["period"] == period]
        return None if found.empty else found.iloc[0]

    def add(
        self, mission: str, part: str, amounts: Range, rule: str, cell: pd.Series[Any] | None, **said: object
    ) -> None:
        """One row: an exact amount when both bounds are the same, else a missing amount with its bounds."""
        lower, upper = amounts
        note = RULES_FR[rule].format(**said)
        if cell is not None and cell["status"] == STATUS_FR["arithmetic"]:
            note += f" {RULES_FR['cellule_reparee']}"
        self.rows.append(
            {
                "mission": mission,
                "part": part,
                "amount": lower if lower == upper else math.nan,
                "lower": lower,
                "upper": upper,
                "rule": rule,
                "document": self.document if cell is None else cell["document"],
                "line": pd.NA if cell is None else cell["line"],
                "note": note,
            }
        )


def simulate(
    population: float,
    *,
    year_of_contract: int = 1,
    missions: Sequence[str] = MISSIONS,
    fixed_rates: Rates = 1.0,
    variable_rates: Rates = 1.0,
    signed_on: object = None,
    members: float | None = None,
    scale: str = "aura2022",
    crisis: bool = False,
    starts: Mapping[str, float] | None = None,
    package: catalog.Package | str | None = None,
) -> pd.DataFrame:
    """Amounts of the ACI for one CPTS and one year of its contract, by the scale that a document prints.

    `population` in inhabitants; `year_of_contract` from 1 to 5; `missions` under way that year, codes of MISSIONS
    ("fonctionnement" is always counted); rates of achievement from 0 to 1, one for all missions or one by mission (a mission
    without a rate, or None, is unknown: 0 to 1); `signed_on` a date, or text AAAA-MM-JJ, or nothing when unknown; `members`
    the number of members, or nothing; `scale` one of SCALES; `crisis` whether a health crisis occurred that year; `starts`
    the months between signature and start by mission, where known.

    Returns long unrounded rows: `mission`, `part`, `amount`, `lower`, `upper` (euros of the year), `rule`, `document`, `line`,
    `note` (French), `size`; the last row is the total. An amount that the document does not settle is missing and has
    bounds; an upper bound that nothing gives is missing too: the total is then "at least". Nothing unknown counts as zero.

    Raises NotComputable (population, year, rate, date, number of members, months, mission twice or out of the agreement),
    UnknownName (mission), DataError (scale).
    """
    classes = bounds(package)
    size = size_class(population, classes)
    agreement = calendar.scale_year(scale)
    chosen = _missions(missions, scale, agreement)
    limits = calendar.deadlines(agreement, package).set_index("mission")["demarrage"]
    printed = document_scale(scale, package)
    case = _Case(
        size=size,
        year=rules.contract_year(year_of_contract, _duration(package)),
        crisis=crisis,
        document=scale,
        agreement=agreement,
        printed=printed[printed["size"] == size],
        dates=calendar.dates(package),
        starts=rules.months(starts or {}),
        latest={mission: float(months) for mission, months in limits.items() if not pd.isna(months)},
        signed=rules.signature(signed_on, calendar.dates(package)),
    )
    joined = rules.members(members)
    _functioning(case, package)
    _aid(case)
    for mission in chosen:
        fixed = rules.rate(fixed_rates, mission, "fixe")
        variable = rules.rate(variable_rates, mission, "variable")
        _mission(case, mission, fixed, variable)
    _supplement(case, chosen)
    _members_condition(case, joined, package)
    _total(case, population in set(classes["upper"].dropna()))
    table = pd.DataFrame(case.rows, columns=list(COLUMNS)).assign(size=size)
    return table.astype({"amount": "float64", "lower": "float64", "upper": "float64", "line": "Int64"})


def _missions(missions: Sequence[str], document: str, agreement: int) -> list[str]:
    chosen = [mission for mission in missions if mission != "fonctionnement"]
    for mission in chosen:
        if mission not in MISSIONS:
            raise UnknownName("Mission", mission, MISSIONS)
        if chosen.count(mission) > 1:
            raise NotComputable(
                f"Mission « {mission} » donnée deux fois : une mission n'est financée qu'une fois."
            )
    if agreement == min(AGREEMENTS_FR) and "crise_sanitaire" in chosen:
        others = ", ".join(name for name, year in SCALES.items() if year != agreement)
        raise NotComputable(
            f"La mission « crise_sanitaire » n'existe pas dans l'accord de {agreement} (barème {document}) : "
            f"retirez-la ou choisissez un barème d'après les avenants ({others})."
        )
    return [mission for mission in MISSIONS if mission in chosen]


def _duration(package: catalog.Package | str | None) -> int:
    """Years that a contract lasts, as the thesis on Auvergne-Rhône-Alpes prints them."""
    figures = catalog.load("aura2022/figures", package).set_index("figure_id")
    return int(figures.loc["duree_contrat", "value"])


def _functioning(case: _Case, package: catalog.Package | str | None) -> None:
    cell = case.cell("fonctionnement", "total", YEARLY)
    if cell is None:
        case.add("fonctionnement", "total", (0.0, math.nan), "montant_absent", None)
        return
    amount = float(cell["value"])
    if case.document == "laine2021" and case.year > 1:
        share = (
            catalog.load("laine2021/payment_rules", package)
            .set_index("rule")
            .loc["fonctionnement_suivantes", "value"]
        )
        said = french.percent(share, 0)
        low = amount * float(share) / 100
        case.add("fonctionnement", "total", (low, amount), "fonctionnement_75", cell, rate=said)
    else:
        case.add("fonctionnement", "total", (amount, amount), "fonctionnement", cell)


def _aid(case: _Case) -> None:
    """Exceptional aid: once, in the first year, of the agreement after the amendments only."""
    if case.agreement == min(AGREEMENTS_FR) or case.year > 1:
        return
    cell, signed, days = case.cell("aide_exceptionnelle", "total"), case.signed, case.dates
    if signed is not None and signed >= days.aid_in_table:
        case.add("aide_exceptionnelle", "total", (0.0, 0.0), "aide_hors_delai", cell)
    elif cell is None:
        case.add("aide_exceptionnelle", "total", (0.0, math.nan), "aide_non_imprimee", None)
    else:
        amount = float(cell["value"])
        if signed is None:
            rule = "aide_date_inconnue"
        elif signed < days.second_amendment:
            rule = "aide_avant_avenant"
        elif signed >= days.aid_in_prose:
            rule = "aide_deux_echeances"
        else:
            rule = "aide"
        sure = rule == "aide" or (rule == "aide_deux_echeances" and case.document != "miller2022")
        case.add("aide_exceptionnelle", "total", (amount if sure else 0.0, amount), rule, cell)


def _mission(case: _Case, mission: str, fixed: Range, variable: Range) -> None:
    period = None
    if mission == "crise_sanitaire":
        period = PLAN_WRITTEN if case.year == 1 else PLAN_UPDATED
    means, results = case.cell(mission, "fixe", period), case.cell(mission, "variable")
    share, start_rule = _share_of_first_year(case, mission)
    if means is None or results is None:
        _unsplit(case, mission, (fixed[0] * share[0], fixed[1] * share[1]), variable)
        return
    amount = float(means["value"])
    rule = start_rule or ("fixe" if period is None else "plan_ecrit" if case.year == 1 else "plan_mis_a_jour")
    rule = "taux_inconnu" if fixed[0] != fixed[1] else rule
    low, high = amount * fixed[0] * share[0], amount * fixed[1] * share[1]
    case.add(mission, "fixe", (low, high), rule, means, rate=french.percent(100 * fixed[1], 0))
    amount = float(results["value"])
    if mission == "crise_sanitaire" and not case.crisis:
        case.add(mission, "variable", (0.0, 0.0), "sans_crise", results)
        return
    rule = "taux_inconnu" if variable[0] != variable[1] else "variable"
    said = french.percent(100 * variable[1], 0)
    case.add(mission, "variable", (amount * variable[0], amount * variable[1]), rule, results, rate=said)


def _share_of_first_year(case: _Case, mission: str) -> tuple[Range, str]:
    """Part of the fixed amount that the first year may carry: it is prorated by the start, how far is not said."""
    if case.year > 1:
        return (1.0, 1.0), ""
    if mission in case.starts:
        months, rule = case.starts[mission], "demarrage_prorata"
        if months == 0:
            return (1.0, 1.0), ""
    else:
        months, rule = case.latest.get(mission, float(MONTHS_IN_YEAR)), "demarrage_inconnu"
    return (max(0.0, 1 - months / MONTHS_IN_YEAR), 1.0), rule


def _unsplit(case: _Case, mission: str, fixed: Range, variable: Range) -> None:
    """A mission whose two parts are not printed: its total bounds what they give, whatever the split."""
    cell = case.cell(mission, "total")
    if cell is None:
        case.add(mission, "total", (0.0, math.nan), "montant_absent", None)
        return
    total = float(cell["value"])
    if mission == "crise_sanitaire" and not case.crisis:
        case.add(mission, "total", (0.0, total * fixed[1]), "crise_parts_non_imprimees", cell)
    elif mission == "crise_sanitaire" and case.year > 1:
        upper = total * max(fixed[1], variable[1])
        case.add(mission, "total", (0.0, upper), "crise_parts_non_imprimees", cell)
    else:
        lower, upper = total * min(fixed[0], variable[0]), total * max(fixed[1], variable[1])
        case.add(mission, "total", (lower, upper), "parts_non_imprimees", cell)


def _supplement(case: _Case, chosen: Sequence[str]) -> None:
    """Supplement of the agreement of 2019 for unscheduled care: it may be granted, the prose gives bounds."""
    cell = case.cell("supplement_snp", "total")
    if cell is not None and "acces_aux_soins" in chosen:
        case.add("supplement_snp", "total", (0.0, float(cell["upper"])), "supplement_snp", cell)


def _members_condition(case: _Case, members: float | None, package: catalog.Package | str | None) -> None:
    """The increase of the largest size asks for members: below, or unknown, it may be missing from the amounts."""
    asked = (
        catalog.load("miller2022/stated_counts", package)
        .set_index("figure_id")
        .loc["seuil_adherents", "value"]
    )
    if case.agreement == min(AGREEMENTS_FR) or case.size != max(SIZES):
        return
    if members is not None and members >= asked:
        return
    scale = document_scale("miller2022", package)
    cell = scale[scale["mission"] == "majoration"].iloc[0]
    sure = sum(row["lower"] for row in case.rows)
    rule = "majoration_inconnue" if members is None else "majoration_non_remplie"
    case.add(
        "majoration", "total", (-min(float(cell["value"]), sure), 0.0), rule, cell, asked=french.number(asked)
    )


def _total(case: _Case, on_a_bound: bool) -> None:
    lower = sum(row["lower"] for row in case.rows)
    upper = sum(row["upper"] for row in case.rows)
    rule = "total_au_moins" if math.isnan(upper) else "total" if lower == upper else "total_intervalle"
    case.add("total", "total", (lower, upper), rule, None)
    remarks = [RULES_FR["borne"]] if on_a_bound else []
    if case.signed is not None:
        year_end = case.signed + pd.DateOffset(years=case.year)
        year_start = case.signed + pd.DateOffset(years=case.year - 1)
        before, after = min(AGREEMENTS_FR), max(AGREEMENTS_FR)
        if case.agreement == before and year_start >= case.dates.second_amendment:
            remarks.append(RULES_FR["bareme_ancien"])
        if case.agreement == after and year_end <= case.dates.second_amendment:
            remarks.append(RULES_FR["bareme_posterieur"])
    case.rows[-1]["note"] = " ".join([case.rows[-1]["note"], *remarks])


def total(simulation: pd.DataFrame) -> pd.Series[Any]:
    """Row of the total of one simulation."""
    return simulation[simulation["mission"] == "total"].iloc[-1]


def total_sentence(simulation: pd.DataFrame) -> str:
    """Total in French: one amount, "de … à …", or "au moins …" when nothing bounds it from above."""
    row = total(simulation)
    if not math.isnan(row["amount"]):
        return f"{french.number(row['amount'], 0)} €"
    if math.isnan(row["upper"]):
        return f"au moins {french.number(row['lower'], 0)} €"
    return f"de {french.number(row['lower'], 0)} à {french.number(row['upper'], 0)} €"
