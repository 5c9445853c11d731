"""What the annexes hold: every row shown once, numbers that the scan lost said lost."""

from __future__ import annotations

import pytest

from helpers.documents import annexes
from tests.project import PROJECT


@pytest.mark.parametrize(
    ("shown", "tables"),
    [
        (annexes.creation_steps, ["aura2022/creation_steps"]),
        (annexes.forms, ["aura2022/project_forms"]),
        (annexes.budgets, ["aura2022/project_budget_items"]),
        (
            annexes.guides,
            ["aura2022/interview_guide", "laine2021/guide_prompts", "navinel2020/interview_guide"],
        ),
        (annexes.expected_actions, ["miller2022/aci_missions"]),
        (annexes.themes, ["aura2022/themes"]),
    ],
)
def test_every_row_is_shown_once_with_its_line(shown, tables):
    table = shown(PROJECT)
    assert len(table) == sum(len(PROJECT.table(name)) for name in tables)
    assert table.notna().all(axis=None)
    assert (table.iloc[:, -1].str.len() > 0).all()


def test_a_delay_is_a_bound_or_is_said_lost():
    delays = " ; ".join(annexes.creation_steps(PROJECT)["delays"])
    assert "au plus 15 jours" in delays
    assert "de 6 à 12 mois" in delays
    assert "Entre &" not in delays
