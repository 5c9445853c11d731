"""Standard populations that ship with the project, for `rates.directly_standardised_rate`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers import catalog, french
from helpers.errors import NotComputable, UnknownName
from helpers.methods.results import Floats


def standard_population(age_from: Sequence[int], *, standard: str = "esp2013") -> Floats:
    """Weights of a standard population for age groups given by their first age, the last one open: one number per group.

    `esp2013` is the European standard population of 2013 (Eurostat, Revision of the European Standard Population, 2013: 100 000
    people, five-year groups, 90 and over together); the last group begins at 90 at most. Raises NotComputable when the groups
    do not begin at 0, are not in order, or cut a group of the standard; UnknownName for another standard.
    """
    table = catalog.load("open/standard_populations", catalog.DEFAULT_FOLDER)
    if standard not in set(table["standard"]):
        raise UnknownName("Population de référence", standard, sorted(set(table["standard"])))
    known = table[table["standard"] == standard].sort_values("age_from")
    starts = [int(age) for age in age_from]
    if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
        raise NotComputable("Les classes d'âge commencent à 0 et vont en croissant.")
    cut = [age for age in starts if age not in set(known["age_from"])]
    if cut:
        raise NotComputable(
            f"La classe d'âge qui commence à {french.number(cut[0])} ans coupe une classe de la population de référence : prenez "
            "des multiples de 5, jusqu'à 90."
        )
    group = np.searchsorted(starts, known["age_from"].to_numpy(dtype=int), side="right") - 1
    sums = np.bincount(group, weights=known["population"].to_numpy(dtype=float), minlength=len(starts))
    return np.asarray(sums, dtype=float)
