"""The letter to an author: its words, its form, and two A4 pages once printed."""

from __future__ import annotations

import csv
import re

import pytest
from click.testing import CliRunner

from helpers.catalog import labels
from helpers.commands.main import main
from helpers.documents import claims
from helpers.documents.letter import CLAIM, REPLY, form, letter
from helpers.errors import UsageError
from helpers.pipeline import letter as writing
from helpers.pipeline import pdf
from tests.project import PROJECT

DOCUMENTS = list(labels.documents())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lettres")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_letter_asks_what_is_of_the_document_and_charges_nothing_else(document, ledger):
    told = letter(document, ledger, study=PROJECT)
    known = ledger[ledger["document"] == document]
    apart = known[known["verdict"].isin(claims.DIFFERENT)]
    asked = {point.claim_id for point in (*told.first, *told.others)}
    assert asked == set(apart.index[apart["origin"].isin(["document", "two_documents"])])
    assert {point.claim_id for point in told.lost} == set(apart.index[apart["origin"] == "digitised_text"])
    assert {point.claim_id for point in told.unpublished} == set(
        known.index[known["verdict"] == claims.NOT_REPRODUCIBLE]
    )
    assert len(asked) + len(told.lost) + told.ours == len(apart)
    assert all(point.question.endswith(" ?") for point in told.points())
    ranks = [claims.SEVERITIES.index(ledger.loc[point.claim_id, "severity"]) for point in told.first]
    assert ranks == sorted(ranks, reverse=True)


def test_the_first_sentence_counts_what_comes_out_again(ledger):
    known = ledger[ledger["document"] == "fabrique2022"]
    calculations = known[known["kind"] == "calculation"]
    again = int(calculations["verdict"].isin(["reproduit", "arrondi"]).sum())
    told = letter("fabrique2022", ledger, study=PROJECT)
    assert told.found.startswith(f"Se retrouvent {again} sur {len(calculations)}\u00a0calculs, ")


def test_a_reply_is_printed_beside_its_question(ledger):
    answered = ledger.copy()
    answered.loc["miller2022.t3.densite.e", "reply"] = "Exact <b>: lire 123</b>"
    told = letter("miller2022", answered, study=PROJECT)
    page = writing.page(told)
    assert "Votre réponse : Exact &lt;b&gt;: lire 123&lt;/b&gt;" in page.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    heads, rows = form(told)
    assert {row[0]: row[-1] for row in rows}["miller2022.t3.densite.e"] == "Exact <b>: lire 123</b>"
    assert (heads[0], heads[-1]) == (CLAIM, REPLY)


def test_the_page_has_no_script_and_nothing_from_elsewhere(ledger):
    page = writing.page(letter("aura2022", ledger, study=PROJECT))
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"https?:", page)
    assert page == writing.page(letter("aura2022", ledger, study=PROJECT))


def test_the_answers_that_an_author_typed_are_not_written_over(ledger, tmp_path):
    told = letter("miller2022", ledger, study=PROJECT)
    page, answers = writing.write(told, tmp_path)
    assert writing.write(told, tmp_path) == [page, answers]  # as it was made: nothing is lost
    text = answers.read_text(encoding="utf-8-sig").splitlines()
    answers.write_text(
        "\r\n".join([text[0], f"{text[1]}Une coquille.", *text[2:]]),
        encoding="cp1252",
        errors="replace",
        newline="",
    )
    before = answers.read_bytes(), page.read_bytes()
    with pytest.raises(UsageError, match=r"est déjà rempli \(colonne « reply »\) .* Rien n'a été écrit"):
        writing.write(told, tmp_path)
    assert (answers.read_bytes(), page.read_bytes()) == before
    # A reply that the ledger knows is on the new form too.
    known = ledger.assign(reply=ledger["reply"].where(ledger.index != text[1].split(";")[0], "Une coquille."))
    writing.write(letter("miller2022", known, study=PROJECT), tmp_path)
    assert "Une coquille." in answers.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_letter_is_two_pages_of_a4(document, ledger, folder):
    if pdf.find_browser() is None:
        pytest.skip("aucun Chromium pour imprimer la lettre")
    _, answers, printed = writing.write(letter(document, ledger, study=PROJECT), folder, as_pdf=True)
    content = printed.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page[^s]", content)) == 2
    sizes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", content)
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}
    with answers.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert rows
    assert all(row[REPLY] == "" for row in rows)


@pytest.mark.usefixtures("ledger_at_hand")
def test_the_command_writes_the_letter_and_refuses_what_does_not_go_with_it(tmp_path):
    run = CliRunner().invoke(main, ["claims", "--letter", "fabrique2022", "--out", str(tmp_path / "l")])
    assert run.exit_code == 0, run.output
    assert sorted(path.name for path in (tmp_path / "l").iterdir()) == [
        "lettre_fabrique2022.html",
        "lettre_fabrique2022_reponses.csv",
    ]
    for arguments, said in (
        (["claims", "--letter", "fabriqe2022"], "fabrique2022"),
        (["claims", "--pdf"], "--letter"),
        (["claims", "--letter", "aura2022", "--document", "aura2022"], "s'emploie seul"),
        (["claims", "--document", "aura2022", "reply", "f.csv"], "ne vont pas"),
    ):
        run = CliRunner().invoke(main, arguments)
        assert run.exit_code == 2, run.output
        assert said in run.output
