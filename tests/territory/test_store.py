"""National store: rows of the communes asked for and no others, editions carried by the files, absences with their remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from helpers import catalog
from helpers.errors import DataError, UnknownName
from helpers.pipeline import cache
from helpers.territory import communes, downloads, store

HASH = "ab" * 32


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    return tmp_path / "official"


@pytest.fixture(scope="module")
def apl():
    """An APL of every commune of today, two years, drawn."""
    units = communes.units()
    codes = units.index[units["kind"] == "commune"].to_numpy()
    draw = np.random.default_rng(18)
    parts = [
        pd.DataFrame(
            {
                "commune": draw.permutation(codes), "profession": "generalistes", "year": year,
                "apl": draw.gamma(4, 1, len(codes)), "apl_65": draw.gamma(4, 1, len(codes)),
                "standardised_population": draw.gamma(2, 500, len(codes)), "population": draw.integers(1, 5000, len(codes)),
            }
        )
        for year in (2023, 2024)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_nothing_here_is_told_with_the_command_that_brings_it(place):
    assert not store.here("apl")
    assert store.of_communes(["35238"], "apl").empty
    assert store.state("apl-infirmiers") == store.ABSENT
    assert "« cpts get apl »" in store.advice("apl")
    with pytest.raises(UnknownName, match="apl"):
        store.of_communes(["35238"], "apI")
    with pytest.raises(UnknownName, match="finess"):
        store.path("fines")


def test_the_communes_asked_for_come_back_as_they_were(place, apl):
    store.write("apl-generalistes", apl, name="2024", sha256=HASH)
    asked = ["45234", "45075", "99999"]
    found = store.of_communes(asked, "apl")
    expected = apl[apl["commune"].isin(asked)].sort_values("commune", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    last = store.of_communes(asked, "apl", last=True, columns=["commune", "apl"])
    assert list(last) == ["commune", "apl"]
    assert len(last) == 2
    assert store.of_communes([], "apl").empty
    assert len(store.of_communes(None, "apl", last=True)) == len(apl) // 2
    assert store.here("apl")
    assert store.advice("apl") == ""
    assert store.editions().iloc[0].tolist()[2:] == ["apl", "2024", HASH[:12]]


def test_a_perimeter_reads_few_groups_of_rows(place, apl):
    store.write("apl-generalistes", apl, name="2024", sha256=HASH)
    foot = pq.ParquetFile(store.path("apl-generalistes")).metadata
    bounds = [foot.row_group(group).column(0).statistics for group in range(foot.num_row_groups)]
    loiret = [code for code in communes.units().index if code.startswith("45")][:16]
    touched = sum(bound.min <= max(loiret) and min(loiret) <= bound.max for bound in bounds)
    assert foot.num_row_groups > 10
    assert touched <= 2


def test_sources_of_several_files_are_read_together(place, apl):
    store.write("apl-generalistes", apl, name="2024", sha256=HASH)
    nurses = apl.assign(profession="infirmiers", apl_65=np.nan)
    store.write("apl-infirmiers", nurses[nurses["year"] == 2023], name="2023", sha256=HASH)
    last = store.of_communes(["35238"], "apl", last=True)
    assert dict(zip(last["profession"], last["year"], strict=True)) == {
        "generalistes": 2024,
        "infirmiers": 2023,
    }


def test_a_report_depends_on_the_edition_and_hash_alone(place, apl, monkeypatch):
    store.write("apl-generalistes", apl, name="2024", sha256=HASH)
    seen = {}
    monkeypatch.setattr(
        catalog, "record_read", lambda folder, name, state: seen.update({(folder, name): state})
    )
    store.of_communes(["35238"], "apl")
    assert seen[store.READS, "apl-generalistes"] == f"2024 {HASH}"
    assert seen[store.READS, "apl-infirmiers"] == store.ABSENT
    assert cache.table_digest(store.READS, "apl-generalistes") == f"2024 {HASH}"


def test_a_damaged_store_is_one_sentence(place, apl):
    store.write("apl-generalistes", apl, name="2024", sha256=HASH)
    whole = store.path("apl-generalistes").read_bytes()
    for content in (whole[:1000], b"", b"PAR1" * 10, whole[:-4] + b"xxxx"):
        store.path("apl-generalistes").write_bytes(content)
        assert store.state("apl-generalistes") == store.ABSENT
    # The foot is whole, a group of rows is not.
    store.path("apl-generalistes").write_bytes(whole[:200] + b"\0" * 20_000 + whole[20_200:])
    with pytest.raises(DataError, match="cpts get apl-generalistes"):
        store.of_communes(None, "apl")
