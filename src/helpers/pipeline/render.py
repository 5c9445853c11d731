"""HTML of an executed notebook, through nbconvert and our template."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter

from helpers import french
from helpers.catalog import labels
from helpers.pipeline import citation, outputs, parts
from helpers.pipeline.parameters import Notebook
from helpers.pipeline.typeset import typeset, writable

TEMPLATES = Path(__file__).resolve().parent / "template"
_LINK = re.compile(r' href="([^"]*)"')
_SAFE = re.compile(r"https?:|mailto:|[^:]*$", re.IGNORECASE)
# Stands for the mark while the page that it is computed from is written.
_MARK = "············"


def prose(page: str) -> str:
    """HTML of Markdown: tables scroll in a region of their own, heads have a scope, no link runs a script."""
    page = _LINK.sub(lambda match: match[0] if _SAFE.match(unescape(match[1]).strip()) else "", page)
    page = page.replace(
        "<table>", '<div class="prose-table" role="region" tabindex="0" aria-label="Tableau"><table>'
    )
    page = page.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return re.sub(r'<th style="[^"]*text-align: *right[^"]*">', '<th scope="col" class="num">', page)


class Exporter(HTMLExporter):  # type: ignore[misc]
    """HTML exporter without the copies and passes of nbconvert: our template changes nothing of the notebook, and is whole."""

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **_: Any
    ) -> tuple[str, dict[str, Any]]:
        """Page of a notebook, as the template writes it from the pieces in the order of the page (`parts`)."""
        found = dict(resources or {})
        found["parts"] = parts.of(nb, found["observatoire"]["title"])
        return str(self.template.render(nb=nb, resources=found)).lstrip("\r\n"), found


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    exporter = Exporter(
        template_name="observatoire",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        embed_images=True,
    )
    exporter.register_filter("prose", prose)
    exporter.register_filter("shown", lambda output, number: outputs.shown(output, number, prose))
    return exporter


def html(node: nbformat.NotebookNode, notebook: Notebook, values: dict[str, Any]) -> str:
    """Whole page of one report: same notebook, values and data package, same bytes.

    Whatever the data hold, the page can be written: half characters and control codes become U+FFFD. Raises DataError
    when the data package named by the parameter `paquet` cannot be read.
    """
    shown = [
        {
            "help": parameter.label,
            "name": parameter.name,
            "value": _said(values.get(parameter.name, parameter.default)),
        }
        for parameter in notebook.parameters
    ]
    cited = citation.of_notebook(node, str(values.get("paquet", "")))
    told = {
        "title": notebook.title,
        "slug": notebook.slug,
        "parameters": shown,
        "citation": cited,
        "age": cited.age,
        "mark": _MARK,
    }
    page, _ = _exporter().from_notebook_node(node, resources={"observatoire": told})
    return _marked(typeset(str(page)))


def _marked(page: str) -> str:
    # A mark of the page, not a commit: a commit changes with every unrelated line of the repository and differs between
    # two copies of the same content; a copy on a USB key has none.
    page = writable(page)
    before, found, after = page.rpartition(f"<code>{_MARK}</code>")
    if not found:
        return page
    mark = hashlib.sha256(page.encode("utf-8")).hexdigest()[:12]
    return f"{before}<code>{mark}</code>{after}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(labels.documents().get(str(item), str(item)) for item in value) or "tous"
    if isinstance(value, int | float):
        return french.number(value)
    return labels.documents().get(str(value), str(value)) if value != "" else "(aucun)"
