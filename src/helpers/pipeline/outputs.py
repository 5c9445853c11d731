"""HTML of what a cell shows; what a report cannot show is said in its place, never left out.

A report is one file that opens without network and runs no program: scripts, widgets, sounds and embedded pages have no
place in it. The order of preference among the forms of one output is that of JupyterLab.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from nbconvert.filters import markdown2html, strip_ansi

from helpers.documents.verdicts import MIME

_SCRIPT = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
# What the policy of the page refuses: programs, frames, media, and anything that is elsewhere.
_REFUSED = {
    "un programme (JavaScript)": re.compile(r"<script\b", re.IGNORECASE),
    "une page incorporée": re.compile(r"<(?:iframe|object|embed|frame)\b", re.IGNORECASE),
    "un son ou une vidéo": re.compile(r"<(?:audio|video)\b", re.IGNORECASE),
    "une image qui est ailleurs": re.compile(
        r"<img\b[^>]*?\bsrc\s*=\s*[\"']?(?!data:)[^\s\"'>]", re.IGNORECASE | re.DOTALL
    ),
    "un style qui est ailleurs": re.compile(r"<link\b", re.IGNORECASE),
}
_INTERACTIVE = {
    "application/vnd.jupyter.widget-view+json": "un élément interactif (widget)",
    "application/javascript": "un programme (JavaScript)",
    "text/javascript": "un programme (JavaScript)",
    "application/pdf": "un document PDF",
}
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_HELD = re.compile(r";base64,[A-Za-z0-9+/=]+")
_TABLE = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)


def shown(output: Mapping[str, Any], number: int, prose: Callable[[str], str]) -> str:
    """HTML of one output of the cell `number`; `prose` finishes the HTML that Markdown gives."""
    if output["output_type"] == "stream":
        kind = ' class="stderr"' if output["name"] == "stderr" else ""
        return f"<pre{kind}>{_text(output['text'])}</pre>" if output["text"].strip() else ""
    if output["output_type"] == "error":
        return f'<pre class="stderr">{_text(output["ename"])} : {_text(output["evalue"])}</pre>'
    data: Mapping[str, Any] = output.get("data", {})
    written = _written(data, output.get("metadata", {}), number, prose)
    if written is not None:
        return written
    unknown = [_INTERACTIVE.get(kind, f"un contenu « {kind} »") for kind in sorted(data) if kind != MIME]
    return "".join(_refusal(what, number) for what in dict.fromkeys(unknown))


def without_files(page: str) -> str:
    """HTML without the content of the pictures and files that it holds: no tag, no word, and nearly all of its characters."""
    return _HELD.sub(";base64,", page)


def _written(
    data: Mapping[str, Any], metadata: Mapping[str, Any], number: int, prose: Callable[[str], str]
) -> str | None:
    """The first form of the output that a page can hold, None when there is none."""
    refused = next((what for kind, what in _INTERACTIVE.items() if kind in data), "")
    if "text/html" in data:
        return _html(str(data["text/html"]), number)
    if "text/markdown" in data:
        # Made by code, from data: its HTML is shown as text.
        return prose(markdown2html(str(data["text/markdown"]).replace("<", "&lt;")))
    if "text/latex" in data:
        return f"<pre>{_text(data['text/latex'])}</pre>"
    if "image/svg+xml" in data:
        drawn = base64.b64encode(str(data["image/svg+xml"]).encode("utf-8", "replace")).decode()
        return _picture("image/svg+xml", drawn, "", number)
    for kind in _PICTURES:
        if kind in data:
            alt = str(metadata.get(kind, {}).get("alt", "") or metadata.get("alt", ""))
            return _picture(kind, str(data[kind]).replace("\n", ""), alt, number)
    if refused:
        return _refusal(refused, number)
    if "application/json" in data:
        return f"<pre>{_text(json.dumps(data['application/json'], ensure_ascii=False, indent=1, sort_keys=True))}</pre>"
    if "text/plain" in data:
        # A form that the page does not know, beside its text: the text is shown, and what is missing is said.
        others = [kind for kind in sorted(data) if kind not in ("text/plain", MIME)]
        said = "".join(_refusal(f"un contenu « {kind} »", number) for kind in others)
        return f"<pre>{_text(data['text/plain'])}</pre>{said}"
    return None


def _html(page: str, number: int) -> str:
    light = without_files(page)
    refused = [what for what, pattern in _REFUSED.items() if pattern.search(light)]
    kept = _SCRIPT.sub("", page) if refused else page
    if "table-region" not in light and _TABLE.search(light):
        kept = _TABLE.sub(
            lambda match: (
                f'<div class="prose-table" role="region" tabindex="0" aria-label="Tableau de la cellule {number}">'
                f"{match[0]}</div>"
            ),
            kept,
        )
    return kept + "".join(_refusal(what, number) for what in refused)


def _picture(kind: str, encoded: str, alt: str, number: int) -> str:
    said = alt or f"Figure de la cellule {number}, sans texte de remplacement"
    return (
        f'<figure class="plain"><img alt="{escape(said, quote=True)}" '
        f'src="data:{kind};base64,{escape(encoded, quote=True)}"></figure>'
    )


def _refusal(what: str, number: int) -> str:
    return (
        f'<p class="refused">La cellule {number} du carnet montre ici {escape(what)} : un rapport, qui s\'ouvre sans réseau '
        "et n'exécute rien, ne peut pas le contenir. Ouvrez le carnet dans JupyterLab pour le voir.</p>"
    )


def _text(value: Any) -> str:
    return escape(strip_ansi(str(value)))
