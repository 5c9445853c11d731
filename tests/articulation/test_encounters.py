"""Who meets whom and at which degree: DTS in every picture, states respected, absences with their base."""

from __future__ import annotations

import pandas as pd

from helpers.articulation import degrees, encounters, links
from tests.project import PROJECT

LINKS = links.of_documents(PROJECT)
HEARD = encounters.heard(LINKS)
BASE = encounters.base(PROJECT)
CODED = degrees.with_degrees(LINKS)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_dts_are_in_every_picture_whatever_the_threshold():
    for minimum in (1, 6, 17):
        table = encounters.cited(HEARD, BASE, minimum=minimum)
        assert table["kind"].tolist()[:3] == ["cls", "clsm", "asv"]
    assert {"CLS", "CLSM", "ASV"} <= set(degrees.by_state(CODED)["Partenaire"])
    assert {"CLS", "CLSM", "ASV"} <= set(encounters.across(LINKS)["Partenaire"])
    assert {"CLS", "CLSM", "ASV"} <= set(encounters.matrix(HEARD)["Partenaire"])


def test_each_row_adds_up_to_the_cpts_heard():
    table = encounters.cited(HEARD, BASE)
    assert BASE == 16
    assert (table[list(encounters.STATES)].sum(axis=1) == 16).all()
    said = 16 - table.set_index("kind")[encounters.NOT_CITED]
    # Table VII of the thesis, and its lines 3477-3480: hospital 16, houses and teams 14.
    assert said[["hopital", "msp_esp", "ars", "assurance_maladie", "cls", "clsm", "asv"]].tolist() == [
        16, 14, 16, 16, 1, 0, 0,
    ]  # fmt: skip
    # EHPAD: the twelve of Table VII are all linked with the medico-social sector.
    printed = PROJECT.table("aura2022/establishments").query("kind == 'ehpad'")["cpts"]
    assert printed.nunique() == 12
    assert set(printed) <= set(HEARD.loc[HEARD["kind"] == "medico_social", "cpts"])


def test_the_best_state_of_a_cpts_counts_once():
    rows = pd.DataFrame(
        {
            "kind": ["cls", "cls", "cls", "sas", "sas"],
            "cpts": ["CPTS1", "CPTS1", "CPTS2", "CPTS1", "CPTS2"],
            "state": ["souhaite", "en_oeuvre", "refuse", pd.NA, "prevu"],
        }
    )
    table = encounters.cited(rows, 3).set_index("kind")
    assert table.loc["cls", list(encounters.STATES)].tolist() == [1, 0, 1, 0, 1]
    assert table.loc["sas", list(encounters.STATES)].tolist() == [0, 1, 0, 1, 1]


def test_the_answer_gives_each_dts_its_base():
    table = encounters.cited(HEARD, BASE, minimum=6)
    assert plain(encounters.sentence(table, BASE)) == (
        "Sur 16 CPTS entendues en Auvergne-Rhône-Alpes, 1 cite un CLS, aucune un CLSM et aucune un ASV ; les partenaires les "
        "plus cités sont ARS (16), Assurance maladie (16), Hôpital (16) et Maisons et équipes de soins (14). Ne pas être cité "
        "n'est pas être absent."
    )
    told = plain(encounters.presence_sentence(PROJECT.table("miller2022/dts_presence")))
    assert "un CLS sur le territoire de 3 (5 réponses imprimées)" in told
    # The monograph of A cites a CLSM; table 5 prints no answer about one.
    assert "un CLSM cité pour 1 (aucune réponse imprimée)" in told
    picture = plain(encounters.presence_caption(PROJECT.table("miller2022/dts_presence")))
    assert picture.endswith("un CLS pour 3, un CLSM cité pour 1 et un ASV pour 2")


def test_the_highest_degree_is_done_and_has_its_line():
    told = plain(degrees.highest_sentence(CODED))
    assert told.startswith("Le degré le plus étroit qui soit fait est 5 sur 5")
    assert "Fabrique 2022, l. 384" in told
    # Line 370 (a place in the government) is a wish, 388 an instance where projects are shown: neither has degree 5.
    high = degrees.with_dts(CODED)
    assert high.loc[high["degree"] == 5, "line"].tolist() == [384]
    assert not any(line in told for line in ("370", "388"))


def test_only_what_is_done_has_a_degree():
    wished = CODED[CODED["state"].isin(["prevu", "souhaite"])]
    assert wished["degree"].isna().all()
    table = degrees.by_state(CODED).set_index("Partenaire")
    assert int(table.to_numpy().sum()) == int(CODED["state"].notna().sum())
    assert int(table.loc["CLS", "5"]) == 1
    assert table.loc["ASV", "souhaité"] == 1
    lines = degrees.wished(CODED).to_string()
    assert "370" in lines
    assert "384" not in lines


def test_instruments_of_both_sides_are_all_the_links_with_a_degree():
    inside, outside = (degrees.instruments(part(CODED)) for part in (degrees.with_dts, degrees.without_dts))
    assert inside["Liens"].sum() + outside["Liens"].sum() == int(CODED["degree"].notna().sum())
    assert "bureau partagé (Fabrique 2022, l. 384)" in plain(inside.iloc[0, 2])
