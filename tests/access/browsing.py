"""A browser for many thousands of requests: the whole chain from middleware to template, in this process."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from headway.web import sessions
from tests.access.facts import ACTORS, Actor
from tests.access.world import World
from tests.school import NOW

SIGN_IN, SECOND_STEP = "sign-in", "second step"
"""Answers that only send somebody to sign in, or to set up the second step their role asks for."""

_SENT_TO = {"/sign-in": SIGN_IN, "/account/second-step?next=": SECOND_STEP}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``status`` is the HTTP status, or `SIGN_IN`."""

    status: int | str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Everything that came, headers first."""
        said = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{said}\n\n{self.body.decode('utf-8', 'replace')}"


class Browser:
    """Asks as anybody of the world, each from a session of their own. What a request changes is put back after it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._requests = RequestFactory()
        self._errors: list[str] = []
        self._cookies = {actor.name: self._signed_in(actor) for actor in ACTORS.values()}
        got_request_exception.connect(self._failed)

    def ask(
        self,
        actor: Actor,
        path: str,
        *,
        method: str = "GET",
        form: Mapping[str, Any] | None = None,
        sent: object = None,
        token: str = "",
        keep: bool = False,
    ) -> Answer:
        """One request: a form, or ``sent`` as JSON; with a bearer token instead of a session, where one is given."""
        extra: dict[str, Any] = {"headers": {"authorization": f"Bearer {token}"}} if token else {}
        if sent is not None:
            extra |= {"data": json.dumps(sent), "content_type": "application/json"}
        elif form is not None:
            extra |= {"data": dict(form)}
        request = self._requests.generic(method, path, **extra) if method == "DELETE" else None
        request = request or getattr(self._requests, method.lower())(path, **extra)
        if not token:
            request.COOKIES.update(self._cookies[actor.name])
        request._dont_enforce_csrf_checks = True
        with _kept() if keep else put_back():
            response = self._handler.get_response(request)
            assert not self._errors, f"{actor.name}: {method} {path} failed: {self._errors.pop()}"
            return _answer(response)

    @contextmanager
    def session_of(self, actor: Actor) -> Iterator[SessionStore]:
        """Somebody's session, as an attacker would who could write into it."""
        session = SessionStore(self._cookies[actor.name]["sessionid"])
        yield session
        session.save()

    def _signed_in(self, actor: Actor) -> dict[str, str]:
        if actor.name == "anonymous":
            return {}
        client = Client()
        client.force_login(self.world.users[actor.who])
        session = client.session
        session["school"] = str(self.world.school(actor).uid)
        sessions.begin(session, second_step=actor.second_step, now=NOW)
        session.save()
        return {name: morsel.value for name, morsel in client.cookies.items()}

    def _failed(self, **_: object) -> None:
        import traceback

        self._errors.append(traceback.format_exc())


def _answer(response: HttpResponse) -> Answer:
    body = response.getvalue() if response.streaming else response.content
    where = response.headers.get("Location", "")
    status: int | str = response.status_code
    if status == 302:
        status = next((name for path, name in _SENT_TO.items() if where.startswith(path)), status)
    return Answer(status, {**response.headers, "cookies": response.cookies.output()}, body)


@contextmanager
def put_back() -> Iterator[None]:
    """Takes back what is written meanwhile, in every store."""
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        try:
            yield
        finally:
            for alias in connections:
                transaction.set_rollback(True, using=alias)


@contextmanager
def _kept() -> Iterator[None]:
    yield
