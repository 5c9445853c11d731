"""`cpts tables`: every table, column, unit and code told from the catalogue."""

from __future__ import annotations

import pytest

from helpers import catalog
from helpers.catalog import description
from helpers.errors import UnknownName

PROJECT = [catalog.open_package(), catalog.Package(catalog.MODEL_FOLDER)]


def test_every_table_is_listed_once_with_its_title():
    lines = description.tables(PROJECT)
    names = [line.split(" : ")[0] for line in lines]
    wanted = {item["name"] for package in PROJECT for item in package.descriptor["resources"]}
    assert names == sorted(wanted)
    assert all(line.split(" : ", 1)[1] for line in lines)


def test_the_beginning_of_a_name_narrows_the_list():
    lines = description.tables(PROJECT, "miller2022/")
    assert lines
    assert all(line.startswith("miller2022/") for line in lines)
    with pytest.raises(UnknownName, match="miller2022/members"):
        description.tables(PROJECT, "miller2022/member_")


def test_every_column_of_every_table_is_told():
    for name in (line.split(" : ")[0] for line in description.tables(PROJECT)):
        text = "\n".join(description.table(PROJECT, name))
        resource = next(
            item for package in PROJECT for item in package.descriptor["resources"] if item["name"] == name
        )
        for field in resource["schema"]["fields"]:
            assert f"  {field['name']} : {field['title']} (" in text
            for item in field.get("categories", []):
                assert f"{item['value']} = {item['label']}" in text


def test_units_and_needed_columns_are_said():
    lines = description.table(PROJECT, "cpts/cpts")
    assert any(line.startswith("  cpts : ") and "obligatoire" in line for line in lines)
    with_unit = next(
        (item["name"], field)
        for item in PROJECT[0].descriptor["resources"]
        for field in item["schema"]["fields"]
        if field.get("unit")
    )
    (told,) = [
        line
        for line in description.table(PROJECT, with_unit[0])
        if line.startswith(f"  {with_unit[1]['name']} : ")
    ]
    assert with_unit[1]["unit"] in told


def test_a_table_that_does_not_exist_names_the_nearest():
    with pytest.raises(UnknownName, match="cpts/indicators"):
        description.table(PROJECT, "cpts/indicator")
