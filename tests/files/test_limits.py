"""Archives from outside: read as streams, and refused when they leave their folder, are too large or are damaged."""

from __future__ import annotations

import zipfile

import pytest

from helpers.errors import DataError
from helpers.files import limits

WANTED, NAME = r"(donnees_)?communes\.csv", "donnees_communes.csv"


def zipped(folder, **members):
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_plain_file_and_the_member_of_an_archive(tmp_path):
    (tmp_path / "seul.csv").write_bytes(b"a;b")
    for path in (tmp_path / "seul.csv", zipped(tmp_path, **{"x/Communes.csv": b"a;b", "autre.csv": b"c"})):
        with limits.opened(path, WANTED, NAME) as stream:
            assert stream.read() == b"a;b"


@pytest.mark.parametrize(
    "name",
    ["../communes.csv", "x/../../communes.csv", "/etc/communes.csv", "..\\communes.csv", "C:\\communes.csv"],
)
def test_a_path_out_of_the_archive_is_refused(tmp_path, name):
    path = zipped(tmp_path, **{name: b"a"})
    with pytest.raises(DataError, match="chemin qui sort de son dossier"):
        limits.find(path, WANTED, NAME)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.zip"]


def test_an_archive_that_swells_is_refused_before_reading(tmp_path):
    path = zipped(tmp_path, **{"communes.csv": b"0" * 3_000_000})
    assert path.stat().st_size < 10_000
    with pytest.raises(DataError, match="plus de 2 Mo"):
        limits.find(path, WANTED, NAME, largest=2_000_000)


def test_no_more_is_read_than_the_archive_announces(tmp_path):
    path = zipped(tmp_path, **{"communes.csv": b"0" * 3_000_000})
    # An archive that lies: the directory at its end announces 10 bytes.
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(DataError, match="abîmé"), limits.opened(path, WANTED, NAME) as stream:
        assert len(stream.read()) <= 10


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST_MEMBERS", 1)
    with pytest.raises(DataError, match="1 fichiers"):
        limits.find(zipped(tmp_path, **{"communes.csv": b"a", "b.csv": b"b"}), WANTED, NAME)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"autre.csv": b"a"}, r"aucun fichier de ce nom.*donnees_communes\.csv.*lu : autre\.csv"),
        ({"communes.csv": b"a", "x/communes.csv": b"b"}, "plusieurs fichiers de ce nom"),
    ],
)
def test_the_member_is_the_only_one_of_its_name(tmp_path, members, sentence):
    with pytest.raises(DataError, match=sentence):
        limits.find(zipped(tmp_path, **members), WANTED, NAME)


def test_an_encrypted_member(tmp_path):
    path = zipped(tmp_path, **{"communes.csv": b"a"})
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(DataError, match="mot de passe"):
        limits.find(path, WANTED, NAME)


# Bytes of the directory: 8 holds the flags (0x20 a patch, 0x40 strong encryption), 10 the way of compressing (9: Deflate64).
@pytest.mark.parametrize(("place", "byte"), [(10, 9), (10, 98), (8, 0x20), (8, 0x40)])
def test_what_zipfile_cannot_unpack_is_said(tmp_path, place, byte):
    path = zipped(tmp_path, **{"communes.csv": b"a"})
    raw = bytearray(path.read_bytes())
    raw[raw.rindex(b"PK\x01\x02") + place] = byte
    path.write_bytes(raw)
    for read in (lambda: limits.find(path, WANTED, NAME), lambda: limits.archive(path)):
        with pytest.raises(DataError, match="compressé d'une façon qui ne se lit pas ici"):
            read()


def test_a_damaged_stream_and_a_cut_archive(tmp_path):
    path = zipped(tmp_path, **{"communes.csv": bytes(range(256)) * 50})
    raw = bytearray(path.read_bytes())
    raw[60:90] = b"\xff" * 30
    path.write_bytes(raw)
    with (
        pytest.raises(DataError, match="abîmé dans l'archive"),
        limits.opened(path, WANTED, NAME) as stream,
    ):
        stream.read()
    path.write_bytes(bytes(raw[:100]))
    with pytest.raises(DataError, match="n'est pas une archive entière"):
        limits.find(path, WANTED, NAME)


def test_an_absent_file(tmp_path):
    with pytest.raises(DataError, match="absent"):
        limits.find(tmp_path / "rien.zip", WANTED, NAME)
