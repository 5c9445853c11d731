"""The index page of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from helpers.pipeline.typeset import typeset

TEMPLATE = Path(__file__).resolve().parent / "template" / "observatoire"


def page(reports: Sequence[dict[str, Any]], totals: Sequence[dict[str, Any]], verdicts: Sequence[str]) -> str:
    """Index page: each report with its question and state, and the totals of the ledger."""
    loader = jinja2.FileSystemLoader(TEMPLATE)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("index_page.html.j2")
    return typeset(template.render(reports=reports, totals=totals, verdicts=verdicts))
