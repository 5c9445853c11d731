"""Each series of a package is judged by the method that its points allow, and says so."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.catalog import Study
from helpers.methods import polarity
from helpers.monograph import package_trends
from tests.monograph.conftest import DEFINITIONS, value
from tests.project import PROJECT


@pytest.fixture
def study(package):
    counted = [value("grippe", "nord", 2019 + year, 5000 + 300 * year, 10000) for year in range(5)]
    few = [value("grippe", "sud", year, top, 1000) for year, top in ((2022, 500), (2023, 505))]
    rates = [
        value("urgences", "departement-01", 2018 + year, value=170.0 - 5 * year + year % 2)
        for year in range(6)
    ]
    short = [value("delai", "nord", year, value=9.0) for year in (2023, 2024)]
    once = [value("urgences", "nord", 2024, 17000, 95000)]
    return Study(package(definitions=DEFINITIONS, values=counted + few + rates + short + once))


@pytest.fixture
def found(study):
    return package_trends.of_package(study)


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


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_sentence_and_table(study, found):
    said = plain(package_trends.sentence(found, study))
    # A territory that is no CPTS of the package is in the table only; a package of one CPTS does not say « vos CPTS ».
    assert said.startswith(
        "Pour votre CPTS, la seule série jugée bouge plus que le hasard (hausse favorable), « Vaccination » : +3,00 points"
    )
    assert "+3,00 points par période" in said
    assert "0,05 en moyenne" in said
    shown = package_trends.shown(found, study)
    assert len(shown.data) == 4
    # One visit in a thousand has one period: it is neither told nor forgotten.
    assert "sans deux périodes à montrer : Passages" in plain(shown.html)


def judged(*verdicts, **more):
    rows = [
        {"label": f"Série {k}", "place": "Nord", "territory": "nord", "indicator": f"i{k}", "own": True, "of": "%",
         "before": 10.0, "after": 11.0, "move": 1.0 + k, "lower": 0.5 + k, "upper": 1.5 + k, "unit": "points", "verdict": verdict}
        for k, verdict in enumerate(verdicts)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**more)


def test_a_move_that_chance_explains_is_no_rise(study):
    # Both went up by a point; the title of the first picture does not say that two indicators rise.
    drawn = judged(polarity.STILL, "hausse défavorable", polarity.STILL, "non calculable : trop court")
    assert plain(package_trends.caption(drawn)) == (
        "De la première à la dernière période, 4 séries (%) : 1 hausse défavorable, 2 sans évolution significative et "
        "1 sans jugement possible"
    )
    none = plain(package_trends.sentence(judged(polarity.STILL, polarity.STILL), study))
    assert none.startswith("Pour votre CPTS, aucune des 2 séries jugées ne bouge plus que le hasard.")
    one = plain(package_trends.sentence(judged(polarity.STILL), study))
    assert one.startswith("Pour votre CPTS, la seule série jugée ne bouge pas plus que le hasard.")


def test_less_than_two_is_singular(study):
    said = plain(package_trends.sentence(judged("hausse favorable"), study))
    assert "« Série 0 » : +1,00 point [0,50" in said


def test_several_cpts_are_named(package):
    study = Study(package(others=[{"cpts": "sud", "name_fr": "CPTS du Sud (fictive)"}]))
    said = plain(package_trends.sentence(judged("hausse favorable", "hausse favorable"), study))
    assert said.startswith(
        "Pour vos CPTS, 2 sur 2 séries jugées bougent plus que le hasard (2 hausses favorables), d'abord"
    )
    assert "« Série 1 » (Nord) : +2,00 points" in said


def test_a_first_year_is_told_what_it_lacks(package):
    study = Study(package())
    first = package_trends.of_package(study)
    once = first[first["indicator"] == "none"]
    assert package_trends.sentence(once, study).endswith("ce qui suit vient des documents.")
    assert "deux périodes d'un même indicateur" in package_trends.sentence(once, study)


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
    assert (package_trends.sentence(nothing, PROJECT), package_trends.shown(nothing, PROJECT).html) == (
        "",
        "",
    )


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
