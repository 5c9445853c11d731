"""What a user's package keeps for itself: words pasted one column too far, listed names, small counts, in everything written."""

from __future__ import annotations

import csv
import io
import re
import shutil

import pandas as pd
import pytest

from helpers import catalog
from helpers.intake import starting
from helpers.intake.deposit import deposit
from helpers.methods import measured, protection
from tests.pipeline import making
from tests.reports.test_own_material import all_texts

WORDS = "Paola Zingst pleurait derriere le paravent mauve"
PIECES = ("zingst", "pleurait", "paravent")
# Places tried in one run, and its notebooks. Two are no fault: both pages are whole, and say no word of either.
MISPLACED = [
    ("material/segments.coder material/segments.segment", "02 04"),
    *((f"material/segments.{column}", "02 04") for column in (
        "source", "code", "start", "end", "valence", "indicator", "territory",
    )),
    ("material/attributes.source", "04"),
    *((f"survey/answers.{column}", "05") for column in ("wave", "role", "respondent", "question", "option", "status")),
]  # fmt: skip


def render(folder, out, notebooks):
    """Whatever the run says and writes, in small letters; its exit code is not looked at."""
    done = making.cpts("render", *notebooks.split(), "--paquet", folder, "--out", out)
    written = {str(name): text for name, text in all_texts(out, downloads=False).items()}
    assert any(name.endswith("index.html") for name in written)
    return {"screen": done.stdout + done.stderr, **written}


def test_sixteen_places_are_tried():
    assert len({place for places, _ in MISPLACED for place in places.split()}) == 16


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The package of the example, copied for each case."""
    folder = tmp_path_factory.mktemp("exemple") / "ma-cpts"
    starting.new(folder, example=True)
    return folder


def paste(package, name, column, row):
    """Write the words in a cell of a table."""
    path = package.path(name)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    rows[row][rows[0].index(column)] = WORDS
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_text(stream.getvalue(), "utf-8-sig", newline="")


@pytest.mark.parametrize(("places", "notebooks"), MISPLACED)
def test_words_pasted_one_column_too_far_stay_in_the_package(tmp_path, example, places, notebooks):
    folder = shutil.copytree(example, tmp_path / "ma-cpts")
    descriptor = (folder / "datapackage.json").read_text(encoding="utf-8")
    (folder / "datapackage.json").write_text(
        descriptor.replace('"diffusable": true', '"diffusable": false'), "utf-8"
    )
    # Each on a row of its own: a coder is named beside those who coded the same segment.
    for place, row in zip(places.split(), (2, -1), strict=False):
        paste(catalog.Package(folder), *place.split("."), row)
    for written, text in render(folder, tmp_path / "out", notebooks).items():
        assert not [piece for piece in PIECES if piece in text.lower()], written


YEAR, SECOND = ("2024-01-01", "2024-12-31"), ("2024-07-01", "2024-12-31")


def _row(indicator, period, numerator=None, denominator=None, value=None, territory="nord"):
    return {
        "indicator": indicator, "territory": territory, "period_start": period[0], "period_end": period[1],
        "numerator": numerator, "denominator": denominator, "value": value,
    }  # fmt: skip


def test_the_counts_that_were_found_again_on_the_page_are_no_longer_there(tmp_path):
    """The deductions of the audit: a third class, half a year, a share alone, a rate alone, a complement, units, facts."""
    folder = tmp_path / "ma-cpts"
    starting.new(folder)
    kinds = {
        "classe_a": "proportion", "classe_b": "proportion", "classe_c": "proportion", "part_seule": "proportion",
        "complement": "proportion", "taux_seul": "taux", "passages": "nombre", "suicides": "nombre", "grand": "proportion",
    }  # fmt: skip
    definitions = [
        {"indicator": code, "label_fr": f"Mesure {code}", "kind": kind, "direction": "neutre"}
        | {"unit": {"proportion": "%", "taux": "pour 100 000", "nombre": "séjours"}[kind]}
        | ({"per": 100_000} if kind == "taux" else {})
        for code, kind in kinds.items()
    ]
    values = [
        _row("classe_a", YEAR, 51, 203), _row("classe_b", YEAR, 147, 203), _row("classe_c", YEAR, 5, 203),
        _row("part_seule", YEAR, value=2.463054187), _row("complement", YEAR, 308, 313),
        _row("taux_seul", YEAR, value=11.39774), _row("passages", YEAR, value=67),
        _row("passages", SECOND, value=61), _row("suicides", YEAR, value=6), _row("grand", YEAR, 1081, 16390),
    ]  # fmt: skip
    facts = [
        {
            "cpts": "nord",
            "chapter": "actions",
            "item": "vih",
            "label_fr": "Suivi VIH",
            "value": "4",
            "unit": "patients",
        },
        {
            "cpts": "nord",
            "chapter": "actions",
            "item": "phrase",
            "label_fr": "Suivi en phrase",
            "value": "7 patients suivis",
        },
        {
            "cpts": "nord",
            "chapter": "actions",
            "item": "tous",
            "label_fr": "Suivis tous",
            "value": "483",
            "unit": "patients",
        },
    ]
    tables = {
        "cpts/cpts": [{"cpts": "nord", "name_fr": "CPTS du Nord", "population": 26321}],
        "cpts/indicator_definitions": definitions, "cpts/indicators": values,
        "cpts/facts": [fact | {"status": "connu"} for fact in facts],
    }  # fmt: skip
    deposit({name: pd.DataFrame(rows) for name, rows in tables.items()}, folder)
    secret = protection.protect(catalog.Study(folder))
    shown = {
        key[0] for key in (protection.row_key(row) for row in _values(folder)) if key not in secret.indicators
    }
    assert shown == {"grand"}
    written = render(folder, tmp_path / "out", "07 08")
    pages = {name: text for name, text in written.items() if name != "registre.csv"}
    assert any("Mesure grand" in text for text in pages.values())
    for name, text in pages.items():
        # No cell, figure, download or alternative text gives a number of a hidden measure or fact.
        for line in text.splitlines():
            if (
                re.search(r"Mesure (?!grand)\w+|Suivi VIH|Suivi en phrase", line)
                and "," in line
                and len(line) < 400
            ):
                assert "masqué" in line or not re.search(r"[,;]\s?-?\d+[.,]\d", line), (name, line)
        assert not re.search(
            r"(?<![\d.,])(?:51|147|203|308|313|61|67)(?:[.,]0)?\s?(?:séjours|sur|%|;|,\s?2)", text
        ), name
        assert not re.search(r"(?<![\d.,])(?:1081|16390|483|2[.,]46\d|11[.,]39\d)(?!\d)", text), name
        assert "7 patients suivis" not in text
    html = next(text for name, text in pages.items() if name.endswith("07_monographie_cpts.html"))
    assert "Ne sont pas protégés" in html
    assert "485 patients" in html.replace("\u00a0", " ")


def _values(folder):
    return catalog.load("cpts/indicators", folder).to_dict("records")


def test_a_hidden_row_leaves_nothing_in_what_is_measured():
    row = _row("x", YEAR, 60, 200)
    found = measured.measure(
        row | {"hidden": True}, {"kind": "proportion", "unit": "%", "per": 100}, masked=True
    )
    assert found["state"] == "masqué"
    assert all(pd.isna(found[name]) for name in ("value", "lower", "upper", "numerator", "denominator"))
