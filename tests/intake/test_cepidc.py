"""The export of the CépiDc: rates without counts enter a package, and what is not of the layout is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import DataError, NotComputable, UnknownName
from helpers.intake.deposit import deposit
from helpers.intake.official import cepidc
from helpers.intake.starting import new
from helpers.methods import rates
from helpers.methods.standards import standard_population

HEAD = "annee,departement,sexe,cause,indicateur,valeur\n"
RATE = "Taux standardisé de mortalité par âge et sexe pour 100 000 habitants"
ROWS = [
    f"{year},{place},Tous sexes,Toutes causes,{RATE},{value}"
    for place, values in (("1", (1076.1, 1007.6)), ("2A", (903.2, 911.0)))
    for year, value in zip((2010, 2011), values, strict=True)
]


def written(folder, rows=ROWS, head=HEAD):
    path = folder / "toutes_causes.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_rates_enter_with_their_base_and_without_counts(tmp_path):
    tables = cepidc.load(written(tmp_path))
    definition = tables[cepidc.DEFINITIONS].iloc[0]
    assert (definition["kind"], definition["per"], definition["direction"]) == ("taux", 100_000, "baisse")
    assert definition["indicator"] == "deces_std_toutes_causes_tous_s"
    values = tables[cepidc.VALUES]
    assert values["territory"].tolist() == ["departement-01"] * 2 + ["departement-2A"] * 2
    assert values["value"].tolist() == [1076.1, 1007.6, 903.2, 911.0]
    assert "numerator" not in values
    package = tmp_path / "paquet"
    new(package)
    assert any("4" in sentence for sentence in deposit(tables, package))


def test_only_what_is_asked_for(tmp_path):
    kept = cepidc.load(written(tmp_path), departments=["2A"], years=[2011])[cepidc.VALUES]
    assert kept[["territory", "period_end"]].to_numpy().tolist() == [["departement-2A", "2011-12-31"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"20x1,01,Tous sexes,Toutes causes,{RATE},1", "n'est pas une année"),
        (f"2011,99,Tous sexes,Toutes causes,{RATE},1", "n'est pas un code de département"),
        ("2011,01,Tous sexes,Toutes causes,Taux,1", "ne dit pas sa base"),
        (f"2011,01,Tous sexes,Toutes causes,{RATE},beaucoup", "beaucoup"),
        (ROWS[0], "deux lignes pour Toutes causes"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, row, said):
    with pytest.raises(DataError, match=said):
        cepidc.load(written(tmp_path, [*ROWS, row]))


def test_another_file_is_refused(tmp_path):
    with pytest.raises(DataError):
        cepidc.load(written(tmp_path, ["1,2"], "a,b\n"))


def test_the_european_standard_of_2013_sums_to_its_hundred_thousand():
    assert standard_population([0]).tolist() == [100_000]
    assert standard_population([0, 15, 65]).tolist() == [16_000, 64_500, 19_500]
    whole = standard_population(range(0, 95, 5))
    assert (len(whole), whole[-1]) == (19, 1000)
    # A constant rate by age is the standardised one, whatever the standard.
    table = rates.directly_standardised_rate(
        [20, 40, 60], [2000, 4000, 6000], standard_population([0, 15, 65]), per=100
    )
    assert table["value"].iloc[0] == pytest.approx(1)
    for ages, error in (([0, 7], NotComputable), ([5, 10], NotComputable), ([0, 10, 5], NotComputable)):
        with pytest.raises(error):
            standard_population(ages)
    with pytest.raises(UnknownName):
        standard_population([0], standard="who")


def test_the_table_keeps_its_source():
    assert pd.Series(standard_population(range(0, 95, 5))).max() == 7000
