"""Monograph of one CPTS, and the dossier of its management dialogue: facts, indicators, actions, pages.

By question: `register` says which CPTS there are, `record` what is known of one (`miller` and `aura` bring the documents into
the shape of a user's table), `indicators` and `benchmark` measure and compare, `actions` links them to the log, `followup`
holds all of it for a report, `pages` writes it.
"""

from helpers.monograph.followup import (
    FollowUp,
    action_table,
    action_timeline,
    follow_up,
    overview_sentence,
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
from helpers.monograph.record import facts, summary_sentence
from helpers.monograph.register import chosen, known

__all__ = [
    "FollowUp",
    "action_table",
    "action_timeline",
    "benchmarks",
    "chapter_by_chapter",
    "chosen",
    "evolutions",
    "facts",
    "follow_up",
    "history",
    "known",
    "overview_sentence",
    "sentences",
    "sources_of",
    "summary_sentence",
    "table_of_indicators",
]
