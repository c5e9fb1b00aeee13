"""Every page a person can come to by following links, each kind of page a few times."""

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.web.html import read

__all__ = ["content_of", "pages"]

_OF_A_KIND = 4


def pages(client: Client, *starts: str) -> Iterator[tuple[str, HttpResponse]]:
    """Addresses and what they answer, from the first page on."""
    waiting, seen, opened = deque(["/", *starts]), set[str](), Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = _kind(address)
        if kind is None or address in seen or (opened[kind] >= _OF_A_KIND and address not in starts):
            continue
        seen.add(address)
        opened[kind] += 1
        answer = client.get(address)
        yield address, answer
        if answer.get("Content-Type", "").startswith("text/html"):
            waiting.extend(str(each["href"]) for each in read(answer).find("a") if each.get("href"))
        elif answer.status_code in (301, 302):
            waiting.append(answer["Location"])


def content_of(answer: HttpResponse) -> str:
    """What an answer holds, as text."""
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode("utf-8", errors="replace")


def _kind(address: str) -> str | None:
    """Which of our addresses it is; none where it is nobody's, or leads out."""
    path = urlsplit(address).path
    if not address.startswith("/") or path == "/sign-out":
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name or match.route
