"""Counts of coded material against counts made by hand, under each rule."""

import re

import pandas as pd
import pytest

from helpers import material
from helpers.errors import DataError, NotComputable, UnknownName
from helpers.material import counting, shown
from helpers.page import display
from tests.material.sound import held

SEGMENTS = pd.DataFrame(
    [
        ("1", "E1", "argent", "K"), ("1", "E1", "temps", "K"), ("2", "E1", "aci", "K"), ("1", "E2", "aci", "K"),
        ("1", "E2", "argent", "K"), ("2", "E2", "temps", "L"), ("1", "E3", "temps", "K"), ("1", "E3", "temps", "L"),
    ],
    columns=["segment", "source", "code", "coder"],
)  # fmt: skip
CODES = pd.DataFrame(
    {
        "code": ["moyens", "argent", "aci", "temps", "rien"],
        "parent": [None, "moyens", "argent", "moyens", None],
    }
)
ATTRIBUTES = pd.DataFrame(
    [("E1", "métier", "médecin"), ("E2", "métier", "infirmière")], columns=["source", "attribute", "value"]
)
RANKED = pd.DataFrame({"source": ["E3", "E2", "E1"], "rank": [3, 2, 1]})
OWN = held(SEGMENTS, CODES, RANKED, ATTRIBUTES)
# Segments and sources of "moyens", "argent", "aci", "temps", "rien", by hand. The first segment of E1 has two children of
# "moyens", the first of E2 has "aci" under "argent"; the segment of E3 was coded by K and by L.
BY_HAND = {
    ("together", "with"): [(5, 3), (3, 2), (2, 2), (3, 3), (0, 0)],
    ("together", "without"): [(0, 0), (2, 2), (2, 2), (3, 3), (0, 0)],
    ("each", "with"): [(6, 3), (3, 2), (2, 2), (4, 3), (0, 0)],
    ("each", "without"): [(0, 0), (2, 2), (2, 2), (4, 3), (0, 0)],
}


@pytest.mark.parametrize("rule", list(BY_HAND))
def test_each_rule_has_its_counts(rule):
    coders, parents = rule
    table = material.counts(OWN, coders=coders, parents=parents)
    assert table["code"].tolist() == CODES["code"].tolist()
    assert list(zip(table["segments"], table["sources"], strict=True)) == BY_HAND[rule]
    assert (table["n_sources"] == 3).all()


@pytest.mark.parametrize("rule", list(BY_HAND))
def test_the_sources_add_up_to_the_whole(rule):
    coders, parents = rule
    cells = material.counts(OWN, by=("code", "source"), coders=coders, parents=parents)
    assert len(cells) == 5 * 3
    assert cells.groupby("code", sort=False)["segments"].sum().tolist() == [
        number for number, _ in BY_HAND[rule]
    ]
    assert (cells["segments"] > 0).groupby(cells["code"], sort=False).sum().tolist() == [
        sources for _, sources in BY_HAND[rule]
    ]


def test_the_short_form_is_the_end_of_the_table_by_source():
    wide = material.wide(OWN, "code", "source")
    assert wide.columns.tolist() == ["code", "E1", "E2", "E3", "Segments", "Sources"]
    assert wide.to_numpy().tolist()[:2] == [
        ["Moyens", 2, 2, 1, 5, 3],
        ["Moyens › Argent", 2, 1, 0, 3, 2],
    ]
    pd.testing.assert_frame_equal(
        material.short(OWN), wide[["code", "Segments", "Sources"]], check_dtype=False
    )


def test_codes_that_nobody_used_can_be_left_out():
    assert material.wide(OWN, "code", "source", used=True)["code"].tolist() == [
        "Moyens", "Moyens › Argent", "Moyens › Argent › Aci", "Moyens › Temps",
    ]  # fmt: skip


def test_one_coder_only():
    table = material.counts(OWN, coder="L").set_index("code")
    assert table.loc["temps", "segments"] == 2
    assert table.loc["argent", "segments"] == 0
    by_coder = material.counts(OWN, by=("code", "coder")).set_index(["code", "coder"])["segments"]
    assert by_coder["temps"].to_dict() == {"K": 2, "L": 2}


def test_attributes_keep_sources_that_do_not_say():
    table = material.counts(OWN, by=("code", "attribute"), attribute="métier").set_index(
        ["code", "attribute"]
    )
    assert table.loc[("temps", "médecin")].tolist() == [1, 1, 1]
    assert table.loc[("temps", "non indiqué")].tolist() == [1, 1, 1]
    assert table.loc[("argent", "non indiqué")].tolist() == [0, 0, 1]


def test_valences_by_attribute_by_hand():
    segments = SEGMENTS.assign(
        valence=["obstacle", "levier", None, None, "obstacle", "obstacle", "levier", "levier"]
    )
    own = held(segments, CODES, RANKED, ATTRIBUTES)
    table = material.wide(own, "attribute", "valence", attribute="métier").set_index("attribute")
    assert table.columns.tolist() == [
        "levier",
        "obstacle",
        "neutre",
        "proposition",
        "non codée",
        "Segments",
        "Sources",
    ]
    # The first segment of E1 is obstacle under one code and lever under another: under each, and once in the whole.
    assert table.loc["médecin"].tolist() == [1, 1, 0, 0, 1, 2, 1]
    assert table.loc["infirmière"].tolist() == [0, 2, 0, 0, 1, 2, 1]
    assert table.loc["non indiqué"].tolist() == [1, 0, 0, 0, 0, 1, 1]
    each = material.wide(own, "attribute", "valence", attribute="métier", coders="each").set_index(
        "attribute"
    )
    assert each.loc["non indiqué"].tolist() == [2, 0, 0, 0, 0, 2, 1]


def test_cooccurrence_in_segments_and_in_sources():
    flat = held(SEGMENTS)
    segments = material.cooccurrence(flat).set_index(["first", "second"])
    assert segments.loc[("argent", "temps")].tolist() == [1, 4, 0.25]
    assert segments.loc[("argent", "aci")].tolist() == [1, 3, 1 / 3]
    sources = material.cooccurrence(flat, unit="source").set_index(["first", "second"])
    assert sources.loc[("argent", "temps")].tolist() == [2, 3, 2 / 3]


def test_a_code_and_its_ancestor_do_not_cooccur():
    pairs = {frozenset(pair) for pair in material.cooccurrence(OWN)[["first", "second"]].to_numpy()}
    assert pairs == {frozenset({"argent", "temps"})}


def test_refusals():
    with pytest.raises(UnknownName, match="Codeur"):
        material.counts(OWN, coder="M")
    with pytest.raises(UnknownName, match="métier"):
        material.counts(OWN, by=("attribute",), attribute="metier")
    with pytest.raises(UnknownName, match="Dimension"):
        material.counts(OWN, by=("page",))
    with pytest.raises(UnknownName, match="Règle de comptage"):
        material.counts(OWN, coders="both")
    with pytest.raises(UnknownName, match="Règle de comptage"):
        material.counts(OWN, parents="maybe")
    with pytest.raises(NotComputable, match="l'unité est"):
        material.cooccurrence(OWN, unit="page")


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        (CODES.iloc[[0, 3]].assign(parent=None), "nomme un code inconnu du livre de codes"),
        (CODES.iloc[1:], "nomme un code parent qui n'existe pas"),
        (
            CODES.assign(parent=["temps", "moyens", "argent", "moyens", None]),
            "rend ce code son propre ancêtre",
        ),
    ],
)
def test_a_faulty_material_does_not_exist(codes, sentence):
    with pytest.raises(DataError, match=sentence):
        held(SEGMENTS, codes)


def test_the_caption_says_the_rule():
    assert counting.rule("Segments") == "Segments (codeurs réunis, codes parents avec leurs enfants)"
    assert counting.rule("Segments", coders="each", parents="without") == (
        "Segments (chaque codeur compté, codes parents sans leurs enfants)"
    )
    for part in (shown.by_code(OWN), shown.by_attribute(OWN), shown.together(OWN)):
        assert "codeurs réunis, codes parents avec leurs enfants" in display.french.typography(part.html)
    assert counting.rule("Segments par code et par source") == shown.by_source(OWN).caption


def test_a_material_that_is_empty_is_silent():
    none = held(SEGMENTS.head(0), CODES)
    for part in (shown.by_code, shown.by_source, shown.by_attribute, shown.together, shown.saturation_curve):
        assert part(none) is None
    assert shown.coders_agreement(none) is None
    assert shown.short_form(none).html.count("<p>") == 1
    assert shown.by_attribute(held(SEGMENTS, CODES)) is None


def test_one_source_is_no_curve():
    alone = held(SEGMENTS[SEGMENTS["source"] == "E1"], CODES)
    assert shown.NO_CURVE in shown.saturation_curve(alone).html


def test_the_leading_codes_are_in_no_more_sources_than_segments():
    told = counting.leading_sentence(held(SEGMENTS, CODES, RANKED, ATTRIBUTES))
    pairs = re.findall(r"\((\d+)\u00a0segments?, (\d+)\u00a0sources?\)", told)
    assert pairs
    assert all(int(sources) <= int(segments) for segments, sources in pairs)
