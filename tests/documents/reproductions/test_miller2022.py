"""Expected values worked by hand on the printed figures of Miller (2022), instruments apart."""

import pandas as pd
import pytest

from helpers import catalog
from helpers.documents import claims, reproductions
from helpers.documents.reproductions import miller2022, miller2022_monograph, miller2022_territories
from helpers.documents.reproductions.cells import Cells
from helpers.errors import NotComputable
from tests.project import PROJECT

MODULES = (miller2022, miller2022_territories, miller2022_monograph)


def load(table):
    return PROJECT.table(f"miller2022/{table}")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("t1.total.taille1", 287_500),  # 50 + 80 + 50 + 20 + 62.5 + 15 + 10
        ("t1.total.taille4", 580_000),  # 90 + 155 + 100 + 40 + 125 + 40 + 30
        ("t1.aide.taille3", 56_250),  # 37 500 / 50 000 = 0.75 ; 0.75 x 75 000
        ("avenants.croissance", 28.8889),  # 580 / (580 - 130) = 1.28889
        ("avenants.echeance_aide", 30),
        ("enveloppe.montant", 487_500_000),  # 1 000 x 487 500
        ("enveloppe.part_soins_ville", 0.566860),  # 487.5 / 86 000
        ("verbatim.population_reunie", 255_926),  # 105 926 + 150 000
        ("verbatim.taille_reunie", 4),
        ("deploiement.total", 733),  # 305 + 47 + 174 + 207
        ("deploiement.taille_moyenne", 3),
        ("deploiement.annees_depuis_loi", 2),  # 26 January 2016 to August 2018
        ("intro.pcn_investissement", 1_920_000),  # 2.4e9 / 1 250
        ("intro.msp_date", -35),  # 27 October to 1 December 2022: 4 + 30 + 1
        ("t3.densite.a", 11_496.4),  # 57 482 / 5
        ("t3.densite.e", 123.034),  # 77 450 / 629.5
        ("t3.densite.ile_de_france", 1013.534),  # 12 174 880 / 12 012.3
        ("t4.sans_cabinet", 0.4),  # B and D
        ("t4.creees_2019", 0.8),  # all but C
        ("t5.file_active", 4),  # all but B
        ("t5.sans_medecin_traitant", 2),
        ("t5.urgences", 4),  # all but A
        ("t7.adherents.d", 5),  # 4 doctors, 1 midwife
        ("instrument.first.dimension.structure@tableau_8", 20),  # 3 + 0 + 4 + 0 + 4 + 0 + 2 + 2 + 5 + 0
        ("instrument.guide.dimension.structure@tableau_8", 25),  # 1 + 1 + 3 + 1 + 3 + 9 + 1 + 0 + 4 + 2
        ("instrument.final.dimension.processus@tableau_8", 10),  # 2 + 2 + 1 + 2 + 1 + 1 + 1
        ("mono.residences_principales", 93.0594),  # 24 711 / 26 554
        ("mono.specialistes_60_plus", 0),
        ("mono.specialistes_total", 18),
        ("mono.files_region", 1),  # doctors 1942 > 1693, nurses 161 < 271
        ("mono.types_membres", 5),
        ("mono.annuaire", 2),  # lines 1973 and 1999, for one said to exist at 1953
    ],
)
def test_recomputed_value(recomputed, claim, expected):
    assert recomputed[f"miller2022.{claim}"] == pytest.approx(expected, rel=1e-5)


def test_known_disagreements_are_found_by_the_arithmetic_and_no_other(verdicts):
    gaps = verdicts.index[verdicts["verdict"] == claims.GAP].str.removeprefix("miller2022.")
    assert set(gaps) == {
        "avenants.echeance_aide",
        "enveloppe.montant",
        "enveloppe.part_soins_ville",
        "intro.pcn_investissement",
        "intro.msp_date",
        "t3.densite.e",
        "t3.densite_texte.e",
        "t4.sans_cabinet",
        "t5.urgences",
        "mono.specialistes_60_plus",
        "mono.specialistes_total",
        "mono.specialistes_65_plus",
        "mono.files_region",
        "mono.types_membres",
        "mono.annuaire",
    }


def test_a_density_within_the_rounding_of_its_area_is_no_difference(verdicts):
    # CPTS A: 57 482 / 5.5 to 57 482 / 4.5.
    row = verdicts.loc["miller2022.t3.densite.a"]
    assert (row["lower"], row["upper"]) == pytest.approx((10_451.27, 12_773.78), rel=1e-6)
    found = verdicts["verdict"].filter(like="miller2022.t3.densite.")
    assert found.to_dict() == {
        **{f"miller2022.t3.densite.{place}": "reproduit" for place in ("a", "b", "c", "d", "ile_de_france")},
        "miller2022.t3.densite.e": "écart",
    }


def test_amounts_quoted_in_2021_are_held_against_the_scale_of_2019(verdicts):
    # Size 3: 315 000 + 35 000 to 70 000; size 4: 380 000 + 70 000, hence 65 000 to 100 000 more.
    bounds = verdicts[["lower", "upper", "verdict"]]
    assert bounds.loc["miller2022.verbatim.montant_separe"].tolist() == [350_000, 385_000, "compatible"]
    assert bounds.loc["miller2022.verbatim.gain_reunion"].tolist() == [65_000, 100_000, "incompatible"]


def test_shares_that_no_whole_number_of_doctors_gives():
    # 35 of 60 is 58.3 %, 75 of 197 is 38.07 %: neither prints as 58,0 or 38,0 %.
    found = reproductions.ledger(["possible.older_doctors"], study=PROJECT)["verdict"]
    # Three shares of specialists are printed with a second decimal that is always zero: within 0.1 % of a possible share.
    assert found.value_counts().to_dict() == {"compatible": 5, "reproduit": 3, "écart": 1, "arrondi": 1}
    assert found["miller2022.t5.mg_60_plus.b"] == "écart"
    assert found["miller2022.t5.mg_60_plus.d"] == "arrondi"


def test_official_data_give_the_share_covered_and_the_health_houses():
    # 22 / 67.162154 = 32.757 %; maisons de santé at the end of 2022, then in June 2021.
    found = reproductions.ledger(["official.national"], study=PROJECT)["computed"]
    assert found["miller2022.deploiement.part_population"] == pytest.approx(32.7565, abs=1e-3)
    assert found["miller2022.intro.msp_ouvertes"] == 2251
    assert found["miller2022.intro.msp_juin_2021"] == 1889


def test_each_disagreement_has_a_severity_and_a_cause_and_nothing_else_has(verdicts):
    register = claims.register(PROJECT).loc[verdicts.index]
    gaps = verdicts["verdict"].isin(claims.DIFFERENT)
    assert (register["severity"].notna() == gaps).all()
    assert (register["cause"].notna() == gaps).all()


def test_the_final_questionnaire_has_29_10_and_3_questions():
    counts = load("question_counts").query("questionnaire == 'final'").groupby("dimension")["value"].sum()
    assert counts.to_dict() == {"structure": 29, "processus": 10, "resultats": 3}


def test_the_matrix_has_24_items_by_dimension_and_constraint():
    matrix = load("constraint_matrix")
    crossed = pd.crosstab(matrix["dimension"], matrix["constraint"])
    columns = ["externe", "interne", "environnementale"]
    assert crossed.loc["structure", columns].tolist() == [1, 7, 3]
    assert crossed.loc["processus", columns].tolist() == [6, 1, 2]
    assert crossed.loc["resultats", columns].tolist() == [1, 2, 1]


def test_boards_count_27_members_of_whom_15_doctors():
    board = load("bureau")
    doctors = board["profession"].isin(["medecin_generaliste", "medecin"])
    assert board["members"].sum() == 27  # 5 + 4 + 5 + 5 + 8
    assert board.loc[doctors, "members"].sum() == 15  # 3 + 2 + 1 + 4 + 5


def test_local_schemes_present_in_table_5():
    present = load("dts_presence").query("status == 'present' and device in ['cls', 'asv', 'dac']")
    assert present.groupby("device")["cpts"].agg("".join).to_dict() == {
        "cls": "ADE",
        "asv": "AB",
        "dac": "ABCDE",
    }


def test_shares_stay_between_0_and_100():
    for name in ("territories", "supply_epidemiology", "monograph_context", "deployment"):
        table = load(name)
        assert table.loc[table["unit"] == "%", "value"].dropna().between(0, 100).all()


def test_the_missing_cell_of_table_5_supports_no_figure():
    with pytest.raises(NotComputable):
        Cells("miller2022/supply_epidemiology", PROJECT).value(cpts="E", indicator="part_ald")


def test_monograph_and_table_3_print_the_same_occupations():
    alone = load("monograph_jobs").set_index("indicator")["value"]
    compared = load("territories").query("cpts == 'A'").set_index("indicator")["value"]
    assert (alone == compared.loc[alone.index]).all()


def test_no_table_links_a_letter_to_a_place():
    for name in catalog.open_package().names():
        if name.startswith("miller2022/"):
            assert not {"departement", "commune", "code_commune"} & set(PROJECT.table(name).columns)
