"""The dossier of the management dialogue: missions, contested points, ACI, computed questions, two sheets of paper."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
import pytest

from helpers import aci, monograph
from helpers.catalog import Study
from helpers.errors import UsageError
from helpers.monograph import dialogue, essential, questions
from helpers.page import paper
from helpers.pipeline import batch, pdf, plan
from tests.monograph.conftest import DEFINITIONS, action, value
from tests.project import PROJECT


def mission(code, rate=None, started="2022-09-01", **more):
    return {
        "cpts": "nord",
        "mission": code,
        "year": 2024,
        "started": started,
        "fixed_rate": 1,
        "variable_rate": rate,
    } | more


MISSIONS = [mission("fonctionnement"), mission("acces_aux_soins", 0.5), mission("prevention", 0.8),
            mission("coordination_parcours", None, None)]  # fmt: skip


def rules(found, **more):
    return [rule for rule, _ in questions.questions(found, **more)]


def test_the_year_is_the_last_one_and_an_unknown_share_is_said(package):
    found = monograph.dossier(
        "nord", Study(package(missions=[*MISSIONS, mission("prevention", 0.1) | {"year": 2023}]))
    )
    assert set(found.missions["year"]) == {2024}
    html = monograph.mission_table(found, source="").html
    for words in ("50\u00a0%", "sans objet", "inconnue", "non démarrée ou non dit"):
        assert words in html


def test_the_day_is_the_last_one_of_the_data_or_the_one_asked(package):
    folder = package(missions=MISSIONS, actions=[action("x", "2025-02-03")])
    assert monograph.dossier("nord", Study(folder)).day == pd.Timestamp(2025, 2, 3)
    assert monograph.dossier("nord", Study(folder), day="2026-01-31").day == pd.Timestamp(2026, 1, 31)
    with pytest.raises(UsageError, match="« 31/01/2026 » n'est pas une date AAAA-MM-JJ"):
        monograph.dossier("nord", Study(folder), day="31/01/2026")


def test_the_rules_come_in_their_order_and_in_turn(package):
    log = [action("late", "2024-06-01")]
    found = monograph.dossier("nord", Study(package(missions=MISSIONS, actions=log)))
    assert rules(found) == ["point contesté", "mouvement antérieur", "part variable"]
    said = [text for _, text in questions.questions(found)]
    assert "« Passages », point discuté (le périmètre est trop large)" in said[0]
    assert "« Vaccination » a bougé avant l'action « Action late »" in said[1]
    # The lowest share comes first.
    assert said[2].startswith("Mission accès aux soins : part variable obtenue à 50\u00a0% en 2024")


def test_each_other_rule_asks_its_question(package):
    bare = [{**DEFINITIONS[0], "mission": None}]
    low = [value("grippe", "nord", 2021, 4000, 10000), value("grippe", "region", 2021, 520000, 1000000)]
    folder = package(definitions=bare, values=low, missions=[mission("prevention", 1.0)])
    found = monograph.dossier("nord", Study(folder))
    said = dict(questions.questions(found, months=18))
    assert list(said) == ["repère", "indicateur absent", "donnée ancienne"]
    assert "moins favorable que le repère Région : aucune action du journal ne le vise" in said["repère"]
    assert "Aucun indicateur ne suit la mission prévention" in said["indicateur absent"]
    # From the end of 2021 to that of 2024.
    assert "a 36\u00a0mois" in said["donnée ancienne"]
    assert "donnée ancienne" not in rules(found, months=36)
    assert "information absente" in rules(found, months=36)


@pytest.mark.parametrize(
    ("end", "day", "months"),
    [
        ("2024-12-31", "2026-03-31", 15),
        ("2024-12-31", "2025-01-30", 0),
        ("2024-12-31", "2025-01-31", 1),
        ("2024-06-15", "2025-06-14", 11),
    ],
)
def test_ages_are_in_whole_months(end, day, months):
    assert questions._age(pd.Timestamp(end), pd.Timestamp(day)) == months


def test_the_simulation_is_that_of_the_scale(package):
    found = monograph.dossier("nord", Study(package(missions=MISSIONS)))
    direct = aci.simulate(
        95000, year_of_contract=3, missions=["acces_aux_soins", "prevention"], fixed_rates=1.0,
        variable_rates={"acces_aux_soins": 0.5, "prevention": 0.8}, signed_on="2022-06-15", study=PROJECT,
    )  # fmt: skip
    shown = dialogue.aci_table(found, scale="aura2022", study=PROJECT).data.set_index("Poste")[
        "Montant de l'année (€)"
    ]
    assert shown["Total"] == aci.total_sentence(direct).removesuffix("\u00a0€").removesuffix(" €")
    assert "Parcours" not in shown.index
    assert (
        "barème imprimé : Thèse AURA 2022" in dialogue.aci_table(found, scale="aura2022", study=PROJECT).html
    )


def test_the_first_year_is_that_of_the_known_starts(package):
    missions = [row | {"year": 2022, "started": "2022-09-15"} for row in MISSIONS if row.get("started")]
    folder = package(missions=missions)
    found = monograph.dossier("nord", Study(folder))
    shown = dialogue.aci_table(found, scale="aura2022", study=PROJECT).data.set_index("Poste")[
        "Montant de l'année (€)"
    ]
    # Notebook 06 simulates the same CPTS: the two pages cannot say another amount.
    assert f"{shown['Total']} €" == aci.of_package("aura2022", Study(folder))["said"].iloc[0]


@pytest.mark.parametrize("year", [2021, 2027])
def test_a_year_out_of_the_contract_is_not_simulated_as_another(package, year):
    found = monograph.dossier("nord", Study(package(missions=[row | {"year": year} for row in MISSIONS])))
    said = unescape(dialogue.aci_table(found, scale="aura2022", study=PROJECT).html)
    assert f"Année de l'accord « {year - 2021} » : attendu un entier de 1 à 5" in said


def test_a_day_that_nothing_gives_is_said(package):
    empty = dict.fromkeys(("project_date", "aci_date", "population_date", "members_date"))
    found = monograph.dossier("nord", Study(package(definitions=[], values=[], cpts=empty)))
    said = essential.identity(found.fiche, found.known, found.situation)
    assert "aucune observation datée ; signature de l'accord non renseignée" in said


def test_the_day_of_a_legal_population_is_not_that_of_the_situation(package):
    told = dict.fromkeys(("project_date", "aci_date", "members_date")) | {"population_date": "2023-01-01"}
    found = monograph.dossier("nord", Study(package(definitions=[], values=[], cpts=told)))
    said = essential.identity(found.fiche, found.known, found.situation)
    assert "aucune observation datée" in said
    assert "habitants au 1er janvier 2023 (taille 3)" in said.replace("\u00a0", " ")


def test_an_unknown_population_gives_a_sentence_not_an_amount(package):
    found = monograph.dossier("nord", Study(package(missions=MISSIONS, cpts={"population": None})))
    assert (
        "non calculable, faute de population" in dialogue.aci_table(found, scale="date", study=PROJECT).html
    )
    assert "population non renseignée" in essential.identity(found.fiche, found.known, found.situation)


def test_a_question_on_an_unfavourable_indicator_knows_the_actions_that_aim_at_it(package):
    low = [value("grippe", "nord", 2024, 4000, 10000), value("grippe", "region", 2024, 520000, 1000000)]
    folder = package(values=low, actions=[action("x", "2024-03-01")])
    found = monograph.dossier("nord", Study(folder))
    said = dict(questions.questions(found))["repère"]
    assert "qu'attendre de l'action « Action x »" in said
    assert "laquelle décider" not in said


def test_an_end_that_is_planned_is_no_day_of_the_dossier(package):
    folder = package(actions=[action("x", "2025-02-03", date_end="2031-12-31")])
    assert monograph.dossier("nord", Study(folder)).day == pd.Timestamp(2025, 2, 3)


@pytest.mark.parametrize(
    ("code", "day", "scale"),
    [
        # Described in May 2021, signed in 2019, by a map of June 2022.
        ("A", "2021-05-31", "laine2021"),
        ("CPTS1", "2022-10-31", "laine2021"),
        ("CPTS3", "2022-10-31", "aura2022"),
        ("BAS_CHABLAIS", "2022-06-01", "aura2022"),
    ],
)
def test_a_documented_cpts_is_described_on_the_day_of_its_inquiry_by_the_scale_of_its_contract(
    code, day, scale
):
    found = monograph.dossier(code, PROJECT)
    assert found.day == pd.Timestamp(day)
    assert dialogue.scale_of(found, "date") == scale
    assert dialogue.scale_of(found, "fabrique2022") == "fabrique2022"
    assert " à " in dialogue.aci_table(found, scale="date", study=PROJECT).html


def test_contested_and_imposed_indicators_of_the_text_are_points_discussed():
    found = monograph.dossier("CPTS14", PROJECT)
    assert found.contested["what"].tolist() == ["Consultations avancées", "Créneaux du SAS", "Couverture ROR"]
    assert found.contested["why"].str.contains("l. 6319", regex=False).any()
    assert monograph.dossier("CPTS15", PROJECT).contested.empty


def test_what_the_paper_leaves_out_is_counted(package):
    log = [action(f"a{number}", f"2023-0{number}-01") for number in range(1, 9)]
    found = monograph.dossier("nord", Study(package(actions=log)))
    shown = monograph.recent_actions(found, source="")
    assert len(shown.data) == dialogue.ROWS
    assert "les 2 plus anciennes ne sont pas montrées" in shown.html


def test_links_to_files_stay_on_the_screen(package):
    shown = monograph.recent_actions(
        monograph.dossier("nord", Study(package(actions=[action("x", "2023-01-01")]))), source="s"
    )
    outside = re.sub(r'<span class="on-screen">.*?</a></span>', "", shown.html)
    assert "<a " in shown.html
    assert "<a " not in outside
    assert not outside.rstrip().endswith("·</p>")
    assert ".on-screen" in paper.two_pages().html


def full(folder):
    """As much as the paper may ever have to hold: every mission, more actions, indicators and contested points than fit."""
    long = "Un intitulé aussi long qu'un coordinateur en écrit pour dire ce qui est fait et pour qui"
    definitions = [
        {**DEFINITIONS[0], "indicator": f"i{n}", "label_fr": f"{long} {n}", "contested_fr": f"{long}."}
        for n in range(9)
    ]
    values = [
        value(f"i{n}", who, year, 5000 + n, 10000)
        for n in range(9)
        for who in ("nord", "region")
        for year in (2023, 2024)
    ]
    counted = {"own_count": 100, "own_unit": "personnes vaccinées"}
    log = [action(f"a{n}", f"2023-0{n + 1}-01", f"i{n}", label_fr=f"{long} {n}", **counted) for n in range(9)]
    codes = ["fonctionnement", *aci.MISSIONS]
    return folder(
        definitions=definitions, values=values, actions=log, missions=[mission(code, 0.5) for code in codes]
    )


@pytest.mark.skipif(pdf.find_browser() is None, reason="aucun Chromium sur cette machine")
@pytest.mark.parametrize("which", ["exemple", "plein"])
def test_the_dossier_prints_on_two_a4_pages(which, package, tmp_path, request):
    page = tmp_path / "08_dossier_dialogue.html"
    if which == "plein":
        outcome = batch.render(plan.reports(["08"], {"paquet": str(full(package))}), tmp_path)[0]
    else:
        place, outcomes = request.getfixturevalue("example_reports")
        outcome = outcomes["08_dossier_dialogue"]
        page.write_bytes((place / page.name).read_bytes())
    assert outcome.error == ""
    content = pdf.print_reports([page])[0].read_bytes()
    sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) == 2
    # A4 is 595.3 by 841.9 points.
    assert {(round(float(width)), round(float(height))) for width, height in sheets} == {(595, 842)}


def test_the_running_of_the_cpts_is_no_mission(package):
    found = monograph.dossier("nord", Study(package(missions=MISSIONS)))
    said = monograph.mission_table(found, source="").html.replace("\u00a0", " ")
    assert "3 missions, dont 1 non démarrée ou non dite" in said


def test_what_is_told_of_a_mission_says_what_it_is_about():
    found = monograph.dossier("CPTS3", PROJECT)
    told = monograph.mission_table(found, source="").data.set_index("Mission")["Dont"]
    facts = found.known[(found.known["chapter"] == "actions") & (found.known["mission"] == "crise_sanitaire")]
    assert facts["label_fr"].iloc[1] not in ("", "Crise sanitaire")
    assert f"{facts['label_fr'].iloc[1]}\u00a0: de 30 à 70 km" in told["Crise sanitaire"].replace(
        " :", "\u00a0:"
    )
    # The mission is not said twice, nor what the fact before was about.
    assert "Crise sanitaire" not in told["Crise sanitaire"]
    assert told["Parcours"].count("Parcours de santé") == 1


def test_an_increase_that_may_be_missing_says_what_it_asks_for():
    found = monograph.dossier("GRAND_ANNECY", PROJECT)
    shown = monograph.aci_table(found, scale="date", study=PROJECT)
    assert "nombre d'adhérents inconnu" in shown.html.replace("&#x27;", "'")


def test_an_action_of_one_day_has_one_day(package):
    log = [
        action("un", "2024-06-01", date_end="2024-06-01"),
        action("deux", "2024-06-01", date_end="2024-06-02"),
    ]
    shown = monograph.action_table(monograph.follow_up("nord", Study(package(actions=log))), source="").data
    said = shown.set_index("Action")["Dates"].str.replace("\u00a0", " ")
    assert said.to_dict() == {
        "Action un": "le 1er juin 2024", "Action deux": "du 1er juin 2024 au 2 juin 2024",
    }  # fmt: skip


def test_indicators_and_actions_of_the_tables_are_no_silence(package):
    study = Study(package(actions=[action("un", "2024-06-01")]))
    known, suivi = monograph.facts("nord", study), monograph.follow_up("nord", study)
    fiche = monograph.chosen("nord", study)
    opening = monograph.findings(fiche, known, suivi, monograph.situation("nord", study, known=known))
    table = monograph.portrait(known, source="", elsewhere=suivi.chapters)
    annexe = monograph.chapter_by_chapter(known, elsewhere=suivi.chapters)
    found = ((opening, "n'est renseigné sur"), (table, "rien sur"), (annexe, "n'est renseigné sur"))
    pieces = [piece.html.replace("&#x27;", "'").partition(words)[2] for piece, words in found]
    for piece in pieces:
        assert "gouvernance" in piece
        assert "indicateurs" not in piece.partition("</")[0]
        assert "actions par mission" not in piece.partition("</")[0]


def test_a_chapter_whose_answers_are_named_as_missing_is_not_called_uncoded():
    known = monograph.facts("CPTS16", PROJECT)
    asked = known[known["chapter"] == "ressources"]
    assert set(asked["status"]) == {"inconnu"}
    said = essential.missing(known, users=False)
    assert "ressources" not in said
    assert "actions par mission" in said
