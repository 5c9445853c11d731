"""One diagnosis made before the kernels are forked: each has the page and the reads that it would have without it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from helpers.territory import downloads, store
from helpers.territory.diagnosis import national
from tests.territory.test_national import HASH, REDON, census

# Told by a child forked before, then after the module is imported, as the forkserver does.
BOTH = """
import json, os, sys

from helpers import catalog
from helpers.catalog import Study
from helpers.territory import diagnosis, places
from helpers.territory.diagnosis import drawn, shown


def told():
    read, write = os.pipe()
    if os.fork() == 0:
        made = diagnosis.of(places.resolve(["243500741"]), Study(""))
        pieces = (shown.answers, shown.comparison, shown.comparable, shown.sources, drawn.outline_map)
        page = [piece(made)._repr_mimebundle_() for piece in pieces]
        with os.fdopen(write, "w") as end:
            json.dump([page, catalog.reads()], end, default=str)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as end:
        return json.load(end)


before = told()
import helpers.pipeline.preload_territory

assert catalog.reads() == "[]"
json.dump([before, told()], sys.stdout)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="noyaux préchargés : systèmes qui ont fork")
def test_a_kernel_forked_from_a_warm_process_tells_and_notes_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv(downloads.PLACE, str(tmp_path))
    table = census(REDON.codes)
    store.write("insee-dossier", table, name="2026-05-12", sha256=HASH)
    national.write("insee-dossier", table)
    ran = subprocess.run([sys.executable, "-c", BOTH], capture_output=True, text=True, check=True)
    (page, reads), (warm_page, warm_reads) = json.loads(ran.stdout)
    assert warm_page == page
    noted, warm_noted = ({tuple(read.values()) for read in json.loads(text)} for text in (reads, warm_reads))
    assert warm_noted == noted
    assert {"open/communes", "open/outlines", "insee-dossier"} <= {name for _, name, _ in noted}
    # The rows of every EPCI were made on the way.
    assert store.edition(store.EPCI)[1]
