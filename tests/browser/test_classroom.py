"""Slides and sheet of the seminar in a browser, from files, the network refused: no request, no violation, nothing too tall."""

from __future__ import annotations

import contextlib
import json
import re

import pytest

from helpers.classroom import collection, sheet, slides
from helpers.pipeline import pdf
from helpers.seminar import checks, exercises
from tests.browser.conftest import violations, visit
from tests.project import PROJECT

SESSIONS = sheet.sessions(PROJECT)


@pytest.fixture(scope="module")
def nodes(sessions_run):
    return [run for path, run in sessions_run.items() if path.stem in SESSIONS]


@pytest.fixture(scope="module")
def pages(nodes, tmp_path_factory):
    """Slides of each session, and the sheet."""
    place = tmp_path_factory.mktemp("seance")
    for known, node in nodes:
        (place / f"{known.slug}.html").write_text(slides.page(node, known), encoding="utf-8")
    told = sheet.page((node for _, node in nodes), PROJECT, salt="essai")
    (place / sheet.FILE).write_text(told, encoding="utf-8")
    return place


@pytest.fixture
def opened(chromium):
    with contextlib.ExitStack() as visits:
        yield lambda path, **options: visits.enter_context(
            visit(chromium, path, height=720, offline=True, **options)
        )


@pytest.mark.parametrize("session", SESSIONS)
def test_slides(opened, pages, session):
    page = opened(pages / f"{session}.html")
    tall = page.evaluate(
        "[...document.querySelectorAll('main > section')].filter((one) => one.offsetHeight > 720)"
        ".map((one) => one.getAttribute('aria-label'))"
    )
    assert tall == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert violations(page) == []
    where = "document.activeElement.getAttribute('aria-label')"
    count = page.locator("main > section").count()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where).startswith(f"Diapositive 2 sur {count}")
    page.keyboard.press("End")
    assert page.evaluate(where).startswith(f"Diapositive {count} sur {count}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    assert page.evaluate(where).startswith("Diapositive 1 sur")
    notes = page.locator(".notes").first
    assert not notes.is_visible()
    page.keyboard.press("n")
    assert notes.is_visible()
    assert page.requests == [(pages / f"{session}.html").as_uri()]
    assert page.complaints == []
    (printed,) = pdf.print_reports([pages / f"{session}.html"])
    content = printed.read_bytes()
    # A4, landscape, one sheet for each slide.
    assert re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)", content)[0] == (b"841", b"594")
    assert content.count(b"/Type /Page\n") == count


def test_slides_show_no_code_and_no_answer(pages):
    shown = "".join((pages / f"{session}.html").read_text(encoding="utf-8") for session in SESSIONS)
    assert "checks.check" not in shown
    assert "etude.table" not in shown
    assert not re.search(
        r"\b123[,.]0\b|\b20[,.]3\b|\b6[,.]49\b", re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)
    )


@pytest.fixture(scope="module")
def shown(chromium, pages):
    """The sheet, for tests that change nothing but the screen."""
    with visit(chromium, pages / sheet.FILE, offline=True) as page:
        yield page


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (320, "screen"), (680, "print")])
def test_sheet(shown, pages, width, media):
    page = shown
    page.emulate_media(media=media)
    page.set_viewport_size({"width": width, "height": 720})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.requests == [(pages / sheet.FILE).as_uri()]
    assert page.complaints == []
    assert page.locator(".box").first.is_visible() == (media == "print")
    assert page.locator("input").first.is_visible() == (media == "screen")


def test_the_sheet_says_what_the_notebook_says(opened, pages, tmp_path):
    page = opened(pages / sheet.FILE, accept_downloads=True)
    answers = {
        "densite_e": ("123,0", "123.03 hab/km²", "125,5", "0,0081", "12,3", "x", "1 195,2", "-123"),
        "mg_60_b": ("35", "34,8", "34", "35,2", "3,5", "35 %"),
        "relire_membres": ("60", "60,0 %", "65", "0,6", "40", "59,9", "71,25"),
        "mg_10000": ("6,49", "6.4909", "6,11", "64,9", "0,649", "6,5"),
        "masque_a": ("8", "10", "11", "8,5"),
    }
    for name, given in answers.items():
        form = page.locator(f'form[data-exercise="{name}"]')
        for answer in given:
            said = form.locator("output")
            said.evaluate("(output) => { output.textContent = '' }")
            form.locator("input").fill(answer)
            form.locator("button").click()
            page.wait_for_function("(output) => output.textContent", arg=said.element_handle())
            wanted = checks.check(name, answer, study=PROJECT)
            assert said.inner_text().lower().startswith(f"{wanted.verdict}\u00a0:"), (name, answer)
            if wanted.mistake and wanted.mistake != "fraction":
                assert wanted.sentence.split(" À lire :")[0] in said.inner_text()
    page.locator("#enregistrer").click()
    assert "pseudonyme" in page.locator("#dit").inner_text()
    page.locator("#pseudonyme").fill("ada")
    with page.expect_download() as download:
        page.locator("#enregistrer").click()
    path = tmp_path / "rendus" / "ada" / "fiche.json"
    path.parent.mkdir(parents=True)
    download.value.save_as(path)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert set(saved) == {"pseudonyme", "exercices"}
    found = collection.answers(tmp_path).set_index("exercise_id")
    assert list(found.loc[list(answers), "essais"]) == [len(given) for given in answers.values()]


def test_the_sheet_is_small_and_shows_no_answer(pages):
    page = (pages / sheet.FILE).read_text(encoding="utf-8")
    assert len(page) < 300_000
    hints = [hint for own in exercises.hints(PROJECT).values() for hint in own.values()]
    assert not any(hint in page for hint in hints)
    text = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b123[,.]0|\b6[,.]49\b|\b60[,.]0\b|\b384\b|\b249\b", text)
