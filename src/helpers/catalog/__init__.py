"""The data package: the only reader of `data/`. Names in, typed and judged tables out.

`package` owns the folder, `descriptor` its `datapackage.json`, `schema` judges rows and `fields` cells, `tables` loads.
"""

from helpers.catalog.faults import Fault, told
from helpers.catalog.fields import Field
from helpers.catalog.names import read_names
from helpers.catalog.package import (
    DEFAULT_FOLDER,
    DESCRIPTOR,
    MODEL_FOLDER,
    NAMES_FILE,
    Package,
    forget_reads,
    open_package,
    reads,
    record_read,
)
from helpers.catalog.remembered import once_per_study, remembered
from helpers.catalog.schema import Judged, Table, listed
from helpers.catalog.study import Study
from helpers.catalog.tables import (
    Tables,
    cells,
    digest,
    distinct,
    is_code,
    judged,
    judged_content,
    load,
    named_codes,
)

__all__ = [
    "DEFAULT_FOLDER",
    "DESCRIPTOR",
    "MODEL_FOLDER",
    "NAMES_FILE",
    "Fault",
    "Field",
    "Judged",
    "Package",
    "Study",
    "Table",
    "Tables",
    "cells",
    "digest",
    "distinct",
    "forget_reads",
    "is_code",
    "judged",
    "judged_content",
    "listed",
    "load",
    "named_codes",
    "once_per_study",
    "open_package",
    "read_names",
    "reads",
    "record_read",
    "remembered",
    "told",
]
