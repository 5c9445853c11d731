"""Agreement told whole: from segments to tables for readers."""

import pandas as pd
import pytest

from helpers import material
from helpers.errors import DataError, NotComputable, UnknownName
from helpers.material import coefficients
from tests.material.sound import held

LONG = pd.DataFrame(
    [
        ("t1", 1, "x"), ("t1", 2, "x"), ("t2", 1, "x"), ("t2", 2, "y"), ("t3", 1, "y"), ("t3", 2, "y"),
        ("t4", 1, "z"), ("t4", 2, "y"), ("t5", 1, None), ("t5", 2, "x"), ("t6", 1, "x"), ("t6", 2, "x"),
    ],
    columns=["unit", "coder", "code"],
)  # fmt: skip
SEGMENTS = pd.DataFrame(
    [
        ("s1", "E1", "argent", "K"), ("s1", "E1", "argent", "L"), ("s2", "E1", "temps", "K"), ("s2", "E1", "argent", "L"),
        ("s3", "E2", "temps", "K"), ("s3", "E2", "temps", "L"), ("s4", "E2", "aci", "K"), ("s4", "E2", "argent", "L"),
        ("s5", "E3", "temps", "K"),
    ],
    columns=["segment", "source", "code", "coder"],
)  # fmt: skip
CODES = pd.DataFrame({"code": ["argent", "aci", "temps"], "parent": [None, "argent", None]})


def ratings() -> pd.DataFrame:
    return material.ratings(LONG, unit="unit", coder="coder", value="code", labels=["A", "B"])


class TestRatings:
    def test_side_by_side_in_the_order_of_the_units(self):
        table = ratings()
        assert list(table.columns) == ["A", "B"]
        assert list(table.index) == ["t1", "t2", "t3", "t4", "t5", "t6"]
        assert pd.isna(table.loc["t5", "A"])

    def test_a_unit_coded_twice_is_named(self):
        with pytest.raises(DataError, match="Un codeur a codé deux fois la même unité"):
            material.ratings(pd.concat([LONG, LONG.head(1)]), unit="unit", coder="coder", value="code")

    def test_one_coder_is_no_agreement(self):
        with pytest.raises(NotComputable, match="un seul codeur"):
            material.ratings(LONG[LONG["coder"] == 1], unit="unit", coder="coder", value="code")

    def test_binary_keeps_what_is_missing(self):
        table = material.binary(ratings(), "x")
        assert table["A"].tolist()[:4] == ["présent", "présent", "absent", "absent"]
        assert pd.isna(table.loc["t5", "A"])

    def test_a_parent_is_present_where_its_child_is(self):
        table = material.segment_ratings(held(SEGMENTS, CODES), "argent")
        assert table.loc[("E2", "s4")].tolist() == ["présent", "présent"]
        assert table.loc[("E1", "s2")].tolist() == ["absent", "présent"]
        # Coder L has not coded the third interview: missing, not absent.
        assert pd.isna(table.loc[("E3", "s5"), "L"])

    def test_by_source_for_coders_who_cut_differently(self):
        own = SEGMENTS.assign(segment=SEGMENTS["segment"] + SEGMENTS["coder"])
        with pytest.raises(NotComputable, match="comparez par source"):
            material.segment_ratings(held(own, CODES), "temps")
        table = material.segment_ratings(held(own, CODES), "temps", unit="source")
        assert table.loc["E1"].tolist() == ["présent", "absent"]
        assert table.loc["E2"].tolist() == ["présent", "présent"]

    def test_an_unknown_code_is_named(self):
        with pytest.raises(UnknownName, match="« temp »"):
            material.segment_ratings(held(SEGMENTS, CODES), "temp")


class TestMeasures:
    def test_disagreements_name_the_unit_and_both_codes(self):
        assert material.disagreements(ratings()).to_numpy().tolist() == [["t2", "x", "y"], ["t4", "z", "y"]]

    def test_confusion_counts_pairs_of_codes(self):
        table = material.confusion(ratings())
        assert table["units"].sum() == 5
        assert table.to_numpy().tolist()[0] == ["x", "x", 2]

    def test_prevalence_counts_units_coded_twice_only(self):
        assert material.prevalence(ratings(), "x") == 0.5

    def test_one_row_per_measure_with_prevalence_last(self):
        table = material.measures(ratings(), indicator="thème", order=["x", "y", "z"], draws=50)
        assert table["statistic"].tolist() == [
            coefficients.RAW, coefficients.KAPPA, coefficients.ALPHA, coefficients.ALPHA_ORDINAL, coefficients.AC1,
            coefficients.PREVALENCE,
        ]  # fmt: skip
        assert table["value"].iloc[0] == 0.6
        assert table["note"].iloc[-1] == "code « x »"
        assert set(table["indicator"]) == {"thème"}

    def test_what_is_not_defined_keeps_its_row_and_its_reason(self):
        same = pd.DataFrame({"A": ["x"] * 4, "B": ["x"] * 4}, dtype="string")
        table = material.measures(same, indicator="thème", draws=50).set_index("statistic")
        assert table.loc[coefficients.RAW, "value"] == 1
        for name in (coefficients.KAPPA, coefficients.ALPHA, coefficients.AC1):
            assert pd.isna(table.loc[name, "value"])
            assert table.loc[name, "note"].startswith("non défini : les codeurs n'ont employé qu'une seule")

    def test_by_code_sets_each_code_against_the_rest(self):
        table = material.by_code(ratings(), codes=["x", "z"], draws=50)
        of_x = table[table["indicator"] == "x"].set_index("statistic")
        assert of_x.loc[coefficients.RAW, "value"] == 0.8
        # By hand: 2 both, 1 first only, 0 second only, 2 neither: po 0.8, pe 0.48.
        assert of_x.loc[coefficients.KAPPA, "value"] == pytest.approx((0.8 - 0.48) / 0.52)
        assert of_x.loc[coefficients.PREVALENCE, "value"] == 0.5
        assert table[table["indicator"] == "z"].set_index("statistic").loc[coefficients.KAPPA, "value"] == 0

    def test_nothing_to_compare_is_refused(self):
        table = pd.DataFrame({"A": ["x", None], "B": [None, "y"]}, dtype="string")
        for tell in (lambda: material.measures(table, indicator="thème"), lambda: material.by_code(table)):
            with pytest.raises(NotComputable, match="aucune unité"):
                tell()


class TestReadable:
    def test_a_reader_sees_words_where_nothing_is_defined(self):
        same = pd.DataFrame({"A": ["x"] * 4, "B": ["x"] * 4}, dtype="string")
        table = material.table_of_measures(
            material.measures(same, indicator="theme", draws=50), labels={"theme": "Thème"}
        )
        row = table.iloc[0]
        assert row["indicator"] == "Thème"
        assert row[coefficients.KAPPA] == "non défini"
        assert "une seule modalité" in row["reason"]
        assert row["n"] == 4
        assert not table.isna().any().any()

    def test_number_with_interval_as_french_wants_it(self):
        row = pd.Series({"value": 0.6585, "lower": 0.4756, "upper": 0.8414})
        assert material.said(row).replace("\u00a0", " ").replace("\u202f", " ") == "0,66 [0,48 ; 0,84]"
        assert material.said(pd.Series({"value": 1.0, "lower": None, "upper": None})) == "1,00"
        assert material.said(pd.Series({"value": None, "lower": None, "upper": None})) == "non défini"
