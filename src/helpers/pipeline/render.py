"""HTML of an executed notebook, through nbconvert and our template."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor

from helpers.pipeline.parameters import Notebook
from helpers.pipeline.typeset import typeset

TEMPLATES = Path(__file__).resolve().parent / "template"
_HEADING = re.compile(r"^(#{2,4}) +(.+?)[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+?)[ \t]*$", re.MULTILINE)


class Contents(Preprocessor):  # type: ignore[misc]
    """Gives every heading a stable identifier and lists the second level for the table of contents."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Rewrite the headings of the Markdown cells as HTML with an id; fill `resources["contents"]`."""
        contents: list[dict[str, str]] = []
        used: set[str] = set()
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = _HEADING.sub(lambda match: _heading(match, contents, used), cell.source)
                cell.source = _TITLE.sub(lambda match: f"<h1>{escape(match[1])}</h1>", cell.source)
        resources["contents"] = contents
        return nb, resources


def _heading(match: re.Match[str], contents: list[dict[str, str]], used: set[str]) -> str:
    level, title = len(match[1]), match[2]
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    anchor = base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"
    number = 2
    while anchor in used:
        anchor, number = f"{base}-{number}", number + 1
    used.add(anchor)
    if level == 2:
        contents.append({"id": anchor, "title": title})
    return f'<h{level} id="{anchor}">{escape(title)}</h{level}>'


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    return HTMLExporter(
        template_name="observatoire",
        extra_template_basedirs=[str(TEMPLATES)],
        preprocessors=[Contents],
        exclude_anchor_links=True,
        embed_images=True,
    )


def html(node: nbformat.NotebookNode, notebook: Notebook, values: dict[str, Any]) -> str:
    """Whole page of one report: same notebook and values, same bytes."""
    shown = [
        {
            "help": parameter.label,
            "name": parameter.name,
            "value": _said(values.get(parameter.name, parameter.default)),
        }
        for parameter in notebook.parameters
    ]
    resources = {"observatoire": {"title": notebook.title, "slug": notebook.slug, "parameters": shown}}
    page, _ = _exporter().from_notebook_node(nbformat.from_dict(node), resources=resources)
    return typeset(str(page))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "tous"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value) if value != "" else "(aucun)"
