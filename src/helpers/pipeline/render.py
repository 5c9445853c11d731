"""HTML of an executed notebook, through nbconvert and our template, and the index page."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor

from helpers import catalog, claims, french
from helpers.pipeline import citation
from helpers.pipeline.parameters import Notebook

TEMPLATES = Path(__file__).resolve().parent / "template"
_HEADING = re.compile(r"^(#{2,4}) +(.+?)[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+?)[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"(<[^>]+>)")
_VERBATIM = ("style", "script", "pre", "code")
_LINK = re.compile(r' href="([^"]*)"')
_SAFE = re.compile(r"https?:|mailto:|[^:]*$", re.IGNORECASE)
_BRIEF = "En bref"
# Half a character, or a control code: no file can hold the first, no page shows the second.
_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")
# Stands for the mark while the page that it is computed from is written.
_MARK = "············"


class Contents(Preprocessor):  # type: ignore[misc]
    """Gives every heading a stable identifier, lists the second level for the contents, and puts the summary first."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Rewrite the headings of the Markdown cells as HTML with an id; fill `contents`, `titled` and `brief`.

        `cell.metadata.part` says where the page shows the cell: "lead" (title, question, sources), "brief" (the section
        « En bref ») or "rest" (parameters, then everything else in the order of the notebook).
        """
        contents: list[dict[str, str]] = []
        used: set[str] = {"contenu"}
        part = "lead"
        for number, cell in enumerate(nb.cells, start=1):
            heading = _HEADING.search(cell.source) if cell.cell_type == "markdown" else None
            if heading and len(heading[1]) == 2 and heading[2] == _BRIEF:
                part = "brief"
            elif (cell.cell_type == "code" and part == "lead") or (heading and len(heading[1]) == 2):
                part = "rest"
            cell.metadata["part"], cell.metadata["number"] = part, number
            if cell.cell_type == "markdown":
                cell.source = _HEADING.sub(lambda match: _heading(match, contents, used), cell.source)
                cell.source = _TITLE.sub(lambda match: f"<h1>{escape(match[1])}</h1>", cell.source)
        resources["contents"] = contents
        resources["titled"] = any("<h1>" in cell.source for cell in nb.cells if cell.cell_type == "markdown")
        resources["brief"] = any(cell.metadata["part"] == "brief" for cell in nb.cells)
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


def prose(page: str) -> str:
    """HTML of Markdown: tables scroll in a region of their own, heads have a scope, no link runs a script."""
    page = _LINK.sub(lambda match: match[0] if _SAFE.match(unescape(match[1]).strip()) else "", page)
    page = page.replace(
        "<table>", '<div class="prose-table" role="region" tabindex="0" aria-label="Tableau"><table>'
    )
    page = page.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    return re.sub(r'<th style="[^"]*text-align: *right[^"]*">', '<th scope="col" class="num">', page)


def tame(markdown: str) -> str:
    """Markdown made by code, from data, whose HTML is shown as text."""
    return markdown.replace("<", "&lt;")


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(
        template_name="observatoire",
        extra_template_basedirs=[str(TEMPLATES)],
        preprocessors=[Contents],
        exclude_anchor_links=True,
        embed_images=True,
    )
    exporter.register_filter("prose", prose)
    exporter.register_filter("tame", tame)
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
    told = {
        "title": notebook.title,
        "slug": notebook.slug,
        "parameters": shown,
        "citation": citation.of_notebook(node, str(values.get("paquet", ""))),
        "mark": _MARK,
    }
    page, _ = _exporter().from_notebook_node(nbformat.from_dict(node), resources={"observatoire": told})
    return _marked(typeset(str(page)))


def _marked(page: str) -> str:
    # A mark of the page, not a commit: a commit changes with every unrelated line of the repository and differs between
    # two copies of the same content; a copy on a USB key has none.
    page = _UNWRITABLE.sub("\ufffd", page)
    before, found, after = page.rpartition(f"<code>{_MARK}</code>")
    if not found:
        return page
    mark = hashlib.sha256(page.encode("utf-8")).hexdigest()[:12]
    return f"{before}<code>{mark}</code>{after}"


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(claims.DOCUMENTS_FR.get(str(item), str(item)) for item in value) or "tous"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value) if value != "" else "(aucun)"


def index(
    reports: Sequence[dict[str, Any]],
    totals: Sequence[dict[str, Any]],
    verdicts: Sequence[str],
    *,
    ledger: Path | None = None,
) -> str:
    """Index page: failures with their reason, search, each report with its question, the ledger as a picture and a list.

    `reports` have `slug`, `title`, `question`, `error` and `exists`; `totals` one row per document and one for all;
    `ledger` is the CSV file of the ledger, whose rows are listed when it exists. The one script of the page is allowed by
    its checksum; without it the page is the same list, unfiltered.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "observatoire"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (TEMPLATES / "observatoire" / "search.js").read_text(encoding="utf-8")
    page = environment.get_template("index_page.html.j2").render(
        reports=reports,
        failures=[report for report in reports if report["error"]],
        totals=totals,
        bars=[_bar(row, verdicts) for row in totals],
        verdicts=verdicts,
        claims=_listed(ledger, reports) if ledger is not None and ledger.exists() else [],
        citation=citation.of_package(),
        cited="Registre et rapports",
        mark="",
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode(),
    )
    return _UNWRITABLE.sub("\ufffd", typeset(page))


def _bar(row: Mapping[str, Any], verdicts: Sequence[str]) -> dict[str, Any]:
    """One bar of the picture: its parts in per cent of its length, and the same in words."""
    parts, start = [], 0.0
    for rank, verdict in enumerate(verdicts):
        width = 100 * row[verdict] / row["total"] if row["total"] else 0.0
        if width:
            parts.append(
                {
                    "rank": rank,
                    "count": row[verdict],
                    "start": round(start, 3),
                    "width": round(width, 3),
                    "middle": round(start + width / 2, 3),
                }
            )
        start += width
    words = ", ".join(f"{row[verdict]} {verdict}" for verdict in verdicts)
    total = french.plural(row["total"], "chiffre vérifié", "chiffres vérifiés")
    return {
        "label": row["label"],
        "total": row["total"],
        "parts": parts,
        "text": f"{row['label']} : {total} ; {words}",
    }


def _listed(ledger: Path, reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    pages = {report["slug"]: report for report in reports if report["exists"]}
    rows = []
    for row in catalog.read_raw(ledger).to_dict("records"):
        # The ledger itself shows everything: the report that tells the figure in its context is more useful.
        homes = sorted((slug for slug in row["notebooks"].split() if slug in pages), reverse=True)
        rows.append(
            {
                "label": row["label_fr"],
                "source": f"{claims.DOCUMENTS_FR.get(row['document'], row['document'])}, l. {row['line']}",
                "printed": row["printed"]
                if row["relation"] == "="
                else f"{row['relation']} {row['printed']}",
                "computed": _computed(row),
                "verdict": row["verdict"],
                "rank": claims.VERDICTS.index(row["verdict"]),
                "mark": claims.MARKS[row["verdict"]],
                "report": pages[homes[0]] if homes else None,
            }
        )
    return rows


def _computed(row: Mapping[str, str]) -> str:
    if not row["computed"]:
        return "—"
    number = float(row["computed"])
    published = french.first_number(row["printed"])
    text = claims.shown(number, row["printed"], number if published is None else published, row["unit"])
    return f"{text} {row['unit']}".strip()


def typeset(page: str) -> str:
    """The page with the no-break spaces of French in its text; tags, style and code are left as they are."""
    pieces = _TAG.split(page)
    verbatim = ""
    for position, piece in enumerate(pieces):
        if position % 2 == 0:
            pieces[position] = piece if verbatim else french.typography(piece)
        elif verbatim:
            verbatim = "" if piece.startswith(f"</{verbatim}") else verbatim
        else:
            verbatim = next((name for name in _VERBATIM if re.match(rf"<{name}\b", piece)), "")
    return "".join(pieces)
