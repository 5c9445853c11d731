# ruff: noqa: E501 - a case is read whole on its line
"""Each family: the right figure agrees, the wrong one does not, and what looks like it is left alone."""

from __future__ import annotations

import pytest

from helpers.rereading.findings import FAMILIES
from tests.rereading.making import reread, seen

SUMS = "Mission\t2022\t2023\t2024\nSoins\t40\t47\t{}\nParcours\t25\t30\t36\nPrévention\t12\t14\t19\nTotal\t77\t91\t120\n"
PARTS = "Part en %\tA\tB\tC\nCadres\t30,1%\t22,0%\t{}\nEmployés\t40,0%\t38,0%\t35,5%\nOuvriers\t29,9%\t40,0%\t20,0%\n"
DENSITY = (
    "\tA\tB\tC\tD\nPopulation\t57 482\t90 372\t105 926\t77 450\nÉtendue (km²)\t5\t2,89\t105\t629,5\n"
    "Densité (habitants par km²)\t11 473,5\t31 270,6\t1 008,5\t{}\n"
)
GRIM = "\tA\tB\tC\nNombre de médecins\t28\t60\t70\n% de médecins de plus de 60 ans\t50,0%\t{}\t44,3%\n"
PART = (
    "Métier\ttotal\t+ 60 ans\tdont + 65 ans\nMédecins\t28\t14\t8\nAutres\t10\t2\t{}\nInfirmiers\t25\t2\t0\n"
)
LIST = "Le projet suit {} étapes :\n\n- écrire la lettre\n- réunir les acteurs\n- signer le contrat\n"
HEADS = "".join(f"1.{a}. Titre\n\n1.{a}.1. Un\n\n1.{a}.2. Deux\n\n" for a in (1, 2, 3))
TABLES = "Tableau 1 : Financement\n\n\tTaille 1\tTaille 2\nFinancement total possible\t185\t242\n\nTexte.\n\nTableau 2 : Annexe\n\n\tTaille 1\tTaille 2\nFinancement total possible\t185\t{}\nAutre ligne\t1\t2\n"
ENTRETIENS = "Les entretiens ont eu lieu entre mars 2024 et {} 2024.\n\nEntretien\tDate\nPremier\tMars 2024\nDeuxième\tAvril 2024\nTroisième\tJuin 2024\n"
VOICES = "{} est un frein pour {}.\n\nM1 : « Oui. »\n\nM2 : « Certes. »\n\nM3 : « Bien sûr. »\n"
YES = "\tA\tB\tC\tD\nMobilisation d'un cabinet de conseil\tOui\tNon\tOui\t{}\n\nLe recours au cabinet de conseil concerne la moitié des cas.\n"

CASES = [
    ("A1", SUMS.format(65), SUMS.format(75)),
    ("A2", PARTS.format("44,5%"), PARTS.format("54,5%")),
    ("A3", DENSITY.format("123,0"), DENSITY.format("125,5")),
    ("A4", None, GRIM.format("58,0%")),
    ("A5", None, PART.format(3)),
    ("B1", "Le bureau compte 31 questions, dont 20 ici, 9 là et 2 ailleurs.", "Les 31 questions se répartissent en 20 ici, 9 là et 4 ailleurs."),
    ("B2", "Sur les 60 répondants, 35 (58,3 %) sont membres.", "Sur les 60 répondants, 35 (68,3 %) sont membres."),
    ("B2", "Une majorité, 54 sur 72, soit 75 %, est satisfaite.", "Une majorité, 54 sur 72, soit 85 %, est satisfaite."),
    ("B2", "Elle a répondu (54/72, 75,0 %).", "Elle a répondu (54/72, 57,0 %)."),
    ("B3", "Elle couvre 279 km² et 265 000 habitants, soit une densité de 950 habitants par km².", "Elle couvre 279 km² et 265 000 habitants, soit une densité de 850 habitants par km²."),
    ("B3", "Le budget passe de 400 à 300 euros, soit une baisse de 25 %.", "Le budget passe de 400 à 300 euros, soit une baisse de 33 %."),
    ("C1", LIST.format("trois"), LIST.format("quatre")),
    ("C2", "".join(f"CPTS{n} {n}0\n" for n in range(1, 9)) + "\nLes huit CPTS ont répondu.\n", "".join(f"CPTS{n} {n}0\n" for n in range(1, 9)) + "\nTexte qui sépare les deux listes.\n\n\n\n" + "".join(f"CPTS{n} {n}\n" for n in range(1, 8))),
    ("C3", "12 pages, 2 tableaux, 1 figure\n\nTableau 1 : Un\n\nTableau 2 : Deux\n\nFigure 1 : Un\n", "12 pages, 3 tableaux, 1 figure\n\nTableau 1 : Un\n\nTableau 2 : Deux\n\nFigure 1 : Un\n"),
    ("D1", "Figure 1 : Un\n\nComme le montre la figure 2, tout va.\n\nFigure 2 : Deux\n", "Figure 1 : Un\n\nFigure 1 : Deux\n"),
    ("D2", None, HEADS.replace("1.2.2.", "1.2.4.")),
    ("D3", None, "Un mot¹ puis deux², trois³ et quatre⁴, cinq⁵, six⁶.\n\n¹ Un.\n\n² Deux.\n\n³ Trois.\n\n⁵ Cinq.\n\n⁶ Six.\n"),
    ("D5", HEADS + "Il faut revenir au début (1.2.1.).\n", HEADS + "Il faut revenir au début (1.4.1.).\n"),
    ("E2", "La convention des pharmaciens est signée le 9 mars 2022 au niveau national.\n\nLa convention nationale des pharmaciens, signée le 9 mars 2022, change tout.", "La convention des pharmaciens est signée le 9 mars 2022 au niveau national.\n\nLa convention nationale des pharmaciens, signée le 7 mars 2022, change tout."),
    ("E3", None, "Thèse soutenue le 27/10/2022\n\nÀ la fin de l'année 2022, plus de 2 000 maisons étaient ouvertes."),
    ("E4", ENTRETIENS.format("juin"), ENTRETIENS.format("juillet")),
    ("F3", TABLES.format(242), TABLES.format(252)),
    ("H1", None, "CPTS Sud Plaine — CPTS3-T1-2022-S1 — signé\n\nCPTS Nord Plaine — CPTS3-T1-2022-S1 — signé\n"),
    ("H3", VOICES.format("M1, M2 et M3 disent que cela", "eux"), None),
    ("I1", None, "- [1-5]\n- [6-10]\n- [11-20]\n- [20-30]\n"),
    ("K1", YES.format("Non"), YES.format("Oui")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("family", "right", "wrong"), CASES, ids=[f"{case[0]}-{rank}" for rank, case in enumerate(CASES)]
)
def test_the_right_figure_agrees_and_the_wrong_one_does_not(family, right, wrong):
    assert family in FAMILIES
    if right is not None:
        found = {(name, verdict) for name, verdict, _ in seen(right)}
        assert (family, "reproduit") in found
        assert not [one for one in found if one == (family, "écart")]
    if wrong is not None:
        gaps = [one for one in reread(wrong).findings if one.verdict == "écart" and one.family == family]
        assert gaps
        assert all(one.first.text and one.second.text and one.first.line and one.reading for one in gaps)


def test_every_family_is_tested():
    assert {case[0] for case in CASES} == set(FAMILIES)


@pytest.mark.parametrize(
    "text",
    [
        # A part of a whole is no partition of it.
        "Le territoire compte 120 professionnels, dont 12 médecins et 30 infirmiers.",
        # Answers to several choices add up to more than their base.
        "Choix\tEffectif\nLe mail\t40\nLe téléphone\t35\nLa réunion\t30\nTotal\t45\n",
        # Points are no per cent.
        "La part passe de 20 % à 25 %, soit une hausse de 5 points.",
        # An open list.
        "Il y a quatre outils, notamment :\n\n- le mail\n- la lettre\n- le site\n",
        # Years and ranks.
        "En 2019, l'article 12 de la loi du 3 mars 2018, au point 4, le dit.",
        # Percentages of rows of other kinds.
        "\tA\tB\nTaux de chômage\t17,3%\t10,3%\nPart des 80 ans\t3,1%\t3,0%\nPart des cadres\t29,0%\t31,1%\n",
    ],
)  # fmt: skip
def test_what_looks_like_a_relation_is_left_alone(text):
    assert reread(text).gaps == []


def test_a_sum_that_only_chance_makes_is_not_kept():
    # Proportional columns prove nothing more than one of them.
    text = "\tA\tB\tC\nUn\t10\t20\t30\nDeux\t20\t40\t60\nTrois\t30\t60\t90\n"
    assert not [one for one in reread(text).findings if one.family == "A1"]


def test_held_and_unread_figures_are_counted():
    found = reread("Sur les 60 répondants, 35 (58,3 %) sont membres. Ils habitent 14 communes.")
    assert len(found.figures) == 4
    assert len(found.held) == 3
    assert found.not_checked == 1


def test_a_check_between_columns_shows_the_whole_row():
    found = reread(
        "Mode\tMembres\tAutres\tEnsemble\nSeul\t20\t22\t42\nEn groupe\t38\t12\t50\nMaison\t20\t8\t29\nAutre\t5\t6\t11"
    )
    assert [(one.first.text, one.second.text) for one in found.gaps] == [("Maison · 20 · 8 · 29",) * 2]
