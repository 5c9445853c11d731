"""Recomputations of published figures, by document and topic, from the tables of the data package only."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable

import pandas as pd

from helpers.catalog import Study, labels, once_per_study
from helpers.documents import claims
from helpers.errors import DataError, UnknownName

Topic = Callable[[Study], claims.Recomputed]


def topics() -> dict[str, Topic]:
    """Every recomputation of the package, named `<module>.<topic>`: modules are found, not listed, so none is forgotten."""
    found: dict[str, Topic] = {}
    for module in pkgutil.iter_modules(__path__):
        content = importlib.import_module(f"{__name__}.{module.name}")
        for topic, function in getattr(content, "TOPICS", {}).items():
            found[f"{module.name}.{topic}"] = function
    return found


def recompute(names: Iterable[str] | None = None, *, study: Study) -> claims.Recomputed:
    """Recomputed figures of the topics `names` (all when None). A name may be a module ("miller2022") or a topic.

    Raises UnknownName for a topic that does not exist and DataError when two topics answer for the same claim.
    """
    known = topics()
    chosen: list[str] = []
    for name in known if names is None else names:
        matching = [topic for topic in known if topic == name or topic.startswith(f"{name}.")]
        if not matching:
            raise UnknownName("Sujet de recalcul", name, known)
        chosen += [topic for topic in matching if topic not in chosen]
    merged: dict[str, claims.Value] = {}
    for topic in chosen:
        # Several pages of a class, or of a report, ask for the whole ledger of one study.
        for claim_id, value in once_per_study(known[topic])(study).items():
            if claim_id in merged:
                raise DataError(f"Le chiffre « {claim_id} » est recalculé deux fois (second : {topic}).")
            merged[claim_id] = value
    return merged


def ledger(
    names: Iterable[str] | None = None,
    *,
    study: Study,
    documents: Iterable[str] = (),
) -> pd.DataFrame:
    """Verdict on every figure of the topics `names`, of the `documents` (all when empty), indexed by `claim_id`.

    Raises DataError when a registered claim of the whole ledger has no recomputation, UnknownName for a document that does not
    exist.
    """
    wanted = list(documents)
    for key in wanted:
        labels.document(key)
    recomputed = recompute(names, study=study)
    table = claims.verdicts(recomputed, study)
    if names is None:
        absent = [claim for claim in claims.register(study).index if claim not in recomputed]
        if absent:
            raise DataError(
                f"{len(absent)} chiffres du registre n'ont pas de recalcul, dont « {absent[0]} »."
            )
    return table[table["document"].isin(wanted)] if wanted else table
