"""The server as a school runs it: what its answers say, that it asks nobody elsewhere, what it does not start on."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from headway.config.installation import database_url
from tests.config.test_server import SECONDS, Server
from tests.data_folder import at_work_on, make_tables
from tests.security.walk import places
from tests.web.primary import PASSWORD, TEACHER, make_primary

WATCH = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["WATCHED"], "a") as said:
            said.write(f"{event} {arguments[1:] if event.endswith(('connect', 'sendto')) else arguments[:1]}\\n")
sys.addaudithook(watch)
"""


@pytest.fixture(scope="module", autouse=True)
def _on_sqlite() -> None:
    if database_url():
        pytest.skip("the server's tests make SQLite folders of their own")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where every Python started from here writes down whom it asks."""
    folder = tmp_path_factory.mktemp("watch")
    (folder / "sitecustomize.py").write_text(WATCH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(Path(__file__).parents[2] / "src")]))
        patch.setenv("WATCHED", str(folder / "asked"))
        for name in ("DEBUG", "DJANGO_DEBUG", "HEADWAY_DEBUG"):
            patch.setenv(name, "1")
        yield folder / "asked"


@pytest.fixture(scope="module")
def served(watched: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Elm Tree, served."""
    data = make_tables(tmp_path_factory.mktemp("served") / "data", unblocked=request)
    with at_work_on(data, unblocked=request):
        make_primary()
    server = Server(data)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.end()


class Browser:
    """Cookies kept from one answer to the next."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, SimpleCookie()

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        headers = {"Cookie": "; ".join(f"{name}={each.value}" for name, each in self._cookies.items())}
        body = None if form is None else urlencode(form)
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self._port}"}
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=30)) as connection:
            connection.request("GET" if form is None else "POST", address, body, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self._cookies.load(value)
            said = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, said, answer.read().decode(errors="replace")

    def sign_in(self, email: str) -> None:
        _, _, page = self.ask("/sign-in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        self.ask("/sign-in", {"csrfmiddlewaretoken": token[1], "username": email, "password": PASSWORD})


def test_every_answer_says_what_it_must_and_not_who_it_is(served: Server) -> None:
    browser = Browser(served.port)
    static = re.search(r'href="(/static/[^"]+\.css)"', browser.ask("/sign-in")[2])
    assert static is not None

    for address in ("/", "/sign-in", "/nothing", static[1], "/static/nothing.css", "/%00", "/progress"):
        status, said, body = browser.ask(address)
        assert "default-src 'self'" in said["content-security-policy"], address
        assert "unsafe" not in said["content-security-policy"], address
        assert said["x-content-type-options"] == "nosniff", address
        assert said["cross-origin-resource-policy"] == "same-origin", address
        assert "camera=()" in said["permissions-policy"], address
        assert "strict-transport-security" not in said, address
        assert ("no-store" in said["cache-control"]) == (status != 200 or not address.startswith("/static")), address
        assert not re.search(r"\d", said.get("server", "")), said.get("server")
        assert "x-powered-by" not in said, address
        assert "Traceback" not in body and "DEBUG" not in body, address


@pytest.mark.parametrize(
    "request_line", [b"GET / HTTP/9.9", b"\x16\x03\x01\x02", b"GET /" + b"x" * 500_000, b"GET / HTTP"]
)
def test_what_is_no_request_is_told_nothing(served: Server, request_line: bytes) -> None:
    import socket

    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=30)) as raw:
        said = b""
        try:
            raw.sendall(request_line + b"\r\nHost: localhost\r\n\r\n")
            raw.shutdown(socket.SHUT_WR)
            while some := raw.recv(65536):
                said += some
        except OSError:  # the door was shut at once
            pass

    assert said == b"" or said.startswith(b"HTTP/1.1 4")
    assert b"granian" not in said.lower() and b"python" not in said.lower()


def test_serving_pages_asks_nobody_elsewhere(served: Server, watched: Path) -> None:
    browser = Browser(served.port)
    browser.sign_in(TEACHER)
    opened = {each.address: browser.ask(each.address)[0] for each in places()}

    assert opened["/"] == 200, opened
    assert list(opened.values()).count(200) >= 5
    asked = watched.read_text() if watched.exists() else ""
    elsewhere = [line for line in asked.splitlines() if not re.search(r"127\.0\.0\.1|localhost|::1|'/", line)]
    assert elsewhere == []


def test_it_would_notice(watched: Path) -> None:
    knock = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"

    subprocess.run([sys.executable, "-c", knock], check=True, env={**os.environ, "WATCHED": str(watched) + "-2"})

    assert "('192.0.2.1', 9)" in watched.with_name(watched.name + "-2").read_text()


class TestStarting:
    @pytest.fixture
    def data(self, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
        return make_tables(tmp_path / "data", unblocked=request)

    def test_it_does_not_start_with_a_secret_that_others_can_read(self, data: Path) -> None:
        (data / "secret.key").chmod(0o644)

        server = Server(data)

        assert server.process.wait(SECONDS) == 1
        assert "Others on this machine can read secret.key. Right would be its owner alone: chmod go=" in server.said
        assert "not served" in server.said
        assert "Headway is at" not in server.said

    def test_it_does_not_start_in_a_synchronised_folder(self, data: Path, tmp_path: Path) -> None:
        moved = tmp_path / "OneDrive - Hillside" / "headway"
        moved.parent.mkdir()
        shutil.move(data, moved)

        server = Server(moved)

        assert server.process.wait(SECONDS) == 1
        assert "synchronised (OneDrive - Hillside)" in server.said
