"""REFI-QDA: a project exported by a real program, one written as QualCoder writes it, and hostile or damaged files."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from tools import make_refi_fixture as making

from helpers.errors import DataError
from helpers.files import limits
from helpers.material import codebook, refi_qda
from tests.conftest import ROOT
from tests.project import PROJECT

REAL = ROOT / "tests" / "fixtures" / "refi" / "qc.qdpx"
TAGUETTE = ROOT / "tests" / "fixtures" / "taguette" / "codebook.qdc"
TEXT = "Un 🚐 part tôt.\nLe cahier bleu revient.\nPersonne ne le lit."
PAGE = "Compte rendu inventé."


def guid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


def selection(number, start, end, code, user=1, name=""):
    # Attributes and order of elements as in the export of QualCoder 3 (schema urn:QDA-XML:project:1.0).
    return (
        f'<PlainTextSelection guid="{guid(number)}" startPosition="{start}" endPosition="{end}" name="{escape(name)}" '
        f'creatingUser="{guid(user)}" creationDateTime="2026-03-02T10:00:00Z">\n'
        f'<Coding guid="{guid(number + 500)}" creatingUser="{guid(user)}" >\n<CodeRef targetGUID="{guid(code)}" />\n'
        "</Coding>\n</PlainTextSelection>\n"
    )


SELECTIONS = selection(101, 0, 14, 11) + selection(102, 15, 38, 12, user=2)
VALUE = '<VariableValue>\n<VariableRef targetGUID="{}" />\n<{kind}>{said}</{kind}>\n</VariableValue>\n'


def qde(selections=SELECTIONS, *, codes=None, variables="", cases="", more="", path="internal://texte.txt"):
    codes = codes or (
        f'<Code guid="{guid(10)}" name="Freins" isCodable="false"><Description>Ce qui gêne</Description>'
        f'<Code guid="{guid(11)}" color="#F06292" isCodable="true" name="Temps"/>'
        f'<Code guid="{guid(12)}" isCodable="true" name="Écrits &amp; cahiers"/></Code>'
        f'<Code guid="{guid(13)}" isCodable="true" name="Temps"/>'
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="essai" origin="QualCoder 3.6" creatingUserGUID="{guid(1)}">
<Users>
<User guid="{guid(1)}" name="Ariane Fictive"/>
<User guid="{guid(2)}" name="b.inventee@example.org"/>
</Users>
<CodeBook><Codes>{codes}</Codes></CodeBook>
{variables}{cases}<Sources>
<TextSource richTextPath="internal://texte.docx" plainTextPath="{path}" creatingUser="{guid(1)}" guid="{guid(50)}"
 name="Entretien Ariane.docx">
{selections}</TextSource>
{more}</Sources>
</Project>"""


def archive(place, document, members=None, name="essai.qdpx"):
    path = place / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("project.qde", document)
        for member, content in (members or {"Sources/texte.txt": TEXT}).items():
            out.writestr(member, content)
    return path


def segments(imported):
    table = imported.tables["material/segments"]
    return list(table[["source", "code", "coder", "start", "end", "text"]].itertuples(index=False, name=None))


def test_a_project_of_a_real_program_comes_back_whole():
    imported = refi_qda.read(REAL)
    expected = []
    path_of = {
        "locaux": "freins.locaux",
        "papiers": "freins.papiers",
        "cartes": "leviers.cartes",
        "liens": "leviers.liens",
    }
    for coded in making.CODINGS.values():
        for name, lines in coded.items():
            for line, codes in zip(making.SOURCES[name], lines, strict=True):
                for code in filter(None, codes.split(", ")):
                    expected.append((name.removesuffix(".txt"), path_of.get(code, code), line))
    found = imported.tables["material/segments"]
    assert sorted(zip(found["source"], found["code"], found["text"], strict=True)) == sorted(expected)
    assert found["coder"].nunique() == 2
    assert set(found["coder"]) == {"1", "2"}
    codes = imported.tables["material/codes"].set_index("code")["parent"].fillna("").to_dict()
    assert codes == {"freins": "", "leviers": ""} | {
        path: path.partition(".")[0] for path in path_of.values()
    }
    lengths = imported.tables["material/sources"].set_index("source")["length"]
    assert lengths["entretien_a"] == sum(len(line) + 1 for line in making.SOURCES["entretien_a.txt"])
    assert "Paule" not in "".join(table.to_csv() for table in imported.tables.values())


def test_a_project_as_qualcoder_writes_it(tmp_path):
    imported = refi_qda.read(archive(tmp_path, qde()))
    assert imported.tables["material/codes"].fillna("").to_numpy().tolist() == [
        ["freins", "", "Freins", "Ce qui gêne"],
        ["freins.temps", "freins", "Temps", ""],
        ["freins.ecrits-cahiers", "freins", "Écrits & cahiers", ""],
        ["temps", "", "Temps", ""],
    ]
    assert segments(imported) == [
        ("entretien-ariane", "freins.temps", "1", 0, 14, "Un 🚐 part tôt."),
        ("entretien-ariane", "freins.ecrits-cahiers", "2", 15, 38, "Le cahier bleu revient."),
    ]
    assert imported.tables["material/sources"]["length"].tolist() == [len(TEXT)]


def test_names_of_people_are_not_kept(tmp_path):
    imported = refi_qda.read(archive(tmp_path, qde()), names=("Ariane",))
    said = "".join(table.to_csv() for table in imported.tables.values())
    assert "Ariane" not in said
    assert "ariane" not in said
    assert "example.org" not in said
    assert imported.tables["material/sources"]["source"].tolist() == ["source-1"]


def test_variables_of_sources_and_cases_are_attributes(tmp_path):
    variables = "<Variables>" + "".join(
        f'<Variable guid="{guid(60 + rank)}" name="{name}" typeOfVariable="{kind}"><Description /></Variable>'
        for rank, (name, kind) in enumerate(
            [("rôle", "Text"), ("taille", "Integer"), ("Nom de famille", "Text"), ("vide", "Text"), ("lieu", "Text")]
        )
    ) + "</Variables>"  # fmt: skip
    own = VALUE.format(guid(60), kind="TextValue", said="coordination") + VALUE.format(
        guid(62), kind="TextValue", said="Fictive"
    )
    case = (
        f'<Cases><Case guid="{guid(70)}" name="Ariane F."><Description />'
        + VALUE.format(guid(61), kind="IntegerValue", said="3")
        + VALUE.format(guid(63), kind="TextValue", said="")
        + VALUE.format(guid(64), kind="TextValue", said="chez Ariane")
        + f'<SourceRef targetGUID="{{{guid(50).upper()}}}"/></Case></Cases>'
    )
    path = archive(tmp_path, qde(SELECTIONS + own, variables=variables, cases=case))
    imported = refi_qda.read(path, names=("Ariane",))
    assert imported.tables["material/attributes"].to_numpy().tolist() == [
        ["source-1", "rôle", "coordination"],
        ["source-1", "taille", "3"],
    ]
    assert imported.notes == [
        "essai.qdpx : laissé de côté, 2 valeur(s) de variable qui nommeraient une personne."
    ]
    twice = own + VALUE.format(guid(60), kind="TextValue", said="autre")
    with pytest.raises(DataError, match="deux valeurs pour la variable de rang"):
        refi_qda.read(archive(tmp_path, qde(SELECTIONS + twice, variables=variables)))


def test_the_text_of_a_pdf_is_read_and_pictures_are_said(tmp_path):
    more = (
        f'<PDFSource path="internal://page.pdf" guid="{guid(51)}" name="Compte rendu.pdf"><Representation guid="{guid(52)}" '
        f'plainTextPath="internal://page.txt" name="x">{selection(103, 0, 6, 13)}</Representation></PDFSource>'
        f'<PictureSource path="internal://a.png" guid="{guid(53)}" name="photo"/>'
        f'<AudioSource path="internal://a.mp3" guid="{guid(54)}" name="son"/>'
    )
    members = {"sources/texte.txt": "\ufeff" + TEXT, "sources/PAGE.txt": PAGE}
    imported = refi_qda.read(archive(tmp_path, qde(more=more), members))
    assert segments(imported)[2] == ("compte-rendu", "temps", "1", 0, 6, "Compte")
    assert "2 source(s) sans texte" in imported.notes[0]


def test_a_title_that_ends_with_a_number_stays_another_source(tmp_path):
    titles = ("Note (3)", "Note", "Note")
    more = "".join(
        f'<TextSource plainTextPath="internal://texte.txt" guid="{guid(60 + rank)}" name="{title}"/>'
        for rank, title in enumerate(titles[1:])
    )
    document = qde(more=more).replace("Entretien Ariane.docx", titles[0])
    sources = refi_qda.read(archive(tmp_path, document)).tables["material/sources"]["source"]
    assert sources.tolist() == ["note-3", "Note", "note-4"]


def test_a_whole_source_may_be_coded(tmp_path):
    coding = f'<Coding guid="{guid(90)}"><CodeRef targetGUID="{guid(13)}"/></Coding>'
    imported = refi_qda.read(archive(tmp_path, qde(coding)))
    assert segments(imported) == [("entretien-ariane", "temps", "1", 0, len(TEXT), " ".join(TEXT.split()))]


def test_text_inside_the_document(tmp_path):
    inside = f"<PlainTextContent>{escape(TEXT)}</PlainTextContent>{SELECTIONS}"
    document = qde(inside).replace('plainTextPath="internal://texte.txt"', "")
    assert len(segments(refi_qda.read(archive(tmp_path, document, {"Sources/autre.txt": "x"})))) == 2


@pytest.mark.parametrize(("start", "end"), [(16, 39), (15, 38)])
def test_line_ends_count_as_the_names_of_the_selections_show(tmp_path, start, end):
    crlf = TEXT.replace("\n", "\r\n")
    own = selection(102, start, end, 12, name="Le cahier bleu revient.")
    imported = refi_qda.read(archive(tmp_path, qde(own), {"Sources/texte.txt": crlf}))
    assert segments(imported)[0][-1] == "Le cahier bleu revient."
    assert imported.tables["material/sources"]["length"].tolist() == [len(crlf) if start == 16 else len(TEXT)]


LONG = [
    f"Paragraphe {rank} : une phrase assez longue pour être coupée, avec une fin." for rank in range(1, 7)
]


def passages(lines, name):
    """Selections of each line, counted with one character for an end of line, named by `name`."""
    ends = [sum(len(line) + 1 for line in lines[:rank]) for rank in range(len(lines) + 1)]
    return "".join(
        selection(101 + rank, ends[rank], ends[rank] + len(line), 11, name=name(line))
        for rank, line in enumerate(lines)
    )


@pytest.mark.parametrize(
    "name", [lambda line: line[:40] + "…", lambda line: line[:40] + "...", lambda line: line]
)
def test_names_that_are_cut_show_how_line_ends_count(tmp_path, name):
    document = qde(passages(LONG, name)).replace("QualCoder 3.6", "NVivo for Windows 12.6")
    imported = refi_qda.read(archive(tmp_path, document, {"Sources/texte.txt": "\r\n".join(LONG)}))
    assert [row[-1] for row in segments(imported)] == LONG
    assert imported.notes == []


@pytest.mark.parametrize(
    ("origin", "said", "last"),
    [
        ("QualCoder 3.8.2", "compté pour un seul caractère, comme QualCoder", LONG[5]),
        ("ATLAS.ti Windows 23", "compté pour un seul caractère, comme ATLAS.ti", LONG[5]),
        ("NVivo for Windows 12.6", "compté pour deux caractères, comme dans la norme", None),
    ],
)
def test_without_names_the_program_tells_and_the_choice_is_said(tmp_path, origin, said, last):
    document = qde(passages(LONG, lambda line: "")).replace("QualCoder 3.6", origin)
    imported = refi_qda.read(archive(tmp_path, document, {"Sources/texte.txt": "\r\n".join(LONG)}))
    assert (segments(imported)[5][-1] == LONG[5]) is bool(last)
    assert [said in note.replace("\u00a0", " ") for note in imported.notes] == [True]


def test_without_names_spans_that_leave_one_text_settle_it_and_line_ends_after_them_do_not_matter(tmp_path):
    text = "\r\n".join(LONG)
    own = selection(101, len(text) - len(LONG[5]), len(text), 11)
    imported = refi_qda.read(archive(tmp_path, qde(own), {"Sources/texte.txt": text}))
    assert (segments(imported)[0][-1], imported.notes) == (LONG[5], [])
    own = selection(101, 0, len(LONG[0]), 11)
    imported = refi_qda.read(archive(tmp_path, qde(own), {"Sources/texte.txt": text}, "b.qdpx"))
    assert (segments(imported)[0][-1], imported.notes) == (LONG[0], [])


def test_positions_in_units_of_utf16_are_read_where_the_names_show_it(tmp_path):
    own = selection(102, 16, 39, 12, name="Le cahier bleu revient.")
    document = qde(own).replace("QualCoder 3.6", "Un autre 1.0")
    assert segments(refi_qda.read(archive(tmp_path, document)))[0][3:] == (15, 38, "Le cahier bleu revient.")


@pytest.mark.parametrize(
    ("case", "name"), [(70, "Un autre nom"), (70, "Paule Fictive"), (71, " PAULE  Fictive")]
)
def test_a_case_written_as_a_code_is_nowhere(tmp_path, case, name):
    """Whether the code has the guid of the case or only its name."""
    person = f'<Code guid="{{{guid(70).upper()}}}" name="Paule Fictive"><Code guid="{guid(14)}" name="Outils"/></Code>'
    codes = f'<Code guid="{guid(11)}" name="Temps"/>{person}'
    cases = (
        f'<Cases><Case guid="{guid(case)}" name="{name}"><SourceRef targetGUID="{guid(50)}"/></Case></Cases>'
    )
    own = selection(101, 0, 14, 11) + selection(102, 0, 58, 70) + selection(103, 15, 38, 14)
    whole = f'<Coding guid="{guid(90)}"><CodeRef targetGUID="{guid(70)}"/></Coding>'
    imported = refi_qda.read(archive(tmp_path, qde(own + whole, codes=codes, cases=cases)))
    assert "aule" not in "".join(table.to_csv() for table in imported.tables.values())
    assert [row[1] for row in segments(imported)] == ["temps", "outils"]
    (note,) = imported.notes
    assert "1 cas" in note.replace("\u00a0", " ")
    assert "2 codages" in note.replace("\u00a0", " ")


def test_passages_without_a_code_are_counted(tmp_path):
    memo = (
        f'<PlainTextSelection guid="{guid(104)}" startPosition="0" endPosition="4" name="">'
        "<Description>à revoir</Description></PlainTextSelection>"
    )
    imported = refi_qda.read(archive(tmp_path, qde(SELECTIONS + memo)))
    assert imported.notes == ["essai.qdpx : 1\u00a0passage sans code, rien à importer pour lui."]
    twice = memo + memo.replace(guid(104), guid(105))
    (note,) = refi_qda.read(archive(tmp_path, qde(SELECTIONS + twice))).notes
    assert "2\u00a0passages sans code, rien à importer pour eux" in note


@pytest.mark.parametrize("kind", ["Audio", "Video"])
def test_a_transcript_is_a_text_and_what_codes_a_moment_is_counted(tmp_path, kind):
    coding = (
        f'<Coding guid="{guid(301)}" creatingUser="{guid(2)}"><CodeRef targetGUID="{guid(13)}"/></Coding>'
    )
    points = "".join(
        f'<SyncPoint guid="{guid(310 + place)}" {given} timeStamp="0"/>'
        for place, given in ((0, 'position="0"'), (2, 'position="2"'), (9, ""))
    )
    chosen = "".join(
        f'<TranscriptSelection guid="{guid(320 + end)}" name="a.mp3" fromSyncPoint="{guid(310)}" toSyncPoint="{guid(310 + end)}">'
        f"{coding}</TranscriptSelection>"
        for end in (2, 9)
    )
    moment = f'<{kind}Selection guid="{guid(330)}" begin="0" end="9">{coding}</{kind}Selection>'
    more = (
        f'<{kind}Source guid="{guid(60)}" name="essai.m4a"><Transcript guid="{guid(61)}" plainTextPath="internal://dit.txt">'
        f'{points}{chosen}</Transcript>{moment}</{kind}Source><PictureSource guid="{guid(62)}" name="x.png"/>'
    )
    members = {"Sources/texte.txt": TEXT, "Sources/dit.txt": "Oui, oui."}
    imported = refi_qda.read(archive(tmp_path, qde(more=more), members))
    assert segments(imported)[-1] == ("essai-m4a", "temps", "2", 0, 2, "Ou")
    assert imported.tables["material/sources"]["source"].tolist() == ["entretien-ariane", "essai-m4a"]
    assert [note.partition(", ")[2].replace("\u00a0", " ") for note in imported.notes] == [
        "1 source(s) sans texte (image, son, film ou PDF sans transcription).",
        "2 codage(s) d'une image, d'une page ou d'un moment d'enregistrement, sans texte.",
    ]


def test_a_codebook_alone_and_that_of_taguette(tmp_path):
    book = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA"><Codes><Code guid="1" name="A"><Code guid="2" name="B"/>'
    (tmp_path / "a.QDC").write_text(f"{book}</Code></Codes><Sets/></CodeBook>", encoding="utf-8")
    table = refi_qda.read(tmp_path / "a.QDC").tables["material/codes"]
    assert table[["code", "parent"]].fillna("").to_numpy().tolist() == [["a", ""], ["a.b", "a"]]
    own = refi_qda.read(TAGUETTE).tables["material/codes"].set_index("code")
    assert own.loc["frein.temps", "parent"] == "frein"
    assert own.loc["perimetre-partage", "label_fr"] == "Périmètre partagé"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (qde(selection(101, 0, 15, 99)), "son code n'est pas dans le livre de codes"),
        (qde(selection(101, 0, 999, 11)), r"source 1, passage 1.*bornes 0 à 999 sortent du texte \(58 caractères\)"),
        (qde(selection(101, -1, 5, 11)), "sortent du texte"),
        (qde(selection(101, 5, 5, 11)), "sortent du texte"),
        (qde(selection(101, "x", 5, 11)), "une borne n'est pas un nombre entier"),
        (qde(SELECTIONS + selection(105, 10, 20, 11)), "chevauche le segment de la ligne 2, du même code"),
        (qde(path="internal://absent.txt"), "source 1 : son texte manque dans l'archive"),
        (qde(path="absolute:///etc/passwd"), "hors de l'archive"),
        (qde(path="relative:///../x.txt"), "hors de l'archive"),
        (qde(path="internal://../../etc/passwd"), "manque dans l'archive"),
        (qde(codes=f'<Code guid="{guid(1)}" name=" "/>'), "n'a pas de nom"),
        (qde(codes="<Code guid='1' name='a'>" * 60 + "</Code>" * 60), "plus de 50 niveaux"),
        ("<Autre/>", "n'est pas un projet REFI-QDA"),
        ("<Project", "n'est pas un XML lisible"),
        ("", "n'est pas un XML lisible"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Project>&b;</Project>', "entités ou une DTD"),
        ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><Project>&c;</Project>', "entités ou une DTD"),
        ('<!DOCTYPE Project SYSTEM "http://example.org/x.dtd"><Project/>', "entités ou une DTD"),
    ],
)  # fmt: skip
def test_each_fault_of_a_project_is_one_sentence(tmp_path, document, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        refi_qda.read(archive(tmp_path, document))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../dehors.txt", "/etc/passwd", "..\\dehors.txt", "C:\\dehors.txt", "a/../../b"]
)
def test_a_name_that_leaves_the_archive_is_refused(tmp_path, name):
    with pytest.raises(DataError, match="sortirait de l'archive"):
        refi_qda.read(archive(tmp_path, qde(), {name: TEXT}))


def test_nothing_is_unpacked_on_the_disk(tmp_path):
    path = archive(tmp_path, qde())
    refi_qda.read(path)
    assert [item.name for item in tmp_path.iterdir()] == ["essai.qdpx"]


def test_bombs_are_refused_before_they_are_unpacked(tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"se décompresse .* fois plus gros"):
        refi_qda.read(archive(tmp_path, qde(), {"Sources/texte.txt": "a" * 3_000_000}))
    monkeypatch.setattr(limits, "LARGEST_ARCHIVE", 100)
    with pytest.raises(DataError, match="se décompresse à plus de"):
        refi_qda.read(archive(tmp_path, qde()))
    monkeypatch.setattr(limits, "MOST_MEMBERS", 1)
    with pytest.raises(DataError, match="plus de 1 fichiers"):
        refi_qda.read(archive(tmp_path, qde()))


def test_a_text_too_long_is_refused(tmp_path, monkeypatch):
    path = archive(tmp_path, qde(), {"Sources/texte.txt": TEXT * 200})
    monkeypatch.setattr(limits, "LARGEST_TEXT", 6_000)
    with pytest.raises(DataError, match=r"texte de la source 1 est trop gros"):
        refi_qda.read(path)


def test_damaged_archives_are_one_sentence(tmp_path):
    whole = archive(tmp_path, qde()).read_bytes()
    for position in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        path = tmp_path / "abime.qdpx"
        path.write_bytes(broken)
        try:
            refi_qda.read(path)
        except DataError as error:
            assert "\n" not in str(error)  # noqa: PT017 - many positions, some harmless
    for kept in (0, 10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:kept])
        with pytest.raises(DataError):
            refi_qda.read(path)


def test_a_protected_archive_is_said(tmp_path):
    raw = bytearray(archive(tmp_path, qde()).read_bytes())
    with zipfile.ZipFile(io.BytesIO(raw)) as whole:
        central = whole.start_dir
    raw[central + 8] |= 1
    (tmp_path / "clos.qdpx").write_bytes(raw)
    with pytest.raises(DataError, match="mot de passe"):
        refi_qda.read(tmp_path / "clos.qdpx")


def test_files_of_another_kind(tmp_path):
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"\.qdc \(codes\) ou \.qdpx \(projet\)"):
        refi_qda.read(tmp_path / "a.txt")
    (tmp_path / "a.qdc").write_text("<Project/>", encoding="utf-8")
    with pytest.raises(DataError, match="n'est pas un livre de codes"):
        refi_qda.read(tmp_path / "a.qdc")
    with zipfile.ZipFile(tmp_path / "b.qdpx", "w") as out:
        out.writestr("lisez-moi.txt", "x")
    with pytest.raises(DataError, match=r"contient 0 fichiers \.qde"):
        refi_qda.read(tmp_path / "b.qdpx")
    with pytest.raises(DataError, match="pas en UTF-8"):
        refi_qda.read(archive(tmp_path, qde(), {"Sources/texte.txt": "été".encode("latin-1") * 30}))


def test_a_codebook_of_the_project_comes_back_as_it_left(tmp_path):
    rows = codebook.as_package_rows(PROJECT.table("laine2021/analysis_grid"))
    path = tmp_path / "grille.qdc"
    path.write_bytes(codebook.as_refi(rows))
    assert path.read_bytes() == codebook.as_refi(rows)
    back = refi_qda.read(path).tables["material/codes"]
    assert len(back) == len(rows) == 26
    assert back["label_fr"].tolist() == rows["label_fr"].tolist()
    assert back["parent"].notna().sum() == rows["parent"].notna().sum()
