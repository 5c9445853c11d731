"""One Chromium for the browser tests: the one of the system, never downloaded."""

from __future__ import annotations

import contextlib
import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.pipeline import pdf

AXE = Axe().axe_script
REASON = "aucun Chromium sur cette machine (apt-get install chromium, ou la variable CHROMIUM)"


@pytest.fixture(scope="module")
def chromium():
    """A started browser. Without Chromium the tests are skipped, except in continuous integration, where they fail."""
    program = pdf.find_browser()
    if program is None:
        if os.environ.get("CI") or os.environ.get("CPTS_CI"):
            pytest.fail(REASON)
        pytest.skip(REASON)
    from playwright.sync_api import sync_playwright

    root = getattr(os, "geteuid", lambda: 1)() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox"] if root else []
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, path, *, media=None, width=1280, height=900, **options):
    """The page of a file, with what it asked for and complained of; `options` are those of a context of the browser."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    if media:
        page.emulate_media(media=media)
    page.goto(path.as_uri())
    yield page
    context.close()


def violations(page, *, context=None, **options):
    """What axe finds wrong (in `context`), one line each. It is spared the account of all that is right."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **options}
    found = page.evaluate(
        "async ([context, options]) => (await axe.run(context ?? document, options)).violations",
        [context, options],
    )
    return [f"{item['id']} : {node['html'][:160]}" for item in found for node in item["nodes"]]


@pytest.fixture
def opened(chromium, reports):
    """Open a page of the reports for this test alone; options are those of `visit`."""
    with contextlib.ExitStack() as visits:
        yield lambda name, **options: visits.enter_context(
            visit(chromium, reports[0] / f"{name}.html", **options)
        )
