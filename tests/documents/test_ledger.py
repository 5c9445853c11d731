"""The ledger as a whole: quotas, explanations, and digits that cannot change unseen."""

from __future__ import annotations

import functools
import json
import random
import re
import shutil
from collections import defaultdict

import pandas as pd
import pytest

from helpers import catalog, french
from helpers.catalog import Study, labels
from helpers.documents import claims, reproductions
from helpers.documents.reproductions.cells import Cells
from helpers.errors import NotComputable, ObservatoireError, UnknownName
from helpers.intake import check
from tests.conftest import NEEDS_SOURCES, ROOT, SOURCES
from tests.project import PROJECT

MINIMUM = {"miller2022": 90, "laine2021": 60, "aura2022": 70, "navinel2020": 50, "fabrique2022": 30}


def test_enough_figures_are_recomputable(ledger):
    recomputable = ledger[ledger["verdict"] != claims.NOT_REPRODUCIBLE]
    own = recomputable["claim_id"].str.split(".").str[0].value_counts()
    assert {name: int(own[name]) for name in MINIMUM if own[name] < MINIMUM[name]} == {}
    assert own["across"] >= 15
    assert len(recomputable) >= 300


def test_the_ledger_is_that_of_the_documents_asked_for_and_of_all_for_none(ledger):
    one = reproductions.ledger(study=PROJECT, documents=["fabrique2022"])
    assert set(one["document"]) == {"fabrique2022"}
    assert list(reproductions.ledger(study=PROJECT, documents=[]).index) == list(ledger.index)
    with pytest.raises(UnknownName, match="fabrique2022"):
        reproductions.ledger(study=PROJECT, documents=["fabrique2021"])


def test_every_document_is_shown_in_the_order_of_the_reports(ledger):
    shuffled = ledger.sample(frac=1, random_state=1)
    page = claims.by_document(shuffled)._repr_mimebundle_()
    told = re.findall(r"<summary>([^<]*) \((\d+)", page["text/html"])
    counts = ledger["document"].value_counts()
    assert told == [(name, str(counts[key])) for key, name in labels.documents().items()]
    assert len(page[claims.MIME]) == len(ledger)
    one = claims.by_document(ledger[ledger["document"] == "fabrique2022"])._repr_mimebundle_()["text/html"]
    assert re.findall(r"<summary>([^<]*) \(", one) == [labels.document("fabrique2022")]


def test_every_difference_is_explained_and_only_differences_are(ledger):
    gaps = ledger["verdict"].isin(claims.DIFFERENT)
    assert gaps.any()
    assert ledger.loc[gaps, "severity"].isin(claims.SEVERITIES).all()
    assert ledger.loc[gaps, "origin"].isin(labels.codes("claims", "origin")).all()
    assert (ledger.loc[gaps, "cause"].str.len() > 20).all()
    elsewhere = claims.register(PROJECT).loc[ledger.index[~gaps]]
    assert elsewhere[["cause", "severity", "origin"]].isna().all(axis=None)


def test_one_fact_has_one_severity_and_one_origin(ledger):
    explained = ledger.dropna(subset=["cause"]).groupby("cause")
    assert (explained["severity"].nunique() == 1).all()
    assert (explained["origin"].nunique() == 1).all()


def test_no_difference_of_an_author_lies_within_the_intervals(ledger):
    """A second computation of the ends: printed half-unit, or tolerance, against what is recomputed."""
    charged = ledger[ledger["verdict"].isin(claims.DIFFERENT) & (ledger["origin"] == "document")]
    assert len(charged) > 50
    for claim_id, row in charged.iterrows():
        if row["relation"] not in "=≈":
            continue
        exact = row["tolerance"] == 0
        half = french.last_digit(row["printed"], row["value"]) / 2
        if row["relation"] == "≈":
            half = row["tolerance"] * row["value"]
        ends = (row["value"], row["value"]) if exact else (row["value"] - half, row["value"] + half)
        assert row["upper"] < ends[0] or row["lower"] > ends[1], claim_id


def test_damage_of_the_digitised_text_is_not_charged_to_an_author(ledger):
    # A cause that speaks of damage has that origin.
    damaged = ledger[
        ledger["cause"].fillna("").str.contains("abîmé|numérisation|texte source|texte disponible")
    ]
    assert len(damaged) >= 6
    assert set(damaged["origin"]) == {"digitised_text"}


def test_every_kind_is_named_and_calculations_come_first(ledger):
    kinds = labels.codes("claims", "kind")
    assert set(ledger["kind"]) == set(kinds)
    assert next(iter(kinds)) == "calculation"
    assert claims.by_kind(ledger).iloc[0, 0] == "Calcul"
    # Checks that are neither calculations nor counts of a list: the sixty that were missing, and more.
    assert (~ledger["kind"].isin(["list"])).sum() > 600


def test_each_unpublished_figure_has_a_reason_of_its_own(ledger):
    reasons = ledger.loc[ledger["verdict"] == claims.NOT_REPRODUCIBLE, "reason"]
    assert reasons.is_unique
    assert (reasons.str.len() > 60).all()


def test_the_wording_never_blames_an_author():
    register = claims.register(PROJECT)
    text = " ".join(register["cause"].dropna()) + " ".join(register["label_fr"])
    assert not re.search(r"erreurs? de l.auteur|faute de l.auteur", text, re.IGNORECASE)


def test_the_place_of_the_reply_is_kept_empty():
    assert claims.register(PROJECT)["reply"].isna().all()


def test_a_cell_repaired_by_arithmetic_supports_no_claim(small_package):
    fields = [{"name": name, "type": "string"} for name in ("code", "repair", "note")] + [
        {"name": "value", "type": "number"}
    ]
    folder = small_package("code,repair,note,value\na,,,1\nb,arithmetic,total moins a,2\n", fields=fields)
    cells = Cells("demo/table", Study(folder))
    assert cells.value(code="a") == 1
    with pytest.raises(NotComputable, match="réparée par un calcul"):
        cells.sum()


def test_cells_refuse_what_is_empty_absent_or_double(small_package):
    fields = [{"name": name, "type": "string"} for name in ("code", "kind")]
    fields.append({"name": "value", "type": "number"})
    cells = Cells("demo/table", Study(small_package("code,kind,value\n1,a,1\n2,a,2\n3,b,\n", fields=fields)))
    with pytest.raises(ObservatoireError, match="2 cellules pour kind = a"):
        cells.value(kind="a")
    with pytest.raises(NotComputable, match="sans valeur"):
        cells.sum()
    with pytest.raises(ObservatoireError, match="aucune ligne"):
        cells.values(kind="z")
    assert cells.sum(kind=["a"]) == 3


def test_a_repair_always_says_how():
    for name in catalog.open_package().names():
        table = PROJECT.table(name)
        if "repair" in table:
            assert table.loc[table["repair"].notna(), "note"].notna().all(), name


def test_people_of_the_miller_thesis_stay_letters():
    for name in catalog.open_package().names():
        if name.startswith("miller2022/"):
            table = PROJECT.table(name)
            if "cpts" in table:
                assert set(table["cpts"].dropna()) <= {"A", "B", "C", "D", "E", "F", "ile_de_france"}, name
            assert not {"departement", "department", "commune", "insee"} & set(table.columns), name


@NEEDS_SOURCES
def test_printed_numbers_stand_on_their_line():
    """Each unrepaired number of the tables is found in the source, on its line or the two that follow."""
    files = {
        "miller2022": "000",
        "laine2021": "001",
        "aura2022": "002",
        "navinel2020": "003",
        "fabrique2022": "004",
    }
    checked, absent = 0, []
    for key, number in files.items():
        text = next(SOURCES.glob(f"{number}_*.txt")).read_text(encoding="utf-8").split("\n")
        for name in [item for item in catalog.open_package().names() if item.startswith(f"{key}/")]:
            table = PROJECT.table(name)
            if not {"printed", "value", "line"} <= set(table.columns):
                continue
            for row in table[table["value"].notna()].to_dict("records"):
                if pd.notna(row.get("repair")):
                    continue
                place = "".join(text[int(row["line"]) - 1 : int(row["line"]) + 2])
                checked += 1
                if digits(row["printed"]) not in digits(place):
                    absent.append((name, row["line"], row["printed"]))
    assert checked > 800
    assert absent == []


def digits(text):
    return re.sub(r"[^0-9,]", "", str(text))


# One digit changed in a table must make a check or a verdict speak.


@functools.cache
def raw(name):
    """Cells of a table of the project as texts; who changes one changes a copy."""
    return catalog.cells(name, PROJECT.package).frame().reset_index(drop=True)


def mutations(count, *, columns=None, seed):
    """Random cells with a digit, in tables that support claims, one digit changed: table, row, column, new text."""
    generator = random.Random(seed)
    package = catalog.open_package()
    named = set(claims.register(PROJECT)["table"].dropna()) & set(package.names())
    tables = sorted(name for name in named if package.path(name).suffix == ".csv")
    found = []
    while len(found) < count:
        name = generator.choice(tables)
        if columns is not None and not columns <= set(raw(name).columns):
            # Open data print nothing beside their value: no figure of a document, and only some rows serve a claim.
            continue
        column = generator.choice(
            [item for item in raw(name).columns if columns is None or item in columns] or [""]
        )
        row = generator.randrange(len(raw(name)))
        if column and (changed := another_digit(raw(name).loc[row, column], generator)):
            found.append((name, row, column, changed))
    return found


def another_digit(cell, generator):
    """The cell with one of its digits changed; empty when it has none."""
    places = [index for index, mark in enumerate(cell) if mark.isdigit()]
    if not places:
        return ""
    place = generator.choice(places)
    digit = generator.choice([mark for mark in "0123456789" if mark != cell[place]])
    return cell[:place] + digit + cell[place + 1 :]


class Changed(Study):
    """The project with one table changed, the only one that is read again."""

    def __init__(self, package, name):
        super().__init__(package)
        self.changed = name

    def table(self, name, **how):
        return super().table(name, **how) if name == self.changed else PROJECT.table(name, **how)


class Copied:
    """A copy of the data, and the topics whose verdicts depend on one of its tables: others stay whatever happens to it."""

    def __init__(self, folder):
        shutil.copytree(ROOT / "data", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("external"))
        self.package = catalog.Package(folder)
        self.topics = reproductions.topics()
        self.before = {}
        self.readers = defaultdict(list)
        for topic in self.topics:
            catalog.forget_reads()
            self.before[topic] = self.verdicts(topic, PROJECT)
            for read in json.loads(catalog.reads()):
                self.readers[read["name"]].append(topic)

    def verdicts(self, topic, study):
        try:
            table = claims.verdicts(self.topics[topic](study), study)
        except ObservatoireError as error:
            return str(error)
        told = ["verdict", "computed", "lower", "upper", "reason", "bases"]
        return table[told].astype("string").fillna("").to_numpy().tolist()

    def moved(self, name):
        """Whether a verdict is another one with the table `name` as it is in the copy."""
        study = Changed(self.package, name)
        return any(self.verdicts(topic, study) != self.before[topic] for topic in self.readers[name])


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return Copied(tmp_path_factory.mktemp("data"))


def is_caught(copied, mutation, *, sealed):
    package = copied.package
    name, row, column, changed = mutation
    path = package.path(name)
    original = path.read_bytes()
    table = raw(name).copy()
    table.loc[row, column] = changed
    try:
        table.to_csv(path, index=False, lineterminator="\n")
        faults = [fault for fault in check.check_table(name, package) if sealed or "empreinte" not in fault]
        return bool(faults) or copied.moved(name)
    finally:
        path.write_bytes(original)


def test_a_changed_digit_of_any_cell_is_caught(copied):
    found = [is_caught(copied, mutation, sealed=True) for mutation in mutations(50, seed=20221027)]
    assert sum(found) >= 45


def test_a_changed_digit_of_a_figure_is_caught_even_without_checksums(copied):
    cells = mutations(50, columns={"value", "printed"}, seed=7)
    found = [is_caught(copied, mutation, sealed=False) for mutation in cells]
    assert sum(found) >= 45


def inputs_of_calculations(monkeypatch):
    """Cells that a calculation reads: table, row, column."""
    read = set()
    kinds = claims.register(PROJECT)["kind"]
    true_numbers = Cells._numbers

    def traced(cells, places, key):
        found = true_numbers(cells, places, key)
        read.update((cells.name, row, cells.column) for row in places)
        return found

    monkeypatch.setattr(Cells, "_numbers", traced)
    for topic in reproductions.topics().values():
        before = set(read)
        names = {name.partition(claims.BASE)[0] for name in topic(PROJECT)}
        if not (kinds.reindex(names) == "calculation").any():
            read = before
    return sorted(read)


def test_a_changed_digit_of_an_input_moves_a_verdict_or_is_refused(copied, monkeypatch):
    cells = inputs_of_calculations(monkeypatch)
    assert len(cells) > 300
    generator, found = random.Random(1942), []
    while len(found) < 100:
        name, row, column = generator.choice(cells)
        if changed := another_digit(raw(name).loc[row, column], generator):
            found.append(is_caught(copied, (name, row, column, changed), sealed=False))
    assert sum(found) >= 95
