"""Print of a diagnosis of sixteen communes, with nothing but open data and with every official file: four A4 pages at most."""

from __future__ import annotations

import pytest

from helpers.documents.reproductions import official
from helpers.pipeline import batch, plan
from helpers.territory import communes, downloads, store
from tests.territory import test_diagnosis, test_distances, test_national

A4 = {"format": "A4", "prefer_css_page_size": True}
# The CPTS of Orléans: the metropolis without six communes that the thesis names.
CODES = [code for code in communes.of_epci(official.ORLEANS_METROPOLE) if code not in official.OUTSIDE_CPTSO]


def keep_every_file():
    """A store of these communes: access, census, structures of each category, professionals."""
    categories = test_national.PROJECT.table("open/finess_categories")["category"]
    structures = test_distances.structures(*((code, category) for code in CODES for category in categories))
    professions = ("10-MG", "21", "40", "50", "60", "70", "91")
    access = test_diagnosis.apl(CODES)
    files = {
        "insee-dossier": test_national.census(CODES), "finess": structures.assign(finess=range(len(structures))),
        "rpps": test_national.practice([(code, profession, 2.0) for code in CODES for profession in professions]),
        "apl-generalistes": access, "apl-infirmiers": access.assign(profession="infirmiers"),
        "apl-kinesitherapeutes": access.assign(profession="kinesitherapeutes"),
        "apl-sages-femmes": access.assign(profession="sages_femmes"),
        "apl-dentistes": access.assign(profession="chirurgiens_dentistes"),
    }  # fmt: skip
    for file, table in files.items():
        store.write(file, table, name="2026-05-12", sha256="ab" * 32)


@pytest.mark.parametrize("files", [False, True], ids=["offline", "every file"])
def test_sixteen_communes_print_on_four_pages_with_their_appendices(chromium, tmp_path, monkeypatch, files):
    assert len(CODES) == 16
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "external"))
    if files:
        keep_every_file()
    values = {"communes": ",".join(CODES), "nom": "CPTS'O"}
    (outcome,) = batch.render(plan.reports(("11_diagnostic_territorial",), values), tmp_path)
    assert not outcome.error
    (report,) = [path for path in tmp_path.glob("*.html") if path.name != "index.html"]
    page = chromium.new_page()
    page.goto(report.as_uri())
    assert ("Distance médiane à une pharmacie" in page.inner_text("main")) == files
    folds = page.locator("details.appendix")
    assert folds.count() == 2
    assert page.locator("details.appendix[open]").count() == 0
    as_it_is = page.pdf(**A4)
    # A browser may not know how paper unfolds a fold: opened by hand, they are printed by any.
    folds.evaluate_all("items => items.forEach((item) => { item.open = true; })")
    page.emulate_media(media="print")
    assert page.locator("details.appendix table:visible").count() == 2
    for content in (as_it_is, page.pdf(**A4)):
        assert 2 <= content.count(b"/Type /Page\n") <= 4
    page.close()
