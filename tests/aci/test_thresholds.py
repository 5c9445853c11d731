"""Threshold effects, envelope, scenarios, and the figure that draws them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers import aci, catalog
from helpers.aci import thresholds
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.page import figures
from tests.project import PROJECT

PLAIN = {"missions": ["prevention"], "fixed_rates": 1.0}


def test_jumps_by_hand():
    first = aci.jumps("miller2022", PROJECT).iloc[0]
    # 287 500 / 40 000 = 7.1875; 382 500 / 40 000 = 9.5625; 382 500 / 7.1875 = 53 217.4 inhabitants.
    assert (first["below"], first["above"], first["step"]) == (7.1875, 9.5625, 95_000)
    assert first["percent"] == pytest.approx(33.043, abs=1e-3)
    assert first["until"] == pytest.approx(382_500 / 7.1875)
    assert len(aci.jumps("miller2022", PROJECT)) == 6
    assert set(aci.jumps("fabrique2022", PROJECT)["level"]) == {"fonctionnement seul"}


def test_curve_falls_inside_a_class_and_jumps_at_its_bound():
    ceiling = aci.curve("aura2022", PROJECT)
    ceiling = ceiling[ceiling["level"] == thresholds.LEVELS_FR["ceiling"]]
    for _, piece in ceiling.groupby("size"):
        assert piece["value"].is_monotonic_decreasing
    values = ceiling.set_index("population")["value"]
    assert values[40_000] / values[39_999] == pytest.approx(382_500 / 287_500, rel=1e-4)
    assert values[100_000 if 100_000 in values.index else 175_000] > 0


def test_sentence_names_the_next_bound_or_none():
    said = aci.threshold_sentence(39_000, "miller2022", PROJECT).replace("\u202f", " ").replace("\xa0", " ")
    assert "7,37 €" in said
    assert "40 000 habitants (1 000 habitants de plus)" in said
    assert "287 500 à 382 500 €" in said
    assert "aucune borne au-dessus" in aci.threshold_sentence(200_000, "miller2022", PROJECT)
    assert "Fonctionnement seul" in aci.threshold_sentence(39_000, "fabrique2022", PROJECT)
    with pytest.raises(NotComputable):
        aci.threshold_sentence(0, "miller2022", PROJECT)


def test_size_sentence_says_the_convention_on_a_bound_only():
    classes = aci.bounds(PROJECT)
    assert "borne basse" in aci.size_sentence(80_000, classes)
    assert "taille 2" in aci.size_sentence(80_000, classes)
    assert "borne" not in aci.size_sentence(79_999, classes)


def test_region_by_size_is_a_recount():
    populations = PROJECT.table("aura2022/cpts_region")["value"]
    bins = pd.cut(populations, [0, 40_000, 80_000, 175_000, 10**7], right=False).value_counts(sort=False)
    assert aci.region_by_size(PROJECT).tolist() == bins.tolist() == [24, 28, 16, 3]


def test_envelope_is_a_range_where_sizes_are_unknown():
    table = aci.envelope("miller2022", PROJECT).set_index("set")
    national = table.loc["Objectif national"]
    assert (national["lower"], national["upper"], national["printed"]) == (287.5, 580.0, 400.0)
    assert table.loc["ACI signés, juillet 2022", "lower"] == pytest.approx(305 * 0.2875)
    region = table.loc["Auvergne-Rhône-Alpes, toutes étapes"]
    assert region["lower"] == region["upper"] == pytest.approx(27.15)
    sample = table.loc["Échantillon dont la part des tailles est dite"]
    assert sample["lower"] == pytest.approx(398 * (0.66 * 0.3825 + 0.34 * 0.2875))
    assert sample["upper"] == pytest.approx(398 * (0.66 * 0.4875 + 0.34 * 0.58))
    assert "est dans cet intervalle" in aci.envelope_sentence(table.reset_index())
    before = aci.envelope("navinel2020", PROJECT)
    assert "est hors de cet intervalle" in aci.envelope_sentence(before)
    with pytest.raises(NotComputable, match="choisissez un autre barème"):
        aci.envelope("fabrique2022", PROJECT)
    assert aci.with_ceiling("fabrique2022") == "miller2022"


def test_totals_by_rate_and_by_year():
    exact = aci.by_rate("aura2022", 60_000, year_of_contract=2, **PLAIN, study=PROJECT)
    assert exact["bound"].unique().tolist() == ["total"]
    # 60 000 + 15 000 fixed + 15 000 × rate.
    assert exact["value"].tolist() == pytest.approx([75_000 + 1_500 * step for step in range(11)])
    between = aci.by_rate("miller2022", 60_000, year_of_contract=2, **PLAIN, study=PROJECT)
    assert between["bound"].unique().tolist() == ["au plus", "au moins"]
    years = aci.by_year(
        "aura2022", 60_000, variable_rates=1.0, signed_on="2023-01-01", **PLAIN, study=PROJECT
    )
    assert years["upper"].tolist() == [90_000] * 5
    assert years["lower"].tolist() == [75_000] + [90_000] * 4
    assert aci.known_members(-1) is None
    assert aci.known_members(0) == 0


@pytest.fixture
def package(tmp_path):
    """Package of two CPTS and the missions of three, one year each."""
    folder = tmp_path / "paquet"
    shutil.copytree(catalog.MODEL_FOLDER, folder)

    def fill(name, rows):
        catalogue = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        resource = next(item for item in catalogue["resources"] if item["name"] == name)
        columns = [field["name"] for field in resource["schema"]["fields"]]
        pd.DataFrame(rows, dtype=object).reindex(columns=columns).to_csv(
            folder / resource["path"], index=False
        )

    fill(
        "cpts/cpts",
        [
            {"cpts": "a", "name_fr": "CPTS a", "aci_date": "2023-01-01", "population": 60_000, "size": 3},
            {"cpts": "b", "name_fr": "CPTS b"},
        ],
    )
    fill(
        "cpts/missions",
        [
            {"cpts": "a", "mission": "prevention", "year": 2024, "fixed_rate": 1, "variable_rate": 0.5},
            {"cpts": "a", "mission": "acces_aux_soins", "year": 2024, "fixed_rate": 1},
            {"cpts": "a", "mission": "prevention", "year": 2030},
            {"cpts": "b", "mission": "prevention", "year": 2024},
            {"cpts": "c", "mission": "prevention", "year": 2024},
        ],
    )
    return str(folder)


def test_each_cpts_of_a_package_is_simulated_or_says_what_it_lacks(package):
    table = aci.of_package("aura2022", Study(package)).set_index(["cpts", "year"])
    # 60 000 + prevention 15 000 + 7 500 + access 70 000 + between 0 and 30 000.
    assert table.loc[("a", 2024), ["lower", "upper", "size"]].tolist() == [152_500, 182_500, 2]
    assert table.loc[("a", 2024), "note"] == "taille déclarée : 3 ; taux inconnu"
    assert "de 1 à 5" in table.loc[("a", 2030), "note"]
    assert table.loc[("b", 2024), "note"] == "population et date de signature à remplir dans cpts/cpts"
    assert table.loc[("c", 2024), "note"] == "absente du tableau cpts/cpts"
    assert pd.isna(table.loc[("b", 2024), "lower"])
    shown = aci.package_table(table.reset_index(), "Thèse AURA 2022")
    assert "CPTS a" in shown.html
    assert ">2024<" in shown.html, "une année n'a pas de milliers"


def test_the_last_year_of_each_cpts_of_the_package_is_the_first_sentence(package):
    said = aci.package_sentence(aci.of_package("aura2022", Study(package)), "aura2022")
    assert said.startswith("Avec les missions et les taux de votre paquet (barème : Thèse AURA 2022)")
    assert "CPTS a, de 152" in said.replace("\u202f", " ")
    assert "en 2024 (taille 2)" in said
    assert "CPTS b" not in said, "sans population ni signature, rien n'est dit d'elle"
    assert said.replace("\u00a0", " ").endswith("2 CPTS n'ont pas de montant : le tableau dit pourquoi.")


def test_a_cpts_without_missions_and_a_range_say_why(package):
    folder = Path(package)
    known = folder / "cpts" / "cpts.csv"
    rows = pd.read_csv(known, dtype=object)
    more = {"name_fr": "CPTS d", "cpts": "d", "aci_date": "2023-01-01", "population": "200000"}
    idle = {"cpts": "e", "name_fr": "CPTS e"}
    pd.concat([rows, pd.DataFrame([more, idle])]).to_csv(known, index=False)
    asked = folder / "cpts" / "missions.csv"
    one = {"cpts": "d", "mission": "prevention", "year": "2024", "fixed_rate": "1", "variable_rate": "1"}
    pd.concat([pd.read_csv(asked, dtype=object), pd.DataFrame([one])]).to_csv(asked, index=False)
    table = aci.of_package("aura2022", Study(package))
    told = table.set_index("cpts")["note"]
    assert told["d"] == "nombre d'adhérents inconnu"
    assert told["e"] == "aucune mission dans cpts/missions"
    assert (
        told[table.set_index("cpts")["said"].notna() & (told.index == "a")].iloc[0].endswith("taux inconnu")
    )
    html = aci.package_table(table, "Thèse AURA 2022").html
    assert ">2024<" in html
    assert "donnée manquante" not in html


def test_the_headline_says_what_it_supposes():
    case = aci.case("aura2022", PROJECT, population=0, year_of_contract=1, missions=["prevention"], fixed_rates=1.0,
                    variable_rates=0.7, signed_on="2022-06-01", members=None)  # fmt: skip
    found = aci.simulate(case.population, scale="aura2022", study=PROJECT, **case.settings)
    said = aci.summary_sentence(found, case.population, 1, "aura2022", assumed=case.assumed())
    said = said.replace("\u202f", " ").replace("\u00a0", " ")
    assert "(taille 2), avec 1 mission, la part fixe à 100 % et la part variable à 70 %, recevrait" in said
    unknown = replace(case, settings={**case.settings, "variable_rates": {"prevention": 0.5}})
    assert unknown.assumed() == ""


def test_a_range_is_not_said_to_come_from_the_results_alone():
    options = {"year_of_contract": 1, "missions": ["prevention"], "fixed_rates": 1.0, "study": PROJECT}
    two = aci.by_rate("aura2022", 60_000, signed_on="2022-06-01", **options)
    assert aci.rate_caption(two).endswith("selon la part variable obtenue et ce qui n'est pas fixé")
    one = aci.by_rate("aura2022", 60_000, signed_on="2022-06-01", **(options | {"year_of_contract": 2}))
    assert aci.rate_caption(one).endswith("selon la part variable obtenue")


def test_a_package_without_missions_leaves_its_section_out():
    table = aci.of_package("aura2022", PROJECT)
    assert table.empty
    assert aci.package_table(table, "x").html == ""
    assert aci.package_sentence(table, "aura2022") == ""


def test_summary_counts_the_open_posts():
    exact = aci.simulate(
        60_000, year_of_contract=2, missions=["prevention"], signed_on="2023-01-01", study=PROJECT
    )
    assert "tous les postes sont fixés" in aci.summary_sentence(exact, 60_000, 2, "aura2022")
    one = aci.simulate(
        60_000, year_of_contract=1, missions=["prevention"], signed_on="2023-01-01", study=PROJECT
    )
    assert "n'est pas fixé" in aci.summary_sentence(one, 60_000, 1, "aura2022")
    said = aci.in_french(one).set_index(["mission", "part"])["said"]
    assert said["Prévention", "part fixe"] == "de 0 à 15\u202f000"


def test_curves_cut_at_breaks_and_say_their_ends():
    data = pd.DataFrame({"x": [1, 2, 3, 4], "y": [4.0, 3, 5, 4], "s": "a", "cut": [1, 1, 2, 2]})
    drawn = figures.curves(
        data, "Essai", x="x", y="y", series="s", x_title="rang", unit="€", breaks="cut", bounds={3: "trois"}, here=2,
        here_label="ici",
    )  # fmt: skip
    axes = drawn.canvas.axes[0]
    assert [list(line.get_xdata()) for line in axes.lines[:2]] == [[1, 2], [3, 4]]
    for said in ("a\u00a0: 4,00 à 1, 4,00 à 4", "trois", "ici, 2"):
        assert said in drawn.alt
    assert drawn.png().startswith(b"\x89PNG")
    with pytest.raises(NotComputable, match="aucune donnée"):
        figures.curves(
            data.assign(y=float("nan")), "Vide", x="x", y="y", series="s", x_title="rang", unit="€"
        )
