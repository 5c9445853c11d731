"""Frictionless as oracle: it accepts what we publish, and refuses whatever our judge refuses of a schema.

Validata applies the same rules to a CSV file and its schema (the dialect of schema.data.gouv.fr), without custom checks here.
"""

from __future__ import annotations

import json
import shutil

import pytest

frictionless = pytest.importorskip("frictionless")

from frictionless.formats.pandas import parser  # noqa: E402

from helpers import catalog  # noqa: E402
from helpers.intake import check, starting  # noqa: E402

ROWS = 2_000  # of a table: the communes have 35,000 rows of the same making


def validated(folder):
    """Report of the program on the descriptor as it is on the disk."""
    return frictionless.Package(str(folder / "datapackage.json")).validate(limit_rows=ROWS)


def faults(report):
    return [f"{task.name} : {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


def named(linked):
    """The communes of the project that `linked` name, as the table they point to: the program reads it whole for each."""
    links = [(item["name"], link["fields"]) for item in linked for link in item["schema"]["foreignKeys"]]
    asked = {code for name, (column,) in links for code in catalog.load(name, catalog.DEFAULT_FOLDER)[column]}
    codes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)["code"]
    schema = {"fields": [{"name": "code", "type": "string"}], "primaryKey": ["code"]}
    return {
        "name": "open/communes",
        "data": [["code"], *([code] for code in codes if code in asked)],
        "schema": schema,
    }


@pytest.fixture
def rows_made_once(monkeypatch):
    """The program makes the whole row of a Parquet table again for each of its cells: it is given the row as it made it first.

    Nothing of what it reads or judges changes: `to_dict` is asked of the same row, which nobody writes.
    """

    class Row:
        def __init__(self, row):
            self.cells = row.to_dict()

        def to_dict(self):
            return self.cells

    class Frame(parser.platform.pandas.DataFrame):
        def iterrows(self):
            return ((key, Row(row)) for key, row in super().iterrows())

    made = parser.PandasParser.read_cell_stream_create

    def read(self):
        self.resource.data = Frame(self.resource.data)
        return made(self)

    monkeypatch.setattr(parser.PandasParser, "read_cell_stream_create", read)


@pytest.mark.usefixtures("rows_made_once")
def test_the_data_of_the_project_are_valid():
    """All together, but the tables linked to the communes: for each, the program would read all columns of all communes."""
    descriptor = json.loads((catalog.DEFAULT_FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    linked, others = [], []
    for item in descriptor["resources"]:
        links = [link["reference"]["resource"] for link in item["schema"].get("foreignKeys", [])]
        (linked if "open/communes" in links else others).append(item)
    assert len(linked) >= 3
    for resources in (others, [*linked, named(linked)]):
        part = descriptor | {"resources": resources}
        package = frictionless.Package.from_descriptor(part, basepath=str(catalog.DEFAULT_FOLDER))
        assert faults(package.validate(limit_rows=ROWS)) == []


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oracle") / "exemple"
    starting.new(folder, example=True)
    return folder


def test_the_packages_of_cpts_new_are_valid(example, tmp_path):
    starting.new(tmp_path / "vide")
    assert faults(validated(example)) == []
    assert faults(validated(tmp_path / "vide")) == []


@pytest.mark.parametrize(
    "name", ["cpts/cpts", "cpts/facts", "cpts/indicators", "survey/answers", "material/codes"]
)
def test_one_file_and_its_schema_are_valid_alone(example, name):
    """What Validata is given: the CSV file and the Table Schema, links to other tables aside."""
    resource = catalog.Package(example).resource(name)
    schema = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
    dialect = frictionless.Dialect.from_descriptor({"csv": {"delimiter": resource["dialect"]["delimiter"]}})
    found = frictionless.Resource(
        path=resource["path"],
        basepath=str(example),
        encoding=resource["encoding"],
        schema=frictionless.Schema.from_descriptor(schema),
        dialect=dialect,
    ).validate()
    assert faults(found) == []


# A fault of each rule of a schema: table, cells of its first row.
PLANTED = [
    ("cpts/cpts", {"aci_date": "31/12/2023"}),
    ("cpts/cpts", {"aci_date": "2023-02-30"}),
    ("cpts/cpts", {"population": "94 819"}),
    ("cpts/cpts", {"population": "94819,5"}),
    ("cpts/cpts", {"population": "ND"}),
    ("cpts/cpts", {"population": "0"}),
    ("cpts/cpts", {"size": "5"}),
    ("cpts/cpts", {"department": "8"}),
    ("cpts/cpts", {"status": "signé"}),
    ("cpts/cpts", {"name_fr": ""}),
    ("cpts/cpts", {"cpts": "exemple-sud"}),
    ("cpts/facts", {"cpts": "inconnue"}),
    ("cpts/facts", {"item": "Idée de départ"}),
    ("cpts/missions", {"fixed_rate": "80"}),
    ("cpts/missions", {"fixed_rate": "0.8"}),
    ("cpts/missions", {"year": "2018"}),
    ("cpts/indicators", {"numerator": "beaucoup"}),
    ("survey/answers", {"question": "1"}),
    ("survey/answers", {"status": "peut-être"}),
    ("material/codes", {"code": ""}),
]


@pytest.mark.parametrize(("name", "cells"), PLANTED, ids=[f"{name}-{cells}" for name, cells in PLANTED])
def test_a_planted_fault_is_refused_by_both(tmp_path, example, name, cells):
    folder = shutil.copytree(example, tmp_path / "x")
    package = catalog.Package(folder)
    table = package.table(name)
    texts = catalog.cells(name, package).frame().reset_index(drop=True)
    for column, text in cells.items():
        texts.loc[0, column] = text
    package.path(name).write_bytes(table.file(texts))
    linked = {name, *(link.table for link in table.links)}
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] in linked]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert check.check(folder)
    assert not validated(folder).valid
