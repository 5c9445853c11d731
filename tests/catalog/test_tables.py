"""The only reader of data: types, and one sentence per bad file."""

import json

import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import DataError, UnknownName
from tests.project import PROJECT

GOOD = 'code,printed,value,line\na,"3,1",3.1,12\nb,ND,,13\n'


def test_load_gives_the_types_of_the_schema(small_package):
    table = catalog.load("demo/table", small_package(GOOD))
    assert [str(kind) for kind in table.dtypes] == ["string", "string", "float64", "Int64"]
    assert table["value"].isna().tolist() == [False, True]


def test_unknown_table_names_the_nearest(small_package):
    with pytest.raises(UnknownName, match="demo/table"):
        catalog.load("demo/tabel", small_package(GOOD))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("code,printed,line\na,3,12\n", "colonne « value » absente"),
        ("code,printed,value,line,more\na,3,3,12,x\n", "colonne « more » de trop : supprimez-la"),
        (
            'code,printed,value,line\na,"3,1","3,1",12\n',
            r"ligne 2, colonne « value » : « 3,1 » n'est pas un nombre : écrivez 3\.1",
        ),
        (
            "code,printed,value,line\na,3,3,douze\n",
            r"ligne 2, colonne « line » : « douze » n'est pas un nombre entier",
        ),
        ("code,printed,value,line\na,3,3,12.5\n", "n'est pas un nombre entier"),
        ("\ufeffcode,printed,value,line\na,3,3,12\n", "BOM"),
        ("", "fichier vide"),
        ("code,printed,value,line\n", "aucune ligne sous l'en-tête"),
        (
            "code;printed;value;line\na;3;3;12\n",
            "le séparateur est devenu « point-virgule » au lieu de « virgule »",
        ),
        ("code,printed,value,line\na,3,3\n", "ligne 2 : 1\u00a0cellule de moins que l'en-tête"),
        ("code,code,value,line\na,3,3,12\n", "figure deux fois"),
    ],
)
def test_bad_files_are_said_in_one_sentence(small_package, content, sentence):
    with pytest.raises(DataError, match=sentence):
        catalog.load("demo/table", small_package(content))


def test_bytes_that_are_not_utf8(small_package):
    with pytest.raises(DataError, match="ligne 2 : le fichier n'est pas en UTF-8"):
        catalog.load("demo/table", small_package("code,printed,value,line\né,3,3,12\n", encoding="latin-1"))


def test_french_decimal_mark_of_a_user_package(small_package):
    fields = [{"name": "code", "type": "string"}, {"name": "rate", "type": "number", "decimalChar": ","}]
    folder = small_package("code;rate\na;12,5\n", fields=fields, dialect={"delimiter": ";"})
    assert catalog.load("demo/table", folder)["rate"].tolist() == [12.5]
    folder = small_package("code;rate\na;12.5\n", fields=fields, dialect={"delimiter": ";"})
    with pytest.raises(DataError, match=r"« 12\.5 » n'est pas un nombre"):
        catalog.load("demo/table", folder)


def test_a_folder_without_package(tmp_path):
    with pytest.raises(DataError, match=r"Aucun fichier datapackage\.json"):
        catalog.load("x", tmp_path)


def test_every_table_of_the_project_loads():
    package = catalog.open_package()
    names = package.names()
    assert len(names) > 60
    for name in names:
        assert len(PROJECT.table(name)) > 0, name


def test_every_column_is_described():
    for name in catalog.open_package().names():
        resource = catalog.open_package().resource(name)
        assert resource["title"], name
        assert resource["description"], name
        assert resource["sources"], name
        for field in resource["schema"]["fields"]:
            assert field.get("description"), (name, field["name"])


@pytest.fixture
def own_package(tmp_path):
    """A user's package with the model's list of CPTS only, which extends the project's."""
    model = catalog.Package(catalog.MODEL_FOLDER)
    descriptor = {
        **model.descriptor,
        "resources": [model.resource("cpts/cpts"), model.resource("cpts/actions")],
    }
    (tmp_path / "cpts").mkdir()
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name in ("cpts/cpts", "cpts/actions"):
        (tmp_path / f"{name}.csv").write_bytes((catalog.MODEL_FOLDER / f"{name}.csv").read_bytes())
    with (tmp_path / "cpts" / "cpts.csv").open("a", encoding="utf-8") as file:
        file.write("essai,Ma CPTS" + "," * 11 + "\n")
    return tmp_path


def test_a_package_that_extends_the_project_gives_its_tables(own_package):
    assert catalog.load("cpts/cpts", own_package)["cpts"].tolist() == ["essai"]
    project = PROJECT.table("miller2022/territories")
    pd.testing.assert_frame_equal(catalog.load("miller2022/territories", own_package), project)
    assert catalog.digest("miller2022/territories", own_package) == catalog.digest(
        "miller2022/territories", ""
    )
    with pytest.raises(UnknownName, match="miller2022/territories"):
        catalog.load("miller2022/territoires", own_package)


def test_a_package_of_its_own_does_not_borrow(small_package):
    with pytest.raises(UnknownName):
        catalog.load("miller2022/territories", small_package(GOOD))


def test_an_optional_table_may_be_empty_or_absent(own_package):
    empty = catalog.load("cpts/actions", own_package)
    absent = catalog.load("cpts/perimeters", own_package, optional=True)
    assert empty.empty
    assert absent.empty
    assert str(absent["valid_from"].dtype).startswith("datetime64")
    with pytest.raises(UnknownName):
        catalog.load("cpts/perimeters", own_package)


def test_a_required_table_with_its_header_only_is_refused(own_package):
    (own_package / "cpts" / "cpts.csv").write_bytes((catalog.MODEL_FOLDER / "cpts/cpts.csv").read_bytes())
    with pytest.raises(DataError, match="aucune ligne sous l'en-tête"):
        catalog.load("cpts/cpts", own_package)


def test_the_model_has_one_header_per_table():
    model = catalog.Package(catalog.MODEL_FOLDER)
    for name in model.names():
        if model.resource(name).get("optional"):
            assert catalog.load(name, model).empty
        assert all(field["description"] for field in model.resource(name)["schema"]["fields"])
