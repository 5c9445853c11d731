"""Which CPTS a report may be about."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest

from helpers import catalog, monograph
from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.monograph import record, register
from helpers.page.signals import SUBJECT_MIME
from helpers.pipeline import citation
from tests.project import PROJECT


def test_the_register_holds_each_documented_cpts_once():
    table = register.known(PROJECT)
    assert table["origin"].value_counts().to_dict() == {"carte": 55, "interrogee": 16, "etudiee": 5}
    assert table["cpts"].is_unique


def test_the_register_says_what_the_documents_print():
    table = register.known(PROJECT).set_index("cpts")
    letters = PROJECT.table("miller2022/territories")
    printed = letters[letters["indicator"] == "population"].set_index("cpts")["value"].drop("ile_de_france")
    assert (
        table.loc[list("ABCDE"), "population"].astype(float).tolist() == printed.loc[list("ABCDE")].tolist()
    )
    declared = PROJECT.table("aura2022/interviewed_populations")
    declared = declared[declared["measure"] == "population"].set_index("cpts")["value"]
    coded = table[table["origin"] == "interrogee"]
    assert coded["population"].astype(float).tolist() == declared.loc[coded.index].tolist()
    names = PROJECT.table("aura2022/cpts_region")
    mapped = table[table["origin"] == "carte"]
    names = names[names["cpts"].isna()]
    assert mapped["name_fr"].tolist() == names["name_printed"].tolist()
    assert mapped["population"].astype(float).tolist() == names["value"].tolist()
    assert mapped["line"].tolist() == names["line"].tolist()


def test_dates_of_agreement_come_with_their_precision():
    table = register.known(PROJECT).set_index("cpts")
    signed = PROJECT.table("aura2022/signature_dates").set_index("cpts")
    for code in signed.index[signed["status"] == "signe"]:
        assert (pd.isna(table.loc[code, "aci_date"]) and pd.isna(signed.loc[code, "date"])) or (
            table.loc[code, "aci_date"] == signed.loc[code, "date"]
        )
    assert table.loc["CPTS12", "aci_date_precision"] == "month"


def test_an_interviewed_cpts_and_its_name_are_one_row_where_the_thesis_prints_the_pair():
    table = register.known(PROJECT)
    pairs = PROJECT.table("aura2022/interviewed_cpts").set_index("cpts")["name_printed"]
    coded = table[table["origin"] == "interrogee"].set_index("cpts")
    assert coded["name_fr"].tolist() == [f"{pairs[code]} ({code})" for code in coded.index]
    on_the_map = PROJECT.table("aura2022/cpts_region").dropna(subset=["cpts"])["name_printed"]
    assert len(on_the_map) == len(coded)
    assert not set(on_the_map) & set(table["name_fr"])


def test_a_letter_is_never_joined_to_a_name_or_a_place():
    letters = register.known(PROJECT).query("origin == 'etudiee'")
    assert letters["name_fr"].tolist() == [f"CPTS {letter} (lettre de la thèse)" for letter in "ABCDE"]
    assert letters["department"].isna().all()
    names = PROJECT.table("aura2022/cpts_region")["name_printed"].str.lower()
    said = letters[["name_fr", "source", "note"]].fillna("").agg(" ".join, axis=1).str.lower()
    assert not [name for name in names if said.str.contains(name, regex=False).any()]


def test_the_first_cpts_answers_when_none_is_asked():
    assert register.chosen("", PROJECT)["cpts"] == "A"
    assert register.chosen("CPTS12", PROJECT)["origin"] == "interrogee"


def test_an_unknown_cpts_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match=r"CPTS inconnu.*BAS_CHABLAIS"):
        register.chosen("BAS_CHABLAI", PROJECT)


def test_a_package_that_describes_no_cpts_yet_gives_one_to_describe():
    row = register.chosen("", Study(catalog.MODEL_FOLDER))
    assert (row["cpts"], row["name_fr"], row["origin"]) == ("", "CPTS à décrire", "vide")
    assert row.drop(["cpts", "name_fr", "origin"]).isna().all()
    assert (record.facts("", Study(catalog.MODEL_FOLDER))["status"] == "inconnu").all()


def test_a_cpts_asked_for_in_an_empty_register_is_unknown():
    with pytest.raises(UnknownName, match="CPTS inconnu"):
        register.chosen("nord", Study(catalog.MODEL_FOLDER))


def test_only_the_users_counts_are_masked(package):
    assert not register.is_users(PROJECT)
    assert not register.is_users(PROJECT)
    assert register.is_users(Study(package()))


def cited(source, folder, subject=""):
    cell = nbformat.v4.new_code_cell(source)
    if subject:
        cell.outputs = [nbformat.v4.new_output("display_data", {SUBJECT_MIME: subject})]
    return citation.of_notebook(nbformat.v4.new_notebook(cells=[cell]), str(folder))


def test_a_page_without_a_word_on_the_package_cites_the_data_that_it_tells(package):
    folder = package()
    ours = citation.of_package()
    # The ledger and the tables of the documents: neither their date nor their licence is that of the user.
    page = cited('etude.table("miller2022/members")', folder)
    assert (page.package, page.date, page.licence, page.of_user) == (
        ours.package,
        ours.date,
        ours.licence,
        False,
    )
    assert page.age == cited('etude.table("miller2022/members")', "").age
    for told in (cited('etude.table("cpts/cpts")', folder), cited("", folder, subject="CPTS du Nord")):
        assert told.of_user
        assert told.licence == ""


def test_a_filled_package_is_not_cited_as_one_to_fill(package):
    assert cited("", package(), subject="CPTS du Nord").package == "Paquet de données « CPTS du Nord »"


def test_the_register_is_no_document_at_the_foot_of_a_page():
    # "cpts" is also the name of a column and of a parameter, in nearly every notebook.
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('a = ["cpts", "miller2022/members"]')])
    documents = citation.of_notebook(node).documents
    assert len(documents) == 1
    assert documents[0].startswith("Miller")
    assert not any("assemblage" in document for document in citation.of_package().documents)


def test_a_small_number_of_members_is_masked_wherever_the_cpts_is_told(package):
    study = Study(package(cpts={"members": 3}))
    fiche, known = register.chosen("nord", study), record.facts("nord", study)
    told = monograph.findings(
        fiche, known, monograph.follow_up("nord", study), monograph.situation("nord", study, known=known)
    )
    assert pd.isna(fiche["members"])
    assert "3 adhérents" not in told.html.replace("\u00a0", " ")
    assert "adhérents : masqué" in told.html.replace("\u00a0", " ")
