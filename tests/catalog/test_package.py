"""The folder of a package and its `datapackage.json`: nothing outside is read, and any other shape is one French sentence."""

from __future__ import annotations

import copy
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.commands.main import main
from helpers.errors import DataError, ObservatoireError
from helpers.intake import check
from helpers.intake.deposit import deposit

SECRET = "mot;de;passe\n"
ONE = pd.DataFrame({"cpts": ["a"], "name_fr": ["CPTS A"]})


@pytest.fixture
def own(tmp_path):
    """A package with the list of CPTS and its facts, beside a file that is none of its business."""
    model = catalog.Package(catalog.MODEL_FOLDER)
    folder = tmp_path / "paquet"
    (folder / "cpts").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text(SECRET, encoding="utf-8")
    names = ("cpts/cpts", "cpts/facts")
    resources = [copy.deepcopy(model.resource(name)) for name in names]
    write(folder, {**model.descriptor, "resources": resources})
    for name in names:
        (folder / f"{name}.csv").write_bytes((catalog.MODEL_FOLDER / f"{name}.csv").read_bytes())
    return folder


def write(folder, descriptor):
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def read(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


COMMANDS = {
    "load": lambda folder: catalog.load("cpts/cpts", folder),
    "cells": lambda folder: catalog.cells("cpts/cpts", folder),
    "digest": lambda folder: catalog.digest("cpts/cpts", folder),
    "seal": check.seal,
    "import": lambda folder: deposit({"cpts/cpts": ONE}, folder),
}
PATHS = [
    "../secret.csv", "cpts/../../secret.csv", "/etc/hostname", "C:\\secret.csv", "..\\secret.csv", "~/secret.csv",
    "https://exemple.fr/secret.csv", "file:///etc/hostname", "cpts\\cpts.csv", "cpts/",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leaves_the_folder_is_refused_by_every_command(own, command, path):
    descriptor = read(own)
    descriptor["resources"][0]["path"] = path
    write(own, descriptor)
    with pytest.raises(
        DataError, match=r"tableau « cpts/cpts » : le chemin .* : un paquet reste dans son dossier"
    ):
        COMMANDS[command](own)
    assert (own.parent / "secret.csv").read_text(encoding="utf-8") == SECRET


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_link_that_leaves_the_folder_is_refused_by_every_command(own, command, link):
    if link == "file":
        (own / "cpts" / "cpts.csv").unlink()
        (own / "cpts" / "cpts.csv").symlink_to(own.parent / "secret.csv")
    else:
        (own / "cpts").rename(own.parent / "ailleurs")
        (own / "cpts").symlink_to(own.parent / "ailleurs")
    with pytest.raises(DataError, match=r"« cpts/cpts\.csv » est un lien qui sort du dossier"):
        COMMANDS[command](own)
    assert (own.parent / "secret.csv").read_text(encoding="utf-8") == SECRET


def test_the_names_and_the_descriptor_stay_in_the_folder_too(own):
    (own / "noms.txt").symlink_to(own.parent / "secret.csv")
    with pytest.raises(DataError, match=r"« noms\.txt » est un lien qui sort"):
        catalog.read_names(own)
    (own / "datapackage.json").rename(own.parent / "ailleurs.json")
    (own / "datapackage.json").symlink_to(own.parent / "ailleurs.json")
    with pytest.raises(DataError, match="est un lien qui sort"):
        catalog.load("cpts/cpts", own)


def test_a_package_reached_by_a_link_is_read(own):
    (own.parent / "raccourci").symlink_to(own)
    deposit({"cpts/cpts": ONE}, own.parent / "raccourci")
    assert catalog.load("cpts/cpts", own.parent / "raccourci")["cpts"].tolist() == ["a"]


WRONG = [None, 3, "texte", [], {}, [1], {"a": 1}, True]
PLACES = [
    (), ("name",), ("title",), ("extends",), ("resources",), ("resources", 0), ("resources", 0, "name"), ("resources", 0, "path"),
    ("resources", 0, "title"), ("resources", 0, "encoding"), ("resources", 0, "dialect"), ("resources", 0, "optional"),
    ("resources", 0, "hash"), ("resources", 0, "schema"), ("resources", 0, "schema", "fields"),
    ("resources", 0, "schema", "primaryKey"), ("resources", 0, "schema", "foreignKeys"), ("resources", 0, "schema", "rowsOf"),
    ("resources", 0, "schema", "fields", 0), ("resources", 0, "schema", "fields", 0, "name"),
    ("resources", 0, "schema", "fields", 0, "type"), ("resources", 0, "schema", "fields", 0, "constraints"),
    ("resources", 0, "schema", "fields", 0, "constraints", "pattern"),
    ("resources", 0, "schema", "fields", 0, "constraints", "enum"),
    ("resources", 0, "schema", "fields", 0, "constraints", "minimum"),
    ("resources", 0, "schema", "fields", 0, "constraints", "required"),
    ("resources", 0, "schema", "fields", 0, "categories"), ("resources", 0, "schema", "fields", 0, "decimalChar"),
    ("resources", 1, "schema", "foreignKeys", 0), ("resources", 1, "schema", "foreignKeys", 0, "fields"),
    ("resources", 1, "schema", "foreignKeys", 0, "reference"),
    ("resources", 1, "schema", "foreignKeys", 0, "reference", "fields"),
    ("resources", 1, "schema", "foreignKeys", 0, "reference", "resource"),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_any_shape_of_the_descriptor_is_read_or_refused_in_one_sentence(own, place):
    for wrong in WRONG:
        descriptor = read(own)
        if place:
            part = descriptor
            for key in place[:-1]:
                part = part[key]
            part[place[-1]] = wrong
        write(own, descriptor if place else wrong)
        for command in (check.check, *COMMANDS.values()):
            assert "\n" not in refusal(command, own)
        result = CliRunner().invoke(main, ["check", str(own)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        write(own, read_model())
        (own / "cpts/cpts.csv").write_bytes((catalog.MODEL_FOLDER / "cpts/cpts.csv").read_bytes())


def refusal(command, folder):
    """The sentence that refuses, empty when the command passes; anything but our exceptions fails the test."""
    try:
        command(folder)
    except ObservatoireError as error:
        return str(error) or "sans phrase\n"
    return ""


def read_model():
    model = catalog.Package(catalog.MODEL_FOLDER)
    resources = [copy.deepcopy(model.resource(name)) for name in ("cpts/cpts", "cpts/facts")]
    return {**model.descriptor, "resources": resources}


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (("resources",), {}, "« resources » doit être une liste"),
        (("resources", 0), 3, "tableau 1 : un objet { } est attendu"),
        (("resources", 0, "path"), ["a.csv"], "tableau « cpts/cpts » : « path » doit être un texte"),
        (("resources", 0, "encoding"), "latin-1", "« encoding » doit être « utf-8 » ou « utf-8-sig »"),
        (("resources", 0, "dialect"), {"delimiter": ";;"}, "« delimiter » doit être un seul caractère"),
        (("resources", 0, "schema", "primaryKey"), ["code"], "« primaryKey » nomme une colonne « code »"),
        (("resources", 0, "schema", "fields", 0, "type"), "texte", "colonne « cpts » : le type « texte » n'est pas l'un de"),
        (("resources", 0, "schema", "fields", 0, "constraints", "pattern"), "(", "n'est pas une expression régulière"),
        (("resources", 0, "schema", "fields", 0, "constraints", "minimum"), "1", "« minimum » doit être un nombre"),
        (("resources", 1, "name"), "cpts/cpts", "le tableau « cpts/cpts » est décrit deux fois"),
    ],
)  # fmt: skip
def test_a_wrong_shape_says_where_it_is(own, place, value, sentence):
    descriptor = read(own)
    part = descriptor
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    write(own, descriptor)
    with pytest.raises(DataError) as caught:
        check.check(own)
    assert sentence in str(caught.value)
    assert str(own / "datapackage.json") in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{", b"[" * 100_000, "{'a': é}".encode("cp1252")])
def test_what_is_no_json_is_said_in_french(own, content):
    (own / "datapackage.json").write_bytes(content)
    with pytest.raises(DataError, match="n'est pas un fichier JSON lisible : corrigez-le"):
        catalog.load("cpts/cpts", own)


def test_the_title_of_the_model_is_given_to_no_package(own):
    assert catalog.Package(catalog.MODEL_FOLDER).given_title == ""
    path = own / "datapackage.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"title": "CPTS des Mauges"}), encoding="utf-8")
    assert catalog.Package(own).given_title == "CPTS des Mauges"
