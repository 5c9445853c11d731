"""How a notebook becomes slides: what begins one, what is cut and counted, what is left out."""

from __future__ import annotations

import nbformat
import pytest

from helpers.classroom import pieces, slides
from helpers.documents import claims
from tests.project import PROJECT


def cell(source, slide="", tags=(), outputs=()):
    metadata = {"tags": list(tags), **({"slideshow": {"slide_type": slide}} if slide else {})}
    if outputs:
        shown = [nbformat.v4.new_output("display_data", data=data, metadata={}) for data in outputs]
        return nbformat.v4.new_code_cell(source, metadata=metadata, outputs=shown)
    return nbformat.v4.new_markdown_cell(source, metadata=metadata)


def deck(*cells):
    return slides.slides(nbformat.v4.new_notebook(cells=list(cells)), "Titre")


def rows(count, width=2):
    head = "".join(f"<th>{name}</th>" for name in ("printed", "c1")[:width])
    body = "".join(f"<tr>{f'<td>{n}.5</td>' * width}</tr>" for n in range(count))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def test_a_heading_and_a_slide_cell_begin_a_slide_and_notes_wait():
    found = deck(
        cell("# Titre\n\n**Question.** Quoi ?"),
        cell("## Un\n\nTexte."),
        cell("x = 1", tags=["reponse"], outputs=[{"text/html": "<p>secret</p>"}]),
        cell("**Correction.** Parce que.", "slide", ["corrige"]),
        cell("Dites-le.", "notes", ["formateur"]),
        cell("Rien.", "skip"),
        cell("## Deux\n\nFin."),
    )
    assert [slide.title for slide in found] == ["Titre", "Un", "Un : correction", "Deux"]
    assert "secret" not in "".join(piece.html for slide in found for piece in slide.shown)
    assert [piece.text for piece in found[2].notes] == ["Dites-le."]


def test_a_long_text_goes_on_under_the_same_title():
    found = deck(cell("## Un\n\n" + "\n\n".join(["mot " * 90] * 6)), cell("- un\n" * 40))
    assert [slide.title for slide in found[:2]] == ["Un", "Un (suite)"]
    assert all(sum(piece.height for piece in slide.shown) <= slides.ROOM for slide in found)
    assert sum(piece.html.count("<li>") for slide in found for piece in slide.shown) == 40


@pytest.mark.parametrize(("count", "left"), [(8, 0), (9, 1), (35, 27)])
def test_a_table_is_cut_at_eight_rows_and_the_rest_is_counted(count, left):
    found = pieces.table(rows(count), room=slides.ROOM)
    assert found.left_out == left
    assert 'scope="col">Imprimé</th><th scope="col">c1</th>' in found.html
    assert found.html.count("<td class=num>0,5</td>") == 2
    assert ("dans <a>le rapport</a>" in found.html) == bool(left)


def test_rows_that_a_report_folds_are_counted_too():
    html = (
        f'{rows(12)}<details class="rest"><summary>x</summary>{rows(5)}</details><details>{rows(3)}</details>'
    )
    (found,) = pieces.of_output({"output_type": "display_data", "data": {"text/html": html}}, 1, room=600)
    assert found.left_out == 4 + 5


def test_a_table_of_verdicts_keeps_its_differences():
    ledger = claims.check_all(
        {"miller2022.t3.densite.e": 123.03, "miller2022.t3.densite.a": 11473.5}, study=PROJECT
    )
    bundle = ledger._repr_mimebundle_()
    (found,) = pieces.of_output({"output_type": "display_data", "data": bundle}, 1, room=600)
    assert "125,5" in found.text
    assert found.html.count("<tr>") == 2
    same = claims.check("miller2022.t3.densite.a", 11473.5, study=PROJECT)._repr_mimebundle_()
    (found,) = pieces.of_output({"output_type": "display_data", "data": same}, 1, room=600)
    assert found.text.endswith("aucun écart.")


def test_a_word_of_a_cell_is_text_whatever_it_holds():
    html = "<table><thead><tr><th></th><th>a</th></tr></thead><tbody><tr><th>x</th><td>&lt;b&gt; NaN</td></tr></tbody></table>"
    found = pieces.table(html, room=600)
    assert '<td></td><th scope="col">a</th>' in found.html
    assert "&lt;b&gt; NaN" in found.html
