"""Every table of the documents is read by a notebook, or it is said why not."""

from __future__ import annotations

import pytest

from helpers.pipeline import cache
from tests.project import PROJECT

OF_ONE_CPTS = "lu par 07 pour la CPTS A ; 07 en décrit une autre quand on ne lui demande rien"
OF_THE_INSTRUMENT = "histoire du questionnaire de la thèse ; l'outil de 05 lit les questions qui en restent"
# Tables that no notebook reads, each with its reason.
UNREAD = {
    "miller2022/maturity_scale": OF_THE_INSTRUMENT,
    "miller2022/dimensions": OF_THE_INSTRUMENT,
    "miller2022/subdimension_mapping": OF_THE_INSTRUMENT,
    "miller2022/monograph_project_partners": OF_ONE_CPTS,
    "miller2022/abbreviations": "sigles : le glossaire du dépôt est dans docs/contribuer.md",
    "laine2021/abbreviations": "sigles : le glossaire du dépôt est dans docs/contribuer.md",
    "laine2021/indicator_blocks": "découpage d'un tableau en blocs ; ses indicateurs sont lus par 06",
    "laine2021/articulations": "liens repris dans coding/dts_links, que lit 02",
    "laine2021/transcript_turns": "tours de parole sans le texte ; leurs codes sont lus",
    "navinel2020/articulation": "liens repris dans coding/dts_links, que lit 02",
    "navinel2020/attraction_classes": "légende d'une carte dont l'image n'est pas dans le texte",
    "navinel2020/references": "bibliographie de la thèse ; le registre en vérifie les appels",
    "navinel2020/perspectives": "souhaits déjà codés avec les leviers, que lit 04",
}


@pytest.fixture(scope="module")
def read(reports) -> set[str]:
    """Names of the tables of the project that the notebooks asked for when they ran, as the engine noted them to know what has
    changed.
    """
    place, outcomes = reports
    entries = [cache.load(place, name) for name in outcomes]
    return {noted["name"] for entry in entries for noted in entry.reads if noted["folder"] == ""}


def documents() -> set[str]:
    keys = {*PROJECT.table("documents")["key"], "documents"}
    return {name for name in PROJECT.package.names() if name.split("/")[0] in keys and "/" in name}


def test_a_table_that_nothing_reads_has_a_reason(read):
    unread = documents() - read
    assert unread - set(UNREAD) == set(), "un carnet la lit, ou une raison est donnée ici"


def test_a_reason_is_given_only_for_what_nothing_reads_and_there_are_few(read):
    assert len(UNREAD) <= 15
    assert set(UNREAD) & read == set()
    assert set(UNREAD) <= documents()
