"""Papermill engine: cells run in a forked process or an ordinary kernel, no needless saves, the tables that they read.

Registered when this module is imported, not as an entry point: papermill loads those while it is itself half imported.
"""

from __future__ import annotations

import ast
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from helpers.pipeline import kernels

# papermill looks whether pyarrow could write to Hadoop, and the judge of notebooks prepares for addresses and durations that they
# do not have: a third of all that the parent imports, numpy with it.
with kernels.without("pyarrow.fs", "rfc3987_syntax", "rfc3986_validator", "isoduration"):
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import NotebookNode, from_dict
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

NAME = "observatoire"
READS = "observatoire_reads"
# A notebook that never imported the catalog has read none of its tables.
_ASK = "getattr(__import__('sys').modules.get('helpers.catalog'), 'reads', lambda: '[]')()"


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
            if not any(cell.metadata.get("papermill", {}).get("exception") for cell in self.nb.cells):
                self.nb.metadata[READS] = self._reads()

    def _reads(self) -> list[dict[str, str]]:
        asked = self.kc.execute("", silent=True, store_history=False, user_expressions={"reads": _ASK})
        answer = self.wait_for_reply(asked)["content"]["user_expressions"]["reads"]
        found: list[dict[str, str]] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
        return found


class ForkedClient(Client):
    """Runs the cells in a forked process, and puts what it sends into the notebook as nbclient does."""

    process: kernels.Forked

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells. Raises RuntimeError when the process does not start, DeadKernelError when it ends before them."""
        self.reset_execution_trackers()
        self.process = _forked(self.startup_timeout)
        try:
            self.papermill_execute_cells()
        finally:
            self.process.end()
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Run one cell. Raises CellExecutionError when it fails, CellTimeoutError when it is too long."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._asked(cell.source, self.timeout_func(cell), cell, cell_index)
        if reply["status"] == "error" and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode:
        """Add an output as it was sent: nbclient judges each by the schema of notebooks, which the shell of ipykernel keeps."""
        if self.clear_before_next_output:
            outs.clear()
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        content = {key: value for key, value in msg["content"].items() if key != "transient"}
        outs.append(from_dict({"output_type": msg["msg_type"], **content}))
        return outs[-1]

    def _asked(self, source: str, seconds: float, cell: NotebookNode, index: int) -> dict[str, Any]:
        until = time.monotonic() + seconds
        try:
            self.process.send(source)
            while (found := self.process.receive(until - time.monotonic())) is not None:
                kind, content = found
                if kind == "execute_reply":
                    return content
                head = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "metadata": {}}
                self.process_message({**head, "content": content}, cell, index)
        except (EOFError, OSError):
            raise DeadKernelError("Kernel died") from None
        raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", round(seconds), cell)

    def _reads(self) -> list[dict[str, str]]:
        reply = self._asked(kernels.READS, self.startup_timeout, NotebookNode(), -1)
        found: list[dict[str, str]] = json.loads(reply["reads"])
        return found


def _forked(seconds: float) -> kernels.Forked:
    """A process that has told that it is ready. Raises RuntimeError when it does not within `seconds`."""
    try:
        process = kernels.Forked()
    except OSError as error:
        raise RuntimeError(f"Kernel died ({error})") from None
    with suppress(EOFError):
        if process.receive(seconds) is not None:
            return process
    process.end()
    raise RuntimeError("Kernel died")


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
        client = ForkedClient if kernels.chosen() == kernels.WARM else Client
        return client(
            nb_man,
            kernel_name=kernel_name,
            kernel_manager_class=kernels.KernelManager,
            startup_timeout=start_timeout,
            timeout_func=timeout_func,
            # The results are in; a kernel that says goodbye takes longer than one that is stopped.
            shutdown_kernel="immediate",
            record_timing=False,
            # ipykernel warns of unencrypted loopback traffic at every start; nothing a reader can act on.
            extra_arguments=["--IPKernelApp.log_level=ERROR", "--HistoryManager.enabled=False"],
        ).execute()


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
