"""What a file of the barometer says twice or not at all is refused, and rows without anything are left out."""

from __future__ import annotations

import pytest

from helpers.errors import DataError
from helpers.intake.official import barometre

HEAD = "indic_id,enforce_zone_id,metric_enforce_date,maille,indic_vi,indic_va,indic_vc,indic_ta\n"
KNOWN = "IND-589,D01,2023-10-01,DEPT,,66.0,,\n"


def parsed(folder, rows):
    path = folder / "ind-589.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return barometre.parse(path, "IND-589")


def test_a_place_without_any_value_has_no_date(tmp_path):
    # As the file of the service d'accès aux soins writes Mayotte.
    assert parsed(tmp_path, KNOWN + "IND-589,D976,,DEPT,,,,\n")["code"].tolist() == ["01"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("IND-589,D02,01/10/2023,DEPT,,66.0,,", "ligne 3, colonne « metric_enforce_date » : « 01/10/2023 »"),
        ("IND-589,D02,,DEPT,45.0,,,", "ligne 3, colonne « metric_enforce_date » : «  » n'est pas une date"),
        ("IND-589,D01,2023-10-01,DEPT,,67.0,,", "ligne 3 : ce lieu et cette date ont déjà une valeur"),
        ("IND-589,D02,2023-10-01,DEPT,,inf,,", "ligne 3, colonne « indic_va » : « inf » n'est pas un nombre"),
    ],
)
def test_a_row_that_would_be_lost_or_counted_twice(tmp_path, row, sentence):
    with pytest.raises(DataError, match=sentence):
        parsed(tmp_path, KNOWN + row + "\n")
