"""A fresh package with three schemes, eight links and six interviews gives the sheet in one command, about that package."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers import catalog
from helpers.intake import check
from helpers.intake.deposit import deposit
from helpers.pipeline import batch, pdf, plan
from tests.articulation.making import register

NAME = "CPTS du Causse"
STATES = ["en_oeuvre"] * 4 + ["prevu", "souhaite", "refuse", "rompu"]
DEGREES = [1, 2, 3, 4, None, None, 0, None]


def filled(folder, *, long=False):
    """Package of a CPTS: three schemes, eight links, priorities, perimeters, six coded interviews."""
    shutil.copytree(catalog.MODEL_FOLDER, folder, ignore=shutil.ignore_patterns("exemple"))
    words = " de la communauté de communes des gorges, des causses et des hautes vallées" if long else ""
    codes = ["cls", "clsm", "asv"]
    schemes = pd.DataFrame({
        "scheme": codes, "kind": codes, "name_fr": [f"{code.upper()} du Causse{words}" for code in codes],
        "holder": f"Communauté de communes{words}", "coordination_amount": [30000.0, 15000.0, 20000.0],
        "term_end": pd.Timestamp("2026-12-31"), "status": "signe", "source": f"Contrat signé{words}",
    })  # fmt: skip
    pairs = ["cls"] * 8 if long else ["cls"] * 4 + ["clsm"] * 2 + ["asv"] * 2
    links = pd.DataFrame({
        "link": [f"l{rank}" for rank in range(8)], "cpts": "causse", "scheme": pairs, "state": STATES,
        "degree": pd.array(DEGREES, dtype="Int64"), "instrument": "groupe_de_travail", "theme": "depistages",
        "label_fr": [f"Groupe {rank}{words}" for rank in range(8)], "date_start": pd.Timestamp("2025-03-01"),
        "source": f"Compte rendu{words}", "locator": "p. 2",
    })  # fmt: skip
    themes = ["depistages", "personnes_agees", "violences", "jeunes", "handicap", "nutrition", "addictions", "precarite",
              "vaccination", "perinatalite"]  # fmt: skip
    priorities = pd.DataFrame({
        "scheme": ["causse"] * 10 + ["cls"] * 10, "theme": themes * 2, "label_fr": f"Axe{words}", "source": "projet",
    })  # fmt: skip
    ground = register(
        ("causse", "cpts", "48061", "2020-01-01", ""), ("cls", "cls", "48061", "2020-01-01", "")
    )
    interviews = pd.DataFrame({"source": [f"E{rank}" for rank in range(1, 7)], "rank": range(1, 7)})
    segments = pd.DataFrame({
        "segment": [f"s{rank}" for rank in range(1, 7)], "source": interviews["source"], "code": "liens", "coder": "1",
        "start": range(1, 7), "end": range(2, 8), "valence": "levier",
    })  # fmt: skip
    one = {"cpts": ["causse"], "name_fr": [NAME], "population": [30000], "status": ["aci_signe"]}
    deposit(
        {
            "cpts/cpts": pd.DataFrame(one), "dts/schemes": schemes, "dts/links": links, "dts/priorities": priorities,
            "cpts/perimeters": ground, "material/sources": interviews,
            "material/codes": pd.DataFrame({"code": ["liens"], "label_fr": ["Liens"]}), "material/segments": segments,
        },
        folder,
    )  # fmt: skip
    assert check.check(folder) == []
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("sheet")
    folder = filled(out / "mien")
    outcomes = batch.render(plan.reports(["02", "10"], {"paquet": str(folder)}), out)
    assert [outcome.error for outcome in outcomes] == ["", ""]
    return out


def first_screen(made):
    soup = BeautifulSoup((made / "10_fiche_articulation.html").read_text(encoding="utf-8"), "html.parser")
    return soup, " ".join(soup.select_one("section.brief, .brief").get_text(" ", strip=True).split())


def test_the_first_screen_of_the_sheet_is_about_the_package(made):
    soup, text = first_screen(made)
    assert NAME in soup.h1.get_text()
    assert text.count(NAME) >= 2
    assert "CLS du Causse" in text
    for other in ("Orléan", "Redon"):
        assert other not in text


def test_the_first_screen_of_the_report_on_articulation_is_about_the_package_too(made):
    soup = BeautifulSoup((made / "02_articulation_dts.html").read_text(encoding="utf-8"), "html.parser")
    first = soup.select_one(".brief").find("p").get_text(" ", strip=True)
    assert NAME in soup.h1.get_text()
    assert "CLS du Causse" in first or NAME in first, first


def test_the_first_sentence_counts_the_links_by_state_and_says_the_degree_done(made):
    _, text = first_screen(made)
    assert "4 liens en œuvre, jusqu'au degré 4" in text


def test_every_pair_of_the_package_has_its_sheet(tmp_path):
    reports = plan.reports(["10"], {"paquet": str(filled(tmp_path / "mien"))}, each="paire")
    assert [report.values["paire"] for report in reports] == ["causse+cls", "causse+clsm", "causse+asv"]


@pytest.mark.skipif(pdf.find_browser() is None, reason="aucun Chromium sur cette machine")
@pytest.mark.parametrize("which", ["orleans", "plein"])
def test_the_sheet_prints_on_two_a4_pages(which, reports, tmp_path):
    page = tmp_path / "10_fiche_articulation.html"
    if which == "plein":
        values = {"paquet": str(filled(tmp_path / "mien", long=True))}
        [outcome] = batch.render(plan.reports(["10"], values), tmp_path)
        assert outcome.error == ""
    else:
        page.write_bytes((reports[0] / page.name).read_bytes())
    content = pdf.print_reports([page])[0].read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", content)) == 2


def test_a_package_without_scheme_has_a_sheet_that_asks(tmp_path):
    folder = shutil.copytree(
        catalog.MODEL_FOLDER, tmp_path / "vide", ignore=shutil.ignore_patterns("exemple")
    )
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["causse"], "name_fr": [NAME]})}, folder)
    [outcome] = batch.render(plan.reports(["10"], {"paquet": str(folder)}), tmp_path / "out")
    assert outcome.error == ""
    text = (tmp_path / "out" / "10_fiche_articulation.html").read_text(encoding="utf-8")
    assert "ne nomme aucun dispositif" in text
    assert "Quels CLS, CLSM ou ASV" in text
