"""The page of articulation on a user's package: a real Taguette project, perimeters with faults, indicators to cross."""

from __future__ import annotations

import shutil
from html import unescape

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from helpers import catalog, material
from helpers.articulation import own
from helpers.commands.main import main
from helpers.intake.deposit import deposit
from helpers.material import shown
from helpers.pipeline import batch, plan
from tests.articulation.making import register
from tests.conftest import ROOT
from tests.project import PROJECT

TAGUETTE = ROOT / "tests" / "fixtures" / "taguette" / "project.sqlite3"
pytestmark = pytest.mark.xdist_group("reports")


def package(folder):
    """Package of a user: coded material of a real run of Taguette, two schemes on two communes, one indicator."""
    shutil.copytree(catalog.MODEL_FOLDER, folder)
    deposit({"cpts/cpts": pd.DataFrame({"cpts": ["nous"], "name_fr": ["Notre CPTS"]})}, folder)
    result = CliRunner().invoke(main, ["import", "taguette", str(TAGUETTE), "--into", str(folder)])
    assert result.exit_code == 0, result.output
    sources = catalog.load("material/sources", folder)["source"].tolist()
    codes = catalog.load("material/codes", folder)["code"].tolist()
    perimeters = register(
        ("nous", "cpts", "48061", "2020-01-01", ""), ("nous", "cpts", "48999", "2020-01-01", ""),
        ("cls", "cls", "48061", "2020-01-01", ""), ("cls", "cls", "48075", "2023-01-01", ""),
    )  # fmt: skip
    said = {"segment": ["x1", "x2"], "source": sources[:2], "code": codes[:1] * 2, "coder": ["1", "1"], "start": [1, 1],
            "end": [2, 2], "valence": ["obstacle"] * 2, "indicator": ["vac"] * 2, "territory": ["nous"] * 2}  # fmt: skip
    day = {
        "period_start": pd.Timestamp("2024-01-01"),
        "period_end": pd.Timestamp("2024-12-31"),
        "source": "test",
    }
    deposit(
        {
            "material/attributes": pd.DataFrame({"source": sources[:2], "attribute": "role", "value": ["coordination", "ars"]}),
            "material/segments": pd.DataFrame(said).astype({"start": "Int64", "end": "Int64"}),
            "cpts/perimeters": perimeters,
            "cpts/indicator_definitions": pd.DataFrame({
                "indicator": ["vac"], "label_fr": ["Vaccination"], "kind": ["proportion"], "unit": ["%"], "per": [100.0],
                "direction": ["hausse"], "benchmark": ["region"],
            }),
            "cpts/indicators": pd.DataFrame({
                "indicator": ["vac", "vac"], "territory": ["nous", "region"], "numerator": [80.0, 6000.0],
                "denominator": [200.0, 10000.0],
            }).assign(**day),
        },
        folder,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    out = tmp_path_factory.mktemp("articulation")
    outcome = batch.render(plan.reports(["02"], {"paquet": str(package(out / "mien"))}), out)[0]
    assert outcome.error == ""
    [report] = out.glob("02_*.html")
    soup = BeautifulSoup(report.read_text(encoding="utf-8"), "html.parser")
    for block in soup(["style", "pre", "code"]):
        block.decompose()
    return soup


def plain(tag):
    """Text of a tag with ordinary spaces and quotation marks without theirs."""
    return tag.get_text(" ", strip=True).replace("\u00a0", " ").replace("\u202f", " ")


def text_of(page):
    return plain(page)


def table(page, caption):
    found = [item for item in page.select("div.table-region table") if plain(item.caption) == caption]
    assert len(found) == 1, caption
    return [[plain(cell) for cell in row.find_all(["th", "td"])] for row in found[0].find_all("tr")]


def test_the_material_of_taguette_is_counted_and_its_words_are_not_shown(page):
    text = text_of(page)
    assert "Votre matériau codé :" in text
    assert any(
        "frein" in row[0]
        for row in table(page, "Segments par code (codeurs réunis, codes parents avec leurs enfants)")[1:]
    )
    assert "Aucun extrait n'est montré" in text
    # Words of the highlights of the fixture.
    assert "agendas" not in text
    assert "tournées" not in text


def test_tones_are_counted_by_role(page):
    rows = table(page, "Tonalité des segments selon « role » (codeurs réunis)")
    assert {"coordination", "ars"} <= {row[0] for row in rows[1:]}


def test_a_wrong_row_of_the_register_is_said_and_left_out(page):
    [fault] = table(page, "Défauts de votre registre")[1:]
    assert fault[1] == "ligne écartée"
    assert "48999" in fault[2]
    rows = {
        row[0]: row[1:] for row in table(page, "Vos dispositifs sur le périmètre d'alors et sur l'actuel")[1:]
    }
    assert rows["NOUS"][:1] == ["1"]
    assert rows["CLS"][-1] == "1 entrée : Ispagnac"


def test_the_register_says_same_ground_then_and_not_now(page):
    [row] = table(page, "Vos CPTS et vos DTS : même sol ou non, alors et aujourd'hui")[1:]
    assert row[2:4] == ["même périmètre", "100 % de la CPTS, 100 % de l'autre"]
    assert row[4] == "la CPTS est dans l'autre"


def test_statements_meet_the_indicator_of_the_package(page):
    [row] = table(page, "Vos propos et vos indicateurs, par thème et territoire")[1:]
    # 80 of 200 against 60 % in the region: two obstacles and an unfavourable indicator agree.
    assert row[0] == "Vaccination"
    assert "2 obstacles" in row[2]
    assert "80 sur 200 ; repère 60,0" in row[4]
    assert row[5] == "convergence"


def test_fictional_examples_are_marked_in_their_captions(page):
    captions = [item.get_text() for item in page.select("caption, figcaption")]
    assert sum("Exemple fictif" in caption for caption in captions) >= 5
    for item in page.select("div.table-region"):
        if "fictif" in item.get_text() and "Exemple fictif" not in item.caption.get_text():
            assert "Données de la figure" in item.caption.get_text()


def test_the_letters_and_the_interviewed_are_never_in_the_real_example(page):
    rows = table(page, "CPTS nommées et EPCI : population de chacun et des deux")
    named = PROJECT.table("aura2022/cpts_region")
    interviewed = {f"CPTS {name}" for name in named.loc[named["cpts"].notna(), "name_printed"]}
    assert not interviewed & {row[0] for row in rows}


def test_a_package_without_register_or_material_says_so_in_a_sentence():
    empty = own.register(PROJECT)
    said = own.register_shown(empty, at="2022-06-30", year=2023)
    assert unescape(said.html) == f"<p>{own.NO_REGISTER}</p>"
    assert unescape(shown.short_form(material.load(PROJECT)).html).startswith(
        "<p>Ce paquet n'a pas de matériau codé"
    )
    assert own.NO_REGISTER in unescape(own.faults_shown(empty).html)
    assert own.NO_REGISTER in unescape(own.sizes_shown(empty, "c", at="2022-06-30", year=2023).html)
    assert "Aucune CPTS ne partage" in own.pairs_shown(empty, "c", at="2022-06-30", year=2023).html
    assert own.NO_REGISTER in unescape(own.coverage_shown(empty, at="2025-01-01", year=2023).html)
    assert own.joint_table(PROJECT).empty
