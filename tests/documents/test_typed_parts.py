"""Tables that complete the five documents: what a document announces is typed whole, what it lost is said."""

import pytest

from helpers import catalog
from helpers.articulation import perimeters
from tests.project import PROJECT


def load(table):
    return PROJECT.table(table)


def open_names():
    return catalog.open_package().names()


def record(attribute):
    rows = load("navinel2020/territory_record").set_index("attribute")
    return rows.loc[attribute]


def test_projects_of_the_monograph_cover_its_six_missions():
    projects = load("miller2022/monograph_projects").set_index("project")
    assert projects["mission"].nunique() == 6
    repeats = projects[projects["repeats"].notna()]
    assert list(repeats.index) == ["J14", "J15"]
    first = projects.loc[repeats["repeats"]]
    assert first["label_fr"].tolist() == repeats["label_fr"].tolist()
    assert (first["mission"].to_numpy() != repeats["mission"].to_numpy()).all()


def test_a_partner_is_named_where_its_project_is():
    projects = load("miller2022/monograph_projects").set_index("project")["line"]
    partners = load("miller2022/monograph_project_partners")
    assert (partners["line"] == partners["project"].map(projects)).all()


def test_the_printed_list_of_abbreviations_is_whole():
    rows = load("miller2022/abbreviations")
    listed = rows[rows["listed"]]
    # Line 217 of the list is blank.
    assert listed["line"].astype(int).tolist() == [n for n in range(185, 244) if n != 217]
    assert rows.loc[~rows["listed"], "line"].isna().all()
    assert set(rows.loc[rows["used_line"].isna(), "sigle"]) == {"GCS", "T2A"}


def test_communes_of_the_metropolis_are_those_that_the_text_counts():
    communes = load("navinel2020/communes")
    assert len(communes) == record("communes_metropole")["word_value"] == 22
    assert (~communes["in_cpts"]).sum() == record("communes_hors_cpts")["word_value"] == 6
    assert (communes["zoning"] == "zip").sum() == record("zip")["word_value"] == 3


def test_the_perimeter_has_nearly_the_printed_population():
    inside = load("navinel2020/communes").query("in_cpts")["commune"]
    population = load("open/communes").set_index("code")["population_2016"].loc[inside].sum()
    assert population == 266_268
    assert population / record("population")["value"] == pytest.approx(1, abs=0.005)


def test_the_perimeters_are_read_as_a_register():
    register = load("navinel2020/perimeters")
    at = perimeters.version(register, "2021-01-01")
    assert at.groupby("scheme")["commune"].nunique().to_dict() == {
        "cls-agglo-orleans": 22,
        "cpts-orleanaise": 16,
    }
    before = perimeters.version(register, "2019-06-30")
    assert set(before["scheme"]) == {"cls-agglo-orleans"}
    inside = set(load("navinel2020/communes").query("in_cpts")["commune"])
    assert set(at.loc[at["kind"] == "cpts", "commune"]) == inside


def test_the_seven_perspectives_stand_under_their_titles():
    rows = load("navinel2020/perspectives")
    assert sorted(set(rows["number"])) == list(range(1, 8))
    assert (rows["line"] > rows["heading_line"]).all()
    titles = rows.groupby("number")["heading_line"].first().tolist()
    ends = [*titles[1:], 1798]
    assert all(
        (rows.loc[rows["number"] == n, "line"] < end).all() for n, end in zip(range(1, 8), ends, strict=True)
    )


def test_prompts_are_as_many_as_each_section_counts():
    sections = load("laine2021/interview_guides").set_index(["guide", "section"])
    prompts = load("laine2021/guide_prompts")
    counted = prompts.groupby(["guide", "section"]).size()
    assert counted.to_dict() == sections["prompts"].to_dict()
    for (guide, section), rows in prompts.groupby(["guide", "section"]):
        first, last = sections.loc[(guide, section), ["line", "line_end"]]
        assert rows["line"].between(first, last).all()


def test_every_actor_of_a_step_has_a_role():
    actors = load("laine2021/step_actors").groupby("step")["actor"].agg(set)
    for row in load("laine2021/process_steps").itertuples():
        assert set(row.actors.split(";")) <= actors[row.step], row.step


def test_every_service_of_the_cpam_intervenes():
    services = set(load("laine2021/cpam_services")["service"])
    assert set(load("laine2021/cpam_interventions")["service"]) == services


def test_turns_of_the_transcript_alternate_and_every_answer_is_coded():
    turns = load("laine2021/transcript_turns")
    assert turns["speaker"].tolist() == ["A", "B"] * 17
    assert (turns["line"].iloc[1:].to_numpy() > turns["line_end"].iloc[:-1].to_numpy()).all()
    codings = load("laine2021/transcript_codings").merge(turns, on="turn", suffixes=("", "_turn"))
    assert set(codings["turn"]) == set(turns.loc[turns["speaker"] == "B", "turn"])
    assert (codings["line"].between(codings["line_turn"], codings["line_end"])).all()


def test_the_transcript_names_no_cpts_and_no_interview():
    for table in ("laine2021/transcript_turns", "laine2021/transcript_codings"):
        frame = load(table)
        assert not {"interview", "cpts", "cpts_code"} & set(frame.columns)
        assert (
            not frame.astype(str).apply(lambda column: column.str.contains("redon", case=False)).any().any()
        )


def test_what_stands_for_a_lost_figure_is_a_table():
    lost = load("documents/lost_figures")
    assert set(lost["document"]) == set(load("documents")["key"])
    assert set(lost["held_by"].dropna()) <= set(open_names())


def test_figures_that_other_tables_call_lost_are_listed():
    lost = load("documents/lost_figures")
    laine = load("laine2021/objects").query("kind == 'figure'")
    listed = lost.query("document == 'laine2021' and kind == 'figure'")
    assert listed["printed_number"].astype(int).tolist() == laine["number"].tolist()
    # Line 1871: three figures, one graph, two illustrations.
    navinel = lost.query("document == 'navinel2020'")
    assert len(navinel) == 3 + 1 + 2
    assert set(load("navinel2020/document_parts").query("kind not in ['tableau', 'annexe']")["part"]) == set(
        navinel["item"]
    )


def test_every_recommendation_has_an_addressee():
    said = load("laine2021/barriers_levers").query("kind == 'recommandation'").set_index("item")["line"]
    targets = load("laine2021/recommendation_targets")
    assert len(said) == 9
    assert set(targets["item"]) == set(said.index)
    assert (targets["item"].map(said) == targets["line"]).all()


def test_every_code_of_the_grid_has_a_definition_that_is_not_its_label():
    grid = load("laine2021/analysis_grid")
    assert (grid["definition_fr"].str.strip(" .") != grid["label_fr"]).all()
    assert set(load("laine2021/transcript_codings")["grid_code"]) <= set(grid.query("level == 1")["code"])
