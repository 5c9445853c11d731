"""Weight of each page and time to read it on a processor four times slower. Prints one table.

Usage: .venv/bin/python benchmarks/bench_pages.py [FOLDER] (default: reports, after `make reports`)
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from helpers.pipeline import batch, pdf

SLOWER, RUNS = 4, 5
_TIMES = """() => { const [page] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return { paint: paint ? paint.startTime : null, parsed: page.domContentLoadedEventEnd, loaded: page.loadEventEnd,
           nodes: document.getElementsByTagName('*').length }; }"""


def times(browser: Browser, page_file: Path) -> dict[str, float]:
    """Medians, in milliseconds, of several loads in a new context each; `nodes` is the number of elements."""
    runs = []
    for _ in range(RUNS):
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(page_file.as_uri(), wait_until="load")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        runs.append(page.evaluate(_TIMES))
        context.close()
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    """Measure every HTML file of the folder and print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else batch.DEFAULT_OUT
    program = pdf.find_browser()
    if program is None:
        sys.exit("Chromium is missing: install it or give its path in CHROMIUM.")
    table = Table(title=f"Pages of {folder.name}, processor slowed {SLOWER} times, median of {RUNS} loads")
    for head in ("page", "kB", "kB gzip", "elements", "first paint (ms)", "parsed (ms)", "loaded (ms)"):
        table.add_column(head, justify="left" if head == "page" else "right")
    root = getattr(os, "geteuid", lambda: 1)() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox"] if root else []
        )
        for path in sorted(folder.resolve().glob("*.html")):
            content = path.read_bytes()
            found = times(browser, path)
            sizes = (len(content) / 1000, len(gzip.compress(content)) / 1000)
            figures = (*sizes, *(found[name] for name in ("nodes", "paint", "parsed", "loaded")))
            table.add_row(path.stem, *(f"{figure:.0f}" for figure in figures))
        browser.close()
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
