"""The page where a person keeps or leaves each check of a rereading; its button writes the same CSV, without any server."""

from __future__ import annotations

import base64
import json

import pandas as pd

from helpers.pipeline import page_template

SHOWN = ("line", "passage", "autre_ligne", "autre_passage", "lecture", "verdict")


def page(proposals: pd.DataFrame, *, document: str, file: str) -> str:
    """HTML page of the proposals: their two passages, a box each, and a button that writes `file` with `a_garder` filled.

    The rows stand in the page as data, the script is allowed by its checksum; without it the CSV is filled by hand.
    """
    rows = proposals.astype(str).to_dict("records")
    data = json.dumps(
        {"columns": list(proposals.columns), "rows": [list(row.values()) for row in rows], "file": file}
    )
    return page_template.written(
        "choices.html.j2",
        rows=rows,
        document=document,
        file=file,
        # Inside a script element only "</" could end it.
        data=base64.b64encode(data.encode("utf-8")).decode(),
        **page_template.script("choices.js"),
    )
