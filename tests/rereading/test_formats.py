"""The same document in every format, and files that are not what they say: a rereading or one French sentence."""

from __future__ import annotations

import re
import sys
import zipfile

import pytest
from benchmarks import mutilated_files, thesis_files

from helpers.errors import DataError, ObservatoireError, UsageError
from helpers.pipeline import pdf
from helpers.rereading import documents, reading
from tests.rereading.making import EXAMPLE, docx, odt

TEXT = EXAMPLE.read_text(encoding="utf-8")


def gaps(found):
    return sorted((one.family, one.stated.printed) for one in found.gaps)


def test_a_docx_says_what_the_text_says(tmp_path):
    found = reading.reread(docx(tmp_path / "m.docx", TEXT))
    assert gaps(found) == gaps(reading.reread(EXAMPLE))
    assert found.document.unit == "§"


@pytest.mark.parametrize("suffix", ["docx", "odt"])
def test_a_thesis_as_it_is_written_keeps_every_check_of_its_text(tmp_path, suffix):
    """Runs cut inside a figure, no-break spaces, soft hyphens, footnotes, page breaks, a comment, a deleted figure."""
    before = reading.reread(EXAMPLE)
    again = reading.reread(getattr(thesis_files, suffix)(before.document, tmp_path / f"m.{suffix}"))
    assert sorted(map(told, again.findings)) == sorted(map(told, before.findings))
    assert "99 %" not in " ".join(line.text for line in again.document.lines)


def told(one):
    return (
        one.family,
        one.verdict,
        *(re.sub(r"\s|(l\.|§)\s?\d+", "", said) for said in (one.stated.printed, one.reading)),
    )


LONG = "Un premier paragraphe, assez long pour qu'une phrase aille à la ligne suivante d'un texte"


@pytest.mark.parametrize("write", [docx, lambda path, text: odt(path, text.split("\n"))], ids=["docx", "odt"])
def test_a_paragraph_never_goes_on_in_the_next(tmp_path, write):
    suffix = "docx" if write is docx else "odt"
    found = documents.read(
        write(tmp_path / f"m.{suffix}", f"{LONG}\nSur les 60 répondants, 35 (68,3 %) sont venus.")
    )
    assert [len(paragraph.lines) for paragraph in found.paragraphs if paragraph.text] == [1, 1]
    assert reading.of(found).gaps[0].first.text.startswith("Sur les 60")


def test_a_sentence_goes_over_the_page_and_a_raised_figure_is_no_digit(tmp_path):
    path = tmp_path / "m.docx"
    rewritten(docx(path, "DEBUT"), "word/document.xml", "<w:t>DEBUT</w:t>", (
        '<w:t>Sur les 60 répon­dants, </w:t><w:br w:type="page"/><w:t>35</w:t></w:r><w:r><w:rPr>'
        '<w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r><w:r><w:t> (68,3 %) sont venus.</w:t>'
    ))  # fmt: skip
    assert [line.text for line in documents.read(path).lines] == [
        "Sur les 60 répondants,  35² (68,3 %) sont venus."
    ]
    styled = (
        '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><style:style style:name="T1">'
        '<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles><office:body>'
    )
    path = odt(tmp_path / "m.odt", ['En 2019<text:span text:style-name="T1">12</text:span>, rien.'])
    rewritten(path, "content.xml", "<office:body>", styled)
    assert documents.read(path).lines[0].text == "En 2019¹², rien."


def rewritten(path, member, before, after):
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = members[member].decode().replace(before, after, 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_frame_is_read_as_paragraphs_and_a_table_in_a_cell_once(tmp_path):
    import docx as library

    made = library.Document()
    framed = made.add_table(1, 1).cell(0, 0)
    framed.text = BOXED
    framed.add_paragraph("Un second paragraphe.")
    cell = made.add_table(1, 2).cell(0, 1)
    cell.text = "Dehors"
    cell.add_table(1, 2).cell(0, 0).text = "40"
    made.save(str(tmp_path / "c.docx"))
    found = [(line.text, len(line.cells)) for line in documents.read(tmp_path / "c.docx").lines if line.text]
    assert found == [(BOXED, 0), ("Un second paragraphe.", 0), ("\tDehors 40", 2)]


def test_a_style_made_from_a_heading_is_a_heading(tmp_path):
    import docx as library

    made = library.Document()
    style = made.styles.add_style("Chapitre de thèse", 1)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("Une partie", style=style)
    made.save(str(tmp_path / "s.docx"))
    assert documents.read(tmp_path / "s.docx").lines[0].level == 2


def test_headings_and_contents_of_a_docx_are_told_by_their_styles(tmp_path):
    path = docx(tmp_path / "m.docx", "Une partie\nTexte de 12 lignes.", headings=("Une partie",))
    first, second = documents.read(path).lines
    assert (first.level, second.level) == (1, 0)


def test_an_odt_has_its_paragraphs_and_its_cells(tmp_path):
    rows = [
        ["Mission", "A", "B", "C"],
        ["Un", "4", "5", "7"],
        ["Deux", "2", "9", "1"],
        ["Total", "6", "14", "9"],
    ]
    found = reading.reread(
        odt(tmp_path / "m.odt", ["Sur les 60 répondants, 35 (68,3 %) sont membres."], rows)
    )
    assert gaps(found) == [("A1", "9"), ("B2", "68,3 %")]


def with_notes(path, body, *, boxed, noted):
    """A DOCX whose first paragraph anchors a text box (drawn twice, as Word does) and calls a footnote."""
    docx(path, body)
    box = f"<w:txbxContent><w:p><w:r><w:t>{boxed}</w:t></w:r></w:p></w:txbxContent>"
    drawn = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main = members["word/document.xml"].decode()
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    members["word/document.xml"] = main.replace("</w:p>", f"{drawn}{call}</w:p>", 1).encode()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    members["word/footnotes.xml"] = (
        f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>{noted}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


BOXED, NOTED = (
    "Sur les 40 envois, 10 (35 %) sont revenus.",
    "Sur les 60 répondants, 35 (68,3 %) sont membres.",
)


def test_notes_and_text_boxes_of_a_docx_are_read_once_after_their_paragraph(tmp_path):
    path = with_notes(tmp_path / "n.docx", "Un premier paragraphe.\nUn second.", boxed=BOXED, noted=NOTED)
    texts = [line.text for line in documents.read(path).lines if line.text]
    assert texts == ["Un premier paragraphe.", BOXED, NOTED, "Un second."]
    assert gaps(reading.reread(path)) == [("B2", "35 %"), ("B2", "68,3 %")]


def test_notes_and_text_boxes_of_an_odt_are_read_once_after_their_paragraph(tmp_path):
    body = f"<text:note-body><text:p>{NOTED}</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    space = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
    box = f'<draw:text-box xmlns:draw="{space}"><text:p>{BOXED}</text:p></draw:text-box>'
    path = odt(
        tmp_path / "n.odt", [f"Un premier paragraphe.{box}{note}", "Un second."], [["Cellule" + note, "3"]]
    )
    found = documents.read(path)
    assert [line.text for line in found.lines if line.text] == [
        "Un premier paragraphe.", BOXED, NOTED, "Un second.", "Cellule\t3", NOTED,
    ]  # fmt: skip


def test_a_pdf_is_read_by_its_pages(tmp_path):
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    with PdfPages(tmp_path / "m.pdf") as pages:
        for line in (
            "Sur les 60 répondants, 35 (68,3 %) sont membres.",
            "Rien d'autre à dire sur cette page de texte.",
        ):
            page = Figure()
            page.text(0.1, 0.5, line, fontsize=8)
            page.text(
                0.1,
                0.3,
                "Une autre phrase, pour que la page ait assez de texte et ne soit pas prise pour une image.",
                fontsize=8,
            )
            pages.savefig(page)
    found = reading.reread(tmp_path / "m.pdf")
    assert gaps(found) == [("B2", "68,3 %")]
    assert found.gaps[0].first.page == 1
    assert found.document.doubt == ""


def test_a_pdf_that_a_browser_prints_passes_the_gate_and_one_of_loose_letters_does_not(tmp_path):
    if pdf.find_browser() is None:
        pytest.skip("aucun Chromium sur cette machine")
    before = reading.reread(EXAMPLE)
    good = thesis_files.page(before.document, tmp_path / "bon.html")
    bad = tmp_path / "mauvais.html"
    bad.write_text(
        good.read_text(encoding="utf-8") + "<style>body{letter-spacing:6px}</style>", encoding="utf-8"
    )
    first, second = (reading.reread(page) for page in pdf.print_reports([good, bad]))
    assert first.document.doubt == ""
    assert len(first.gaps) >= 3
    assert {told(one) for one in first.gaps} < {told(one) for one in before.gaps}
    assert all(one.first.page for one in first.gaps)
    assert "passez le DOCX" in second.document.doubt
    assert second.gaps == second.hints == []


def test_an_uncertain_pdf_shows_sure_checks_only():
    from helpers.rereading import pages

    whole = ["Une page de texte ordinaire, assez longue pour ne pas être prise pour une image vide." * 2] * 2
    assert pages._doubt(whole) == ""
    assert "passez le DOCX" in pages._doubt([whole[0], "", "", ""])
    assert "passez le DOCX" in pages._doubt(["a b c x y z d e f g h i j k l m n o p q " * 6] * 3)


@pytest.mark.parametrize("suffix", [".doc", ".xlsx", ".html", ""])
def test_another_format_is_refused_with_what_to_do(tmp_path, suffix):
    path = tmp_path / f"m{suffix}"
    path.write_text("texte", encoding="utf-8")
    with pytest.raises(UsageError, match="enregistrez-le"):
        documents.read(path)


@pytest.mark.parametrize("name", ["absent.txt", "absent.docx", "absent.odt", "absent.pdf"])
def test_an_absent_file_is_one_sentence(tmp_path, name):
    with pytest.raises(DataError, match="absent"):
        documents.read(tmp_path / name)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    for name, member in (("b.docx", "word/document.xml"), ("b.odt", "content.xml")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, b"0" * 30_000_000)
        with pytest.raises(DataError, match="fois plus gros"):
            documents.read(tmp_path / name)


def test_entities_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.odt", "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(DataError, match="DTD"):
        documents.read(tmp_path / "e.odt")


def test_huge_cells_and_repeated_ones_stay_bounded(tmp_path):
    path = odt(tmp_path / "h.odt", ["x" * 300_000], [["Un", "9" * 50_000], ["Deux", "3"]])
    content = zipfile.ZipFile(path).read("content.xml").decode()
    wide = content.replace(
        "<table:table-cell>", '<table:table-cell table:number-columns-repeated="99999999">', 1
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", wide)
    found = documents.read(path)
    assert max(len(line.text) for line in found.lines) <= documents.LONGEST_LINE + 1000
    assert max(len(line.cells) for line in found.lines) < 1000
    reading.of(found)


def test_fifty_damaged_files_are_reread_or_refused_in_a_french_sentence(tmp_path):
    example = documents.read(EXAMPLE)
    thesis_files.docx(example, tmp_path / "o.docx")
    thesis_files.odt(example, tmp_path / "o.odt")
    read, refused = [], {}
    for name, path in mutilated_files.made(example, tmp_path, seed=20):
        try:
            reading.reread(path)
        except ObservatoireError as error:
            refused[name] = str(error)
        else:
            read.append(name)
    assert len(read) + len(refused) == 50
    # A text that was cut is a text, and a PDF is read in what is left of it.
    assert {name.split()[0] for name in read} == {"TXT", "PDF"}
    assert not [
        said for said in refused.values() if "\n" in said or "Error" in said or not said.endswith(".")
    ]
    assert "mot de passe" in refused["DOCX protégé"]
    assert "mot de passe" in refused["PDF mot de passe"]
    assert "passez le DOCX" in refused["PDF images seules"]


@pytest.mark.parametrize(
    ("name", "library"), [("m.docx", "docx"), ("m.pdf", "pypdfium2"), ("m.txt", "text_to_num")]
)
def test_a_missing_library_is_named_with_its_command(tmp_path, monkeypatch, name, library):
    from helpers.rereading import numbers

    monkeypatch.setitem(sys.modules, library, None)
    numbers._reader.cache_clear()
    numbers.in_words.cache_clear()
    path = tmp_path / name
    path.write_text("vingt-deux communes et deux villes", encoding="utf-8")
    with pytest.raises(DataError, match=r"pip install 'observatoire-cpts\[relire\]'"):
        reading.reread(path)
    numbers._reader.cache_clear()


@pytest.mark.parametrize(
    "text", ["9" * 20_000, "12 % " * 4_000, "\t".join(["9" * 400] * 5)], ids=["chiffres", "parts", "cellules"]
)
def test_an_endless_line_is_cut_and_no_number_overflows(text):
    assert reading.of(documents.Document("essai", tuple(documents.plain_lines(f"{text}\n\nfin")))).gaps == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "mac_roman"])
def test_a_text_is_read_in_the_letters_that_a_word_processor_gives_it(tmp_path, encoding):
    said = "Résumé de l’enquête : les médecins interrogés à Évreux étaient âgés."
    (tmp_path / "memoire.txt").write_text(said, encoding=encoding)
    assert [line.text for line in documents.read(tmp_path / "memoire.txt").lines] == [said]
    (tmp_path / "memoire.txt").write_bytes(bytes(range(256)))
    with pytest.raises(DataError, match="n'est pas un texte : donnez le DOCX"):
        documents.read(tmp_path / "memoire.txt")
