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

    # As in a kiosk: no bubble tells the address of each link that has the focus, whose drawing costs more than the page's.
    arguments = ["--kiosk"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=arguments)
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, path, *, media=None, width=1280, height=900, **options):
    """The page of a file, if any, with what it asked for and complained of; `options` are those of a context of the browser."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    if media:
        page.emulate_media(media=media)
    if path:
        page.goto(path.as_uri())
    yield page
    context.close()


def show(tab, path, *, width=1280, height=900):
    """The page of a file as if no other had been seen in this tab."""
    # What one has typed comes back when a page follows itself.
    tab.goto("about:blank")
    tab.emulate_media(media="null", color_scheme="light")
    tab.set_viewport_size({"width": width, "height": height})
    tab.requests.clear()
    tab.complaints.clear()
    tab.goto(path.as_uri())
    return tab


# Axe would copy the text of each element that it meets, drawings with it, were it not told that no one reads it.
AUDITED = """async ([context, contrast, options]) => {
  axe.configure({ noHtml: true, rules: [{ id: 'color-contrast', selector: contrast }] });
  const { violations } = await axe.run(context ?? document, { elementRef: true, selectors: false, ...options });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ element }) => `${id} : ${element.outerHTML.slice(0, 160)}`)); }"""


def violations(page, *, contrast="*", **options):
    """What axe finds wrong, one line each, without the account of all that is right.

    It measures the contrast of the elements of a selector.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(AUDITED, [None, contrast, {"resultTypes": ["violations"], **options}])


@pytest.fixture(scope="module")
def tab(chromium):
    """One tab for all pages: another costs as much as the measures of a page."""
    with visit(chromium, None) as page:
        yield page


@pytest.fixture
def opened(tab, reports):
    """Open a page of the reports, in the place of the last; options are those of `show`."""
    return lambda name, **options: show(tab, reports[0] / f"{name}.html", **options)
