"""`cpts new`: a package to fill and a filled fictitious one, whole or not at all."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.catalog import labels
from helpers.commands.main import main
from helpers.errors import UsageError
from helpers.intake import check, starting, workbook
from tests.project import PROJECT

MODEL = catalog.Package(catalog.MODEL_FOLDER)
INDICATOR_KEY = ["indicator", "territory", "period_start"]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "exemple"
    starting.new(folder, example=True)
    return catalog.Package(folder)


def load(name, package):
    return catalog.load(name, package)


def test_a_new_package_has_every_table_of_the_model_with_its_header(tmp_path):
    written = starting.new(tmp_path / "ma cpts")
    package = catalog.Package(tmp_path / "ma cpts")
    assert package.extends
    assert package.names() == MODEL.names()
    assert {"LISEZMOI.md", "DICTIONNAIRE.md", "datapackage.json", "exemple/datapackage.json"} <= set(written)
    for name in package.names():
        cells = catalog.cells(name, package).frame()
        assert cells.empty
        assert list(cells) == [field["name"] for field in MODEL.resource(name)["schema"]["fields"]]
        # A French spreadsheet reads the accents by the mark and the columns by the semicolon.
        assert package.path(name).read_bytes().startswith(b"\xef\xbb\xbf")
    assert 'cpts check "ma cpts"' in (tmp_path / "ma cpts" / "LISEZMOI.md").read_text(encoding="utf-8")


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("à garder", encoding="utf-8")
    result = CliRunner().invoke(main, ["new", str(tmp_path)])
    assert result.exit_code == 2
    assert "n'est pas vide : choisissez un autre nom, rien n'a été écrit." in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(UsageError, match="n'est pas vide"):
        starting.new(tmp_path / "notes.txt")


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "vide").mkdir()
    assert CliRunner().invoke(main, ["new", str(tmp_path / "vide")]).exit_code == 0
    assert (tmp_path / "vide" / "cpts" / "cpts.csv").exists()


def test_the_folder_where_one_stands_is_filled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["new", "."])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "cpts" / "cpts.csv").exists()
    assert not list(tmp_path.glob(".cpts-new-*"))


@pytest.mark.parametrize(
    ("place", "why"), [("a" * 300, "nom trop long"), ("fichier/x", "un dossier du chemin est un fichier")]
)
def test_a_place_that_the_system_refuses_is_said_in_french(tmp_path, place, why):
    (tmp_path / "fichier").write_text("à garder", encoding="utf-8")
    result = CliRunner().invoke(main, ["new", str(tmp_path / place)])
    assert result.exit_code == 2
    assert (
        f"ne peut pas être écrit ({why}) : rien n'a été écrit. Choisissez un autre dossier." in result.output
    )
    assert [path.name for path in tmp_path.iterdir()] == ["fichier"]


def test_a_failure_leaves_nothing(tmp_path, monkeypatch):
    def fail(package):
        raise OSError(28, "disque plein")

    monkeypatch.setattr(starting.dictionary, "dictionary", fail)
    with pytest.raises(UsageError, match="disque plein"):
        starting.new(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_the_dictionary_says_each_column(example):
    text = (example.folder / "DICTIONNAIRE.md").read_text(encoding="utf-8")
    for name in example.names():
        for field in example.resource(name)["schema"]["fields"]:
            assert f"| `{field['name']}` | {field['title']} | {field['description']}" in text, (
                name,
                field["name"],
            )
    assert "Renvoie à `cpts/cpts`, colonne `cpts`." in text
    stages = labels.codes("cpts/cpts", "status")
    said = [f"{code} ({stages[code]})" for code in ("lettre_intention", "projet_valide", "aci_signe")]
    assert "{}, {} ou {}".format(*said) in text


def test_the_example_is_sound(example):
    assert check.check(example) == []


def test_the_example_says_everywhere_that_it_is_fictitious(example):
    assert "exemple fictif" in example.descriptor["title"]
    for name in example.names():
        table = load(name, example)
        if "name_fr" in table:
            assert table["name_fr"].str.contains("exemple fictif", regex=False).all(), name
    # The titles and the foot of each page say so: a label that repeats it would hide the words that a reader looks for.
    for name in (
        "cpts/cpts",
        "cpts/facts",
        "cpts/indicator_definitions",
        "cpts/indicators",
        "cpts/actions",
        "cpts/missions",
    ):
        assert set(load(name, example)["source"]) == {"exemple fictif"}, name
    assert load("material/segments", example)["text"].str.startswith("[exemple fictif]").all()
    assert set(load("cpts/perimeters", example)["source"]) == {"périmètre inventé"}


def test_the_example_covers_what_a_report_asks_for(example):
    facts = load("cpts/facts", example)
    chapters = next(f for f in MODEL.resource("cpts/facts")["schema"]["fields"] if f["name"] == "chapter")
    for cpts, known in facts.groupby("cpts"):
        assert set(known["chapter"]) == set(chapters["constraints"]["enum"]), cpts
    indicators = load("cpts/indicators", example)
    assert len(load("cpts/cpts", example)) == 3
    assert (indicators.groupby(["indicator", "territory"])["period_start"].nunique() == 3).all()
    assert indicators["indicator"].nunique() == 5
    benchmarks = set(load("cpts/indicator_definitions", example)["benchmark"])
    assert benchmarks <= set(indicators["territory"])
    assert load("cpts/missions", example).groupby("cpts")["year"].nunique().tolist() == [2, 2]
    answers = load("survey/answers", example)
    assert answers.groupby("cpts")["wave"].nunique().tolist() == [2, 2, 2]
    assert answers["role"].nunique() >= 4
    assert answers["question"].nunique() == 42
    assert load("material/segments", example)["coder"].nunique() == 2
    assert not load("survey/consensus", example).empty


def test_the_answers_of_the_example_hold_together_with_its_tables(example):
    answers = load("survey/answers", example)
    fiches, facts = (load(f"cpts/{name}", example).set_index("cpts") for name in ("cpts", "facts"))
    missions = load("cpts/missions", example)
    for (cpts, _, _), own in answers[answers["role"] == "coordination"].groupby(
        ["cpts", "wave", "respondent"]
    ):
        told = own.groupby("question")["option"].agg(lambda options: set(options.dropna()))
        fiche, known = fiches.loc[cpts], facts.loc[cpts].set_index("item")["value"]
        # An infirmary and a physician among the members, access to care among the missions of a signed agreement.
        assert {"1", "2"} <= told["Q13"]
        signed = set(missions.loc[missions["cpts"] == cpts, "mission"])
        assert ({"1", "2"} & told["Q3"] != set()) == ("acces_aux_soins" in signed)
        assert told["Q2"] == {"1"}
        assert fiche["status"] == "aci_signe"
        bounds = [40_000, 80_000, 175_000, float("inf")]
        size = next(rank for rank, bound in enumerate(bounds, start=1) if fiche["population"] < bound)
        assert told["Q6"] == {str(size)}
        communes = own.loc[own["question"] == "Q7", "value"].iloc[0]
        assert communes == known["communes"]
        assert (told["Q16"] == {"1"}) == (known["indemnisation"] == "oui")
        assert own.loc[own["question"] == "Q1", "value"].iloc[0] == _month(facts.loc[cpts], "association")
    lone = answers[(answers["cpts"] == "exemple-vallee") & (answers["question"] == "Q3")]
    assert set(lone["status"]) == {"sans_reponse"}


def _month(facts, item):
    return f"{facts.set_index('item').loc[item, 'date']:%Y-%m}"


def test_nothing_of_the_example_begins_after_the_last_observation(example):
    facts = load("cpts/facts", example)
    history = facts[facts["chapter"] == "historique"]
    signed = load("cpts/cpts", example).set_index("cpts")["project_date"]
    assert (history["date"] < history["cpts"].map(signed)).all()


def test_one_move_of_the_example_precedes_its_action(example):
    actions = load("cpts/actions", example).set_index("action")
    action = actions.loc["nord-grippe"]
    values = load("cpts/indicators", example)
    own = values[(values["indicator"] == action["indicator"]) & (values["territory"] == action["cpts"])]
    share = (own["numerator"] / own["denominator"]).diff().abs()
    moved = own.loc[share.idxmax()]
    assert pd.Timestamp(moved["period_end"]) < action["date_start"]


def test_the_perimeters_of_the_example_are_real_communes(example):
    communes = set(PROJECT.table("open/communes")["code"])
    assert set(load("cpts/perimeters", example)["commune"]) <= communes


def test_the_example_has_no_table_of_its_own_making():
    stored = {
        str(path.relative_to(catalog.MODEL_FOLDER / "exemple").with_suffix(""))
        for path in (catalog.MODEL_FOLDER / "exemple").rglob("*.csv")
    }
    assert stored == {name for name in MODEL.names() if not name.startswith(workbook.BY_IMPORT)}


def test_descriptions_are_those_of_the_model(example):
    mine = json.loads((example.folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in mine["resources"]:
        for field, known in zip(
            resource["schema"]["fields"], MODEL.resource(resource["name"])["schema"]["fields"], strict=True
        ):
            assert {key: value for key, value in field.items() if key != "decimalChar"} == known
