"""What `make start` shows before there is anything of Headway: its page, and plain words about a port."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def preparing(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(root / "scripts"))
    return import_module("preparing")


@pytest.fixture
def board(preparing: Any) -> Any:
    board = preparing.Board(("Install", "Make <a> school", "Open"))
    board.begin(0)
    return board


@pytest.fixture
def port(preparing: Any, board: Any) -> Iterator[int]:
    server = preparing.preparing_server(0, board)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def _get(port: int) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    return response, page


def _start(root: Path, port: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "start.py")]
    env = {**os.environ, "HEADWAY_PORT": port}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=30)


def test_it_says_what_is_happening_and_looks_again(board: Any, port: int) -> None:
    board.begin(1)
    board.hear("Year 5 & Year 6")

    response, page = _get(port)

    assert response.status == 200
    assert '<meta http-equiv="refresh" content="2">' in page
    assert re.search(r'class="done"><b>✓</b>Install<span>done', page)
    assert re.search(r'class="now"><b>●</b>Make &lt;a&gt; school.*Year 5 &amp; Year 6', page)
    assert "<b>○</b>Open<span>to come" in page


def test_it_runs_nothing_and_fetches_nothing(port: int) -> None:
    response, page = _get(port)

    policy = response.getheader("Content-Security-Policy", "")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not re.search(r"<script|<link|<img|url\(|style=", page)


def test_it_shows_a_failure_and_stops_looking(board: Any, port: int) -> None:
    board.fail("This failed (exit code 1): pip install", ["no <such> package"])

    _, page = _get(port)

    assert "http-equiv" not in page
    assert "This failed (exit code 1): pip install" in page
    assert "no &lt;such&gt; package" in page


def test_it_holds_a_visitor_until_the_school_is_open(board: Any, port: int) -> None:
    _get(port)
    opening = threading.Thread(target=board.hold_visitors)
    opening.start()
    pages: list[str] = []
    visitor = threading.Thread(target=lambda: pages.append(_get(port)[1]))
    while not board.holding:
        pass
    visitor.start()
    opening.join(timeout=10)

    waiting = list(pages)
    board.release_visitors()
    visitor.join(timeout=10)

    assert waiting == []
    assert '<meta http-equiv="refresh" content="0">' in pages[0]


def test_it_waits_for_nobody_where_nobody_looks(board: Any) -> None:
    opening = threading.Thread(target=board.hold_visitors)
    opening.start()
    opening.join(timeout=1)

    assert not opening.is_alive()


def test_it_says_plainly_that_a_port_is_busy(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        started = _start(root, str(port))

    assert started.returncode == 1
    assert f"Port {port} cannot be used: Address already in use." in started.stderr
    assert "HEADWAY_PORT=" in started.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http", "８０００"])
def test_it_refuses_what_is_no_port(root: Path, port: str) -> None:
    started = _start(root, port)

    assert started.returncode == 1
    assert "Right would be a number from 1 to 65535" in started.stderr
