"""The page of trends is whole with and without the files to download, and both tell the same verdicts."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from helpers import downloads
from helpers.pipeline import batch
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared" / "data" / "external"
ADVICE = "Lancez « cpts get »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")

pytestmark = pytest.mark.xdist_group("trends")


def rendered(out, folder, monkeypatch, **values):
    monkeypatch.setenv(downloads.PLACE, str(folder))
    outcome = batch.render(["03"], values, out=out)[0]
    assert outcome.error == ""
    page = BeautifulSoup((out / "03_tendances_indicateurs.html").read_text(encoding="utf-8"), "html.parser")
    for block in page(["style", "pre", "code"]):
        block.decompose()
    return outcome, page


def prose(page):
    return page.get_text().replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def test_without_the_files_the_page_says_what_is_missing_and_how_to_get_it(tmp_path, monkeypatch):
    outcome, page = rendered(tmp_path / "out", tmp_path / "vide", monkeypatch)
    assert ADVICE in prose(page)
    assert "ind-589.csv" in page.get_text()
    assert len(page.find_all("img")) >= 6
    assert str(tmp_path) not in page.get_text()
    if not SHARED.is_dir():
        pytest.skip("le dossier des copies (miroir) n'est pas sur cette machine")
    filled, whole = rendered(tmp_path / "out2", SHARED, monkeypatch)
    assert ADVICE not in prose(whole)
    assert len(whole.find_all("img")) == len(page.find_all("img")) + 5
    assert filled.records == outcome.records


@pytest.mark.skipif(not SHARED.is_dir(), reason="le dossier des copies (miroir) n'est pas sur cette machine")
def test_every_parameter_of_the_coverage_is_obeyed(tmp_path, monkeypatch):
    values = {"niveau": "région", "periodes": "2024-03,2024-09", "indicateur": "IND-587", "reference": "médiane"}
    _, page = rendered(tmp_path, SHARED, monkeypatch, **values, confiance="0.9", rupture="2021-06")
    text = prose(page)
    assert "service d'accès aux soins" in text
    assert "septembre 2024" in text
    assert "octobre 2023" not in text.split("Les maisons de santé, semestre")[0].split("La couverture, département")[1]
    assert "avant juin 2021" in text
