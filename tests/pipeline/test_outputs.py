"""What a page can hold of an output, and the sentence for the rest."""

from __future__ import annotations

import base64

import nbformat
import pytest

from helpers.pipeline import outputs, timeless


def page(**data):
    return outputs.shown(nbformat.v4.new_output("display_data", data=data), 7, lambda html: html)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}, "(widget)"),
        ({"application/javascript": "alert(1)", "text/plain": "<Javascript>"}, "JavaScript"),
        ({"text/html": "<p>avant</p><script>alert(1)</script>"}, "JavaScript"),
        ({"text/html": "<iframe src='https://exemple.fr'></iframe>"}, "page incorporée"),
        ({"text/html": "<video src='film.mp4'></video>"}, "vidéo"),
        ({"text/html": "<img src='photo.png'>"}, "image qui est ailleurs"),
        ({"application/pdf": "JVBERi0=", "text/plain": "<PDF>"}, "PDF"),
        ({"application/vnd.autre+json": {}}, "vnd.autre"),
        ({"application/vnd.autre+json": {}, "text/plain": "Carte(3)"}, "vnd.autre"),
    ],
)
def test_what_a_report_cannot_show_is_said_in_its_place(data, said):
    written = page(**data)
    assert "La cellule 7 du carnet montre ici" in written
    assert said in written
    assert "<script" not in written


def test_what_is_shown_is_not_said_to_be_missing():
    png = base64.b64encode(b"png").decode()
    for data in (
        {"image/png": png, "text/plain": "<Figure>"},
        {"image/jpeg": png},
        {"image/svg+xml": "<svg/>"},
        {"text/html": f"<b>gras</b><img src='data:image/png;base64,{png}'>"},
        {"text/markdown": "**fort**", "text/plain": "?"},
        {"text/latex": "$x$", "text/plain": "?"},
        {"application/json": {"a": 1}, "text/plain": "?"},
        {"text/plain": "3"},
    ):
        written = page(**data)
        assert written
        assert "La cellule" not in written


def test_a_plain_figure_has_a_text_and_a_plain_table_scrolls_in_a_region():
    png = base64.b64encode(b"png").decode()
    assert 'alt="Figure de la cellule 7' in page(**{"image/png": png})
    table = page(**{"text/html": "<div><table><tr><td>1</td></tr></table></div>"})
    assert table.startswith('<div><div class="prose-table" role="region" tabindex="0"')


def test_colour_codes_of_a_terminal_are_not_shown():
    stream = nbformat.v4.new_output("stream", name="stdout", text="\x1b[31mrouge\x1b[0m <b>")
    assert outputs.shown(stream, 1, lambda html: html) == "<pre>rouge &lt;b&gt;</pre>"


def test_what_depends_on_the_moment_is_left_out_of_an_executed_notebook():
    bar = "\r  0%|  | 0/3 [00:00<?, ?it/s]"
    streams = [
        nbformat.v4.new_output("stream", name="stderr", text=text)
        for text in (bar, "\r100%|██| 3/3 [00:00<00:00, 26772.15it/s]", "\n")
    ]
    warned = "/home/a/lib/auto.py:21: TqdmWarning: sans widgets\n"
    streams.append(nbformat.v4.new_output("stream", name="stderr", text=warned))
    streams.append(nbformat.v4.new_output("stream", name="stdout", text="a [1, 2]\n"))
    plain = nbformat.v4.new_output(
        "execute_result", data={"text/plain": "[<matplotlib.lines.Line2D at 0x7f3dd850bf90>]"}
    )
    styled = nbformat.v4.new_output(
        "execute_result", data={"text/html": '<table id="T_1a2b3"><td id="T_1a2b3_row0">', "text/plain": "x"}
    )
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[*streams, plain, styled])])
    errors, printed, result, table = timeless.cleaned(node).cells[0].outputs
    assert errors.text == "100%|██| 3/3\nTqdmWarning: sans widgets\n"
    assert printed.text == "a [1, 2]\n"
    assert result.data == {"text/plain": "[<matplotlib.lines.Line2D>]"}
    assert table.data == {"text/html": '<table id="T_1"><td id="T_1_row0">'}
