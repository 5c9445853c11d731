"""Printing as PDF: one sentence without Chromium, and a PDF whole or not at all."""

from __future__ import annotations

import os
import stat
import time

import pytest
from click.testing import CliRunner

from helpers.commands.main import main
from helpers.errors import RunError
from helpers.pipeline import batch, pdf


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "01_essai.html"
    path.write_text("<!DOCTYPE html><title>x</title>", encoding="utf-8")
    return path


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """A program in the place of Chromium; `$out` is the file that it must write."""

    def install(body):
        path = tmp_path / "faux-chromium"
        path.write_text(
            '#!/bin/sh\nfor a in "$@"; do case "$a" in --print-to-pdf=*) out="${a#*=}";; esac; done\n' + body,
            encoding="utf-8",
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("CHROMIUM", str(path))
        return path

    return install


def test_without_browser_one_sentence_and_the_html_stays(page, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "navigateur-absent")
    with pytest.raises(RunError, match="Aucun Chromium"):
        pdf.print_reports([page])
    assert page.exists()
    assert not page.with_suffix(".pdf").exists()


def test_command_says_it_with_exit_code_1(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", "navigateur-absent")
    monkeypatch.setattr(batch, "render_in", lambda folders, *_, **__: {place: [] for place in folders})
    result = CliRunner().invoke(main, ["render", "02", "--pdf", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "Aucun Chromium" in result.output
    assert "Traceback" not in result.output


def test_whole_pdf_takes_the_place_of_the_old_one(page, browser):
    page.with_suffix(".pdf").write_bytes(b"ancien")
    browser('printf "%%PDF-1.4\\n%%%%EOF\\n" > "$out"\n')
    assert pdf.print_reports([page]) == [page.with_suffix(".pdf")]
    assert page.with_suffix(".pdf").read_bytes() == b"%PDF-1.4\n%%EOF\n"


@pytest.mark.parametrize("body", ['printf "%%PDF-1.4 half" > "$out"\n', "exit 3\n"])
def test_half_a_pdf_is_no_pdf(page, browser, body):
    page.with_suffix(".pdf").write_bytes(b"ancien")
    browser(body)
    with pytest.raises(RunError, match="PDF complet"):
        pdf.print_reports([page])
    assert not page.with_suffix(".pdf").exists()
    assert page.exists()


def test_browser_that_never_ends_is_stopped_with_its_children(page, browser):
    browser("sleep 900 &\nsleep 900\n")
    began = time.perf_counter()
    with pytest.raises(RunError, match="a dépassé 1 secondes"):
        pdf.print_page(page, pdf.find_browser(), timeout=1)
    assert time.perf_counter() - began < 300


def test_sandbox_is_given_up_by_root_only(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert pdf._sandbox() == []
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert pdf._sandbox() == ["--no-sandbox"]
