"""`cpts get` of moving files: edition found and locked, same edition again, changed files told, nothing replaced on a refusal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from helpers.commands.main import main
from helpers.errors import DataError, UnknownName, UsageError
from helpers.intake.official import bringing
from helpers.territory import downloads, editions, store
from tests.intake import test_dossier, test_drees, test_finess_plus, test_finess_rpps

FINESS = "finess-structures.json"
DOWNLOAD = editions._download


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """An empty store, and a folder of copies that holds one FINESS+ file; no address answers."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    monkeypatch.setenv(downloads.PLACE, str(tmp_path / "external"))
    monkeypatch.setenv(downloads.MIRROR, str(folder))
    monkeypatch.setattr(editions, "_download", _unreachable)
    put(folder, "2026-09-01")
    return folder


def _unreachable(file, address, target):
    raise DataError(f"{file} : l'adresse officielle ({address}) ne répond pas.")


def put(folder, day, items=test_finess_plus.THREE):
    test_finess_plus.stored(folder, test_finess_plus.flow(*items, generatedAt=f"{day}T00:00:00Z"), FINESS)


def get(*arguments):
    return CliRunner().invoke(main, ["get", *arguments])


def test_an_edition_is_locked_and_found_again(mirror):
    first = get("finess")
    assert first.exit_code == 0, first.output
    assert "copié du miroir, édition 2026-09-01" in first.output
    line = editions.of("finess")
    assert (line.edition, line.rows) == ("2026-09-01", 3)
    assert line.sha256 == editions.digest(mirror / FINESS)
    assert store.of_communes(["35238"], "finess")["finess"].tolist() == ["350000011"]
    put(mirror, "2026-10-01")  # the publisher goes on: the same edition is used all the same
    assert "déjà là, édition 2026-09-01" in get("finess").output
    store.path("finess").unlink()
    assert "relue" in get("finess").output
    assert store.edition("finess") == ("2026-09-01", line.sha256)
    assert not (store.folder() / editions.RECEPTION).exists()


def test_a_new_edition_stands_beside_the_old_one(mirror):
    get("finess")
    put(mirror, "2026-10-01")
    assert "édition 2026-10-01" in get("finess", "--update").output
    assert [line.edition for line in editions.locked("finess")] == ["2026-09-01", "2026-10-01"]
    assert store.edition("finess")[0] == "2026-10-01"
    assert get("finess", "--edition", "2026-09-01").exit_code == 0
    assert store.edition("finess")[0] == "2026-09-01"
    with pytest.raises(UnknownName, match="2026-09-01"):
        list(bringing.bring("finess", edition="2026-09-02"))
    with pytest.raises(UsageError, match="s'excluent"):
        list(bringing.bring("finess", edition="2026-09-01", update=True))


def test_a_changed_file_is_told(mirror):
    get("finess")
    kept = store.folder() / editions.of("finess").kept
    kept.write_bytes(kept.read_bytes() + b" ")
    said = get("finess")
    assert said.exit_code == 1
    assert "a changé depuis qu'il a été lu" in said.output
    put(mirror, "2026-09-01", test_finess_plus.THREE[::-1])  # the same day, other bytes
    said = get("finess", "--locked")
    assert said.exit_code == 1
    assert "l'éditeur ne publie plus" in said.output
    assert "a changé le contenu de l'édition 2026-09-01" in get("finess", "--update").output
    assert store.edition("finess")[0].startswith("2026-09-01-")


def test_a_refused_file_replaces_nothing(mirror):
    get("finess")
    before = store.state("finess")
    put(mirror, "2026-10-01", test_finess_plus.THREE[:2])
    said = get("finess", "--update")
    assert said.exit_code == 1
    assert "2 lignes au lieu de 3" in said.output
    (mirror / FINESS).write_text("{", encoding="utf-8")
    assert get("finess", "--update").exit_code == 1
    (mirror / FINESS).unlink()
    said = get("finess", "--update")  # nobody answers: the last edition serves, and says its age
    assert said.exit_code == 0
    assert "reçue le" in said.output
    assert store.state("finess") == before
    assert len(editions.locked()) == 1


def test_each_source_by_its_own_reader(mirror, tmp_path):
    test_drees.workbook(
        mirror,
        {"APL 2023": test_drees.generalists(), "APL 2024": test_drees.generalists()},
        "apl_generalistes.xlsx",
    )
    assert "édition 2023-2024" in get("apl-generalistes").output
    assert store.of_communes(["01001"], "apl")["year"].tolist() == [2023, 2024]
    given = test_dossier.stored(tmp_path)
    said = get("insee-dossier", "--from", str(given))
    assert "pris du fichier donné, édition 2022" in said.output
    assert "n'a pas : " in said.output
    assert store.of_communes(["2A004"], "insee-dossier")["population"].tolist() == [72000]


def test_a_nominative_file_is_counted_then_deleted(mirror, tmp_path):
    given = test_finess_rpps.directory(tmp_path, test_finess_rpps.ACTIVITIES)
    assert get("rpps", "--from", str(given)).exit_code == 0
    held = [path for path in store.folder().rglob("*") if path.is_file()]
    assert sorted(path.name for path in held) == [editions.LOCK, "rpps.parquet", "rpps.references.parquet"]
    assert not any(b"NOM0001" in path.read_bytes() or b"810000000001" in path.read_bytes() for path in held)
    assert editions.of("rpps").kept == ""
    assert "déjà là" in get("rpps").output
    undated = test_finess_rpps.directory(tmp_path, test_finess_rpps.ACTIVITIES, name="ps-libreacces.txt")
    assert "ne dit pas sa date" in get("rpps", "--from", str(undated)).output


def test_names_and_a_damaged_lock(mirror):
    assert bringing.names(["apl", "ind-589.csv"]) == (["ind-589.csv"], store.files("apl"))
    assert "finess" in get("fines").output
    assert get("apl", "--from", "x").exit_code == 2
    assert "ne répond pas" in get("ameli").output
    store.folder().mkdir(parents=True, exist_ok=True)
    (store.folder() / editions.LOCK).write_text("x\n1\n", encoding="utf-8")
    assert "ne se lit pas" in get("finess").output


@pytest.mark.parametrize("file", ["apl-infirmiers", "ameli", "insee-dossier"])
def test_no_network_names_the_file_and_the_page_to_take_it_from(mirror, monkeypatch, file):
    import pooch

    monkeypatch.setattr(editions, "_download", DOWNLOAD)
    monkeypatch.setattr(pooch, "HTTPDownloader", lambda **_: _no_network)
    said = get(file)
    row = store.register().loc[file]
    assert said.exit_code == 1
    assert said.output.count("\n") == 1
    for told in (row["saved_as"], row["page"], f"« cpts get {file} --from FICHIER »"):
        assert told in said.output


def _no_network(address, target, _):
    raise OSError("no route")


def test_the_list_of_a_data_set_gives_its_latest_file(mirror, monkeypatch):
    listed = {
        "resources": [
            {
                "url": f"https://static.exemple.invalid/finess-structures-{day}.json",
                "last_modified": f"{day}T01:00",
            }
            for day in ("2026-09-01", "2026-10-02", "2026-09-20")
        ]
    }
    monkeypatch.setattr(
        editions, "_download", lambda file, address, target: target.write_text(json.dumps(listed))
    )
    found = editions._listed("finess", "https://exemple.invalid", r"finess-structures.*\.json$")
    assert found == ("https://static.exemple.invalid/finess-structures-2026-10-02.json", "2026-10-02")
    with pytest.raises(DataError, match="--from"):
        editions._listed("finess", "https://exemple.invalid", "autre")
