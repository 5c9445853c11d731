"""What every diagnosis of a territory pays for once: one is made in the forkserver, and thrown away.

Communes, references, what the national store says of the country, fonts and glyphs: each kernel forked afterwards has them in
memory, and notes the tables behind them as its own (`catalog.remembered`). Only the forkserver imports this module.
"""

from __future__ import annotations

import contextlib
import gc

from helpers import catalog
from helpers.articulation import sharing
from helpers.errors import ObservatoireError
from helpers.page import paper
from helpers.pipeline import preload
from helpers.territory import diagnosis, places
from helpers.territory.diagnosis import drawn, national, shown, telling

# Two communes of two départements: what is warmed does not depend on which.
_EXAMPLE = ("35238", "44109")


def warm() -> None:
    """Make one diagnosis from the tables and the store of this machine, whatever is missing there."""
    # What is damaged is told by the report that reads it.
    with contextlib.suppress(ObservatoireError):
        national.write_missing()
        place, study = places.resolve(_EXAMPLE, checked=True), catalog.Study("")
        made = diagnosis.of(place, study)
        for piece in (
            shown.answers, shown.comparison, shown.communes_table, shown.care_table, shown.comparable, shown.missing,
            shown.definitions, shown.sources,
        ):  # fmt: skip
            piece(made)
        sharing.shared_table(place, study)
        telling.size(made, study)
        drawn.outline_map(made)._repr_mimebundle_()
        paper.pair(drawn.spine(made), drawn.curve(made), drawn.ages(made))
    catalog.forget_reads()


gc.disable()
warm()
preload.settle()
