"""The only reader of data: types, and one sentence per bad file."""

import pytest

from helpers import catalog
from helpers.errors import DataError, UnknownName

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
        ("code,printed,value,line,more\na,3,3,12,x\n", "colonne « more » inconnue"),
        (
            'code,printed,value,line\na,"3,1","3,1",12\n',
            r"ligne 2, colonne « value » : « 3,1 » .*avec un point",
        ),
        (
            "code,printed,value,line\na,3,3,douze\n",
            r"ligne 2, colonne « line » : « douze » n'est pas un nombre entier",
        ),
        ("code,printed,value,line\na,3,3,12.5\n", "n'est pas un nombre entier"),
        ("\ufeffcode,printed,value,line\na,3,3,12\n", "BOM"),
        ("", "est vide"),
        ("code,printed,value,line\n", "ligne d'en-tête"),
        ("code;printed;value;line\na;3;3;12\n", "séparateur attendu"),
        ("code,printed,value,line\na,3,3\n", "ligne 2 : 3 cellules au lieu de 4"),
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
        assert len(catalog.load(name)) > 0, name


def test_every_column_is_described():
    for name in catalog.open_package().names():
        resource = catalog.open_package().resource(name)
        assert resource["title"], name
        assert resource["description"], name
        assert resource["sources"], name
        for field in resource["schema"]["fields"]:
            assert field.get("description"), (name, field["name"])
