"""Tables of the reports: what a reader sees, what a file holds, and content that must never run."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers import french
from helpers.page import display, exports

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1;2)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u202eabc\u2066",
    "é 🏥 \U0001f468\u200d\u2695\ufe0f",
    "lone \ud800 surrogate",
    "nul \x00 and bell \x07",
    "{{ 7*7 }} {% raw %}",
    "a,b;c\n\"d\"",
]  # fmt: skip


class Elements(HTMLParser):
    """Names and attributes of the elements of a piece of HTML, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def file_of(html, kind):
    link = next(attrs for attrs in Elements(html).all("a") if attrs.get("download", "").endswith(f".{kind}"))
    return base64.b64decode(link["href"].partition("base64,")[2])


def soup(html):
    return BeautifulSoup(html, "html.parser")


SIMPLE = pd.DataFrame({"lieu": ["Nord", "Sud"], "n": [1234.5, None], "ouvert": [True, False]})


def test_table_has_caption_scopes_heads_and_numbers_on_the_right():
    page = Elements(display.table(SIMPLE, "Titre", heads={"n": "Surface (km²)"}).html)
    assert len(page.all("caption")) == 1
    assert [attrs.get("scope") for attrs in page.all("th")] == ["col", "col", "col", "row", "row"]
    assert [attrs.get("class") for attrs in page.all("th")[:3]] == [None, "num", None]
    assert [attrs.get("class") for attrs in page.all("td")] == ["num", None, "num", None]
    assert {"Surface (km²)", "1\u202f234,5", "oui", "donnée manquante"} <= set(page.texts)
    (region,) = [attrs for attrs in page.all("div") if attrs.get("role") == "region"]
    assert region["tabindex"] == "0"
    assert region["aria-label"] == "Titre"


@pytest.mark.parametrize(
    ("base", "said"), [(16, "n = 16"), ("n = 5 CPTS volontaires", "n = 5 CPTS volontaires"), (None, None)]
)
def test_base_is_shown(base, said):
    html = display.table(SIMPLE, "Titre", base=base).html
    assert (said in html) if said else ("n = " not in html)


def test_base_comes_from_a_constant_denominator():
    shares = pd.DataFrame({"réponse": ["a", "b"], "denominator": [1250, 1250]})
    assert "n = 1\u202f250" in display.table(shares, "Parts").html
    assert "n = " not in display.table(shares.assign(denominator=[5, 6]), "Parts").html


def test_missing_cells_are_counted():
    assert "1\u00a0donnée manquante" in display.table(SIMPLE, "T").html
    two = SIMPLE.assign(ouvert=pd.array([True, None], dtype="boolean"))
    assert "2\u00a0données manquantes" in display.table(two, "T").html
    assert "manquante" not in display.table(SIMPLE.dropna(), "T").html


def test_no_cell_says_nan_none_or_a_type():
    data = pd.DataFrame({
        "a": [None, float("nan"), pd.NA], "b": pd.array([1, None, 3], dtype="Int64"),
        "c": pd.to_datetime(["2024-03-01", None, None]), "d": pd.Series(["x", None, "z"], dtype="string"),
    })  # fmt: skip
    text = " ".join(Elements(display.table(data, "T").html).texts)
    assert not re.search(r"NaN|nan|None|NaT|<NA>|dtype", text)
    assert "1er\u00a0mars 2024" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_and_never_runs(hostile):
    data = pd.DataFrame({"nom": [hostile], "valeur": [hostile]}, dtype=object)
    html = display.table(data, hostile, heads={"nom": hostile}, source=hostile, note=hostile, name="f").html
    html.encode()
    page = Elements(html)
    assert {tag for tag, _ in page.elements} <= {
        "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "a", "span",
    }  # fmt: skip
    assert all(attrs["href"].startswith("data:") for attrs in page.all("a"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00]", html)
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_the_files(hostile):
    html = display.table(pd.DataFrame({"nom": [hostile]}, dtype=object), hostile, name="f").html
    lines = pd.read_csv(
        io.BytesIO(file_of(html, "csv")), dtype=str, keep_default_na=False, lineterminator="\n"
    )
    value = lines.iloc[0, 0]
    assert not value.lstrip().startswith(("=", "+", "-", "@"))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(html, "xlsx"))).active
    assert sheet["A2"].data_type == "s"
    # openpyxl reads the end of line of XML; nothing else may be lost.
    assert (
        sheet["A2"].value.replace("\r", "\n").strip() == exports.writable(hostile).replace("\r", "\n").strip()
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-4.5, -4.5), (-3, -3), ("-4,5", "-4,5"), ("−1 234", "−1 234"), ("=1", "'=1"), ("- tiret", "'- tiret"), ("+3 %", "'+3 %")],
)  # fmt: skip
def test_numbers_stay_numbers(value, expected):
    assert exports.neutral(value) == expected


def test_csv_head_is_neutralised():
    assert exports.csv(pd.DataFrame({"=1+1": [1]})) == b"'=1+1\n1\n"


def test_long_cell_is_shortened_on_the_page_and_whole_in_the_csv():
    html = display.table(pd.DataFrame({"nom": ["é" * 10_000], "n": [1]}), "T").html
    table, _, notes = html.partition("</table>")
    assert french.TRUNCATED in table
    assert len(table) < 2_000
    assert "1\u00a0texte abrégé" in notes
    assert "é" * 10_000 in file_of(html, "csv").decode()


def test_a_text_too_long_for_a_spreadsheet_is_marked():
    sheet = openpyxl.load_workbook(io.BytesIO(exports.xlsx(pd.DataFrame({"a": ["x" * 40_000]}), "T"))).active
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith(french.TRUNCATED)


def test_files_hold_unrounded_values_under_the_heads_of_the_table():
    data = pd.DataFrame({"nom": ["a"], "v": [1 / 3], "jour": pd.to_datetime(["2024-03-01"]), "m": [None]})
    html = display.table(data, "T", heads={"v": "Part (%)"}, decimals=1).html
    assert ">0,3<" in html
    assert file_of(html, "csv").decode().splitlines() == [
        "nom,Part (%),jour,m",
        "a,0.333333333333,2024-03-01,",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(html, "xlsx"))).active
    assert [cell.value for cell in sheet[1]] == ["nom", "Part (%)", "jour", "m"]
    assert sheet["B2"].value == 0.333333333333
    assert sheet["C2"].value in (dt.date(2024, 3, 1), dt.datetime(2024, 3, 1))
    assert sheet["D2"].value is None


def test_long_results_are_a_second_csv():
    html = display.table(SIMPLE, "T", name="x", long=pd.DataFrame({"indicator": ["i"], "value": [0.1]})).html
    names = [attrs["download"] for attrs in Elements(html).all("a")]
    assert names == ["x.csv", "x_long.csv", "x.xlsx"]


def test_workbook_bytes_depend_on_its_data_only(monkeypatch):
    first = exports.xlsx(SIMPLE, "T")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    # openpyxl asks the hour of the run here and the archive there: both must leave no trace.
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert exports.xlsx(SIMPLE, "T") == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert re.findall(rb"\d{4}-\d\d-\d\dT", archive.read("docProps/core.xml")) == [b"1980-01-01T"] * 2
    assert exports.xlsx(SIMPLE.assign(n=0), "T") != first


def test_a_workbook_has_the_bytes_that_openpyxl_writes():
    texts = ["x", "=1", "é & <b>\"'", " sp ", "l\nm", "\r", "\t", "", "😀\x85", "+33", "-5,0", None]
    numbers = [1.5, None, 3, float("inf"), -0.1, 1e300, 10**20, True, 0, 1 / 3, -7, False]
    days = [pd.NaT, *pd.date_range("1899-12-30", periods=11, freq="999D")]
    whole = pd.DataFrame(
        {"=t": pd.Series(texts, dtype=object), "n": pd.Series(numbers, dtype=object), "d": days}
    )
    for data in (whole, whole[["d", "=t"]], whole[["n"]], whole[["d"]], whole.iloc[:0], whole[["n"] * 30]):
        made = exports.xlsx(data, " T & <é>")
        with (
            zipfile.ZipFile(io.BytesIO(made)) as book,
            zipfile.ZipFile(io.BytesIO(by_openpyxl(data))) as other,
        ):
            assert {name: book.read(name) for name in book.namelist()} == {
                name: other.read(name) for name in other.namelist()
            }
            assert book.namelist() == other.namelist()


def by_openpyxl(data):
    """Workbook of `data` as openpyxl makes it cell by cell, without the hour."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.title, book.properties.creator = " T & <é>", "Observatoire des CPTS"
    sheet = book.create_sheet("Tableau")
    sheet.freeze_panes = "B2"
    for index in range(data.shape[1]):
        letter = openpyxl.utils.get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = 12 if index else 38
    for values in [data.columns, *data.itertuples(index=False, name=None)]:
        row = []
        for value in values:
            if isinstance(value, str):
                cell = openpyxl.cell.WriteOnlyCell(sheet, value=value)
                cell.data_type, cell.quotePrefix = "s", value[:1] in ("=", "+", "\t", "\r")
                row.append(cell)
            elif pd.isna(value):
                row.append(None)
            else:
                dated = isinstance(value, pd.Timestamp)
                row.append(value.to_pydatetime().date() if dated else exports.meaningful(value))
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return exports.without_time(buffer.getvalue())


def test_same_table_same_html():
    assert display.table(SIMPLE, "T").html == display.table(SIMPLE.copy(), "T").html


def test_two_equal_heads_keep_the_names_of_the_data_in_the_files():
    data = pd.DataFrame({"a": ["x"], "b": [1], "c": [2]})
    html = display.table(data, "T", heads={"b": "Valeur", "c": "Valeur"}).html
    assert file_of(html, "csv").decode().splitlines()[0] == "a,b,c"


def test_raw_column_is_shown_as_it_is_and_left_out_of_the_files():
    html = display.table(pd.DataFrame({"a": ["x"], "b": ["<b>y</b>"]}), "T", raw=["b"]).html
    assert "<td><b>y</b></td>" in html
    assert file_of(html, "csv") == b"a\nx\n"


def test_an_empty_table_is_still_a_table():
    html = display.table(pd.DataFrame({"a": [], "b": []}), "T").html
    assert "<tbody></tbody>" in html


def test_show_draws_rows_and_says_why_there_are_none():
    rows = pd.DataFrame({"cpts": ["a"]})
    assert (
        display.show(display.table, rows, "Titre", note="une note").html
        == display.table(rows, "Titre", note="une note").html
    )
    assert (
        display.show(display.table, rows.head(0), "Titre", otherwise="Rien à montrer.").html
        == "<p>Rien à montrer.</p>"
    )
    nothing = display.show(display.table, rows.head(0), "Titre")
    assert isinstance(nothing, display.Silent)
    assert nothing._ipython_display_() is None


def test_an_empty_sentence_is_no_paragraph():
    assert isinstance(display.text(""), display.Silent)


def test_sentence_is_escaped():
    assert display.text("<b>1</b>").html == "<p>&lt;b&gt;1&lt;/b&gt;</p>"


def test_a_sentence_among_numbers_is_not_set_as_a_number():
    numbers = pd.DataFrame({"Fait": ["a", "b", "c"], "Valeur": ["12 %", "28", "1 942"]})
    assert 'class="num"' in display.table(numbers, "Essai").html
    told = numbers.assign(
        Valeur=["12 %", "28", "Associations, secteur social, établissements scolaires et élus"]
    )
    assert 'class="num"' not in display.table(told, "Essai").html


def test_a_column_with_a_long_text_or_word_is_marked():
    reasons = pd.DataFrame(
        {
            "Fait": ["a" * 21, "b"],
            "Raison": ["court", "mot " * 16],
            "Ville": ["Tours", "d" * 20],
            "Adresse": ["e-mail", "f" * 21],
        }
    )
    page = display.table(reasons, "Essai").html
    assert page.count('<th scope="row" class="hard">') == 2, "toute la colonne"
    assert page.count('<td class="long">') == page.count('<td class="hard">') == 2
    assert page.count("<td>") == 2


def test_rows_after_the_twelfth_are_folded_under_their_count_and_all_are_in_the_file():
    data = pd.DataFrame({"name": [f"ligne {number}" for number in range(41)], "n": range(41)})
    shown = display.table(data, "Longue")
    page = soup(shown.html)
    first, rest = page.find_all("table")
    assert len(first.tbody.find_all("tr")) == 12
    assert page.select_one("details.rest > summary").get_text() == "Les 29 autres lignes"
    assert len(rest.tbody.find_all("tr")) == 29
    assert rest.caption.get_text() == "Longue : les 29 autres lignes"
    assert [head.get_text() for head in rest.thead.find_all("th")] == ["Nom", "n"]
    assert rest.tbody.th.get_text() == "ligne 12"
    assert file_of(shown.html, "csv").decode().count("\n") == 42
    assert soup(display.table(data[:12], "Courte").html).details is None
    assert "La ligne suivante" in display.table(data[:13], "Treize").html
    assert soup(display.table(data, "Tout", open_rows=None).html).details is None


def test_a_note_that_repeats_itself_is_not_called_a_note_twice():
    data = pd.DataFrame({"l": list("abc"), "v": [1, 2, 3], "note": "puissance 80 %"})
    html = display.table(data, "T", note="pour prévoir").html
    assert len(re.findall(r"Note\s:", html)) == 1
    assert re.search(r"pour prévoir\s; puissance 80\s%", html)


def test_a_column_that_repeats_itself_goes_to_the_note_and_stays_in_the_file():
    data = pd.DataFrame({"name": ["a", "b", "c"], "n": [1, 1, 1], "source": ["Miller 2022"] * 3})
    shown = display.table(data, "Répétée")
    page = soup(shown.html)
    assert [head.get_text() for head in page.thead.find_all("th")] == ["Nom", "n"]
    assert "Note : Source : Miller 2022" in page.select_one("p.source").get_text()
    assert "Source" in file_of(shown.html, "csv").decode().splitlines()[0]
    varied = data.assign(source=["Miller 2022", "Miller 2022", "Lainé 2021"])
    assert len(soup(display.table(varied, "Variée").html).thead.find_all("th")) == 3
    # Two rows that agree are no repetition, and a short answer of everybody is a result.
    assert len(soup(display.table(data[:2], "Deux").html).thead.find_all("th")) == 3
    answers = pd.DataFrame({"name": ["a", "b", "c"], "answer": ["oui"] * 3, "n": [1, 2, 3]})
    assert len(soup(display.table(answers, "Réponses").html).thead.find_all("th")) == 3


def test_a_place_in_a_document_is_read_on_one_line():
    data = pd.DataFrame({"name": ["a", "b"], "source": ["Miller 2022, l. 929", "Lainé 2021, l. 12"]})
    page = soup(display.table(data, "Lieux").html)
    assert all(cell["class"] == ["locator"] for cell in page.find_all("td"))


def test_a_downloaded_number_keeps_the_digits_that_mean_something():
    table = pd.DataFrame({"x": [0.1 + 0.2, 1 / 3, float("nan"), 1e300], "n": [12345678901234, 2, 3, 4]})
    assert exports.csv(table).decode().splitlines()[1:] == [
        "0.3,12345678901234", "0.333333333333,2", ",3", "1e+300,4",
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(exports.xlsx(table, "t"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "0.333333333333<" in sheet
    assert "0.30000000000000004" not in sheet


def test_a_number_that_stands_beside_words_is_still_a_number():
    mixed = pd.DataFrame({"role": list("abc"), "part": pd.Series([100.0, 76.0, "masqué"], dtype=object)})
    html = display.table(mixed, "Essai", heads={"role": "Rôle", "part": "Part (%)"}, decimals=0).html
    assert '<td class="num">76</td>' in html
    assert '<td class="num">masqué</td>' in html
