"""Names taken out of the words of interviewees, and words cut to a length."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.material import verbatims

NAMES = ("Élise Roux", "Zélie", "Anne-Lise", "O'Brien", "Lœtitia", "Ben Saïd")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Élise Roux parle.", "[nom] parle."),
        ("elise  ROUX parle", "[nom] parle"),
        ("Elise\nRoux, oui", "[nom], oui"),
        (unicodedata.normalize("NFD", "avec Élise Roux et Zélie"), "avec [nom] et [nom]"),
        ("Zélie", "[nom]"),
        ("d'Zélie, Zélie-Rose", "d'[nom], [nom]-Rose"),
        ("Zélie2 et _Zélie_", "[nom]2 et _[nom]_"),
        ("Zé\u00adlie, Zé\u200blie", "[nom], [nom]"),
        ("anne lise ; Anne–Lise ; ANNE‑LISE", "[nom] ; [nom] ; [nom]"),
        ("O’Brien et O'BRIEN", "[nom] et [nom]"),
        ("Loetitia, LŒTITIA", "[nom], [nom]"),
        ("ben said", "[nom]"),
        ("ZÉLIE 🚐 Zélie", "[nom] 🚐 [nom]"),
        ("Zélies et grizélie restent", "Zélies et grizélie restent"),
        ("Élise et Mme Roux restent", "Élise et Mme Roux restent"),
        ("", ""),
    ],
)
def test_whole_names_whatever_their_writing(text, told):
    assert verbatims.without_names(text, NAMES) == told


def test_the_longest_name_first():
    assert verbatims.without_names("Jean Marie Roux", ["Jean", "Jean Marie Roux"]) == "[nom]"


def test_a_name_of_signs_only_changes_nothing():
    # A line of hyphens is how people part a list.
    for sign in ("\u0301", "  ", "-", "---", "— —"):
        assert verbatims.without_names("a . b - c", [sign]) == "a . b - c"
        assert verbatims.names_in("a . b - c", [sign]) == []
    assert verbatims.without_names("a(b (b", ["(b"]) == "a(b [nom]"


def test_names_that_overlap_are_taken_out_whole():
    names = ["Anne", "Anne-Lise", "Lise Roux"]
    assert verbatims.without_names("Anne-Lise Roux et Anne Roux", names) == "[nom] et [nom] Roux"


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_text_without_the_names_is_left_alone_and_twice_is_once(text, names):
    once = verbatims.without_names(text, names)
    if not verbatims.names_in(text, names):
        assert once == text
    assert verbatims.without_names(text, []) == text


@given(st.text(max_size=700), st.integers(20, 600))
def test_never_longer_than_the_limit(text, length):
    shown = verbatims.shortened(text, length)
    assert len(shown) <= length
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("court", "court"),
        ("exactement vingt car", "exactement vingt car"),
        ("un deux trois quatre cinq", "un deux trois …"),
        ("un deux trois, quatre, cinq", "un deux trois …"),
        ("x" * 30, "x" * 19 + "…"),
        ("un  deux\n\ttrois", "un deux trois"),
    ],
)
def test_cut_at_a_word(text, shown):
    assert verbatims.shortened(text, 20) == shown


def test_the_limits_are_said():
    with pytest.raises(DataError, match="entre 20 et 600 caractères"):
        verbatims.shortened("x", 10)
