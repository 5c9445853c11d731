"""Themes of articulation across documents, and what the survey proposes and asks with the lines that bear on it."""

from __future__ import annotations

from helpers.articulation import proposals, themes
from helpers.material import crosswalk
from tests.conftest import ROOT
from tests.project import PROJECT


def test_every_code_of_a_link_testimony_and_statement_has_one_theme():
    members = PROJECT.table(themes.MEMBERS)
    for table, column in (
        ("coding/dts_links", "theme"), ("fabrique2022/testimonies", "theme"), ("fabrique2022/articulation_statements", "topic"),
    ):  # fmt: skip
        own = members.loc[members["table"] == table, "theme"]
        assert own.is_unique
        assert set(PROJECT.table(table)[column]) <= set(own), table
    assert set(members["group"]) == set(PROJECT.table(themes.THEMES)["group"])


def test_positions_are_those_of_the_lines():
    table = themes.positions(PROJECT).set_index("Thème")
    assert set(table.to_numpy().ravel()) <= set(themes.STATES)
    # Fabrique 2022, l. 104 and 232: places to be made clear, limits drawn by the ARS.
    assert table.loc["Périmètre et territoire", "Fabrique 2022"] == crosswalk.OBSTACLE
    # Miller 2022, l. 1485: settling hangs on premises of the town hall.
    assert table.loc["Attractivité, installation", "Miller 2022"] == crosswalk.OBSTACLE
    assert table.loc["Parcours, ville-hôpital, domicile", "Navinel 2020"] == crosswalk.LEVER


def test_verdicts_follow_the_rule_of_the_crosswalk():
    found = themes.verdicts(themes.positions(PROJECT))
    counted = found[list(themes.STATES)].sum(axis=1)
    assert (counted == 5).all()
    for row in found.to_dict("records"):
        split = row[crosswalk.OBSTACLE] and row[crosswalk.LEVER]
        speaking = row[crosswalk.OBSTACLE] + row[crosswalk.LEVER] + row[crosswalk.BOTH]
        expected = crosswalk.ALONE if speaking < 2 else crosswalk.DIVERGING if split else crosswalk.CONVERGING
        assert row["Verdict"] == expected
    told = themes.sentence(found)
    assert all(name in told for name in found.loc[found["Verdict"] == crosswalk.DIVERGING, "Thème"])


def test_every_proposal_and_question_is_told_with_its_evidence():
    piste, question = proposals.proposals(PROJECT), proposals.questions(PROJECT)
    assert (len(piste), len(question)) == (8, 14)
    assert piste["item"].str.startswith("P").all()
    assert piste.loc[5, "evidence"] == proposals.NONE
    assert "Miller 2022, l. 1810" in piste.loc[3, "evidence"]
    # What disagrees is said: it must not be read as support.
    assert "[dit le contraire] (AURA 2022, l. 4230)" in piste.loc[7, "evidence"]
    assert set(PROJECT.table(proposals.EVIDENCE)["document"]) <= {
        "miller2022",
        "laine2021",
        "navinel2020",
        "aura2022",
    }
    told = proposals.sentence(PROJECT)
    assert "de 7 pistes (rien sur « Garantir des moyens distincts ») et de 12 questions." in told


def test_each_line_of_evidence_is_a_line_of_its_document():
    folder = ROOT.parent / "shared" / "sources"
    names = {"miller2022": "000_", "laine2021": "001_", "aura2022": "002_", "navinel2020": "003_"}
    for key, own in PROJECT.table(proposals.EVIDENCE).groupby("document"):
        found = sorted(folder.glob(f"{names[key]}*.txt"))
        if found:
            text = found[0].read_text(encoding="utf-8").split("\n")
            assert all(text[line - 1].strip() for line in own["line"]), key
