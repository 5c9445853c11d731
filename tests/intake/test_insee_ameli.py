"""INSEE populations and CNAM demography: every known layout, and one sentence for each damage."""

from __future__ import annotations

import zipfile

import pytest

from helpers.errors import DataError, UsageError
from helpers.intake.official import ameli, insee

RECENT = """REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT
84;Auvergne-Rhône-Alpes;01;2;08;001;01001;Bourg-Inventé;860;16;876
94;Corse;2A;1;01;004;2A004;Île-Inventée;71000;900;71900
04;La Réunion;974;1;01;411;97411;Saint-Inventé;150000;1200;151200
"""
OF_2016 = """CODREG;REG;CODDEP;CODARR;CODCAN;CODCOM;COM;PMUN;PCAP;PTOT
84;Auvergne-Rhône-Alpes;01;2;08;001;Bourg-Inventé;860;16;876
94;Corse;2A;1;01;004;Île-Inventée;71000;900;71900
04;La Réunion;974;1;01;411;Saint-Inventé;150000;1200;151200
"""
OF_2019 = """REG;DEP;COM;PMUN;PCAP;PTOT
84;01;01001;860;16;876
94;2A;2A004;71000;900;71900
04;974;97411;150000;1200;151200
"""
SHORT = """REG;DEP;CODCOM;COM;Commune;PMUN;PCAP;PTOT
84;01;001;01001;Bourg-Inventé;860;16;876
94;2A;004;2A004;Île-Inventée;71000;900;71900
04;974;411;97411;Saint-Inventé;150000;1200;151200
"""


def written(folder, content, *, name="donnees_communes_2023.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("content", "named"), [(RECENT, True), (OF_2016, True), (OF_2019, False), (SHORT, True)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_every_edition_gives_the_same_table(tmp_path, content, named, encoding):
    table = insee.load(written(tmp_path, content, encoding=encoding))
    assert table["commune"].tolist() == ["01001", "2A004", "97411"]
    assert table["department"].tolist() == ["01", "2A", "974"]
    assert table["population"].tolist() == [860, 71000, 150000]
    assert table["population_total"].tolist() == [876, 71900, 151200]
    assert table["name_fr"].tolist() == (
        ["Bourg-Inventé", "Île-Inventée", "Saint-Inventé"] if named else [""] * 3
    )
    assert set(table["year"]) == {2023}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "Populations de référence\n\n" + text,
        lambda text: text.replace("\n", ";\n"),
        lambda text: text.replace(";", "\t"),
        lambda text: text + "\n\n",
        lambda text: text.replace("PTOT\n", "PTOT;\n"),
    ],
    ids=[
        "ends of Windows",
        "title before",
        "last separator",
        "tabs",
        "empty lines after",
        "separator in the header only",
    ],
)
def test_harmless_differences_are_read(tmp_path, change):
    assert insee.load(written(tmp_path, change(RECENT)))["population"].sum() == 221860


def test_only_the_departments_asked_for(tmp_path):
    assert insee.load(written(tmp_path, RECENT), departments=["974"])["commune"].tolist() == ["97411"]
    with pytest.raises(DataError, match="aucune ligne à garder pour le département 35"):
        insee.load(written(tmp_path, RECENT), departments=["35"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            RECENT.replace("PMUN", "POPULATION"),
            r"ligne 1, colonne 9 : « POPULATION » n'est pas une colonne connue.*PMUN",
        ),
        (RECENT.replace("PCAP;", "").replace(";16;", ";"), r"colonne « PCAP » absente.*lu : REG, Région"),
        (RECENT.replace("CODARR", "CODCAN"), r"« CODCAN » figure deux fois \(colonnes 4 et 5\)"),
        (RECENT.replace("860;16", "860;;16"), r"ligne 2 : 12 cellules au lieu de 11"),
        (RECENT.replace("71000;900;71900", "71000;900"), r"ligne 3 : 10 cellules au lieu de 11"),
        (
            RECENT.replace("71000", "beaucoup"),
            r"ligne 3, colonne « PMUN » : « beaucoup » n'est pas un nombre",
        ),
        (RECENT.replace("71000", ""), r"ligne 3, colonne « PMUN » : «  » n'est pas un nombre"),
        (
            RECENT.replace("71000", "-71000"),
            r"ligne 3, colonne « PMUN » : « -71000 » n'est pas un nombre positif",
        ),
        (RECENT.replace("71000", "inf"), r"ligne 3, colonne « PMUN » : « inf » n'est pas un nombre"),
        (RECENT.replace("71000", "9" * 20), r"ligne 3, colonne « PMUN » : « 9+ » n'est pas un nombre"),
        (
            RECENT.replace("71000", "71000,5"),
            r"ligne 3, colonne « PMUN » : « 71000,5 » n'est pas un nombre entier",
        ),
        (
            RECENT.replace("97411", "7411"),
            r"ligne 4, colonne « COM » : « 7411 » ne donne pas un code de commune",
        ),
        (RECENT.replace("2A004", "01001"), r"ligne 3, colonne « COM » : .* donne une commune déjà lue"),
        (RECENT.replace(";71900", ";71901"), r"ligne 3, colonne « PTOT » : .* PMUN \+ PCAP"),
        ("nom;valeur\na;1\n", r"ligne 1 : ce n'est pas l'en-tête des populations.*PMUN.*lu : nom;valeur"),
        ("", "est vide"),
        (RECENT.splitlines()[0] + "\n", "aucune ligne de données"),
    ],
)
def test_damage_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        insee.load(written(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_the_line_is_that_of_the_file_with_a_title_and_empty_lines(tmp_path):
    content = "Titre\n\n" + RECENT.replace("94;Corse", "\n94;Corse").replace("71000", "x")
    with pytest.raises(DataError, match="ligne 6, colonne « PMUN »"):
        insee.load(written(tmp_path, content))


def test_a_year_is_needed_and_never_guessed(tmp_path):
    for name in ("donnees_communes.csv", "communes_2022_2023.csv"):
        with pytest.raises(UsageError, match="--year"):
            insee.load(written(tmp_path, RECENT, name=name))
    assert set(insee.load(written(tmp_path, RECENT, name="x.csv"), year=2019)["year"]) == {2019}


@pytest.mark.parametrize("member", ["donnees_communes.csv", "ensemble/Communes.csv"])
def test_the_archive_is_read_without_unpacking(tmp_path, member):
    path = tmp_path / "ensemble.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, RECENT)
        archive.writestr("donnees_departements.csv", "REG;DEP\n84;01\n")
    assert len(insee.load(path, year=2023)) == 3
    assert [item.name for item in tmp_path.iterdir()] == ["ensemble.zip"]


HEAD = (
    "annee;profession_sante;region;libelle_region;departement;libelle_departement;classe_age;libelle_classe_age;libelle_sexe;"
    "effectif;densite;vision_generale_all;vision_generale_prescriptions;vision_profession_territoire\n"
)
CNAM = HEAD + "".join(
    f"2024;Sages-femmes;{place};tout_age;Tout âge;tout sexe;{values};oui;oui;oui\n"
    for place, values in [
        ("99;FRANCE;999;Tout département", "8000;55.5"),
        ("53;Bretagne;999;Tout département", "NS;40"),
        ("53;Bretagne;35;Ille-et-Vilaine", "NC;NS"),
        ("94;Corse;2A;Corse-du-Sud", ";"),
        ("04;La Réunion;974;La Réunion", "0;0"),
        ("01;Guadeloupe;971;Guadeloupe", "1 234;12,5"),
    ]
)
BY_AGE = "2024;Sages-femmes;53;Bretagne;35;Ille-et-Vilaine;30_39;30-39 ans;femmes;12;3.5;oui;oui;oui\n"


def cnam(folder, content, encoding="utf-8-sig"):
    return written(folder, content, name="demographie-effectifs-et-les-densites.csv", encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_totals_are_levels_and_masked_cells_are_missing_never_zero(tmp_path, encoding):
    table = ameli.load(cnam(tmp_path, CNAM, encoding)).set_index("code")
    assert table["level"].to_dict() == {
        "france": "france", "53": "region", "35": "departement", "2A": "departement", "974": "departement",
        "971": "departement",
    }  # fmt: skip
    assert table["count"].isna().to_dict() == {
        "france": False, "53": True, "35": True, "2A": True, "974": False, "971": False,
    }  # fmt: skip
    assert table["count_status"].tolist() == [
        "publie", "non_significatif", "non_communique", "vide", "publie", "publie",
    ]  # fmt: skip
    assert table.loc["974", "count"] == 0
    assert table.loc["35", "density_status"] == "non_significatif"
    assert (table.loc["971", "count"], table.loc["971", "density"]) == (1234, 12.5)
    assert table.loc["53", "density"] == 40
    assert table.loc["france", "name_fr"] == "France"
    assert table.loc["53", "name_fr"] == "Bretagne"


def test_a_date_is_a_year_and_commas_separate_some_copies(tmp_path):
    dated = CNAM.replace("2024;", "2024-12-31;")
    assert set(ameli.load(cnam(tmp_path, dated))["year"]) == {2024}
    commas = CNAM.replace("12,5", "12.5").replace(";", ",")
    assert len(ameli.load(cnam(tmp_path, commas))) == 6


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("8000", "inf", "« effectif » : « inf » n'est pas un nombre"),
        ("8000", "9" * 20, "« effectif » : « 9+ » n'est pas un nombre"),
        ("8000", "8000.5", "« effectif » : « 8000.5 » n'est pas un nombre entier"),
        ("55.5", "inf", "« densite » : « inf » n'est pas un nombre"),
    ],
)
def test_numbers_that_are_none(tmp_path, old, new, sentence):
    with pytest.raises(DataError, match=sentence):
        ameli.load(cnam(tmp_path, CNAM.replace(old, new)))


def test_rows_by_age_come_only_when_asked(tmp_path):
    path = cnam(tmp_path, CNAM + BY_AGE)
    assert len(ameli.load(path)) == 6
    detailed = ameli.load(path, detail=True)
    assert detailed.query("code == '35'")[["age", "sex"]].to_numpy().tolist() == [
        ["tout_age", "tout sexe"],
        ["30_39", "femmes"],
    ]


def test_a_department_comes_with_its_region_and_the_country(tmp_path):
    path = cnam(tmp_path, CNAM)
    assert ameli.load(path, departments=["35"])["code"].tolist() == ["france", "53", "35"]
    with pytest.raises(DataError, match="aucune ligne à garder pour le département 01"):
        ameli.load(path, departments=["01"])
    with pytest.raises(DataError, match="aucune ligne à garder"):
        ameli.load(path, years=[2019])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            CNAM.replace("densite", "densité_nette", 1),
            r"colonne 11 : « densité_nette » n'est pas une colonne connue",
        ),
        (
            CNAM.replace(";8000;", ";environ 8000;"),
            r"ligne 2, colonne « effectif » : « environ 8000 » n'est pas un nombre",
        ),
        (
            CNAM.replace(";8000;", ";8000.5;"),
            r"ligne 2, colonne « effectif » : « 8000.5 » n'est pas un nombre entier",
        ),
        (CNAM.replace("2024;Sages-femmes;94", "vers 2024;Sages-femmes;94"), r"ligne 5, colonne « annee »"),
        (
            CNAM.replace(";35;Ille", ";350;Ille"),
            r"ligne 4, colonne « departement » : « 350 » n'est pas un code",
        ),
        (CNAM.replace("53;Bretagne;35", "99;Bretagne;35"), r"ligne 4, colonne « departement » : .*région 99"),
        (CNAM.replace("53;Bretagne;35", "BRE;Bretagne;35"), r"ligne 4, colonne « region » : « BRE »"),
        (CNAM + CNAM.splitlines()[1] + "\n", r"deux lignes pour Sages-femmes, france"),
        (
            CNAM.replace("oui;oui;oui\n", "oui;oui\n", 3).replace("oui;oui\n", "oui;oui;oui\n", 2),
            r"ligne 4 : 13 cellules",
        ),
    ],
)
def test_damaged_demography_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(DataError, match=sentence):
        ameli.load(cnam(tmp_path, content))


def test_a_file_that_changes_its_encoding_is_refused_by_line(tmp_path):
    path = cnam(tmp_path, CNAM + BY_AGE * 20_000, "utf-8")
    path.write_bytes(path.read_bytes() + BY_AGE.replace("Bretagne", "Région").encode("cp1252"))
    with pytest.raises(DataError, match=r"ligne 20008 : un caractère n'est pas en UTF-8"):
        ameli.load(path)


def test_arrondissements_beside_their_city_are_left_out(tmp_path):
    districts = "".join(
        f"84;Auvergne-Rhône-Alpes;69;1;99;{code[2:]};{code};Lyon {code[-1]}e;10;0;10\n"
        for code in ("69381", "69389")
    )
    city = "84;Auvergne-Rhône-Alpes;69;1;99;123;69123;Lyon;20;0;20\n"
    alone = insee.load(written(tmp_path, RECENT + districts), departments=["69"])
    assert alone["commune"].tolist() == ["69381", "69389"]
    both = insee.load(written(tmp_path, RECENT + districts + city), departments=["69"])
    assert both["commune"].tolist() == ["69123"]
