"""Figures recomputed by the modules of reproductions that a test module names in `MODULES`, and their verdicts."""

import pytest

from helpers.documents import claims
from tests.project import PROJECT


@pytest.fixture(scope="module")
def recomputed(request):
    merged = {}
    for module in request.module.MODULES:
        for topic in module.TOPICS.values():
            found = topic(PROJECT)
            assert not merged.keys() & found.keys()
            merged |= found
    return merged


@pytest.fixture(scope="module")
def verdicts(recomputed):
    return claims.verdicts(recomputed, PROJECT)
