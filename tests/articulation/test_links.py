"""Links in one shape: those that the documents print, each at its line, and those of a package; only a link done has a degree."""

import pandas as pd
import pytest

from helpers.articulation import links, schemes
from helpers.catalog import Study, labels
from helpers.intake import starting
from tests.project import PROJECT


@pytest.fixture(scope="module")
def printed():
    return links.of_documents(PROJECT)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links") / "exemple"
    starting.new(folder, example=True)
    return Study(folder)


def test_every_link_of_the_five_documents_is_there_once_with_its_line(printed):
    coded, cited = PROJECT.table(links.CODED), PROJECT.table(links.CITED)
    assert len(printed) == len(coded) + len(cited)
    assert printed["link"].is_unique
    assert set(printed["document"]) == set(labels.documents())
    assert printed["line"].notna().all()


def test_what_is_not_done_has_no_degree_above_zero(printed, example):
    for table in (printed, links.of_package(example)):
        graded = table[table["degree"].fillna(0) > 0]
        assert len(graded) > 0
        assert set(graded["state"]) == {links.DONE}


def test_the_highest_degree_done_with_a_cls_is_at_its_line(printed):
    top = links.highest_done(printed[printed["kind"] == "cls"])
    assert top[["document", "line", "degree"]].values.tolist() == [["fabrique2022", 384, 5]]
    # The other testimony that a coding puts at degree 5 is a wish: it is not done.
    assert links.highest_done(printed[printed["state"] == "souhaite"]).empty


def test_one_cpts_of_sixteen_cites_a_cls_and_none_a_clsm_or_an_asv(printed):
    region = printed[printed["document"] == "aura2022"]
    assert region["cpts"].nunique() == 16
    cited = region.groupby("kind")["cpts"].nunique()
    assert [int(cited.get(kind, 0)) for kind in ("cls", "clsm", "asv", "dac")] == [1, 0, 0, 2]
    assert (links.done(region)["kind"] == "dac").sum() == 0


def test_links_of_a_package_carry_the_names_of_their_schemes(example):
    table = links.of_package(example).set_index("link")
    assert table.loc["lien-03", ["cpts_name", "scheme_name", "kind"]].tolist() == [
        "CPTS du Nord (exemple fictif)", "Contrat local de santé (exemple fictif)", "cls",
    ]  # fmt: skip
    assert table.loc["lien-03", "date_start"] == pd.Timestamp("2025-03-01")
    assert list(table.reset_index()) == list(links.COLUMNS)


def test_the_project_has_no_links_of_a_package():
    assert links.of_package(PROJECT).empty
    assert schemes.of_package(PROJECT).empty


def test_every_code_of_a_link_has_its_french_name(printed):
    for column in ("kind", "state", "instrument", "theme"):
        assert set(printed[column].dropna()) <= set(links.names(column)), column
    assert links.named("state", pd.NA) == ""


def test_the_vocabulary_of_a_package_holds_that_of_the_documents():
    for column in ("instrument", "theme", "state"):
        coded, model = (labels.codes(table, column) for table in (links.CODED, links.TABLE))
        assert coded.items() <= model.items(), column
    assert labels.codes("coding/testimony_codings", "level") == links.degrees()
    kinds = labels.codes("dts/schemes", "kind")
    assert {
        code: name for code, name in labels.codes(links.CODED, "to_kind").items() if code != "dts"
    }.items() <= (kinds.items())


def test_named_schemes_of_the_documents_have_the_columns_of_a_package():
    told = schemes.of_documents(PROJECT).set_index("scheme")
    assert list(told.reset_index()) == list(schemes.COLUMNS)
    assert told.loc["cls-agglo-orleans", "signed"] == pd.Timestamp("2016-11-25")
    # No document prints what the coordination of a named scheme receives: it is unknown, not zero.
    assert told[["coordination_amount", "actions_amount", "fte"]].isna().all().all()
    aims = schemes.priorities_of_documents(PROJECT)
    common = set(aims.loc[aims["scheme"] == "cpts-orleanaise", "theme"]) & set(
        aims.loc[aims["scheme"] == "cls-agglo-orleans", "theme"]
    )
    assert common == {"perinatalite"}
