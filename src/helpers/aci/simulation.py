"""What one CPTS may receive from the ACI in a year of its contract: an amount where the documents allow it, else a range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers import french
from helpers.aci import rules
from helpers.aci.calendar import MONTHS_IN_YEAR, signature
from helpers.aci.printed import Printed, read
from helpers.aci.rules import RULES_FR
from helpers.aci.scale import (
    PLAN_UPDATED,
    PLAN_WRITTEN,
    SCALES,
    YEARLY,
    parts,
    posts,
)
from helpers.aci.sizes import SIZES, size_class
from helpers.catalog import Study, labels
from helpers.errors import NotComputable, UnknownName

# Missions proper, in the order of the scale: its operating costs and its total are none.
MISSIONS = (
    "acces_aux_soins",
    "coordination_parcours",
    "prevention",
    "crise_sanitaire",
    "qualite_pertinence",
    "accompagnement_professionnels",
)
COLUMNS = ("mission", "part", "amount", "lower", "upper", "rule", "document", "line", "note")
SIMULATION_FR = {
    "mission": "Poste",
    "part": "Part",
    "said": "Montant (€)",
    "source": "Document et ligne",
    "note": "Règle",
}
Rates = float | Mapping[str, float] | None
Range = tuple[float, float]


@dataclass
class _Case:
    """One simulation in progress: what is printed, its inputs once checked, the rows found so far."""

    printed: Printed
    size: int
    year: int
    crisis: bool
    starts: Mapping[str, float]
    signed: pd.Timestamp | None
    rows: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, mission: str, part: str, period: str | None = None) -> dict[str, Any] | None:
        """Printed cell of this size, or None when the document has none."""
        return self.printed.cell(mission, part, self.size, period)

    def add(
        self, mission: str, part: str, amounts: Range, rule: str, cell: dict[str, Any] | None, **said: object
    ) -> None:
        """One row: an exact amount when both bounds are the same, else a missing amount with its bounds."""
        lower, upper = amounts
        note = RULES_FR[rule].format(**said)
        if cell is not None and cell["status"] == labels.label(
            "miller2022/territories", "repair", "arithmetic"
        ):
            note += f" {RULES_FR['cellule_reparee']}"
        self.rows.append(
            {
                "mission": mission,
                "part": part,
                "amount": lower if lower == upper else math.nan,
                "lower": lower,
                "upper": upper,
                "rule": rule,
                "document": self.printed.document if cell is None else cell["document"],
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
    study: Study,
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
    printed = read(scale, study)
    return by_printed(
        printed, population, year_of_contract=year_of_contract, missions=missions, fixed_rates=fixed_rates,
        variable_rates=variable_rates, signed_on=signed_on, members=members, crisis=crisis, starts=starts,
    )  # fmt: skip


def by_printed(
    printed: Printed,
    population: float,
    *,
    year_of_contract: int,
    missions: Sequence[str],
    fixed_rates: Rates,
    variable_rates: Rates,
    signed_on: object = None,
    members: float | None = None,
    crisis: bool = False,
    starts: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """The same as `simulate` by a scale already read (`printed.read`): for many simulations in a row."""
    size = size_class(population, printed.classes)
    chosen = _missions(missions, printed)
    case = _Case(
        printed=printed,
        size=size,
        year=rules.contract_year(year_of_contract, printed.duration),
        crisis=crisis,
        starts=rules.months(starts or {}),
        signed=signature(signed_on, printed.dates),
    )
    joined = rules.members(members)
    _functioning(case)
    _aid(case)
    for mission in chosen:
        fixed = rules.rate(fixed_rates, mission, "fixe")
        variable = rules.rate(variable_rates, mission, "variable")
        _mission(case, mission, fixed, variable)
    _supplement(case, chosen)
    _members_condition(case, joined)
    _total(case, population in set(printed.classes["upper"].dropna()))
    table = pd.DataFrame(case.rows, columns=list(COLUMNS)).assign(size=size)
    return table.astype({"amount": "float64", "lower": "float64", "upper": "float64", "line": "Int64"})


def _missions(missions: Sequence[str], printed: Printed) -> list[str]:
    chosen = [mission for mission in missions if mission != "fonctionnement"]
    for mission in chosen:
        if mission not in MISSIONS:
            raise UnknownName("Mission", mission, MISSIONS)
        if chosen.count(mission) > 1:
            raise NotComputable(
                f"Mission « {mission} » donnée deux fois : une mission n'est financée qu'une fois."
            )
    if printed.before_amendments and "crise_sanitaire" in chosen:
        others = ", ".join(name for name, year in SCALES.items() if year != printed.agreement)
        raise NotComputable(
            f"La mission « crise_sanitaire » n'existe pas dans l'accord de {printed.agreement} (barème {printed.document}) : "
            f"retirez-la ou choisissez un barème d'après les avenants ({others})."
        )
    return [mission for mission in MISSIONS if mission in chosen]


def _functioning(case: _Case) -> None:
    cell = case.cell("fonctionnement", "total", YEARLY)
    if cell is None:
        case.add("fonctionnement", "total", (0.0, math.nan), "montant_absent", None)
        return
    amount = float(cell["value"])
    if case.printed.document == "laine2021" and case.year > 1:
        share = case.printed.later_share
        said = french.percent(100 * share, 0)
        case.add("fonctionnement", "total", (share * amount, amount), "fonctionnement_75", cell, rate=said)
    else:
        case.add("fonctionnement", "total", (amount, amount), "fonctionnement", cell)


def _aid(case: _Case) -> None:
    """Exceptional aid: once, in the first year, of the agreement after the amendments only."""
    if case.printed.before_amendments or case.year > 1:
        return
    cell, signed, days = case.cell("aide_exceptionnelle", "total"), case.signed, case.printed.dates
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
        sure = rule == "aide" or (rule == "aide_deux_echeances" and case.printed.document != "miller2022")
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
        months, rule = case.printed.latest.get(mission, float(MONTHS_IN_YEAR)), "demarrage_inconnu"
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


def _members_condition(case: _Case, members: float | None) -> None:
    """The increase of the largest size asks for members: below, or unknown, it may be missing from the amounts."""
    printed = case.printed
    if printed.before_amendments or case.size != max(SIZES):
        return
    if members is not None and members >= printed.members_asked:
        return
    sure = sum(row["lower"] for row in case.rows)
    rule = "majoration_inconnue" if members is None else "majoration_non_remplie"
    asked = french.number(printed.members_asked)
    case.add("majoration", "total", (-min(printed.increase, sure), 0.0), rule, None, asked=asked)
    # The amount and its condition are in the prose of one document, whichever scale is applied.
    case.rows[-1] |= {"document": "miller2022", "line": printed.increase_line}


def _total(case: _Case, on_a_bound: bool) -> None:
    lower = sum(row["lower"] for row in case.rows)
    upper = sum(row["upper"] for row in case.rows)
    rule = "total_au_moins" if math.isnan(upper) else "total" if lower == upper else "total_intervalle"
    case.add("total", "total", (lower, upper), rule, None)
    remarks = [RULES_FR["borne"]] if on_a_bound else []
    if case.signed is not None:
        year_end = case.signed + pd.DateOffset(years=case.year)
        year_start = case.signed + pd.DateOffset(years=case.year - 1)
        amended, old = case.printed.dates.second_amendment, case.printed.before_amendments
        if old and year_start >= amended:
            remarks.append(RULES_FR["bareme_ancien"])
        if not old and year_end <= amended:
            remarks.append(RULES_FR["bareme_posterieur"])
    case.rows[-1]["note"] = " ".join([case.rows[-1]["note"], *remarks])


def total(simulation: pd.DataFrame) -> pd.Series[Any]:
    """Row of the total of one simulation."""
    return simulation[simulation["mission"] == "total"].iloc[-1]


def reserves(simulation: pd.DataFrame) -> list[str]:
    """Why the total of one simulation is a range, in a few words, each reason once; empty when it is one amount."""
    unsettled = simulation[(simulation["mission"] != "total") & simulation["amount"].isna()]
    return list(
        dict.fromkeys(rules.RESERVES_FR.get(rule, rules.NOT_PRINTED_FR) for rule in unsettled["rule"])
    )


def amount_in_words(row: pd.Series[Any]) -> str:
    """Amount of one row in French, in euros: one number, "de … à …", or "au moins …" when nothing bounds it from above."""
    if not math.isnan(row["amount"]):
        return french.number(row["amount"], 0)
    if math.isnan(row["upper"]):
        return f"au moins {french.number(row['lower'], 0)}" if row["lower"] else "inconnu"
    return f"de {french.number(row['lower'], 0)} à {french.number(row['upper'], 0)}"


def total_sentence(simulation: pd.DataFrame) -> str:
    """Total in French: one amount, "de … à …", or "au moins …" when nothing bounds it from above."""
    return f"{amount_in_words(total(simulation))} €"


def in_french(simulation: pd.DataFrame) -> pd.DataFrame:
    """Rows of a simulation for a table of the report: posts, parts, amounts and sources in French, columns of SIMULATION_FR."""
    sources = [
        labels.document(document) if pd.isna(line) else f"{labels.document(document)}, l. {line}"
        for document, line in zip(simulation["document"], simulation["line"], strict=True)
    ]
    return simulation.assign(
        mission=simulation["mission"].map(posts()),
        part=simulation["part"].map(parts()),
        said=[amount_in_words(row) for _, row in simulation.iterrows()],
        source=sources,
    )[list(SIMULATION_FR)]
