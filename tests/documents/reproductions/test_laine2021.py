"""Lainé 2021: expected values worked by hand from the printed tables, verdicts of the known disagreements, structure."""

import pandas as pd
import pytest

from helpers import catalog
from helpers.documents import reproductions
from helpers.documents.claims import GAP, NOT_REPRODUCIBLE, REPRODUCED, ROUNDED
from helpers.documents.reproductions import laine2021_text
from tests.project import PROJECT

MODULES = ("laine2021", "laine2021_contract", "laine2021_text")


@pytest.fixture(scope="module")
def ledger():
    return reproductions.ledger(MODULES, study=PROJECT)


def load(table):
    return PROJECT.table(f"laine2021/{table}")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        # 75 000 + 50 000 + 90 000 + 35 000 + 30 000 + 20 000
        ("a7.total.taille3", 300_000),
        # 90 000 + 60 000 + 100 000 + 40 000 + 40 000 + 30 000
        ("t5.annexe_7.taille4", 360_000),
        # 17 500 + 17 500
        ("a7.acces_aux_soins.taille2", 35_000),
        # 7 500 + 7 500
        ("a7.accompagnement_professionnels.taille2", 15_000),
        # 380 000 + 70 000
        ("prose.total_avec_snp", 450_000),
        # 25 000 / 2 components
        ("prose.variable_par_volet", 12_500),
        # 4 indicators of 10 points; 15 + 10 + 15 + 10; 12 500 / 100 = 125 € a point
        ("t7.points_nationaux", 40),
        ("t7.points_moyens", 50),
        ("t7.euros_nationaux", 40 * 125),
        ("t7.euros_resultats", 50 * 125),
        # 0.95 x 12.0, 13.3, 5.3 and 7.2
        ("t7.objectif.sans_mt", 11.4),
        ("t7.objectif.sans_mt_ald", 12.635),
        ("t7.objectif.sans_mt_c2s", 5.035),
        ("t7.objectif.sans_mt_plus_70", 6.84),
        # 1 - (11.4 + 12.7 + 5 + 6.8) / (12 + 13.3 + 5.3 + 7.2) = 1 - 35.9 / 37.8
        ("t7.baisse_prose", 100 * (1 - 35.9 / 37.8)),
        ("t7.baisse_entete", 1000 * (1 - 35.9 / 37.8)),
        # prevention, network of caisses, and reimbursement data as a lever of authority
        ("t8.leviers_absents", 3),
        # March to September; November 2020 to September 2021 is 10 months, no full year
        ("duree.stage", 6),
        ("duree.evaluations", 0),
        # 12 months / 3
        ("duree.rencontres", 4),
        ("medecins.salaries", 63 / 43),
        ("corpus.enregistres", 15 - 3),
    ],
)
def test_recomputed_by_hand(ledger, claim, expected):
    assert ledger.loc[f"laine2021.{claim}", "computed"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "claim",
    [
        *(f"t5.annexe_7.taille{size}" for size in (1, 2, 3, 4)),
        "t6.demarrage",
        "t7.indicateurs_resultat",
        "t7.baisse_entete",
        "t8.leviers_absents",
        "f1.annee",
        "missions.axes_imposes",
        "corpus.derniere_rubrique",
        "duree.plan_segur",
        "duree.rencontres",
        "textes.lfss",
        "prose.fonctionnement_annuel",
        *(f"titres.l{line}" for line in (382, 396, 406, 513, 541)),
        "renvois.l525",
        "renvois.l778",
    ],
)
def test_known_disagreements(ledger, claim):
    row = ledger.loc[f"laine2021.{claim}"]
    assert row["verdict"] == GAP
    assert pd.notna(row["severity"])
    assert pd.notna(row["cause"])


def test_one_printed_figure_is_told_with_its_other_bases(ledger):
    # 360 000 + 70 000; the guides name one public twice; the convention of 2014-2017 lasts four years.
    assert "430" in ledger.loc["laine2021.prose.total_avec_snp", "bases"]
    assert ledger.loc["laine2021.corpus.guides", "bases"].endswith("1 guide (écart)")
    assert "4 ans (écart)" in ledger.loc["laine2021.duree.cog", "bases"]
    assert ledger.loc["laine2021.pages.tableau", ["lower", "upper"]].tolist() == [51, 56]


def test_a_target_of_national_contracts_follows_population():
    # 300 x 3 335 414 / 66 726 264 = 15.0; 15 x 1 069 228 / 3 335 414 = 4.8.
    found = reproductions.ledger(["official.targets_of_2021"], study=PROJECT)
    assert found["computed"].tolist() == [15, 5]


def test_no_other_disagreement(ledger):
    assert (ledger["verdict"] == GAP).sum() == 22
    assert list(ledger.index[ledger["verdict"] == ROUNDED]) == []
    # The five efforts of table 7: their numbers of patients are printed nowhere.
    assert (ledger["verdict"] == NOT_REPRODUCIBLE).sum() == 5
    assert ledger["reason"][ledger["verdict"] == NOT_REPRODUCIBLE].is_unique


def test_gap_of_table_5_is_the_gap_of_one_mission():
    funding, other = load("aci_funding"), PROJECT.table("navinel2020/aci_funding")
    annex = funding[funding["source_table"] == "annexe_7"]
    total = funding[funding["source_table"] == "tableau_5"].set_index("size")["value"]
    detail = annex[annex["mission"] == "total"].set_index("size")["value"]
    ours = annex[(annex["mission"] == "acces_aux_soins") & (annex["part"] == "total")].set_index("size")[
        "value"
    ]
    theirs = other[other["mission"] == "acces_aux_soins"].set_index("size")["value"]
    assert (total - detail).tolist() == (theirs - ours).tolist() == [10_000, 12_000, 15_000, 20_000]


def test_same_cells_in_table_and_annex():
    funding = load("aci_funding").set_index(["mission", "part", "size"])
    annex = funding[funding["source_table"] == "annexe_7"]["value"]
    for source in ("tableau_3", "tableau_4"):
        cells = funding[funding["source_table"] == source]["value"]
        assert annex.loc[cells.index].tolist() == cells.tolist()


def test_structure():
    # 4 + 8 + 4 printed amounts in the body, 17 rows of 4 in the annex
    assert load("aci_funding").groupby("source_table").size().to_dict() == {
        "annexe_7": 68,
        "tableau_3": 4,
        "tableau_4": 8,
        "tableau_5": 4,
    }
    levers = load("action_levers").groupby(["source_table", "institution", "lever_type"]).size()
    assert levers.to_dict() == {
        (2, "assurance_maladie", "autorite"): 4,
        (2, "assurance_maladie", "influence"): 6,
        (8, "ars", "autorite"): 3,
        (8, "ars", "influence"): 4,
        (8, "assurance_maladie", "autorite"): 3,
        (8, "assurance_maladie", "influence"): 4,
    }
    assert load("interviews")["family"].value_counts().to_dict() == {
        "assurance_maladie": 8,
        "cpts": 4,
        "association": 2,
        "ars": 1,
    }
    assert load("interview_guides").groupby("guide")["prompts"].sum().to_dict() == {
        "accompagnateurs": 39,
        "porteurs": 40,
    }
    grid = load("analysis_grid")
    assert (grid["level"] == 1).sum() == 21
    assert len(load("abbreviations")) == 47
    assert load("mission_actions").groupby("mission").size().eq(2).all()


def test_citations():
    citations = load("citations").merge(load("interviews"), on="interview", suffixes=("", "_interview"))
    assert len(citations) == 102
    assert citations["part"].value_counts().to_dict() == {"ii": 53, "iii": 46, "i": 3}
    assert citations["family"].value_counts().to_dict() == {
        "assurance_maladie": 56,
        "cpts": 35,
        "association": 8,
        "ars": 3,
    }
    assert (~citations["is_quote"]).sum() == 2


def test_interview_material_is_never_tied_to_a_named_cpts():
    names = set(load("projects")["name_printed"].str.casefold()) | set(load("projects")["project"])
    interview_tables = (
        "interviews",
        "citations",
        "themes",
        "analysis_grid",
        "barriers_levers",
        "articulations",
        "enumerations",
    )
    for table in interview_tables:
        frame = load(table)
        assert not {"project", "name_printed", "size"} & set(frame.columns)
        cells = frame.astype("string").fillna("").stack().str.casefold()
        assert not [cell for cell in cells if any(name in cell for name in names)]


def test_expected_numbers_follow_levels():
    headings = pd.DataFrame(
        {"level": [1, 2, 3, 4, 4, 3, 2, 1, 2], "printed_number": ["I", *"123456", "II", "9"]}, dtype="object"
    )
    expected = ["I", "1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "II", "1"]
    assert laine2021_text.expected_numbers(headings).tolist() == expected


def test_a_changed_cell_changes_the_verdict(tmp_path, ledger):
    assert ledger.loc["laine2021.a7.total.taille1", "verdict"] == REPRODUCED
    source = catalog.open_package()
    (tmp_path / "datapackage.json").write_text(
        (source.folder / "datapackage.json").read_text(encoding="utf-8")
    )
    for name in ("laine2021/aci_funding", "claims"):
        target = tmp_path / source.resource(name)["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.path(name).read_text(encoding="utf-8")
        target.write_text(
            text.replace(
                "annexe_7,prevention,total,1,20 000 €,20000", "annexe_7,prevention,total,1,12 000 €,12000"
            ),
            encoding="utf-8",
        )
    changed = reproductions.ledger(["laine2021.annexe_7_totaux"], study=catalog.Study(tmp_path))
    assert changed.loc["laine2021.a7.total.taille1", "verdict"] == GAP
    assert changed.loc["laine2021.a7.total.taille2", "verdict"] == REPRODUCED
