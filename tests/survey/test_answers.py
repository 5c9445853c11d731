"""Each fault of a file of answers is one French sentence with its row and question; nothing is lost in silence."""

from __future__ import annotations

import pytest

from helpers.errors import DataError
from helpers.survey import from_kobo, from_limesurvey, from_template, instrument
from helpers.survey.instrument.submissions import Given, Submission, report
from tests.project import PROJECT

CORRECTED = instrument.load("corrected", study=PROJECT)
WHO = {"cpts": "a", "vague": "2026-11", "role": "cpam", "repondant": "r1"}


@pytest.fixture
def read(tmp_path):
    """Read one or several rows, given as `{title: text}`, with one of the readers."""

    def call(*rows, reader=from_limesurvey, who=WHO, delimiter=",", **options):
        rows = [{**who, **row} for row in rows]
        titles = list(dict.fromkeys(title for row in rows for title in row))
        lines = [titles, *([row.get(title, "") for title in titles] for row in rows)]
        quoted = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
        path = tmp_path / "reponses.csv"
        path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
        return reader.read(path, CORRECTED, **options)

    return call


def row(found, question):
    rows = found.rows.loc[found.rows["question"] == question, ["option", "value", "status"]]
    return list(rows.fillna("").itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"Q2": "A9"}, "Ligne 2, Q2 : la cellule n'est pas une réponse proposée (codes : 1, 2, 3, 4)."),
        (
            {"Q2": "peut-être"},
            "Ligne 2, Q2 : la cellule n'est pas une réponse proposée (codes : 1, 2, 3, 4).",
        ),
        ({"Q22": "A3"}, "Ligne 2, Q22 : la cellule n'est pas une réponse proposée (codes : 1, 2)."),
        ({"Q1": "printemps 2019"}, "Ligne 2, Q1 : la cellule n'est pas un mois (AAAA-MM)."),
        ({"Q1": "2019-13"}, "Ligne 2, Q1 : la cellule n'est pas un mois (AAAA-MM)."),
        ({"Q7": "une dizaine"}, "Ligne 2, Q7 : la cellule n'est pas un nombre entier."),
        ({"Q7": "2,5"}, "Ligne 2, Q7 : la cellule n'est pas un nombre entier."),
        ({"Q7": "-3"}, "Ligne 2, Q7 : la cellule n'est pas un nombre entier."),
        (
            {"Q5[SQ001]": "peut-être", "Q2": "A1"},
            "Ligne 2, Q5 : la cellule ne dit pas si la case « Maison de santé pluriprofessionnelle » est cochée (1 ou 0, Oui ou "
            "Non).",
        ),
        (
            {"Q2": "A2", "Q26": "A1"},
            "Ligne 2, Q26 : une réponse est donnée alors que la question ne se pose pas (Q2 : CPTS en fonctionnement) ; "
            "videz-la ou corrigez Q2.",
        ),
        (
            {"Q2": "A1", "Q26": "A1", "Q26[other]": "à plusieurs"},
            "Ligne 2, Q26 : un texte « autre » est donné avec une réponse proposée ; une seule peut rester.",
        ),
        (
            {"Q2": "A1", "Q43": "oui"},
            "reponses.csv, colonne « Q43 » : question inconnue dans la variante « corrected » ; corrigez son titre, ou "
            "laissez-la de côté avec --ignore.",
        ),
        (
            {"Q2": "A1", "Q5[SQ009]": "Y"},
            "reponses.csv, colonne « Q5[SQ009] » : réponse que la question Q5 n'a pas ; corrigez son titre, ou laissez-la de "
            "côté avec --ignore.",
        ),
        (
            {"Q2": "A1", "Commentaire": "bien"},
            "reponses.csv, colonne « Commentaire » : colonne inconnue ; corrigez son titre, ou laissez-la de côté avec --ignore.",
        ),
        (
            {"Q5[SQ001]": "Y", "Q5_SQ001": ""},
            "reponses.csv, colonne « Q5_SQ001 » : elle dit la même chose que la colonne « Q5[SQ001] » ; gardez-en une.",
        ),
    ],
)
def test_what_would_be_lost_refuses_the_import(read, cells, sentence):
    found = read(cells)
    assert found.faults == [sentence]
    with pytest.raises(DataError, match=r"Rien n'a été importé\."):
        found.raise_if_faulty()


@pytest.mark.parametrize(
    ("column", "text", "sentence"),
    [
        ("cpts", "", "Ligne 2 : Code de la CPTS : vide"),
        ("vague", "", "Ligne 2 : Vague : vide"),
        ("role", "maire", "Ligne 2 : rôle inconnu ; rôles : coordination, presidence"),
        ("repondant", "Jean Dupont", "Ligne 2 : Code de répondant : ce n'est pas un code"),
    ],
)
def test_who_answers_must_be_codes_and_a_name_is_not_repeated(read, column, text, sentence):
    found = read({"Q2": "A1"}, who={**WHO, column: text})
    assert len(found.faults) == 1
    assert found.faults[0].startswith(sentence)
    assert "Dupont" not in found.faults[0]
    assert found.rows.empty


@pytest.mark.parametrize("title", ["wave", "identite/vague", "vague. Quelle est la vague ?"])
def test_who_answers_is_said_by_one_column(read, title):
    reader = from_kobo if "/" in title else from_limesurvey
    assert read({"Q2": "1", title: "2025-01"}, reader=reader).faults == [
        f"reponses.csv, colonne {'F' if ' ' in title else f'« {title} »'} : elle dit la même chose que la colonne « vague » ; "
        "gardez-en une."
    ]


def test_the_same_respondent_twice(read):
    found = read({"Q2": "A1"}, {"Q2": "A2"}, {"Q2": "A2", "role": "ars"})
    assert found.faults == [
        "Ligne 3 : même CPTS, même vague, même rôle et même répondant qu'à la ligne 2 ; gardez une seule des deux."
    ]
    assert found.respondents == 2


@pytest.mark.parametrize("title", ["token", "Code d’accès", "token. Code d'accès"])
def test_the_same_token_twice(read, title):
    rows = [{"Q2": "A1", title: "t1"}, {"Q2": "A2", title: "t1"}, {"Q2": "A2", title: "t2"}]
    found = read(*rows, who={**WHO, "repondant": ""})
    assert [sentence[:9] for sentence in found.faults] == ["Ligne 3 :"]
    assert set(found.rows["respondent"]) == {"t1", "t2"}


def test_the_same_token_under_two_codes_of_respondent(read):
    rows = [{"Q2": "A1", "token": "t1", "repondant": f"r{rank}"} for rank in (1, 2)]
    assert read(*rows).faults == [
        "Ligne 3 : même jeton d'invitation qu'à la ligne 2, pour la même CPTS, la même vague et le même rôle ; gardez une seule "
        "des deux."
    ]
    assert read(rows[0], {**rows[1], "role": "ars"}).faults == []


def test_the_same_kobo_record_twice(read):
    rows = [{"Q2": "1", "_uuid": "u1", "repondant": f"r{rank}"} for rank in (1, 2)]
    assert read(*rows, reader=from_kobo).faults == ["Ligne 3 : c'est le même envoi (_uuid) que la ligne 2."]


def test_partial_answers_only_warn(read):
    found = read(
        {"Q2": "A2", "submitdate": "", "lastpage": "3", "repondant": "r1"},
        {"Q2": "A2", "submitdate": "2026-11-02 10:00:00", "lastpage": "20", "repondant": "r2"},
    )
    assert found.faults == []
    assert [text for text in found.warnings if "partielle" in text] == [
        "Ligne 2 : réponse partielle, 39\u00a0questions sans réponse."
    ]
    # Two of the three conditional questions are not asked.
    assert row(found, "Q26") == [("", "", "non_posee")] * 2
    assert row(found, "Q28") == [("", "", "sans_reponse")] * 2


@pytest.mark.parametrize("title", ["Date de soumission", "submitdate. Date de soumission", "Date submitted"])
def test_the_date_of_submission_under_its_other_titles(read, title):
    found = read({"Q2": "A2", title: "N/A"}, {"Q2": "A2", title: "2026-11-02 10:00:00", "repondant": "r2"})
    assert found.faults == []
    assert [text[:26] for text in found.warnings if "partielle" in text] == ["Ligne 2 : réponse partiell"]


@pytest.mark.parametrize("title", ["lastname. Nom de famille", "Adresse de courriel", "Prénom", "IPAddr"])
def test_names_under_their_other_titles_are_not_read(read, title):
    found = read({"Q2": "A1", title: "Dupont"})
    assert found.faults == []
    assert any("désigner une personne" in text for text in found.warnings)


def test_the_last_page_tells_a_partial_answer_when_no_date_does(read):
    found = read(
        {"Q2": "A2", "lastpage": "3", "repondant": "r1"}, {"Q2": "A2", "lastpage": "20", "repondant": "r2"}
    )
    assert [text[:26] for text in found.warnings if "partielle" in text] == ["Ligne 2 : réponse partiell"]


def test_an_unfinished_row_without_anything_is_left_out(read):
    found = read({"Q2": "A2"}, {"Q2": "", **dict.fromkeys(WHO, "")})
    # A row of the tool alone (its number, its dates) is no answer.
    assert found.respondents == 1
    found = read({"Q2": "A2", "id": "1"}, {"id": "2", **dict.fromkeys(WHO, "")})
    assert "Ligne 3 : vide, elle n'est pas importée." in found.warnings


def test_none_with_something_else_is_kept_and_said(read):
    found = read({"Q10[SQ001]": "Y", "Q10[SQ006]": "Y"})
    assert [option for option, _, _ in row(found, "Q10")] == ["1", "6"]
    assert "Ligne 2, Q10 : « Aucun » est coché avec autre chose ; les deux sont gardés." in found.warnings


def test_a_free_answer_that_is_not_ticked_is_ticked(read):
    found = read({"Q5": "1", "Q5_autre": "à domicile"}, reader=from_kobo)
    assert row(found, "Q5") == [("1", "", "repondu"), ("5", "à domicile", "repondu")]
    assert any("sans cocher « autre »" in text for text in found.warnings)


def test_in_limesurvey_the_text_is_the_tick(read):
    found = read({"Q5[SQ001]": "Y", "Q5[other]": "à domicile"})
    assert row(found, "Q5") == [("1", "", "repondu"), ("5", "à domicile", "repondu")]
    assert not any("autre" in text for text in found.warnings)


def test_columns_that_may_name_somebody_are_not_read(read):
    found = read({"Q2": "A1", "lastname": "Dupont", "email": "x@y.fr"})
    assert found.faults == []
    assert len([text for text in found.warnings if "désigner une personne" in text]) == 2
    assert not found.rows.isin(["Dupont", "x@y.fr"]).any(axis=None)


def test_questions_without_a_column_are_said(read):
    found = read({"Q2": "A1"})
    assert any("pas de colonne pour Q1, Q3, Q4" in text for text in found.warnings)


def test_columns_can_be_left_aside_and_identity_given(read):
    found = read(
        {"Q2": "A1", "Commentaire": "bien"},
        who={"repondant": "r1"},
        defaults={"cpts": "a", "wave": "2026-11", "role": "ars"},
        ignore=["Commentaire"],
    )
    assert found.faults == []
    assert found.rows.iloc[0, :4].tolist() == ["a", "2026-11", "ars", "r1"]


def test_a_file_of_something_else_is_refused(read):
    with pytest.raises(
        DataError, match=r"aucune colonne n'est une question.*LimeSurvey.*Q1, Q2, Q3.*lu : « cpts »"
    ):
        read({"commune": "01001"})


@pytest.mark.parametrize(
    "text", ["2019-02", "2019-02-15", "2019-02-01 00:00:00", "02/2019", "15/02/2019", "15.02.2019"]
)
def test_months_in_their_usual_writings(read, text):
    assert row(read({"Q1": text}), "Q1") == [("", "2019-02", "repondu")]


@pytest.mark.parametrize("text", ["12", "12.0000000000", "12,0", "012", "1 2"])
def test_numbers_in_their_usual_writings(read, text):
    assert row(read({"Q7": text}), "Q7") == [("", "12", "repondu")]


@pytest.mark.parametrize(
    ("text", "code"), [("Y", "1"), ("Oui", "1"), ("1", "1"), ("N", "2"), ("non", "2"), ("2", "2")]
)
def test_yes_and_no_in_their_usual_writings(read, text, code):
    assert row(read({"Q22": text}), "Q22") == [(code, "", "repondu")]


def test_a_spreadsheet_that_made_a_number_of_two_codes_is_caught(read):
    found = read({"Q5": "1.3"}, reader=from_template)
    assert found.faults == [
        "Ligne 2, Q5 : la cellule n'est pas une réponse proposée (codes : 1, 2, 3, 4, 5)."
    ]


def test_typographic_apostrophes_and_spaces_do_not_matter(read):
    found = read(
        {
            "Q3[SQ001]": "Oui",
            "L\u2019usage d\u2019un outil de partage des dossiers médicaux est-il généralisé dans votre CPTS\u202f?": "Oui",
        }
    )
    assert found.faults == []
    assert row(found, "Q22") == [("1", "", "repondu")]


def test_two_answers_to_one_choice_are_refused():
    identity = {"cpts": "a", "wave": "w", "role": "ars", "respondent": "r"}
    found = report([Submission(2, identity, {"Q30": Given({"1", "2"})})], CORRECTED)
    assert found.faults == ["Ligne 2, Q30 : 2 réponses (1, 2) à une question qui en admet une."]


@pytest.mark.parametrize("text", ["<5>", "-", "&lt;", "na"])
def test_a_short_text_is_still_a_text(read, text):
    assert row(read({"Q17[SQ001]": text}), "Q17") == [("1", text, "repondu")]


@pytest.mark.parametrize("cells", [{"Q5[SQ001]": "<b>"}, {"Q2": "<b>"}, {"Q7": "<b>"}])
def test_markup_alone_is_no_silence(read, cells):
    assert len(read(cells).faults) == 1


def test_several_faults_are_counted(read):
    found = read({"Q2": "A9", "Q7": "x"})
    with pytest.raises(DataError, match=r"la cellule n.*\(2\u00a0défauts en tout\)"):
        found.raise_if_faulty()


@pytest.mark.parametrize("title", ["cptsTime", "vagueTime", "roleTime", "repondantTime", "Q2Time", "groupTime13", "interviewtime",
                                   "Question time: Q2", "Group time: Qui répond", "Temps de la question : Q2"])  # fmt: skip
def test_how_long_a_question_took_is_left_aside(read, title):
    found = read({"Q2": "A1", title: "8"})
    assert (found.faults, found.respondents) == ([], 1)


@pytest.mark.parametrize(
    "wave",
    [
        "nov-26",
        "Nov-2026",
        "nov. 26",
        "févr-26",
        "2026-11-01",
        "2026-11-01 00:00:00",
        "01/11/2026",
        "11/1/2026",
    ],
)
@pytest.mark.parametrize("reader", [from_limesurvey, from_kobo, from_template])
def test_a_wave_that_a_spreadsheet_made_a_date_is_asked_about(read, wave, reader):
    (said,) = read({"Q2": "1", "vague": wave}, reader=reader).faults
    assert said.startswith("Ligne 2 : Vague : un tableur en a fait une date")
    assert wave not in said


@pytest.mark.parametrize("wave", ["2026-11", "vague-2", "2026-11-15", "T0", "printemps-26", "nov2026"])
def test_other_waves_stay_theirs(read, wave):
    found = read({"Q2": "A1", "vague": wave})
    assert (found.faults, set(found.rows["wave"])) == ([], {wave})


@pytest.mark.parametrize(
    ("reader", "title", "out", "held", "fine"),
    [
        (from_limesurvey, "quota_exit", "1", "", ""),
        (from_limesurvey, "Quota de sortie", "12", "N/A", "0"),
        (from_kobo, "_validation_status", "validation_status_not_approved", "validation_status_on_hold", ""),
        (from_kobo, "_validation_status", "Not Approved", "On Hold", "Approved"),
        (from_kobo, "ReviewState", "rejected", "hasIssues", "approved"),
    ],
)
def test_what_the_server_says_of_a_record_is_read_and_told(read, reader, title, out, held, fine):
    rows = [
        {"Q2": "1", "repondant": f"r{rank}", title: said} for rank, said in enumerate((out, held, fine, out))
    ]
    found = read(*rows, reader=reader)
    assert (found.faults, set(found.rows["respondent"])) == ([], {"r1", "r2"})
    told = [text.replace("\u00a0", " ") for text in found.warnings if title in text]
    assert told[0].endswith("2 envois que le serveur dit de ne pas compter, non importés.")
    assert len(told) == (1 if reader is from_limesurvey else 2)
