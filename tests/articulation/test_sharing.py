"""What a territory shares with départements, EPCI and the schemes of a register, and the perimeter of a given day."""

from __future__ import annotations

import html

import pandas as pd
import pytest

from helpers.articulation import ground, sharing
from helpers.errors import DataError, UsageError
from helpers.territory import diagnosis, places
from helpers.territory.diagnosis import telling
from tests.project import PROJECT

REDON = places.resolve(["243500741"])


class Package:
    """A study that holds the tables given, the others of the project."""

    def __init__(self, register, line=None):
        self.tables = {
            "cpts/perimeters": register,
            "cpts/cpts": pd.DataFrame([line]) if line else pd.DataFrame(),
        }

    def table(self, name, *, optional=False):
        return self.tables[name] if name in self.tables else PROJECT.table(name, optional=optional)


def register(*rows):
    table = pd.DataFrame(
        rows, columns=["scheme", "kind", "name_fr", "commune", "valid_from", "valid_to", "status"]
    )
    dates = {name: pd.to_datetime(table[name]) for name in ("valid_from", "valid_to")}
    return table.assign(**dates, source="essai", note="")


REGISTER = register(
    ("redon", "cpts", "CPTS de Redon", "35236", "2019-01-01", None, "valide"),
    ("redon", "cpts", "CPTS de Redon", "35013", "2024-01-01", None, "valide"),
    ("cls", "cls", "CLS du Sud", "35236", "2020-01-01", None, "signe"),
    ("cls", "cls", "CLS du Sud", "35238", "2020-01-01", None, "signe"),
    ("loin", "asv", "ASV de Rennes", "35238", "2020-01-01", None, "signe"),
    ("plus_tard", "clsm", "CLSM en projet", "35236", "2020-01-01", None, "projet"),
)  # fmt: skip


def test_redon_stands_on_three_departments_and_is_its_whole_epci():
    table = sharing.shared(REDON, Package(REGISTER.iloc[:0]))
    assert table["kind"].tolist() == ["Département"] * 3 + ["EPCI"]
    assert table["communes"].tolist() == ["12 sur 332", "8 sur 207", "11 sur 249", "31 sur 31"]
    assert table["people"].iloc[:3].sum() == table["people"].iloc[3] == 67_666
    assert "aucun CLS" in sharing.shared_table(REDON, Package(REGISTER.iloc[:0])).html


@pytest.mark.parametrize(
    ("items", "caption"),
    [
        (["243500741"], "Ce territoire est tout l'EPCI CA Redon Agglomération, dans 3 départements"),
        (["29155"], "Ce territoire tient dans 1 département, hors de tout EPCI"),
        (["69381", "69382"], "Ce territoire tient dans 1 département et 1 EPCI"),
        (["29155", "85113"], "Ce territoire s'étend sur 2 départements, hors de tout EPCI"),
        (["35236", "35238"], "Ce territoire s'étend sur 1 département et 2 EPCI"),
    ],
)
def test_the_caption_counts_and_names_an_epci_that_it_is(items, caption):
    found = sharing.shared_table(places.resolve(items), Package(REGISTER.iloc[:0])).html
    assert caption in html.unescape(found).replace("\u00a0", " ")


def test_schemes_in_force_are_beside_and_the_own_one_is_not():
    place = ground.of_register(Package(REGISTER), "redon")
    table = sharing.shared(place, Package(REGISTER)).set_index("name")
    assert "CPTS de Redon" not in table.index
    assert {"ASV de Rennes", "CLSM en projet"}.isdisjoint(table.index)
    assert table.loc["CLS du Sud", "communes"] == "1 sur 2"


def test_the_perimeter_of_a_day_is_that_of_the_register():
    study = Package(REGISTER)
    assert ground.chosen(study, cpts="redon", date_perimetre="2020-06-01").codes == ("35236",)
    assert len(ground.chosen(study, cpts="redon").codes) == 2
    with pytest.raises(DataError, match=r"aucune commune le 1er.juin 2010"):
        ground.chosen(study, cpts="redon", date_perimetre="2010-06-01")
    with pytest.raises(UsageError, match="date_perimetre"):
        ground.chosen(study, epci="243500741", date_perimetre="2020-06-01")


def test_the_population_of_the_agreement_is_told_with_its_gap():
    line = {"cpts": "redon", "population": 20_000, "population_date": pd.Timestamp("2021-01-01")}
    study = Package(REGISTER, line)
    found = diagnosis.of(ground.of_register(study, "redon"), study)
    legal = found.value("population")
    said = telling._typed(found, study).replace("\u202f", " ").replace("\u00a0", " ")
    assert "20 000 habitants, 1er janvier 2021" in said
    assert f"{100 * (20_000 / legal - 1):+.1f}".replace(".", ",") in said
    assert telling._typed(diagnosis.of(REDON, study), study) == ""
