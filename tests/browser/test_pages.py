"""The pages as their readers meet them: any scheme, no network, a keyboard, a phone, paper."""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops

from helpers.pipeline import parameters, pdf
from tests.browser.conftest import show, violations, visit

REPORTS = [notebook.slug for notebook in parameters.notebooks()]
PAGES = ["index", *REPORTS]
PICTURES = Path(__file__).parent / "pictures"
# 210 mm of paper less two margins of 16 mm, at 96 pixels per inch.
A4 = 673


# The rows of a table are made by one function: twelve say as much as six hundred, in a tenth of the time.
TWELVE_ROWS = "document.querySelectorAll('tbody tr:nth-child(n + 13)').forEach((item) => { item.remove(); })"
OPENED = "document.querySelectorAll('details').forEach((item) => { item.open = true; })"
# The drawing for a phone has letters of 24 pixels, shown on a screen that has two or three for one: nine are read.
SMALL = """() => Array.from(document.querySelectorAll('figure img'))
  .filter((item) => item.checkVisibility())
  .filter((item) => item.getBoundingClientRect().width < 9 / 24 * item.naturalWidth)
  .map((item) => item.alt.slice(0, 120))"""
FIGURES_CUT = """() => Array.from(document.querySelectorAll('figure img'))
  .filter((item) => item.checkVisibility())
  .filter((item) => item.getBoundingClientRect().right > innerWidth || item.getBoundingClientRect().left < 0
     || item.closest('figure').scrollWidth > item.closest('figure').clientWidth + 1)
  .map((item) => item.alt.slice(0, 120))"""
CAPTIONS_OUT = """() => Array.from(document.querySelectorAll('caption'))
  .filter((item) => { const own = item.getBoundingClientRect(), room = item.closest('div').getBoundingClientRect();
                      return own.left < room.left - 1 || own.right > room.right + 1; })
  .map((item) => item.textContent)"""
SCROLLED = (
    "(left) => document.querySelectorAll('.table-region').forEach((item) => { item.scrollLeft = left; })"
)
# What a monograph tells first ends where its appendix begins.
HEIGHT = """() => { const annex = document.querySelector('h2[id^=annexe]');
  return annex ? annex.getBoundingClientRect().top + scrollY : document.scrollingElement.scrollHeight; }"""
OVERFLOWING = """() => Array.from(document.querySelectorAll('.table-region, .prose-table'))
  .filter((item) => item.checkVisibility() && item.scrollWidth > item.clientWidth + 1)
  .map((item) => item.getAttribute('aria-label'))"""
CUT = """(width) => Array.from(document.querySelectorAll('table, img, svg.bar, pre, p, li'))
  .filter((item) => item.checkVisibility() && item.getBoundingClientRect().width > 1)
  .filter((item) => item.getBoundingClientRect().right > width + 1 || item.getBoundingClientRect().left < -1)
  .map((item) => item.outerHTML.slice(0, 120))"""
BROKEN = """() => { const found = [], range = document.createRange();
  for (const cell of document.querySelectorAll('th, td')) {
    if (!cell.checkVisibility()) continue;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const word of node.data.matchAll(/[\\p{L}\\p{N}]{2,20}/gu)) {
        range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
        if (new Set(Array.from(range.getClientRects(), (place) => place.top)).size > 1) found.push(word[0]);
      } }
  return found; }"""

LOADED = """() => Promise.all(Array.from(document.images, (item) => item.complete
  || new Promise((done) => { item.addEventListener('load', done); item.addEventListener('error', done); })))"""
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FOCUSED = """() => { const item = document.activeElement;
  return { tag: item.tagName, classes: item.className, id: item.id, inside: item.closest('nav, main, footer')?.tagName || '',
           drawn: getComputedStyle(item).outlineStyle !== 'none' }; }"""
LISTENED = f"() => {{ window.stops = []; addEventListener('focusin', () => stops.push(({FOCUSED})())); }}"
REACHABLE = """() => Array.from(document.querySelectorAll('a[href], summary, input, [tabindex="0"]'))
  .filter((item) => item.checkVisibility({ visibilityProperty: true })).length"""
STOPS = """() => { const items = Array.from(document.querySelectorAll('a[href], summary, input, [tabindex="0"]'))
    .filter((item) => item.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
  const last = Array.from(document.querySelectorAll('main h2')).filter((item) => !item.closest('details')).at(-1);
  return items.filter((item) => item.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING).length; }"""
# Texts of one look: same class, same letters, same colours of all that is behind. One of each is marked.
KINDS_OF_TEXT = """() => { const seen = new Set(), known = new Map([[null, '']]);
  const behind = (item) => { if (!known.has(item)) { const style = getComputedStyle(item);
      known.set(item, `${style.backgroundColor} ${style.backgroundImage} ${style.opacity};${behind(item.parentElement)}`); }
    return known.get(item); };
  for (const item of document.querySelectorAll('body *')) {
    item.removeAttribute('data-audited');
    const written = Array.from(item.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!written || !item.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(item);
    const look = [item.tagName, item.className, item.parentElement.className, style.color, style.fontSize, style.fontWeight,
                  style.textShadow, behind(item)].join('|');
    if (!seen.has(look)) { seen.add(look); item.setAttribute('data-audited', ''); }
  } }"""


class Seen:
    """All that the tests ask of each page, looked at in one visit: on a desk, with a keyboard, on a phone, on paper, by axe."""

    def __init__(self, tab, place):
        self.tab, self.place = tab, place
        self.page = functools.cache(self._page)

    def _page(self, name):
        tab = show(self.tab, self.place / f"{name}.html", **DESK)
        return SimpleNamespace(
            desk=_desk(tab), phone=_phone(tab), keyboard=_keyboard(tab), paper=_paper(tab),
            opened=_opened(tab), unfolded=_unfolded_on_paper(tab), audit=_audit(tab),
        )  # fmt: skip


def _desk(page):
    return SimpleNamespace(
        picture=page.screenshot(), requests=list(page.requests), complaints=list(page.complaints),
        height=page.evaluate(HEIGHT), overflowing=page.evaluate(OVERFLOWING), stops=page.evaluate(STOPS),
        pdf=page.pdf(format="A4", prefer_css_page_size=True),
    )  # fmt: skip


def _phone(page):
    page.set_viewport_size(PHONE)
    # The drawings for a phone take the place of the others.
    page.evaluate(LOADED)
    return SimpleNamespace(
        picture=page.screenshot(), small=page.evaluate(SMALL), cut=page.evaluate(FIGURES_CUT)
    )


def _keyboard(page):
    page.set_viewport_size(DESK)
    reachable = page.evaluate(REACHABLE)
    page.evaluate(LISTENED)
    for _ in range(reachable):
        page.keyboard.press("Tab")
    stops = page.evaluate("stops")
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    after_skip = page.evaluate("document.activeElement.id")
    return SimpleNamespace(reachable=reachable, stops=stops, after_skip=after_skip)


def _paper(page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    seen = SimpleNamespace(
        broken=page.evaluate(BROKEN), cut=page.evaluate(CUT, A4),
        files=page.locator(".files:visible").count(), code=page.locator(".code:visible").count(),
        folds=page.locator("details.verify:visible, details.data:visible").count(),
    )  # fmt: skip
    # Code is printed by who ticked its box, as the gallery does for its readers.
    seen.code_asked_for = seen.code > 0 and page.get_by_label("Montrer le code").is_checked()
    page.emulate_media(media="screen")
    return seen


def _opened(page):
    """The page on a phone, all its folds open."""
    page.set_viewport_size(PHONE)
    page.evaluate(OPENED)
    seen = SimpleNamespace(width=page.evaluate("document.scrollingElement.scrollWidth"))
    page.evaluate(TWELVE_ROWS)
    seen.captions_out = page.evaluate(CAPTIONS_OUT)
    seen.violations = violations(page, runOnly=["scrollable-region-focusable"])
    page.evaluate(SCROLLED, 40)
    seen.captions_out_when_scrolled = page.evaluate(CAPTIONS_OUT)
    page.evaluate(SCROLLED, 0)
    return seen


def _unfolded_on_paper(page):
    """The page on paper, all its folds open."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    seen = SimpleNamespace(
        opened=page.locator("details.verify:visible").count(),
        all_folds=page.locator("details.verify").count(),
        heads=page.evaluate(
            "Array.from(document.querySelectorAll('thead'), (item) => getComputedStyle(item).display)"
        ),
    )
    page.emulate_media(media="screen")
    return seen


def _audit(page):
    page.set_viewport_size(DESK)
    found = {"light": audit(page)}
    # The scheme changes colours only: the dark one is audited for contrast.
    page.emulate_media(color_scheme="dark")
    return found | {"dark": pale(page)}


def audit(page):
    """What axe finds wrong. It looks at the contrast of one text of each kind, class and colours, not of its thousand like."""
    page.evaluate(KINDS_OF_TEXT)
    return violations(page, contrast="[data-audited]")


def pale(page):
    """Words whose contrast axe finds too low. It measures all that is there: rows without a text to look at are taken out."""
    page.evaluate(KINDS_OF_TEXT)
    page.evaluate(
        "document.querySelectorAll('tr:not(:has([data-audited]))').forEach((item) => { item.remove(); })"
    )
    return violations(page, contrast="[data-audited]", runOnly=["color-contrast"])


@pytest.fixture(scope="module")
def seen(tab, reports):
    return Seen(tab, reports[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(seen, name, scheme):
    assert seen.page(name).audit[scheme] == []


def test_one_pale_word_among_its_like_is_seen(opened):
    page = opened(REPORTS[10])
    assert pale(page) == []
    page.evaluate(
        """Array.from(document.querySelectorAll('main p'))
           .findLast((item) => item.checkVisibility() && item.textContent.length > 20).style.color = '#AAAAAA'"""
    )
    assert [line.partition(" :")[0] for line in pale(page)] == ["color-contrast"]


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_nothing_of_the_network(seen, name):
    page = seen.page(name).desk
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert page.complaints == [], "rien n'est refusé par la politique de la page, et aucun script n'échoue"


@pytest.mark.parametrize("name", PAGES)
def test_phone_scrolls_one_way_only(seen, name):
    assert seen.page(name).opened.width <= 390


@pytest.mark.parametrize("name", REPORTS)
def test_phone_shows_letters_of_figures_and_whole_captions(seen, name):
    page = seen.page(name)
    assert page.phone.small == []
    assert page.phone.cut == []
    assert page.opened.captions_out == []
    assert page.opened.captions_out_when_scrolled == [], "un titre reste en vue quand son tableau défile"
    assert page.opened.violations == []


def test_contents_are_open_on_a_desk_and_folded_on_a_phone(opened):
    desk = opened(REPORTS[1])
    assert desk.locator("nav.wide a").first.is_visible()
    assert not desk.locator("nav.narrow").is_visible()
    desk.evaluate("window.scrollTo(0, 4000)")
    assert desk.locator("nav.wide").bounding_box()["y"] >= 0
    phone = opened(REPORTS[1], width=390, height=844)
    assert not phone.locator("nav.wide").is_visible()
    assert not phone.locator("nav.narrow a").first.is_visible()
    phone.locator("nav.narrow summary").press("Enter")
    assert phone.locator("nav.narrow a").first.is_visible()


@pytest.mark.parametrize("name", REPORTS)
def test_keyboard_reaches_and_works_everything(seen, name):
    keyboard = seen.page(name).keyboard
    assert len(keyboard.stops) == keyboard.reachable
    assert keyboard.stops[0]["classes"] == "skip"
    assert keyboard.after_skip == "contenu"
    assert all(stop["drawn"] for stop in keyboard.stops), [
        stop for stop in keyboard.stops if not stop["drawn"]
    ]
    assert {"SUMMARY", "A", "DIV"} <= {stop["tag"] for stop in keyboard.stops}
    assert keyboard.stops[-1]["inside"] in ("FOOTER", "MAIN"), "le dernier arrêt est au bout de la page"


def test_keyboard_opens_a_fold_follows_the_contents_and_scrolls_a_table(opened):
    page = opened(REPORTS[1], width=700)
    fold = page.locator("details.verify")
    fold.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert fold.evaluate("(item) => item.open")
    page.locator("nav.narrow summary").press("Enter")
    page.locator("nav.narrow a").nth(2).press("Enter")
    page.wait_for_timeout(100)
    anchor = page.evaluate("location.hash.slice(1)")
    assert anchor
    assert abs(page.locator(f"#{anchor}").bounding_box()["y"]) < 60
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate_handle(
        "Array.from(document.querySelectorAll('.table-region')).find((item) => item.scrollWidth > item.clientWidth + 50)"
    ).as_element()
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert wide.evaluate("(item) => item.scrollLeft") > 0


VISIBLE_CODE = """() => Array.from(document.querySelectorAll('.code pre'))
  .filter((item) => item.checkVisibility({ contentVisibilityAuto: true })).length"""


def test_one_box_shows_the_code_of_the_whole_page_without_a_script(opened):
    page = opened(REPORTS[1])
    assert page.evaluate(VISIBLE_CODE) == 0
    before = page.evaluate("document.scrollingElement.scrollHeight")
    page.get_by_label("Montrer le code").focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(200)
    assert page.evaluate(VISIBLE_CODE) == page.locator("main > .code").count() > 5
    assert page.evaluate("document.scrollingElement.scrollHeight") > before + 500


def test_hidden_code_and_folds_are_found_by_the_search_of_the_browser(opened):
    page = opened(REPORTS[1])
    assert page.locator(".code:not([hidden=until-found])").count() == 0
    # A link to a piece of text finds it as the search does, and opens what holds it.
    page.goto(f"{page.url}#:~:text=À%20propos%20de%20ce%20carnet")
    page.wait_for_timeout(300)
    assert page.locator("details.verify").evaluate("(item) => item.open")


# Height at 1280 pixels, folded: a dozen screens. The gallery shows every figure with its code, on purpose.
BUDGET = dict.fromkeys(REPORTS, 12_000) | {"07_monographie_cpts": 5_000, "90_galerie_figures": 19_000}
# The nine reports that were 257 pages on paper.
NINE = [name for name in REPORTS if name < "09"]


@pytest.mark.parametrize("name", REPORTS)
def test_a_folded_page_keeps_to_its_height(seen, name):
    assert seen.page(name).desk.height <= BUDGET[name]


@pytest.mark.parametrize("name", REPORTS)
def test_no_table_is_wider_than_a_desk(seen, name):
    assert seen.page(name).desk.overflowing == []


def test_nine_reports_fold_on_ninety_sheets_of_paper(seen):
    sheets = {name: seen.page(name).desk.pdf.count(b"/Type /Page\n") for name in NINE}
    assert len(NINE) == 9
    assert all(count > 0 for count in sheets.values())
    assert sum(sheets.values()) <= 90, sheets


def test_few_stops_lead_to_the_last_section(seen):
    assert seen.page(REPORTS[1]).desk.stops <= 40


@pytest.mark.parametrize("words", ["densité", "densite", "DENSITÉ"])
def test_search_finds_words_of_texts_and_shows_them_where_one_types(opened, words):
    page = opened("index")
    field = page.get_by_label("Chercher")
    field.fill(words)
    found = page.locator("#passages li:visible a")
    assert any(
        "01_tableaux_cpts.html" in link
        for link in found.evaluate_all("items => items.map((item) => item.href)")
    )
    assert page.locator("#trouves li:visible").count() > 0
    assert found.last.bounding_box()["y"] < 900, "les résultats se lisent sans défiler"
    assert words in page.locator("#resultat").inner_text()


def test_search_finds_titles_and_figures_and_leaves_the_page_as_it_was(opened):
    page = opened("index")
    page.get_by_label("Chercher").fill("tendances indicateurs")
    assert "03_tendances" in page.locator("#passages li:visible a").first.get_attribute("href")
    page.get_by_label("Chercher").fill("densite navinel")
    assert 0 < page.locator("#trouves li:visible").count() <= 8
    assert "chiffre" in page.locator("#resultat").inner_text()
    page.get_by_label("Chercher").fill("")
    assert page.locator("#passages li:visible, #trouves li:visible").count() == 0
    assert page.locator(".cards > li:visible").count() == len(REPORTS)
    assert not page.locator("#chiffres").evaluate("(item) => item.open")


def test_without_script_no_dead_control_and_the_whole_list(chromium, reports):
    with visit(chromium, reports[0] / "index.html", java_script_enabled=False) as page:
        assert not page.locator("#recherche").is_visible()
        assert page.locator(".cards li").count() == len(REPORTS)
        assert page.locator(".cards li").last.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_paper_breaks_no_word_of_a_table(seen, name):
    page = seen.page(name).paper
    assert page.broken == []
    assert page.files == 0, "un fichier ne s'ouvre pas sur papier"


@pytest.mark.parametrize("name", PAGES)
def test_paper_cuts_nothing_and_prints_the_folds_as_they_are(seen, name):
    page, unfolded = seen.page(name).paper, seen.page(name).unfolded
    assert page.cut == []
    assert page.folds == 0
    assert page.code == 0 or page.code_asked_for
    assert unfolded.opened == unfolded.all_folds
    assert set(unfolded.heads) <= {"table-header-group"}
    assert seen.page(name).desk.pdf.startswith(b"%PDF-")


def test_option_pdf_prints_a_report_on_a4(opened, reports, tmp_path):
    source = tmp_path / "02.html"
    source.write_bytes((reports[0] / f"{REPORTS[2]}.html").read_bytes())
    (printed,) = pdf.print_reports([source])
    content = printed.read_bytes()
    assert printed == tmp_path / "02.pdf"
    # 210 × 297 mm in points, to the pixel.
    assert b"/MediaBox [0 0 594" in content or b"/MediaBox [0 0 595" in content
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
@pytest.mark.parametrize("name", PAGES)
def test_page_looks_like_its_stored_picture(seen, name, width, height):
    """The first screen on a desk and on a phone, compared at a quarter of its size and in grey.

    The fonts of another machine pass, a broken page does not. To store new pictures after a wanted change:
    CPTS_PICTURES=1 pytest tests/browser -k stored_picture
    """
    page = seen.page(name).phone if width == 390 else seen.page(name).desk
    picture = Image.open(io.BytesIO(page.picture)).convert("L")
    stored = PICTURES / f"{name}-{width}.png"
    if os.environ.get("CPTS_PICTURES"):
        # Half the size on a desk, and eight greys: the letters are still read.
        kept = (
            picture if width == 390 else picture.resize((width // 2, height // 2), Image.Resampling.LANCZOS)
        )
        kept.quantize(8).save(stored, optimize=True)
    small = (width // 4, height // 4)
    before = Image.open(stored).convert("L").resize(small, Image.Resampling.BOX)
    difference = ImageChops.difference(picture.resize(small, Image.Resampling.BOX), before)
    changed = sum(difference.histogram()[48:]) / (small[0] * small[1])
    assert changed < 0.06, f"{changed:.1%} de la page a changé ; si c'est voulu : CPTS_PICTURES=1"
