"""Pinned downloads: mirror, official address, and one sentence with nothing broken for every accident."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.commands.main import main
from helpers.errors import DataError, UnknownName
from helpers.territory import downloads
from tests.conftest import ROOT
from tests.project import PROJECT
from tests.territory import serving

NAME = "ind-589.csv"
CONTENT = b"un fichier entier\n"
SHARED = ROOT.parent / "shared" / "data" / "external"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder of downloads, no mirror, and a register of one small file."""
    import hashlib

    row = {
        "title_fr": "Essai",
        "address": "http://127.0.0.1:9/" + NAME,
        "published": pd.Timestamp("2024-10-17"),
    }
    row["sha256"] = hashlib.sha256(CONTENT).hexdigest()
    table = pd.DataFrame([row], index=pd.Index([NAME], name="file"))
    monkeypatch.setattr(downloads, "register", lambda: table)
    monkeypatch.setattr(downloads, "TIMEOUT", 5)
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "external"))
    monkeypatch.delenv(downloads.MIRROR, raising=False)
    return tmp_path / "external"


def mirror(tmp_path, monkeypatch, content):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / NAME).write_bytes(content)
    monkeypatch.setenv(downloads.MIRROR, str(folder))


@pytest.fixture
def server(place):
    """The official address, served here: `answer` is what it gives, `length` what it announces."""

    with serving.publisher() as given:
        given.answer = CONTENT
        downloads.register()["address"] = f"http://127.0.0.1:{given.port}/{NAME}"
        yield given


def get(*names):
    return CliRunner().invoke(main, ["get", *names])


def test_the_mirror_comes_first_and_a_sound_file_is_kept(place, tmp_path, monkeypatch):
    mirror(tmp_path, monkeypatch, CONTENT)
    assert "copié du miroir" in get().output
    assert (place / NAME).read_bytes() == CONTENT
    assert "déjà là" in get(NAME).output
    assert downloads.advice([NAME]) == ""
    assert downloads.path(NAME) == place / NAME


def test_the_official_address_comes_next(place, server):
    result = get()
    assert result.exit_code == 0, result.output
    assert "téléchargé" in result.output
    assert (place / NAME).read_bytes() == CONTENT


def test_a_mirror_without_the_file_leads_to_the_official_address(place, server, tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.MIRROR, str(tmp_path))
    assert "téléchargé" in get().output


def broken(result, place, sentence, before=b"ce qui y etait"):
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.count("\n") == 1
    assert "Traceback" not in result.output
    assert [path.name for path in place.iterdir()] == [NAME]
    assert (place / NAME).read_bytes() == before


@pytest.fixture
def old(place):
    place.mkdir()
    (place / NAME).write_bytes(b"ce qui y etait")


def test_a_mirror_with_another_file_is_refused(place, old, tmp_path, monkeypatch):
    mirror(tmp_path, monkeypatch, b"autre chose")
    broken(get(), place, "n'a pas l'empreinte attendue")


def test_a_wrong_checksum_is_refused(place, old, server):
    server.answer = b"autre chose"
    broken(get(), place, "incomplet ou n'a pas l'empreinte")


def test_half_a_file_is_refused(place, old, server):
    server.answer, server.length = CONTENT[:5], len(CONTENT)
    result = get()
    assert result.exit_code == 1
    broken(result, place, "rien n'a été remplacé")


def test_no_network_is_one_sentence(place, old):
    broken(get(), place, "l'adresse officielle ne répond pas")


def test_a_page_that_is_gone_is_one_sentence(place, old, server):
    server.status = 404
    broken(get(), place, "rien n'a été remplacé")


def test_a_folder_that_cannot_be_written(place, tmp_path, monkeypatch):
    (tmp_path / "fichier").write_bytes(b"")
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "fichier" / "dossier"))
    result = get()
    assert result.exit_code == 1
    assert "Impossible d'écrire" in result.output


def test_unknown_names_and_absent_files_say_the_remedy(place):
    result = get("ind-58.csv")
    assert result.exit_code == 2
    assert NAME in result.output
    with pytest.raises(UnknownName):
        downloads.present("ind-58.csv")
    with pytest.raises(DataError, match="cpts get"):
        downloads.path(NAME)
    assert downloads.status()["État"].tolist() == ["absent ou incomplet"]
    assert "cpts get" in downloads.notice([NAME]).html


def test_the_register_points_to_one_frozen_revision():
    table = PROJECT.table("open/downloads")
    assert table["address"].str.contains("8bab813aa2926e9293cd85d3ac8c35ed74604347", regex=False).all()
    assert set(table["file"]) >= {f"ind-{number}.csv" for number in (311, 312, 318, 587, 589)}


@pytest.mark.skipif(not SHARED.is_dir(), reason="le dossier des copies (miroir) n'est pas sur cette machine")
def test_the_real_files_are_those_of_the_register(tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    monkeypatch.setenv(downloads.MIRROR, str(SHARED))
    assert len(list(downloads.fetch())) == 6
    assert (downloads.status()["État"] == "présent").all()


def test_downloads_are_never_in_git():
    assert "data/external/" in (ROOT / ".gitignore").read_text(encoding="utf-8")
