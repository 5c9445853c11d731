"""Report 02 on a package: its own schemes and links come first, by name, with states respected."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import material
from helpers.articulation import links, own, package_links, perimeters, schemes
from helpers.catalog import Study
from helpers.commands.main import main
from helpers.page import display
from tests.articulation.making import register
from tests.project import PROJECT


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paquet") / "exemple"
    result = CliRunner().invoke(main, ["new", str(folder), "--example"])
    assert result.exit_code == 0, result.output
    return Study(folder)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_project_is_no_package():
    assert display.of_package(PROJECT) == ""
    assert package_links.answers(PROJECT, material.load(PROJECT)) == []
    assert package_links.nothing_sentence(PROJECT, []) == ""


def test_the_first_sentence_answers_with_the_names_of_the_package(example):
    said = [plain(text) for text in package_links.answers(example, material.load(example))]
    assert said[0].startswith(
        "3 dispositifs sur 3 ont un lien déclaré avec vos CPTS : Contrat local de santé"
    )
    assert "cls-exemple" not in " ".join(said)
    # Of nine links, the highest one done has degree 4; the planned and wished ones have none.
    assert "degré le plus étroit qui soit fait est 4, action commune" in said[1]
    assert said[1].endswith("2 liens prévus ou souhaités (sans degré) et 2 liens refusés, rompus ou absents.")
    # No amount without its year.
    assert any("75 000 € (2025)" in text and "50 000 € (2025)" in text for text in said)


def test_the_passages_are_those_of_every_other_report(example):
    own = material.load(example)
    assert plain(package_links.voices_sentence(own)).startswith(
        "Vos 6 entretiens ou sources portent 42 passages codés"
    )
    assert "42 segments" in plain(material.summary(own))


def test_a_planned_link_has_no_degree_in_the_picture(example):
    rows = links.of_package(example)
    table = package_links.by_state(rows)
    assert table.drop(columns="Dispositif").to_numpy().sum() == len(rows) == 9
    degrees_of = table[list("012345")].to_numpy().sum()
    assert degrees_of == len(links.done(rows))
    assert package_links.listed(rows)["state"].str.contains("degré").sum() == int(
        rows["degree"].notna().sum()
    )


def test_a_scheme_without_link_is_said_to_have_none(example):
    known = schemes.of_package(example)
    none = links.of_package(example).iloc[:0]
    assert set(package_links.partners(none, known)["state"]) == {package_links.WITHOUT_LINK}
    told = plain(package_links.meeting_sentence(none, known, cpts=3))
    assert told.startswith("Aucun de vos 3 dispositifs n'a de lien déclaré avec vos CPTS")
    one = known[known["scheme"] == "cls-exemple"]
    assert plain(package_links.meeting_sentence(none, one, cpts=1)).startswith(
        "Votre seul dispositif n'a pas de lien déclaré avec votre CPTS : Contrat local de santé"
    )
    assert package_links.degree_sentence(none) == ""


def test_the_screen_shows_the_documents_only_to_compare(example):
    documents = ["Un.", "Deux."]
    assert package_links.first_screen([], documents).html.count("<p>") == 2
    html = package_links.first_screen(["À vous."], documents).html
    assert html.index("À vous.") < html.index("Pour comparer, dans les documents : un.")
    assert "Deux." not in html
    table = pd.DataFrame({"a": [1]})
    first, section = package_links.either(["x"], table)
    assert (len(first), len(section)) == (0, 1)


def test_means_are_dated(example):
    known = schemes.of_package(example)
    assert package_links.means(known)["amount_year"].tolist() == ["2025"] * 4
    undated = known.assign(amount_year=pd.array([None] * len(known), dtype="Int64"))
    assert "75 000 € (année non dite)" in plain(package_links.means_sentence(undated))


def test_ground_that_is_not_shared_is_dated_and_a_side_that_is_missing_is_named():
    cls = ("cls", "cls", "53147", "2018-01-01", "2023-12-31")
    told = plain(
        package_links.ground_sentence(
            register(("nord", "cpts", "53147", "2022-01-01", ""), cls), at="2025-01-01", year=2023
        )
    )
    assert (
        told
        == "Au 1er janvier 2025, aucune CPTS de votre registre ne partage une commune avec un CLS, un CLSM ou un ASV."
    )
    alone = register(("nord", "cpts", "53147", "2022-01-01", ""))
    assert "n'a pas les communes d'un CLS" in package_links.ground_sentence(alone, at="2025-01-01", year=2023)
    assert "n'a pas les communes d'une CPTS" in package_links.ground_sentence(
        register(cls), at="2025-01-01", year=2023
    )


def test_what_began_after_the_geography_of_the_project_is_in_force_today():
    table = register(
        ("nord", "cpts", "53147", "2025-09-01", ""), ("cls", "cls", "53147", "2026-01-01", "2030-12-31")
    )
    today = perimeters.latest(table)
    assert today == dt.date(2026, 1, 1)
    assert perimeters.latest(table, "2025-10-01") == dt.date(2025, 10, 1)
    assert perimeters.latest(table.assign(status="projet")) == perimeters.GEOGRAPHY
    assert "1 commune en commun" in plain(package_links.ground_sentence(table, at=today, year=2023))
    html = own.register_shown(table, at="2022-06-30", today=today, year=2023).html
    assert own.NO_REGISTER not in html
    # A day when nothing is in force is no missing register.
    empty = own.register_shown(table, at="2022-06-30", today="2024-01-01", year=2023).html
    assert own.NO_REGISTER not in empty
    assert own.NO_VERSION in unescape(empty)


def test_real_ground_is_told_both_ways():
    told = plain(
        package_links.ground_sentence(PROJECT.table("navinel2020/perimeters"), at="2022-06-30", year=2023)
    )
    assert "« CPTS Orléanaise »" in told
    assert "100 %" in told
