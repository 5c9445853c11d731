"""Monograph of one CPTS, and the dossier of its management dialogue: facts, indicators, actions, pages.

By question: `register` says which CPTS there are, `record` what is known of one (`miller` and `aura` bring the documents into
the shape of a user's table), `indicators` and `benchmark` measure and compare, `actions` links them to the log, `followup`
holds all of it for a report, `pages` writes it; `dialogue`, `questions` and `paper` make the dossier of the management dialogue.
"""

from helpers.monograph.dialogue import (
    Dossier,
    aci_table,
    contested_list,
    dossier,
    heading_sentence,
    main_figure,
    mission_table,
    recent_actions,
    shown_indicators,
)
from helpers.monograph.followup import (
    FollowUp,
    action_table,
    action_timeline,
    follow_up,
    overview_sentence,
    protection_sentence,
    sentences,
)
from helpers.monograph.pages import (
    benchmarks,
    chapter_by_chapter,
    evolutions,
    history,
    sources_of,
    table_of_indicators,
)
from helpers.monograph.paper import two_pages
from helpers.monograph.questions import question_list
from helpers.monograph.record import facts, summary_sentence
from helpers.monograph.register import chosen, known

__all__ = [
    "Dossier",
    "FollowUp",
    "aci_table",
    "action_table",
    "action_timeline",
    "benchmarks",
    "chapter_by_chapter",
    "chosen",
    "contested_list",
    "dossier",
    "evolutions",
    "facts",
    "follow_up",
    "heading_sentence",
    "history",
    "known",
    "main_figure",
    "mission_table",
    "overview_sentence",
    "protection_sentence",
    "question_list",
    "recent_actions",
    "sentences",
    "shown_indicators",
    "sources_of",
    "summary_sentence",
    "table_of_indicators",
    "two_pages",
]
