"""What a document prints twice, the numbers that only refer, and the figures that a computation holds."""

import pytest

from tests.rereading.making import reread

SCALE = (
    "Tableau 1 : barème\n\nVolet\tTaille 1\tTaille 2\tTaille 3\tTaille 4\nPrévention\t20 000 €\t30 000 €\t35 000 €\t40 000 €\n"
    "Qualité\t15 000 €\t20 000 €\t30 000 €\t40 000 €\n\nUn paragraphe les sépare.\n\nTableau 2 : rappel\n\n"
    "Mission\tPetite\tMoyenne\tGrande\tTrès grande\n"
    "Missions de prévention\t20 000 €\t{changed} €\t35 000 €\t40 000 €\nAutres\t1 000 €\t7 000 €\t8 000 €\t9 500 €\n"
)


def apart(text, family):
    return [one for one in (*reread(text).gaps, *reread(text).hints) if one.family == family]


def test_a_row_printed_in_two_tables_is_recognised_by_its_other_figures():
    assert apart(SCALE.format(changed="30 000"), "F3") == []
    (one,) = apart(SCALE.format(changed="80 000"), "F3")
    assert {one.stated.value, one.computed} == {30_000, 80_000}


def test_a_row_that_is_a_share_of_another_holds_each_of_its_columns():
    table = "\tA\tB\tC\tD\n"
    table += "Volet des moyens\t50 000 €\t60 000 €\t75 000 €\t90 000 €\n"
    table += "Volet des résultats\t37 500 €\t{} €\t56 250 €\t67 500 €\n"
    assert apart(table.format("45 000"), "A3") == []
    assert len(reread(table.format("45 000")).held) == 8
    (one,) = apart(table.format("48 000"), "A3")
    assert one.computed == 45_000


def test_classes_that_share_their_bounds_follow_each_other():
    classes = "- < 40 000 habitants\n- Entre 40 et 80 000 habitants\n- Entre {} et 175 000 habitants\n- > 175 000 habitants\n"
    assert apart(classes.format("80"), "I1") == []
    assert apart(classes.format("60"), "I1")


def test_the_same_words_around_two_figures_are_compared():
    text = (
        "Cette enquête qualitative a interrogé les seize CPTS de la région.\n\nLe reste du texte parle d'autre chose.\n\n"
        "En conclusion, cette enquête qualitative a interrogé les {} CPTS de la région.\n"
    )
    assert apart(text.format("seize"), "F3") == []
    assert apart(text.format("douze"), "F3")


@pytest.mark.parametrize(
    "text",
    [
        "1. La démographie des médecins",
        "Instruction DGOS/CNAM/2019/218 relative aux CPTS.",
        "Sommaire\n\nIntroduction 5\n\nMéthode 12\n\nRésultats 20\n\nDiscussion 31\n\nLe texte commence.",
        "Omran AR. The Epidemiologic Transition. Milbank Quarterly. 2005;83(4):731-57.",
        "\n\n".join(f"Une phrase qui cite une source ({rank})." for rank in range(1, 12)),
    ],
)
def test_numbers_that_only_refer_are_no_figures(text):
    assert reread(text).figures == frozenset()


def test_a_percentage_between_brackets_is_a_figure_where_numbers_alone_call_sources():
    called = "\n\n".join(f"Une phrase qui cite une source ({rank})." for rank in range(1, 12))
    assert (
        len(reread(f"{called}\n\nLa part est plus grande (21,7 %) que celle de la région (20,4%).").figures)
        == 2
    )


def test_a_figure_whose_last_digit_may_move_is_not_said_to_be_held():
    shares = "\tA\tB\nUn\t24,4 %\t21,2 %\nDeux\t{}\t19,1 %\nTrois\t8,2 %\t15,3 %\nQuatre\t18,7 %\t22,2 %\nCinq\t44,3 %\t22,2 %\n"
    found = reread(shares.format("4,4 %"))
    assert [one.family for one in found.confirmed] == ["A2", "A2"]
    assert not found.held & {(3, 1)}
