"""Words of interviewees cut to a length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.material import verbatims


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
