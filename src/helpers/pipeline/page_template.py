"""A page that is not a report (the index, a letter): a template beside those of the reports, in their style."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2

from helpers.pipeline.typeset import typeset, writable

FOLDER = Path(__file__).resolve().parent / "template" / "observatoire"


def written(template: str, **values: Any) -> str:
    """Page of the template of that name, in French typography, with only characters that a file can hold.

    Every value is escaped.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return writable(typeset(environment.get_template(template).render(**values)))


def script(name: str) -> dict[str, str]:
    """The script of that name and its SHA-256, by which the policy of a page allows it and nothing else."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    return {"script": text, "script_hash": digest}
