"""The page of trends is whole with and without the files to download, and both tell the same verdicts."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from helpers.pipeline import batch, plan
from helpers.territory import downloads
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "data" / "external"
VALUES = {"niveau": "région", "periodes": "2024-03,2024-09", "indicateur": "IND-587", "reference": "médiane"}


def rendered(out, folder, **values):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(downloads.PLACE, str(folder))
        outcome = batch.render(plan.reports(["03"], values), out)[0]
    assert outcome.error == ""
    page = BeautifulSoup((out / "03_tendances_indicateurs.html").read_text(encoding="utf-8"), "html.parser")
    for block in page(["style", "pre", "code"]):
        block.decompose()
    return outcome, page


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return rendered(tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("vide"))


def test_without_the_files_the_page_says_what_is_missing_and_how_to_get_it(bare):
    text = bare[1].get_text()
    assert "cpts get" in text
    assert "ind-589.csv" in text
    assert "absent ou incomplet" in text
    assert "Vos indicateurs" not in text, "cette section est celle d'un paquet"
    assert len(bare[1].find_all("img")) >= 6


@pytest.mark.skipif(not SHARED.is_dir(), reason="le dossier des copies (miroir) n'est pas sur cette machine")
def test_with_the_files_every_parameter_is_obeyed_and_the_ledger_is_the_same(bare, tmp_path):
    outcome, page = rendered(tmp_path, SHARED, **VALUES, confiance="0.9")
    text = page.get_text()
    assert "cpts get" not in text
    assert len(page.find_all("img")) == len(bare[1].find_all("img")) + 6
    assert outcome.records == bare[0].records
    assert "service d'accès aux soins" in text
    assert "septembre 2024" in text
    coverage = text.split("La couverture, département")[-1].split("Les maisons de santé : le même")[0]
    assert "juin 2024" not in coverage
