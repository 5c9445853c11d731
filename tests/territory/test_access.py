"""APL of a territory: the rule of the DREES by hand, merged communes, whole cities, people left out."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import NotComputable, UnknownName
from helpers.territory import access, communes


def sheet(rows, *, profession="generalistes", year=2024):
    """Rows (commune, APL, standardised population, total population) as `official/accessibility` has them."""
    table = pd.DataFrame(rows, columns=["commune", "apl", "standardised_population", "population"])
    return table.assign(profession=profession, year=year, apl_65=table["apl"], apl_62=pd.NA, apl_60=pd.NA)


def place(*codes, name="Ici"):
    return pd.Series(dict.fromkeys(codes, name))


def test_the_mean_is_weighted_by_the_standardised_population_and_people_are_counted_with_the_total():
    table = sheet(
        [("01004", 2.4, 900.5, 880), ("2A004", 4.0, 60000.25, 62000), ("97411", 3.0, 140000.0, 150000)]
    )
    long = access.by_territory(table, place("01004", "2A004", "97411"), threshold=2.5).set_index("statistic")
    # By hand: (2.4 × 900.5 + 4 × 60 000.25 + 3 × 140 000) / 200 900.75.
    mean = long.loc["moyenne pondérée"]
    assert mean["value"] == pytest.approx(662162.2 / 200900.75)
    assert mean["denominator"] == pytest.approx(200900.75)
    assert (mean["note"], mean["covered"]) == ("", 100)
    # Mutants: a simple mean of the communes, and the total population as weight.
    assert mean["value"] != pytest.approx((2.4 + 4 + 3) / 3, abs=0.1)
    assert mean["value"] != pytest.approx((2.4 * 880 + 4 * 62000 + 3 * 150000) / 212880, abs=1e-6)
    assert long.loc["habitants sous 2,5", "value"] == 880
    assert long.loc["part des habitants sous 2,5", "value"] == pytest.approx(100 * 880 / 212880)


def test_each_profession_is_weighted_by_its_own_population():
    # A tool of the field weighted all five by the populations of the first file: 2.5 here instead of 3.
    generalists = sheet([("01004", 2.0, 100, 100), ("01053", 3.0, 100, 100)])
    nurses = sheet([("01004", 2.0, 100, 100), ("01053", 3.0, 300, 100)], profession="infirmiers")
    found = access.by_territory(nurses, place("01004", "01053"))["value"].iloc[0]
    assert found == pytest.approx(2.75)
    assert access.by_territory(generalists, place("01004", "01053"))["value"].iloc[0] == pytest.approx(2.5)


def test_a_merged_commune_counts_with_all_its_parts():
    # Valserhône is its head 01033 and 01091, which the sheets of before the merger tell apart: 2.2, not 4.
    table = sheet([("01033", 4.0, 2000, 2100), ("01091", 1.0, 3000, 3100)])
    row = access.by_territory(table, place("01033")).iloc[0]
    assert (row["value"], row["denominator"]) == (pytest.approx(2.2), 5000)


@pytest.mark.parametrize("group", communes.splits().to_dict("records"), ids=lambda group: group["code"])
def test_a_commune_that_has_split_gives_its_value_to_its_pieces(group):
    pieces = sorted(group["members"])
    older = sheet([(group["code"], 4.0, 1000, 1200), ("01004", 1.0, 3000, 3000)])
    whole = access.by_territory(older, place(*pieces, "01004"), threshold=2.5).set_index("statistic")
    mean = whole.loc["moyenne pondérée"]
    assert (mean["value"], mean["denominator"]) == (pytest.approx(7000 / 4000), pytest.approx(4000))
    assert (mean["covered"], mean["note"]) == (100, "")
    assert whole.loc["part des habitants sous 2,5", "denominator"] == pytest.approx(4200)
    assert access.by_territory(older, place(pieces[-1])).iloc[0]["value"] == pytest.approx(4.0)
    # An edition of after the split has its own value for each piece.
    newer = sheet([(code, 1.0 + rank, 100, 100) for rank, code in enumerate(pieces)])
    assert access.by_territory(newer, place(pieces[0])).iloc[0]["value"] == pytest.approx(1.0)


def test_islands_of_the_older_editions_count_like_any_commune():
    # Bréhat, Sein, Ouessant and Yeu have no EPCI, and were missing from our populations of 2018.
    islands = ("22016", "29083", "29155", "85113")
    older = sheet([(code, 2.0, 500, 500) for code in islands], year=2018)
    row = access.by_territory(older, place(*islands)).iloc[0]
    assert (row["value"], row["covered"], row["period"]) == (pytest.approx(2.0), 100, "2018")


def test_a_whole_city_is_its_arrondissements():
    districts = communes.units().query("commune == '75056' and kind == 'arrondissement'")["code"].tolist()
    rows = [(code, 2.0 + rank / 10, 1000 + rank, 1000) for rank, code in enumerate(districts)]
    table = sheet([*rows, ("93055", 1.5, 60000, 60000)])
    whole = access.by_territory(table, place("75056")).iloc[0]
    parts = access.by_territory(table, place(*districts)).iloc[0]
    assert len(districts) == 20
    assert whole["value"] == pytest.approx(parts["value"])
    both = access.by_territory(table, place("75056", "93055")).iloc[0]
    assert both["denominator"] == sum(row[2] for row in rows) + 60000
    assert both["note"] == ""


def test_people_left_out_are_counted_and_too_many_are_refused():
    table = sheet([("35238", 3.0, 230000, 230000), ("35236", 2.0, 9900, 9500)])
    row = access.by_territory(table, place("35238", "35236", "56221")).iloc[0]
    people = communes.perimeter(["35238", "35236", "56221"]).set_index("code")["population_2023"]
    assert row["covered"] == pytest.approx(100 * (1 - people["56221"] / people.sum()))
    assert row["note"].startswith("1\u00a0commune sans APL, soit")
    # The commune left out may be Paris: one commune, nearly all the people.
    with pytest.raises(NotComputable, match="ne couvre que"):
        access.by_territory(sheet([("93055", 1.5, 60000, 60000)]), place("75056", "93055"))


def test_a_union_of_territories_is_their_weighted_mean():
    table = sheet([("01004", 2.4, 900, 880), ("01053", 4.0, 600, 620), ("01283", 3.0, 1400, 1500)])
    one, other, both = (
        access.by_territory(table, place(*codes)).iloc[0]
        for codes in (["01004"], ["01053", "01283"], ["01283", "01004", "01053"])
    )
    joined = (one["numerator"] + other["numerator"]) / (one["denominator"] + other["denominator"])
    assert both["value"] == pytest.approx(joined)


def test_what_cannot_be_aggregated_is_refused():
    table = sheet([("01004", 2.4, 900, 880)])
    with pytest.raises(NotComputable, match="Ailleurs : aucune commune n'a d'APL en 2024"):
        access.by_territory(table, place("35238", name="Ailleurs"))
    both = pd.concat([table, table.assign(profession="infirmiers")])
    with pytest.raises(NotComputable, match="une profession à la fois"):
        access.by_territory(both, place("01004"))
    with pytest.raises(NotComputable, match="population totale manque"):
        access.by_territory(table.assign(population=pd.NA), place("01004"), threshold=2.5)
    with pytest.raises(NotComputable, match="aucun habitant"):
        access.by_territory(table.assign(population=0), place("01004"), threshold=2.5)
    with pytest.raises(NotComputable, match="Aucune commune"):
        access.by_territory(table, pd.Series({}, dtype=object))
    with pytest.raises(UnknownName, match="apl_65"):
        access.by_territory(table, place("01004"), column="apl65")
