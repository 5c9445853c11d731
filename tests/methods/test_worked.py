"""Worked examples: a dash for what does not apply, refusals in words."""

from __future__ import annotations

import pytest

from helpers.methods import rates, worked


def test_examples_say_a_dash_for_what_does_not_apply_and_refusals_in_words():
    shown = worked.side_by_side([rates.proportion(1, 4, indicator="part")])
    assert shown["Valeur"].tolist() == ["25,00"]
    assert shown["Note"].tolist() == ["—"]
    assert "sort du dénominateur" in worked.refusal("trop", rates.proportion, 30, 25)["Refus"]
    with pytest.raises(AssertionError, match="à revoir"):
        worked.refusal("assez", rates.proportion, 3, 25)
