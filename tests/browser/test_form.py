"""The paper form in a browser: no accessibility violation, no request, nothing wider than the screen or the sheet."""

from __future__ import annotations

import pytest

from helpers.pipeline import pdf
from helpers.survey import instrument, to_paper
from tests.browser.conftest import violations, visit
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


@pytest.fixture(scope="module")
def page(chromium, path):
    with visit(chromium, path) as shown:
        yield shown


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (A4, "print")])
def test_form(page, path, width, media):
    page.emulate_media(media=media)
    page.set_viewport_size({"width": width, "height": 900})
    assert violations(page) == []
    assert page.requests == [path.as_uri()]
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_printed_pages_are_a4(chromium, path):
    (printed,) = pdf.print_reports([path])
    content = printed.read_bytes()
    assert b"/MediaBox [0 0 594.95996 841.91998]" in content
    assert 5 <= content.count(b"/Type /Page\n") <= 15
