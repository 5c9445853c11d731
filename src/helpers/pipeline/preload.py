"""What every report pays for once: imported and warmed in the forkserver, then shared by each forked kernel.

Only the forkserver imports this module, after the modules of the package that the notebooks of the run import. Beyond imports
it draws one figure, writes one table and fits one model, because the first of each fills caches (fonts, canvas, formula
parser) that a fork inherits.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
import warnings

import pandas as pd

from helpers import catalog
from helpers.documents import claims
from helpers.errors import ObservatoireError
from helpers.page import display, exports, figures
from helpers.pipeline import shell

KERNEL = (
    # What a kernel otherwise imports when it runs its first cell or shows its first table.
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "faulthandler",
    "multiprocessing.popen_forkserver",
    "pandas.core.methods.describe",
    "pandas.core.methods.selectn",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.string",
)
# What a module that cells call reads at its first result: a command that judges a package waits for none of it.
LATE = {
    "helpers.methods.rates": "statsmodels.stats.proportion",
    "helpers.material.coefficients": "statsmodels.stats.inter_rater",
}
DAY = pd.Timestamp("2020-01-01")
# What most reports on a territory ask of the tables of the country, each a `catalog.remembered`.
REMEMBERED = (
    ("helpers.territory.communes", "units"),
    ("helpers.territory.communes", "by_epci"),
    ("helpers.territory.communes", "served"),
    ("helpers.territory.references", "table"),
    ("helpers.territory.diagnosis.national", "groups"),
    ("helpers.articulation.perimeters", "units"),
)


def import_all() -> None:
    """Import what cells ask for."""
    for name in (*KERNEL, *(late for module, late in LATE.items() if module in sys.modules)):
        importlib.import_module(name)


def warm() -> None:
    """Draw, write and fit once, and throw the results away."""
    table = pd.DataFrame({"name": ["a", "b", "c", "d"], "x": [1.0, 2.0, 4.0, 3.0], "y": [1.0, 3.0, 2.0, 5.0]})
    figures.heat_map(table, "amorce")._repr_mimebundle_()
    figures.dots(table, "amorce", label="name", value="x", unit="u")._repr_mimebundle_()
    display.table(table, "amorce")
    # A workbook is made once for the styles that its cells ask for: none above, a text like a formula, a date, then both.
    for cells in (["-"], [DAY], ["-", DAY], [DAY, "-"]):
        exports.xlsx(pd.DataFrame([cells]), "amorce")
    if "statsmodels.formula.api" in sys.modules:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # four points are enough to warm, not to conclude
            sys.modules["statsmodels.formula.api"].ols("y ~ x", table).fit().summary()
    claims.verdict("1", 1.0, 1.0)
    if "helpers.territory.places" in sys.modules:
        _judge_large_tables()


def _judge_large_tables() -> None:
    # Communes, neighbours, outlines: judged here once. A report reads their bytes again, and depends on them by their hash.
    with contextlib.suppress(ObservatoireError):  # a damaged table is told by the report that reads it
        project = catalog.open_package(catalog.DEFAULT_FOLDER)
        for name in project.names():
            if project.path(name).suffix == ".parquet":
                catalog.load(name, project)
        for module, name in REMEMBERED:
            if module in sys.modules:
                getattr(sys.modules[module], name)()
    catalog.forget_reads()


def settle() -> None:
    """Share what is here now with every kernel: the collector of a child must not touch, and so copy, its pages."""
    # What is garbage now stays so: it is little, and looking for it takes a tenth of a second.
    gc.freeze()
    gc.enable()
    # A report lives for a second: looking for cycles every 700 objects costs more than it frees.
    gc.set_threshold(50_000, 20, 20)


import_all()
warm()
shell.ready()
# All that is imported before the fork: the tests look for what a kernel imports after it.
READY = frozenset(sys.modules)
settle()
