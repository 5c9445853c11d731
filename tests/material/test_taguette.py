"""Files that Taguette itself wrote (tests/fixtures/taguette) come back whole; damaged and hostile ones in one sentence."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tools import make_taguette_fixture as making

from helpers.errors import DataError, UnknownName, UsageError
from helpers.files import limits
from helpers.material import taguette, taguette_project
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "taguette"
PROJECT, HIGHLIGHTS, CODEBOOK = (
    FIXTURES / name for name in ("project.sqlite3", "highlights.csv", "codebook.csv")
)
CODES = {
    "interesting": "", "frein": "", "frein.temps": "frein", "frein.outils": "frein", "levier": "",
    "levier.confiance": "levier", "perimetre-partage": "",
}  # fmt: skip
OF_TAG = {"Périmètre partagé": "perimetre-partage"}
OF_TITLE = dict(
    zip(making.SOURCES, ("entretien-1-coordination", "entretien-2-infirmiere", "observation-3"), strict=True)
)


def expected():
    """What was highlighted, as the script that drove the program says it: source, code, words."""
    titles = list(making.SOURCES)
    return sorted(
        (OF_TITLE[titles[rank]], OF_TAG.get(tag, tag), words)
        for rank, words, tags in making.HIGHLIGHTS
        for tag in tags
    )


def check_whole(imported, *, placed):
    codes = imported.tables["material/codes"]
    assert dict(zip(codes["code"], codes["parent"].fillna(""), strict=True)) == CODES
    labels = codes.set_index("code")["label_fr"]
    assert (labels["frein.temps"], labels["perimetre-partage"]) == ("temps", "Périmètre partagé")
    assert codes.set_index("code")["definition_fr"]["frein.outils"] == making.TAGS["frein.outils"]
    sources = imported.tables["material/sources"]
    assert sources["source"].tolist() == list(OF_TITLE.values())
    segments = imported.tables["material/segments"]
    assert sorted(segments[["source", "code", "text"]].itertuples(index=False, name=None)) == expected()
    assert set(segments["coder"]) == {"1"}
    assert ("start" in segments) is placed


def change(tmp_path, *statements):
    copy = tmp_path / "essai.sqlite3"
    shutil.copy(PROJECT, copy)
    with closing(sqlite3.connect(copy)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()
    return copy


@pytest.mark.parametrize(
    "files",
    [
        ("codebook.csv", "highlights.csv"),
        ("highlights.xlsx", "codebook.xlsx"),
        ("codebook.csv", "highlights.xlsx"),
    ],
)
def test_exports_come_back_whole(files):
    check_whole(taguette.read([FIXTURES / name for name in files]), placed=False)


def test_the_project_comes_back_whole_with_its_positions():
    imported = taguette.read([PROJECT])
    check_whole(imported, placed=True)
    texts = {}
    for title, paragraphs in making.SOURCES.items():
        page = "\n".join(paragraphs)
        texts[OF_TITLE[title]] = page.replace("<b>", "").replace("</b>", "").replace("&amp;", "&")
    assert imported.tables["material/sources"]["length"].tolist() == [len(text) for text in texts.values()]
    for row in imported.tables["material/segments"].to_dict("records"):
        assert texts[row["source"]][row["start"] : row["end"]] == row["text"]


def test_highlights_alone_bring_the_codes_that_they_use():
    imported = taguette.read([HIGHLIGHTS])
    assert set(imported.tables["material/codes"]["code"]) == set(CODES) - {"interesting"}
    assert imported.guessed == {"material/codes", "material/sources"}


def test_no_account_is_kept():
    with closing(sqlite3.connect(PROJECT)) as base:
        assert base.execute("SELECT login, hashed_password, email FROM users").fetchall() == [
            ("admin", None, None)
        ]
    said = "".join(table.to_csv() for table in taguette.read([PROJECT]).tables.values())
    assert "admin" not in said


def test_two_accounts_are_two_coders(tmp_path):
    copy = change(
        tmp_path,
        "UPDATE commands SET user_login = 'zoe@example.org' WHERE payload LIKE '%\"highlight_id\": 6%'",
    )
    segments = taguette.read([copy]).tables["material/segments"].set_index("segment")
    assert segments.loc["entretien-2-infirmiere.6", "coder"] == "2"
    assert segments["coder"].value_counts().to_dict() == {"1": 10, "2": 1}
    assert "zoe" not in segments.to_csv()


def test_a_listed_name_leaves_the_code_of_a_source(tmp_path):
    copy = change(tmp_path, "UPDATE documents SET name = 'Barnabé Lune, le 3 mai' WHERE id = 2")
    assert taguette.read([copy]).tables["material/sources"]["source"].tolist()[1] == "barnabe-lune-le-3-mai"
    coded = taguette.read([copy], names=("barnabe lune",))
    assert coded.tables["material/sources"]["source"].tolist()[1] == "source-2"
    assert coded.tables["material/segments"]["segment"].str.startswith("source-2.").sum() == 3


def test_documents_of_the_same_title_are_two_sources(tmp_path):
    copy = change(tmp_path, "UPDATE documents SET name = 'Entretien'")
    assert taguette.read([copy]).tables["material/sources"]["source"].tolist() == [
        "Entretien",
        "entretien-2",
        "entretien-3",
    ]


def test_a_title_that_ends_with_a_number_stays_another_source(tmp_path):
    names = {1: "Entretien", 2: "Entretien", 3: "Entretien (2)"}
    copy = change(
        tmp_path, *(f"UPDATE documents SET name = '{name}' WHERE id = {n}" for n, name in names.items())
    )
    tables = taguette.read([copy]).tables
    assert tables["material/sources"]["source"].tolist() == ["Entretien", "entretien-3", "entretien-2"]
    assert tables["material/segments"]["source"].nunique() == 3


@pytest.mark.parametrize("value", ["NULL", "x'c3a9'", "7"])
@pytest.mark.parametrize(
    "column", ["documents.name", "tags.path", "highlights.snippet", "documents.contents"]
)
def test_a_text_that_is_none_or_bytes_is_read_or_one_sentence(tmp_path, column, value):
    table, _, name = column.partition(".")
    copy = change(
        tmp_path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')",
    )
    with closing(sqlite3.connect(copy)) as base:
        base.execute(f"UPDATE {table} SET {name} = {value} WHERE id = 2")
        base.commit()
    if name == "contents":
        with pytest.raises(DataError, match="sortent du texte"):
            taguette.read([copy])
    else:
        assert len(taguette.read([copy]).tables["material/segments"]) == 11


def test_highlights_without_a_tag_are_said(tmp_path):
    copy = change(tmp_path, "DELETE FROM highlight_tags WHERE highlight_id IN (1, 2)")
    imported = taguette.read([copy])
    assert imported.notes == ["2\u00a0surlignages sans marque : rien à importer pour eux."]
    assert len(imported.tables["material/segments"]) == 9


def test_one_project_of_several(tmp_path):
    copy = change(
        tmp_path, "INSERT INTO projects (id, name, description, created) VALUES (2, 'Vide', '', '2026-01-01')"
    )
    with pytest.raises(
        UsageError, match=r"contient 2 projets \(« Entretiens inventés » et « Vide »\).*--project"
    ):
        taguette.read([copy])
    check_whole(taguette.read([copy], project="Entretiens inventés"), placed=True)
    assert taguette.read([copy], project="Vide").tables["material/segments"].empty
    with pytest.raises(UnknownName, match="Entretiens inventés"):
        taguette.read([copy], project="Entretiens")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE highlights SET end_offset = 9999 WHERE id = 3",
            r"surlignage 3, source 1.*sortent",
        ),
        ("UPDATE highlights SET start_offset = -1 WHERE id = 3", "sortent du texte"),
        ("UPDATE highlights SET start_offset = end_offset WHERE id = 3", "sortent du texte"),
        ("UPDATE highlights SET end_offset = 'x' WHERE id = 3", "sortent du texte"),
        (
            "UPDATE highlight_tags SET tag_id = 99 WHERE highlight_id = 1",
            "surlignage 1 : sa marque n'existe pas",
        ),
        (
            "UPDATE highlights SET document_id = 99 WHERE id = 1",
            "surlignage 1 : son document n'existe pas",
        ),
        (
            "UPDATE highlights SET start_offset = 150, end_offset = 200 WHERE id = 2",
            "chevauche le segment de la ligne",
        ),
        ("DROP TABLE highlight_tags", "n'est pas un projet de Taguette : le tableau « highlight_tags »"),
        ("ALTER TABLE tags RENAME COLUMN path TO label", "le tableau « tags » n'y est pas, ou pas entier"),
        ("DELETE FROM projects", "ne contient aucun projet"),
    ],
)
def test_each_fault_of_a_project_is_one_sentence(tmp_path, statement, sentence):
    with pytest.raises(DataError, match=sentence):
        taguette.read([change(tmp_path, statement)])


def test_a_view_is_not_taken_for_a_table(tmp_path):
    copy = change(tmp_path, "ALTER TABLE tags RENAME TO t", "CREATE VIEW tags AS SELECT * FROM t")
    with pytest.raises(DataError, match="le tableau « tags »"):
        taguette.read([copy])


@pytest.mark.parametrize("kept", [15, 100, 5_000, 40_000, 130_000])
def test_a_cut_project_is_one_sentence(tmp_path, kept):
    path = tmp_path / "coupe.sqlite3"
    path.write_bytes(PROJECT.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"coupe\.sqlite3"):
        taguette.read([path])


def test_a_damaged_project_is_one_sentence_or_read(tmp_path):
    raw = bytearray(PROJECT.read_bytes())
    for start in range(4096, len(raw), 4096 * 5):
        path = tmp_path / "abime.sqlite3"
        broken = bytearray(raw)
        broken[start : start + 64] = b"\xff" * 64
        path.write_bytes(broken)
        try:
            taguette.read([path])
        except DataError as error:
            assert "\n" not in str(error)  # noqa: PT017 - many positions, some harmless


def test_the_file_of_the_user_is_never_written(tmp_path):
    copy = tmp_path / "essai.sqlite3"
    shutil.copy(PROJECT, copy)
    copy.chmod(0o400)
    taguette.read([copy])
    assert copy.read_bytes() == PROJECT.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["essai.sqlite3"]


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_a_tag_that_the_codebook_does_not_have(tmp_path):
    own = write(tmp_path / "h.csv", [["id", "document", "tag", "content"], ["1", "E1", "inconnu", "mots"]])
    with pytest.raises(DataError, match="Surlignages, ligne 2 : la marque n'est pas dans le livre de codes"):
        taguette.read([own, CODEBOOK])


def test_files_that_do_not_go_together(tmp_path):
    with pytest.raises(UsageError, match="se lit seul"):
        taguette.read([PROJECT, HIGHLIGHTS])
    with pytest.raises(UsageError, match="un seul de chaque"):
        taguette.read([HIGHLIGHTS, FIXTURES / "highlights.xlsx"])
    other = write(tmp_path / "autre.csv", [["a", "b"], ["1", "2"]])
    with pytest.raises(DataError, match="n'est pas un export de Taguette"):
        taguette.read([other])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("vide.csv", b"", "vide.csv est vide"),
        ("tete.csv", b"id,document,tag,content\n", "pas de ligne de données"),
        ("court.csv", b"id,document,tag,content\n1,E1,x\n", "ligne 2 : 3 cellules au lieu de 4"),
        ("double.csv", b"id,id\n1,2\n", "« id » figure deux fois"),
        ("nul.csv", b"id,doc\n\0,1\n", "n'est pas un tableau de texte"),
        ("faux.xlsx", b"PK pas un classeur", "n'est pas une archive entière"),
        ("photo.png", b"\x89PNG", "seuls les tableaux .csv et .xlsx"),
        ("faux.sqlite3", b"pas une base", "n'est pas un fichier SQLite"),
    ],
)
def test_files_of_another_kind_are_one_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        taguette.read([tmp_path / name])


def test_an_absent_file():
    with pytest.raises(DataError, match=r"Fichier absent ou illisible : « absent\.csv »"):
        taguette.read([Path("absent.csv")])


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_FILE", 1_000)
    with pytest.raises(DataError, match="trop gros"):
        taguette.read([PROJECT])
    monkeypatch.setattr(limits, "LARGEST_TEXT", 100)
    with pytest.raises(DataError, match="trop gros"):
        taguette.read([HIGHLIGHTS])


def test_a_cut_workbook_is_one_sentence(tmp_path):
    raw = (FIXTURES / "highlights.xlsx").read_bytes()
    for kept in (10, len(raw) // 2, len(raw) - 30):
        path = tmp_path / "coupe.xlsx"
        path.write_bytes(raw[:kept])
        with pytest.raises(DataError, match=r"coupe\.xlsx"):
            taguette.read([path])


@pytest.mark.parametrize(
    ("page", "counted", "read"),
    [
        ("<p>a</p>\n<p>b</p>", "a\nb", "a b"),
        ("<p>a<b>b</b>c</p><p>d</p>", "abcd", "abc d"),
        ("<p>&amp;&eacute;&#x1F690;</p>", "&é🚐", "&é🚐"),
        ("\n <p>a</p>", "a", "a"),
        ("a<br>b", "ab", "a b"),
    ],
)
def test_text_of_a_page(page, counted, read):
    assert taguette_project.flat(page) == (counted, read)


@pytest.mark.skipif(
    "CPTS_TAGUETTE" not in os.environ, reason="CPTS_TAGUETTE ne nomme pas un python qui a Taguette"
)
def test_the_real_program_still_writes_what_is_read(tmp_path):
    script = ROOT / "tools" / "make_taguette_fixture.py"
    subprocess.run([sys.executable, script, os.environ["CPTS_TAGUETTE"], tmp_path], check=True, timeout=240)
    check_whole(taguette.read([tmp_path / "project.sqlite3"]), placed=True)
    check_whole(taguette.read([tmp_path / "codebook.xlsx", tmp_path / "highlights.csv"]), placed=False)
