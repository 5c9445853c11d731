"""The register of perimeters: versions, faults, old codes, populations of their time and of today, overlaps and gaps."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import catalog
from helpers.articulation import districts, faults, gaps, overlaps, perimeters
from helpers.errors import DataError, NotComputable
from helpers.territory import communes
from tests.articulation.making import register
from tests.project import PROJECT

GORGES = "48146"  # Gorges du Tarn Causses, with Montbrun (48101) and Quézac (48122) as delegated communes
PEOPLE = PROJECT.table("open/communes").set_index("code")["population_2023"]


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def sentences(*rows):
    return [plain(text) for text in faults.found(register(*rows))["fault"]]


def test_a_period_holds_both_its_ends():
    table = register(("a", "cpts", "48061", "2020-01-01", "2021-12-31"))
    counts = [
        len(perimeters.version(table, day))
        for day in ("2019-12-31", "2020-01-01", "2021-12-31", "2022-01-01")
    ]
    assert counts == [0, 1, 1, 0]
    assert plain(perimeters.version(table, "2020-06-30")["version"].iloc[0]) == "registre au 30 juin 2020"


def test_a_day_that_is_none_is_refused():
    with pytest.raises(DataError, match="AAAA-MM-JJ"):
        perimeters.version(register(("a", "cpts", "48061", "2020-01-01", "")), "30/06/2020")


def test_an_end_before_its_begin():
    told = sentences(("a", "cpts", "48061", "2022-01-01", "2021-01-01"))
    assert told == [
        "Ligne 2 : « a », commune 48061 : la fin (1er janvier 2021) précède le début (1er janvier 2022) ; "
        "corrigez l'une des deux dates."
    ]


def test_two_periods_that_overlap():
    told = sentences(
        ("a", "cls", "48061", "2020-01-01", "2021-12-31"), ("b", "cls", "48061", "2020-01-01", ""),
        ("a", "cls", "48061", "2021-12-31", ""),
    )  # fmt: skip
    assert told == [
        "Lignes 2 et 4 : « a » a deux périodes qui se chevauchent pour la commune 48061 ; "
        "terminez la première avant le début de la seconde."
    ]


def test_periods_that_follow_each_other_do_not_overlap():
    rows = ("a", "cpts", "48061", "2020-01-01", "2021-12-31"), ("a", "cpts", "48061", "2022-01-01", "")
    assert sentences(*rows) == []


def test_an_unknown_commune():
    told = sentences(("a", "cpts", "48999", "2020-01-01", ""))
    assert told == [
        "Ligne 2 : la commune « 48999 » de « a » n'existe ni aujourd'hui ni parmi les anciennes communes ; corrigez le code."
    ]


def test_a_commune_in_two_cpts_is_to_be_checked_and_kept():
    table = register(("a", "cpts", "48061", "2020-01-01", ""), ("b", "cpts", "48061", "2021-01-01", ""))
    found = faults.found(table)
    assert found["fault"].tolist() == [
        "Lignes 2 et 3 : la commune 48061 est au même moment dans deux CPTS, « a » et « b » ; vérifiez que c'est voulu."
    ]
    assert found["severity"].tolist() == [faults.TO_CHECK]
    assert len(faults.sound(table)) == 2


def test_two_cpts_one_after_the_other_are_no_fault():
    assert (
        sentences(
            ("a", "cpts", "48061", "2020-01-01", "2020-12-31"), ("b", "cpts", "48061", "2021-01-01", "")
        )
        == []
    )


def test_rows_with_a_blocking_fault_are_left_out():
    table = register(("a", "cpts", "48999", "2020-01-01", ""), ("a", "cpts", "48061", "2020-01-01", ""))
    assert faults.sound(table)["commune"].tolist() == ["48061"]


def told(*codes, since="2016-01-01"):
    return perimeters.in_todays_communes(register(*[("a", "cls", code, since, "") for code in codes]))


def test_an_old_code_passes_to_the_commune_that_holds_it():
    place = told("48122")
    assert place[["code", "name", "extent"]].to_numpy().tolist() == [
        [GORGES, "Gorges du Tarn Causses", perimeters.PART]
    ]


def test_all_delegated_communes_make_the_whole():
    place = told(GORGES, "48101", "48122")
    assert place[["code", "extent"]].to_numpy().tolist() == [[GORGES, perimeters.WHOLE]]
    assert told(GORGES, "48122")["extent"].tolist() == [perimeters.PART]


def test_a_commune_whose_limits_changed_after_the_row_began_is_in_doubt():
    # 69149 became Oullins-Pierre-Bénite on 1 January 2024.
    assert told("69149", since="2020-01-01")["extent"].tolist() == [perimeters.PART]
    assert told("69149", since="2025-01-01")["extent"].tolist() == [perimeters.WHOLE]


def test_a_city_is_told_by_arrondissement_where_a_scheme_names_one():
    table = register(("a", "cpts", "69385", "2020-01-01", ""), ("b", "cls", "69123", "2020-01-01", ""))
    place = perimeters.in_todays_communes(perimeters.version(table, "2022-01-01"))
    assert len(place[place["scheme"] == "b"]) == 9
    pair = overlaps.pairs(table, at="2022-01-01").iloc[0]
    city = communes.perimeter(["69123"])["population_2023"].sum()
    assert pair["communes_both"] == 1
    assert pair["relation"] == overlaps.FIRST_INSIDE
    assert pair["population_second"] == pytest.approx(city, rel=0.001)


def test_an_unknown_code_has_no_commune_of_today():
    with pytest.raises(DataError, match="n'existe ni aujourd'hui"):
        told("48999")


def test_population_of_its_time_has_bounds_when_limits_changed():
    row = perimeters.sizes(told("48122", "48061")).iloc[0]
    assert pd.isna(row["population"])
    assert (row["lower"], row["upper"]) == (PEOPLE["48061"], PEOPLE["48061"] + PEOPLE[GORGES])


def test_a_year_without_population_is_refused():
    with pytest.raises(NotComputable, match="Pas de population en 2017"):
        perimeters.sizes(told("48061"), year=2017)


def test_then_and_now_with_the_gap_and_what_changed():
    table = register(
        ("a", "cpts", "48061", "2020-01-01", ""), ("a", "cpts", "48075", "2023-01-01", ""),
        ("b", "cls", "48061", "2020-01-01", "2023-06-30"), ("c", "clsm", "48061", "2024-01-01", ""),
    )  # fmt: skip
    both = perimeters.then_and_now(table, at="2022-06-30").set_index("scheme")
    assert both.loc["a", "gap"] == PEOPLE["48075"]
    assert plain(both.loc["a", "change"]) == "1 entrée : Ispagnac"
    assert both.loc["b", "change"] == "sorti du registre depuis"
    assert both.loc["c", "change"] == "absent du registre d'alors"
    # A scheme that was not there has no population, which is not zero.
    assert both.loc[["b"], ["population_today", "gap"]].isna().all(axis=None)
    assert set(map(plain, both["version_then"])) == {"registre au 30 juin 2022"}
    assert set(map(plain, both["version_today"])) == {"registre au 1er janvier 2025"}


def test_overlap_by_hand():
    table = register(
        *[("a", "cpts", code, "2020-01-01", "") for code in ("48061", "48075")],
        *[("b", "cls", code, "2020-01-01", "") for code in ("48075", "48096")],
    )
    row = overlaps.pairs(table, at="2025-01-01").iloc[0]
    assert row[["communes_first", "communes_second", "communes_both"]].tolist() == [2, 2, 1]
    assert row["share_first"] == pytest.approx(PEOPLE["48075"] / (PEOPLE["48061"] + PEOPLE["48075"]))
    assert row["share_second"] == pytest.approx(PEOPLE["48075"] / (PEOPLE["48075"] + PEOPLE["48096"]))
    assert row["relation"] == overlaps.CROSSING


@pytest.mark.parametrize(
    ("second", "relation"),
    [
        (("48061", "48075"), overlaps.SAME),
        (("48061", "48075", "48096"), overlaps.FIRST_INSIDE),
        (("48061",), overlaps.SECOND_INSIDE),
        (("48096",), overlaps.APART),
    ],
)
def test_relations(second, relation):
    table = register(
        *[("a", "cpts", code, "2020-01-01", "") for code in ("48061", "48075")],
        *[("b", "cls", code, "2020-01-01", "") for code in second],
    )
    assert overlaps.pairs(table, at="2025-01-01")["relation"].tolist() == [relation]


def test_a_doubtful_perimeter_keeps_its_communes_and_loses_its_people():
    table = register(("a", "cpts", GORGES, "2018-01-01", ""), ("b", "cls", "48122", "2016-01-01", ""))
    past = overlaps.pairs(table, at="2022-06-30").iloc[0]
    assert past["communes_both"] == 1
    assert pd.isna(past["population_both"])
    assert "limites" in past["note"]
    assert "les habitants ne se comptent pas" in overlaps.ground_sentence(past)
    both = overlaps.pairs_then_and_now(table, at="2022-06-30").iloc[0]
    assert pd.isna(both["population_both_then"])
    assert both["population_both_today"] == PEOPLE[GORGES]


def test_a_pair_that_meets_today_only_is_shown():
    table = register(("a", "cpts", "48061", "2018-01-01", ""), ("b", "cls", "48061", "2024-01-01", ""))
    both = overlaps.pairs_then_and_now(table, at="2022-06-30")
    assert both["relation_then"].isna().tolist() == [True]
    assert both["relation_today"].tolist() == [overlaps.SAME]


def test_communes_with_none_are_counted_in_their_frame():
    table = register(("a", "cpts", "48061", "2020-01-01", ""), ("b", "cls", "48075", "2020-01-01", ""))
    found = overlaps.states(table, at="2025-01-01", frame=["48061", "48075", "48096"])
    assert found["state"].tolist() == ["CPTS seulement", "DTS seulement", "aucun dispositif du registre"]
    counted = overlaps.count_states(found).set_index("state")
    assert counted["communes"].tolist() == [0, 1, 1, 1, 3]
    assert counted.loc["Ensemble", "population"] == PEOPLE[["48061", "48075", "48096"]].sum()
    # Without a frame: the whole EPCI that the register touches.
    assert len(overlaps.states(table, at="2025-01-01")) == 17


def test_a_frame_with_an_unknown_code_is_refused():
    with pytest.raises(DataError, match="du cadre est inconnue"):
        overlaps.states(register(("a", "cpts", "48061", "2020-01-01", "")), at="2025-01-01", frame=["48999"])


def test_the_printed_register_has_the_columns_of_a_package():
    model = catalog.Package(catalog.MODEL_FOLDER).table(perimeters.TABLE).columns
    assert set(model) <= set(PROJECT.table("navinel2020/perimeters"))


def test_presumed_perimeters_leave_out_the_interviewed_and_the_letters():
    named = PROJECT.table("aura2022/cpts_region")
    interviewed = set(named.loc[named["cpts"].notna(), "name_printed"])
    found = gaps.presumed(PROJECT)
    assert len(found) > 10
    assert not interviewed & set(found["name"])
    assert not {"A", "B", "C", "D", "E"} & set(found["name"])


def test_gaps_count_what_the_documents_name():
    table = gaps.without_perimeter(PROJECT).set_index(["document", "scheme"])
    assert table.loc[("aura2022", "CPTS"), "named"] == 71
    assert table.loc[("miller2022", "CLS"), "named"] == 3
    # Navinel: the communes of the metropolis less the six that are named. The list of its CLS is only supposed.
    assert table.loc[("navinel2020", "CPTS"), "published"] == table["published"].sum() == 1
    assert "1 d'entre eux" in gaps.sentence(gaps.without_perimeter(PROJECT))


def test_readable_tables_say_why_a_number_is_not_given():
    table = register(
        ("a", "cpts", GORGES, "2018-01-01", ""), ("b", "cls", "48122", "2016-01-01", "2023-12-31")
    )
    size = perimeters.readable(perimeters.then_and_now(table, at="2022-06-30")).set_index("name_fr")
    assert plain(size.loc["B", "population_then"]) == f"entre 0 et {PEOPLE[GORGES]}"
    assert size.loc["B", ["population_today", "gap"]].tolist() == ["—", "—"]
    pair = overlaps.readable_pairs(overlaps.pairs_then_and_now(table, at="2022-06-30")).iloc[0]
    assert pair[["ground_then", "relation_today", "ground_today", "gap"]].tolist() == [
        "inconnu",
        "pas de paire à cette date",
        "—",
        "—",
    ]


def test_a_name_written_in_two_ways_is_one_scheme():
    table = register(
        ("a", "cpts", "48122", "2016-01-01", ""), ("a", "cpts", "48101", "2016-01-01", ""),
        ("a", "cpts", "48061", "2016-01-01", ""), ("b", "cls", "48061", "2016-01-01", ""),
    )  # fmt: skip
    table.loc[1, "name_fr"] = "A bis"
    table.loc[2, "name_fr"] = "A ter"
    row = perimeters.sizes(perimeters.in_todays_communes(table)).iloc[0]
    assert (row["communes"], row["upper"]) == (2, PEOPLE[GORGES] + PEOPLE["48061"])
    pair = overlaps.pairs(table, at="2025-01-01").iloc[0]
    assert (pair["first_name"], pair["relation"]) == ("A", overlaps.SECOND_INSIDE)


def test_a_scheme_that_changed_its_name_is_one_pair():
    table = register(
        ("a", "cpts", "48061", "2020-01-01", "2021-12-31"), ("a", "cpts", "48061", "2022-01-01", ""),
        ("b", "cls", "48061", "2020-01-01", ""),
    )  # fmt: skip
    table.loc[1, "name_fr"] = "Nouveau nom"
    both = overlaps.readable_pairs(overlaps.pairs_then_and_now(table, at="2021-06-30"))
    assert both[["first_name", "relation_then", "relation_today"]].to_numpy().tolist() == [
        ["A", overlaps.SAME, overlaps.SAME]
    ]


def test_a_day_with_its_hour_is_that_day():
    table = register(("a", "cpts", "48061", "2022-01-01", ""), ("b", "cls", "48061", "2022-01-01", ""))
    moment = pd.Timestamp("2022-01-01 10:00")
    assert perimeters.day(moment) == moment.date()
    assert overlaps.pairs(table, at=moment)["relation"].tolist() == [overlaps.SAME]


def test_an_island_without_epci_is_covered_too():
    table = register(("a", "cpts", "29155", "2020-01-01", ""))
    found = overlaps.states(table, at="2025-01-01")
    assert found[["name", "state", "epci_name"]].to_numpy().tolist() == [
        ["Ouessant", "CPTS seulement", overlaps.NO_EPCI]
    ]


def test_shared_ground_is_told_both_ways_at_orleans():
    # All the communes of the CPTS are in the agglomeration of the CLS, which has six more.
    pair = overlaps.pairs(PROJECT.table("navinel2020/perimeters"), at="2021-01-01", year=2016).iloc[0]
    assert (pair["communes_first"], pair["communes_second"], pair["communes_both"]) == (16, 22, 16)
    assert pair["population_first"] == pair["population_both"] == 266_268
    assert plain(pair["ground"]) == "100 % de la CPTS, 94 % de l'autre"
    assert plain(overlaps.ground_sentence(pair)) == (
        "94 % des habitants de « CLS de l'agglomération orléanaise » vivent dans « CPTS Orléanaise » ; 100 % dans l'autre "
        "sens (266 268 habitants et 16 communes en commun, registre au 1er janvier 2021)."
    )


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1, "100 %"), (0.9999, "plus de 99 %"), (0.994, "99 %"), (0.004, "moins de 1 %"), (0, "0 %"),
        (float("nan"), "part inconnue"),
    ],
)  # fmt: skip
def test_a_part_is_whole_or_nothing_only_when_it_is(share, words):
    assert plain(overlaps.share_in_words(share)) == words


def test_a_project_covers_nothing_and_a_closed_scheme_is_closed():
    table = register(
        ("a", "cpts", "48061", "2020-01-01", ""), ("b", "cpts", "48075", "2020-01-01", ""),
        ("c", "cls", "48061", "2020-01-01", ""), ("d", "clsm", "48061", "2020-01-01", "2022-12-31"),
    )  # fmt: skip
    table["status"] = ["signe", "projet", "clos", "clos"]
    in_2022 = overlaps.pairs(table, at="2022-06-30")
    assert in_2022[["first", "second"]].values.tolist() == [["a", "d"]]
    assert overlaps.pairs(table, at="2025-01-01").empty
    found = overlaps.states(table, at="2025-01-01", frame=["48061", "48075"])
    assert found["state"].tolist() == ["CPTS seulement", "aucun dispositif du registre"]
    # The size of a project is still told, under its status.
    sizes = perimeters.then_and_now(perimeters.with_status(table), at="2022-06-30").set_index("scheme")
    assert sizes["name_fr"].tolist() == ["A", "B (en projet)", "C (clos)", "D (clos)"]
    told = faults.found(table)
    assert told["severity"].tolist() == [faults.TO_CHECK]
    assert "« c » est clos et n'a pas de dernier jour" in plain(told["fault"].iloc[0])


def test_a_project_claims_no_commune():
    table = register(("a", "cpts", "48061", "2020-01-01", ""), ("b", "cpts", "48061", "2020-01-01", ""))
    assert "dans deux CPTS" in faults.found(table)["fault"].iloc[0]
    assert faults.found(table.assign(status=["signe", "projet"])).empty


def test_an_asv_says_what_its_population_is_and_is_not():
    table = register(("asv-a", "asv", "48061", "2020-01-01", ""), ("c", "cls", "48061", "2020-01-01", ""))
    none = pd.DataFrame(columns=["scheme", "population"])
    assert "aucun quartier prioritaire n'est nommé" in districts.sentences(table, none)[0]
    # A page that was not given the districts does not say that there are none.
    assert districts.sentences(table, None)[0].endswith("non ceux de ses quartiers.")
    two = pd.DataFrame({"scheme": ["asv-a", "asv-a"], "population": [1200, 1300]}).astype(
        {"population": "Int64"}
    )
    [said] = districts.sentences(table, two)
    assert plain(said) == (
        "« ASV-A » : le registre compte les habitants de ses communes entières, non ceux de ses quartiers, qui sont 2 "
        "(2 500 habitants selon le paquet)."
    )
    assert "population non donnée pour tous" in districts.sentence(
        two.assign(population=pd.array([1200, pd.NA], dtype="Int64")), "asv-a", "A"
    )


def test_the_example_is_fictional_in_every_row():
    example = PROJECT.table(perimeters.EXAMPLE)
    assert example["name_fr"].str.contains("fictive|fictif").all()
    assert example["source"].str.contains("fictif").all()
