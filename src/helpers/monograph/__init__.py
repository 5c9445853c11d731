"""Monograph of one CPTS, and the dossier of its management dialogue: facts, indicators, actions, pages.

By question: `register` says which CPTS there are, `record` what is known of one (`miller`, `miller_project` and `aura` bring the
documents into the shape of a user's table), `situation` of which day, `indicators` and `benchmark` measure and compare,
`actions` links them to the log, `followup` holds all of it for a report, `essential` opens it and `pages` writes it; `dialogue`,
`opening` and `questions` make the dossier of the management dialogue.
"""

from helpers.monograph.dialogue import (
    Dossier,
    aci_table,
    contested_list,
    dossier,
    mission_table,
    paper_picture,
    recent_actions,
    scale_of,
    shown_indicators,
)
from helpers.monograph.essential import findings
from helpers.monograph.followup import FollowUp, action_table, action_timeline, follow_up, protection_sentence
from helpers.monograph.opening import opening
from helpers.monograph.pages import (
    benchmarks,
    chapter_by_chapter,
    documents,
    evolutions,
    picture,
    portrait,
    rest_of_history,
    sources_of,
    table_of_indicators,
)
from helpers.monograph.questions import question_list
from helpers.monograph.record import facts
from helpers.monograph.register import chosen, known
from helpers.monograph.situation import of as situation
from helpers.page.paper import two_pages

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
    "documents",
    "dossier",
    "evolutions",
    "facts",
    "findings",
    "follow_up",
    "known",
    "mission_table",
    "opening",
    "paper_picture",
    "picture",
    "portrait",
    "protection_sentence",
    "question_list",
    "recent_actions",
    "rest_of_history",
    "scale_of",
    "shown_indicators",
    "situation",
    "sources_of",
    "table_of_indicators",
    "two_pages",
]
