"""Lainé's system: steps and actors, levers, recommendations, who says what; the codebook of the AURA interviews."""

from __future__ import annotations

from helpers.articulation import support
from tests.project import PROJECT


def test_steps_give_each_side_its_strongest_part():
    table = support.steps(PROJECT).set_index("Étape")
    assert len(table) == 9
    assert set(table.to_numpy().ravel()) <= set(support.PARTS)
    # Line 445: the contract is signed by three; line 443: the ARS validates, the MSA gives an opinion.
    assert table.loc["Négociation, signature à trois"].tolist()[:3] == [support.DECIDES] * 3
    assert table.loc["Avis puis validation", ["ARS", "MSA"]].tolist() == [support.DECIDES, support.ADVISES]
    known = {actor for actors in support._SIDES.values() for actor in actors}
    assert set(PROJECT.table("laine2021/step_actors")["actor"]) <= known


def test_the_102_references_are_all_counted_and_the_silent_interviews_named():
    for table in (
        support.citations_by_dimension(PROJECT), support.citations_by_voice(PROJECT), support.citations_by_theme(PROJECT),
    ):  # fmt: skip
        assert table["Renvois"].sum() == 102
    assert support.citations_by_voice(PROJECT)["Entretiens cités"].tolist() == [
        "6 sur 8", "1 sur 1", "4 sur 4", "2 sur 2",
    ]  # fmt: skip
    told = support.sentence(PROJECT).replace("\u00a0", " ")
    assert "13 de ses 15 entretiens ; les entretiens 14 et 15 ne le sont jamais" in told
    assert len(support.transcript(PROJECT)) == len(PROJECT.table("laine2021/transcript_codings"))


def test_nine_recommendations_and_the_levers_of_two_institutions():
    assert len(support.recommendations(PROJECT)) == 9
    levers = support.levers(PROJECT)
    assert set(levers) == {"Levier", "ARS", "Assurance maladie"}
    assert levers.notna().all(axis=None)
    assert support.services(PROJECT)["does"].str.len().gt(1).all()


def test_the_codebook_of_the_aura_interviews_is_one():
    book, categories = PROJECT.table("aura2022/codebook"), PROJECT.table("aura2022/categories")
    assert set(book["category"]) == set(categories["category"])
    assert 25 <= len(categories) <= 35
    assert categories["definition_fr"].str.len().gt(15).all()
    table = support.aura_codes(PROJECT)
    # Before: 185 labels of 231 used once; now nearly every code is carried by two CPTS at least.
    assert (table["CPTS (sur 16)"] >= 2).sum() >= len(table) - 3
    assert table["Intitulés réunis"].sum() == len(book)


def test_every_aura_cpts_has_a_brake_or_a_lever():
    said = PROJECT.table("aura2022/coded_statements")
    own = said[said["domain"].isin(["frein", "levier"])]
    assert own["cpts"].nunique() == 16
