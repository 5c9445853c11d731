"""The forty-two testimonies: the value retained for each, counted by role and section, never a degree for a wish."""

from __future__ import annotations

from helpers.articulation import testimonies
from tests.project import PROJECT

SETTLED = testimonies.settled(PROJECT)
CODINGS = PROJECT.table("coding/testimony_codings")


def test_testimonies_by_role_are_those_of_the_text():
    # 20 CLS, 12 CPTS, 5 agents, 2 health officers, 1 CLS/CLSM, 2 without role: 42 quotes, counted by hand in the text.
    roles = testimonies.by_role(SETTLED).set_index("Qui parle")["Ensemble"]
    assert roles.tolist() == [20, 12, 5, 2, 2, 1]
    sections = testimonies.by_section(SETTLED)
    assert sections["Ensemble"].sum() == 42
    assert sections["Section"].iloc[0] == "Accès aux soins"


def test_a_wish_has_no_degree_and_an_absence_has_degree_nought():
    wished = SETTLED[SETTLED["state"].isin(["prevu", "souhaite"]) | (SETTLED["valence"] == "P")]
    assert wished["level"].isna().all()
    assert set(SETTLED.loc[SETTLED["level"] == 0, "state"]) == {"absent", "refuse"}
    assert set(SETTLED.loc[SETTLED["level"] > 0, "state"]) == {"en_oeuvre"}
    # A wish (T39), projects shown in an instance (T42), a shared office (T41).
    level = SETTLED.set_index("testimony")["level"].astype("string").fillna("")
    assert level[["T39", "T42", "T41"]].tolist() == ["", "1", "5"]


def test_the_retained_value_is_that_of_the_links_of_the_same_testimonies():
    links = PROJECT.table("coding/dts_links").query("document == 'fabrique2022'").set_index("evidence")
    # The state of a testimony is that of a link with a DTS or a local authority: houses of health are told apart.
    links = links[links["to_kind"].isin(["cls", "clsm", "asv", "dts", "collectivite"])]
    for row in SETTLED[SETTLED["testimony"].isin(links.index)].itertuples():
        link = links.loc[row.testimony]
        for mine, theirs in ((row.state, link["state"]), (row.level, link["degree"])):
            assert str(mine).replace("<NA>", "nan") == str(theirs).replace("<NA>", "nan"), row.testimony


def test_every_change_to_the_first_reading_says_why():
    first = CODINGS[CODINGS["coder"] == 1].set_index("testimony").loc[SETTLED["testimony"]].reset_index()
    columns = ["valence", "level", "phase"]
    same = (first[columns].astype("string").fillna("") == SETTLED[columns].astype("string").fillna("")).all(
        axis=1
    )
    assert SETTLED.loc[~same, "note"].notna().all()
    assert SETTLED.loc[same, "note"].isna().all()
    assert {"T18", "T22", "T27", "T31", "T35", "T36", "T37", "T39", "T42"} <= set(
        SETTLED.loc[~same, "testimony"]
    )


def test_the_sentences_say_who_speaks_and_that_no_person_coded():
    told = testimonies.sentence(SETTLED).replace("\u00a0", " ")
    assert told.startswith("Les 42 témoignages de la Fabrique disent 23 leviers")
    assert told.endswith("aucune coordination n'y parle pour un ASV.")
    changed = testimonies.changed_sentence(SETTLED, CODINGS)
    assert "aucune personne" in changed
    assert "18 témoignages sur 42" in changed.replace("\u00a0", " ")
    listed = testimonies.listed(SETTLED)
    assert len(listed) == 42
    assert listed.notna().all(axis=None)
