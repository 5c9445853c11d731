"""Coded material in plain tables: French or English heads, any usual separator, one sentence per fault."""

from __future__ import annotations

import openpyxl
import pytest

from helpers.errors import DataError, UsageError
from helpers.material import coded_csv

SEGMENTS = (
    "Entretien;Code;Codeur;Début;Fin;Tonalité;Extrait;Couleur\n"
    "E1;temps;Ada Nom;0;12;Frein;trop court;bleu\n"
    "E 2;liens;Bob;1 000;1 010;+;au marché;\n"
)


def write(place, name, text, encoding="utf-8"):
    path = place / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(imported, name):
    table = imported.tables[f"material/{name}"]
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_french_heads_any_separator_and_encoding(tmp_path, encoding, delimiter):
    imported = coded_csv.read([write(tmp_path, "s.csv", SEGMENTS.replace(";", delimiter), encoding)])
    assert rows(imported, "segments") == [
        ["E1.2", "E1", "temps", "1", 0, 12, "obstacle", "trop court"],
        ["e-2.3", "e-2", "liens", "2", 1000, 1010, "levier", "au marché"],
    ]
    assert imported.guessed == {"material/codes", "material/sources"}
    assert rows(imported, "codes") == [["temps", "temps"], ["liens", "liens"]]
    assert imported.notes == ["s.csv : colonnes laissées de côté : « Couleur »."]
    assert "Ada" not in imported.tables["material/segments"].to_csv()


@pytest.mark.parametrize("text", ["sep=;\nsource;code\nE1;t\n", "source;code;\nE1;t;\n"])
def test_the_line_of_the_separator_and_a_last_separator_of_excel(tmp_path, text):
    imported = coded_csv.read([write(tmp_path, "s.csv", text)])
    assert rows(imported, "segments") == [["E1.2", "E1", "t", "1"]]
    assert imported.notes == []


def test_the_four_tables_together_in_english(tmp_path):
    files = [
        write(tmp_path, "a.csv", "source,attribute,value\nE1,role,coordination\n"),
        write(tmp_path, "s.csv", "ID,Source,Code,Coder,Start,End,Text\nx,E1,T.a,C2,0,5,words\n"),
        write(tmp_path, "c.csv", "Code,Label,Parent,Description\nT,Theme,,\nT.a,First,T,what it is\n"),
        write(tmp_path, "o.csv", "Source,Order,Length,Date\nE1,1,100,2026-05-02\n"),
    ]
    imported = coded_csv.read(files)
    assert rows(imported, "segments") == [["x", "E1", "T.a", "C2", 0, 5, "words"]]
    assert rows(imported, "codes") == [["T", None, "Theme", None], ["T.a", "T", "First", "what it is"]]
    assert rows(imported, "sources") == [["E1", 1, 100, "2026-05-02"]]
    assert rows(imported, "attributes") == [["E1", "role", "coordination"]]
    assert imported.guessed == set()


def test_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Source", "Code", "Début", "Fin"],
        ["E1", "temps", 3, 9.0],
        [None] * 4,
        ["E1", "liens", 20, 31],
    ):
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    imported = coded_csv.read([tmp_path / "s.xlsx"])
    assert rows(imported, "segments") == [
        ["E1.2", "E1", "temps", "1", 3, 9],
        ["E1.4", "E1", "liens", "1", 20, 31],
    ]


def test_a_listed_name_leaves_the_source(tmp_path):
    imported = coded_csv.read(
        [write(tmp_path, "s.csv", "source,code\nMme Lune,temps\nE2,temps\n")], names=("Lune",)
    )
    assert rows(imported, "segments") == [
        ["source-1.2", "source-1", "temps", "1"],
        ["E2.3", "E2", "temps", "1"],
    ]


def test_the_name_of_a_segment_follows_its_own_source(tmp_path):
    text = "id,source,code\ne 1.1,e 1,temps\ne-1.1,e-1,temps\nLune-4,e-1,temps\n"
    imported = coded_csv.read([write(tmp_path, "s.csv", text)], names=("Lune",))
    assert [row[:2] for row in rows(imported, "segments")] == [
        ["e-1.1", "e-1"],
        ["e-1-2.1", "e-1-2"],
        ["e-1-2.4", "e-1-2"],
    ]


def test_an_attribute_that_names_someone_is_left_out_and_said(tmp_path):
    text = "source,attribut,valeur\nE1,Prénoms,Ada\nE1,adresse-mail,a@b\nE1,référente,Mme Lune\nE1,rôle,infirmière\n"
    imported = coded_csv.read([write(tmp_path, "a.csv", text)], names=("Lune",))
    assert rows(imported, "attributes") == [["E1", "rôle", "infirmière"]]
    assert imported.notes == ["a.csv : laissé de côté, 3 valeur(s) d'attribut qui nommeraient une personne."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "source,code,start,end\nE1,t,a,2\n",
            "s.csv, ligne 2, colonne « start » : la cellule n'est pas un nombre entier",
        ),
        ("source,code,start,end\nE1,t,1.5,2\n", "la cellule n'est pas un nombre entier"),
        (
            "source,code,start,end\nE1,t,1,99999999999999999999999\n",
            "n'est pas un nombre entier, ou est trop grand",
        ),
        ("source,code,start,end\nE1,t,-1,2\n", "la cellule n'est pas un nombre entier"),
        (
            "source,code,start,end\nE1,t,5,2\n",
            r"ligne 2, colonne « end » : la cellule donne une fin \(2\) qui n'est pas après le début \(5\)",
        ),
        (
            "source,code,start,end\nE1,t,0,9\nE1,t,5,12\n",
            "ligne 3, colonne « start » : la cellule chevauche le segment de la ligne 2",
        ),
        (
            "source,code,valence\nE1,t,bof\n",
            "ligne 2, colonne « valence » : la cellule n'est pas l'une de levier, obstacle",
        ),
        ("source,code\nE1,\n", "ligne 2 : la colonne « code » est vide"),
        ("source,code,thème\nE1,a,b\n", "deux colonnes sont celle de « code » .B et C."),
        ("couleur,forme\nbleu,rond\n", "s.csv : en-tête inconnu"),
        ("source,code\n", "pas de ligne de données"),
        ('source,code\n"E1,a\n', "1 cellules au lieu de 2"),
    ],
)
def test_each_fault_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        coded_csv.read([write(tmp_path, "s.csv", text)])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("codes", "sources", "sentence"),
    [
        (
            "code,label\nautre,Autre\n",
            "source,rank,length\nE1,1,100\n",
            "nomme un code inconnu du livre de codes",
        ),
        ("code,label\nt,T\n", "source,rank,length\nE9,1,100\n", "nomme une source inconnue"),
        ("code,label\nt,T\n", "source,rank,length\nE1,1,10\n", "dépasse la longueur du texte"),
    ],
)
def test_faults_between_the_files(tmp_path, codes, sources, sentence):
    files = [
        write(tmp_path, "s.csv", "source,code,start,end\nE1,t,5,12\n"),
        write(tmp_path, "c.csv", codes),
        write(tmp_path, "o.csv", sources),
    ]
    with pytest.raises(DataError, match=sentence):
        coded_csv.read(files)


def test_two_files_of_the_same_kind(tmp_path):
    files = [write(tmp_path, name, "source,code\nE1,t\n") for name in ("a.csv", "b.csv")]
    with pytest.raises(UsageError, match=r"« a\.csv » est déjà un tableau de ce genre"):
        coded_csv.read(files)
