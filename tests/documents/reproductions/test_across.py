"""Expected values worked by hand on the figures that the five documents print."""

import pytest

from helpers.documents import claims
from helpers.documents.reproductions import across
from tests.project import PROJECT

MODULES = (across,)


def test_a_claim_belongs_to_a_document_but_is_computed_from_another(verdicts):
    verdicts = verdicts[verdicts.index.str.startswith("across.")]
    owners = verdicts.index.str.extract(r"^across\.\w+\.(\w+)\.")[0]
    assert (owners.to_numpy() == verdicts["document"].to_numpy()).all()
    sources = verdicts["table"].str.split("/").str[0]
    assert (sources != verdicts["document"]).all()


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("aci.miller2022.acces_aux_soins.taille4", 155_000),  # 110 000 + 45 000
        ("aci.miller2022.crise_sanitaire.taille1", 62_500),  # 25 000 + 37 500
        ("aci.miller2022.qualite_pertinence.taille4", 40_000),  # 20 000 + 20 000
        ("aci.navinel2020.acces_aux_soins.taille1", 30_000),  # 15 000 + 15 000
        ("aci.navinel2020.prevention.taille3", 35_000),  # 17 500 + 17 500
        ("laine2021.t5.annexe_7.taille2@navinel", 242_000),  # 60 + 47 + 70 + 30 + 20 + 15 thousand
        # 75 + 125 + 90 + 35 + 112.5 thousand, then options 30 + 20
        ("miller2022.t1.total.taille3@fabrique", 487_500),
        ("aci.miller2022.majoration", 130_000),  # 580 000 - (380 000 + 70 000)
        (
            "miller2022.avenants.croissance@taille1",
            100 * 67_500 / 220_000,
        ),  # 287 500 against 185 000 + 35 000
        ("miller2022.avenants.croissance@taille4", 100 * 130_000 / 450_000),
        ("aci.laine2021.amorcage", 75),  # 206 250 / 275 000
        ("aci.laine2021.snp.min", 35_000),  # 55 000 - 40 000 / 2
        ("aci.laine2021.snp.max", 70_000),  # 110 000 - 80 000 / 2
        ("aci.laine2021.crise", 75_000),  # 125 000 - 50 000
        ("missions.laine2021.cinq", 5),
        ("missions.laine2021.sixieme", 6),
        ("missions.aura2022.trois_socles", 3),
        ("missions.aura2022.deux_options", 2),
        ("miller2022.deploiement.total@aura", 733),  # 306 + 427
        ("deploiement.aura2022.projets", 428),  # 47 + 174 + 207
        ("aura2022.f1.usagers@miller", 64_870_500),  # 733 x 88 500
        # the country: 22 million / 32.8 % = 67 073 171
        ("population.aura2022.totalite", 100 * 81_000_000 / 67_073_170.7),
        ("aura2022.aura.part_metropole@miller", 100 * 8_043_000 / 67_073_170.7),
        ("population.miller2022.moins_couverte", 100 * 2_590_785 / 8_043_000),
    ],
)
def test_recomputed_value(recomputed, claim, expected):
    name = claim if "@" in claim else f"across.{claim}"
    assert recomputed[name] == pytest.approx(expected, rel=1e-6)


def test_the_scales_agree_except_on_access_to_care_in_2019(verdicts):
    scales = verdicts[verdicts.index.str.fullmatch(r"across\.aci\.\w+\.\w+\.taille\d")]
    assert len(scales) == 16 + 7 + 20
    gaps = scales[scales["verdict"] == claims.GAP]
    assert gaps.index.tolist() == [
        f"across.aci.navinel2020.acces_aux_soins.taille{size}" for size in (1, 2, 3, 4)
    ]
    assert gaps["gap"].tolist() == [-10_000, -12_000, -15_000, -20_000]


def test_known_disagreements_come_out_by_computation(verdicts):
    gaps = verdicts[verdicts["verdict"] == claims.GAP]
    others = [name for name in gaps.index if "acces_aux_soins" not in name]
    assert others == ["across.deploiement.aura2022.projets"]
    assert gaps[["severity", "cause"]].notna().all().all()


def test_parts_repaired_with_their_total_support_no_claim(recomputed):
    assert "across.aci.miller2022.qualite_pertinence.taille1" not in recomputed
    assert "across.aci.miller2022.qualite_pertinence.taille2" in recomputed


@pytest.fixture(scope="module")
def counts():
    return PROJECT.table("open/cpts_counts_later").set_index("figure_id")


class TestLaterCounts:
    def test_only_the_barometer_was_read_at_its_source(self, counts):
        assert counts["publisher"].str.startswith("DITP").eq(~counts["second_hand"]).all()
        assert (~counts["second_hand"]).sum() == 4

    def test_stages_of_2025_are_all_the_stages(self, counts):
        stages = counts.loc[["aci_2025_05", "projets_valides_2025_05", "lettres_2025_05"], "value"].sum()
        assert stages == 809  # 700 + 24 + 85, printed as more than 800
        assert stages > counts.at["toutes_etapes_2025_05", "value"]

    def test_series_contradict_each_other_and_stay_apart(self, counts):
        # 173 signed in December 2021, 134 a month later: two counters, never one series.
        assert counts.at["aci_2021_12", "value"] > counts.at["aci_2022_01", "value"]
        assert counts.at["aci_2021_12", "publisher"] != counts.at["aci_2022_01", "publisher"]

    def test_shares_are_percentages(self, counts):
        shares = counts.loc[counts["unit"] == "%", "value"]
        assert len(shares) == 11
        assert shares.between(0, 100).all()
