"""An index on request. The thesis defines none: weights are the reader's, the formula is shown, its sensitivity drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import UsageError
from helpers.survey.instrument import Instrument, dimensions
from helpers.survey.steering.answered import DIRECT

DISCLAIMER_FR = "La thèse ne définit aucun indice : celui-ci est un choix de lecture, avec vos poids. Il ne classe pas les CPTS."

NOT_TESTED_FR = "non testée"


def weights(text: str) -> dict[str, float]:
    """Weights by dimension from a parameter such as "structure 1 ; processus 2" (or with =); empty text: no index.

    Raises UsageError for an unknown dimension, a number that is not one, a negative weight, a repeated dimension or no positive
    weight at all.
    """
    found: dict[str, float] = {}
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        name, _, number = (side.strip() for side in piece.replace("=", " ").partition(" "))
        if name not in dimensions():
            raise UsageError(
                f"indice_poids : dimension « {name} » inconnue (dimensions : {', '.join(dimensions())})."
            )
        if name in found:
            raise UsageError(f"indice_poids : la dimension « {name} » a deux poids.")
        try:
            found[name] = float(number.replace(",", "."))
        except ValueError:
            raise UsageError(f"indice_poids : « {number} » n'est pas un nombre (dimension {name}).") from None
        if not 0 <= found[name] < float("inf"):
            raise UsageError(f"indice_poids : le poids de « {name} » doit être un nombre positif ou nul.")
    if found and not sum(found.values()):
        raise UsageError("indice_poids : un poids au moins doit être positif.")
    return found


def index_sentence(given: dict[str, float]) -> str:
    """What the index is and is not, with its formula, or that none was asked for."""
    return f"{DISCLAIMER_FR} {formula(given)}" if given else "Aucun indice demandé."


def formula(given: dict[str, float]) -> str:
    """The formula of `index` in one French sentence, with the weights given."""
    total = sum(given.values())
    terms = [
        f"{french.number(weight / total, 2)} × {dimensions()[name]}"
        for name, weight in given.items()
        if weight
    ]
    return (
        f"Indice = {' + '.join(terms)}, où chaque dimension est la moyenne des positions (0 : réponse la moins avancée, 1 : la "
        "plus avancée) des questions ordonnées ou fermées par oui ou non qui ont une seule réponse."
    )


def index(
    cells: pd.DataFrame,
    instrument: Instrument,
    given: dict[str, float],
    study: Study,
) -> pd.DataFrame:
    """Weighted mean of the positions of the answers: one row per CPTS and wave, in the order of the cells.

    Positions go from 0 to 1 along the offered answers, in the direction of `coding/index_orientation` (ours); questions without
    orientation, without answer or with different answers do not count. Returns `cpts`, `wave`, one column per dimension
    (0 to 1), `value` (0 to 1; missing when a weighted dimension has no answer) and `questions` (answers used).
    """
    parts = _by_dimension(cells, instrument, study)
    names = [name for name in dimensions() if given.get(name)]
    share = np.array([given[name] for name in names]) / sum(given.values())
    # A missing dimension makes the index missing: the weights of the others would no longer be those announced.
    values = parts[names].to_numpy(float) @ share
    return parts.assign(value=values)


def sensitivity(
    cells: pd.DataFrame,
    instrument: Instrument,
    given: dict[str, float],
    study: Study,
    *,
    draws: int = 2_000,
    seed: int = 1,
) -> pd.DataFrame:
    """How far the index depends on its weights, then on each of its questions.

    Weights: 5th and 95th centiles over weights drawn at random (uniform on the simplex), the same draws for every CPTS (Saisana,
    Saltelli and Tarantola 2005); with one weighted dimension there is nothing to draw, and `weights_fr` says "non testée".
    Questions: least and greatest index when one answered question is left out. Returns rows of `index` with `lower`, `upper`
    (0 to 1, missing when not tested), `weights_fr`, `dropped_lower`, `dropped_upper` (0 to 1, missing when the index would be);
    no row when no weight is given.
    """
    if not given:
        added = ["lower", "upper", "weights_fr", "dropped_lower", "dropped_upper"]
        return pd.DataFrame(columns=["cpts", "name_fr", "wave", *dimensions(), "value", "questions", *added])
    found = index(cells, instrument, given, study)
    found = found.merge(_without_one(cells, instrument, given, study), on=["cpts", "wave"], how="left")
    names = [name for name in dimensions() if given.get(name)]
    if len(names) < 2:
        return found.assign(lower=float("nan"), upper=float("nan"), weights_fr=NOT_TESTED_FR)
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(names)), size=draws)
    values = found[names].to_numpy(float) @ drawn.T
    low, high = (np.quantile(values, centile, axis=1) for centile in (0.05, 0.95))
    return found.assign(lower=low, upper=high, weights_fr="testée")


def _without_one(
    cells: pd.DataFrame, instrument: Instrument, given: dict[str, float], study: Study
) -> pd.DataFrame:
    """Least and greatest index of each CPTS and wave when one question is left out: `dropped_lower`, `dropped_upper`."""
    tried = [
        index(cells[cells["question"] != question], instrument, given, study)[["cpts", "wave", "value"]]
        for question in positions(cells, instrument, study)["question"].unique()
    ]
    keys = ["cpts", "wave"]
    if not tried:
        return cells[keys].drop_duplicates().assign(dropped_lower=float("nan"), dropped_upper=float("nan"))
    every = pd.concat(tried).groupby(keys, sort=False)["value"]
    return every.agg(dropped_lower="min", dropped_upper="max").reset_index()


def positions(cells: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """Place of each answer that counts, 0 to 1: `cpts`, `wave`, `question`, `dimension`, `position`."""
    orientation = study.table("coding/index_orientation").set_index("question")["first_answer"]
    rows = []
    for cell in cells[cells["state"] == DIRECT].itertuples(index=False):
        question = instrument.by_code.get(cell.question)
        single = question is not None and question.answer_type in ("choix_unique", "oui_non")
        if not single or cell.question not in orientation.index or len(cell.options) != 1:
            continue
        order = [option.code for option in question.options]  # type: ignore[union-attr]
        if cell.options[0] not in order:
            continue  # an answer of the other variant has no place along this one
        position = order.index(cell.options[0]) / (len(order) - 1)
        forward = orientation[cell.question] == "moins_avancee"
        rows.append(
            (cell.cpts, cell.wave, cell.question, question.dimension, position if forward else 1 - position)  # type: ignore[union-attr]
        )
    return pd.DataFrame(rows, columns=["cpts", "wave", "question", "dimension", "position"])


def _by_dimension(cells: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    table = positions(cells, instrument, study)
    keys = pd.MultiIndex.from_frame(cells[["cpts", "wave"]].drop_duplicates())
    means = table.groupby(["cpts", "wave", "dimension"])["position"].mean().unstack("dimension")
    counts = table.groupby(["cpts", "wave"]).size()
    found = means.reindex(index=keys, columns=list(dimensions())).astype(float)
    found["questions"] = counts.reindex(keys, fill_value=0)
    names = dict(zip(cells["cpts"], cells["name_fr"], strict=True))
    table = found.rename_axis(columns=None).reset_index()
    return table.assign(name_fr=table["cpts"].map(names))
