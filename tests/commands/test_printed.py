"""What a command printed is printed again as long as nothing has changed, and computed as soon as something has."""

from __future__ import annotations

import pytest

from helpers.commands import printed
from helpers.pipeline import batch, cache


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A function that asks for a text, and the list of the times when it was computed."""
    monkeypatch.setattr(batch, "DEFAULT_OUT", tmp_path)
    computed = []

    def ask(*question, text="réponse", fault=None):
        def tell():
            computed.append(question)
            print(text)
            if fault:
                raise fault

        printed.again(tell, *question)

    return ask, computed


def test_the_same_question_is_computed_once(asked, capsys):
    ask, computed = asked
    for question in (("claims", None), ("claims", None), ("claims", "écart")):
        ask(*question)
    assert computed == [("claims", None), ("claims", "écart")]
    assert capsys.readouterr().out == "réponse\n" * 3


def test_a_change_of_the_project_is_seen(asked, monkeypatch):
    ask, computed = asked
    ask("check")
    monkeypatch.setattr(cache, "project", lambda: "autre")
    ask("check")
    assert len(computed) == 2


def test_what_ends_by_a_fault_or_was_damaged_is_computed_again(asked, capsys, tmp_path):
    ask, computed = asked
    for _ in range(2):
        with pytest.raises(SystemExit):
            ask("check", fault=SystemExit(1))
    assert capsys.readouterr().out == "réponse\n" * 2
    ask("check")
    kept = tmp_path / cache.FOLDER / printed.NAME
    kept.write_bytes(kept.read_bytes()[:-9])
    ask("check")
    assert len(computed) == 4


def test_the_project_is_its_program_its_data_and_its_downloads(tmp_path, monkeypatch):
    monkeypatch.setenv("CPTS_EXTERNAL", str(tmp_path))
    before = cache.project()
    assert cache.project() == before
    (tmp_path / "finess.csv").write_text("a", encoding="utf-8")
    assert cache.project() != before
