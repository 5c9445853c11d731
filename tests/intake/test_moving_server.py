"""Files that move, from an address that answers: what the publisher changes is told, and what is wrong replaces nothing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from helpers.commands.main import main
from helpers.territory import downloads, editions, store
from tests.intake import test_finess_plus
from tests.territory import serving

FINESS = "finess-structures.json"


@pytest.fixture
def publisher(tmp_path, monkeypatch):
    """An address on this machine for FINESS: `answer` is what it gives, `length` what it announces."""

    with serving.publisher() as given:
        table = store.register().copy()
        table.loc["finess", ["address", "resource"]] = [f"http://127.0.0.1:{given.port}/{FINESS}", None]
        monkeypatch.setattr(store, "register", lambda: table)
        monkeypatch.setattr(downloads, "TIMEOUT", 5)
        monkeypatch.setenv(downloads.PLACE, str(tmp_path / "external"))
        monkeypatch.delenv(downloads.MIRROR, raising=False)
        given.answer = edition(tmp_path, "2026-09-01")
        yield given


def edition(folder, day, items=test_finess_plus.THREE, **changes):
    flow = test_finess_plus.flow(*items, generatedAt=f"{day}T00:00:00Z", **changes)
    return test_finess_plus.stored(folder, flow, f"{day}.json").read_bytes()


def get(*words):
    result = CliRunner().invoke(main, ["get", "finess", *words])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def kept():
    return sorted(path.name for path in (store.folder() / "finess").iterdir())


def test_an_address_that_answers_is_read_and_locked(publisher):
    code, said = get()
    assert code == 0
    assert "téléchargé, édition 2026-09-01" in said
    line = editions.of("finess")
    assert line.final_address.startswith("http://127.0.0.1:")
    assert (line.edition, line.rows, line.size) == ("2026-09-01", 3, len(publisher.answer))
    assert line.fetched_on == editions.today()


def test_a_new_edition_stands_beside_the_old_one_and_each_can_be_used(publisher, tmp_path):
    get()
    publisher.answer = edition(tmp_path, "2026-10-01")
    assert "déjà là, édition 2026-09-01" in get()[1]
    assert "téléchargé, édition 2026-10-01" in get("--update")[1]
    assert kept() == ["2026-09-01", "2026-10-01"]
    assert get("--edition", "2026-09-01")[0] == 0
    assert store.edition("finess")[0] == "2026-09-01"
    # An older file at the address is no news.
    publisher.answer = edition(tmp_path, "2026-08-01")
    code, said = get("--update")
    assert (code, kept()) == (1, ["2026-09-01", "2026-10-01"])
    assert "plus ancienne que l'édition 2026-10-01" in said


def test_the_locked_edition_is_the_same_bytes_or_is_refused(publisher, tmp_path):
    get()
    code, said = get("--locked")
    assert code == 0
    assert "la même qu'avant" in said
    first = store.edition("finess")
    publisher.answer = edition(tmp_path, "2026-10-01")
    code, said = get("--locked")
    assert (code, said.count("\n"), store.edition("finess")) == (1, 1, first)
    assert "l'éditeur ne publie plus l'édition 2026-09-01" in said
    assert "édition 2026-10-01" in said


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda folder: b"<!doctype html><title>Maintenance</title>", "finess-structures.json"),
        (lambda folder: b"", "est vide"),
        (lambda folder: edition(folder, "2026-10-01", schemaVersion="v2"), "version « v2 »"),
        (lambda folder: edition(folder, "2026-10-01", test_finess_plus.THREE[:2]), "2 lignes au lieu de 3"),
        (lambda folder: edition(folder, "2026-10-01")[:-40], "finess-structures.json"),
        (lambda folder: edition(folder, "demain"), "ne dit pas la date"),
    ],
    ids=["page", "empty", "layout", "rows", "cut", "date"],
)
def test_what_is_wrong_is_one_sentence_and_replaces_nothing(publisher, answer, sentence, tmp_path):
    get()
    before = (store.state("finess"), kept(), editions.locked())
    publisher.answer = answer(tmp_path)
    code, said = get("--update")
    assert (code, said.count("\n")) == (1, 1)
    assert sentence in said
    assert (store.state("finess"), kept(), editions.locked()) == before
    assert not (store.folder() / editions.RECEPTION).exists()


@pytest.mark.parametrize("fault", ["half", "gone", "off"])
def test_without_an_answer_the_last_edition_serves_and_says_its_age(publisher, fault):
    get()
    if fault == "half":
        publisher.length = len(publisher.answer) + 100
    elif fault == "gone":
        publisher.status = 404
    else:
        publisher.stop()
    code, said = get("--update")
    assert code == 0
    assert "ne répond pas" in said
    assert "déjà là, édition 2026-09-01" in said
    assert "reçue le" in said


def test_several_files_are_each_tried(publisher, monkeypatch):
    table = store.register()
    table.loc["ameli", "address"] = "http://127.0.0.1:9/rien.csv"
    result = CliRunner().invoke(main, ["get", "ameli", "finess"])
    assert result.exit_code == 1
    assert "ameli : l'adresse officielle" in result.output
    assert "finess : téléchargé, édition 2026-09-01" in result.output
