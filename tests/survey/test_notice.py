"""Every export opens with its source and its author, says whose words it holds, and leaves a contact to fill in."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from helpers import french
from helpers.survey import from_template, instrument, to_limesurvey, to_paper, to_template, to_xlsform
from helpers.survey.instrument.notice import CONTACT_FR, notice
from tests.project import PROJECT


def words(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(" :", ":").strip()


def first_cells(content, sheet):
    return "\n".join(
        str(cell) for row in load_workbook(io.BytesIO(content))[sheet].values for cell in row if cell
    )


EXPORTS = {
    "limesurvey": lambda made: to_limesurvey.structure(made, "Essai").decode("utf-8-sig"),
    "xlsform": lambda made: first_cells(to_xlsform.workbook(made, "Essai"), "survey"),
    "form": lambda made: to_paper.page(made, "Essai"),
    "answers csv": lambda made: to_template.as_csv(made).decode("utf-8-sig"),
    "answers xlsx": lambda made: first_cells(to_template.workbook(made), to_template.NOTICE),
}


@pytest.mark.parametrize("variant", ["original", "corrected"])
@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_opens_with_its_notice(kind, variant):
    import html

    made = instrument.load(variant, study=PROJECT)
    text = words(html.unescape(EXPORTS[kind](made)))
    for head, said in notice(made):
        assert words(french.typography(said)).replace('"', "") in text.replace('"', ""), head
    for wanted in (
        "Miller 2022",
        "annexe 4",
        "reformulés par l'Observatoire".replace("'", "’"),
        "30 minutes",
        "de 1 à 10",
    ):
        assert wanted in text.replace("'", "’"), wanted
    assert CONTACT_FR[:12] in text
    # Before the first question.
    assert text.index("Miller 2022") < text.index(
        words(french.typography(made.question("Q1").wording_fr)) if "answers" not in kind else CONTACT_FR[:12]
    )


def test_the_template_with_its_notice_is_read_back(tmp_path):
    made = instrument.load("corrected", study=PROJECT)
    path = tmp_path / "m.csv"
    lines = to_template.as_csv(made).decode("utf-8-sig").splitlines()
    cells = dict.fromkeys(to_template.header(made), "") | {
        "cpts": "a", "vague": "2026-11", "role": "medecin", "repondant": "r1", "Q5": "1 3",
    }  # fmt: skip
    # As a French spreadsheet saves it: the notice keeps its place and gets separators to the end of the line.
    padded = [line + ";" * 3 if line.startswith(("#", '"#')) else line for line in lines]
    path.write_text("\n".join([*padded, ";".join(cells.values())]), encoding="utf-8-sig")
    found = from_template.read(path, made)
    assert found.faults == []
    assert set(found.rows.query("question == 'Q5'")["option"]) == {"1", "3"}
    assert found.rows["role"].unique().tolist() == ["medecin"]


def test_the_variants_say_which_they_are():
    said = {
        variant: dict(notice(instrument.load(variant, study=PROJECT)))["Source"]
        for variant in ("original", "corrected")
    }
    assert "réponses et conditions de la thèse" in said["original"]
    assert "Variante corrigée" in said["corrected"]
