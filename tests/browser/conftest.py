"""One Chromium for the browser tests: the one of the system, never downloaded."""

from __future__ import annotations

import os

import pytest

from helpers.pipeline import pdf

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


@pytest.fixture
def opened(chromium, reports):
    """Open a page of the reports; keyword arguments are those of a browser context, `print_media` prints it on screen."""
    contexts = []

    def open_page(name, *, print_media=False, width=1280, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        if print_media:
            page.emulate_media(media="print")
        page.goto((reports[0] / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
