"""How a display tells the page where it stands, and what the whole report is about: read by the engine, without pandas."""

from __future__ import annotations

PART_KEY = "observatoire_part"
SUBJECT_MIME = "application/vnd.observatoire.subject"
DOCUMENTS_MIME = "application/vnd.observatoire.documents"
