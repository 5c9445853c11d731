"""Diagnosis of a territory: who lives there, which care is within reach, which needs, and what no file here says.

`results` makes the long results once, at every level, with the share of people covered; `care` adds what official files of the
package give, each at the level where it stops; `telling` says them in sentences; `shown` sets them in tables and figures.
"""

from helpers.territory.diagnosis.care import BAROMETER
from helpers.territory.diagnosis.results import REFERENCES, Diagnosis, of

__all__ = ["BAROMETER", "REFERENCES", "Diagnosis", "of"]
