"""Run one notebook with papermill and clean what depends on the moment or on the machine."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from helpers.claims import MIME
from helpers.errors import DataError, RunError
from helpers.pipeline.parameters import Notebook

_VOLATILE = ("papermill", "execution")


def execute(notebook: Notebook, values: Mapping[str, Any], *, timeout: int = 600) -> nbformat.NotebookNode:
    """Executed notebook, in a kernel of its own started in the current directory.

    `timeout` is in seconds per cell. Raises RunError, with the executed part in `partial`, when a cell fails or is too long.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    descriptor, name = tempfile.mkstemp(suffix=".ipynb", prefix=f"{notebook.slug}-")
    os.close(descriptor)
    output = Path(name)
    try:
        papermill.execute_notebook(
            notebook.path,
            output,
            parameters=dict(values),
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            execution_timeout=timeout,
            cwd=os.getcwd(),
            # ipykernel warns of unencrypted loopback traffic at every start; nothing a reader can act on.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        return cleaned(nbformat.read(output, as_version=4))
    except PapermillExecutionError as error:
        raise _failure(f"cellule {error.cell_index + 1}, {error.ename} : {error.evalue}", output) from None
    except CellTimeoutError:
        raise _failure(f"une cellule a dépassé {timeout} secondes (option --timeout)", output) from None
    except DeadKernelError:
        raise _failure("le noyau s'est arrêté (mémoire insuffisante ?)", output) from None
    finally:
        output.unlink(missing_ok=True)


def _failure(reason: str, output: Path) -> RunError:
    error = RunError(reason)
    try:
        error.partial = cleaned(nbformat.read(output, as_version=4))  # type: ignore[attr-defined]
    except (OSError, ValueError):
        error.partial = None  # type: ignore[attr-defined]
    return error


def cleaned(node: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, random identifiers and versions: what remains depends on the inputs only."""
    for key in _VOLATILE:
        node.metadata.pop(key, None)
    node.metadata["language_info"] = {"name": "python"}
    node.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    for cell in node.cells:
        for key in _VOLATILE:
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            # The plain text of an object that also has HTML is its address in memory.
            if "text/html" in output.get("data", {}):
                output["data"].pop("text/plain", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
    return node


def records(node: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """Verdict records that the notebook displayed, in order. Raises DataError when one claim has two verdicts."""
    found: dict[str, dict[str, Any]] = {}
    for cell in node.cells:
        for output in cell.get("outputs", []):
            for record in output.get("data", {}).get(MIME, []):
                earlier = found.setdefault(record["claim_id"], record)
                if earlier["verdict"] != record["verdict"]:
                    raise DataError(
                        f"Le chiffre « {record['claim_id']} » reçoit deux verdicts dans le même carnet."
                    )
    return list(found.values())
