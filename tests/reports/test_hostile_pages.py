"""Hostile packages rendered whole: linear programming on what their pages, downloads, figures and alternative texts say."""

from __future__ import annotations

import re
import warnings

import pandas as pd
import pytest
from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from helpers.intake import starting
from helpers.intake.deposit import deposit
from helpers.methods import people
from tests.methods.test_people import HALVES, YEAR, Hostile, hostile
from tests.pipeline import making
from tests.reports.test_own_material import all_texts

# Packages where rows stay shown beside hidden ones, of every kind of meeting.
SEEDS = (70, 71, 77, 41, 68)
_NAMED = re.compile(r"(?:Mesure|Fait|Action) \w+")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[\u202f\u00a0 ]\d{3})+(?:[.,]\d+)?|(?<![\w.,])\d+(?:[.,]\d+)?")
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+)?|(?:du |au )?\d{1,2}(?:er)?[\s\u00a0](?:janvier|juin|juillet|décembre)"
    r"(?:[\s\u00a0]\d{4})?|\b2024\b|IC 95[\s\u00a0]%|pour 100[\s\u00a0\u202f]000"
)


class Rendered(Hostile):
    """A hostile package whose shown rows are those that its pages give a number of."""

    lines: list[str]

    def hides(self, table, row):
        label, period = _label(table, row), None
        if table == "indicators":
            period = (f"{row['period_start']:%Y-%m-%d}", f"{row['period_end']:%Y-%m-%d}")
            if row["territory"] != "nord":
                # A neighbour is on no page; the benchmark is on that of its CPTS, beside the value.
                return True
        return not any(numbers(line) for line in self.lines if label in line and _of(line, period))


def _label(table, row):
    kind, column = {
        "indicators": ("Mesure", "indicator"),
        "facts": ("Fait", "item"),
        "actions": ("Action", "action"),
    }[table]
    return f"{kind} {row[column]}"


def _of(line, period):
    """Whether a line may be about that period: a line without any day may be about all."""
    if period is None:
        return True
    told = {
        YEAR: "janvier" in line and "décembre" in line,
        HALVES[0]: "juin" in line,
        HALVES[1]: "juillet" in line,
    }
    told[YEAR] |= re.search(r"(?:en|,|^)\s?2024\b", line) is not None
    days = {name: name[0] in line or name[1] in line for name in told}
    if any(days.values()):
        return days[period]
    return told[period] or not any(told.values())


def numbers(line):
    """Numbers that a line gives, its labels, days and units apart."""
    bare = _DAY.sub(" ", _NAMED.sub(" ", line))
    found = (re.sub(r"[\u202f\u00a0 ]", "", number).replace(",", ".") for number in _NUMBER.findall(bare))
    return [float(number) for number in found]


def written(package, folder):
    """The hostile package as files; two rows of one key (a year and its first half) keep the first."""
    starting.new(folder)
    kept = [
        k
        for k, (table, position, _) in enumerate(package.rows)
        if table != "indicators" or _first(package.values, position)
    ]
    package.rows = [package.rows[k] for k in kept]
    values = [package.values[position] for table, position, _ in package.rows if table == "indicators"]
    places = ["nord", *sorted({row["territory"] for row in values} - {"nord"})]
    tables = {
        "cpts/cpts": [
            {"cpts": place, "name_fr": f"CPTS {place}"}
            | ({"population": package.population} if place == "nord" else {})
            for place in places
        ],
        "cpts/indicator_definitions": [
            row | {"label_fr": f"Mesure {code}", "per": row["per"] if row["kind"] == "taux" else None}
            for code, row in package.definitions.items()
        ],
        "cpts/indicators": values,
        "cpts/facts": [row | {"label_fr": f"Fait {row['item']}", "status": "connu"} for row in package.facts],
        "cpts/actions": [
            row | {"label_fr": f"Action {row['action']}", "mission": "prevention"} for row in package.actions
        ],
    }
    deposit({name: pd.DataFrame(rows) for name, rows in tables.items() if rows}, folder)


def _first(values, position):
    key = ("indicator", "territory", "period_start")
    same = [k for k, row in enumerate(values) if all(row[c] == values[position][c] for c in key)]
    return same[0] == position


def said(out):
    """Every line that a run says of a measure, a fact or an action: cells in a row, sentences, downloads, alternatives."""
    lines = []
    for name, text in all_texts(out).items():
        if name.endswith((".html", ".svg")) or text.lstrip().startswith(("<svg", "<?xml")):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
                soup = BeautifulSoup(text, "html.parser")
            for row in soup.find_all("tr"):
                lines.append(
                    " ; ".join(cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"]))
                )
            for spoken in soup.find_all(attrs={"alt": True}):
                lines += re.split(r"(?<=[.;])\s", spoken["alt"])
            for spoken in soup.find_all(["title", "desc", "p", "li", "figcaption", "text", "row"]):
                lines += re.split(r"(?<=\.)\s", spoken.get_text(" ", strip=True))
        lines += text.replace("\\n", "\n").splitlines() if len(text) < 2_000_000 else []
    return [line for line in dict.fromkeys(lines) if _NAMED.search(line) and len(line) < 600]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_comes_back_from_what_a_run_writes(tmp_path, seed):
    package = hostile(seed)
    package.__class__ = Rendered
    written(package, tmp_path / "p")
    pages = ["02", "07", "08"] if seed == SEEDS[0] else ["07", "08"]
    done = making.cpts("render", *pages, "--paquet", tmp_path / "p", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    package.lines = said(tmp_path / "out")
    found = package.attack()
    shown = sum(not package.hides(table, _row(package, table, k)) for table, k, _ in package.rows)
    few = sum(0 < true < people.THRESHOLD for true in package.truth)
    print(
        f"paquet {seed} : {len(package.lines)} lignes, {shown} nombres montrés, {few} petits effectifs, {len(found)} retrouvé(s)"
    )
    assert found == []
    assert few
    # Nothing that is shown is the exact count, which the rounding keeps.
    for table, k, variables in package.rows:
        label = _label(table, _row(package, table, k))
        exact = {package.truth[v] for v in variables.values() if v != package.printed}
        exact = {count for count in exact if people.coarse(count) != count}
        told = {number for line in package.lines if label in line for number in numbers(line)}
        assert not exact & told, (label, exact & told)


def _row(package, table, position):
    row = {"indicators": package.values, "facts": package.facts, "actions": package.actions}[table][position]
    days = {name: pd.Timestamp(row[name]) for name in ("period_start", "period_end") if name in row}
    return row | days


def test_the_attack_reads_a_number_that_a_page_gives():
    package = hostile(SEEDS[1])
    package.__class__ = Rendered
    row = next(_row(package, table, k) for table, k, _ in package.rows if table == "indicators")
    package.lines = [f"Mesure {row['indicator']} (pour 100 000),masqué,2024"]
    assert package.hides("indicators", row)
    package.lines = [f"Mesure {row['indicator']} : 12,5 %, en 2024"]
    assert not package.hides("indicators", row)
