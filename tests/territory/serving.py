"""An address on this machine that gives what a test decides, as a publisher's would."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Publisher:
    """What the address gives (`answer`), the length it announces when another one, its status."""

    def __init__(self) -> None:
        self.answer = b""
        self.length: int | None = None
        self.status = 200
        self.port = 0
        self.stop = lambda: None


@contextmanager
def publisher() -> Iterator[Publisher]:
    """The address, alive as long as the block: `port` on 127.0.0.1, `stop()` ends it before."""
    given = Publisher()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(given.status)
            self.send_header("Content-Length", str(given.length or len(given.answer)))
            self.end_headers()
            self.wfile.write(given.answer)

        def log_message(self, *_: object) -> None:
            pass

    daemon = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=daemon.serve_forever, daemon=True).start()
    given.port, given.stop = daemon.server_port, daemon.shutdown
    try:
        yield given
    finally:
        daemon.shutdown()
        daemon.server_close()
