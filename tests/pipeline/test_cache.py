"""A report is made again only when something it is made from has changed."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from helpers import catalog
from helpers.pipeline import cache, parameters, plan
from tests.conftest import descriptor
from tests.pipeline import making
from tests.project import PROJECT

LOAD = "from helpers import catalog\ntable = catalog.load('demo/table', paquet)\nprint(len(table))"
FIELDS = [{"name": "code", "type": "string"}, {"name": "value", "type": "number"}]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A notebook that loads one table of a small package, already rendered once."""
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "paquet"
    package.mkdir()
    (package / "table.csv").write_text("code,value\na,1\n", encoding="utf-8")
    (package / "autre.csv").write_text("code,value\na,1\n", encoding="utf-8")
    content = descriptor(FIELDS)
    content["resources"].append({**content["resources"][0], "name": "demo/autre", "path": "autre.csv"})
    (package / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")
    making.notebook(tmp_path / "n", LOAD, parameters='paquet = "paquet"  # Paquet\nseuil = 1  # Seuil')
    assert reasons(tmp_path) == ["jamais fait, ou sans trace lisible"]
    assert reasons(tmp_path) == []
    return tmp_path


def reasons(place, given=None, **options):
    outcome = making.render(place / "n", place / "out", given=given, **options)["90_essai"]
    assert outcome.error == ""
    return outcome.reasons


def test_a_changed_cell_of_a_loaded_table_makes_the_report_again(place):
    (place / "paquet" / "table.csv").write_text("code,value\na,2\n", encoding="utf-8")
    assert reasons(place) == ["tableau demo/table : modifié"]
    assert reasons(place) == []


def test_a_table_that_is_not_loaded_changes_nothing(place):
    (place / "paquet" / "autre.csv").write_text("code,value\na,2\n", encoding="utf-8")
    assert reasons(place) == []


def test_a_changed_schema_counts_as_a_change(place):
    path = place / "paquet" / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"number"', '"integer"', 1), encoding="utf-8")
    assert reasons(place) == ["tableau demo/table : modifié"]


def test_other_values_of_the_parameters(place):
    assert reasons(place, {"seuil": 2}) == ["paramètres : modifié"]


def test_a_changed_notebook(place):
    making.notebook(
        place / "n", LOAD + "\n1 + 1", parameters='paquet = "paquet"  # Paquet\nseuil = 1  # Seuil'
    )
    assert reasons(place) == ["carnet : modifié"]


@pytest.mark.parametrize("name", ["90_essai.html", "90_essai.ipynb"])
def test_a_report_that_was_damaged_or_deleted(place, name):
    (place / "out" / name).write_text("moitié", encoding="utf-8")
    assert reasons(place) == [f"fichier {name} : absent ou modifié"]
    (place / "out" / name).unlink()
    assert reasons(place) == [f"fichier {name} : absent ou modifié"]
    assert reasons(place) == []


def test_a_report_brought_from_elsewhere_as_it_was_is_not_made_again(place):
    page = place / "out" / "90_essai.html"
    content = page.read_bytes()
    page.unlink()
    page.write_bytes(content)
    os.utime(page, ns=(1, 1))
    assert reasons(place) == []


def test_a_digit_changed_in_a_trace_is_seen(place):
    trace = place / "out" / ".cache" / "90_essai.json"
    trace.write_text(
        trace.read_text(encoding="utf-8").replace('"seconds": ', '"seconds": 1'), encoding="utf-8"
    )
    assert reasons(place) == ["jamais fait, ou sans trace lisible"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"inputs": 1}',
        '{"inputs": {}, "reads": {}, "outputs": {}, "records": [], "seconds": 0}',
        "\x00\x01",
    ],
)
def test_a_corrupted_trace_is_as_good_as_none(place, content):
    (place / "out" / ".cache" / "90_essai.json").write_text(content, encoding="utf-8")
    assert reasons(place) == ["jamais fait, ou sans trace lisible"]
    assert reasons(place) == []


def test_force_makes_all_again(place):
    assert reasons(place, force=True) == ["demandé (--force)"]


def test_records_of_an_unchanged_report_are_kept(tmp_path):
    claim = "from helpers.catalog import Study\nfrom helpers.documents import claims\n"
    claim += "claims.check('miller2022.t1.total.taille1', 287500.0, study=Study(''))"
    making.notebook(tmp_path / "n", claim)
    first = making.render(tmp_path / "n", tmp_path / "out")["90_essai"]
    again = making.render(tmp_path / "n", tmp_path / "out")["90_essai"]
    assert again.reasons == []
    assert again.records == first.records
    assert again.records[0]["verdict"] == "reproduit"


def test_a_failed_report_is_tried_again(tmp_path):
    making.notebook(tmp_path / "n", "1 / 0")
    for _ in range(2):
        assert "ZeroDivisionError" in making.render(tmp_path / "n", tmp_path / "out")["90_essai"].error


def test_imports_are_followed_through_the_package():
    source = json.dumps(
        {"cells": [{"cell_type": "code", "source": ["from helpers.documents import profiles\n"]}]}
    ).encode()
    found = cache.imported(source)
    assert {"helpers.documents.profiles", "helpers.aci", "helpers.catalog", "helpers.errors"} <= set(found)
    assert "helpers.page.figures" not in found
    assert not [name for name in found if name.startswith("helpers.pipeline")]


def test_the_libraries_of_statistics_that_a_cell_imports_are_needed_and_no_other(tmp_path):
    code = "import statsmodels.formula.api as smf\nfrom seaborn import heatmap\nimport statsmodelsx, json"
    path = making.notebook(tmp_path, code)
    found = cache.needed([parameters.read(path)])
    assert [name for name in found if not name.startswith("helpers")] == [
        "seaborn",
        "statsmodels.formula.api",
    ]


def test_modules_found_at_run_time_count_too():
    source = json.dumps(
        {"cells": [{"cell_type": "code", "source": "from helpers.documents import reproductions"}]}
    ).encode()
    assert {"helpers.documents.reproductions.across", "helpers.documents.reproductions.cells"} <= set(
        cache.imported(source)
    )


def test_a_changed_helper_changes_the_inputs(tmp_path, monkeypatch):
    copy = tmp_path / "helpers"
    shutil.copytree(cache.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    making.notebook(tmp_path / "n", "from helpers import aci")
    report = plan.reports([], {}, folder=tmp_path / "n")[0]
    monkeypatch.setattr(cache, "PACKAGE", copy)
    for cached in (cache.imported, cache._module_imports, cache._tree):
        cached.cache_clear()
    before = cache.Snapshot().inputs(report.notebook, {})
    (copy / "errors.py").write_text((copy / "errors.py").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = cache.Snapshot().inputs(report.notebook, {})
    assert [key for key in before if before[key] != after[key]] == ["module helpers.errors"]
    for cached in (cache.imported, cache._module_imports, cache._tree):
        cached.cache_clear()


def test_a_table_asked_for_again_leaves_its_hash_again():
    PROJECT.table("miller2022/members")
    catalog.forget_reads()
    PROJECT.table("miller2022/members")
    rows = {(row["folder"], row["name"]): row["digest"] for row in json.loads(catalog.reads())}
    assert rows["", "miller2022/members"] == catalog.digest("miller2022/members", "")


def test_listing_the_tables_that_can_be_reached_leaves_both_lists(tmp_path):
    shutil.copy(catalog.MODEL_FOLDER / "datapackage.json", tmp_path)
    own = catalog.Package(tmp_path)
    assert "miller2022/deployment" in own.reachable_names("/deployment")
    assert "miller2022/deployment" not in own.names()
    rows = {(row["folder"], row["name"]): row["digest"] for row in json.loads(catalog.reads())}
    assert rows[str(tmp_path), ""] == catalog.digest("", own)
    assert rows["", ""] == catalog.digest("", "")


def test_a_table_of_the_project_depends_on_the_list_of_the_package_that_may_replace_it(tmp_path):
    shutil.copy(catalog.MODEL_FOLDER / "datapackage.json", tmp_path)
    catalog.load("miller2022/members", tmp_path)
    assert any(read["folder"] == str(tmp_path) and not read["name"] for read in json.loads(catalog.reads()))


def test_the_lines_that_import_say_what_the_trees_of_the_modules_say():
    for path in sorted(cache.PACKAGE.rglob("*.py"))[::7]:
        code = path.read_text(encoding="utf-8")
        by_line = {name for line in cache._IMPORT.findall(code) for name in cache._named(line)}
        assert set(cache._imports(code)) <= by_line, path


def test_a_line_that_imports_names_modules_and_what_it_takes_out_of_them():
    folded = "from helpers.page import (\n    display,  # tables\n    figures as drawn,\n)"
    assert list(cache._named(folded)) == ["helpers.page", "helpers.page.display", "helpers.page.figures"]
    assert list(cache._named("import helpers.page as page, helpers.french")) == [
        "helpers.page",
        "helpers.french",
    ]
