"""How a report made for paper stands on two A4 pages: the dossier of the management dialogue, the sheet of articulation."""

from __future__ import annotations

import re
from html import escape

from helpers import french
from helpers.page.display import Shown
from helpers.page.figures.theme import Figure

# On paper only: the screen keeps the look of every report. What the two pages leave out (parameters, code, data of the figure)
# is in the HTML page, from which they are printed.
_RULES = """
img.half { display: none; }
@media print {
  @page { size: A4; margin: 9mm 11mm; }
  html { font-size: 8.3pt; line-height: 1.28; }
  h1 { font-size: 14pt; margin: 0 0 .3rem; }
  h2 { font-size: 10.5pt; margin: .55rem 0 .15rem; padding-top: .15rem; border-top-width: 1px; }
  p, li { max-width: none; margin: .12rem 0; } ul { margin: .1rem 0; padding-left: 1.1rem; }
  .page > header, details.data, .on-paper, .on-screen { display: none; }
  .brief { margin: .3rem 0; padding: .1rem .6rem .2rem; } .brief > h2 { margin: .1rem 0; }
  table { font-size: 7.7pt; } th, td { padding: .1rem .3rem; overflow-wrap: break-word; } caption { padding: .1rem 0; }
  .table-region { margin: .15rem 0 .05rem; } .source { margin: .05rem 0 .2rem; font-size: 7pt; }
  figure { margin: .2rem 0 .1rem; } figure img { max-height: %dmm; } figcaption { margin: 0; font-size: 7.5pt; }
  .page > footer { margin-top: .4rem; border-top-width: 1px; font-size: 6.6pt; }
  .foot-title { margin: .1rem 0; font-size: 7.5pt; }
  .origin { gap: .05rem .6rem; } .origin ul { columns: 2; }
  .brief:has(.answers) { display: grid; grid-template-columns: 1fr 62mm; gap: 0 4mm; }
  .brief:has(.answers) > h2 { grid-column: 1 / 3; }
  .page:has(.answers) :is(th, td) { line-height: 1.12; padding-block: .05rem; }
  .brief > .answers { grid-row: 2 / 6; }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 6mm; align-items: start; }
  :is(.pair, .narrow) picture { display: none; } img.half { display: block; } .pair img { max-height: 52mm; }
  .narrow img { max-height: 66mm; }
  .pair > :first-child { grid-row: 1 / 3; } .pair > :first-child img { max-height: 88mm; }
  .appendix::details-content { content-visibility: visible; block-size: auto; } .appendix > summary { break-after: avoid; }
  .page .appendix table { font-size: 6pt; } .appendix :is(th, td) { padding-inline: .25rem; }
  .appendix td:first-child { min-width: 46mm; } .appendix td:nth-child(6) { white-space: nowrap; }
  .appendix caption { display: none; } .appendix .table-region { margin: 0; }
}
"""


# Longest text of one cell or line that the two pages are sure to hold; the whole text is in the monograph and the tables.
LONGEST = 70
_NARROW = re.compile(r'<source [^>]*srcset="([^"]+)"')
_ALTERNATIVE = re.compile(r'<img [^>]*?alt="([^"]*)"')
_LINK = re.compile(r"(?: · )?<a class=\"(?:csv|xlsx)\".*?</a>", re.DOTALL)


def on_paper(shown: Shown) -> Shown:
    """The same piece with its links to files kept for the screen: on paper a link is a blank between two points."""
    if not shown.html:
        return shown
    return Shown(_LINK.sub(r'<span class="on-screen">\g<0></span>', shown.html), shown.data)


def clipped(text: str, longest: int = LONGEST) -> str:
    """Text cut at a word so that it holds on the paper, with the sign of a cut."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(' ', 1)[0]}{french.NBSP}{french.TRUNCATED}"


def pair(*pieces: Shown | Figure) -> Shown:
    """Figures (and sentences in their stead) one under the other on the screen; on paper the first has the others beside it."""
    return Shown(f'<div class="pair">{"".join(_narrow_on_paper(piece) for piece in pieces)}</div>')


def narrow(piece: Shown | Figure) -> Shown:
    """A figure that stands beside a text on paper, in the drawing of a phone, whose letters are read there."""
    return Shown(f'<div class="narrow">{_narrow_on_paper(piece)}</div>')


def _narrow_on_paper(piece: Shown | Figure) -> str:
    html = str(piece._repr_mimebundle_()["text/html"])
    if (found := _NARROW.search(html)) and (said := _ALTERNATIVE.search(html)):
        again = f'<img class="half" alt="{said[1]}" src="{found[1]}">'
        html = html.replace("<figure>", f"<figure>{again}", 1)
    return f"<div>{html}</div>"


def appendix(title: str, shown: Shown) -> Shown:
    """A piece that the screen folds under its title and that paper shows whole."""
    return Shown(
        f'<details class="appendix"><summary>{escape(title)}</summary>{shown.html}</details>', shown.data
    )


def two_pages(*, figure: int = 46) -> Shown:
    """Print rules of a few dense pages, written into the report; `figure` is the greatest height of a figure, in mm."""
    return Shown(f"<style>{_RULES % figure}</style>")
