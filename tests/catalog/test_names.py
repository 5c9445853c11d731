"""Names taken out of every text of a package, in the spellings of a reader; what stays is told, and no hash gives the list."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import catalog
from helpers.catalog import names as person_names
from helpers.errors import DataError
from helpers.intake import check, starting

NAMES = ("Élise Roux", "Zélie", "Anne-Lise", "O'Brien", "Lœtitia", "Ben Saïd")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Élise Roux parle.", "[nom] parle."),
        ("elise  ROUX parle", "[nom] parle"),
        ("Elise\nRoux, oui", "[nom], oui"),
        (unicodedata.normalize("NFD", "avec Élise Roux et Zélie"), "avec [nom] et [nom]"),
        ("Zélie", "[nom]"),
        ("d'Zélie, Zélie-Rose", "d'[nom], [nom]-Rose"),
        ("Zélie2 et _Zélie_", "[nom]2 et _[nom]_"),
        ("Zé\u00adlie, Zé\u200blie", "[nom], [nom]"),
        ("anne lise ; Anne–Lise ; ANNE‑LISE", "[nom] ; [nom] ; [nom]"),
        ("O’Brien et O'BRIEN", "[nom] et [nom]"),
        ("Loetitia, LŒTITIA", "[nom], [nom]"),
        ("ben said", "[nom]"),
        ("ZÉLIE 🚐 Zélie", "[nom] 🚐 [nom]"),
        ("Zélies et grizélie restent", "Zélies et grizélie restent"),
        ("Élise et Mme Roux", "[nom] et [nom]"),
        ("les arbres roux restent", "les arbres roux restent"),
        ("", ""),
    ],
)
def test_whole_names_whatever_their_writing(text, told):
    assert person_names.without_names(text, NAMES) == told


def test_the_longest_name_first():
    assert person_names.without_names("Jean Marie Roux", ["Jean", "Jean Marie Roux"]) == "[nom]"


def test_a_name_of_signs_only_changes_nothing():
    # A line of hyphens is how people part a list.
    for sign in ("\u0301", "  ", "-", "---", "— —"):
        assert person_names.without_names("a . b - c", [sign]) == "a . b - c"
        assert person_names.names_in("a . b - c", [sign]) == []
    assert person_names.without_names("a(b (b", ["(b"]) == "a(b [nom]"


def test_names_that_overlap_are_taken_out_whole():
    names = ["Anne", "Anne-Lise", "Lise Roux"]
    assert person_names.without_names("Anne-Lise Roux et Anne Roux", names) == "[nom] et [nom] [nom]"


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_text_without_the_names_is_left_alone_and_twice_is_once(text, names):
    once = person_names.without_names(text, names)
    if not person_names.names_in(text, names):
        assert once == text
    assert person_names.without_names(text, []) == text


LIST = ("Anne-Lise Roux", "Jean Dupont", "Maria D'Angelo", "Paul Saint-Martin")
# Fifty-two ways to write the names of LIST.
VARIANTS = [
    "Anne-Lise Roux", "anne-lise roux", "ANNE-LISE ROUX", "Anne Lise Roux", "Anne–Lise Roux", "Anne‑Lise Roux", "Anne_Lise_Roux",
    "Anne\u00a0Lise\u202fRoux", "An\u200bne-Lise Ro\u00adux", unicodedata.normalize("NFD", "Ànne-Lise Roùx"), "Ａnne-Lise Ｒoux",
    "Anne-Lise\nRoux", "Anne-Lise\r\n  Roux", "Anne-\nLise Roux", "Anne-Li-\nse Roux", "Roux Anne-Lise", "ROUX, Anne-Lise",
    "Lise Roux", "Madame Roux", "Mme ROUX", "MmeRoux", "Dr. Roux", "Roux", "ROUX", "Anne-Lise", "A.-L. Roux", "A. Roux",
    "A.-L. R.", "A.L.R.", "AnneLiseRoux", "annelise.roux@chu.fr", "R o u x", "R.O.U.X", "Jean Dupont", "J. Dupont", "Dupont J.",
    "Du-\npont", "Du\npont", "jean dupont", "DUPONT Jean", "Maria D Angelo", "Maria D’Angelo", "DAngelo Maria", "Angelo",
    "Paul St Martin", "Paul St-Martin", "St. Martin Paul", "Saint Martin Paul",
    "madame dupont", "ALR", "Dupond", "duponts",
]  # fmt: skip


def _readable(text: str) -> bool:
    left = person_names.without_names(f"Selon {text} , oui", LIST)
    return left.replace("[nom]", "").replace("Selon", "").replace("oui", "").strip(" ,.@-") not in (
        "", "A.-L", "A", "J", "Dr", "Mme", "Madame", "chu.fr", "St", "Lise", "D"
    )  # fmt: skip


def test_six_spellings_at_most_stay_and_each_is_told():
    assert len(VARIANTS) == 52
    stay = [text for text in VARIANTS if _readable(text)]
    assert len(stay) <= 6, stay
    assert [text for text in stay if not person_names.doubtful(f"Selon {text} , oui", LIST)] == []


def test_an_ordinary_text_is_neither_changed_nor_doubtful():
    text = "Le temps manque aux médecins, et les réunions sont longues."
    assert person_names.without_names(text, LIST) == text
    assert not person_names.doubtful(text, LIST)


def test_no_dictionary_finds_the_list_from_its_mark(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    person_names._key.cache_clear()
    (tmp_path / "datapackage.json").write_text('{"name": "p", "resources": []}', encoding="utf-8")
    (tmp_path / "noms.txt").write_text("Jean Dupont\n", encoding="utf-8")
    mark = catalog.digest("noms.txt", tmp_path)
    content = (tmp_path / "noms.txt").read_bytes()
    assert all(
        hashlib.new(kind, salt + content).hexdigest()[:32] != mark
        for kind in ("sha256", "sha1", "md5") for salt in (b"", b"noms.txt\0", b"\0")
    )  # fmt: skip
    person_names._key.cache_clear()
    assert catalog.digest("noms.txt", tmp_path) == mark, "the key is kept from one run to the next"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    person_names._key.cache_clear()
    assert catalog.digest("noms.txt", tmp_path) != mark
    person_names._key.cache_clear()


SECRET = "Jean Dupont"
# Text columns that pages print, of tables that a user fills by hand.
COLUMNS = [
    ("material/codes", "label_fr"), ("material/codes", "definition_fr"), ("material/attributes", "value"),
    ("survey/consensus", "decided_by_fr"), ("cpts/facts", "value"), ("cpts/facts", "source"), ("cpts/actions", "label_fr"),
    ("cpts/actions", "comparison_fr"), ("cpts/indicator_definitions", "contested_fr"), ("cpts/cpts", "name_fr"),
]  # fmt: skip


@pytest.fixture
def example(tmp_path):
    folder = tmp_path / "ma-cpts"
    starting.new(folder, example=True)
    (folder / "noms.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    return folder


def _put(folder, table, column, text, row=0):
    package = catalog.Package(folder)
    found = package.table(table)
    texts = found.texts(catalog.judged(table, package, optional=True).frame)
    texts.iloc[row, list(texts.columns).index(column)] = text
    package.path(table).write_bytes(found.file(texts))


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_listed_name_is_taken_out_of_every_text(example, table, column):
    _put(example, table, column, f"vu avec {SECRET} et Mme DUPONT")
    shown = catalog.load(table, example)
    assert shown[column].iloc[0] == "vu avec [nom] et [nom]"
    assert not shown.astype(str).apply(lambda cells: cells.str.contains("upont", case=False)).any(axis=None)


@pytest.mark.parametrize(
    ("table", "column"),
    [("material/sources", "source"), ("cpts/actions", "action"), ("survey/answers", "respondent")],
)
def test_a_code_with_a_listed_name_is_refused_without_saying_it(example, table, column):
    _put(example, table, column, "entretien-dupont")
    with pytest.raises(DataError, match="contient un nom qui est dans noms") as refusal:
        catalog.load(table, example)
    told = [str(refusal.value), *check.check(example)]
    assert any("contient un nom" in sentence for sentence in told[1:])
    assert not any("dupont" in sentence.lower() for sentence in told if "contient un nom" in sentence)


def test_check_says_which_rows_to_read_again_and_never_the_words(example):
    _put(example, "material/codes", "label_fr", "chez monsieur duponts", row=1)
    told = check.to_read_again(example)
    assert any("codes.csv, colonne « label_fr », ligne 3 " in sentence for sentence in told)
    assert "ne garde pas" in told[-1]
    assert not any("dupont" in sentence.lower() for sentence in told)
    (example / "noms.txt").unlink()
    assert check.to_read_again(example)[-1].startswith("Aucune liste noms.txt")
