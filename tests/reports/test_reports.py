"""Every notebook runs from a fresh kernel, tells its verdicts and becomes a page that stands alone."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from helpers import catalog
from helpers.documents import claims
from helpers.files import grid
from helpers.pipeline import batch, parameters, plan, run, summary
from tests.pipeline import making
from tests.project import PROJECT

SLUGS = [notebook.slug for notebook in parameters.notebooks()]


@pytest.fixture(params=SLUGS)
def page(request, reports, parsed):
    return parsed(reports[0] / f"{request.param}.html")


def test_every_notebook_runs(reports):
    assert {slug: outcome.error for slug, outcome in reports[1].items() if outcome.error} == {}
    assert (reports[0] / "index.html").exists()


def test_the_ledger_has_every_claim_once(reports):
    ledger = grid.exact(reports[0] / "registre.csv").frame()
    assert ledger["claim_id"].tolist() == claims.register(PROJECT).index.tolist()
    assert set(ledger["verdict"]) == set(claims.VERDICTS)


def test_the_ledger_in_git_is_the_one_the_notebooks_give(reports):
    stored = (batch.DEFAULT_OUT / "registre.csv").read_text(encoding="utf-8")
    assert stored == (reports[0] / "registre.csv").read_text(encoding="utf-8"), (
        "lancez « make reports » et relisez le diff"
    )


def test_no_table_is_headed_by_the_raw_name_of_a_field(page):
    packages = (PROJECT.package, catalog.Package(catalog.MODEL_FOLDER))
    tables = [package.table(name) for package in packages for name in package.names()]
    names = {column for table in tables for column in table.columns}
    heads = {" ".join(head.get_text().split()) for head in page.select("thead th")}
    assert heads
    assert heads & names == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_leaks_from_the_machine(reports, slug):
    node = json.loads((reports[0] / f"{slug}.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in node["cells"] for output in cell.get("outputs", [])]
    assert outputs
    assert [output for output in outputs if output["output_type"] in ("stream", "error")] == []
    text = json.dumps(node)
    assert str(batch.DEFAULT_OUT.parents[0]) not in text
    assert "papermill" not in node["metadata"]


def test_page_has_one_title_a_contents_and_landmarks(page):
    assert page.html["lang"] == "fr"
    assert len(page.find_all("h1")) == 1
    assert page.h1.get_text() in page.title.get_text()
    targets = [link["href"][1:] for link in page.select("nav.contents a")]
    assert len(targets) >= 4
    assert all(page.find(id=target) for target in targets)
    assert page.find("main")
    assert page.select_one("a.skip")


def test_the_answer_comes_first_what_serves_to_check_is_folded_and_the_foot_cites(page):
    shown = [tag.name for tag in page.select(".question, section.brief, details.verify, dl.parameters")]
    assert shown == ["div", "section", "details", "dl"]
    assert page.select("section.brief pre, section.brief .verdict") == []
    assert page.select_one("details.verify").get("open") is None
    assert page.select_one("details.verify dl.parameters")
    foot = page.find("footer").get_text(" ", strip=True)
    # Open data alone for a territory, nothing for a gallery.
    drawn = not re.match("Diagnostic|Galerie", page.h1.get_text())
    for word in (*(("Documents",) if drawn else ()), "données version", "Licence", "empreinte"):
        assert word in foot
    assert re.fullmatch(r"[0-9a-f]{12}", page.footer.code.get_text())


def test_page_weighs_less_than_three_megabytes(reports):
    assert all(path.stat().st_size < 3_000_000 for path in reports[0].glob("*.html"))


def test_headings_never_jump_a_level(page):
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_three_figures_or_the_ledger_with_alternative_texts(page):
    images = page.find_all("img")
    # The ledger, a rereading and what holds on two sheets show one; a monograph what its CPTS has values or dates for.
    short = re.match("Registre|Dossier|Monographie|Fiche|Relire", page.h1.get_text())
    assert len(images) >= (1 if short else 3)
    # A figure drawn without the helpers has no text of its own, and says so: the gallery shows one.
    plain = [image for image in images if "sans texte de remplacement" in image["alt"]]
    assert len(plain) == (1 if page.h1.get_text() == "Galerie des figures" else 0)
    for image in (image for image in images if image not in plain):
        assert len(image["alt"]) > 60
        assert re.search(r"\d", image["alt"]), "le texte de remplacement dit au moins un nombre"
        assert image["src"].startswith("data:image/png;base64,")


def test_tables_have_captions_and_scopes(page):
    tables = page.select("div.table-region table")
    assert tables
    for table in tables:
        assert table.caption.get_text(strip=True)
        assert all(cell.has_attr("scope") for cell in table.find_all("th"))


def test_page_asks_nothing_from_elsewhere(page):
    assert page.find_all(["script", "iframe", "link"]) == []
    fetched = [tag.get("src", "") for tag in page.find_all(src=True)]
    assert all(source.startswith("data:") for source in fetched)
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in policy["content"]


def test_no_raw_missing_value_reaches_the_reader(page):
    read = (text for text in page._all_strings() if text.find_parent(["style", "pre", "code"]) is None)
    assert re.findall(r"\b(?:nan|NaN|None|<NA>|NaT)\b", "".join(read)) == []


def test_a_parameter_changes_the_report(reports, tmp_path):
    batch.render(plan.reports(["02"], {"taille": "4"}), tmp_path)
    text = (tmp_path / "02_articulation_dts.html").read_text(encoding="utf-8")
    assert "Pour la taille 4" in text
    assert "Pour la taille 2" not in text


def test_a_failed_report_and_its_reason_are_in_the_index(tmp_path):
    making.notebook(tmp_path / "n", "1 / 0")
    outcomes = batch.render(plan.reports([], {}, folder=tmp_path / "n"), tmp_path / "out")
    summary.write(tmp_path / "out", outcomes, whole=False, folder=tmp_path / "n")
    assert "ZeroDivisionError" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def outcome(slug, *records):
    notebook = parameters.notebooks()[0]
    return batch.Outcome(plan.Report(notebook, {}, slug), ["x"], records=list(records))


def test_a_claim_that_no_notebook_checks_fails_the_run(tmp_path):
    only = outcome("00_registre")
    summary.write(tmp_path, [only], whole=True)
    assert "ne sont vérifiés par aucun carnet" in only.error
    assert not (tmp_path / "registre.csv").exists()


def test_two_notebooks_that_judge_differently_fail_the_run(tmp_path):
    record = {"claim_id": claims.register(PROJECT).index[0], "computed": 1.0, "reason": "", "bases": ""}
    first, second = (
        outcome("a", {**record, "verdict": "reproduit"}),
        outcome("b", {**record, "verdict": "écart"}),
    )
    summary.write(tmp_path, [first, second], whole=True)
    assert "reçoit un autre verdict" in second.error
    assert not (tmp_path / "registre.csv").exists()


def test_two_verdicts_on_one_claim_are_refused():
    import nbformat

    output = nbformat.v4.new_output(
        "display_data",
        data={
            claims.MIME: [{"claim_id": "x", "verdict": "reproduit"}, {"claim_id": "x", "verdict": "écart"}]
        },
    )
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    with pytest.raises(Exception, match="deux verdicts"):
        run.records(node)
