"""What every report pays for once: imported and warmed in the forkserver, then shared by each forked kernel.

Only the forkserver imports this module. Beyond imports it draws one figure, writes one table and fits one model, because
the first of each fills caches (fonts, canvas, formula parser) that a fork inherits.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import warnings

import pandas as pd
import statsmodels.formula.api as smf

import helpers
from helpers import catalog
from helpers.documents import claims
from helpers.errors import ObservatoireError
from helpers.page import display, figures

KERNEL = (
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.interactiveshell",
    "statsmodels.api",
)
# What a notebook never imports: it would only make every run start later.
NOT_IN_REPORTS = ("helpers.commands", "helpers.intake", "helpers.pipeline")


def import_all() -> None:
    """Import what a kernel is made of, and the domain and figure modules of the package."""
    # The debugger of ipykernel, imported by every kernel, warns of frozen modules; nobody debugs a report.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    for name in KERNEL:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
        if not module.name.startswith(NOT_IN_REPORTS):
            importlib.import_module(module.name)


def warm() -> None:
    """Draw, write and fit once, and throw the results away."""
    table = pd.DataFrame({"name": ["a", "b", "c", "d"], "x": [1.0, 2.0, 4.0, 3.0], "y": [1.0, 3.0, 2.0, 5.0]})
    figures.heat_map(table, "amorce")._repr_mimebundle_()
    figures.dots(table, "amorce", label="name", value="x", unit="u")._repr_mimebundle_()
    display.table(table, "amorce")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # four points are enough to warm, not to conclude
        smf.ols("y ~ x", table).fit().summary()
    claims.verdict("1", 1.0, 1.0)
    # Communes, neighbours, outlines: judged here once. A report reads their bytes again, and depends on them by their hash.
    with contextlib.suppress(ObservatoireError):  # a damaged table is told by the report that reads it
        project = catalog.open_package(catalog.DEFAULT_FOLDER)
        for name in project.names():
            if project.path(name).suffix == ".parquet":
                catalog.load(name, project)
    catalog.forget_reads()


import_all()
warm()
# What is here now is shared by every kernel: the collector of a child must not touch, and so copy, its pages.
gc.collect()
gc.freeze()
# A report lives for a second: looking for cycles every 700 objects costs more than it frees.
gc.set_threshold(50_000, 20, 20)
