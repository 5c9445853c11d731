"""Diagnosis of a territory: who lives there, which care is within reach, which needs, and what no file here says.

`results` makes the long results once, at every level, with the share of people covered; `official` adds what official files of
the package or of the store give, by the measures of `care`, each at the level where it stops, beside the references that
`national` made when the file was stored; `telling` says them in sentences; `shown` sets them in tables and figures.
"""

from helpers.territory.diagnosis.care import BAROMETER
from helpers.territory.diagnosis.results import REFERENCES, Diagnosis, named, of

__all__ = ["BAROMETER", "REFERENCES", "Diagnosis", "named", "of"]
