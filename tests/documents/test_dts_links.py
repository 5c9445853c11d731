"""Links between a CPTS and another scheme: each fact is where the document says it, a wish has no degree."""

import pytest

from tests.project import PROJECT

# Table that names the same fact, by document and form of the identifier, and its key.
SAME_FACT = [
    ("fabrique2022", r"T\d\d", "fabrique2022/testimonies", "testimony"),
    ("fabrique2022", r"A\d\d", "fabrique2022/articulation_statements", "statement"),
    ("miller2022", r"J\d\d", "miller2022/monograph_projects", "project"),
    ("navinel2020", r"[a-z_]+", "navinel2020/articulation", "scheme"),
    ("navinel2020", r"\d[a-d]", "navinel2020/perspectives", "perspective"),
]


@pytest.fixture(scope="module")
def links():
    return PROJECT.table("coding/dts_links")


def test_a_degree_goes_with_a_link_that_is_or_is_not(links):
    graded = links[links["degree"].notna()]
    assert set(graded["state"]) == {"en_oeuvre", "absent", "refuse"}
    assert (graded["degree"].eq(0) == graded["state"].isin(["absent", "refuse"])).all()
    assert links.loc[links["state"].isin(["prevu", "souhaite"]), "degree"].isna().all()
    assert links.loc[links["voice"].isin(["regle", "proposition"]), "degree"].isna().all()


@pytest.mark.parametrize(("document", "form", "table", "key"), SAME_FACT)
def test_a_fact_typed_twice_has_one_line(links, document, form, table, key):
    rows = links[(links["document"] == document) & links["evidence"].fillna("").str.fullmatch(form)]
    lines = PROJECT.table(table).set_index(key)["line"]
    assert len(rows) > 0
    assert (rows["evidence"].map(lines) == rows["line"]).all()


def test_a_proposal_is_cited_within_its_lines(links):
    proposals = PROJECT.table("fabrique2022/proposals").set_index("proposal")
    rows = links[links["evidence"].fillna("").str.fullmatch(r"P[1-8]")]
    # P1 is for professionals, P6 about the means of the DTS: neither is a link.
    assert sorted(rows["evidence"]) == ["P2", "P3", "P4", "P5", "P7", "P8"]
    assert [
        row.line in range(proposals.at[row.evidence, "line"] - 8, proposals.at[row.evidence, "line_end"] + 1)
        for row in rows.itertuples()
    ] == [True] * 6


def test_every_identifier_is_that_of_a_table(links):
    known = {key for _, _, table, column in SAME_FACT for key in PROJECT.table(table)[column]}
    known |= set(PROJECT.table("fabrique2022/proposals")["proposal"])
    assert set(links["evidence"].dropna()) <= known


def test_the_articulations_of_two_documents_are_all_there(links):
    navinel = links[links["document"] == "navinel2020"]
    assert set(PROJECT.table("navinel2020/articulation")["scheme"]) <= set(navinel["evidence"])
    laine = links[links["document"] == "laine2021"]
    typed = PROJECT.table("laine2021/articulations")
    assert len(typed) == 13
    assert set(zip(typed["line"], typed["device"], strict=True)) <= set(
        zip(laine["line"], laine["to_kind"], strict=True)
    )


def test_presence_and_link_do_not_contradict_each_other(links):
    present = PROJECT.table("miller2022/dts_presence").set_index(["cpts", "device"])["status"]
    rows = links[(links["document"] == "miller2022") & links["from"].notna() & links["state"].notna()]
    for row in rows.to_dict("records"):
        assert present.get((row["from"], row["to_kind"])) != "absent", row["link"]


def test_what_interviewees_of_laine_say_names_no_cpts(links):
    said = links[(links["document"] == "laine2021") & (links["voice"] == "propos")]
    assert len(said) > 0
    assert said["from"].isna().all()
    assert said["to"].isna().all()
    assert not said["note"].fillna("").str.contains("Redon", case=False).any()


def test_orleans_has_its_links_and_its_ground(links):
    schemes = set(PROJECT.table("navinel2020/perimeters")["scheme"])
    pair = links[(links["from"] == "cpts-orleanaise") & (links["to_kind"] == "cls")]
    assert schemes == {"cpts-orleanaise", *pair["to"]}
    assert pair.set_index("instrument")["state"].to_dict() == {
        "action_commune": "en_oeuvre",
        "copilotage": "souhaite",
    }


def test_the_highest_degree_in_use_with_a_cls_is_the_shared_office(links):
    done = links[(links["state"] == "en_oeuvre") & (links["to_kind"] == "cls")]
    top = done[done["degree"] == done["degree"].max()]
    assert top[["document", "line", "degree"]].values.tolist() == [["fabrique2022", 384, 5]]


def test_testimonies_that_a_coding_grades_are_links(links):
    codings = PROJECT.table("coding/testimony_codings")
    graded = set(codings.loc[codings["level"].notna(), "testimony"])
    # T22: the presence of an association of doctors is no link with a scheme; one coding graded it, the other did not.
    assert graded - set(links["evidence"].dropna()) == {"T22"}
