"""What users write, read as a territory: every doubt is a remark, every fault one sentence."""

from __future__ import annotations

import pytest

from helpers.errors import DataError, UsageError
from helpers.territory import communes, places

REDON = "243500741"


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        (["35236.0", "2a004", "1004"], {"35236", "2A004", "01004"}),
        (["Orléans", "combleux"], {"45234", "45100"}),
        (["45100 Combleux"], {"45100"}),
        (["St Denis de Gastines", "l'ile d'yeu"], {"53211", "85113"}),
        (["35236", "35236"], {"35236"}),
        (["93059"], {"93066"}),
        (["Saint-Denis (93)", "35236 Redon (35)", "Ajaccio (2a)"], {"93066", "35236", "2A004"}),
    ],
)
def test_ways_of_writing_a_commune(items, codes):
    assert set(places.resolve(items).codes) == codes


@pytest.mark.parametrize("written", [REDON, "CA Redon Agglomération", "redon agglomération"])
def test_an_epci_by_siren_or_name(written):
    place = places.resolve([written])
    assert (len(place.codes), place.name_fr) == (31, "CA Redon Agglomération")
    listed = places.resolve(places.resolve([REDON]).codes[::-1])
    assert listed.codes == place.codes


def test_an_ept_of_the_grand_paris():
    assert len(places.resolve(["200057867"]).codes) == 8


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], "liste des communes est vide"),
        (["  "], "liste des communes est vide"),
        (["45000", "45100", "45140"], "semblent être des codes postaux"),
        (["45000"], r"code postal, non un code INSEE : écrivez Orléans \(45234\)"),
        (["45100 Orléans"], r"de Combleux .c'est aussi un code postal., et non de « Orléans » ; Orléans a le code 45234"),
        (["Saint-Aubin"], r"10 communes s'appellent « Saint-Aubin ».*ou donnez le département"),
        (["Orleens"], "Vouliez-vous dire « Orléans »"),
        *((code, "collectivité d'outre-mer") for code in (["98818"], ["97502"], ["97701"], ["97801"], ["98735"])),
        (["99999"], "n'est le code INSEE d'aucune commune"),
        (["35999 Redon"], "d'aucune commune.* ; Redon a le code 35236"),
        (["35600"], r"est un code postal, non un code INSEE : écrivez .*Redon \(35236\)"),
        (["35"], "« 35 » est un code de département"),
        (["2a"], "« 2a » est un code de département"),
        (["123456789"], "SIREN d'aucun EPCI"),
        (["200054781"], "130 communes et 7,1 millions"),
        (["75056", "75101"], "entière et par arrondissement"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(items, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        places.resolve(items)
    # A code is never answered by one whose digits look alike.
    assert "99" not in str(caught.value).replace("99999", "").replace("35999", "")


def test_a_name_is_looked_for_in_the_departments_given():
    assert places.resolve(["Saint-Aubin"], departments=["47"]).codes == ("47230",)
    with pytest.raises(DataError, match="dans 35"):
        places.resolve(["Orléans"], departments=["35"])


@pytest.mark.parametrize(
    ("items", "remark"),
    [
        (["93059"], "n'est plus une commune : Saint-Denis"),
        (["35236", REDON], "donnée deux fois"),
        (["45100", "45234"], "Lu comme code INSEE, et non comme code postal : 45100, Combleux"),
        (["35236", "45234"], "en 2 morceaux"),
        (["75056"], "est-ce bien une CPTS"),
        (["97608"], "recensement de 2017"),
    ],
)
def test_doubts_are_told(items, remark):
    assert remark in " ".join(places.resolve(items).remarks)


def test_no_epci_written_by_its_codes_is_taken_for_postcodes():
    units = communes.units()
    whole = units[units["kind"] == "commune"].groupby("epci")["code"].agg(list)
    assert [siren for siren, codes in whole.items() if places.mostly_postcodes(codes)] == []


def test_what_was_read_is_given_back_by_name():
    table = places.told(places.resolve([REDON]))
    assert table.loc[0, ["code", "name", "department", "population"]].tolist() == [
        "35236",
        "Redon",
        "35",
        9542,
    ]
    assert places.of_department("23").name_fr == "Creuse"
    with pytest.raises(UsageError, match="code de département"):
        places.of_department("99")
    # Not only where a name is looked for: a code typed beside it would hide that it was not read.
    with pytest.raises(UsageError, match="« 99 » n'est pas un code de département"):
        places.resolve(["35236"], departments=["99"])
    assert places.resolve(["Redon"], departments=["35 "]).codes == ("35236",)
