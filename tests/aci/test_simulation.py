"""The simulator against the printed ceilings, and one test per rule and per refusal."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import pytest

from helpers import aci
from helpers.aci.rules import RULES_FR
from helpers.errors import DataError, NotComputable, UnknownName
from tests.project import PROJECT

AT_ONCE = dict.fromkeys(aci.MISSIONS, 0)
BEFORE_CRISES = [mission for mission in aci.MISSIONS if mission != "crise_sanitaire"]
POPULATIONS = {1: 20_000, 2: 60_000, 3: 100_000, 4: 200_000}
LATE = "2022-10-01"


def run(population=60_000, **given):
    given = {"year_of_contract": 2, "signed_on": LATE, "members": 150, **given}
    return aci.simulate(population, **given, study=PROJECT)


def row(table, mission, part="total"):
    return table[(table["mission"] == mission) & (table["part"] == part)].iloc[0]


def bounds(table, mission="total", part="total"):
    found = row(table, mission, part)
    return found["lower"], found["upper"]


def printed_ceiling(document, size):
    table = PROJECT.table(f"{document}/aci_funding")
    if "source_table" in table:
        table = table[table["source_table"] == "annexe_7"]
    return float(table[(table["mission"] == "total") & (table["size"] == size)]["value"].iloc[0])


@pytest.mark.parametrize("size", aci.SIZES)
def test_all_missions_at_full_rate_with_a_crisis_give_the_printed_ceiling(size):
    table = run(POPULATIONS[size], year_of_contract=1, starts=AT_ONCE, crisis=True)
    assert (
        aci.total(table)["amount"] == printed_ceiling("aura2022", size) == printed_ceiling("miller2022", size)
    )
    assert set(table["size"]) == {size}


@pytest.mark.parametrize("size", aci.SIZES)
def test_the_scale_without_parts_gives_its_printed_ceiling_too(size):
    table = run(POPULATIONS[size], year_of_contract=1, starts=AT_ONCE, crisis=True, scale="miller2022")
    assert aci.total(table)["amount"] == printed_ceiling("miller2022", size)


@pytest.mark.parametrize(
    ("document", "size"), [(d, s) for d in ("navinel2020", "laine2021") for s in aci.SIZES]
)
def test_scales_of_2019_give_their_ceilings(document, size):
    table = run(POPULATIONS[size], year_of_contract=1, missions=BEFORE_CRISES, starts=AT_ONCE, scale=document)
    known = table[~table["mission"].isin(["total", "supplement_snp"])]
    assert known["amount"].sum() == printed_ceiling(document, size)


def test_an_ordinary_year_is_worked_out_by_hand():
    # Size 2, one mission: 60 000 + 35 000 × 0.5 + 35 000 × 0.2 = 84 500 (Fabrique 2022, lines 430, 434 and 435).
    table = run(missions=["coordination_parcours"], fixed_rates=0.5, variable_rates=0.2, scale="fabrique2022")
    assert table["amount"].tolist() == [60_000, 17_500, 7_000, 84_500]
    assert table["line"].tolist()[:3] == [430, 434, 435]
    assert aci.total_sentence(table) == "84\u202f500 €"


def test_nothing_contracted_leaves_the_functioning_alone():
    assert aci.total(run(missions=[]))["amount"] == 60_000
    assert aci.total(run(missions=["fonctionnement"]))["amount"] == 60_000


def test_the_plan_is_updated_from_the_second_year_and_a_crisis_pays_the_variable_part():
    first = run(year_of_contract=1, starts=AT_ONCE)
    assert row(first, "crise_sanitaire", "fixe")["amount"] == 35_000
    second = run()
    assert row(second, "crise_sanitaire", "fixe")["rule"] == "plan_mis_a_jour"
    assert row(second, "crise_sanitaire", "fixe")["amount"] == 17_500
    assert row(second, "crise_sanitaire", "variable")["rule"] == "sans_crise"
    assert row(run(crisis=True), "crise_sanitaire", "variable")["amount"] == 52_500


@pytest.mark.parametrize(
    ("signed", "document", "rule", "lower", "upper"),
    [
        ("2022-06-01", "miller2022", "aide", 45_000, 45_000),
        ("2022-09-21", "aura2022", "aide", 45_000, 45_000),
        ("2022-09-22", "aura2022", "aide_deux_echeances", 45_000, 45_000),
        ("2022-09-29", "aura2022", "aide_deux_echeances", 45_000, 45_000),
        ("2022-09-25", "miller2022", "aide_deux_echeances", 0, 45_000),
        ("2022-09-25", "aura2022", "aide_deux_echeances", 45_000, 45_000),
        ("2022-09-30", "aura2022", "aide_hors_delai", 0, 0),
        ("2021-03-01", "aura2022", "aide_avant_avenant", 0, 45_000),
        ("2021-12-19", "aura2022", "aide_avant_avenant", 0, 45_000),
        ("2021-12-20", "aura2022", "aide", 45_000, 45_000),  # the very day of the second amendment
        (None, "aura2022", "aide_date_inconnue", 0, 45_000),
    ],
)
def test_exceptional_aid(signed, document, rule, lower, upper):
    table = run(year_of_contract=1, signed_on=signed, scale=document)
    found = row(table, "aide_exceptionnelle")
    assert (found["rule"], found["lower"], found["upper"]) == (rule, lower, upper)
    assert math.isnan(found["amount"]) == (lower != upper)


def test_aid_is_paid_once_and_never_under_the_agreement_of_2019():
    assert "aide_exceptionnelle" not in set(run(signed_on="2022-06-01")["mission"])
    old = run(year_of_contract=1, missions=BEFORE_CRISES, signed_on="2020-03-18", scale="laine2021")
    assert "aide_exceptionnelle" not in set(old["mission"])


def test_what_a_document_does_not_print_is_missing_and_the_total_at_least():
    table = run(year_of_contract=1, signed_on="2022-06-01", scale="fabrique2022")
    aid = row(table, "aide_exceptionnelle")
    assert (aid["rule"], aid["lower"]) == ("aide_non_imprimee", 0)
    assert pd.isna(aid["upper"])
    absent = row(table, "qualite_pertinence")
    assert absent["rule"] == "montant_absent"
    assert pd.isna(absent["amount"])
    assert pd.isna(absent["upper"])
    assert aci.total(table)["rule"] == "total_au_moins"
    assert aci.total_sentence(table).startswith("au moins ")


def test_unknown_start_widens_the_first_year_by_the_calendar():
    table = run(year_of_contract=1)
    # Access starts within 6 months: half of 70 000 at least; pathways within 12: nothing sure; options: no deadline.
    assert bounds(table, "acces_aux_soins", "fixe") == (35_000, 70_000)
    assert bounds(table, "coordination_parcours", "fixe") == (0, 35_000)
    assert bounds(table, "qualite_pertinence", "fixe") == (0, 10_000)
    assert row(table, "acces_aux_soins", "fixe")["rule"] == "demarrage_inconnu"


def test_a_known_start_bounds_the_first_year():
    table = run(year_of_contract=1, starts={"acces_aux_soins": 3, "prevention": 18})
    assert bounds(table, "acces_aux_soins", "fixe") == (52_500, 70_000)
    assert bounds(table, "prevention", "fixe") == (0, 15_000)
    assert row(table, "acces_aux_soins", "fixe")["rule"] == "demarrage_prorata"


def test_a_total_without_parts_is_bounded_by_both_rates():
    table = run(missions=["prevention"], fixed_rates=1, variable_rates=0.6, scale="miller2022")
    assert bounds(table, "prevention") == (18_000, 30_000)
    assert row(table, "prevention")["rule"] == "parts_non_imprimees"
    # Whatever the split of 30 000 between fixed and variable, the amount stays inside.
    for fixed in range(0, 30_001, 3_000):
        assert 18_000 <= fixed + 0.6 * (30_000 - fixed) <= 30_000
    same = run(missions=["prevention"], fixed_rates=0.8, variable_rates=0.8, scale="miller2022")
    assert row(same, "prevention")["amount"] == 24_000
    # One rate unknown, the other known: all the amount may be of the unknown one.
    for rates in ({"fixed_rates": None, "variable_rates": 0.6}, {"fixed_rates": 0.6, "variable_rates": None}):
        unknown = run(missions=["prevention"], scale="miller2022", **rates)
        assert bounds(unknown, "prevention") == (0, 30_000)


@pytest.mark.parametrize(("year", "crisis"), [(1, False), (2, False), (2, True)])
def test_the_crisis_mission_without_parts_is_between_nothing_and_its_total(year, crisis):
    table = run(year_of_contract=year, crisis=crisis, starts=AT_ONCE, scale="miller2022")
    assert bounds(table, "crise_sanitaire") == (0, 87_500)
    assert row(table, "crise_sanitaire")["rule"] == "crise_parts_non_imprimees"


def test_rates_by_mission_and_unknown_rates():
    table = run(
        fixed_rates={"prevention": 0.5}, variable_rates=None, missions=["prevention", "acces_aux_soins"]
    )
    assert bounds(table, "prevention", "fixe") == (7_500, 7_500)
    assert bounds(table, "prevention", "variable") == (0, 15_000)
    assert bounds(table, "acces_aux_soins", "fixe") == (0, 70_000)
    assert row(table, "acces_aux_soins", "fixe")["rule"] == "taux_inconnu"
    assert pd.isna(aci.total(table)["amount"])
    assert aci.total_sentence(table) == "de 67\u202f500 à 182\u202f500 €"


def test_following_years_of_laine_are_a_range():
    table = run(year_of_contract=3, missions=["prevention"], scale="laine2021")
    assert bounds(table, "fonctionnement") == (45_000, 60_000)
    assert "75 %" in row(table, "fonctionnement")["note"].replace("\u00a0", " ")
    assert bounds(run(year_of_contract=1, missions=[], scale="laine2021"), "fonctionnement") == (
        60_000,
        60_000,
    )


def test_supplement_for_unscheduled_care_is_bounded():
    table = run(missions=["acces_aux_soins"], scale="laine2021")
    assert bounds(table, "supplement_snp") == (0, 70_000)
    small = run(20_000, missions=["acces_aux_soins"], scale="laine2021")
    assert bounds(small, "supplement_snp") == (0, 35_000)
    assert "supplement_snp" not in set(run(missions=["prevention"], scale="laine2021")["mission"])


def test_the_largest_size_asks_for_a_hundred_members():
    assert "majoration" not in set(run(200_000, members=100)["mission"])
    assert "majoration" not in set(run(100_000, members=None)["mission"])
    few, unknown = run(200_000, members=99), run(200_000, members=None)
    assert bounds(few, "majoration") == (-130_000, 0)
    assert (row(few, "majoration")["rule"], row(few, "majoration")["line"]) == ("majoration_non_remplie", 701)
    assert row(unknown, "majoration")["rule"] == "majoration_inconnue"
    # Nothing can be taken away that was not there.
    assert bounds(run(200_000, members=None, missions=[]))[0] == 0


def test_repaired_cells_and_bounds_are_said():
    table = run(40_000, missions=["acces_aux_soins"])
    assert RULES_FR["borne"] in aci.total(table)["note"]
    assert set(table["size"]) == {2}
    large = run(200_000, missions=["acces_aux_soins"])
    assert RULES_FR["cellule_reparee"] in row(large, "acces_aux_soins", "fixe")["note"]


def test_a_scale_out_of_its_years_is_a_stated_hypothesis():
    old = run(missions=BEFORE_CRISES, signed_on="2022-01-10", scale="navinel2020")
    assert RULES_FR["bareme_ancien"] in aci.total(old)["note"]
    new = run(year_of_contract=1, signed_on="2020-03-18")
    assert RULES_FR["bareme_posterieur"] in aci.total(new)["note"]


@pytest.mark.parametrize(
    ("scale", "year", "signed", "rule", "said"),
    [
        ("navinel2020", 1, "2021-12-20", "bareme_ancien", True),
        ("navinel2020", 1, "2021-12-19", "bareme_ancien", False),
        ("navinel2020", 2, "2020-12-20", "bareme_ancien", True),
        ("navinel2020", 2, "2020-12-19", "bareme_ancien", False),
        ("aura2022", 1, "2020-12-20", "bareme_posterieur", True),
        ("aura2022", 1, "2020-12-21", "bareme_posterieur", False),
        ("aura2022", 2, "2019-12-20", "bareme_posterieur", True),
        ("aura2022", 2, "2019-12-21", "bareme_posterieur", False),
    ],
)
def test_a_year_that_touches_the_amendments_is_judged_to_the_day(scale, year, signed, rule, said):
    table = run(missions=BEFORE_CRISES, year_of_contract=year, signed_on=signed, scale=scale)
    assert (RULES_FR[rule] in aci.total(table)["note"]) == said


def test_every_rule_has_a_sentence_and_every_sentence_a_rule():
    seen: set[str] = set()
    for document, year in aci.SCALES.items():
        missions = BEFORE_CRISES if year == 2019 else aci.MISSIONS
        printed = aci.printed.read(document, PROJECT)
        for signed in ("2021-03-01", "2022-06-01", "2022-09-25", LATE, None):
            for contract in (1, 2):
                for members in (None, 5):
                    for starts in (None, AT_ONCE, {"prevention": 3}):
                        for rate in (None, 1.0):
                            seen |= set(
                                aci.simulation.by_printed(
                                    printed, 200_000, year_of_contract=contract, missions=missions, fixed_rates=rate,
                                    variable_rates=rate, signed_on=signed, members=members, starts=starts,
                                )["rule"]
                            )  # fmt: skip
    remarks = {"cellule_reparee", "borne", "bareme_ancien", "bareme_posterieur"}
    assert set(RULES_FR) - seen - remarks <= {"total"}
    assert seen <= set(RULES_FR)


def test_amounts_agree_with_their_bounds():
    for document, year in aci.SCALES.items():
        table = run(
            scale=document, missions=BEFORE_CRISES if year == 2019 else aci.MISSIONS, variable_rates=0.3
        )
        exact = table["amount"].notna()
        assert (table.loc[exact, "amount"] == table.loc[exact, "lower"]).all()
        assert (table["upper"].isna() | (table["upper"] >= table["lower"])).all()
        parts = table[table["mission"] != "total"]
        assert aci.total(table)["lower"] == parts["lower"].sum()


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"population": 0}, NotComputable, "nombre positif"),
        ({"population": math.nan}, NotComputable, "nombre positif"),
        ({"year_of_contract": 0}, NotComputable, "de 1 à 5"),
        ({"year_of_contract": 6}, NotComputable, "de 1 à 5"),
        ({"missions": ["prevent"]}, UnknownName, "prevention"),
        ({"missions": ["prevention", "prevention"]}, NotComputable, "donnée deux fois"),
        (
            {"scale": "navinel2020"},
            NotComputable,
            r"n'existe pas dans l'accord de 2019 .*\(miller2022, aura2022, fabrique2022\)\.$",
        ),
        ({"scale": "ameli"}, DataError, "n'imprime pas de barème"),
        ({"fixed_rates": 1.2}, NotComputable, "part fixe de « acces_aux_soins » : 1,2"),
        ({"variable_rates": {"prevention": -0.1}}, NotComputable, "part variable de « prevention »"),
        ({"signed_on": "12/2022"}, NotComputable, "AAAA-MM-JJ"),
        ({"signed_on": dt.date(2018, 1, 1)}, NotComputable, r"20\sjuin 2019"),
        ({"members": -3}, NotComputable, "adhérents"),
        ({"starts": {"prevention": -1}}, NotComputable, "mois après la signature"),
    ],
)
def test_refusals(given, error, said):
    with pytest.raises(error, match=said) as caught:
        run(**given)
    assert "\n" not in str(caught.value)
