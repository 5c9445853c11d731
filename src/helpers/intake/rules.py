"""Rules that a schema cannot say: one table against another, one column against the next. One registered list, `_RULES`.

A rule takes the tables and gives faults; it is only asked once the tables it reads have no fault of their own, so that one
mistake is told once. To add a rule: a function, a test, a line of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, Tables, listed
from helpers.errors import nearest
from helpers.intake import origins, scheme_rules
from helpers.material import crosschecks
from helpers.survey import instrument
from helpers.survey.instrument import variants
from helpers.survey.instrument.reading import option_code
from helpers.territory import communes, places

Rule = Callable[[Tables], Iterable[Fault]]


def faults(
    package: catalog.Package, sound: Mapping[str, pd.DataFrame], *, only: Iterable[str] | None = None
) -> list[str]:
    """Faults of the package across its tables; `sound` holds those without fault of their own, with their row numbers.

    Tables absent from the package ask nothing. With `only`, links of these tables alone, and rules of coded material if one
    of them is of it: what a deposit answers for.
    """
    tables = Tables(package, sound)
    asked = list(tables if only is None else only)
    found: list[str] = []
    for name in [name for name in asked if name in tables]:
        if broken := list(_broken_links(tables, name)):
            found += catalog.told(origins.placed(package, broken))
            tables.pop(name)
    tables[catalog.NAMES_FILE] = pd.DataFrame({"name": catalog.read_names(package)}, dtype="string")
    for needed, rule in _RULES if only is None and package.extends else ():
        if all(name in tables for name in needed):
            found += catalog.told(origins.placed(package, rule(tables)))
    if any(name.startswith("material/") for name in asked) and not any(
        package.describes(name) and name not in tables for name in crosschecks.TABLES
    ):
        found += catalog.told(
            origins.placed(package, (fault for rule in crosschecks.RULES for fault in rule(tables)))
        )
    return found


def _broken_links(tables: Tables, name: str) -> Iterator[Fault]:
    table = tables.package.table(name)
    for link in table.links:
        other = link.table or name
        # A linked table that has a fault is told for itself.
        if other in tables:
            yield from table.broken_links(tables[name], link, tables.package.table(other), tables[other])


def _plain(value: Any) -> str:
    return f"{float(value):.15g}".replace(".", ",")


def _near(value: str, known: Iterable[str]) -> str:
    near = nearest(value, known)
    return f", ou écrivez « {near} »" if near else ""


def _unknown(table: str, column: str, other: str, its: str) -> Rule:
    """Rule: a filled `column` of `table` is one of the column `its` of the table `other`."""

    def rule(tables: Tables) -> Iterator[Fault]:
        known = {value for _, value in listed(tables[other], its) if value is not None}
        for line, value in listed(tables[table], column):
            if value is None or value in known:
                continue
            yield tables.fault(
                table,
                line,
                column,
                value,
                f"n'existe pas dans {other}.csv, colonne « {its} » : ajoutez-l'y{_near(value, known)}",
            )

    return rule


def _reversed(table: str, start: str, end: str) -> Rule:
    def rule(tables: Tables) -> Iterator[Fault]:
        for line, first, last in listed(tables[table], start, end):
            if first is not None and last is not None and last < first:
                words = f"précède « {start} » ({first:%Y-%m-%d}) : inversez-les ou corrigez"
                yield tables.fault(table, line, end, last, words)

    return rule


def _unknown_communes(table: str) -> Rule:
    def rule(tables: Tables) -> Iterator[Fault]:
        known = communes.of_any_time()
        for line, value in listed(tables[table], "commune"):
            if value not in known:
                yield tables.fault(table, line, "commune", value, communes.unknown(str(value)))

    return rule


def _postcodes(tables: Tables) -> Iterator[Fault]:
    """A perimeter written with postcodes: half of them are the INSEE code of another commune, and would pass."""
    rows = tables["cpts/perimeters"]
    for _, covered in rows.groupby("scheme", sort=False):
        if places.mostly_postcodes(covered["commune"].unique()):
            doubtful = covered["commune"].isin(list(communes.served()))
            yield tables.fault(
                "cpts/perimeters",
                covered.index[doubtful][0],
                "commune",
                covered.loc[doubtful, "commune"].iloc[0],
                "et la plupart des communes de ce dispositif semblent être des codes postaux : écrivez les codes INSEE",
            )


def _schemes_without_cpts(tables: Tables) -> Iterator[Fault]:
    known = set(tables["cpts/cpts"]["cpts"])
    rows = listed(tables["cpts/perimeters"], "scheme", "kind")
    for value, line in _strangers(((line, name) for line, name, kind in rows if kind == "cpts"), known):
        yield tables.fault(
            "cpts/perimeters",
            line,
            "scheme",
            value,
            f"n'existe pas dans cpts/cpts.csv, colonne « cpts » : ajoutez-l'y{_near(str(value), known)}",
        )


def _strangers(named: Iterable[tuple[Any, ...]], known: set[Any]) -> list[tuple[Any, int]]:
    """Names that are not known, in their order, each with the first of its lines."""
    first: dict[Any, int] = {}
    for line, name in named:
        if name is not None and name not in known:
            first.setdefault(name, line)
    return sorted(first.items())


def _overlapping_perimeters(tables: Tables) -> Iterator[Fault]:
    rows = listed(tables["cpts/perimeters"], "scheme", "commune", "valid_from", "valid_to")
    for before, (line, scheme, commune, start, _) in pairwise(sorted(rows, key=itemgetter(1, 2, 3))):
        end = before[-1]
        if before[1:3] == (scheme, commune) and (end is None or start <= end):
            yield tables.fault(
                "cpts/perimeters",
                line,
                "valid_from",
                start,
                f"commence avant la fin d'une autre période de {commune} dans {scheme} : donnez une fin (valid_to) à "
                "la première",
            )


def _unknown_territories(tables: Tables) -> Iterator[Fault]:
    benchmarks = listed(tables["cpts/indicator_definitions"], "benchmark")
    known = {*tables["cpts/cpts"]["cpts"], *(value for _, value in benchmarks if value is not None)}
    for value, line in _strangers(listed(tables["cpts/indicators"], "territory"), known):
        yield tables.fault(
            "cpts/indicators",
            line,
            "territory",
            value,
            "n'est ni une CPTS de cpts/cpts.csv, ni un territoire de comparaison (colonne « benchmark » de "
            f"cpts/indicator_definitions.csv) : ajoutez-l'y{_near(str(value), known)}",
        )


def _indicator_values(tables: Tables) -> Iterator[Fault]:
    definitions = {row["indicator"]: row for row in tables["cpts/indicator_definitions"].to_dict("records")}
    values = tables["cpts/indicators"]
    for line, row in zip(values.index, values.to_dict("records"), strict=True):
        definition = definitions.get(row["indicator"])
        if definition is not None and (fault := _value_fault(row, definition)):
            column, words = fault
            yield tables.fault("cpts/indicators", line, column, row[column], words)


def _value_fault(row: Mapping[Any, Any], definition: Mapping[Any, Any]) -> tuple[str, str] | None:
    kind = definition["kind"]
    top, bottom, value = row["numerator"], row["denominator"], row["value"]
    if kind in ("proportion", "taux") and pd.isna(top) != pd.isna(bottom):
        absent, given = ("denominator", "numerator") if pd.isna(bottom) else ("numerator", "denominator")
        return absent, f"est vide alors que « {given} » est rempli : donnez les deux, ou seulement « value »"
    if pd.notna(bottom) and bottom == 0:
        return "denominator", "est nul : rien ne se calcule. Laissez la ligne vide si le nombre manque"
    if kind == "proportion" and pd.notna(top) and top > bottom:
        return "numerator", (
            f"dépasse le dénominateur ({_plain(bottom)}) alors que l'indicateur est une proportion : "
            "inversez-les ou corrigez"
        )
    if fault := _limits_fault(row):
        return fault
    per = 100.0 if pd.isna(definition["per"]) else float(definition["per"])
    if kind == "proportion" and pd.notna(value) and not 0 <= value <= per:
        return "value", f"sort de l'intervalle de 0 à {per:g} d'une proportion : corrigez-la"
    if kind in ("proportion", "taux") and pd.notna(value) and pd.notna(top):
        expected = per * top / bottom
        if abs(value - expected) > 0.01 * max(abs(expected), 1e-9) + 0.05:
            return "value", (
                f"contredit le numérateur et le dénominateur ({french.number(float(expected), 2)}) : videz-la, ou corrigez"
            )
    return None


def _limits_fault(row: Mapping[Any, Any]) -> tuple[str, str] | None:
    """Published limits: both or none, beside a value without counts, which lies between them."""
    low, high, value = row.get("lower"), row.get("upper"), row["value"]
    if pd.isna(low) and pd.isna(high):
        return None
    if pd.isna(low) or pd.isna(high):
        absent = "lower" if pd.isna(low) else "upper"
        return absent, "est vide alors que l'autre borne est remplie : donnez les deux"
    if pd.notna(row["numerator"]):
        return (
            "lower",
            "double l'intervalle que donnent le numérateur et le dénominateur : videz les deux bornes",
        )
    if pd.isna(value) or not low <= value <= high or low == high:
        between = f"{_plain(low)} et {_plain(high)}"
        return "value", f"n'est pas entre les deux bornes publiées ({between}) : corrigez l'une des trois"
    return None


def _rates_without_base(tables: Tables) -> Iterator[Fault]:
    for line, name, kind, per in listed(tables["cpts/indicator_definitions"], "indicator", "kind", "per"):
        if kind == "taux" and per is None:
            yield tables.fault(
                "cpts/indicator_definitions",
                line,
                "per",
                "",
                f"est vide alors que « {name} » est un taux : dites pour combien d'habitants (1000, 100000…)",
            )


def _benchmarks_without_value(tables: Tables) -> Iterator[Fault]:
    given = {(name, place) for _, name, place in listed(tables["cpts/indicators"], "indicator", "territory")}
    measured = {name for name, _ in given}
    for line, name, benchmark in listed(tables["cpts/indicator_definitions"], "indicator", "benchmark"):
        if benchmark is not None and name in measured and (name, benchmark) not in given:
            yield tables.fault(
                "cpts/indicator_definitions",
                line,
                "benchmark",
                benchmark,
                f"n'a aucune valeur de « {name} » dans cpts/indicators.csv : ajoutez-en ou videz la cellule",
            )


def _missions_before_signature(tables: Tables) -> Iterator[Fault]:
    signed = {name: day for _, name, day in listed(tables["cpts/cpts"], "cpts", "aci_date")}
    for line, name, year in listed(tables["cpts/missions"], "cpts", "year"):
        day = signed.get(name)
        if day is not None and year < day.year:
            yield tables.fault(
                "cpts/missions",
                line,
                "year",
                year,
                f"précède la signature de l'accord de « {name} » ({day:%Y-%m-%d}, « aci_date » de cpts/cpts.csv) : "
                "corrigez l'une des deux",
            )


def _known_facts_without_value(tables: Tables) -> Iterator[Fault]:
    for line, item, value, status in listed(tables["cpts/facts"], "item", "value", "status"):
        if status == "connu" and value is None:
            yield tables.fault(
                "cpts/facts",
                line,
                "value",
                "",
                f"est vide alors que « {item} » est dit connu : remplissez-la, ou changez « status »",
            )


@lru_cache(maxsize=1)
def _questionnaires() -> tuple[instrument.Instrument, instrument.Instrument]:
    project = catalog.Study("")
    original = instrument.load(study=project)
    return original, variants.corrected(original, project)


def _unknown_questions(tables: Tables) -> Iterator[Fault]:
    known = set(_questionnaires()[0].by_code)
    for name in ("survey/answers", "survey/consensus"):
        for line, value in listed(tables[name], "question"):
            if value in known:
                continue
            yield tables.fault(
                name,
                line,
                "question",
                value,
                "n'est pas une question du questionnaire (Q1 à Q42) : corrigez-la",
            )


@lru_cache(maxsize=1)
def _options() -> frozenset[tuple[str, str]]:
    """Every question with the code of each of its answers."""
    return frozenset(
        (item.code, option.code)
        for variant in _questionnaires()
        for item in variant
        for option in item.options
    )


def _unknown_options(tables: Tables) -> Iterator[Fault]:
    asked_as, known = _questionnaires(), _options()
    for name in ("survey/answers", "survey/consensus"):
        for line, question, option in listed(tables[name], "question", "option"):
            # A question that does not exist is told by its own rule.
            if option is None or (question, option) in known or question not in asked_as[0].by_code:
                continue
            offered = sorted({other for asked, other in known if asked == question}, key=int)
            codes = (option_code(variant.question(question), option) for variant in asked_as)
            meant = next(filter(None, codes), "")
            remedy = (
                f"écrivez « {meant} »"
                if meant
                else f"écrivez un des codes {french.listing(offered, 'ou')}"
                if offered
                else "videz-la, et donnez la réponse dans « value »"
            )
            yield tables.fault(
                name, line, "option", option, f"n'est pas le code d'une réponse à {question} : {remedy}"
            )


def _answers_and_status(tables: Tables) -> Iterator[Fault]:
    for line, option, value, status in listed(tables["survey/answers"], "option", "value", "status"):
        if (option is not None or value is not None) != (status == "repondu"):
            words = (
                "veut une option ou une valeur : remplissez-en une, ou écrivez « sans_reponse »"
                if status == "repondu"
                else "contredit la réponse donnée sur la même ligne : écrivez « repondu », ou videz la réponse"
            )
            yield tables.fault("survey/answers", line, "status", status, words)


_INDICATORS = ("cpts/indicators", "cpts/indicator_definitions")
_RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("cpts/perimeters",), _unknown_communes("cpts/perimeters")),
    (("cpts/perimeters",), _postcodes),
    (("cpts/perimeters", "cpts/cpts"), _schemes_without_cpts),
    (("cpts/perimeters",), _reversed("cpts/perimeters", "valid_from", "valid_to")),
    (("cpts/perimeters",), _overlapping_perimeters),
    (("cpts/facts",), _known_facts_without_value),
    (("cpts/indicators",), _reversed("cpts/indicators", "period_start", "period_end")),
    (_INDICATORS, _unknown("cpts/indicators", "indicator", "cpts/indicator_definitions", "indicator")),
    ((*_INDICATORS, "cpts/cpts"), _unknown_territories),
    (_INDICATORS, _indicator_values),
    (("cpts/indicator_definitions",), _rates_without_base),
    (_INDICATORS, _benchmarks_without_value),
    (("cpts/actions",), _reversed("cpts/actions", "date_start", "date_end")),
    (
        ("cpts/actions", "cpts/indicator_definitions"),
        _unknown("cpts/actions", "indicator", "cpts/indicator_definitions", "indicator"),
    ),
    (("cpts/missions", "cpts/cpts"), _missions_before_signature),
    ((scheme_rules.SCHEMES,), _reversed(scheme_rules.SCHEMES, "term_start", "term_end")),
    ((scheme_rules.SCHEMES, "cpts/perimeters"), scheme_rules.kinds_that_differ),
    ((scheme_rules.LINKS,), _reversed(scheme_rules.LINKS, "date_start", "date_end")),
    ((scheme_rules.LINKS,), scheme_rules.degrees_and_states),
    ((scheme_rules.LINKS,), scheme_rules.links_to_itself),
    ((scheme_rules.PRIORITIES, scheme_rules.SCHEMES, "cpts/cpts"), scheme_rules.priorities_of_strangers),
    ((scheme_rules.DISTRICTS,), _unknown_communes(scheme_rules.DISTRICTS)),
    ((scheme_rules.DISTRICTS,), scheme_rules.districts_elsewhere),
    (("cpts/actions", scheme_rules.SCHEMES), scheme_rules.unknown_partners),
    (("survey/answers", "survey/consensus"), _unknown_questions),
    (("survey/answers", "survey/consensus"), _unknown_options),
    (("survey/answers",), _answers_and_status),
)
