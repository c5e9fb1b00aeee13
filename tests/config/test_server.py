"""The server: refuses what would not be safe, answers on its port, and never leaves anything of itself behind."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest

from headway.config.installation import database_url
from headway.config.server import ServerRefusedError, ServerRunningError, address_of, data_lock, run
from tests.data_folder import make_tables

HEADWAY = Path(sys.executable).with_name("headway")
SECONDS = 90
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

Serve = Callable[..., "Server"]


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Looks again and again until something is so; fails where it is not in time."""
    deadline, again = time.monotonic() + SECONDS, threading.Event()
    while not true():
        assert time.monotonic() < deadline, what
        again.wait(0.05)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Server:
    """A `headway serve` in a process of its own, and what can be seen of it."""

    def __init__(self, data: Path, *options: str, port: int | None = None) -> None:
        self.data, self.port = data, port or free_port()
        self.log = data.with_name(f"{self.port}.log")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEADWAY")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [HEADWAY, "serve", "--port", str(self.port), "--data", data, *options],
                env={**kept, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def wait_until_it_answers(self, *, tls: bool = False) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, self.said
            try:
                return self.ask("/", tls=tls).status > 0
            except (OSError, HTTPException):
                return False

        wait_until(answers, f"it does not answer: {self.said}")
        if sys.platform.startswith("linux"):
            wait_until(lambda: len(self.workers_at_work()) >= 2, "its workers are not all there")

    def ask(self, path: str, *, tls: bool = False, **headers: str) -> HTTPResponse:
        trust_anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust_anybody.check_hostname, trust_anybody.verify_mode = False, ssl.CERT_NONE
        place = ("127.0.0.1", self.port)
        connection = (
            HTTPSConnection(*place, timeout=10, context=trust_anybody) if tls else HTTPConnection(*place, timeout=10)
        )
        with closing(connection):
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            response.read()
            return response

    def children(self) -> list[int]:
        """The processes that the server has started and that still run."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, _, rest = stat.read_text("ascii", errors="replace").partition(" ")
            except OSError:
                continue
            state, parent = rest.rpartition(")")[2].split()[:2]
            if parent == str(self.process.pid) and state != "Z":
                found.append(int(pid))
        return found

    def workers_at_work(self) -> list[int]:
        """The workers that have begun, each in a group of its own."""
        found = []
        for pid in self.children():
            with suppress(ProcessLookupError):
                if "spawn_main" in command_of(pid) and os.getpgid(pid) == pid:
                    found.append(pid)
        return found

    def end(self) -> None:
        """Whatever became of it, nothing of it is left."""
        workers = self.children()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(SECONDS)
        wait_until(lambda: not any(map(is_running, workers)), "workers outlive their server")


@pytest.fixture(autouse=True)
def _of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the server reads from its environment, and a data folder that is nobody's."""
    if database_url():
        pytest.skip("the server's tests make SQLite folders of their own")
    monkeypatch.setenv("HEADWAY_DATA", str(tmp_path / "folder"))
    monkeypatch.setenv("HEADWAY_TLS", "0")
    monkeypatch.setenv("HEADWAY_HOSTS", "localhost")


@pytest.fixture
def data(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return make_tables(tmp_path / "data", unblocked=request)


@pytest.fixture(autouse=True)
def in_an_ordinary_terminal() -> Iterator[None]:
    """What the tests were started under is nothing to the servers: under nohup they would outlive their terminal."""
    standing = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, standing)


@pytest.fixture
def serve(data: Path) -> Iterator[Serve]:
    """Starts servers on the data folder; none of them is left when the test ends."""
    started: list[Server] = []

    def start(*options: str, port: int | None = None) -> Server:
        started.append(Server(data, *options, port=port))
        return started[-1]

    yield start
    for server in started:
        server.end()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that the tests may ask and must leave as it is."""
    server = Server(make_tables(tmp_path_factory.mktemp("standing") / "data", unblocked=request))
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.end()


@contextmanager
def somebody_on(port: int) -> Iterator[None]:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        yield


class TestWhatItRefuses:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "school.example"])
    def test_anything_but_loopback_without_https(self, host: str) -> None:
        with pytest.raises(ServerRefusedError, match="Right would be --cert and --key, or --behind-proxy"):
            run(host=host, port=free_port(), cert=None, key=None, behind_proxy=False)

    def test_a_port_that_somebody_has(self) -> None:
        port = free_port()

        said = rf"Port {port} on 127\.0\.0\.1 cannot be used \(Address already in use\)\. Right would be another --port"
        with somebody_on(port), pytest.raises(ServerRefusedError, match=said):
            run(host="127.0.0.1", port=port, cert=None, key=None, behind_proxy=False)

    def test_to_answer_to_any_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HEADWAY_HOSTS", "school.example,*")

        with pytest.raises(ServerRefusedError, match=r"HEADWAY_HOSTS holds \*.* Right would be the names people type"):
            run(host="127.0.0.1", port=free_port(), cert=None, key=None, behind_proxy=True)

    @pytest.mark.parametrize("names", ["school.example", "localhost, 192.0.2.1", "[2001:db8::1]"])
    def test_names_that_others_reach_over_plain_http(self, monkeypatch: pytest.MonkeyPatch, names: str) -> None:
        monkeypatch.setenv("HEADWAY_HOSTS", names)

        with pytest.raises(ServerRefusedError, match=r"without https .* Right would be --behind-proxy"):
            run(host="127.0.0.1", port=free_port(), cert=None, key=None, behind_proxy=False)

    def test_an_address_that_is_not_this_machines(self) -> None:
        with pytest.raises(ServerRefusedError, match=r"on 192\.0\.2\.1 cannot be used"):
            run(host="192.0.2.1", port=free_port(), cert=None, key=None, behind_proxy=True)

    def test_a_data_folder_that_a_server_has(self) -> None:
        with data_lock(), pytest.raises(ServerRunningError, match=r"A server is running on .*folder already"):
            run(host="127.0.0.1", port=free_port(), cert=None, key=None, behind_proxy=False)

    def test_half_of_what_https_needs(self, serve: Serve, tmp_path: Path) -> None:
        (tmp_path / "cert.pem").write_text("")

        server = serve("--cert", str(tmp_path / "cert.pem"))

        assert server.process.wait(SECONDS) == 2
        assert "--cert and --key go together." in server.said


class TestDataLock:
    def test_a_folder_is_one_servers_at_a_time(self) -> None:
        with data_lock(), pytest.raises(ServerRunningError), data_lock():
            pass
        with data_lock():
            pass

    def test_it_is_given_back_whatever_happens(self) -> None:
        with pytest.raises(ZeroDivisionError), data_lock():
            raise ZeroDivisionError
        with data_lock():
            pass


@pytest.mark.parametrize(
    ("host", "tls", "address"),
    [
        ("127.0.0.1", False, "http://localhost:8000/"),
        ("localhost", False, "http://localhost:8000/"),
        ("::1", False, "http://localhost:8000/"),
        ("127.0.0.2", True, "https://localhost:8000/"),
        ("school.example", True, "https://school.example:8000/"),
        ("192.0.2.1", True, "https://192.0.2.1:8000/"),
        ("2001:db8::1", True, "https://[2001:db8::1]:8000/"),
    ],
)
def test_the_address_is_the_one_people_type(host: str, tls: bool, address: str) -> None:
    assert address_of(host, 8000, tls=tls) == address


class TestServing:
    def test_it_answers_on_its_port_and_says_where(self, standing: Server) -> None:
        said = rf"^Headway is at http://localhost:{standing.port}/ \(Ctrl\+C stops it\)$"

        assert re.search(said, standing.said, re.MULTILINE)
        assert standing.ask("/").status < 500
        assert standing.ask("/", Host="evil.example").status == 400

    def test_plain_http_promises_no_https(self, standing: Server) -> None:
        assert standing.ask("/").getheader("Strict-Transport-Security") is None
        assert standing.ask("/", X_Forwarded_Proto="https").getheader("Strict-Transport-Security") is None

    def test_a_second_one_on_the_same_folder_or_port_refuses_and_never_says_that_it_serves(
        self, standing: Server, serve: Serve, tmp_path: Path
    ) -> None:
        same_port = serve(port=standing.port)
        same_folder = Server(standing.data)

        assert same_port.process.wait(SECONDS) == same_folder.process.wait(SECONDS) == 1
        assert f"Port {standing.port} on 127.0.0.1 cannot be used" in same_port.said
        assert "A server is running on" in same_folder.said
        assert "Headway is at" not in same_port.said + same_folder.said
        assert standing.process.poll() is None

    @LINUX
    def test_workers_begin_without_their_parents_open_files(self, standing: Server) -> None:
        lock = (standing.data / "serve.lock").stat().st_ino

        for worker in standing.children():
            assert lock not in {file.stat().st_ino for file in Path(f"/proc/{worker}/fd").iterdir() if file.exists()}

    def test_behind_a_proxy_every_worker_knows_that_it_speaks_https(self, serve: Serve) -> None:
        server = serve("--behind-proxy")
        server.wait_until_it_answers()

        for _ in range(8):
            answer = server.ask("/", X_Forwarded_Proto="https")
            assert answer.getheader("Strict-Transport-Security") == "max-age=31536000; includeSubDomains"

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
    def test_it_speaks_https_itself(self, serve: Serve, tmp_path: Path) -> None:
        cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
        subject = ["-subj", "/CN=localhost", "-days", "1", "-nodes", "-newkey", "rsa:2048"]
        files = ["-keyout", key, "-out", cert]
        subprocess.run(["openssl", "req", "-x509", *subject, *files], check=True, capture_output=True)

        server = serve("--cert", str(cert), "--key", str(key))
        server.wait_until_it_answers(tls=True)

        assert f"Headway is at https://localhost:{server.port}/" in server.said
        assert server.ask("/", tls=True).status < 500


class TestEnding:
    @pytest.mark.parametrize(
        "end",
        [
            lambda process: process.send_signal(signal.SIGINT),
            lambda process: os.killpg(process.pid, signal.SIGINT),
            lambda process: process.send_signal(signal.SIGTERM),
            lambda process: os.killpg(process.pid, signal.SIGHUP),
        ],
        ids=["interrupted", "Ctrl+C in a terminal", "terminated", "its terminal closed"],
    )
    def test_it_stops_cleanly_and_the_port_is_free(
        self, serve: Serve, data: Path, monkeypatch: pytest.MonkeyPatch, end: Callable[[subprocess.Popen[bytes]], None]
    ) -> None:
        monkeypatch.setenv("HEADWAY_DATA", str(data))
        server = serve()
        server.wait_until_it_answers()

        end(server.process)

        assert server.process.wait(SECONDS) == 0, server.said
        assert is_free(server.port)
        with data_lock():
            pass

    def test_it_outlives_its_terminal_where_it_was_told_to(self, serve: Serve) -> None:
        standing = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            server = serve()
        finally:
            signal.signal(signal.SIGHUP, standing)
        server.wait_until_it_answers()

        os.killpg(server.process.pid, signal.SIGHUP)

        assert server.ask("/").status < 500
        assert server.process.poll() is None

    @LINUX
    def test_its_workers_end_with_it_however_it_ends(self, serve: Serve) -> None:
        server = serve()
        server.wait_until_it_answers()
        workers = server.children()

        server.process.send_signal(signal.SIGKILL)
        server.process.wait(SECONDS)

        assert len(workers) >= 2
        wait_until(lambda: not any(is_running(worker) for worker in workers), "workers outlive their server")
        assert is_free(server.port)
        again = serve(port=server.port)
        again.wait_until_it_answers()

    @LINUX
    def test_a_worker_that_dies_is_replaced(self, serve: Serve) -> None:
        server = serve()
        server.wait_until_it_answers()
        first, second, *_ = server.workers_at_work()

        os.kill(first, signal.SIGKILL)

        wait_until(lambda: {*server.workers_at_work()} - {first, second} != set(), "nobody took its place")
        assert server.ask("/").status < 500


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and command_of(pid) != ""


def command_of(pid: int) -> str:
    """What a process was started as; nothing where it is gone, or only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
