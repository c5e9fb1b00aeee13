"""`make start`: from a bare clone to a living school in one command, with a page that says how far it has come.

Runs on a bare Python: knows nothing outside the standard library, and of Headway only its command line.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import environment
from preparing import Board, preparing_server

HEADWAY = environment.VENV / "bin" / "headway"
DEMO: Sequence[str | Path] = [HEADWAY, "demo", "--school", "primary"]
STEPS = ("Install what Headway needs", "Make a made-up primary school", "Open its doors")
SECONDS_TO_OPEN = 120


def main() -> int:
    port = chosen_port(os.environ.get("HEADWAY_PORT", ""))
    if port is None:
        print("HEADWAY_PORT is not a port. Right would be a number from 1 to 65535, such as 8000.", file=sys.stderr)
        return 1
    board = Board(STEPS)
    try:
        server = preparing_server(port, board)
    except OSError as error:
        print(f"Port {port} cannot be used: {error.strerror}.", file=sys.stderr)
        print(f"Choose another: HEADWAY_PORT={port + 1 if port < 65535 else 8000} make start", file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    print(
        f"Headway is preparing. Watch it at http://localhost:{port}/, which turns to the school by itself.", flush=True
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start what runs in the background without it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        prepare(board)
        return serve(board, server, port)
    except environment.StepFailedError as failure:
        board.fail(str(failure), failure.last_lines)
        print(environment.explain(failure), file=sys.stderr, flush=True)
        board.wait_for_visitor()
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def chosen_port(text: str) -> int | None:
    """The port asked for, 8000 where none is; None where it is not a port."""
    if not text:
        return 8000
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535 else None


def prepare(board: Board) -> None:
    """The steps before the doors open: the environment, then the school."""
    with step(board, 0):
        environment.ensure("runtime", heard=board.hear)
    with step(board, 1):
        environment.run([*DEMO, "--no-serve"], heard=board.hear, env=demo_environment())


def serve(board: Board, server: ThreadingHTTPServer, port: int) -> int:
    """Gives the port over to the school's own server and stays its guardian; gives its exit code."""
    board.begin(2)
    board.hold_visitors()
    server.shutdown()
    server.server_close()
    with subprocess.Popen(
        [*map(str, DEMO), "--port", str(port)], cwd=environment.ROOT, env=demo_environment()
    ) as child:
        pass_signals_on(child)
        wait_until_open(child, port)
        board.release_visitors()
        return exit_code(child.wait())


@contextmanager
def step(board: Board, number: int) -> Iterator[None]:
    """A step with its beginning and its end, on the page and in the terminal."""
    started = time.monotonic()
    board.begin(number)
    print(f"  {STEPS[number]} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" not done.", flush=True)
        raise
    print(f" done in {time.monotonic() - started:.0f} s.", flush=True)


def demo_environment() -> Mapping[str, str]:
    """The demo lives in its own folder, never in a database that was meant for a real school."""
    kept = {name: value for name, value in os.environ.items() if name != "HEADWAY_DATABASE_URL"}
    return {**kept, "HEADWAY_DATA": str(environment.ROOT / ".demo"), "PYTHONUNBUFFERED": "1"}


def pass_signals_on(child: subprocess.Popen[bytes]) -> None:
    """Sends on what is sent here, save a Ctrl-C, which a terminal has sent to the child already."""

    def pass_on(number: int, _frame: object) -> None:
        if number == signal.SIGINT and _in_front_of_a_terminal():
            return
        if child.poll() is None:
            child.send_signal(number)

    signal.signal(signal.SIGINT, pass_on)
    signal.signal(signal.SIGTERM, pass_on)


def _in_front_of_a_terminal() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def wait_until_open(child: subprocess.Popen[bytes], port: int) -> None:
    """Waits until the port answers, or its server has given up."""
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)


def exit_code(returned: int) -> int:
    """A process's end as a shell says it: one that a signal ended is 128 and the signal."""
    return returned if returned >= 0 else 128 - returned


if __name__ == "__main__":
    sys.exit(main())
