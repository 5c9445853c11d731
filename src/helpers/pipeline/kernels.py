"""Warm kernels: each notebook gets a process of its own, forked from one that has already imported everything.

The forkserver of the standard library forks them. Where fork is missing, or with `cold`, jupyter_client starts an ordinary
kernel.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import types
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from multiprocessing import connection, util
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.paths import jupyter_path
from traitlets import DottedObjectName, Type

from helpers.pipeline import store

# The system refuses socket paths over about 104 bytes (macOS); jupyter_client adds the number of the channel.
LONGEST_SOCKET_PATH = 95
WARM, COLD = "warm", "cold"
# Imported last: it warms what was imported before it, then freezes it for the collector, which the first has stopped.
FIRST, PRELOAD = "helpers.pipeline.preload_first", "helpers.pipeline.preload"
# Sent in place of a cell, it asks for the tables that the cells read; no source has that character.
READS = "\0reads"
# One computing thread per kernel: reports run side by side, and a sum split over threads could end in another last digit.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# A kernel lives for a second or two: what it frees it asks for again (glibc would give each drawing's memory back).
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(256 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}
_running: dict[int, Forked] = {}
_chosen = COLD
_main_lock = threading.Lock()
_stopping = threading.Event()


def can_be_warm() -> bool:
    """True where a kernel can be forked: not on Windows, and not in a process that may have no children."""
    return (
        "forkserver" in multiprocessing.get_all_start_methods()
        and not multiprocessing.current_process().daemon
    )


def prepare(modules: Iterable[str] = (), *, also: Iterable[str] = (), cold: bool = False) -> str:
    """Choose `WARM` or `COLD` and, when warm, start the preloading in the background; returns which.

    `modules` are those that the notebooks import, imported once for all kernels, and `also` those that then make something
    ready for them; a forkserver that already runs keeps its own, and its kernels import what they lack. To be called as early
    as possible: the forkserver imports while the caller goes on.
    """
    _stopping.clear()
    for name, value in (ONE_THREAD | KEEP_MEMORY).items():
        os.environ.setdefault(name, value)
    global _chosen
    _chosen = COLD if cold or not can_be_warm() else WARM
    if _chosen == WARM:
        from multiprocessing import forkserver

        multiprocessing.get_context("forkserver").set_forkserver_preload([FIRST, *modules, PRELOAD, *also])
        with _without_main(), _temporary_in(place()):
            forkserver.ensure_running()
    return _chosen


def chosen() -> str:
    """`WARM` or `COLD`, as the last `prepare` settled."""
    return _chosen


def place() -> Path:
    """Folder of this process for the sockets of its kernels and the keys to them, removed when the process ends."""
    return _place(os.getpid())


@lru_cache(maxsize=1)
def _place(pid: int) -> Path:
    folder = store.temporary()
    # After multiprocessing has removed its own folder inside (priority -100).
    util.Finalize(None, shutil.rmtree, (str(folder), True), exitpriority=-200)
    return folder


@contextmanager
def _temporary_in(folder: Path) -> Iterator[None]:
    # The forkserver makes a folder for its own socket, which nothing removes when it is killed.
    usual = tempfile.tempdir
    if len(str(folder)) + len("/pymp-12345678/listener-12345678") <= LONGEST_SOCKET_PATH:
        tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = usual


@contextmanager
def _without_main() -> Iterator[None]:
    # multiprocessing makes a child import the main module of its parent again; a kernel has no use for it.
    with _main_lock:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Let what is imported inside do without optional modules, unless they are already there."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _serve(pipe: Connection, environment: dict[str, str], folder: str) -> None:
    from helpers.pipeline import shell  # the caller has no use for it

    shell.serve(pipe, environment, folder)


class Forked:
    """A process that runs the cells of one notebook (see `shell`), forked from the one that has imported everything."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("forkserver")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, dict(os.environ), os.getcwd()))
        with _without_main(), theirs:
            self.process.start()
        self.pid = int(self.process.pid or 0)
        _running[self.pid] = self
        if _stopping.is_set():
            # Born while the others were being stopped: it would be nobody's.
            self.end()
            raise RuntimeError("arrêt demandé")

    def send(self, source: str) -> None:
        """Send one cell. Raises OSError when the process is gone."""
        self.pipe.send_bytes(source.encode("utf-8", "surrogatepass"))

    def receive(self, seconds: float) -> tuple[str, dict[str, Any]] | None:
        """Kind and content of the next message; None after `seconds`. Raises EOFError when the process is gone."""
        found = connection.wait([self.pipe, self.process.sentinel], max(0.0, seconds))
        if not found:
            return None
        # What it sent before it went is there still.
        if self.pipe not in found and not self.pipe.poll():
            raise EOFError
        try:
            kind, content = json.loads(self.pipe.recv_bytes().decode("utf-8", "replace"))
        except OSError:
            raise EOFError from None
        return kind, content

    def kill(self) -> None:
        """Kill the process and all of its session, and wait until it is gone."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.process.join()

    def end(self) -> None:
        """Kill the process; nothing more is read from it."""
        self.kill()
        self.pipe.close()
        _running.pop(self.pid, None)


def kill_all() -> None:
    """End every forked process, and let no other start until `prepare` (interruption, end of the interpreter)."""
    _stopping.set()
    for process in list(_running.values()):
        process.kill()


# Registered after multiprocessing's own hook, so run before it: that one would wait for kernels still running.
atexit.register(kill_all)


class PromptClient(AsyncKernelClient):  # type: ignore[misc]
    """Client that is ready when the kernel has answered and its idle status was seen, without a blind pause."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the answer to a kernel_info request on both channels. Raises RuntimeError after `timeout` seconds."""
        deadline = time.monotonic() + (timeout or 60)
        while time.monotonic() < deadline:
            asked = self.kernel_info()
            # An early status can be lost while the subscription settles: then ask again rather than wait.
            if await self._answered(asked) and await self._seen_idle(asked):
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answered(self, asked: str) -> bool:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            with suppress(Empty):
                message = await self.get_shell_msg(timeout=0.25)
                if message["parent_header"].get("msg_id") == asked:
                    self._handle_kernel_info_reply(message)
                    return True
        return False

    async def _seen_idle(self, asked: str) -> bool:
        with suppress(Empty):
            while True:
                message = await self.get_iopub_msg(timeout=0.05)
                own = message["parent_header"].get("msg_id") == asked
                if own and message["content"].get("execution_state") == "idle":
                    return True
        return False


class KernelManager(AsyncKernelManager):  # type: ignore[misc]
    """Manager whose clients are prompt; used when kernels are cold.

    Client and kernel talk through Unix sockets where the system has them: two kernels that start together can be given the
    same port, never the same file.
    """

    client_class = DottedObjectName("helpers.pipeline.kernels.PromptClient")
    client_factory = Type(klass="jupyter_client.KernelClient", default_value=PromptClient)

    def __init__(self, **kwargs: Any) -> None:
        # Its own default imports IPython, which the caller has no other use for.
        specs = KernelSpecManager(kernel_dirs=jupyter_path("kernels"))
        super().__init__(**{"kernel_spec_manager": specs, **kwargs})
        sockets = str(place() / uuid.uuid4().hex[:12])
        self.connection_file = f"{sockets}.json"
        if os.name != "nt" and len(sockets) <= LONGEST_SOCKET_PATH:
            self.transport, self.ip = "ipc", sockets
