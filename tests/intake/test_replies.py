"""Answers of authors into the register: all or none, one French sentence per fault."""

from __future__ import annotations

import shutil

import openpyxl
import pytest

from helpers import catalog
from helpers.catalog import Study
from helpers.documents.letter import form, letter
from helpers.errors import DataError
from helpers.files import written
from helpers.intake import check, replies
from tests.project import PROJECT

E_DENSITY, E_TEXT = "miller2022.t3.densite.e", "miller2022.t3.densite_texte.e"


@pytest.fixture
def package(tmp_path):
    """The register alone, as a package that can be written."""
    source = catalog.open_package(None)
    folder = tmp_path / "data"
    folder.mkdir()
    kept = [item for item in source.descriptor["resources"] if item["name"] == "claims"]
    (folder / "datapackage.json").write_bytes(written.described_as(source.descriptor | {"resources": kept}))
    shutil.copy(source.path("claims"), folder / "claims.csv")
    return folder


def answers(tmp_path, text, name="reponses.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def entered(file, package, **options):
    """The sentence of `enter`, with plain spaces."""
    (sentence,) = replies.enter(file, package, **options)
    return sentence.replace("\u00a0", " ")


def reply_of(package, claim_id):
    return Study(str(package)).table("claims").set_index("claim_id").loc[claim_id, "reply"]


def test_answers_land_in_the_register_and_its_checksum(package, tmp_path):
    file = answers(tmp_path, f"claim_id;reply\n{E_DENSITY};  Exact,\u00a0lire 123 \n{E_TEXT};\n")
    before = (package / "claims.csv").read_text(encoding="utf-8")
    assert entered(file, package) == (
        "reponses.csv : 1 réponse ajoutée, 0 remplacée, 0 déjà présente, 1 ligne sans réponse."
    )
    assert reply_of(package, E_DENSITY) == "Exact, lire 123"
    assert check.check(package) == []
    after = (package / "claims.csv").read_text(encoding="utf-8").splitlines()
    changed = [old for old, new in zip(before.splitlines(), after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0].startswith(E_DENSITY)
    assert "1 déjà présente" in entered(file, package)


def test_the_form_of_a_letter_comes_back_as_a_spreadsheet_saves_it(package, ledger, tmp_path):
    told = letter("miller2022", ledger, study=PROJECT)
    heads, rows = form(told)
    book = openpyxl.Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append([*row[:-1], "Autre base\nnote 23" if row[0] == E_DENSITY else None])
    book.save(tmp_path / "reponses.xlsx")
    assert "1 réponse ajoutée" in entered(tmp_path / "reponses.xlsx", package)
    assert reply_of(package, E_DENSITY) == "Autre base note 23"


def test_every_fault_is_one_sentence_and_nothing_is_written(package, tmp_path):
    before = (package / "claims.csv").read_bytes(), (package / "datapackage.json").read_bytes()
    long = "x" * (replies.LONGEST + 1)
    file = answers(
        tmp_path, f"claim_id;reply\nmiller2022.t3.densite.z;Oui\n{E_DENSITY};Exact\n{E_TEXT};{long}\n"
    )
    with pytest.raises(DataError) as refused:
        replies.enter(file, package)
    first, unknown, too_long = str(refused.value).splitlines()
    assert first == "Rien n'a été écrit : 2\u00a0défauts."
    assert unknown.startswith(
        "reponses.csv, ligne 2, colonne « claim_id » : « miller2022.t3.densite.z » n'est pas un"
    )
    assert "écrivez « miller2022.t3.densite." in unknown
    assert too_long.startswith("reponses.csv, ligne 4, colonne « reply » : la cellule a 601 caractères")
    assert ((package / "claims.csv").read_bytes(), (package / "datapackage.json").read_bytes()) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claim_id;reply\n", "pas de ligne de données"),
        (f"claim_id;reply\n{E_DENSITY};\n", "aucune réponse"),
        (f"claim_id;reply\n{E_DENSITY};Oui\n{E_DENSITY};Non\n", "répète la clé"),
        (f"claim_id;reponse_libre\n{E_DENSITY};Oui\n", "« reponse_libre »"),
        (f"claim_id;note\n{E_DENSITY};Oui\n", "« reply » absente"),
        ("reply\nOui\n", "« claim_id » absente"),
        ("claim_id;reply\n;Oui\n", "obligatoire"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_in_one_sentence(package, tmp_path, text, said):
    before = (package / "claims.csv").read_bytes()
    with pytest.raises(DataError, match=said):
        replies.enter(answers(tmp_path, text), package)
    assert (package / "claims.csv").read_bytes() == before


def test_another_answer_is_refused_then_replaced(package, tmp_path):
    replies.enter(answers(tmp_path, f"claim_id;reply\n{E_DENSITY};Exact\n"), package)
    other = answers(tmp_path, f"claim_id;reply\n{E_DENSITY};Non\n")
    with pytest.raises(DataError, match=r"a déjà une autre réponse .* --replace"):
        replies.enter(other, package)
    assert "1 remplacée" in entered(other, package, replace=True)
    assert reply_of(package, E_DENSITY) == "Non"
