"""An executed notebook without what depends on the moment or on the machine: the same inputs give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import nbformat

_VOLATILE = ("papermill", "execution", "widgets")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,16}\b")
# A Styler of pandas names its table at random.
_RANDOM_NAME = re.compile(r"\bT_[0-9a-f]{5}(?=_|\b)")
# Times and speed of a progress bar: "[00:00<00:00, 26772.15it/s]".
_SPEED = re.compile(r" ?\[[\d:?]+<[\d:?]+,[^\]\n]*\]")
_WARNED_FROM = re.compile(r"^\S*[/\\][^:\n]+\.py:\d+: (?=\w*Warning: )", re.MULTILINE)


def cleaned(node: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, addresses in memory, random names and versions, changed in place and returned.

    The pieces of one stream are joined, and a line that a progress bar wrote again and again is kept as it ended.
    """
    for key in _VOLATILE:
        node.metadata.pop(key, None)
    node.metadata["language_info"] = {"name": "python"}
    node.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    names: dict[str, str] = {}
    for cell in node.cells:
        for key in _VOLATILE:
            cell.metadata.pop(key, None)
        if "outputs" in cell:
            cell["outputs"] = _joined(cell["outputs"])
        for output in cell.get("outputs", []):
            _steady(output, names)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
    return node


def _joined(outputs: Iterable[Any]) -> list[Any]:
    # In how many pieces a text arrives depends on the moment.
    found: list[Any] = []
    for output in outputs:
        stream = output["output_type"] == "stream"
        if stream and found and found[-1].get("name") == output["name"]:
            found[-1]["text"] += output["text"]
        else:
            found.append(output)
    return found


def _steady(output: Any, names: dict[str, str]) -> None:
    if output["output_type"] == "stream":
        text = _WARNED_FROM.sub("", as_printed(output["text"]))
        output["text"] = _SPEED.sub("", text) if output["name"] == "stderr" else text
        return
    data = output.get("data", {})
    if "text/html" in data:
        # The plain text of an object that also has HTML is its address in memory.
        data.pop("text/plain", None)
        data["text/html"] = _RANDOM_NAME.sub(
            lambda match: names.setdefault(match[0], f"T_{len(names) + 1}"), data["text/html"]
        )
    if "text/plain" in data:
        data["text/plain"] = _ADDRESS.sub("", data["text/plain"])


def as_printed(text: str) -> str:
    """Text as a terminal leaves it: what follows a carriage return stands in place of the line so far."""
    lines = []
    for line in text.split("\n"):
        pieces = [piece for piece in line.split("\r") if piece]
        lines.append(pieces[-1] if pieces else "")
    return "\n".join(lines)
