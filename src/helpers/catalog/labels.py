"""Names for readers of what the data hold."""

from __future__ import annotations

DOCUMENTS_FR = {
    "miller2022": "Miller 2022",
    "laine2021": "Lainé 2021",
    "aura2022": "Thèse AURA 2022",
    "navinel2020": "Navinel 2020",
    "fabrique2022": "Fabrique 2022",
}
