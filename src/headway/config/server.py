"""The production server: one a data folder, workers that never outlive it, plain http on loopback only."""

import ipaddress
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management import call_command
from filelock import FileLock, Timeout
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from headway.config.installation import data_folder

__all__ = ["ServerRefusedError", "ServerRunningError", "address_of", "data_lock", "run", "watch_parent"]

_PARENT = "HEADWAY_SERVER_PID"


class ServerRefusedError(Exception):
    """The server will not start so; the message says what would be right."""


class ServerRunningError(ServerRefusedError):
    """Another server holds the data folder."""


def address_of(host: str, port: int, *, tls: bool) -> str:
    """The address people type: localhost by name, since passkeys need one."""
    name = "localhost" if _is_loopback(host) else f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{name}:{port}/"


@contextmanager
def data_lock() -> Iterator[None]:
    """Holds the data folder: one server, or one restore, at a time."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "serve.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServerRunningError(
            f"A server is running on {folder} already. Right would be to stop it first, or another --data folder."
        ) from None
    try:
        yield
    finally:
        lock.release()


def run(
    *,
    host: str,
    port: int,
    cert: Path | None,
    key: Path | None,
    behind_proxy: bool,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serves until stopped; tells ``ready`` the address just before it opens.

    Raises ServerRefusedError where it would not be safe, or cannot.
    """
    if not _is_loopback(host) and cert is None and not behind_proxy:
        raise ServerRefusedError(
            f"{host} can be reached from elsewhere, and without https anybody between could read children's records. "
            "Right would be --cert and --key, or --behind-proxy, or --host 127.0.0.1."
        )
    _require_names(tls=cert is not None or behind_proxy)
    _require_free(host, port)
    os.environ["HEADWAY_TLS"] = "1" if cert or behind_proxy else "0"
    if not _is_loopback(host) and "HEADWAY_HOSTS" not in os.environ:
        os.environ["HEADWAY_HOSTS"] = f"{host},localhost,127.0.0.1,[::1]"
    with data_lock():
        call_command("collectstatic", interactive=False, verbosity=0)
        ready(address_of(host, port, tls=cert is not None))
        _serve(host, port, cert, key)


def watch_parent() -> None:
    """Ends this worker as soon as the server that started it is gone, however it went.

    A Ctrl+C in the terminal is for that server, which ends its workers in turn: a worker told twice may hang.
    """
    parent = os.environ.get(_PARENT)
    if parent is None or int(parent) == os.getpid():
        return
    if hasattr(os, "setpgrp"):
        os.setpgrp()

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def _serve(host: str, port: int, cert: Path | None, key: Path | None) -> None:
    os.environ[_PARENT] = str(os.getpid())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    # Workers begin afresh: a fork would carry the parent's settings, as they were before https was known, its open
    # database and its lock.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "headway.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=max(2, min(os.cpu_count() or 2, 8)),
        blocking_threads=4,
        backlog=1024,
        log_access=False,
        log_level=LogLevels.warning,
        ssl_cert=cert,
        ssl_key=key,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    # When its terminal is closed, Granian begins anew, with nobody to stop it. Under nohup that is what was asked for.
    stays = hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    on_hangup: Callable[..., None] = (lambda *_: None) if stays else server.signal_handler_interrupt
    server.signal_handler_reload = on_hangup  # type: ignore[method-assign]
    server.serve()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require_names(*, tls: bool) -> None:
    """Names of its own, and over plain http only this machine's: a proxy in front of it has to be said."""
    names = [name.strip() for name in os.environ.get("HEADWAY_HOSTS", "").split(",") if name.strip()]
    if "*" in names:
        raise ServerRefusedError(
            "HEADWAY_HOSTS holds *, so Headway would answer to any name. "
            "Right would be the names people type, parted by commas."
        )
    others = [name for name in names if not _is_loopback(name.strip("[]"))]
    if others and not tls:
        raise ServerRefusedError(
            f"HEADWAY_HOSTS names {', '.join(others)}, and without https anybody between could read children's "
            "records. Right would be --behind-proxy where a proxy speaks https, or --cert and --key."
        )


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerRefusedError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Right would be another --port."
            ) from error
