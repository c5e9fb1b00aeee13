"""An address, what it is asked about, and which answer is right for whom: guard, method and rule in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.access.browsing import SECOND_STEP, SIGN_IN
from tests.access.facts import ACTORS, KIDS, OURS, Actor, Kid
from tests.access.oracle import may, needs_second_step, sees_as_family
from tests.access.world import World

Status = int | str
NOWHERE = UUID("00000000-0000-4000-8000-000000000000")
"""An id that nothing has."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a request is about: in words (``relation``), as a path and query, and what the oracle must know of it."""

    relation: str
    path: str
    query: str = ""
    about: Any = None

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


Right = Callable[[Actor, Thing], Status]
Sent = Callable[[World, Actor, Thing], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the URLconf. ``get`` and ``post`` say what is right once its guard has let somebody in.

    None where there is no such method. ``form`` or ``json`` is what is sent; ``instead`` is where some are sent whom
    the guard does not let in.
    """

    things: Callable[[World], Iterable[Thing]]
    get: Right | None = None
    post: Right | None = None
    form: Sent | None = None
    json: Sent | None = None
    guard: str = "signed_in"
    instead: Callable[[Actor, str], Status | None] | None = None

    def takes(self, method: str) -> bool:
        """Whether there is such a method."""
        return (self.get if method == "GET" else self.post) is not None

    def right(self, method: str, actor: Actor, thing: Thing) -> Status:
        """The status that is right, guard and method included."""
        rule = self.get if method == "GET" else self.post
        barred = _GUARDS[self.guard](actor)
        if barred is not None:
            return self.instead(actor, method) or barred if self.instead else barred
        if rule is None:
            return 405
        return rule(by_token(actor) if self.guard == "token" else actor, thing)


def _known(actor: Actor) -> Status | None:
    """Pages of whoever is signed in: others are sent to the door."""
    return SIGN_IN if actor.anonymous else None


def own_account(actor: Actor) -> Status | None:
    """Those that want the second step a role asks for as well."""
    return _known(actor) or (SECOND_STEP if not actor.second_step and needs_second_step(actor) else None)


def _signed_in(actor: Actor) -> Status | None:
    """Pages of the staff: who has no role in any school is told so."""
    return own_account(actor) or (None if actor.held else 403)


def _family(actor: Actor) -> Status | None:
    """Pages of pupils and families: who has nobody to look at is told so."""
    own = any(sees_as_family(actor, kid) for kid in KIDS.values())
    return own_account(actor) or (None if own else 403)


def _token(actor: Actor) -> Status | None:
    """The API: no token, or a closed account's, is no way in; nor is one whose owner may not use the API."""
    if actor.anonymous:
        return 401
    return None if may(by_token(actor), "use_api") else 403


def by_token(actor: Actor) -> Actor:
    """Somebody as a token of theirs acts for them: in the school where they may use the API, if there is one."""
    same = [each for each in ACTORS.values() if each.who == actor.who]
    return next((each for each in same if may(each, "use_api")), actor)


_GUARDS: Mapping[str, Callable[[Actor], Status | None]] = {
    "public": lambda actor: None,
    "waiting": _known,
    "unfinished": _known,
    "own_account": own_account,
    "signed_in": _signed_in,
    "family": _family,
    "token": _token,
}


def just(*paths: str) -> Callable[[World], Iterable[Thing]]:
    """Addresses that are about nothing in particular."""
    things = [Thing("none", path.partition("?")[0], path.partition("?")[2]) for path in paths]
    return lambda world: things


def always(status: Status) -> Right:
    return lambda actor, thing: status


def who_may(action: str, *, done: Status = 200) -> Right:
    """Right for those who may do something at all in their school."""
    return lambda actor, thing: done if may(actor, action) else 403


def relation_of(kid: Kid) -> str:
    """How a pupil stands to the school most of the cast works in."""
    if kid.school != OURS:
        return {"sister": "sister school"}.get(kid.school, "strangers' school")
    if not kid.on_roll:
        return "leaver" if kid.lessons else "left last year"
    return {"amy": "in a class and a group", "gus": "last year's class", "ada": "adult"}.get(
        kid.key, f"class {kid.reg_group}"
    )


def absent(path: str) -> Callable[[World], Iterable[Thing]]:
    return lambda world: [Thing("absent", path)]


def nothing(*_: object) -> Mapping[str, Any]:
    return {}
