"""The page at Headway's address while the school behind it is being made. Knows nothing of how it is made."""

import base64
import hashlib
import threading
import time
from collections import deque
from collections.abc import Sequence
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REFRESH_SECONDS = 2
STILL_THERE_SECONDS = 2 * REFRESH_SECONDS + 1
HELD_SECONDS = 150

STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6472; --paper: #fbfaf7; --line: #d9d6cd; --mark: #0f169e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e6; --soft: #a5abb5; --paper: #16181c; --line: #363a42; --mark: #74f2df }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, sans-serif }
main { width: min(34rem, 100vw - 3rem); padding: 2rem 0 }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 600; margin: 0 0 .25rem }
p { margin: 0; color: var(--soft) }
ol { list-style: none; margin: 1.75rem 0; padding: 0; border-top: 1px solid var(--line) }
li { display: grid; grid-template-columns: 2rem 1fr auto; padding: .7rem 0; border-bottom: 1px solid var(--line) }
li span { color: var(--soft) }
li.now { font-weight: 600 }
li.now b, li.done b { color: var(--mark) }
small { grid-column: 2 / 4; color: var(--soft); font-weight: 400; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap }
pre { overflow: auto; padding: 1rem; border: 1px solid var(--line); font-size: .8125rem; line-height: 1.5 }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"


class Board:
    """What is being done at this moment: the steps write it, the page reads it."""

    def __init__(self, steps: Sequence[str]) -> None:
        self._steps = steps
        self._began: list[float] = []
        self._heard = ""
        self._failure = ""
        self._last_lines: Sequence[str] = ()
        self._visits: deque[float] = deque(maxlen=1)
        self._asked_again = threading.Event()
        self.holding = False
        self._released = threading.Event()

    def begin(self, number: int) -> None:
        """The steps before are done; this one begins."""
        self._began = [*self._began[:number], time.monotonic()]
        self._heard = ""

    def hear(self, line: str) -> None:
        """What the step says it is doing."""
        self._heard = line.strip() or self._heard

    def fail(self, what: str, last_lines: Sequence[str]) -> None:
        """The step did not succeed, and nothing more will happen."""
        self._last_lines = last_lines
        self._failure = what

    def visit(self) -> str:
        """Somebody asks for the page; while visitors are held, the answer waits until the school can give the next."""
        self._visits.append(time.monotonic())
        if self.holding:
            self._asked_again.set()
            self._released.wait(HELD_SECONDS)
            return self._page(refresh=0)
        return self._page(refresh=None if self._failure else REFRESH_SECONDS)

    def shown(self) -> None:
        """The page has gone out."""
        if self._failure:
            self._asked_again.set()

    def hold_visitors(self) -> None:
        """From now on visitors wait; returns once an open page has asked again, so that no browser meets a gap."""
        self.holding = True
        self.wait_for_visitor()

    def release_visitors(self) -> None:
        """The school is open: whoever waited goes on to it."""
        self._released.set()

    def wait_for_visitor(self) -> None:
        """Gives a page that stands open somewhere the time to ask once more; returns at once where there is none."""
        if self._visits and time.monotonic() - self._visits[0] < STILL_THERE_SECONDS:
            self._asked_again.wait(STILL_THERE_SECONDS)

    def _page(self, *, refresh: int | None) -> str:
        again = "" if refresh is None else f'<meta http-equiv="refresh" content="{refresh}">'
        title, said = "Headway is preparing…", "This page turns to the school by itself. The first time takes a minute."
        if self._failure:
            title, said = (
                "Headway could not start",
                "The terminal says the same. Once it is mended, run make start again.",
            )
        trouble = f"<p>{escape(self._failure)}</p><pre>{escape(chr(10).join(self._last_lines))}</pre>"
        return (
            f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">{again}<title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
            f"<body><main><h1>{title}</h1><p>{said}</p><ol>{self._rows()}</ol>{trouble if self._failure else ''}"
            "</main></body></html>"
        )

    def _rows(self) -> str:
        current = len(self._began) - 1
        ends = [*self._began[1:], time.monotonic()]
        rows = []
        for number, step in enumerate(self._steps):
            if number > current:
                rows.append(f"<li><b>○</b>{escape(step)}<span>to come</span></li>")
                continue
            seconds = f"{ends[number] - self._began[number]:.0f} s"
            if number < current:
                rows.append(f'<li class="done"><b>✓</b>{escape(step)}<span>done, {seconds}</span></li>')
            elif self._failure:
                rows.append(f'<li class="now"><b>✕</b>{escape(step)}<span>failed</span></li>')
            else:
                detail = f"<small>{escape(self._heard)}</small>" if self._heard else ""
                rows.append(f'<li class="now"><b>●</b>{escape(step)}<span>{seconds}</span>{detail}</li>')
        return "".join(rows)


def preparing_server(port: int, board: Board) -> ThreadingHTTPServer:
    """A server on loopback that answers every address with the page; OSError where the port cannot be had."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_page=True)

        def do_HEAD(self) -> None:
            self._answer(with_page=False)

        def _answer(self, *, with_page: bool) -> None:
            page = board.visit().encode()
            self.send_response(200)
            for name, value in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(page))),
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", POLICY),
                ("X-Content-Type-Options", "nosniff"),
            ):
                self.send_header(name, value)
            self.end_headers()
            if with_page:
                self.wfile.write(page)
            board.shown()

        def log_message(self, *args: object) -> None:
            """The terminal is for the steps."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
