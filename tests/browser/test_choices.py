"""The page of choices of a rereading in a browser: its boxes write the very CSV that a person would fill, with no request."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.catalog import open_package
from helpers.page import exports
from helpers.pipeline import choices
from helpers.rereading import proposals, reading
from tests.browser.conftest import violations, visit
from tests.rereading.making import EXAMPLE

FILE = "claims_proposes.csv"


@pytest.fixture(scope="module")
def rows():
    columns = list(open_package().table("claims").columns)
    return proposals.proposals(reading.reread(EXAMPLE), key="exemple2030", claims=columns)


@pytest.fixture(scope="module")
def path(rows, tmp_path_factory):
    place = tmp_path_factory.mktemp("choices") / "relecture_choix.html"
    place.write_text(choices.page(rows, document=EXAMPLE.name, file=FILE), encoding="utf-8")
    return place


def test_the_boxes_write_the_same_csv(chromium, path, rows):
    with visit(chromium, path, accept_downloads=True) as page:
        page.check('input[name="r0"][value="oui"]')
        page.check('input[name="r2"][value="non"]')
        with page.expect_download() as waiting:
            page.click("#ecrire")
        written = Path(waiting.value.path()).read_bytes()
        assert waiting.value.suggested_filename == FILE
        assert "1 ligne" in page.inner_text("#dit")
        assert [one for one in page.requests if not one.startswith(("file:", "blob:"))] == []
    filled = rows.assign(a_garder=["oui", "", "non", *[""] * (len(rows) - 3)])
    assert written == exports.csv(filled)


@pytest.fixture(scope="module")
def shown(chromium, path):
    with visit(chromium, path) as page:
        yield page


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_and_no_wider_than_the_screen(shown, width):
    shown.set_viewport_size({"width": width, "height": 900})
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
