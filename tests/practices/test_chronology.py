"""Dated events of the thesis: all of them, in order, as precise as they are known."""

from __future__ import annotations

from helpers.practices import chronology, pharmacist
from tests.project import PROJECT


def test_every_event_is_shown_once_in_order_of_date():
    table, shown = PROJECT.table(chronology.TIMELINE), chronology.events(PROJECT)
    assert sorted(shown["line"].astype(int)) == sorted(table["line"])
    assert shown["date"].iloc[0].replace("\u00a0", " ") == "1er juillet 1901"
    assert shown.set_index("label_fr").loc["Période des entretiens", "date"].replace("\u00a0", " ") == (
        "novembre 2021 à octobre 2022"
    )


def test_the_figure_holds_the_events_of_the_cpts_and_no_other():
    table, steps = PROJECT.table(chronology.TIMELINE), chronology.steps(PROJECT)
    own = table[table["scope"].str.startswith("CPTS")]
    assert len(steps) == len(own)
    assert steps["stage"].nunique() == 2
    assert steps["name"].drop_duplicates().tolist() == sorted(
        set(own["scope"]), key=lambda code: int(code[4:])
    )


def test_every_protocol_is_shown_and_the_others_are_counted():
    shown, table = pharmacist.protocols(PROJECT), PROJECT.table(pharmacist.PROTOCOLS)
    assert sorted(shown["line"].astype(int)) == sorted(table["line"])
    assert set(shown.loc[shown["held"] == "oui", "topic"]) == {
        "Cystite", "TROD angine", "Iatrogénie", "Rhinite", "Ostéoporose", "Odynophagie", "Éruption",
    }  # fmt: skip
    # By hand on the table: 13 local protocols that are not of the pharmacist, 9 of them at work.
    other = table[(table["scope"] != "national") & ~table["topic"].isin(pharmacist.OF_THE_PHARMACIST)]
    assert f"{len(other)} autres protocoles locaux" in pharmacist.protocols_sentence(PROJECT).replace(
        "\u00a0", " "
    )
    assert f"dont {(other['status'] == 'actif').sum()} en service" in pharmacist.protocols_sentence(PROJECT)
