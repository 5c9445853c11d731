"""Facts: on the plan of the monograph, with their line, nothing blank and nothing joined."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from helpers import french, monograph
from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.monograph import aura, chapters, essential, miller, pages, record
from tests.conftest import NEEDS_SOURCES, SOURCES
from tests.project import PROJECT


@pytest.mark.parametrize(
    "code", [*"ABCDE", *(f"CPTS{number}" for number in range(1, 17)), "BAS_CHABLAIS", "YENNE"]
)
def test_each_cpts_has_facts_with_a_line_and_nothing_blank(code):
    known = monograph.facts(code, PROJECT)
    assert set(known["chapter"]) <= set(chapters.names())
    assert not known.duplicated(["cpts", "chapter", "item"]).any()
    assert known["status"].isin(list(chapters.statuses())).all()
    assert (known["line"].astype(int) > 0).all()
    said = [record.said(row) for _, row in known.iterrows()]
    assert all(said)
    # A number of the source is never replaced by its absence, nor its absence by a zero.
    unsaid = (
        known["status"].isin([chapters.NOT_PUBLISHED, chapters.UNKNOWN, chapters.NOT_CODED])
        & (known["value"] == "")
        & known["date"].isna()
    )
    assert {record.said(row) for _, row in known[unsaid].iterrows()} <= {
        "non publié",
        "inconnu",
        "non codé ici",
    }


@NEEDS_SOURCES
@pytest.mark.parametrize(("code", "item", "words"), [
    ("C", "population", ["105 926"]),
    ("C", "adherents", ["292"]),
    ("CPTS12", "population", ["114 000"]),
    ("BAS_CHABLAIS", "population", ["BAS CHABLAIS", "60745"]),
])  # fmt: skip
def test_the_line_of_a_fact_is_the_line_of_the_text(code, item, words):
    fact = monograph.facts(code, PROJECT).set_index("item").loc[item]
    number = {"miller2022": "000", "aura2022": "002"}[fact["document"]]
    lines = next(SOURCES.glob(f"{number}_*.txt")).read_text(encoding="utf-8").splitlines()
    line = lines[int(fact["line"]) - 1].replace(" ", "")
    assert all(word.replace(" ", "") in line for word in words)


def test_a_cell_of_a_table_without_an_answer_is_not_published_and_a_question_without_one_is_unknown():
    known = monograph.facts("C", PROJECT).set_index("item")
    assert known.loc["dispositif_clsm", "status"] == chapters.NOT_PUBLISHED
    assert known.loc["dispositif_cls", "status"] == chapters.ABSENT
    # The final questionnaire was put to none of the five: nothing was asked that the thesis would have kept back.
    asked = PROJECT.table("miller2022/questions")["question"]
    answered = set(PROJECT.table("miller2022/recovered_answers").query("cpts == 'C'")["question"])
    silent = {f"question_{code.lower()}" for code in asked if code not in answered | miller.ELSEWHERE}
    assert silent
    assert silent <= set(known.index[known["status"] == chapters.UNKNOWN])


def test_every_subdimension_and_domain_has_its_chapter():
    assert set(PROJECT.table("miller2022/questions")["subdimension"]) == set(miller.SUBDIMENSIONS)
    domains = set(PROJECT.table("aura2022/facts")["domain"]) | set(
        PROJECT.table("aura2022/coded_statements")["domain"]
    )
    assert domains == set(aura.DOMAINS)
    missions = PROJECT.table("aura2022/coding_domains").set_index("domain")["mission"]
    for domain, (_, mission) in aura.DOMAINS.items():
        if mission and domain in missions.index:
            assert missions[domain] == mission


def test_a_bar_in_a_table_is_not_published_and_an_absent_row_is_unknown():
    assert (
        monograph.facts("CPTS2", PROJECT).set_index("item").loc["professionnels", "status"]
        == chapters.NOT_PUBLISHED
    )
    assert monograph.facts("CPTS16", PROJECT).set_index("item").loc["adherents", "status"] == chapters.UNKNOWN


def test_bounds_and_ranges_keep_their_words():
    known = monograph.facts("CPTS1", PROJECT).set_index("item")
    assert record.said(known.loc["adherents"]) == "au moins 400 adhérents"
    assert record.said(known.loc["population"]).startswith("environ 230")
    assert (
        record.said(monograph.facts("CPTS6", PROJECT).set_index("item").loc["adherents"])
        == "de 180 à 200 adhérents"
    )


def test_a_share_told_in_words_is_read_in_per_cent():
    known = monograph.facts("CPTS12", PROJECT)
    own = known[known["item"].str.startswith("chiffre_kines_interesses")].iloc[0]
    assert record.said(own) == "environ 50\u00a0%"


def test_a_name_of_the_map_gives_what_the_map_prints():
    known = monograph.facts("GRAND_ANNECY", PROJECT)
    assert known.loc[known["status"] == "connu", "item"].tolist() == ["population", "taille", "departement"]
    assert known.set_index("item").loc["etape_carte", "status"] == chapters.NOT_CODED
    assert set(record.empty_chapters(known)) == set(chapters.names()) - {"territoire"}
    page = monograph.chapter_by_chapter(known)
    assert page.html.count("<h3>") == 2
    assert "pas une absence constatée" in page.html


def test_an_interviewed_cpts_keeps_its_two_populations_in_one_monograph():
    known = monograph.facts("CPTS3", PROJECT).set_index("item")
    said = [
        record.said(known.loc[item]).replace("\u202f", " ").replace("\u00a0", " ")
        for item in ("population", "population_carte")
    ]
    assert said == ["au moins 42 000 habitants", "33 233 habitants"]


def test_a_code_of_a_document_has_its_label_and_a_missing_one_says_nothing():
    assert chapters.named("aura2022/staff", "profile", "kinesitherapeute") == "kinésithérapeute"
    assert chapters.named("aura2022/staff", "profile", pd.NA) == ""
    with pytest.raises(UnknownName, match="kinesitherapeute"):
        chapters.named("aura2022/staff", "profile", "kinesitherapeutes")


FACT = {"cpts": "nord", "chapter": "historique", "item": "idee", "label_fr": "Idée", "status": "connu"}


def test_a_users_blank_is_unknown_and_a_day_is_french(package):
    facts = [FACT, FACT | {"item": "creation", "label_fr": "Création", "value": "2021-04-12"},
             FACT | {"item": "local", "label_fr": "Local", "status": "absent"},
             FACT | {"item": "siege", "label_fr": "Siège", "status": "non_publie"}]  # fmt: skip
    known = monograph.facts("nord", Study(package(facts=facts))).set_index("item")
    assert record.said(known.loc["idee"]) == "inconnu"
    assert record.said(known.loc["creation"]) == french.date(dt.date(2021, 4, 12))
    assert record.said(known.loc["local"]) == "absent"
    assert record.said(known.loc["siege"]) == "non publié"
    # What the line of the register does not say is unknown, what it says is shown.
    assert record.said(known.loc["fiche_adherents"]) == "inconnu"
    assert record.said(known.loc["fiche_date_accord"]) == french.date(dt.date(2022, 6, 15))


def test_the_last_sentence_counts_each_state(package):
    known = monograph.facts(
        "nord", Study(package(facts=[FACT | {"value": "2019"}, FACT | {"item": "x", "status": "absent"}]))
    )
    counts = record.counts(known)
    said = essential.missing(known, users=True)
    assert counts["absent"] == 1
    assert said.startswith(f"{counts['connu'] + counts['absent']}\u00a0informations avec leur source")
    assert f"{counts['inconnu']}\u00a0inconnue" in said


def test_the_size_of_a_users_agreement_is_deduced_as_the_dossier_does(package):
    known = monograph.facts("nord", Study(package())).set_index("item")
    assert record.said(known.loc["fiche_taille"]) == "taille 3"
    assert known.loc["fiche_taille", "note"] == "déduite de la population"


def test_the_timeline_holds_events_not_dates_of_information(package):
    budget = FACT | {
        "chapter": "ressources",
        "item": "budget",
        "label_fr": "Budget",
        "value": "5",
        "date": "2025-12-31",
    }
    facts = [FACT | {"value": "oui", "date": "2020-01-01"}, budget]
    events = record.events(monograph.facts("nord", Study(package(facts=facts))))
    assert events["label_fr"].tolist() == ["Idée", "Signature de l'accord"]


def test_years_and_dated_events_of_the_thesis_are_in_the_history():
    events = record.events(monograph.facts("CPTS14", PROJECT)).set_index("label_fr")
    assert events.loc["Année de création imprimée", ["date_precision"]].tolist() == ["year"]
    assert events.loc["Changement de forme", "date"].year == 2019
    # The forum of 15 October 2022 is a fact and an event at the same line: it is shown once.
    assert events.index.str.contains("orum").sum() == 1
    known = monograph.facts("CPTS12", PROJECT).set_index("item")
    assert record.said(known.loc["creation"]) == "2020"


@pytest.mark.parametrize("code", [f"CPTS{number}" for number in range(1, 17)])
def test_no_dated_event_of_the_thesis_is_lost(code):
    events = PROJECT.table("aura2022/timeline")
    events = events[events["scope"] == code]
    dated = record.events(monograph.facts(code, PROJECT))
    assert set(pd.to_datetime(events["date"])) <= set(dated["date"])


def test_the_dated_facts_are_drawn_once_on_the_page():
    known, compared = monograph.facts("CPTS14", PROJECT), monograph.follow_up("CPTS14", PROJECT).compared
    assert "<img" in monograph.picture(compared, known, source="").html
    assert monograph.rest_of_history(compared, known, source="").html == ""
    own = monograph.facts("A", PROJECT), monograph.follow_up("A", PROJECT).compared
    assert monograph.rest_of_history(own[1], own[0], source="").html == pages.history(own[0], source="").html
