"""What a reader sees: two passages, the figures that nothing holds, no accusation, no name of the list."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.catalog import Study, open_package
from helpers.commands.main import main
from helpers.files import grid
from helpers.page import exports
from helpers.rereading import proposals, reading, shown
from tests.rereading.making import EXAMPLE, reread

FORBIDDEN = re.compile(r"\berreurs?\b|\bfautes?\b|\bfaux\b|fraud|tromp|\bscore\b", re.IGNORECASE)
COLUMNS = list(open_package().table("claims").columns)


@pytest.fixture(scope="module")
def example():
    return reading.reread(EXAMPLE)


def test_the_first_sentence_counts_what_nothing_checks(example):
    said = shown.answer(example).replace("\u202f", " ").replace("\u00a0", " ")
    assert said.startswith(
        f"{example.not_checked} chiffres sur {len(example.figures)} lus ne sont comparés à rien"
    )
    assert f"{len(example.gaps)} comparaisons ne concordent pas" in said


def test_the_six_differences_of_the_example_are_shown_side_by_side(example):
    table = shown.passages(example, example.gaps)
    assert len(table) == 6
    # Two passages, or the same one said to be so; the figures read are marked.
    assert (table["passage"] != table["other"]).all()
    inside = table[table["where"] == table["other_where"]]
    assert inside["other"].str.startswith("même passage : «").all()
    assert len(inside) == 1
    assert "<strong>65,0 %</strong>" in inside["here"].iloc[0].replace("\u00a0", " ")
    assert (table[["where", "passage", "other_where", "other", "reading"]].map(len) > 0).all(axis=None)
    assert shown.families(example)["gaps"].sum() == 6


def test_each_figure_is_counted_once_and_a_term_is_not_apart(example):
    parts = (example.held, example.told_again, example.apart, example.beside, example.unchecked)
    assert sum(map(len, parts)) == len(example.figures) == len(frozenset().union(*parts))
    one = next(one for one in example.gaps if one.family == "A1")
    assert (one.stated.line, one.stated.place) in example.apart
    terms = {(term.line, term.place) for term in one.terms}
    assert not terms & example.apart
    assert terms <= example.beside | example.held
    assert example.not_checked == len(example.unchecked) > 0


def test_the_measure_of_the_tool_says_what_it_finds_and_misses():
    study = Study("")
    for by in ("kind", "document"):
        table = shown.against_ledger(study, by)
        assert (table["gaps_found"] + table["gaps_missed"] == table["gaps"]).all()
        assert table.iloc[-1][by] == "ensemble"
    assert str(int(table["gaps"].iloc[-1])) in shown.measures_sentence(study)
    pieces = [
        shown.measures_sentence(study),
        shown.measures_table(study).html,
        shown.ledger_table(study, "kind").html,
    ]
    assert not [
        piece for piece in pieces if re.search(r"\berreurs?\b|\bfaux\b|fraud|\bscore\b", piece, re.IGNORECASE)
    ]


def test_no_word_accuses(example):
    pieces = [
        shown.answer(example), shown.first_gaps(example), shown.warning(), shown.gaps_table(example).html,
        shown.hints_table(example).html, shown.confirmed_table(example).html, shown.families_table(example).html,
        exports.csv(proposals.proposals(example, key="essai2025", claims=COLUMNS)).decode(),
    ]  # fmt: skip
    for piece in pieces:
        assert not FORBIDDEN.search(re.sub(r"<[^>]+>", " ", piece)), FORBIDDEN.search(piece)


def test_names_of_the_list_are_masked_everywhere():
    found = reread("Chez le docteur Martin Durand, 35 sur 60 patients (68,3 %) sont venus.")
    names = ("Martin Durand",)
    pieces = [
        shown.gaps_table(found, names).html, shown.first_gaps(found, names),
        exports.csv(proposals.proposals(found, key="essai2025", claims=COLUMNS, names=names)).decode(),
    ]  # fmt: skip
    assert found.gaps
    assert not [piece for piece in pieces if "Durand" in piece]
    assert "Durand" in shown.gaps_table(found).html


def test_the_file_has_the_columns_of_the_ledger_and_what_a_person_decides(example, tmp_path):
    table = proposals.proposals(example, key="essai2025", claims=COLUMNS)
    assert list(table.columns) == [*COLUMNS, *proposals.ADDED]
    assert table["claim_id"].is_unique
    assert set(table["a_garder"]) == {""}
    assert list(table["verdict"][:6]) == ["écart"] * 6
    path = tmp_path / "p.csv"
    path.write_bytes(exports.csv(table))
    assert len(grid.read(path).rows) == len(example.findings)


def test_the_command_writes_the_report_the_rows_and_the_page_of_choices(tmp_path):
    (tmp_path / "noms.txt").write_text("Ensemble\n", encoding="utf-8")
    document = tmp_path / "these2025.txt"
    document.write_bytes(EXAMPLE.read_bytes())
    result = CliRunner().invoke(main, ["relire", str(document), "--seuil", "A", "--out", str(tmp_path / "r")])
    assert result.exit_code == 0, result.output
    assert "ne sont comparés à rien" in result.output
    report = (tmp_path / "r" / "12_relecture.html").read_text(encoding="utf-8")
    choices = (tmp_path / "r" / "relecture_choix.html").read_text(encoding="utf-8")
    assert "these2025.txt" in report
    for page in (report, choices):
        assert "script-src 'sha256-" in page or "<script" not in page
        text = re.sub(r"<style.*?</style>|<[^>]+>|data-\w+=\"[^\"]*\"", " ", page, flags=re.DOTALL)
        assert not re.search(r"\berreurs?\b|fraud|\bscore\b", text, re.IGNORECASE)
    assert choices.count('value="oui"') == choices.count("<fieldset>") > 6
    # The list of names beside the document is heeded.
    assert "Ensemble · 39" not in report
    proposed = tmp_path / "r" / "claims_proposes.csv"
    assert "[nom] · 39" in proposed.read_text(encoding="utf-8")
    # What a person decided is not written over by the same command, made again.
    judged = pd.read_csv(proposed, dtype=str).assign(a_garder="oui")
    judged.to_csv(proposed, index=False, sep=";", encoding="cp1252")
    before = {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir() if path.is_file()}
    again = CliRunner().invoke(main, ["relire", str(document), "--out", str(tmp_path / "r")])
    assert (again.exit_code, "est déjà rempli (colonne « a_garder »)" in again.output) == (2, True)
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "r").iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "words",
    [["relire", "absent.docx"], ["relire", "a.doc"], ["document", "new", "x", "--from", "absent.csv"]],
)
def test_a_refusal_is_one_french_sentence(words):
    result = CliRunner().invoke(main, words)
    assert result.exit_code in (1, 2)
    assert len(result.output.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("text", "expected", "gaps"),
    [
        ("Des mots, sans rien à compter.", "Aucun chiffre n'a été lu dans ce document.", "Rien n'a pu être comparé"),
        (
            "Nous avons rencontré 12 médecins.",
            "1 chiffre sur 1 lu n'est comparé à rien : ce document ne dit pas de quoi les vérifier, "
            "ou l'outil ne sait pas le lire.",
            "Rien n'a pu être comparé",
        ),
    ],
)  # fmt: skip
def test_a_document_without_anything_to_compare_is_told_so_without_zeros(text, expected, gaps):
    found = reread(text)
    assert shown.answer(found).replace("\u202f", " ").replace("\u00a0", " ") == expected
    assert shown.first_gaps(found).startswith(gaps)


def test_no_difference_is_told_once():
    found = reread("Sur 40 professionnels, 10 (25 %) ont répondu.")
    assert found.confirmed
    assert "concordent pas" not in shown.answer(found)
    assert "0 comparaison" not in shown.answer(found)


def test_an_item_of_a_list_is_cut_at_a_word_and_said_to_be_cut():
    long = "écouter les professionnels du territoire et relever ce que chacun dit de ses pratiques"
    found = reread(f"Nous avions trois buts :\n\n- {long} ;\n- relire.")
    (other,) = shown.passages(found, found.gaps)["other"]
    first, second = other.split(" / ")
    assert first.endswith(" …")
    assert f"- {long}".startswith(first.removesuffix(" …"))
    assert long[len(first) - 4] == " "
    assert second == "- relire."
