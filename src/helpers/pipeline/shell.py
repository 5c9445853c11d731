"""The forked process of a notebook: it runs cells in the shell of ipykernel, and sends what they show through a pipe.

The messages are those of a Jupyter kernel (`display_data`, `stream`, `execute_reply`…), without its sockets, threads and
signatures: the caller and this process are alone.
"""

from __future__ import annotations

import builtins
import codecs
import getpass
import io
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, NoReturn

from ipykernel import zmqshell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session, json_packer
from traitlets.config import Config

from helpers.pipeline import kernels

# Seconds between two looks at the caller, and at what was printed since: a cell may be long, or be killed.
EVERY = 0.2
# As ipykernel does: a figure drawn by an ordinary command is shown under its cell.
INLINE = "module://matplotlib_inline.backend_inline"


class Sender(Session):  # type: ignore[misc]
    """What the shell sends through: kind and content of each message, into the pipe once there is one."""

    pipe: Connection | None = None
    lock = threading.RLock()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Send one message; a caller that is gone hears nothing."""
        kind = msg_or_type if isinstance(msg_or_type, str) else msg_or_type["msg_type"]
        content = content if isinstance(msg_or_type, str) else msg_or_type["content"]
        if self.pipe is not None:
            with self.lock, suppress(OSError):
                self.pipe.send_bytes(json_packer([kind, content]))


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the cells; what is written under it, by a program that they start, comes in its order."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, name: str, number: int, sender: Sender) -> None:
        self.name, self._number, self._sender = f"<{name}>", number, sender
        self._kind, self._held, self._seen = name, io.StringIO(), 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._lock = threading.RLock()
        with tempfile.TemporaryFile() as below:
            os.dup2(below.fileno(), number)

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """Number of the file below, for the programs that a cell starts."""
        return self._number

    def write(self, text: str) -> int:
        """Hold the text until `flush`; returns its length. Raises TypeError for what is no text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            self._take()
            self._held.write(text)
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        with self._lock:
            self._take()
            text = self._held.getvalue()
            if text:
                self._held = io.StringIO()
                self._sender.send(None, "stream", {"name": self._kind, "text": text})

    def _take(self) -> None:
        size = os.fstat(self._number).st_size
        if size > self._seen:
            self._held.write(self._decoder.decode(os.pread(self._number, size - self._seen, self._seen)))
            self._seen = size


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):  # type: ignore[misc]
    """The shell of ipykernel without a kernel around it; by this very name libraries know that they write in a notebook."""

    def enable_gui(self, gui: Any = None) -> None:
        """Nothing: nobody is in front of a report."""
        self.active_eventloop = gui


@lru_cache(maxsize=1)
def ready() -> ZMQInteractiveShell:
    """The shell of this process and of those that are forked from it, made once."""
    shell: ZMQInteractiveShell = ZMQInteractiveShell.instance(
        config=Config({"HistoryManager": {"enabled": False}})
    )
    shell.kernel = SimpleNamespace(eventloop=None)
    shell.displayhook.session = shell.display_pub.session = Sender()
    return shell


def serve(pipe: Connection, environment: dict[str, str], folder: str) -> None:
    """Run the cells that come through the pipe until it closes, in a session, an environment and a folder of its own."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update({"MPLBACKEND": INLINE} | environment)
    time.tzset()
    shell = ready()
    shell.init_environment()
    sender = shell.displayhook.session
    sender.pipe = pipe
    sys.stdout, sys.stderr = Stream("stdout", 1, sender), Stream("stderr", 2, sender)
    builtins.input = getpass.getpass = _nobody
    if "matplotlib" in sys.modules:
        # Imported before the fork, it has read the environment of then.
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
    threading.Thread(target=_look_around, daemon=True).start()
    sender.send(None, "status", {"execution_state": "starting"})
    with suppress(EOFError, OSError):
        while not shell.exit_now:
            asked = pipe.recv_bytes().decode("utf-8", "surrogatepass")
            reply = {"reads": _reads()} if asked == kernels.READS else _run(shell, sender, asked)
            sender.send(None, "execute_reply", reply)


def _run(shell: ZMQInteractiveShell, sender: Sender, source: str) -> dict[str, Any]:
    """Run one cell as ipykernel does; returns the content of its reply."""
    sender.send(None, "execute_input", {"execution_count": shell.execution_count})
    result = shell.run_cell(source, store_history=True)
    sys.stdout.flush()
    sys.stderr.flush()
    if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
        return {"status": "ok"}
    error = result.error_before_exec or result.error_in_exec
    return {
        "status": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": shell._last_traceback or [],
    }


def _reads() -> str:
    from helpers import catalog

    return catalog.reads()


def _nobody(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _look_around() -> None:
    # Not even a kill -9 of the caller leaves an orphan: this process ends its whole session with it.
    caller = multiprocessing.parent_process()
    while caller is not None and caller.is_alive():
        caller.join(EVERY)
        sys.stdout.flush()
        sys.stderr.flush()
    os.killpg(0, signal.SIGKILL)
