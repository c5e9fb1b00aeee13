"""A private PostgreSQL for tests: made in a folder of its own, on loopback, gone when the work is done.

Run as ``postgres.py COMMAND …`` it gives the command a HEADWAY_DATABASE_URL. Knows nothing of Headway's records.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS_TO_START = 60
FOR_TESTS_ONLY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


class PostgresError(RuntimeError):
    """The server could not be made or started; the message is its own last words."""


def find_programs() -> Path | None:
    """The folder that holds initdb and postgres, the newest where there are several; None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    needed = ("initdb", "postgres", "pg_isready", "createdb")
    return next((folder for folder in folders if all((folder / each).exists() for each in needed)), None)


@contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """A running server with one empty database; gives its address, and stops it whatever happens inside."""
    with tempfile.TemporaryDirectory(prefix="headway-postgresql-") as name:
        folder = Path(name)
        password = secrets.token_urlsafe(24)
        _make_cluster(programs, folder, password)
        server, port = _start(programs, folder)
        try:
            place = ["--host=127.0.0.1", f"--port={port}", "--username=headway"]
            _must([programs / "createdb", *place, "headway"], env={**os.environ, "PGPASSWORD": password})
            yield f"postgresql://headway:{password}@127.0.0.1:{port}/headway"
        finally:
            _stop(server)


def _make_cluster(programs: Path, folder: Path, password: str) -> None:
    password_file = folder / "password"
    password_file.write_text(password, "ascii")
    password_file.chmod(0o600)
    account = _account()
    if account:
        os.chown(folder, account["user"], account["group"])
        os.chown(password_file, account["user"], account["group"])
    ways = ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _must([programs / "initdb", f"--pgdata={folder / 'data'}", "--username=headway", *ways], cwd=folder, **account)


def _start(programs: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The server on a free port; a port that was taken in between is tried again."""
    for _ in range(3):
        port = _free_port()
        settings = {**FOR_TESTS_ONLY, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_account(),
            )
        if _answers(programs, server, port):
            return server, port
        _stop(server)
    raise PostgresError((folder / "log").read_text("utf-8", errors="replace"))


def _answers(programs: Path, server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + SECONDS_TO_START
    ask: list[str | Path] = [programs / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={port}"]
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(ask, check=False).returncode == 0:
            return server.poll() is None
        time.sleep(0.1)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ends this server and no other: quickly, then at once."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(sign)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue


def _account() -> dict[str, Any]:
    """Who the server runs as: PostgreSQL refuses root, so root lends it an account without rights."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _must(command: Sequence[str | Path], **how: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **how)
    if done.returncode:
        raise PostgresError(done.stdout + done.stderr)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0


def stop_on_terminate() -> None:
    """Makes a polite `kill` unwind like Ctrl-C, so that nothing started here is left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def main(command: Sequence[str]) -> int:
    programs = find_programs()
    if programs is None or not command:
        print("Usage: postgres.py COMMAND …, with PostgreSQL installed (Debian: postgresql).", file=sys.stderr)
        return 2
    stop_on_terminate()
    with private_server(programs) as url:
        return subprocess.run(command, check=False, env={**os.environ, "HEADWAY_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
