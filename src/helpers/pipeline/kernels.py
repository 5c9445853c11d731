"""Warm kernels: each notebook gets a process of its own, forked from one that has already imported everything.

A kernel provisioner of `jupyter_client` (entry point `jupyter_client.kernel_provisioners`) over the forkserver of the standard
library. Where fork is missing, or with `cold`, jupyter_client's own provisioner starts an ordinary kernel.
"""

from __future__ import annotations

import asyncio
import atexit
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
from multiprocessing import util
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from jupyter_core.paths import jupyter_path
from traitlets import DottedObjectName, Type

from helpers.pipeline import store

# The system refuses socket paths over about 104 bytes (macOS); jupyter_client adds the number of the channel.
LONGEST_SOCKET_PATH = 95
WARM, COLD = "observatoire-warm", "local-provisioner"
# Imported last: it warms what was imported before it, then freezes it for the collector.
PRELOAD = "helpers.pipeline.preload"
# One computing thread per kernel: reports run side by side, and a sum split over threads could end in another last digit.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# A kernel lives for a second or two: what it frees it asks for again (glibc would give each drawing's memory back).
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(256 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}
_running: dict[int, ForkedKernel] = {}
_main_lock = threading.Lock()
_stopping = threading.Event()


def can_be_warm() -> bool:
    """True where a kernel can be forked: not on Windows, and not in a process that may have no children."""
    return (
        "forkserver" in multiprocessing.get_all_start_methods()
        and not multiprocessing.current_process().daemon
    )


def prepare(modules: Iterable[str] = (), *, also: Iterable[str] = (), cold: bool = False) -> str:
    """Choose the provisioner and, when warm, start the preloading in the background; returns its name.

    `modules` are those that the notebooks import, imported once for all kernels, and `also` those that then make something
    ready for them; a forkserver that already runs keeps its own, and its kernels import what they lack. To be called as early
    as possible: the forkserver imports while the caller goes on.
    """
    _stopping.clear()
    for name, value in (ONE_THREAD | KEEP_MEMORY).items():
        os.environ.setdefault(name, value)
    name = COLD if cold or not can_be_warm() else WARM
    KernelProvisionerFactory.instance().default_provisioner_name = name
    if name == WARM:
        from multiprocessing import forkserver

        multiprocessing.get_context("forkserver").set_forkserver_preload([*modules, PRELOAD, *also])
        with _without_main(), _temporary_in(place()):
            forkserver.ensure_running()
    return name


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
def without(module: str) -> Iterator[None]:
    """Let what is imported inside do without an optional module, unless it is already there."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


def _become_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Body of a forked kernel: its own session, the environment asked for, then ipykernel as usual."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    threading.Thread(target=_leave_with_the_caller, daemon=True).start()
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    _show_figures()
    app.start()


def _show_figures() -> None:
    # matplotlib reads MPLBACKEND when it is imported: here that was in the forkserver, before ipykernel set it, and a figure
    # drawn by an ordinary command would be shown nowhere.
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]


def _leave_with_the_caller() -> None:
    # Not even a kill -9 of the caller leaves an orphan: the kernel ends its whole session with it.
    caller = multiprocessing.parent_process()
    if caller is not None:
        caller.join()
        os.killpg(0, signal.SIGKILL)


class ForkedKernel:
    """A forked kernel seen as jupyter_client sees a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], environment: dict[str, str], folder: str) -> None:
        # command is [python, -m, ipykernel_launcher, arguments…].
        arguments = command[command.index("ipykernel_launcher") + 1 :]
        context = multiprocessing.get_context("forkserver")
        self.process = context.Process(target=_become_kernel, args=(arguments, environment, folder))
        with _without_main():
            self.process.start()
        self.pid = int(self.process.pid or 0)
        _running[self.pid] = self
        if _stopping.is_set():
            # Born while the others were being stopped: it would be nobody's.
            self.kill()
            raise RuntimeError("arrêt demandé")

    def poll(self) -> int | None:
        """Exit code, or None while the kernel runs."""
        code = self.process.exitcode
        if code is not None:
            _running.pop(self.pid, None)
        return code

    def wait(self) -> int | None:
        """Wait for the end and give the exit code."""
        self.process.join()
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel and every process of its session."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.send_signal(signal.SIGKILL)


def kill_all() -> None:
    """End every forked kernel of this process, and let no other start until `prepare` (interruption, end of the interpreter)."""
    _stopping.set()
    for kernel in list(_running.values()):
        kernel.kill()
        kernel.wait()


# Registered after multiprocessing's own hook, so run before it: that one would wait for kernels still running.
atexit.register(kill_all)


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Gives jupyter_client forked kernels; everything else (ports, connection file, signals) is the local provisioner's."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel from the preloaded forkserver instead of starting an interpreter."""
        if "ipykernel_launcher" not in cmd or not can_be_warm():
            return await super().launch_kernel(cmd, **kwargs)
        environment = dict(kwargs.get("env") or os.environ)
        folder = str(kwargs.get("cwd") or os.getcwd())
        self.process = ForkedKernel(cmd, environment, folder)
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and come back when it is gone: jupyter_client would look again after a tenth of a second."""
        await super().kill(restart=restart)
        until = time.monotonic() + 5
        while self.process is not None and self.process.poll() is None and time.monotonic() < until:
            await asyncio.sleep(0.002)

    async def wait(self) -> int | None:
        """Wait for the end of the kernel, looking often: it was killed, so it is a matter of milliseconds."""
        if self.process is None:
            return 0
        while (code := self.process.poll()) is None:
            await asyncio.sleep(0.004)
        self.process = None
        return int(code)


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
    """Manager whose clients are prompt; its kernels come from the provisioner chosen by `prepare`.

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
