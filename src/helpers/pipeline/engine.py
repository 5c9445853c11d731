"""Papermill engine: prompt clients, no needless saves, and the tables that the notebook read.

Registered when this module is imported, not as an entry point: papermill loads those while it is itself half imported.
"""

from __future__ import annotations

import ast
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from nbformat import NotebookNode

from helpers.pipeline import kernels

# papermill looks whether pyarrow could write to Hadoop: a fifth of all that the parent imports, numpy with it.
with kernels.without("pyarrow.fs"):
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

NAME = "observatoire"
READS = "observatoire_reads"
_ASK = "__import__('helpers.catalog', fromlist=['reads']).reads()"


class Turns:
    """How many notebooks may run their cells at once in this process: others meanwhile start their kernel or write their page."""

    def __init__(self) -> None:
        self.taken: AbstractContextManager[Any] = nullcontext()

    @contextmanager
    def at_most(self, jobs: int) -> Iterator[None]:
        """Let `jobs` notebooks run their cells at once inside this context; outside it nothing limits them."""
        self.taken = threading.BoundedSemaphore(jobs)
        try:
            yield
        finally:
            self.taken = nullcontext()


turns = Turns()


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells, then asks the kernel which tables they loaded."""

    def papermill_execute_cells(self) -> None:
        """Execute the cells; keep the list of tables read in the metadata of the notebook for the caller to take out."""
        with turns.taken:
            # Waiting for a turn is not the notebook's time.
            self.timeout_func.start()
            super().papermill_execute_cells()
            self._ask_reads()

    def _ask_reads(self) -> None:
        if any(cell.metadata.get("papermill", {}).get("exception") for cell in self.nb.cells):
            return
        asked = self.kc.execute("", silent=True, store_history=False, user_expressions={"reads": _ASK})
        answer = self.wait_for_reply(asked)["content"]["user_expressions"]["reads"]
        self.nb.metadata[READS] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))


class Engine(NBClientEngine):  # type: ignore[misc]
    """`papermill.execute_notebook(..., engine_name="observatoire", keep=[], timeout_func=...)`.

    `keep` receives the notebook while it runs, so that a caller can show how far a failing one went.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        keep: list[NotebookNode],
        timeout_func: Callable[[Any], float],
        start_timeout: int = 60,
        **_: Any,
    ) -> NotebookNode:
        """Run the notebook of `nb_man` with our client."""
        keep.append(nb_man.nb)
        client = Client(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=kernels.KernelManager,
            startup_timeout=start_timeout,
            timeout_func=timeout_func,
            # The results are in; a kernel that says goodbye takes longer than one that is stopped.
            shutdown_kernel="immediate",
            # ipykernel warns of unencrypted loopback traffic at every start; nothing a reader can act on.
            extra_arguments=["--IPKernelApp.log_level=ERROR", "--HistoryManager.enabled=False"],
        )
        return client.execute()


class Budget:
    """Seconds that a cell may still take: its own limit, and what is left of the limit of the notebook."""

    def __init__(self, cell: int, notebook: int | None) -> None:
        self.cell = cell
        self.notebook = notebook
        self.start()

    def start(self) -> None:
        """Count from now."""
        self.began = time.monotonic()

    def __call__(self, _: Any) -> float:
        """Limit of the next cell, in whole seconds as nbclient wants them, at least one."""
        if self.notebook is None:
            return self.cell
        left = self.notebook - (time.monotonic() - self.began)
        return max(1, min(self.cell, round(left)))

    def exceeded(self) -> str:
        """Which limit stopped the notebook, in French."""
        if self.notebook is not None and time.monotonic() - self.began >= self.notebook - 1:
            return f"le carnet a dépassé {self.notebook} secondes (option --notebook-timeout)"
        return f"une cellule a dépassé {self.cell} secondes (option --timeout)"


papermill_engines.register(NAME, Engine)
