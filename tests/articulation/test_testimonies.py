"""Testimonies counted by role and valence, levels of articulation, means of a CPTS."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import aci, articulation
from helpers.errors import DataError
from tests.project import PROJECT

CODINGS = pd.DataFrame(
    {
        "testimony": ["T1", "T2", "T3", "T1"],
        "coder": [1, 1, 1, 2],
        "role": ["cls", "cpts", "cls", "cls"],
        "valence": ["+", "+", "-", "-"],
        "level": [2, 5, None, 1],
    }
)


def test_testimonies_are_counted_for_one_coder():
    table = articulation.count_testimonies(CODINGS, rows="role", columns="valence", coder=1, order=["+", "-"])
    assert table.to_numpy().tolist() == [["cls", 1, 1, 2], ["cpts", 1, 0, 1], ["Ensemble", 2, 1, 3]]


def test_an_unknown_coder_or_a_double_coding_is_refused():
    with pytest.raises(DataError, match=r"codeur 3 \(codeurs : \[1, 2\]\)"):
        articulation.count_testimonies(CODINGS, rows="role", columns="valence", coder=3)
    with pytest.raises(DataError, match="deux fois"):
        articulation.count_testimonies(pd.concat([CODINGS, CODINGS]), rows="role", columns="valence")


def test_a_testimony_without_relation_has_no_level():
    table = articulation.level_distribution(CODINGS)
    assert table[1].tolist() == [0, 0, 1, 0, 0, 1]
    assert table[2].tolist() == [0, 1, 0, 0, 0, 0]


def test_the_codings_of_the_project_give_the_counts_announced():
    codings = PROJECT.table("coding/testimony_codings")
    roles = articulation.count_testimonies(codings, rows="role", columns="valence").set_index("role")[
        "Ensemble"
    ]
    # 20 CLS, 12 CPTS, 5 agents, 2 health officers, 1 CLS/CLSM, 2 without role: 42 quotes, counted by hand in the text.
    assert roles.to_dict() == {
        "cls": 20, "cpts": 12, "agent_collectivite": 5, "responsable_sante": 2, "non_attribue": 2, "cls_clsm": 1, "Ensemble": 42,
    }  # fmt: skip
    assert articulation.level_distribution(codings)[1].tolist() == [5, 4, 10, 4, 3, 3]
    fifth = codings[(codings["coder"] == 1) & (codings["level"] == 5)]
    assert set(fifth["role"]) == {"cpts"}


def test_means_of_a_cpts_by_hand():
    # Size 1, printed amounts: 50 000 + 80 000 + 50 000 + 20 000 = 200 000, plus the plan 25 000 or its update 12 500.
    situations = articulation.aci_situations(aci.funding("fabrique2022", PROJECT)).loc[1].tolist()
    assert situations == [50_000, 212_500, 225_000, 262_500]
    gap = articulation.means_gap(articulation.aci_situations(aci.funding("fabrique2022", PROJECT)), 30_000)
    first = gap[(gap["size"] == 1) & (gap["situation"] == "Fonctionnement seul")].iloc[0]
    assert first["ratio"] == pytest.approx(5 / 3)
    with pytest.raises(DataError, match="plafond"):
        articulation.means_gap(articulation.aci_situations(aci.funding("fabrique2022", PROJECT)), 0)
