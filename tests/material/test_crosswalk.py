"""Themes across documents, as sentences and titles of figures."""

from __future__ import annotations

import pandas as pd

from helpers.material import crosswalk


def test_the_first_sentence_names_what_most_documents_say_and_nothing_else():
    themes = pd.DataFrame({"theme": ["a", "b", "c"]})
    names = {"a": "Temps", "b": "Argent", "c": "Appui des pairs"}
    table = pd.DataFrame(
        {
            "theme": themes["theme"],
            "d1": [crosswalk.LEVER, crosswalk.OBSTACLE, crosswalk.OBSTACLE],
            "d2": [crosswalk.LEVER, crosswalk.OBSTACLE, crosswalk.BOTH],
        }
    )
    assert crosswalk.ordered(table)["theme"].tolist() == ["b", "c", "a"]
    found = crosswalk.verdicts(table)
    assert crosswalk.shared_sentence(found, names) == (
        "L'obstacle que le plus de documents nomment, sans y voir aussi un levier, est « argent » (2 sur 2) ; le levier, sans y "
        "voir aussi un obstacle, « temps » (2 sur 2)."
    )
    leading = crosswalk.leading(found, names, most=2)
    assert leading["Obstacle"].tolist() == [2, 1]
    assert (
        crosswalk.caption(found) == "Les documents se rejoignent sur 3\u00a0thèmes et se contredisent sur 0"
    )
