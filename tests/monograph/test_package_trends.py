"""Each series of a package is judged by the method that its points allow, and says so."""

from __future__ import annotations

import pytest

from helpers.catalog import Study
from helpers.monograph import package_trends
from tests.monograph.conftest import DEFINITIONS, value
from tests.project import PROJECT


@pytest.fixture
def found(package):
    counted = [value("grippe", "nord", 2019 + year, 5000 + 300 * year, 10000) for year in range(5)]
    few = [value("grippe", "sud", year, top, 1000) for year, top in ((2022, 500), (2023, 505))]
    rates = [
        value("urgences", "departement-01", 2018 + year, value=170.0 - 5 * year + year % 2)
        for year in range(6)
    ]
    short = [value("delai", "nord", year, value=9.0) for year in (2023, 2024)]
    return package_trends.of_package(
        Study(package(definitions=DEFINITIONS, values=counted + few + rates + short))
    )


def test_one_method_for_each_kind_of_series(found):
    table = found.set_index(["indicator", "territory"])
    assert table.loc[("grippe", "nord"), "verdict"] == "hausse favorable"
    assert "cinq points" in table.loc[("grippe", "nord"), "method"]
    assert table.loc[("grippe", "nord"), "move"] == pytest.approx(3)
    assert table.loc[("grippe", "sud"), ["verdict", "method"]].tolist() == [
        "pas d'évolution significative", "Newcombe (1998)",
    ]  # fmt: skip
    assert table.loc[("urgences", "departement-01"), "verdict"] == "baisse favorable"
    assert table.loc[("urgences", "departement-01"), "move"] == pytest.approx(-4.83, abs=0.1)
    assert table.loc[("delai", "nord"), "verdict"].startswith("non calculable : 2")


def test_sentence_and_table(found):
    said = package_trends.sentence(found).replace("\xa0", " ")
    # A territory that is no CPTS of the package is in the table only.
    assert said.startswith("Vos CPTS : 1 sur 1 série jugée bouge plus que le hasard (hausse favorable : 1)")
    assert "+3,00 points par période" in said
    assert "0,05 en moyenne" in said
    assert len(package_trends.shown(found).data) == 4


def test_the_picture_is_of_the_series_of_the_cpts(found):
    ends = package_trends.ends(found)
    assert ends[["before", "after"]].values.tolist() == [[50.0, 62.0]]
    assert ends["label"].tolist() == ["Vaccination"]
    assert package_trends.ends(found.head(0)).empty
    other = object()
    assert package_trends.below(found, other) is other
    assert package_trends.below(found.head(0), other).html == ""
    assert package_trends.picture(found.head(0), other) is other


def test_the_project_has_none():
    nothing = package_trends.of_package(PROJECT)
    assert nothing.empty
    assert (package_trends.sentence(nothing), package_trends.shown(nothing).html) == ("", "")


def test_published_limits_weigh_the_slope(package):
    about = [row | {"counts_people": "false"} for row in DEFINITIONS if row["indicator"] == "urgences"]
    rows = []
    for year, half in enumerate((10.0, 16.0, 5.0, 8.0, 6.0, 5.0)):
        seen = 170.0 - 5 * year + year % 2
        rows.append(
            value("urgences", "nord", 2018 + year, value=seen) | {"lower": seen - half, "upper": seen + half}
        )
    found = package_trends.of_package(Study(package(definitions=about, values=rows))).iloc[0]
    assert "pondérés par les intervalles" in found["method"]
    assert found["verdict"] == "baisse favorable"
