"""APL workbooks: sheets by name, header at varying places, units, notes, every profession, and the rule of aggregation."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from helpers.errors import DataError, UnknownName
from helpers.intake.official import drees

TITLE = ["Indicateur d'accessibilité potentielle localisée (APL)"]
NOTES = [TITLE, [None], ["Millésime : 2024"], ["Sources : SNDS"], ["Champ : France hors Mayotte."], ["Lecture : …"],
         ["Note : pondérer par la population standardisée."], [None]]  # fmt: skip
GENERALISTS = [
    "Code commune INSEE", "Commune", "APL aux médecins généralistes", "APL aux médecins généralistes de 65 ans et moins ",
    "APL aux médecins généralistes de 62 ans ou moins", "APL aux médecins généralistes de 60 ans et moins",
    "Population standardisée 2022 pour la médecine générale", "Population totale 2022",
]  # fmt: skip
UNITS = [None, None, *["En nombre de consultations/visites accessibles par an par habitant standardisé"] * 4]
COMMUNES = [
    ["01001", "Bourg-Inventé", 2.4, 2.1, 2.0, 1.9, 900.5, 880],
    ["2A004", "Île-Inventée", 4.0, 3.5, 3.1, 3.0, 60000.25, 62000],
    ["97411", "Saint-Inventé", 3.0, "NS", None, 2.2, 140000.0, 150000],
]
FOOTERS = [[None], ["Lecture : …"], ["Champ : …"], ["Source : DREES"], ["Total", None, 3.3]]


def workbook(folder, sheets, name="apl.xlsx"):
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def generalists(**changes):
    parts = {
        "notes": NOTES,
        "header": GENERALISTS,
        "units": [UNITS],
        "communes": COMMUNES,
        "footers": FOOTERS,
    } | changes
    return [*parts["notes"], parts["header"], *parts["units"], *parts["communes"], *parts["footers"]]


@pytest.mark.parametrize("notes", [NOTES, NOTES[:1], [*NOTES, [None], ["Version du 22 juillet"]], []])
@pytest.mark.parametrize("units", [[UNITS], []])
@pytest.mark.parametrize("footers", [FOOTERS, []])
def test_the_header_is_found_wherever_it_stands(tmp_path, notes, units, footers):
    table = drees.load(
        workbook(tmp_path, {"APL 2024": generalists(notes=notes, units=units, footers=footers)})
    )
    assert table["commune"].tolist() == ["01001", "2A004", "97411"]
    assert set(table["profession"]) == {"generalistes"}
    assert table["apl_65"].tolist()[:2] == [2.1, 3.5]
    assert table["apl_62"].isna().tolist() == [False, False, True]
    assert pd.isna(table["apl_65"].iloc[2])  # NS is missing, never zero
    assert table["population"].tolist() == [880, 62000, 150000]
    assert set(table["population_year"]) == {2022}
    assert set(table["unit"]) == {"consultations par an par habitant standardisé"}


def test_editions_of_2015_to_2019_say_less_than_65(tmp_path):
    header = [
        "Code commune INSEE", "Commune", "APL aux médecins généralistes", "APL aux médecins généralistes de moins de 65 ans",
        "APL aux médecins généralistes de moins de 62 ans", "Population standardisée 2017",
    ]  # fmt: skip
    table = drees.load(workbook(tmp_path, {"APL_2019": [header, ["01001", "X", 2.4, 2.1, 2.0, 900.5]]}))
    assert table[["apl", "apl_65", "apl_62"]].iloc[0].tolist() == [2.4, 2.1, 2.0]
    assert table["apl_60"].isna().all()


def test_sheets_are_taken_by_year_the_latest_by_default(tmp_path):
    old = [*NOTES[:7], GENERALISTS, UNITS, *COMMUNES[:1]]
    path = workbook(
        tmp_path, {"APL 2024": generalists(), "Feuil1": [["x"]], "APL_2018": old, "APL 2023": generalists()}
    )
    assert set(drees.load(path)["year"]) == {2024}
    both = drees.load(path, years=[2018, 2023])
    assert both.groupby("year").size().to_dict() == {2018: 1, 2023: 3}
    assert len(drees.load(path, years=[2023, 2023])) == 3
    with pytest.raises(UnknownName, match=r"« 2021 ».*2024, 2023, 2018"):
        drees.load(path, years=[2021])


@pytest.mark.parametrize(
    ("profession", "header", "unit"),
    [
        ("infirmiers", ["Code commune INSEE", "Commune", "APL aux infirmières",
                        "Population standardisée 2021 pour les infirmières", "Population totale 2021"], "habitants"),
        ("kinesitherapeutes", ["Code commune INSEE", "Commune", "APL aux masseurs-kinésithérapeutes",
                               "Population standardisée 2021 pour les kinés", "Population totale 2021"], "habitants"),
        ("chirurgiens_dentistes", ["Code commune INSEE", "Commune", "APL aux chirurgiens-dentistes",
                                   "Population standardisée 2020", "Population totale 2020"], "habitants"),
        ("sages_femmes", ["Code commune INSEE", "Commune", "APL aux sages-femmes",
                          "Population féminine standardisée 2022 pour les sages-femmes", "Population totale 2022",
                          "Population féminine 2022"], "femmes"),
    ],
)  # fmt: skip
def test_every_profession_has_its_columns_and_unit(tmp_path, profession, header, unit):
    rows = [
        [None, None, "En ETP accessibles pour 100 000 habitants standardisés"],
        ["01001", "X", 12.5, 900.5, 880, 450],
    ]
    table = drees.load(workbook(tmp_path, {"APL 2023": [*NOTES, header, rows[0], rows[1][: len(header)]]}))
    row = table.iloc[0]
    assert (row["profession"], row["apl"], row["standardised_population"]) == (profession, 12.5, 900.5)
    assert (row["population"], row["unit"]) == (
        880,
        f"ETP pour 100 000 {unit} {'standardisées' if unit == 'femmes' else 'standardisés'}",
    )
    assert pd.isna(row["population_women"]) == (profession != "sages_femmes")
    assert pd.isna(row["apl_65"])


def test_the_edition_of_2019_has_its_code_under_commune_and_no_total_population(tmp_path):
    header = ["Commune", "APL aux médecins généralistes",
              "Population standardisée par la consommation de soins de médecine générale par tranche d'âge"]  # fmt: skip
    table = drees.load(workbook(tmp_path, {"APL_2019": [header, [1001, 3.2, 1234.5]]}))
    assert table["commune"].tolist() == ["01001"]  # a workbook that lost the leading zero
    assert table["population"].isna().all()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"header": ["Code postal", *GENERALISTS[1:]]},
            r"pas de ligne d'en-tête dans les 40 premières.*Code commune INSEE",
        ),
        (
            {"header": [*GENERALISTS[:7], "Densité 2022"]},
            r"ligne 9, colonne 8 : « Densité 2022 » n'est pas une colonne connue",
        ),
        (
            {"header": [*GENERALISTS[:5], "APL aux infirmières", *GENERALISTS[6:]]},
            r"colonne 6 : « APL aux infirmières »",
        ),
        (
            {"header": [*GENERALISTS[:5], GENERALISTS[4], *GENERALISTS[6:]]},
            r"colonne 6 : .* figure deux fois",
        ),
        (
            {
                "header": [
                    *GENERALISTS[:3],
                    "APL aux médecins généralistes de 55 ans et moins",
                    *GENERALISTS[4:],
                ]
            },
            r"colonne 4",
        ),
        (
            {"header": GENERALISTS[:6]},
            r"ligne 9 : colonne « Population standardisée… » absente \(lu : Code commune",
        ),
        (
            {"units": [[None, None, "ETP pour 100 000 habitants"]]},
            r"ligne 10, colonne « APL aux .* l'unité « ETP pour",
        ),
        (
            {"communes": [["Ain", "X", 2.4, 1, 1, 1, 900, 880], *COMMUNES]},
            r"ligne 11, .*pas un code de commune, et des communes suivent",
        ),
        ({"communes": []}, r"aucune commune sous l'en-tête"),
        ({"communes": [*COMMUNES, COMMUNES[0]]}, r"la commune 01001 figure deux fois"),
        (
            {"communes": [COMMUNES[0], ["Total Ain", None, 3], COMMUNES[1]]},
            r"ligne 12, .*pas un code de commune, et des communes suivent",
        ),
        (
            {"communes": [["01001", "X", "beaucoup", 1, 1, 1, 900, 880]]},
            r"ligne 11, colonne « APL aux .*« beaucoup » n'est pas",
        ),
        (
            {"communes": [["01001", "X", 1, 1, 1, 1, 900, "1e999"]]},
            r"ligne 11, .*« 1e999 » n'est pas un nombre positif",
        ),
        (
            {"communes": [["01001", "X", -1, 1, 1, 1, 900, 880]]},
            r"ligne 11, .*« -1 » n'est pas un nombre positif",
        ),
    ],
)
def test_damage_is_one_sentence(tmp_path, changes, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        drees.load(workbook(tmp_path, {"APL 2024": generalists(**changes)}))
    assert str(caught.value).startswith("apl.xlsx, feuille « APL 2024 »")


def test_workbooks_that_are_none(tmp_path):
    with pytest.raises(DataError, match=r"aucune feuille « APL année » .lu : Lisez-moi, APL"):
        drees.load(workbook(tmp_path, {"APL": generalists()}))
    (tmp_path / "faux.xlsx").write_bytes(b"PK\x03\x04 rien")
    with pytest.raises(DataError, match="n'est pas une archive entière"):
        drees.load(tmp_path / "faux.xlsx")
    with pytest.raises(DataError, match="absent"):
        drees.load(tmp_path / "absent.xlsx")
