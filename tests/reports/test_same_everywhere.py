"""In one run, the same cell (title of the table, row, column) has the same value wherever it is printed, and totals agree."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from bs4 import BeautifulSoup

OF_A_FIGURE = "Données de la figure : "
# A column or a row that adds up the others, by its head.
TOTALS = {"Total", "Ensemble", "Segments"}


class Printed(NamedTuple):
    """A table of a report, unrounded, as the file beside it holds it: texts, numbers as texts."""

    report: str
    title: str
    data: pd.DataFrame


def printed(soup: BeautifulSoup, report: str) -> list[Printed]:
    """Every table of a page that has its file, under its caption; the table of a figure is under the title of the figure."""
    found = []
    for caption in soup.find_all("caption"):
        link = caption.find_next("a", href=lambda href: href and href.startswith("data:text/csv"))
        if link is None or caption.find_next("caption") in link.find_all_previous("caption", limit=1):
            continue
        content = base64.b64decode(link["href"].partition(",")[2])
        data = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        title = " ".join(caption.get_text().split()).removeprefix(OF_A_FIGURE)
        found.append(Printed(report, title, data))
    return found


def contradictions(tables: list[Printed]) -> list[str]:
    """Cells that two tables of the same title give differently, one sentence each."""
    by_title = defaultdict(list)
    for table in tables:
        by_title[table.title].append(table)
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    found = []
    for title, same in by_title.items():
        width = max(_naming(table.data) for table in same)
        for table in same:
            for names, column, value in _cells(table.data, width):
                key = (title, *names, column)
                report, before = said.setdefault(key, (table.report, value))
                if not _equal(before, value):
                    found.append(f"{' / '.join(key)} : {before} ({report}), {value} ({table.report})")
    return found


def _naming(data: pd.DataFrame) -> int:
    """How many first columns name a row: the fewest that tell all rows apart, else one."""
    for width in range(1, len(data.columns)):
        if not data.iloc[:, :width].duplicated().any():
            return width
    return 1


def _cells(data: pd.DataFrame, width: int):
    # Rows that nothing tells apart are compared by their place among their like.
    names = [tuple(row) for row in data.iloc[:, :width].itertuples(index=False, name=None)]
    like = data.groupby(list(data.columns[:width])).cumcount() if len(data) else []
    heads = [str(column) for column in data.columns[width:]]
    for name, place, row in zip(names, like, data.itertuples(index=False, name=None), strict=True):
        for column, value in zip(heads, row[width:], strict=True):
            yield (*name, *([str(place)] if place else [])), column, value


def _equal(first: str, second: str) -> bool:
    if first == second:
        return True
    try:
        return float(first) == pytest.approx(float(second), rel=1e-9)
    except ValueError:
        return False


def totals(tables: list[Printed]) -> dict[tuple[str, str], set[float]]:
    """Sum of each column of whole numbers named as a total, by title and head: one value when reports agree."""
    found = defaultdict(set)
    for table in tables:
        for head in TOTALS & set(table.data):
            numbers = pd.to_numeric(table.data[head], errors="coerce")
            found[table.title, head].add(float(numbers.sum()))
    return dict(found)


def unequal_rows(by_source: Printed, by_code: Printed) -> list[str]:
    """Codes whose segments by source do not add up to the whole that another table gives."""
    parts = by_source.data.set_index(by_source.data.columns[0]).astype(float).sum(axis=1)
    whole = by_code.data.set_index("Code")["Segments"].astype(float)
    used = whole[whole > 0]
    assert set(parts.index) == set(used.index)
    return [code for code in used.index if parts[code] != used[code]]


@pytest.fixture
def of_run(parsed):
    """All that a run prints, by its folder."""

    def tables(place: Path) -> list[Printed]:
        pages = [path for path in sorted(place.glob("*.html")) if path.name != "index.html"]
        return [table for path in pages for table in printed(parsed(path), path.stem)]

    return tables


@pytest.mark.parametrize("run", ["reports", "example_reports"])
def test_no_report_contradicts_another(request, of_run, run):
    tables = of_run(request.getfixturevalue(run)[0])
    assert len(tables) > 100
    assert contradictions(tables) == []
    assert {key: sums for key, sums in totals(tables).items() if len(sums) > 1} == {}


def test_the_material_is_counted_once(example_reports, of_run):
    tables = of_run(example_reports[0])
    by_code = [table for table in tables if table.title.startswith("Segments par code (")]
    assert {table.report[:2] for table in by_code} == {"02", "04"}
    (by_source,) = [table for table in tables if table.title.startswith("Segments par code et par source (")]
    assert unequal_rows(by_source, by_code[0]) == []
    for table in tables:
        if table.title.startswith("Segments par code selon"):
            whole = by_code[0].data.set_index("Code")["Segments"]
            assert (table.data.set_index("Code")["Segments"] == whole.reindex(table.data["Code"])).all()


def page(*tables: tuple[str, pd.DataFrame]) -> str:
    from helpers.page import display

    shown = "".join(display.table(data, title).html for title, data in tables)
    return BeautifulSoup(shown, "html.parser")


COUNTED = pd.DataFrame({"Code": ["Freins", "Leviers"], "Segments": [5, 2]})


def test_equal_tables_do_not_contradict_each_other():
    tables = printed(page(("Segments", COUNTED)), "02") + printed(page(("Segments", COUNTED[::-1])), "04")
    assert len(tables) == 2
    assert contradictions(tables) == []
    assert totals(tables) == {("Segments", "Segments"): {7.0}}


def test_a_planted_difference_is_found_and_told():
    other = COUNTED.assign(Segments=[0, 2])
    tables = printed(page(("Segments", COUNTED)), "02") + printed(page(("Segments", other)), "04")
    assert contradictions(tables) == ["Segments / Freins / Segments : 5 (02), 0 (04)"]
    assert totals(tables) == {("Segments", "Segments"): {7.0, 2.0}}


def test_another_title_or_another_row_is_no_contradiction():
    other = COUNTED.assign(Segments=[0, 2])
    tables = printed(page(("Segments", COUNTED), ("Autres segments", other)), "02")
    tables += printed(page(("Segments", pd.DataFrame({"Code": ["Temps"], "Segments": [9]}))), "04")
    assert contradictions(tables) == []


def test_rows_are_told_apart_by_as_many_columns_as_needed():
    both = pd.DataFrame({"Code": ["Freins", "Freins"], "Année": ["2022", "2023"], "Segments": [5, 6]})
    tables = printed(page(("Segments", both)), "02") + printed(page(("Segments", both[::-1])), "04")
    assert contradictions(tables) == []
    tables += printed(page(("Segments", both.assign(Segments=[5, 7]))), "07")
    assert contradictions(tables) == ["Segments / Freins / 2023 / Segments : 6 (02), 7 (07)"]


def test_the_table_of_a_figure_counts_under_its_title():
    tables = printed(page((f"{OF_A_FIGURE}Segments", COUNTED)), "02")
    tables += printed(page(("Segments", COUNTED.assign(Segments=[5, 3]))), "04")
    assert contradictions(tables) == ["Segments / Leviers / Segments : 2 (02), 3 (04)"]


def test_parts_that_do_not_add_up_are_named():
    parts = pd.DataFrame({"Code": ["Freins", "Leviers"], "E1": ["3", "2"], "E2": ["1", "0"]})
    whole = Printed("02", "Segments", COUNTED.astype(str))
    assert unequal_rows(Printed("04", "Segments", parts), whole) == ["Freins"]
