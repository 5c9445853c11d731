"""Where a page shows the pieces of a notebook: the answer first, what serves to check it folded at the end."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.documents.claims import MIME
from helpers.page import display, signals
from helpers.pipeline import render
from helpers.pipeline.parameters import Notebook


def markdown(text, *tags):
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def code(source, html="", *tags, metadata=None, **data):
    shown = {"text/html": html} if html else {}
    output = nbformat.v4.new_output("display_data", data=shown | data, metadata=metadata or {})
    return nbformat.v4.new_code_cell(
        source, metadata={"tags": list(tags)}, outputs=[output] if output.data else []
    )


def page(*cells, title="Essai"):
    node = nbformat.v4.new_notebook(cells=list(cells))
    return BeautifulSoup(render.html(node, Notebook(Path("09.ipynb"), title, "", ()), {}), "html.parser")


OPENING = markdown("# Essai\n\n**Question.** Oui ?\n\n**Sources.** Un texte.\n\n**Vous apprendrez** à lire.")


def test_a_page_opens_with_title_question_and_essential_and_ends_with_what_serves_to_check():
    found = page(
        OPENING,
        code("import helpers"),
        markdown("## L’essentiel"),
        code("phrase", "<p>Soixante et onze.</p>"),
        markdown("## Section"),
        code("tableau", "<p>un tableau</p>"),
        code("figure", "<p>une figure</p>", "essentiel"),
        code("definition", "<p>une définition</p>", "pour-verifier"),
        markdown("## Pour vérifier\n\n### Limites\n\nTrois textes."),
    )
    assert [item.name for item in found.main.find_all(recursive=False)][:3] == ["h1", "div", "p"]
    assert found.select_one(".question").get_text(strip=True) == "Oui\u202f?"
    essential = found.select_one("section.brief")
    assert [item.get_text() for item in essential.find_all("p")] == ["Soixante et onze.", "une figure"]
    assert essential.find("pre") is None, "aucune ligne de code entre les phrases"
    verify = found.select_one("details.verify")
    assert verify.get("open") is None
    said = verify.get_text(" ", strip=True)
    for words in ("Un texte.", "à lire", "une définition", "Trois textes.", "import helpers", "phrase"):
        assert words in said
    outside = found.main.get_text(" ").replace(verify.get_text(" "), "")
    assert "Un texte." not in outside
    assert "import helpers" not in outside
    titles = [heading.get_text() for heading in verify.find_all(["h2", "h3"])]
    assert titles == ["Pour vérifier", "À propos de ce carnet", "Limites", "Code du début de la page"]
    assert [link.get_text() for link in found.select("nav.wide a")] == [
        "L’essentiel",
        "Section",
        "Pour vérifier",
    ]


def test_verdicts_go_to_the_fold_with_the_section_that_shows_nothing_else():
    checks = {MIME: []}
    found = page(
        OPENING,
        markdown("## Densités"),
        code("a", "<p>un tableau</p>"),
        code("b", "<p>verdicts</p>", **checks),
        markdown("## Tous les chiffres\n\n### Miller"),
        code("c", "<p>encore des verdicts</p>", **checks),
        markdown("## Les écarts graves"),
        code("d", "<p>la réponse</p>", "montrer", **checks),
    )
    verify = found.select_one("details.verify")
    shown = [item.get_text() for item in verify.find_all("p")]
    assert [words for words in shown if "verdicts" in words] == ["verdicts", "encore des verdicts"]
    assert "la réponse" not in verify.get_text()
    assert [heading.get_text() for heading in found.main.find_all("h2")] == [
        "Densités",
        "Les écarts graves",
        "Pour vérifier",
    ]
    assert {item.get_text() for item in verify.find_all(["h3", "h4"])} >= {"Tous les chiffres", "Miller"}


def test_a_display_says_itself_that_it_serves_to_check():
    data, metadata = display.to_verify(display.text("Définition longue."))._repr_mimebundle_()
    found = page(OPENING, markdown("## Section"), code("a", metadata=metadata, **data), code("b", "<p>x</p>"))
    assert "Définition longue." in found.select_one("details.verify").get_text()


def test_one_box_shows_all_the_code_and_the_search_of_the_browser_finds_it():
    found = page(OPENING, markdown("## Section"), code("calcul()", "<p>x</p>"), code("autre()", "<p>y</p>"))
    hidden = found.select("div.code")
    assert [item.get("hidden") for item in hidden] == ["until-found"] * 2
    assert len(found.select("input[type=checkbox]")) == 1
    assert found.select_one("label[for=montrer-code]")
    assert found.select("details.code") == []
    assert page(OPENING, markdown("## Section")).select("input") == []


@pytest.mark.parametrize(
    ("title", "subject", "expected"),
    [
        ("Monographie {sujet|d'une CPTS}", "de la CPTS des Mauges", "Monographie de la CPTS des Mauges"),
        ("Monographie {sujet|d'une CPTS}", "", "Monographie d'une CPTS"),
        ("Dossier", "CPTS des Mauges", "Dossier : CPTS des Mauges"),
        ("Dossier", "", "Dossier"),
        ("Dossier {sujet}", "<b>X</b>", "Dossier <b>X</b>"),
    ],
)
def test_a_report_carries_the_name_of_its_subject(title, subject, expected):
    cells = [markdown(f"# {title}\n\n**Question.** Oui ?")]
    cells += [code("s", **display.subject(subject)._repr_mimebundle_())] if subject else []
    found = page(*cells, title=title)
    french = expected.replace(" :", "\u00a0:")
    assert found.h1.get_text() == french
    assert found.title.get_text() == f"{french} — Observatoire des CPTS"
    assert expected.replace(" :", "\u00a0:") in found.select_one(".cite").get_text()
    assert "Sujet du rapport" not in found.main.get_text()


def test_a_section_that_depends_on_the_package_is_left_out_when_it_shows_nothing():
    empty = page(
        OPENING, markdown("## Vos liens\n\nUne définition.", "selon-le-paquet"), code("rien_a_montrer()")
    )
    assert "Vos liens" not in empty.get_text()
    assert "rien_a_montrer()" in empty.select_one("details.verify").get_text()
    blank = page(OPENING, markdown("## Vos liens", "selon-le-paquet"), code("display.Shown('')", " "))
    assert "Vos liens" not in blank.get_text()
    filled = page(OPENING, markdown("## Vos liens", "selon-le-paquet"), code("liens", "<p>un lien</p>"))
    assert "Vos liens" in [heading.get_text() for heading in filled.main.find_all("h2")]


def test_a_section_that_compares_is_folded_when_the_page_has_a_subject():
    compared = [markdown("## Ailleurs", "comparaison"), code("autres", "<p>les autres</p>")]
    alone = page(OPENING, *compared)
    assert "Ailleurs" in [heading.get_text() for heading in alone.main.find_all("h2")]
    named = code("sujet", "<p>CPTS A</p>", **{signals.SUBJECT_MIME: "CPTS A"})
    verify = page(OPENING, named, *compared).select_one("details.verify")
    assert "Ailleurs" in [heading.get_text() for heading in verify.find_all(["h2", "h3"])]
    assert "les autres" in verify.get_text()
