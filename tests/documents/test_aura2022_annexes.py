"""Annexes, figure 3 and testimonies of the AURA thesis: what the text counts is what the tables hold."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.project import PROJECT


def load(table: str) -> pd.DataFrame:
    return PROJECT.table(f"aura2022/{table}")


def test_the_preproject_has_its_fourteen_items_and_five_themes() -> None:
    forms = load("project_forms")
    items = forms[(forms["form"] == "preprojet") & forms["parent"].isna()]["item"]
    assert sorted(items, key=int) == [str(number) for number in range(1, 15)]
    children = forms[(forms["form"] == "preprojet") & forms["parent"].notna()].groupby("parent").size()
    assert children.to_dict() == {"7": 5, "9": 2, "13": 3}


def test_the_project_has_its_three_parts_and_printed_sections() -> None:
    forms = load("project_forms")
    project = forms[forms["form"] == "projet_de_sante"]
    sections = project[project["parent"].isin(["1", "2", "3"])].groupby("parent").size()
    assert sections.to_dict() == {"1": 8, "2": 5, "3": 2}
    # The project asks for two more themes of diagnosis than the preproject: quality and settlement.
    assert (project["parent"] == "1.8").sum() == 7


@pytest.mark.parametrize("form", ["preprojet", "projet_de_sante", "fiche_action"])
def test_a_sub_item_stands_inside_its_item(form: str) -> None:
    items = load("project_forms")
    items = items[items["form"] == form].set_index("item")
    for row in items[items["parent"].notna()].itertuples():
        parent = items.loc[row.parent]
        last = parent["line"] if pd.isna(parent["line_end"]) else parent["line_end"]
        assert parent["line"] <= row.line <= last


def test_every_account_of_the_budget_opens_before_its_lines() -> None:
    budget = load("project_budget_items")
    project = budget[budget["form"] == "projet_de_sante"]
    accounts = project[project["level"] == "compte"]["account"]
    assert sorted(accounts[accounts.astype(int) < 70]) == [str(number) for number in range(60, 69)]
    assert sorted(accounts[accounts.astype(int).between(70, 79)]) == ["70", "74", "75", "76", "78"]
    assert sorted(accounts[accounts.astype(int) > 80]) == ["86", "87"]
    assert set(project["account"].dropna()) == set(accounts)
    aid = budget[budget["value"].notna()]
    assert aid[["form", "value"]].to_dict("records") == [{"form": "preprojet", "value": 15000}]


def test_the_guide_has_the_five_announced_parts_and_two_last_lines() -> None:
    listed = load("listed_items")
    announced = (listed["list_id"] == "parties_grille").sum()
    sections = load("interview_guide")["section"].drop_duplicates().tolist()
    assert announced == 5
    assert sections[announced:] == ["remarques", "retours_patients"]
    assert load("interview_guide")["line"].is_monotonic_increasing


def test_creation_delays_follow_the_steps() -> None:
    steps, delays = load("creation_steps").set_index("step"), load("creation_delays")
    assert (delays["source"] == "figure").sum() == 5
    # A step that only the order of the figure suggests is never said to be printed.
    assert set(delays.loc[delays["step_basis"] == "ordre_figure", "delay_id"]) == {
        "etape_illisible", "ecriture_projet"
    }  # fmt: skip
    prose = delays[delays["source"] == "texte"]
    for row in prose.itertuples():
        step = steps.loc[row.step]
        assert step["line"] <= row.line <= step["line_end"]
    finite = delays[["value", "number_in_words", "lower", "upper"]].notna().any(axis=1)
    assert (finite == (delays["qualifier"] != "aucun")).all()


def test_delays_agree_with_the_calendar_of_missions() -> None:
    delay = load("creation_delays").set_index("delay_id").loc["demarrage_soins_non_programmes"]
    calendar = load("mission_calendar").set_index(["mission", "delay"])
    assert delay["value"] == calendar.loc[("acces_aux_soins", "demarrage"), "value"] == 6


def test_seventeen_statements_of_which_five_by_the_pharmacists_met() -> None:
    statements = load("pharmacist_statements")
    assert len(statements) == 17
    pharmacists = statements[statements["voice"] != "temoin"]
    assert sorted(pharmacists["cpts"]) == sorted(load("interviewed_pharmacists")["cpts"])
    assert (statements["line"].shift(-1).dropna() > statements["line_end"][:-1]).all()


def test_a_code_stands_inside_its_statement() -> None:
    statements = load("pharmacist_statements").set_index("statement")
    codes = load("pharmacist_statement_codes")
    assert set(codes["statement"]) == set(statements.index)
    bounds = statements.loc[codes["statement"]].reset_index()
    assert (codes["line"] >= bounds["line"]).all()
    assert (codes["line_end"] <= bounds["line_end"]).all()
    assert (codes["line"] <= codes["line_end"]).all()
