"""The user's own coded material, from a package of the model's shape to the report."""

from __future__ import annotations

import json
from html import unescape

import pandas as pd
import pytest

from helpers import catalog, material
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.intake.deposit import deposit
from helpers.material import agreement, coefficients, corpus, shown
from helpers.pipeline import batch, plan
from tests.material.sound import held

CODES = pd.DataFrame(
    {
        "code": ["moyens", "argent", "temps"],
        "parent": [None, "moyens", "moyens"],
        "label_fr": ["Moyens", "Argent", "Temps"],
    }
)
SOURCES = pd.DataFrame({"source": ["E2", "E1", "E3"], "rank": [2, 1, 3]})
ROWS = [("1", "E1", "argent"), ("2", "E1", "temps"), ("3", "E2", "temps"), ("4", "E3", "argent")]
SECRET = "propos qui ne doit pas paraître"


def segments(*coders: str) -> pd.DataFrame:
    rows = [(*row, coder, "obstacle", SECRET) for coder in coders for row in ROWS]
    return pd.DataFrame(rows, columns=["segment", "source", "code", "coder", "valence", "text"])


@pytest.fixture
def package(tmp_path):
    descriptor = {
        "name": "essai",
        "extends": catalog.Package(catalog.DEFAULT_FOLDER).descriptor["name"],
        "resources": [],
    }
    (tmp_path / "paquet").mkdir()
    (tmp_path / "paquet" / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    two = segments("K", "L")
    # The second coder reads one segment otherwise.
    two.loc[(two["coder"] == "L") & (two["source"] == "E2"), "code"] = "argent"
    deposit(
        {"material/codes": CODES, "material/sources": SOURCES, "material/segments": two}, tmp_path / "paquet"
    )
    return tmp_path / "paquet"


def test_grid_follows_the_reading_order():
    grid = material.presence_in(held(segments("K"), CODES, SOURCES))
    assert material.accumulation_in_order(grid)["value"].tolist() == [3, 3, 3]


def test_agreement_on_segments_then_on_sources():
    two = segments("K", "L")
    two.loc[(two["coder"] == "L") & (two["source"] == "E2"), "code"] = "argent"
    found = material.between_coders(held(two, CODES))
    raw = found[found["statistic"] == coefficients.RAW].set_index("indicator")
    assert raw.loc["argent", ["numerator", "denominator"]].tolist() == [3, 4]
    assert (found["unit_compared"] == "segment").all()
    # A parent on every segment is one category only: undefined, said so.
    parent = found[(found["indicator"] == "moyens") & (found["statistic"] == coefficients.KAPPA)].iloc[0]
    assert parent["note"].startswith("non défini")
    apart = two.assign(segment=two["segment"] + two["coder"])
    assert (material.between_coders(held(apart, CODES))["unit_compared"] == "source").all()
    with pytest.raises(NotComputable, match="deux codeurs : aucun accord"):
        material.between_coders(held(segments("K"), CODES))
    apart = two[(two["coder"] == "K") == (two["source"] == "E1")]
    assert not agreement.comparable(held(apart, CODES))
    assert agreement.comparable(held(two, CODES))


def test_the_summary_counts_segments_once():
    said = material.summary(held(segments("K", "L"), CODES)).replace("\u00a0", " ")
    assert said == (
        "Votre matériau codé : 3 sources, 3 codes dont 2 en usage, 4 segments par 2 codeurs "
        "(un passage lu par plusieurs compte une fois)."
    )


def test_one_code_that_is_used_has_no_share_of_use():
    one = CODES[CODES["code"] == "argent"].assign(parent=None)
    rows = segments("K")
    said = material.summary(held(rows[rows["code"] == "argent"], one)).replace("\u00a0", " ")
    assert "1 code, 2 segments par 1 codeur" in said
    flat = CODES[CODES["code"] != "moyens"].assign(parent=None)
    assert "2 codes, tous en usage, 4 segments" in material.summary(held(rows, flat)).replace("\u00a0", " ")


def test_the_first_sentences_answer_what_is_said_and_how_far_coders_agree():
    two = segments("K", "L")
    two.loc[(two["coder"] == "L") & (two["source"] == "E2"), "code"] = "argent"
    told = unescape(shown.essential(held(two, CODES), otherwise=[]).html).replace("\u00a0", " ")
    assert told.startswith("<p>Les codes les plus présents sont")
    # Three segments of four are read alike under each of the two codes.
    assert "2 codeurs, code par code, sur 4 segments : accord brut de 0,75" in told
    assert "La dernière source n'apporte aucun code nouveau sur 3." in told
    alone = shown.essential(held(segments("K"), CODES), otherwise=[]).html
    assert agreement.ONE_CODER in unescape(alone)


def test_a_role_and_a_cpts_are_shown_by_their_names(package):
    folder = package / "cpts"
    attributes = pd.DataFrame(
        [
            ("E1", "role", "medecin"),
            ("E2", "role", "presidence"),
            ("E1", "cpts", "a"),
            ("E1", "age", "medecin"),
        ],
        columns=["source", "attribute", "value"],
    )
    deposit({"material/attributes": attributes}, package)
    own = material.load(Study(str(package)))
    assert own.attribute_values("role").tolist() == ["Présidence de la CPTS", "Médecin", "non indiqué"]
    assert own.attribute_values("age").loc["E1"] == "medecin", "another attribute keeps what was typed"
    assert own.attribute_values("cpts").loc["E1"] == "a", "a CPTS without a name keeps its code"
    assert not folder.exists()
    html = shown.by_attribute(own).html
    assert "selon « rôle »" in html
    assert "selon « CPTS »" in html


def test_the_report_shows_the_material_and_never_its_words(package, tmp_path):
    outcomes = batch.render(plan.reports(["04"], {"paquet": str(package)}), tmp_path / "out")
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    page = next((tmp_path / "out").glob("04*.html")).read_text(encoding="utf-8")
    assert "Segments par code et par source" in page
    assert "Accord de vos codeurs, code par code" in page
    assert "La dernière source n'apporte aucun code nouveau sur" in unescape(page)
    essential = page.partition(' id="l-essentiel"')[2]
    told = [
        essential.index(said)
        for said in ("Les codes les plus présents", "accord brut", "Votre matériau codé")
    ]
    assert told == sorted(told), "the codes named first answer the question of the page"
    assert corpus.NO_MATERIAL not in page
    assert SECRET not in page
    notebook = next((tmp_path / "out").glob("04*.ipynb")).read_text(encoding="utf-8")
    assert SECRET not in notebook
