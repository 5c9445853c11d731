"""Barometer, coverage, structures and matched territories: hand-worked values, then the published totals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import DataError, NotComputable, UnknownName
from helpers.intake.official import barometre
from helpers.methods import rates, worked
from helpers.territory import coincidences, coverage, downloads, supply
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "data" / "external"
HEAD = "indic_id,enforce_zone_id,metric_enforce_date,maille,indic_vi,indic_va,indic_vc,indic_ta\n"


@pytest.fixture
def mirror(monkeypatch):
    if not SHARED.is_dir():
        pytest.skip("le dossier des copies (miroir) n'est pas sur cette machine")
    monkeypatch.setenv(downloads.PLACE, str(SHARED))


def written(tmp_path, rows):
    path = tmp_path / "ind-589.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def test_current_value_first_then_initial_and_targets_alone_are_left_out(tmp_path):
    rows = "IND-589,D2A,2022-12-01,DEPT,45.0,,,\nIND-589,D2A,2023-10-01,DEPT,45.0,66.0,,\n"
    rows += "IND-589,D2A,2026-12-01,DEPT,,,100.0,\nIND-589,R84,2022-12-01,REG,50.0,,,\nIND-589,FRANCE,2022-09-01,NAT,,68.0,,\n"
    table = barometre.parse(written(tmp_path, rows), "IND-589")
    assert table[["level", "code", "value", "initial"]].to_numpy().tolist() == [
        ["France", "france", 68.0, False],
        ["département", "2A", 45.0, True],
        ["département", "2A", 66.0, False],
        ["région", "84", 50.0, True],
    ]
    assert barometre.at(table, "département", ["2023-10"])["value"].tolist() == [66.0]
    with pytest.raises(DataError, match="2022-12, 2023-10"):
        barometre.at(table, "département", ["2021-01"])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("IND-589,D01,2022-12-01,CANTON,45.0,,,\n", "ligne 2 : indicateur ou maille"),
        ("IND-311,D01,2022-12-01,DEPT,45.0,,,\n", "ligne 2 : indicateur ou maille"),
        ("IND-589,D01,2022-12-01,DEPT,,beaucoup,,\n", "ligne 2, colonne « indic_va » : « beaucoup »"),
    ],
)
def test_another_layout_is_said(tmp_path, rows, sentence):
    with pytest.raises(DataError, match=sentence):
        barometre.parse(written(tmp_path, rows), "IND-589")
    path = tmp_path / "autre.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="l'en-tête n'est pas celui du baromètre"):
        barometre.parse(path, "IND-589")


def test_an_absent_file_is_an_empty_table(tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    table = barometre.load("IND-589")
    assert table.empty
    assert tuple(table.columns) == barometre.COLUMNS
    assert coverage.panel(barometre.at(table, "département", ["2023-10"]), level="région").empty
    assert supply.panel(barometre.at(table, "département")).empty
    with pytest.raises(UnknownName, match="IND-589"):
        barometre.load("IND-58")


def place(values, population=(100, 100, 200)):
    dates = [pd.Timestamp("2022-12-01"), pd.Timestamp("2024-05-01")]
    rows = [
        {
            "code": code,
            "name": code,
            "region_name": region,
            "date": date,
            "value": value,
            "population": people,
        }
        for (code, region, pair), people in zip(values, population, strict=True)
        for date, value in zip(dates, pair, strict=True)
    ]
    return pd.DataFrame(rows).dropna(subset=["value"])


TABLE = place([("a", "x", (0.0, 50.0)), ("b", "x", (50.0, 100.0)), ("c", "y", (100.0, 90.0))])


def test_distribution_by_hand():
    first = coverage.distribution(TABLE).iloc[0]
    assert (first["minimum"], first["médiane"], first["maximum"]) == (0, 50, 100)
    # (0 × 100 + 50 × 100 + 100 × 200) / 400
    assert first["mean"] == 62.5
    assert coverage.reference_value(TABLE, "médiane") == 90
    assert coverage.reference_value(TABLE, "france") == pytest.approx((5000 + 10000 + 18000) / 400)
    with pytest.raises(DataError, match="Référence"):
        coverage.reference_value(TABLE, "europe")


def test_inequality_by_hand():
    table = coverage.inequality_over_time(TABLE)
    # Gini of 0, 50, 100: sum |xi - xj| / (2 n² mean) = 400 / 900; the uncovered shares are the same three numbers.
    assert table["gini_covered"].iloc[0] == pytest.approx(4 / 9)
    assert table["gini_uncovered"].iloc[0] == pytest.approx(4 / 9)
    assert table["interdecile"].iloc[0] == pytest.approx(80)
    assert table["uncovered"].tolist() == [150, 70]
    # Weighted: mean 62.5, squares 3906.25, 156.25 and twice 1406.25, divided by 4.
    assert table["deviation"].iloc[0] == pytest.approx(np.sqrt(1718.75))


def test_saturation_by_hand():
    table = coverage.saturation(TABLE)
    assert table[["full", "saturated"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert table["population_part"].tolist() == [50, 25]


def test_catch_up_by_hand():
    table = coverage.catch_up(TABLE, groups=3)
    assert table["gain"].tolist() == [50, 50, -10]
    assert table["closed"].tolist()[:2] == [50, 100]
    assert np.isnan(table["closed"].iloc[2])
    once = TABLE[TABLE["date"] < "2023"]
    assert coverage.catch_up(once).empty
    assert "Une seule date" in coverage.no_catch_up(once)
    with pytest.raises(NotComputable, match="pour 4 groupes"):
        coverage.catch_up(TABLE, groups=4)


def test_falls_and_regions_by_hand():
    assert coverage.falls(TABLE)[["name", "change"]].to_numpy().tolist() == [["c", -10.0]]
    assert coverage.by_region(TABLE).to_numpy().tolist() == [["x", 25.0, 75.0], ["y", 100.0, 90.0]]


def test_a_sentence_names_who_is_missing_at_a_date():
    table = place([("a", "x", (0.0, None)), ("b", "x", (50.0, 100.0)), ("c", "y", (100.0, 90.0))])
    assert "Sans valeur à l'une des dates : a." in coverage.sentence(table)
    assert "Sans valeur" not in coverage.sentence(TABLE)


def test_unknown_level_and_department_are_refused():
    values = pd.DataFrame({"code": ["01"], "date": [pd.Timestamp("2023-10-01")], "value": [66.0]})
    assert coverage.panel(values)["population"].tolist() == [679344.0]
    with pytest.raises(DataError, match="Niveau"):
        coverage.panel(values, level="canton")
    with pytest.raises(DataError, match="« 96 » inconnu"):
        coverage.panel(values.assign(code="96"))


def test_a_single_territory_has_no_inequality():
    with pytest.raises(NotComputable, match="au moins 2"):
        coverage.inequality_over_time(TABLE[TABLE["code"] == TABLE["code"].iloc[0]])


def test_an_empty_panel_gives_empty_results_with_their_columns():
    nothing = TABLE.head(0)
    made = [
        coverage.distribution,
        coverage.distribution_series,
        coverage.inequality_over_time,
        coverage.saturation,
    ]
    for make in [*made, coverage.catch_up, coverage.falls, coverage.by_region, coverage.latest]:
        empty, full = make(nothing), make(TABLE, groups=2) if make is coverage.catch_up else make(TABLE)
        assert empty.empty
        if make is not coverage.by_region:  # its columns are the dates
            assert list(empty.columns) == list(full.columns)
    assert coverage.in_months(coverage.falls(nothing)).empty
    assert coverage.sentence(nothing) == coverage.no_catch_up(nothing) == ""
    assert np.isnan(coverage.reference_value(nothing, "france"))
    assert supply.poisson_trend(nothing).empty


def test_the_departments_give_the_published_national_coverage(mirror):
    table = coverage.panel(barometre.at(barometre.load("IND-589"), "département"))
    assert table.groupby("date").size().tolist() == [101, 101, 101, 100]
    gaps = coverage.against_published(table, supply.national("cpts_couverture"))
    assert gaps["published"].tolist() == [68, 80, 84, 86.1]
    assert gaps["gap"].abs().max() < 0.5


def test_the_regions_give_the_published_national_number_of_structures(mirror):
    values = barometre.at(barometre.load("IND-311"), "département")
    national = supply.national("msp").set_index("date")["value"]
    assert (values.groupby("date")["value"].sum() - national).dropna().eq(0).all()
    trends = supply.poisson_trend(supply.panel(values))
    assert len(trends) == 17
    assert (trends["lower"] < trends["value"]).all()
    assert (trends["value"] < trends["upper"]).all()


def test_population_between_two_first_of_january_is_on_the_line():
    # Ain: 671 289 on 1 January 2022, 679 344 on 1 January 2023.
    table = supply.populations(["01"], np.array([2022.0, 2022.5, 2023.5]))
    assert table.loc["01"].tolist() == [671289, pytest.approx(675316.5), 679344]


@pytest.mark.filterwarnings("ignore:Perfect separation")
def test_a_perfect_exponential_gives_its_rate():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame(
        {"territory": "x", "date": dates, "count": 100 * 1.1 ** np.arange(8), "population": 1e6}
    )
    trend = supply.poisson_trend(table)
    assert trend["value"].iloc[0] == pytest.approx(10)
    # With a population that grows as fast, the structures per inhabitant do not move.
    level = supply.poisson_trend(table.assign(population=1e6 * 1.1 ** np.arange(8)))
    assert level["value"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert supply.density(table)["value"].iloc[0] == pytest.approx(10)


def test_refusals_of_the_trend():
    dates = pd.to_datetime([f"{year}-01-01" for year in range(2016, 2024)])
    table = pd.DataFrame({"territory": "x", "date": dates, "count": 0.0, "population": 1e6})
    with pytest.raises(NotComputable, match="x : aucune structure"):
        supply.poisson_trend(table)
    with pytest.raises(NotComputable, match="x : 3 dates"):
        supply.poisson_trend(table.head(3))
    with pytest.raises(NotComputable, match="« cpts »"):
        supply.national("cpts")
    with pytest.raises(NotComputable, match="2017-06, 2017-12"):
        supply.rank(supply.national("msp"), "2020-01")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LYON 5", "Lyon 5e Arrondissement"),
        ("GRESIVAUDAN", "CC Le Grésivaudan"),
        ("VAULX EN VELIN", "Vaulx-en-Velin"),
        ("ST-PRIEST", "Saint-Priest"),
        ("CŒUR DE SAVOIE", "CC Coeur de Savoie"),
    ],
)
def test_names_written_in_two_ways_have_the_same_words(first, second):
    assert coincidences.words(first) == coincidences.words(second)


def test_a_match_needs_a_name_and_a_population():
    names = pd.Series(["LYON 5", "LYON 7", "NORD", "GRENOBLE"])
    found = coincidences.match(names, pd.Series([50749.0, 40000.0, 50000.0, 160441.0]), "84")
    assert found["name"].tolist() == ["LYON 5", "GRENOBLE"]
    # 49 664 inhabitants in 2019: 49 664 / 50 749 - 1 = -2.138 %.
    assert found["gap"].iloc[0] == pytest.approx(-2.13797, abs=1e-5)
    with pytest.raises(DataError, match="Région"):
        coincidences.match(names, pd.Series([1.0] * 4), "00")


def test_an_ambiguous_name_is_left_out(monkeypatch):
    rows = [("1", "Vienne", "commune", 30000), ("2", "CA Vienne", "EPCI", 30100)]
    table = pd.DataFrame(rows, columns=["code", "name", "kind", "population"])
    monkeypatch.setattr(coincidences, "candidates", lambda region: table)
    assert coincidences.match(pd.Series(["VIENNE"]), pd.Series([30050.0]), "84").empty
    assert len(coincidences.match(pd.Series(["VIENNE"]), pd.Series([28600.0]), "84")) == 1


def test_the_matched_cpts_of_the_region():
    listed = catalog.load("aura2022/cpts_region")
    found = coincidences.match(listed["name_printed"], listed["value"], "84")
    assert len(found) == 14
    assert found["gap"].abs().max() < 5
    assert coincidences.regional_share("84") == pytest.approx(20.3, abs=0.05)


def test_examples_say_a_dash_for_what_does_not_apply_and_refusals_in_words():
    shown = worked.side_by_side([rates.proportion(1, 4, indicator="part")])
    assert shown["Valeur"].tolist() == ["25,00"]
    assert shown["Note"].tolist() == ["—"]
    assert "sort du dénominateur" in worked.refusal("trop", rates.proportion, 30, 25)["Refus"]
    with pytest.raises(AssertionError, match="à revoir"):
        worked.refusal("assez", rates.proportion, 3, 25)


def test_every_definition_of_a_count_says_what_it_counts():
    known = set(catalog.load("coding/count_definitions")["definition"])
    used = set(catalog.load("open/cpts_counts_later")["definition"]) - {"autre", "professionnels"}
    assert used <= known


def test_the_last_value_of_each_place():
    table = pd.DataFrame(
        {
            "code": ["02", "01", "01"],
            "date": pd.to_datetime(["2022-12-01", "2022-12-01", "2023-10-01"]),
            "value": [1.0, 2.0, 3.0],
        }
    )
    assert coverage.latest(table)[["code", "value"]].to_numpy().tolist() == [["01", 3.0], ["02", 1.0]]


def test_the_invisible_band_holds_the_first_number_and_narrows_with_size():
    small = supply.invisible_band(pd.DataFrame({"value": [25.0]}), np.array([1e6]))
    large = supply.invisible_band(pd.DataFrame({"value": [2500.0]}), np.array([1e8]))
    assert small[0] < 25 < small[1]
    # On the scale of Anscombe the half-width grows like the square root: ten times wider for a hundred times more.
    assert (large[1] - large[0]) / (small[1] - small[0]) == pytest.approx(10, rel=0.02)


def test_a_department_without_value_is_no_department_at_zero():
    rows = pd.DataFrame(
        {
            "code": ["01", "03", "01", "03"],
            "date": pd.to_datetime(["2022-01-01"] * 2 + ["2023-01-01"] * 2),
            "value": [10.0, 20.0, 50.0, None],
        }
    )
    table = coverage.panel(rows)
    assert coverage.by_region(table)["01/2023"].tolist() == pytest.approx([50])
    assert coverage.distribution(table)["n"].tolist() == [2, 1]
    assert coverage.sentence(
        coverage.panel(rows.iloc[[0, 1, 2, 2]].assign(code=["01", "03", "01", "02"]))
    ).endswith("Sans valeur à l'une des dates : Aisne, Allier.")
