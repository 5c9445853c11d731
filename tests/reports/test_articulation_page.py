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
    made = batch.render(plan.reports(["02"], {"paquet": str(package(out / "mien"))}), out)
    return read(out, {outcome.report.name: outcome for outcome in made})


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
    rows = table(page, "Tonalité des segments selon « rôle » (codeurs réunis)")
    assert {"Coordination de la CPTS", "Agence régionale de santé (ARS)"} <= {row[0] for row in rows[1:]}


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
    assert row[:2] == ["Vaccination", "Notre CPTS"]
    assert "2 obstacles" in row[2]
    assert "80 sur 200 ; repère 60,0" in row[4]
    assert row[5] == "convergence"


def essential(soup):
    return [plain(item) for item in soup.select("section.brief p") if plain(item)]


def test_the_first_screen_and_the_first_sections_are_about_the_package(page):
    assert "Notre CPTS" in plain(page.h1)
    said = essential(page)
    compared = next(
        rank for rank, text in enumerate(said) if text.startswith("Pour comparer, dans les documents")
    )
    assert compared > 0
    assert not any("Fabrique" in text or "Auvergne" in text for text in said[:compared])
    titles = [plain(item) for item in page.main.find_all("h2")]
    assert titles[1] == "Votre sol : qui couvre quoi"
    assert titles.index("Vos entretiens") < next(
        n for n, title in enumerate(titles) if title.startswith("Qui rencontre qui")
    )


@pytest.fixture(scope="module")
def example(example_reports):
    """Page of the package that `cpts new --example` writes: three schemes, nine links, six interviews."""
    return read(*example_reports)


def test_a_package_with_links_is_told_by_name_with_its_highest_degree_done(example):
    said = essential(example)
    assert said[0].startswith(
        "3 dispositifs sur 3 ont un lien déclaré avec vos CPTS : Contrat local de santé"
    )
    assert "degré le plus étroit qui soit fait est 4, action commune" in said[1]
    text = text_of(example)
    assert "cls-exemple" not in text
    rows = table(example, "Vos liens, un par un")
    assert any(row[2].startswith("souhaité") and "degré" not in row[2] for row in rows[1:])
    assert not any(row[2].startswith(("prévu", "souhaité")) and "degré" in row[2] for row in rows[1:])


@pytest.fixture(scope="module")
def documents(reports):
    """Page of the project itself."""
    return read(*reports)


def read(out, outcomes):
    assert outcomes["02_articulation_dts"].error == ""
    [report] = out.glob("02_*.html")
    soup = BeautifulSoup(report.read_text(encoding="utf-8"), "html.parser")
    for block in soup(["style", "pre", "code"]):
        block.decompose()
    return soup


def test_the_first_screen_of_the_documents_gives_the_three_answers(documents):
    said = essential(documents)
    assert "1 cite un CLS, aucune un CLSM et aucune un ASV" in said[0]
    assert (
        "5 sur 5, moyens ou gouvernance partagés : avec un CLS (bureau partagé ; Fabrique 2022, l. 384)"
        in said[1]
    )
    assert "de 1,7 à 3,0 fois moins" in said[2]
    titles = [plain(item) for item in documents.main.find_all("h2")]
    assert not [title for title in titles if title.startswith(("Vos ", "Votre "))]


def test_no_sentence_contradicts_the_documents(documents):
    text = text_of(documents)
    # Navinel l. 791 and note 1 give the communes of the CPTS Orléanaise: one perimeter is published.
    assert "la liste des communes de 1 d'entre eux" in text
    assert "de 0 d'entre eux" not in text
    assert "« CPTS Orléanaise »" in text
    # The ratio that put all the money of missions against one post is gone, and so are intervals on chosen CPTS.
    assert "11,6 fois" not in text
    assert "% des 16 CPTS" not in text
    # DTS stand first in the network, whatever their count.
    network = table(documents, "Seize CPTS et tous leurs partenaires cités")
    assert [row[0] for row in network[1:4]] == ["CLS", "CLSM", "ASV"]
    assert network[1][1:].count("●") == 1
    # A wish has no degree anywhere.
    kept = table(documents, "Les quarante-deux témoignages, valeur retenue")
    assert not [row for row in kept[1:] if row[4] in ("souhaité", "prévu") and row[5] != "—"]
    assert "aucune personne ne l'a fait" in text


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
