"""Nothing but this machine: every connection and every look-up of a name from Python that leads elsewhere is refused.

Other processes are not held by this. Chromium's requests are watched by the journeys, the server's own by a hook of
its own (tests/security/test_outbound.py).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

__all__ = ["OutboundError", "is_here", "kept_at_home"]

_BY_ADDRESS = ("connect", "connect_ex", "sendto")
_BY_NAME = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
_HERE = ("", "localhost")


class OutboundError(OSError):
    """Something tried to reach another machine."""


def is_here(address: object) -> bool:
    """Whether an address is this machine's own: a socket's file, loopback, or no name at all."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    try:
        return host in _HERE or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def kept_at_home() -> Iterator[list[str]]:
    """Refuses whatever leads elsewhere, as long as it lasts; gives the list of what was tried."""
    tried: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in _BY_ADDRESS:
            patch.setattr(socket.socket, name, _guarded(name, tried), raising=True)
        for name in _BY_NAME:
            patch.setattr(socket, name, _asked_here(getattr(socket, name), tried))
        yield tried


def _guarded(name: str, tried: list[str]) -> Callable[..., Any]:
    really = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(arguments[-1]):
            tried.append(f"{name} {arguments[-1]}")
            raise OutboundError(f"{arguments[-1]} is elsewhere")
        return really(self, *arguments)

    return guarded


def _asked_here(really: Callable[..., Any], tried: list[str]) -> Callable[..., Any]:
    def asked(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        passive = (options.get("flags", 0) or (arguments[4] if len(arguments) > 4 else 0)) & socket.AI_NUMERICHOST
        if name is not None and not passive and not is_here((name,)):
            tried.append(f"{really.__name__} {name}")
            raise OutboundError(f"{name} is elsewhere")
        return really(host, *arguments, **options)

    return asked
