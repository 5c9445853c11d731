"""Official files in the diagnosis: the census and the RPPS of a territory, beside the same rows of what it is compared with."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.territory import communes, diagnosis, downloads, places, store, todays
from helpers.territory.diagnosis import national, shown, telling
from tests.project import PROJECT
from tests.territory.test_access import sheet

HASH = "ab" * 32
REDON = places.resolve(["243500741"])


def census(codes):
    """A dossier complet of these communes, drawn, with the years of its two parts."""
    draw = np.random.default_rng(5)
    known = pd.DataFrame({"commune": list(codes)}).assign(year=2022, vital_year=2024, source="INSEE")
    for column in PROJECT.table("open/dossier_columns")["column"]:
        known[column] = draw.integers(100, 1000, len(known)).astype(float)
    return known


def practice(rows):
    known = pd.DataFrame(rows, columns=["commune", "profession", "share"])
    return known.assign(
        mode="tous", profession_fr="", persons=1, activities=1, extracted=pd.Timestamp("2026-05-12"), source="ANS"
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    units = communes.units()
    return census(units.loc[units["kind"] == "commune", "code"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, whole):
    """A store with a dossier complet and a RPPS of the country."""
    place = tmp_path_factory.mktemp("external")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(downloads.PLACE, str(place))
        codes = whole["commune"]
        rows = [(code, "10-MG", 0.5) for code in codes[:20_000]] + [(code, "60", 2.0) for code in REDON.codes]
        for file, table in (("insee-dossier", whole), ("rpps", practice(rows))):
            store.write(file, table, name="2026-05-12", sha256=HASH)
            national.write(file, table)
    return place


@pytest.fixture
def stored(folder, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(folder))
    return diagnosis.of(REDON, PROJECT)


def test_the_census_of_a_territory_is_a_ratio_of_sums_beside_the_country(stored, whole):
    own = whole[whole["commune"].isin(REDON.codes)]
    assert stored.value("unemployment") == pytest.approx(
        100 * own["unemployed"].sum() / own["labour_force"].sum()
    )
    assert stored.value("aged_75") == pytest.approx(
        100 * (own["age_75_89"] + own["age_90_plus"]).sum() / own["population"].sum()
    )
    country = whole[~whole["commune"].str.startswith("976")]
    carless = (country["households"] - country["households_with_car"]).sum()
    assert stored.value("no_car", national.WHOLE) == pytest.approx(
        100 * carless / country["households"].sum()
    )
    inside = whole[whole["commune"].str.startswith("35")]
    assert stored.value("workers", ("departement", "35")) == pytest.approx(
        100 * inside["workers"].sum() / inside["adults"].sum()
    )
    rows = stored.rows[stored.rows["source"] == "insee-dossier"]
    assert set(rows["period"]) == {"2022", "2024"}
    assert set(rows["level"]) == {"territoire", "departement", "region", "france"}


def test_professionals_are_shared_and_an_unknown_profession_is_no_zero(stored):
    people = communes.perimeter(REDON.codes)["population_2023"].astype(float).sum()
    assert stored.value("rpps_infirmiers") == pytest.approx(100_000 * 2 * len(REDON.codes) / people)
    line = shown.care_table(stored).data.set_index("indicator").loc["Infirmiers en exercice"]
    assert line["period"] == "12\u00a0mai\u00a02026"
    # Nobody is told to be a midwife anywhere in this file.
    assert "rpps_sages_femmes" not in set(stored.rows["code"])
    assert stored.value("rpps_infirmiers", ("departement", "35")) < stored.value("rpps_infirmiers")
    assert stored.rows["covered"].notna().all()


def test_sources_say_the_edition_and_hash_of_what_was_fetched(stored):
    table = telling.sources_of(stored).set_index("source")
    for source in ("insee-dossier", "rpps"):
        assert table.loc[source, "here"]
        assert table.loc[source, ["stored", "sha256"]].tolist() == ["2026-05-12", HASH[:12]]
    assert {"insee-dossier", "rpps"}.isdisjoint(
        set(shown.missing(stored).data["brought_by"].str.removeprefix("cpts get "))
    )


def test_references_kept_beside_a_file_are_those_that_are_made_again(stored, monkeypatch):
    keys = [("departement", "35"), ("region", "53"), national.WHOLE]
    ready, version = national.of("insee-dossier", keys), national.VERSION
    monkeypatch.setattr(national, "VERSION", "0")
    again = national.of("insee-dossier", keys)
    order = ["code", "level"]
    pd.testing.assert_frame_equal(
        ready.sort_values(order, ignore_index=True), again.sort_values(order, ignore_index=True)
    )
    monkeypatch.setattr(national, "made", lambda *_, **__: pytest.fail("made again"))
    monkeypatch.setattr(national, "VERSION", version)
    assert len(national.of("rpps", keys))


def test_the_rows_of_an_epci_made_with_all_the_others_are_those_made_alone(folder, tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(shutil.copytree(folder, tmp_path / "external")))
    around = [*REDON.codes, "44109", "75101", "35238"]
    kinds = pd.DataFrame(
        {"category": ["620", "603", "355"], "category_fr": ["Pharmacie", "Maison", "Hôpital"]}
    )
    beds = pd.DataFrame({"commune": around[::3]}).merge(kinds, how="cross").drop(index=0)
    beds = beds.assign(
        finess=range(len(beds)), name_fr="X", opened=pd.NaT, extracted=pd.Timestamp("2026-05-12")
    )
    apl = sheet([(code, 1.0 + rank / 7, 90.5 + rank, 100 + rank) for rank, code in enumerate(around[2:])])
    for file, table in (("finess", beds), ("apl-generalistes", apl)):
        store.write(file, table, name="2026-05-12", sha256=HASH)
        national.write(file, table)
    place = replace(REDON, name_fr="Chez nous")
    alone = diagnosis.of(place, PROJECT)
    assert national.of_epci(REDON.codes) is None
    national.write_missing()
    assert set(national.of_epci(REDON.codes)["source"]) == {"apl", "finess", "insee-dossier", "rpps"}
    together = diagnosis.of(place, PROJECT)
    pd.testing.assert_frame_equal(together.rows, alone.rows, check_exact=True)
    pd.testing.assert_frame_equal(together.establishments, alone.establishments)
    assert together.found == alone.found
    # Another limit is another count of people, and a part of an EPCI is no EPCI.
    other = [
        diagnosis.of(place, PROJECT, threshold=limit).value("apl_generalistes_under") for limit in (2.5, 3.5)
    ]
    assert other[0] == alone.value("apl_generalistes_under") < other[1]
    assert national.of_epci(REDON.codes[1:]) is None
    # With another edition of one file they are those of none.
    store.write("finess", beds, name="2026-07-12", sha256="cd" * 32)
    assert national.of_epci(REDON.codes) is None
    national.write_missing()
    assert len(national.of_epci(REDON.codes))
    store.path(store.EPCI).write_bytes(b"not a Parquet")
    assert national.of_epci(REDON.codes) is None


def test_a_profession_that_the_territory_has_not_is_a_zero_like_that_of_its_region(folder, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(folder))
    # A neighbour of Redon: its general practitioners are in the file, and no nurse.
    near = places.resolve(["35051", "35238"])
    made = diagnosis.of(near, PROJECT)
    assert made.value("rpps_generalistes") > 0
    assert made.value("rpps_infirmiers") == 0
    nurses = made.rows[(made.rows["code"] == "rpps_infirmiers") & (made.rows["level"] == "territoire")]
    assert nurses["denominator"].tolist() == [communes.perimeter(near.codes)["population_2023"].sum()]
    assert "rpps_sages_femmes" not in set(made.rows["code"])


def test_few_deaths_are_not_told():
    codes = REDON.codes[:2]
    table = census(codes).assign(deaths=[4.0, 6.0], births=[20.0, 0.0])
    rows = diagnosis.care.measured(
        "insee-dossier", table, {"": ("ici", codes)}, level="territoire", threshold=2.5
    ).set_index("code")
    assert pd.isna(rows.loc["deaths", "value"])
    assert rows.loc["deaths", "note"] == "non donné : moins de 11"
    assert rows.loc["births", "numerator"] == 20


def test_merged_communes_are_added_up_cities_opened_and_split_communes_told_together():
    group = communes.splits().iloc[0]
    former = communes.former()
    merged = former.index[(former["commune"] == "01033") & (former.index != "01033")][0]
    districts = [f"751{rank:02}" for rank in range(1, 21)]
    table = census(["01033", merged, *districts, group["code"]])
    figures, wholes, years = todays.dossier(table)
    counts = table.set_index("commune")["population"]
    assert figures.loc["01033", "population"] == counts["01033"] + counts[merged]
    assert figures.loc["75056", "population"] == counts[districts].sum()
    assert pd.isna(todays.dossier(table[table["commune"] != "75120"])[0].loc["75056", "population"])
    assert pd.isna(figures.loc[group["code"], "population"])
    assert wholes.set_index("code").loc[group["code"], "population"] == counts[group["code"]]
    assert years == {"recensement": "2022", "état civil": "2024"}
    hidden = todays.dossier(table.assign(population=[np.nan, *[1.0] * 22]))[0]
    assert pd.isna(hidden.loc["01033", "population"])


def test_people_of_a_city_count_whole_or_by_arrondissement():
    found, _, day = todays.practice(
        practice([("75101", "60", 3.0), ("75056", "60", 1.5), ("01033", "60", 1.0)])
    )
    assert found.loc[["75056", "75101", "75102"], "persons_60"].tolist() == [4.5, 3.0, 0.0]
    assert day == {"extraction": "12\u00a0mai 2026"}
