"""Planted errors: no check of the tables sees one, the ledger does; the source is untouched and a seed gives one plan."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import UsageError
from helpers.intake import check as validation
from helpers.seminar import hunt, planting, slips
from tests.project import PROJECT

SOURCE = catalog.package.DEFAULT_FOLDER


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.csv"))
        if "external" not in path.parts
    }


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    before = digests(SOURCE)
    target = tmp_path_factory.mktemp("plantation") / "data"
    plan = planting.plant(None, target, 11, errors=4)
    assert digests(SOURCE) == before
    return target, plan


def test_the_tables_stay_sound_and_each_error_moves_a_verdict_of_its_own(planted):
    target, plan = planted
    assert validation.check(target) == []
    assert len(plan) == 4
    moved = [claim for claims in plan["claims"] for claim in claims.split()]
    assert moved
    assert len(moved) == len(set(moved))
    before = digests(SOURCE)
    changed = [name for name, digest in digests(target).items() if before[name] != digest]
    assert {f"documents/{table}.csv" for table in plan["table"]} == set(changed)
    # The claims of the plan do move when the whole package is read from its files.
    study = catalog.Study(str(target))
    topics = planting.ledger().topics(plan["table"][0])
    again = {topic: planting.reproductions.topics()[topic](study) for topic in topics}
    after = {
        name: verdict for own in planting._verdicts(again, study).values() for name, verdict in own.items()
    }
    known = {name: verdict for own in planting.ledger().verdicts.values() for name, verdict in own.items()}
    assert all(after[claim] != known[claim] for claim in plan["claims"][0].split())


class Listening(planting.Altered):
    """The project, which notes the tables that are asked for; nothing is made yet."""

    def __init__(self):
        super().__init__(PROJECT, {})
        self.asked = set()

    def table(self, name, **options):
        self.asked.add(name)
        return super().table(name, **options)


def test_the_tables_of_a_topic_are_those_that_it_asks_for_when_nothing_is_made_yet():
    """An error in one of them is looked for in that topic, also when another topic made the half of it."""
    for topic, recompute in planting.reproductions.topics().items():
        if topic.startswith(("miller2022", "navinel2020")):
            study = Listening()
            recompute(study)
            assert planting.ledger().reads[topic] == study.asked, topic


def test_an_error_is_plausible(planted):
    _, plan = planted
    for row in plan.to_dict("records"):
        before, after = (slips.french.first_number(row[name]) for name in ("printed_true", "printed_false"))
        assert before != after
        assert 0.25 <= after / before <= 4
        assert row["kind"] in slips.KINDS


def test_the_same_seed_gives_the_same_plan_and_another_one_another(planted):
    known = planting.ledger()
    again = [one.slip for one in planting._chosen(known, "11", 2, slips.KINDS)]
    assert [slip.after for slip in again] == list(planted[1]["printed_false"])[:2]
    other = [one.slip for one in planting._chosen(known, "12", 1, slips.KINDS)]
    assert [slip.key for slip in other] != [slip.key for slip in again[:1]]


def test_a_target_inside_the_source_or_not_empty_is_refused(planted, tmp_path):
    with pytest.raises(UsageError, match="est dans le paquet"):
        planting.plant(None, SOURCE / "essai", 1)
    with pytest.raises(UsageError, match="n'est pas vide"):
        planting.plant(None, planted[0], 1)


def test_the_hunt_gives_its_points(planted):
    _, plan = planted
    first, second = plan.to_dict("records")[:2]
    gap = sorted(hunt.real_gaps(PROJECT))
    line = {"column": "printed", "corrected": ""}
    lines = [
        {**line, "table": first["table"], "key": first["key"].replace(";", " ; "), "kind": slips.NAMES[first["kind"]],
         "corrected": first["printed_true"]},
        {**line, "table": second["table"], "key": second["key"], "kind": "autre"},
        {**line, "table": second["table"], "key": second["key"], "kind": second["kind"]},
        {**line, "table": "miller2022/territories", "key": "cpts=E;indicator=densite", "kind": ""},
        {**line, "table": "miller2022/territories", "key": "cpts=A;indicator=etendue", "kind": ""},
    ]  # fmt: skip
    assert ("miller2022/territories", 929) in gap
    told = hunt.score(lines, plan, set(gap), PROJECT)
    assert list(told.lines["points"]) == [2.0, 1.0, 0.25, -0.5]
    assert told.points == 2.75
    assert len(told.missed) == 2
    alarms = hunt.score(lines[-1:], plan, set(gap), PROJECT)
    assert alarms.points == 0


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", 0),
        (b"table,key,column,kind,corrected\n", 0),
        (b"table;key;column;kind;corrected\nmiller2022/territories;cpts=E,indicator=densite;printed;;123\n", 1),
        ("\ufefftable,key\nmiller2022/territories,cpts=E\n".encode(), 1),
    ],
)  # fmt: skip
def test_what_a_pair_wrote_is_read_as_a_spreadsheet_saves_it(tmp_path, content, found):
    path = tmp_path / "chasse.csv"
    path.write_bytes(content)
    assert len(hunt.read(path)) == found
    assert isinstance(hunt.found(path, PROJECT), pd.DataFrame)


def test_what_cannot_be_read_is_said(tmp_path):
    path = tmp_path / "chasse.csv"
    path.write_text(
        "table,key,column,kind,corrected\nmiler2022/x,a=b,,,\nmiller2022/territories,cpts=Z,,,\n",
        encoding="utf-8",
    )
    said = list(hunt.found(path, PROJECT)["lecture"])
    assert said[0].startswith("tableau inconnu")
    assert said[1].startswith("clé inconnue")
    assert len(hunt.found(tmp_path / "absent.csv", PROJECT)) == 0
