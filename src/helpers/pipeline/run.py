"""Run one notebook with papermill and clean what depends on the moment or on the machine."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from helpers import errors
from helpers.documents.verdicts import MIME
from helpers.errors import DataError, RunError
from helpers.pipeline.parameters import Notebook, titled
from helpers.pipeline.timeless import cleaned

# Two kernels that start together may be given the same port: the one that loses dies at once, and starts again elsewhere.
STARTS = 3
KERNEL = "python3"
_reading = threading.Lock()


@dataclass
class Executed:
    """A notebook that ran to its end, and the tables it read (see `catalog.reads`)."""

    node: nbformat.NotebookNode
    reads: list[dict[str, str]]


class NotebookFailed(RunError):
    """A notebook that stopped before its end; `partial` is what was executed, when there is something."""

    def __init__(self, reason: str, partial: nbformat.NotebookNode | None = None) -> None:
        super().__init__(reason)
        self.partial = partial


def execute(
    notebook: Notebook, values: Mapping[str, Any], *, timeout: int = 600, notebook_timeout: int | None = None
) -> Executed:
    """Executed notebook, in a kernel of its own started in the current directory.

    `timeout` is in seconds per cell, `notebook_timeout` in seconds for the whole. Raises NotebookFailed when a cell fails, is
    too long, or when the kernel dies.
    """
    for start in range(1, STARTS + 1):
        try:
            return _once(notebook, values, timeout, notebook_timeout)
        except _NotStarted as error:
            if start == STARTS:
                raise NotebookFailed(f"le noyau n'a pas démarré ({error})") from None
    raise AssertionError("unreachable")


class _NotStarted(Exception):
    """The kernel died before the first cell."""


def _once(
    notebook: Notebook, values: Mapping[str, Any], timeout: int, notebook_timeout: int | None
) -> Executed:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.parameterize import parameterize_notebook

    from helpers.pipeline import engine

    logging.getLogger("papermill").setLevel(logging.ERROR)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    budget = engine.Budget(timeout, notebook_timeout)
    started: list[nbformat.NotebookNode] = []
    try:
        # The steps of papermill.execute_notebook, which reads and checks the notebook for each report, and writes it for none.
        node = _loaded(notebook.path)
        if values:
            node = parameterize_notebook(
                node, dict(values), kernel_name=KERNEL, language="python", engine_name=engine.NAME
            )
        node = papermill_engines.execute_notebook_with_engine(
            engine.NAME, node, kernel_name=KERNEL, progress_bar=False, keep=started, timeout_func=budget
        )
        raise_for_execution_errors(node, None)
    except PapermillExecutionError as error:
        # A refusal of ours is a sentence; the name of its class says nothing more.
        head = "" if hasattr(errors, error.ename) else f"{error.ename} : "
        reason = f"{_place(started, error.cell_index)}, {head}{error.evalue}"
        raise NotebookFailed(reason, _partial(started)) from None
    except CellTimeoutError:
        raise NotebookFailed(budget.exceeded(), _partial(started)) from None
    except DeadKernelError:
        reason = "le noyau s'est arrêté avant la fin (mémoire insuffisante, ou arrêt demandé)"
        raise NotebookFailed(reason, _partial(started)) from None
    except RuntimeError as error:
        raise _NotStarted(str(error)) from None
    reads = node.metadata.pop(engine.READS, [])
    return Executed(cleaned(node), [dict(read) for read in reads])


def _loaded(path: Path) -> nbformat.NotebookNode:
    """The notebook of this file as papermill loads it, read and checked once."""
    stat = path.stat()
    # The first reading compiles the schema of notebooks: reports that begin together would each compile it.
    with _reading:
        found = _pickled(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return pickle.loads(found)


@lru_cache(maxsize=4)
def _pickled(path: Path, _file: int, _modified: int, _size: int) -> bytes:
    from papermill.iorw import load_notebook_node

    return pickle.dumps(load_notebook_node(str(path)))


def _place(started: list[nbformat.NotebookNode], index: int) -> str:
    """Where a cell stands, as a reader finds it: under which heading. A page and JupyterLab show no index."""
    before = reversed(started[0].cells[: index + 1]) if started else ()
    lines = (
        line for cell in before if cell.cell_type == "markdown" for line in reversed(cell.source.splitlines())
    )
    title = next((line.lstrip("#").strip() for line in lines if line.startswith("#")), "")
    return f"sous « {titled(title)} »" if title else "avant le premier titre"


def _partial(started: list[nbformat.NotebookNode]) -> nbformat.NotebookNode | None:
    return cleaned(started[0]) if started else None


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
