"""PDF of a finished report, printed by the Chromium of the machine: no other program draws the page as its reader sees it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.errors import RunError, reason

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# No update, no extension, no name resolved: the page asks for nothing and the browser must not either.
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


def find_browser() -> Path | None:
    """Chromium of the machine: the program named by the variable CHROMIUM, or the first known one found; None without any."""
    asked = os.environ.get("CHROMIUM")
    for name in (asked,) if asked else PROGRAMS:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def print_reports(pages: Iterable[Path], *, timeout: float = 120) -> list[Path]:
    """PDF files printed beside the HTML `pages`, in the same order; two are printed at a time.

    `timeout` is in seconds per page. Raises RunError when there is no Chromium or when a page could not be printed; the
    HTML reports stay as they are.
    """
    browser = find_browser()
    if browser is None:
        raise RunError(
            "Aucun Chromium sur cette machine : les rapports HTML sont écrits, sans PDF. Installez chromium ou google-chrome, "
            "ou donnez son chemin par la variable CHROMIUM ; un navigateur ouvert sur la page peut aussi l'imprimer."
        )
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda page: print_page(page, browser, timeout=timeout), pages))


def print_page(page: Path, browser: Path, *, timeout: float = 120) -> Path:
    """Print one HTML file as a PDF of the same name, A4, written whole or not at all; returns its path.

    Raises RunError when the browser fails, takes more than `timeout` seconds or gives an unfinished file; an earlier PDF
    is then removed, because it would show another report than the page.
    """
    target = page.with_suffix(".pdf")
    try:
        # A profile of its own: never the one of the user, and two browsers at the same time do not meet.
        with tempfile.TemporaryDirectory(prefix="cpts-pdf-", ignore_cleanup_errors=True) as folder:
            draft = Path(folder) / "page.pdf"
            _run(
                [
                    str(browser),
                    *_QUIET,
                    *_sandbox(),
                    f"--user-data-dir={Path(folder) / 'profile'}",
                    f"--print-to-pdf={draft}",
                    page.resolve().as_uri(),
                ],
                page.name,
                timeout,
            )
            content = draft.read_bytes() if draft.exists() else b""
        if not (content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")):
            raise RunError(
                f"{page.name} : {browser.name} n'a pas donné de PDF complet. Le rapport HTML est gardé."
            )
        _replace(target, content)
    except RunError:
        target.unlink(missing_ok=True)
        raise
    return target


def _sandbox() -> list[str]:
    # Chromium refuses to start its sandbox as root (containers, continuous integration); any other user keeps it.
    return ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []


def _run(command: list[str], name: str, timeout: float) -> None:
    try:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise RunError(f"{name} : {command[0]} ne démarre pas ({reason(error)}).") from None
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise RunError(
            f"{name} : l'impression en PDF a dépassé {timeout:g} secondes. Le rapport HTML est gardé."
        ) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the browser and whatever it started, finished or not."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RunError(f"« {target.name} » n'a pas pu être écrit : {reason(error)}.") from None
