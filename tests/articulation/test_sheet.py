"""The sheet of a pair: what is done, on which ground, with which means, and what is asked because nobody said it."""

import shutil

import pandas as pd
import pytest

from helpers import catalog
from helpers.articulation import agenda, links, next_step, pairs, sheet_said, sheet_shown
from helpers.articulation import sheet as sheets
from helpers.catalog import Study
from helpers.errors import UnknownName, UsageError
from helpers.intake import starting
from helpers.intake.deposit import deposit
from tests.articulation.making import register
from tests.project import PROJECT


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheet") / "exemple"
    starting.new(folder, example=True)
    return Study(folder)


@pytest.fixture
def package(tmp_path):
    """Write a package with one CPTS and the tables given, and open it."""

    def write(**tables):
        folder = shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "paquet")
        one = pd.DataFrame({"cpts": ["nous"], "name_fr": ["Notre CPTS"]})
        deposit(
            {"cpts/cpts": one, **{name.replace("__", "/"): rows for name, rows in tables.items()}}, folder
        )
        return Study(folder)

    return write


def scheme(code="cls", kind="cls", **more):
    return pd.DataFrame(
        [{"scheme": code, "kind": kind, "name_fr": code.upper(), "status": "signe", "source": "test", **more}]
    )


def link(state="en_oeuvre", degree=None, **more):
    row = {"link": "l1", "cpts": "nous", "scheme": "cls", "state": state, "degree": degree, "instrument": "reunions",
           "theme": "depistages", "label_fr": "Réunion", "source": "compte rendu", "locator": "p. 2"}  # fmt: skip
    return pd.DataFrame([{**row, **more}]).astype({"degree": "Int64"})


def test_the_pairs_of_the_documents_are_those_they_name_themselves():
    told = pairs.known(PROJECT)
    assert told["paire"].tolist() == [
        "cpts-orleanaise+cls-agglo-orleans", "cpts-redon+cls-redon", "cpts-orleanaise+ght-45", "cpts-orleanaise+pta-loiret",
    ]  # fmt: skip
    # Letters and codes are CPTS that no sheet may name.
    assert not told["cpts"].str.fullmatch(r"[A-E]|CPTS\d+").any()


def test_a_pair_on_the_same_ground_needs_no_link(package):
    ground = register(("nous", "cpts", "48061", "2020-01-01", ""), ("cls", "cls", "48061", "2020-01-01", ""))
    told = pairs.known(package(cpts__perimeters=ground))
    assert told[["paire", "links"]].values.tolist() == [["nous+cls", 0]]


def test_an_unknown_pair_names_the_nearest():
    with pytest.raises(UnknownName, match=r"cpts-redon\+cls-redon"):
        pairs.chosen("cpts-redon+cls-redo", PROJECT)


def test_orleans_says_its_link_its_ground_and_its_one_common_priority():
    found = sheets.sheet("", PROJECT, year=2016)
    assert plain(sheet_said.answer(found)) == (
        "Entre « CPTS Orléanaise » et « CLS de l'agglomération orléanaise » : 1 lien en œuvre, jusqu'au degré 4 (action "
        "commune), périnatalité (Navinel 2020, l. 862) et 1 lien souhaité."
    )
    assert "266 268 habitants" in plain(sheet_said.ground_sentence(found))
    # Navinel names the agglomeration of the CLS, not its communes.
    assert "« CLS de l'agglomération orléanaise » : supposées" in plain(sheet_said.ground_sentence(found))
    assert "1 (périnatalité), pour 11 de la CPTS et 1 du CLS" in plain(sheet_said.priorities_sentence(found))
    assert next_step.idle_themes(found) == []


def test_what_nobody_printed_is_asked_and_not_filled():
    found = sheets.sheet("cpts-redon+cls-redon", PROJECT)
    assert pd.isna(found.day)
    table = sheet_shown.means_table(found).data.set_index("what")
    assert (table.drop(index="Note") == sheet_said.ASK).all(axis=None)
    assert "inconnues" in sheet_said.priorities_sentence(found)
    assert "inconnu" in sheet_said.ground_sentence(found)
    rules = [rule for rule, _ in agenda.questions(found)]
    assert len(rules) == agenda.ASKED
    assert rules.count("inconnu") == 2


def test_the_next_degree_and_its_instruments_are_those_of_others_with_their_lines():
    found = sheets.sheet("", PROJECT)
    assert (next_step.reached(found), next_step.target(found)) == (4, 5)
    table = next_step.elsewhere(found).set_index("instrument")
    assert table.loc["Bureau partagé", "where"] == "Fabrique 2022, l. 384"
    assert table.loc["Siège dans la gouvernance", "where"] == "Miller 2022, l. 1011, 1012"
    # A wish has no degree: the degree 5 that a coding gave to a wish is not among them.
    assert "370" not in " ".join(table["where"])
    shown = found.elsewhere
    assert set(shown["state"]) == {links.DONE}
    assert not set(shown["link"]) & set(found.links["link"])


@pytest.mark.parametrize(
    ("degree", "now", "goal"), [(1, 1, 2), (4, 4, 5), (5, 5, 5), (None, None, 1)], ids=["1", "4", "5", "none"]
)
def test_the_target_is_one_degree_above_what_is_done(package, degree, now, goal):
    found = sheets.sheet("", package(dts__schemes=scheme(), dts__links=link(degree=degree)))
    assert (next_step.reached(found), next_step.target(found)) == (now, goal)


def test_a_wish_reaches_nothing(package):
    found = sheets.sheet("", package(dts__schemes=scheme(), dts__links=link("souhaite")))
    assert next_step.reached(found) is None
    assert plain(next_step.sentence(found)).startswith(
        "Aucun lien n'est en œuvre : le premier degré est 1 (information)."
    )
    assert "À décider : participation aux réunions (souhaité)." in plain(next_step.sentence(found))
    assert (
        plain(sheet_said.answer(found))
        == "Entre « Notre CPTS » et « CLS » : aucun lien en œuvre et 1 lien souhaité."
    )


def test_the_example_compares_like_with_like_and_shows_its_common_actions(example):
    found = sheets.sheet("exemple-nord+cls-exemple", example)
    assert plain(sheet_said.means_sentence(found)) == (
        "Coordination contre coordination : 75 000 € par an à la CPTS, 50 000 € à l'autre, soit 1,5 fois."
    )
    assert sheet_shown.actions_shown(found).data["label_fr"].tolist() == [
        "Vaccination dans les résidences autonomie", "Remise du kit de dépistage en pharmacie",
    ]  # fmt: skip
    # No count of people comes from the log to the sheet.
    assert not set(sheet_shown.actions_shown(found).data) & {"own_count", "own_unit"}
    assert plain(sheet_said.priorities_sentence(found)).endswith("sans lien en œuvre : personnes âgées.")


def test_each_rule_asks_before_any_asks_twice(example):
    found = sheets.sheet("exemple-nord+cls-exemple", example)
    assert [rule for rule, _ in agenda.questions(found)] == [
        "lien à décider", "priorité sans lien", "degré suivant", "fin de contrat"
    ]  # fmt: skip
    # The contract ends seven months after the last known day: it is not told three months ahead.
    assert "fin de contrat" not in [rule for rule, _ in agenda.questions(found, months=3)]
    told = agenda.told(found, example)
    assert plain(told[1]).endswith("(règle : priorité sans lien ; Fabrique 2022, l. 325)")


def test_a_broken_link_is_asked_about_first(example):
    found = sheets.sheet("exemple-nord+clsm-exemple", example)
    rule, text = agenda.questions(found)[0]
    assert rule == "refus ou rupture"
    assert "Permanence commune, arrêtée faute de local" in text


def test_an_asv_says_what_its_population_is_not(example):
    found = sheets.sheet("exemple-nord+asv-exemple", example)
    assert "qui sont 2 (5 600 habitants selon le paquet)" in plain(sheet_said.districts_sentence(found))


def test_the_day_is_the_last_one_known_and_no_plan_makes_it_later(example):
    found = sheets.sheet("exemple-nord+cls-exemple", example)
    assert found.day == pd.Timestamp("2026-01-20")
    assert (found.links.loc[found.links["state"] == "prevu", "date_start"] > found.day).all()
    assert sheets.sheet("exemple-nord+cls-exemple", example, day="2024-01-01").day == pd.Timestamp(
        "2024-01-01"
    )
    with pytest.raises(UsageError, match="n'est pas une date"):
        sheets.sheet("", example, day="janvier")


def test_a_project_is_said_to_cover_nothing_yet(package):
    ground = register(("nous", "cpts", "48061", "2020-01-01", ""), ("cls", "cls", "48061", "2020-01-01", ""))
    ground["status"] = ["projet", "signe"]
    found = sheets.sheet("", package(cpts__perimeters=ground, dts__schemes=scheme(), dts__links=link()))
    assert "« Notre CPTS » est en projet et ne couvre rien encore" in plain(sheet_said.ground_sentence(found))


def test_a_package_without_any_scheme_says_what_to_fill(package):
    study = package()
    found = sheets.sheet("", study)
    assert pairs.known(study)["paire"].tolist() == ["nous+"]
    assert "ne nomme aucun dispositif" in sheet_said.answer(found)
    assert agenda.told(found, study)[0].startswith("Quels CLS, CLSM ou ASV agissent")
    assert sheet_shown.links_table(found).html == ""


def test_a_package_that_names_no_cpts_yet_says_so(tmp_path):
    folder = shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "vide")
    found = sheets.sheet("", Study(folder))
    assert (found.cpts_name, found.scheme_name) == (pairs.NO_CPTS_FR, pairs.NO_SCHEME_FR)
    assert agenda.told(found, Study(folder))


def test_the_foot_of_the_page_cites_what_the_sheet_draws_on():
    assert set(sheets.sheet("", PROJECT).documents) == {
        "navinel2020",
        "miller2022",
        "laine2021",
        "fabrique2022",
    }


def test_themes_put_the_common_ones_first(example):
    found = sheets.sheet("exemple-nord+cls-exemple", example)
    table = sheet_shown.themes(found)
    assert table["theme"].head(2).tolist() == ["Dépistages", "Personnes âgées"]
    assert table["Lien"].head(2).tolist() == [sheet_shown.AT_WORK, sheet_shown.AWAITED]
    assert table["theme"].is_unique


def test_a_code_without_a_row_is_shown_and_breaks_nothing(package):
    # `cpts check` refuses it; a page that is made all the same shows the code.
    folder = package(dts__schemes=scheme(), dts__links=link()).package.folder
    path = folder / "dts" / "links.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("nous,cls", "autre,inconnu"), encoding="utf-8")
    found = sheets.sheet("", Study(folder))
    assert "« autre » et « inconnu »" in plain(sheet_said.answer(found))


def test_a_rupture_has_come_on_the_day_of_the_sheet(example):
    found = sheets.sheet("exemple-nord+clsm-exemple", example)
    broken = found.links[found.links["state"] == "rompu"]
    assert len(broken) == 1
    assert found.day >= broken["date_end"].iloc[0]
