"""One territory per notebook: typed, or read in the register, never two at once."""

from __future__ import annotations

import pytest

from helpers.articulation import ground
from helpers.catalog import Study
from helpers.errors import DataError, UsageError
from helpers.intake import starting
from tests.project import PROJECT


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ground") / "exemple"
    starting.new(folder, example=True)
    return Study(folder)


def test_without_a_package_the_example_says_that_it_is_invented():
    place = ground.chosen(PROJECT)
    assert place.name_fr == "CPTS fictive Alpha"
    assert place.remarks[0] == ground.EXAMPLE_FR


def test_a_package_gives_the_open_rows_of_its_cpts(example):
    place = ground.chosen(example, cpts="exemple-nord")
    assert place.name_fr == "CPTS du Nord (exemple fictif)"
    assert "08298" in place.codes
    assert "1er\u00a0janvier 2025" in place.remarks[0]
    assert ground.EXAMPLE_FR not in place.remarks


@pytest.mark.parametrize(
    ("asked", "communes"),
    [({"epci": "243500741"}, 31), ({"communes": "Redon, 35238"}, 2), ({"departement": "2a"}, 124)],
)
def test_ways_of_naming_a_territory(asked, communes):
    place = ground.chosen(PROJECT, nom="Ici", **asked)
    assert (len(place.codes), place.name_fr) == (communes, "Ici")


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"epci": "243500741", "communes": "Redon"}, UsageError, "de 2 façons .communes, epci."),
        ({"cpts": "orl"}, DataError, "n'a pas de périmètre"),
        ({"departement": "99"}, UsageError, "code de département"),
    ],
)
def test_what_is_refused(asked, error, sentence):
    with pytest.raises(error, match=sentence):
        ground.chosen(PROJECT, **asked)


def test_a_cpts_that_the_register_does_not_have_is_named(example):
    with pytest.raises(DataError, match="CPTS connues : exemple-nord"):
        ground.chosen(example, cpts="exemple-nor")
