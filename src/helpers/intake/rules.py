"""Rules of a user's package that the schema cannot say: one table against another, one column against the next.

Each rule says its fault in French with file, row, column, value and remedy. A rule is only asked once the tables it reads
have no fault of their own, so that one mistake is told once.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from helpers import catalog, french
from helpers.intake import own_files
from helpers.survey import instrument
from helpers.survey.instrument.reading import option_code

Tables = Mapping[str, pd.DataFrame]
SHOWN = 5  # faults told per rule


def faults(package: catalog.Package, sound: Iterable[str]) -> list[str]:
    """Faults of the package across its tables; `sound` names those that hold no fault of their own.

    Tables absent from the package ask nothing.
    """
    tables = {name: _numbered(name, package) for name in sound}
    found = []
    for needed, rule in _RULES:
        if all(name in tables for name in needed):
            told = list(rule(tables))
            more = f" ({len(told)} lignes ont ce défaut)" if len(told) > SHOWN else ""
            found += [told[0].removesuffix(".") + f"{more}.", *told[1:SHOWN]] if told else []
    return found


def _numbered(name: str, package: catalog.Package) -> pd.DataFrame:
    """The table with, as its index, the row that a spreadsheet shows."""
    table = catalog.load(name, package)
    table.index = pd.Index([line for line, _ in own_files.read(name, package).body], dtype="int64")
    return table


def _say(table: str, line: object, column: str, value: object, words: str) -> str:
    shown = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else _plain(value)
    said = f"« {shown} »" if shown else "la cellule"
    return f"{table}.csv, ligne {line}, colonne « {column} » : {said} {words}."


def _plain(value: object) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else str(value)


def _near(value: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(value, sorted(known), n=1, cutoff=0.6)
    return f", ou écrivez « {found[0]} »" if found else ""


def _unknown(table: str, column: str, other: str, its: str) -> Callable[[Tables], Iterator[str]]:
    """Rule: a filled `column` of `table` is one of the column `its` of the table `other`."""

    def rule(tables: Tables) -> Iterator[str]:
        known = set(tables[other][its].dropna())
        filled = tables[table][column].dropna()
        for line, value in filled[~filled.isin(known)].items():
            yield _say(
                table,
                line,
                column,
                value,
                f"n'existe pas dans {other}.csv, colonne « {its} » : ajoutez-l'y{_near(value, known)}",
            )

    return rule


def _reversed(table: str, start: str, end: str) -> Callable[[Tables], Iterator[str]]:
    def rule(tables: Tables) -> Iterator[str]:
        rows = tables[table]
        for line, row in rows[(rows[end] < rows[start]).fillna(False)].iterrows():
            yield _say(
                table,
                line,
                end,
                row[end],
                f"précède « {start} » ({row[start]:%Y-%m-%d}) : inversez-les ou corrigez",
            )

    return rule


def _unknown_communes(tables: Tables) -> Iterator[str]:
    # A perimeter keeps the code of its own time: a merged commune is known too.
    known = set(catalog.load("open/communes")["code"]) | set(catalog.load("open/former_communes")["code"])
    codes = tables["cpts/perimeters"]["commune"]
    for line, value in codes[~codes.isin(known)].items():
        yield _say(
            "cpts/perimeters",
            line,
            "commune",
            value,
            "n'est le code INSEE d'aucune commune, actuelle ou ancienne (un code postal, peut-être) : corrigez-le",
        )


def _schemes_without_cpts(tables: Tables) -> Iterator[str]:
    perimeters = tables["cpts/perimeters"]
    known = set(tables["cpts/cpts"]["cpts"])
    names = perimeters.loc[perimeters["kind"] == "cpts", "scheme"]
    for value, lines in names[~names.isin(known)].groupby(names):
        yield _say(
            "cpts/perimeters",
            lines.index[0],
            "scheme",
            value,
            f"n'existe pas dans cpts/cpts.csv, colonne « cpts » : ajoutez-l'y{_near(str(value), known)}",
        )


def _overlapping_perimeters(tables: Tables) -> Iterator[str]:
    ordered = tables["cpts/perimeters"].sort_values(["scheme", "commune", "valid_from"])
    before = ordered.shift()
    same = (ordered["scheme"] == before["scheme"]) & (ordered["commune"] == before["commune"])
    open_ended = before["valid_to"].isna() | (ordered["valid_from"] <= before["valid_to"])
    for line, row in ordered[same.fillna(False) & open_ended].iterrows():
        yield _say(
            "cpts/perimeters",
            line,
            "valid_from",
            row["valid_from"],
            f"commence avant la fin d'une autre période de {row['commune']} dans {row['scheme']} : donnez une fin "
            "(valid_to) à la première",
        )


def _unknown_territories(tables: Tables) -> Iterator[str]:
    known = set(tables["cpts/cpts"]["cpts"]) | set(tables["cpts/indicator_definitions"]["benchmark"].dropna())
    names = tables["cpts/indicators"]["territory"]
    for value, lines in names[~names.isin(known)].groupby(names):
        yield _say(
            "cpts/indicators",
            lines.index[0],
            "territory",
            value,
            "n'est ni une CPTS de cpts/cpts.csv, ni un territoire de comparaison (colonne « benchmark » de "
            f"cpts/indicator_definitions.csv) : ajoutez-l'y{_near(str(value), known)}",
        )


def _indicator_values(tables: Tables) -> Iterator[str]:
    definitions = tables["cpts/indicator_definitions"].set_index("indicator")
    for line, row in tables["cpts/indicators"].iterrows():
        if row["indicator"] in definitions.index and (
            fault := _value_fault(row, definitions.loc[row["indicator"]])
        ):
            column, words = fault
            yield _say("cpts/indicators", line, column, row[column], words)


def _value_fault(row: pd.Series, definition: pd.Series) -> tuple[str, str] | None:
    kind = definition["kind"]
    top, bottom, value = row["numerator"], row["denominator"], row["value"]
    if kind in ("proportion", "taux") and pd.isna(top) != pd.isna(bottom):
        absent, given = ("denominator", "numerator") if pd.isna(bottom) else ("numerator", "denominator")
        return absent, f"est vide alors que « {given} » est rempli : donnez les deux, ou seulement « value »"
    if pd.notna(bottom) and bottom == 0:
        return "denominator", "est nul : rien ne se calcule. Laissez la ligne vide si le nombre manque"
    if kind == "proportion" and pd.notna(top) and top > bottom:
        return "numerator", (
            f"dépasse le dénominateur ({_plain(float(bottom))}) alors que l'indicateur est une proportion : "
            "inversez-les ou corrigez"
        )
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


def _rates_without_base(tables: Tables) -> Iterator[str]:
    definitions = tables["cpts/indicator_definitions"]
    for line, row in definitions[(definitions["kind"] == "taux") & definitions["per"].isna()].iterrows():
        yield _say(
            "cpts/indicator_definitions",
            line,
            "per",
            "",
            f"est vide alors que « {row['indicator']} » est un taux : dites pour combien d'habitants (1000, 100000…)",
        )


def _benchmarks_without_value(tables: Tables) -> Iterator[str]:
    values = tables["cpts/indicators"]
    definitions = tables["cpts/indicator_definitions"]
    for line, row in definitions[definitions["benchmark"].notna()].iterrows():
        own = values[values["indicator"] == row["indicator"]]
        if not own.empty and not (own["territory"] == row["benchmark"]).any():
            yield _say(
                "cpts/indicator_definitions",
                line,
                "benchmark",
                row["benchmark"],
                f"n'a aucune valeur de « {row['indicator']} » dans cpts/indicators.csv : ajoutez-en ou videz la cellule",
            )


def _missions_before_signature(tables: Tables) -> Iterator[str]:
    signed = tables["cpts/cpts"].set_index("cpts")["aci_date"].dropna()
    missions = tables["cpts/missions"]
    for line, row in missions[missions["cpts"].isin(signed.index)].iterrows():
        day = signed[row["cpts"]]
        if row["year"] < day.year:
            yield _say(
                "cpts/missions",
                line,
                "year",
                row["year"],
                f"précède la signature de l'accord de « {row['cpts']} » ({day:%Y-%m-%d}, « aci_date » de cpts/cpts.csv) : "
                "corrigez l'une des deux",
            )


def _known_facts_without_value(tables: Tables) -> Iterator[str]:
    facts = tables["cpts/facts"]
    for line, row in facts[(facts["status"] == "connu") & facts["value"].isna()].iterrows():
        yield _say(
            "cpts/facts",
            line,
            "value",
            "",
            f"est vide alors que « {row['item']} » est dit connu : remplissez-la, ou changez « status »",
        )


def _unknown_questions(tables: Tables) -> Iterator[str]:
    known = set(catalog.load("miller2022/questions")["question"])
    for name in ("survey/answers", "survey/consensus"):
        asked = tables[name]["question"]
        for line, value in asked[~asked.isin(known)].items():
            yield _say(
                name,
                line,
                "question",
                value,
                "n'est pas une question du questionnaire (Q1 à Q42) : corrigez-la",
            )


def _unknown_options(tables: Tables) -> Iterator[str]:
    variants = [instrument.load(variant) for variant in instrument.VARIANTS]
    known = {code for variant in variants for code in instrument.option_labels(variant)}
    for name in ("survey/answers", "survey/consensus"):
        given = tables[name].dropna(subset=["option"])
        for line, question, option in zip(given.index, given["question"], given["option"], strict=True):
            # A question that does not exist is told by its own rule.
            if (question, option) in known or question not in variants[0].by_code:
                continue
            offered = sorted({other for asked, other in known if asked == question}, key=int)
            codes = (option_code(variant.question(question), option) for variant in variants)
            meant = next(filter(None, codes), "")
            remedy = (
                f"écrivez « {meant} »"
                if meant
                else f"écrivez un des codes {french.listing(offered, 'ou')}"
                if offered
                else "videz-la, et donnez la réponse dans « value »"
            )
            yield _say(
                name, line, "option", option, f"n'est pas le code d'une réponse à {question} : {remedy}"
            )


def _answers_and_status(tables: Tables) -> Iterator[str]:
    answers = tables["survey/answers"]
    given = answers["option"].notna() | answers["value"].notna()
    for line, row in answers[given != (answers["status"] == "repondu")].iterrows():
        words = (
            "veut une option ou une valeur : remplissez-en une, ou écrivez « sans_reponse »"
            if row["status"] == "repondu"
            else "contredit la réponse donnée sur la même ligne : écrivez « repondu », ou videz la réponse"
        )
        yield _say("survey/answers", line, "status", row["status"], words)


_INDICATORS = ("cpts/indicators", "cpts/indicator_definitions")
_RULES: tuple[tuple[tuple[str, ...], Callable[[Tables], Iterator[str]]], ...] = (
    (("cpts/perimeters",), _unknown_communes),
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
    (("survey/answers", "survey/consensus"), _unknown_questions),
    (("survey/answers", "survey/consensus"), _unknown_options),
    (("survey/answers",), _answers_and_status),
)
