"""The paper form in a browser: no accessibility violation, no request, nothing wider than the screen or the sheet."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.pipeline import pdf
from helpers.survey import instrument, to_paper
from tests.project import PROJECT

# 210 mm of paper less two margins of 15 mm, at 96 pixels per inch.
A4 = 680


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("form") / "formulaire.html"
    place.write_text(
        to_paper.page(instrument.load("corrected", study=PROJECT), "Questionnaire"), encoding="utf-8"
    )
    return place


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (A4, "print")])
def test_form(chromium, path, width, media):
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.emulate_media(media=media)
    page.goto(path.as_uri())
    found = [
        f"{item['id']} : {node['html'][:160]}"
        for item in Axe().run(page).response["violations"]
        for node in item["nodes"]
    ]
    assert found == []
    assert requests == [path.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_printed_pages_are_a4(chromium, path):
    (printed,) = pdf.print_reports([path])
    content = printed.read_bytes()
    assert b"/MediaBox [0 0 594.95996 841.91998]" in content
    assert 5 <= content.count(b"/Type /Page\n") <= 15
