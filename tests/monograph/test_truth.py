"""What the pages of every documented CPTS say that is not known: each such sentence against the tables of that CPTS."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from html import unescape

import pandas as pd
import pytest

from helpers import monograph
from helpers.monograph import chapters, pages, record, register
from tests.project import PROJECT

CODES = register.known(PROJECT)["cpts"].tolist()
# Tables of the thesis that print a cell for each interviewed CPTS, and the name of their key.
AURA = ("interviewed_cpts", "interviewed_populations", "interviewed_members", "signature_dates", "establishments", "staff",
        "coded_statements", "facts", "edges", "websites", "interviewed_pharmacists")  # fmt: skip


def words(*pieces):
    """What a reader reads of pieces of page: no tag, no file, plain spaces."""
    html = " ".join(
        re.sub(r'(?s)<a class="(?:csv|xlsx)".*?</a>|<img[^>]*>', " ", piece.html) for piece in pieces
    )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.fixture(scope="module", params=CODES)
def told(request):
    """Facts of one CPTS and the texts of its two pages, without rendering them."""
    code = request.param
    known, suivi = monograph.facts(code, PROJECT), monograph.follow_up(code, PROJECT)
    found = monograph.dossier(code, PROJECT)
    monography = words(
        monograph.findings(found.fiche, known, suivi, found.situation), monograph.portrait(known, source=""),
        monograph.table_of_indicators(suivi.compared, name="x", source="", confidence=0.95, users=False),
        monograph.action_table(suivi, source=""), monograph.chapter_by_chapter(known),
        pages.history(known, source=""), monograph.evolutions(suivi.measured, code, source=""),
    )  # fmt: skip
    dossier = words(
        monograph.opening(found, scale="date", study=PROJECT), monograph.mission_table(found, source=""),
        monograph.recent_actions(found, source=""), monograph.shown_indicators(found, source="", confidence=0.95),
        monograph.contested_list(found), monograph.aci_table(found, scale="date", study=PROJECT),
        monograph.question_list(found),
    )  # fmt: skip
    return code, known, suivi, found, monography, dossier


def test_each_date_of_situation_is_that_of_the_inquiry_or_of_the_map(told):
    *_, found, monography, dossier = told
    origin = found.fiche["origin"]
    said = {
        "etudiee": "enquête de novembre 2020 à mai 2021 (Miller 2022, l. 901)",
        "interrogee": "enquête de novembre 2021 à octobre 2022 (Thèse AURA 2022, l. 2990)",
        "carte": f"carte de juin 2022 (Thèse AURA 2022, l. {found.fiche['line']})",
    }[origin]
    assert said in monography
    assert said in dossier
    assert "situation au" not in monography + dossier


def test_each_not_published_is_a_cell_that_the_document_printed_empty(told):
    code, known, *_ = told
    for fact in known[known["status"] == chapters.NOT_PUBLISHED].to_dict("records"):
        rows = _rows_of_the_line(code, fact["document"], int(fact["line"]))
        assert rows, (code, fact["label_fr"])
        blank = [row for row in rows if _is_blank(row)]
        assert blank, (code, fact["label_fr"], fact["line"])


def test_each_unknown_is_an_answer_or_a_row_that_no_table_holds(told):
    code, known, *_ = told
    answers = PROJECT.table("miller2022/recovered_answers")
    for fact in known[known["status"] == chapters.UNKNOWN].to_dict("records"):
        if fact["document"] == "miller2022":
            question = fact["item"].removeprefix("question_").upper()
            assert answers[(answers["cpts"] == code) & (answers["question"] == question)].empty
        else:
            members = PROJECT.table("aura2022/interviewed_members")
            assert code not in set(members["cpts"])


def test_each_not_coded_is_a_chapter_of_which_no_table_has_a_row(told):
    code, known, suivi, _, monography, dossier = told
    named, disputed = _of_indicators()
    values = not suivi.compared.empty
    if code in named or values or code == "A":
        assert "Indicateurs : non codé ici" not in monography + dossier
    if code in disputed:
        assert "Points contestés : non codé ici" not in dossier
    for table in AURA:
        rows = PROJECT.table(f"aura2022/{table}")
        if table == "signature_dates":
            rows = rows[(rows["status"] == "signe") | rows["date"].notna()]
        count = int((rows["cpts"] == code).sum())
        # Nothing typed for a CPTS is lost on the way, but the facts that a printed table already gives.
        own = known[known["document"] == "aura2022"]
        lines = set(own["line"].astype(int))
        missed = [int(line) for line in rows.loc[rows["cpts"] == code, "line"] if int(line) not in lines]
        assert len(missed) <= (5 if table == "facts" else 0) or not count, (table, missed)


# What each sentence that begins with "aucun" says, as the tables must bear it out.
NONE = {
    "Aucun événement daté de son histoire": lambda known, suivi: record.events(known).empty,
    "Aucune action avec ses dates et son compte": lambda known, suivi: (
        suivi.log.empty and "cpts/actions" not in PROJECT.package.names()
    ),
    "Aucun indicateur n'a deux périodes datées": lambda known, suivi: (
        suivi.measured.empty
        or suivi.measured.dropna(subset=["period_end", "value"])
        .groupby(["indicator", "territory"])
        .size()
        .max()
        < 2
    ),
    "Aucun indicateur n'a de valeur dans ces données": lambda known, suivi: suivi.compared.empty,
    "aucune évolution ne se lit": lambda known, suivi: True,  # what the sentence before it says
    "aucun indicateur n'en est rapproché": lambda known, suivi: suivi.linked.empty,
    "aucun repère donné": lambda known, suivi: suivi.compared["benchmark"].isna().any(),
}


def test_each_none_is_borne_out_by_the_tables(told):
    code, known, suivi, _, monography, dossier = told
    for text in (monography, dossier):
        text = _without(text, known, "aucun")
        for found in re.finditer(r"\baucune?\b", text, re.IGNORECASE):
            said = text[found.start() : found.start() + 80]
            (holds,) = [rule for start, rule in NONE.items() if said.startswith(start)] or [None]
            assert holds, said
            assert holds(known, suivi), (code, said)


def test_no_page_says_that_nothing_is_published_or_contested(told):
    _, known, *_, monography, dossier = told
    for sentence in ("la source n'en parle pas", "n'est publié pour", "ne sont publiés pour", "déclaré ou publié",
                     "Aucun fait daté", "Taille non définie"):  # fmt: skip
        assert sentence not in monography + dossier
    for word, state in (("non publié", chapters.NOT_PUBLISHED), ("inconnu", chapters.UNKNOWN)):
        if not (known["status"] == state).any():
            assert not re.search(rf"\b{word}e?s?\b", _without_rates(monography, known)), word


def test_a_count_and_its_unit_agree(told):
    *_, monography, dossier = told
    text = monography + " " + dossier
    assert not re.search(
        r"(?<![\d,])(?:[2-9]|[1-9]\d+)(?:,\d+)? (?:heure|jour|habitant|patient|personne|binôme|an)\b(?! ?:)",
        text,
    )
    assert not re.search(
        r"(?<![\d,] )(?<![\d,])\b1 (?:heures|jours|habitants|patients|personnes|binômes|ans)\b", text
    )
    assert "signé le 2" not in text.replace("signé le 2 ", "")
    assert not re.search(r"signé le (?:\d{4}|[a-zé]+ \d{4})", text)


def _without_rates(text, known):
    return _without(text, known, "inconnu", "non publié").replace("taux inconnus", "")


def _without(text, known, *words_of_facts):
    """The text without what the facts themselves say in those words, such as a note or an answer."""
    for column in ("note", "label_fr", "value"):
        for said in known[column].astype(str):
            if any(word in said.lower() for word in words_of_facts):
                text = text.replace(said, "")
    return text


@functools.cache
def _of_indicators():
    """Codes of the CPTS of which an indicator is named, and of those of which one is disputed."""
    indicators = PROJECT.table("aura2022/indicators")
    disputed = indicators[indicators["level"].isin(["conteste", "impose", "refuse"])]
    return tuple(
        {code for scope in rows["scope"].astype(str).str.split("; ") for code in scope}
        for rows in (indicators, disputed)
    )


@functools.cache
def _by_place(document):
    """Rows of every table of a document by CPTS and line."""
    found = defaultdict(list)
    for name in PROJECT.package.names():
        if not name.startswith(f"{document}/"):
            continue
        table = PROJECT.table(name)
        if {"cpts", "line"} <= set(table.columns):
            for row in table.dropna(subset=["cpts", "line"]).to_dict("records"):
                found[row["cpts"], int(row["line"])].append(row)
    return found


def _rows_of_the_line(code, document, line):
    return _by_place(document).get((code, line), [])


def _is_blank(row):
    """Whether a row of a document holds no value, no date, and no state that says yes or no."""
    if row.get("status") in ("non_publie", "non_precise", "nd", "non_renseigne", "non_dit"):
        return True
    telling = [
        row.get(name)
        for name in ("value", "lower", "upper", "date", "maturity", "number_in_words")
        if name in row
    ]
    return bool(telling) and any(pd.isna(item) for item in telling)
