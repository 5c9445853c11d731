"""A CSV file of anyone's into one table: separators, encodings, French writing, columns of another name."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from helpers import catalog
from helpers.catalog import labels
from helpers.commands.main import main
from helpers.errors import DataError, UnknownName
from helpers.intake import starting
from helpers.intake.csv_import import import_csv

NAME = "CPTS de la Vallée (d’été)"


@pytest.fixture(scope="module")
def _started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("started") / "ma-cpts"
    starting.new(folder)
    return folder


@pytest.fixture
def folder(tmp_path, _started):
    return shutil.copytree(_started, tmp_path / "ma-cpts")


@pytest.fixture
def given(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "donnees.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_encodings(folder, given, encoding, mark, end):
    rows = ["cpts,name_fr,aci_date,population", f"vallee,{NAME},2023-06-15,31270"]
    text = end.join(row.replace(",", mark) for row in rows) + end
    assert import_csv(given(text, encoding), "cpts/cpts", folder) == [
        "cpts/cpts : 1 ligne(s) ajoutée(s), 0 remplacée(s), 0 déjà présente(s)."
    ]
    assert catalog.load("cpts/cpts", folder)["name_fr"].tolist() == [NAME]


def test_the_french_titles_of_the_dictionary_are_heads_too(folder, given):
    text = "CPTS;Nom;DEPARTEMENT;État;Validation du projet\nvallee;Vallée;8;ACI signé;15/06/2023\n"
    import_csv(given(text), "cpts/cpts", folder)
    row = catalog.load("cpts/cpts", folder).iloc[0]
    assert (row["cpts"], row["name_fr"], row["department"], row["status"]) == (
        "vallee",
        "Vallée",
        "08",
        "aci_signe",
    )
    assert f"{row['project_date']:%Y-%m-%d}" == "2023-06-15"


def test_french_dates_and_decimals_are_converted_and_told(folder, given):
    import_csv(given("cpts;name_fr\nvallee;Vallée\n"), "cpts/cpts", folder)
    text = (
        "Indicator;territory;period_start;period_end;numerator;denominator;value\n"
        "delai;vallee;01/01/2024;31/12/2024;;;12,5\n"
        "delai;vallee;01/01/2025;31/12/2025;1 312;16 050;\n"
    )
    told = import_csv(given(text), "cpts/indicators", folder)
    assert (
        "donnees.csv, colonne « period_start » : 2\u00a0cellules réécrites (« 01/01/2024 » → « 2024-01-01 »)."
        in told
    )
    table = catalog.load("cpts/indicators", folder)
    assert table["value"].tolist()[0] == 12.5
    assert table["numerator"].tolist()[1] == 1312
    # The package keeps the writing of a French spreadsheet.
    assert ";12,5;" in (folder / "cpts/indicators.csv").read_text(encoding="utf-8-sig")


def test_a_sheet_of_our_workbook_saved_as_csv_keeps_the_titles_that_it_shows(folder, given):
    head = ";".join(f"{name} · {labels.title('cpts/cpts', name)}" for name in ("cpts", "name_fr"))
    import_csv(given(f"{head}\nvallee;Vallée\n"), "cpts/cpts", folder)
    assert catalog.load("cpts/cpts", folder)["name_fr"].tolist() == ["Vallée"]


def test_columns_of_another_name_and_columns_to_leave_out(folder, given):
    path = given("Code CPTS;Nom;Budget\nvallee;Vallée;3\n")
    arguments = ["import", "csv", str(path), "--table", "cpts/cpts", "--into", str(folder)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "donnees.csv : colonne « Code CPTS » inconnue (attendu : cpts, name_fr" in result.output
    assert "trouvé : Code CPTS, Nom et Budget)" in result.output
    result = CliRunner().invoke(main, [*arguments, "--column", "cpts"])
    assert result.exit_code == 2
    assert "écrivez par exemple --column name_fr=" in result.output
    named = [*arguments, "--column", "cpts=Code CPTS", "--column", "name_fr=Nom"]
    assert "colonne « Budget » inconnue" in CliRunner().invoke(main, named).output
    result = CliRunner().invoke(main, [*named, "--ignore", "Budget"])
    assert result.exit_code == 0, result.output
    assert catalog.load("cpts/cpts", folder)["name_fr"].tolist() == ["Vallée"]


def test_a_known_key_waits_for_replace(folder, given):
    import_csv(given("cpts;name_fr\nvallee;Vallée\n"), "cpts/cpts", folder)
    changed = given("cpts;name_fr\nvallee;Autre\n")
    with pytest.raises(DataError, match="--replace"):
        import_csv(changed, "cpts/cpts", folder)
    import_csv(changed, "cpts/cpts", folder, replace=True)
    assert catalog.load("cpts/cpts", folder)["name_fr"].tolist() == ["Autre"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "est vide"),
        ("cpts;name_fr\n", "n'a pas de ligne de données sous son en-tête"),
        ("cpts;name_fr\nvallee\n", "ligne 2 : 1 cellules au lieu de 2"),
        ("cpts;name_fr\nvallee;V;x\n", "ligne 2 : 3 cellules au lieu de 2"),
        ('cpts;name_fr\nvallee;"V\n', "un guillemet ouvert n'est pas fermé"),
        (b"PK\x03\x04", "est un classeur : employez « cpts import workbook »"),
        ("cpts\nvallee\n", "colonne obligatoire « name_fr » absente"),
        ("cpts;CPTS;name_fr\na;b;c\n", "la colonne « cpts » est donnée deux fois"),
        (
            "cpts;name_fr;aci_date\na;A;15/06/2023\nb;B;30/02/2023\n",
            "1\u00a0défaut.\ndonnees.csv, ligne 3, colonne « aci_date » : « 30/02/2023 »",
        ),
        ("cpts;name_fr;size\n\na;A;5\n", "ligne 3, colonne « size » : « 5 » dépasse le maximum"),
        ("cpts;name_fr\nma cpts;A\n", "« ma cpts » n'a pas la forme attendue"),
    ],
)
def test_what_cannot_be_understood_writes_nothing(folder, given, text, sentence):
    before = (folder / "cpts/cpts.csv").read_bytes()
    with pytest.raises(DataError) as caught:
        import_csv(given(text), "cpts/cpts", folder)
    assert sentence in str(caught.value)
    assert (folder / "cpts/cpts.csv").read_bytes() == before


def test_names_that_do_not_exist(folder, given):
    path = given("cpts;name_fr\na;A\n")
    with pytest.raises(UnknownName, match="cpts/cpts"):
        import_csv(path, "cpts/cpt", folder)
    with pytest.raises(DataError, match="n'a pas de colonne « nom »"):
        import_csv(path, "cpts/cpts", folder, columns={"nom": "name_fr"})
    with pytest.raises(DataError, match="n'a pas de colonne « Nom »"):
        import_csv(path, "cpts/cpts", folder, columns={"name_fr": "Nom"})
    with pytest.raises(DataError, match="absent"):
        import_csv(path.with_name("rien.csv"), "cpts/cpts", folder)


def test_faults_of_one_cause_are_told_once_and_ten_causes_at_a_time(folder, given):
    rows = "".join(f"c{index};C;x\n" for index in range(12))
    with pytest.raises(DataError) as caught:
        import_csv(given("cpts;name_fr;size\n" + rows), "cpts/cpts", folder)
    told = str(caught.value).splitlines()
    assert told[0] == "Rien n'a été écrit : 12\u00a0défauts."
    assert "colonne « size » : 12\u00a0lignes (2, 3, 4, 5, 6, 7, 8, 9…) (« x »)" in told[1]
    assert told[2].startswith("Tous les défauts")
    assert len(told) == 3


def test_a_table_that_the_package_lacks_is_added_in_its_writing(folder, given):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [item for item in package["resources"] if item["name"] != "material/codes"]
    path.write_text(json.dumps(package), encoding="utf-8")
    (folder / "material/codes.csv").unlink()
    import_csv(given("code;label_fr\nfreins;Obstacles\n"), "material/codes", folder)
    assert catalog.Package(folder).resource("material/codes")["dialect"] == {"delimiter": ";"}
    content = (folder / "material/codes.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfcode;parent;label_fr;")
    assert catalog.load("material/codes", folder)["label_fr"].tolist() == ["Obstacles"]


def test_line_ends_of_an_old_macintosh_are_read(folder, given):
    told = import_csv(given("cpts;name_fr\rvallee;Vallée\r"), "cpts/cpts", folder)
    assert told == ["cpts/cpts : 1 ligne(s) ajoutée(s), 0 remplacée(s), 0 déjà présente(s)."]


def test_an_empty_column_without_a_name_is_nothing_and_a_filled_one_is_refused(folder, given):
    told = import_csv(given("cpts;;name_fr\nvallee;;Vallée\n"), "cpts/cpts", folder)
    assert told == ["cpts/cpts : 1 ligne(s) ajoutée(s), 0 remplacée(s), 0 déjà présente(s)."]
    with pytest.raises(DataError, match="la 2e cellule n'est sous aucun titre de colonne"):
        import_csv(given("cpts;;name_fr\nvallee;perdu;Vallée\n"), "cpts/cpts", folder)


@pytest.mark.parametrize("text", ["1,2E+05", "taille 3", "12 5"])
def test_what_is_no_number_is_refused_with_what_to_do(folder, given, text):
    with pytest.raises(
        DataError, match=r"ligne 2, colonne « size » : .* : écrivez-le en chiffres, ou videz la cellule"
    ):
        import_csv(given(f"cpts;name_fr;size\nvallee;Vallée;{text}\n"), "cpts/cpts", folder)
