"""Pages: hostile content is shown as text, French typography, contents, parameters, index."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.documents import claims
from helpers.page import display
from helpers.pipeline import citation, index, render, searchable, store, typeset
from helpers.pipeline.parameters import Notebook, Parameter

HOSTILE = [
    "<script>alert(1)</script>",
    "</style></title></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "[lien](javascript:alert(1))",
    "=HYPERLINK(1)",
    "\u202egauche à droite\u202c",
    "x" * 10_000,
    "👩🏽‍⚕️ CPTS",
    "moitié \ud83d de caractère",
    "nul \x00 et cloche \x07",
]


def report(*cells, title="Essai", parameters=(), values=None):
    node = nbformat.v4.new_notebook(cells=list(cells))
    notebook = Notebook(Path("09_essai.ipynb"), title, "Oui ?", tuple(parameters))
    return render.html(node, notebook, values or {})


def code(source, *outputs):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs))


def shown(**data):
    return nbformat.v4.new_output("display_data", data=data)


def markdown(text):
    return nbformat.v4.new_markdown_cell(text)


def soup(page):
    return BeautifulSoup(page, "html.parser")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].encode("ascii", "replace").decode())
def test_hostile_content_is_text_everywhere(text):
    import pandas as pd

    data = pd.DataFrame({"a": pd.Series([text], dtype=object), "b": [1]})
    table = display.table(data, text, heads={"a": text}, source=text, note=text)
    outputs = [
        shown(**table._repr_mimebundle_()),
        shown(**{"text/plain": text}),
        shown(**{"text/markdown": text}),
        nbformat.v4.new_output("stream", name="stdout", text=text),
        nbformat.v4.new_output("error", ename=text, evalue=text, traceback=[]),
    ]
    parameter = Parameter("nom", "", f"Nom {text}")
    page = report(
        markdown("# Essai"),
        code(repr(text), *outputs),
        title=text,
        parameters=[parameter],
        values={"nom": text},
    )
    page.encode("utf-8")
    found = soup(page)
    assert found.find_all(["script", "iframe", "object", "base", "link"]) == []
    assert len(found.find_all("style")) <= 2
    assert [tag for tag in found.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
    assert [tag["href"] for tag in found.find_all("a", href=True) if "script:" in tag["href"].lower()] == []
    assert all(image["src"].startswith("data:") for image in found.find_all("img"))
    assert found.footer
    assert found.find("nav")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].encode("ascii", "replace").decode())
def test_hostile_content_is_text_in_the_index(text, tmp_path):
    reports = [{"slug": "09_essai", "title": text, "question": text, "error": text, "exists": False}]
    page = index.page(reports, [], claims.VERDICTS)
    store.write(tmp_path / "index.html", page)
    found = soup(page)
    assert len(found.find_all("script")) == 1
    assert [tag for tag in found.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
    assert found.find_all("img") == []


def test_half_a_character_is_written_and_json_reads_it_back(tmp_path):
    import json

    store.write(tmp_path / "a.ipynb", json.dumps({"a": "\ud83d"}, ensure_ascii=False))
    assert json.loads((tmp_path / "a.ipynb").read_text(encoding="utf-8")) == {"a": "\ud83d"}


def test_summary_comes_right_after_the_title_and_keeps_its_place_in_the_contents():
    page = soup(
        report(
            markdown("# Essai\n\n**Question.** Oui ?"),
            code("from helpers import catalog"),
            markdown("## En bref"),
            markdown("Deux mots."),
            markdown("## Suite"),
        )
    )
    brief = page.select_one("section.brief")
    assert "Deux mots." in brief.get_text()
    assert "Suite" not in brief.get_text()
    text = page.main.get_text(" ")
    assert text.index("Oui\u202f?") < text.index("En bref") < text.index("Suite") < text.index("catalog")
    links = [link["href"] for link in page.select("nav.wide a")]
    assert links == ["#en-bref", "#suite", "#pour-verifier"]
    assert page.select_one("nav.narrow details").get("open") is None


def test_headings_have_unique_anchors_and_a_page_always_has_a_title():
    page = soup(report(markdown("## Été & santé"), markdown("## Été & santé"), markdown("## Contenu")))
    assert page.h1.get_text() == "Essai"
    anchors = [heading["id"] for heading in page.main.find_all("h2", id=True)]
    assert anchors == ["ete-sante", "ete-sante-2", "contenu-2"]
    identifiers = [tag["id"] for tag in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))


def test_parameters_are_told_in_french():
    parameters = [
        Parameter("confiance", 0.95, "Niveau de confiance [0,5 ; 0,999]"),
        Parameter("apres", True, "Ajouter la suite"),
        Parameter("documents", ["miller2022"], "Documents"),
        Parameter("bareme", "aura2022", "Barème"),
        Parameter("paquet", "", "Dossier"),
    ]
    cell = code("confiance = 0.95")
    cell.metadata["tags"] = ["parameters"]
    page = soup(report(markdown("# Essai"), cell, parameters=parameters, values={"confiance": 0.9}))
    box = page.select_one("dl.parameters")
    assert [item.get_text() for item in box.find_all("dt")] == [
        "Niveau de confiance",
        "Ajouter la suite",
        "Documents",
        "Barème",
        "Dossier",
    ]
    assert [item.get_text() for item in box.find_all("dd")] == [
        "0,9",
        "oui",
        "Miller 2022",
        "Thèse AURA 2022",
        "(aucun)",
    ]


def test_typeset_leaves_tags_style_script_and_code():
    page = '<p title="a : b">a : b ; c ?</p><style>a : b</style><script>a ? b : c</script><pre><code>d : e</code> f : g</pre>'
    assert typeset.typeset(page) == page.replace(">a : b ; c ?<", ">a\u00a0: b\u202f; c\u202f?<")


def test_tables_of_prose_scroll_and_have_scopes():
    page = soup(report(markdown("# Essai\n\n| a | b |\n|---|--:|\n| 1 | 2 |")))
    region = page.select_one("div.prose-table")
    assert region["tabindex"] == "0"
    assert all(head["scope"] == "col" for head in region.find_all("th"))


def test_foot_cites_the_tables_and_the_date_of_the_data_with_a_stable_mark():
    cells = [markdown("# Essai"), code('catalog.load("miller2022/territories", "")')]
    page = report(*cells)
    assert page == report(*cells)
    foot = soup(page).footer.get_text(" ", strip=True)
    for words in ("Miller D. (2022)", "Tableaux lus par ce carnet (1)", "Licence Ouverte", "EUPL"):
        assert words in foot
    assert "Lainé" not in foot
    assert "document publié en 2022" in foot
    marks = [soup(text).footer.code.get_text() for text in (page, report(*cells, markdown("Un mot.")))]
    assert marks[0] != marks[1]
    assert all(re.fullmatch("[0-9a-f]{12}", mark) for mark in marks)


def test_index_allows_its_script_by_checksum_and_hides_the_box_without_it():
    page = index.page([], [], claims.VERDICTS)
    found = soup(page)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = found.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "hidden" in found.select_one(".search").attrs


def test_index_tells_failures_with_their_reason_and_the_totals_in_words():
    reports = [
        {"slug": "01_a", "title": "Un", "question": "?", "error": "cellule 3, ValueError", "exists": True},
        {"slug": "02_b", "title": "Deux", "question": "?", "error": "", "exists": True},
    ]
    row = {"label": "Miller 2022", "document": "miller2022", "total": 4}
    row |= {
        "reproduit": 2,
        "arrondi": 0,
        "compatible": 0,
        "écart": 1,
        "incompatible": 0,
        "non reproductible": 1,
    }
    page = soup(index.page(reports, [row], claims.VERDICTS))
    failures = page.select("section.failures li")
    assert len(failures) == 1
    assert "cellule 3, ValueError" in failures[0].get_text()
    assert "dernier réussi" in failures[0].get_text()
    bar = page.select_one("svg.bar")
    words = (
        "Miller 2022 : 4 chiffres vérifiés ; 2 reproduit, 0 arrondi, 0 compatible, 1 écart, 0 incompatible, "
        "1 non reproductible"
    )
    assert bar["aria-label"].replace("\u00a0", " ") == words
    assert sum(float(part["width"].rstrip("%")) for part in bar.find_all("rect")) == pytest.approx(100)


def card(slug, **more):
    return {"slug": slug, "title": slug.title(), "question": "Oui ?", "error": "", "exists": True, **more}


def test_index_groups_the_reports_by_what_a_reader_wants_and_tells_the_age_of_the_data():
    reports = [
        card("00_registre", use="verifier"),
        card("01_tableaux", use="comprendre", dated="Documents publiés de 2020 à 2022."),
        card("07_monographie", use="ma-cpts"),
        card("02_absent", use="comprendre", exists=False),
    ]
    page = soup(index.page(reports, [], claims.VERDICTS))
    heads = [head.get_text() for head in page.main.find_all("h2")]
    assert heads == ["Comprendre les CPTS", "Travailler sur ma CPTS", "Vérifier un document"]
    assert [item.get_text() for item in page.select(".cards h3")] == [
        "01_Tableaux",
        "07_Monographie",
        "00_Registre",
    ]
    assert page.select_one(".cards .dated").get_text() == "Documents publiés de 2020 à 2022."


def test_index_of_a_user_shows_the_users_reports_first_and_no_dead_card():
    variants = [{"slug": "07_m--cpts-mauges", "title": "Monographie : CPTS des Mauges", "sections": []}]
    reports = [
        card("01_tableaux", use="comprendre"),
        card("02_absent", use="comprendre", exists=False),
        card("07_m", use="ma-cpts", package=".", exists=False, variants=variants),
    ]
    page = soup(index.page(reports, [], claims.VERDICTS))
    assert [head.get_text() for head in page.main.find_all("h2")] == ["Vos rapports", "Comprendre les CPTS"]
    links = [link["href"] for link in page.select(".cards a")]
    assert links == ["07_m--cpts-mauges.html", "01_tableaux.html"]
    assert len(links) == len(page.select(".cards > li"))
    assert "Vos rapports" in page.main.p.get_text()


def test_index_says_which_reports_are_those_of_the_fictitious_package():
    example = card("exemple/07_m", title="Monographie : CPTS du Nord (exemple fictif)", variants=[])
    page = soup(index.page([card("07_m", use="ma-cpts")], [], claims.VERDICTS, examples=[example]))
    heads = [head.get_text() for head in page.main.find_all("h2")]
    assert heads == ["Travailler sur ma CPTS", "Un exemple\u00a0: trois CPTS fictives"]
    assert [link["href"] for link in page.select(".cards a")] == ["07_m.html", "exemple/07_m.html"]


def test_index_folds_the_names_of_a_large_batch():
    variants = [
        {"slug": f"07_m--{number}", "title": f"07_m--{number}", "sections": []} for number in range(30)
    ]
    page = soup(index.page([card("07_m", variants=variants, exists=False)], [], claims.VERDICTS))
    assert len(page.select(".cards > li")) == 1
    assert page.select_one(".cards summary").get_text() == "30 rapports par valeur"
    assert len(page.select(".cards details a")) == 30


def test_what_the_search_looks_through_is_in_the_page_without_accents():
    text = "<main><h1>Été</h1><p>La densité.</p><pre>code_cache()</pre><h2 id='x'>n</h2>"
    text += '<h2 id="offre">Offre &amp; soins</h2><p>Œuvre, médecins.</p></main>'
    found = searchable.sections(text)
    assert [item[:2] for item in found] == [["", ""], ["offre", "Offre & soins"]]
    assert {"densite", "ete"} <= set(found[0][2].split())
    assert "cache" not in found[0][2]
    assert set(found[1][2].split()) == {"oeuvre", "medecins", "offre", "soins"}
    page = soup(index.page([card("01_a", sections=found)], [], claims.VERDICTS))
    lines = page.select("#passages li")
    assert [line.a["href"] for line in lines] == ["01_a.html", "01_a.html#offre"]
    assert all("hidden" in line.attrs for line in lines)


@pytest.mark.parametrize(
    ("years", "date", "own", "expected"),
    [
        ("2020 à 2022", "3 mars 2026", False, "Données du 3 mars 2026 ; documents publiés de 2020 à 2022."),
        ("2022", "", False, "Document publié en 2022."),
        ("2022", "3 mars 2026", True, "Données du 3 mars 2026."),
        ("2022", "", True, ""),
    ],
)
def test_age_of_the_data_is_that_of_the_user_in_a_users_report(years, date, own, expected):
    cited = citation.Citation((), (), years, "", "", date, "")
    assert replace(cited, of_user=own).age == expected
