"""Strings that stand for one thing about one pupil: found in an answer, they say what was shown to whom."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.access.browsing import Answer
from tests.access.facts import ACTORS, KIDS, NAMED, SCHOOLS, WRITTEN, Actor
from tests.access.oracle import entitled, may
from tests.access.world import World

_MADE_UP = re.compile(r"[a-z]{3}(?:ou|si|st)[a-z]{3,4}zq", re.IGNORECASE)
_UPN = re.compile(r"[A-Z](?:823|933)\d{9}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLAIN = re.compile(r"[0-9a-f]{32}")
_STAFF = re.compile(r"(ou|si|st)staffzq")
_FAMILY = re.compile(r"([a-z]{3})familyzq")


class Found(NamedTuple):
    """One thing about one pupil, or somebody of a school's staff or of a pupil's family, that an answer holds."""

    text: str
    of: str
    whose: str


class Canaries:
    """All of them, to be looked for in what comes back."""

    def __init__(self, world: World) -> None:
        kinds = [each for each in (*NAMED, *WRITTEN, "note") if each not in ("upn", "uid")]
        self._made_up = {kid.canary(of).casefold(): (of, key) for key, kid in KIDS.items() for of in kinds}
        self._upns = {kid.upn: key for key, kid in KIDS.items()}
        self._uids = {str(pupil.uid): key for key, pupil in world.pupils.items()}
        self._uids |= {pupil.uid.hex: key for key, pupil in world.pupils.items()}

    def found(self, text: str) -> Iterator[Found]:
        """What a text holds."""
        for match in set(_MADE_UP.findall(text)):
            if known := self._made_up.get(match.casefold()):
                yield Found(match, *known)
        for match in set(_UPN.findall(text)):
            if match in self._upns:
                yield Found(match, "upn", self._upns[match])
        for match in {*_UUID.findall(text), *_PLAIN.findall(text)}:
            if match in self._uids:
                yield Found(match, "uid", self._uids[match])
        yield from (Found(f"{school}staffzq", "staff", school) for school in set(_STAFF.findall(text)))
        yield from (Found(f"{child}familyzq", "family", child) for child in set(_FAMILY.findall(text)))

    def leaks(self, actor: Actor, answer: Answer, *, asked: str) -> list[str]:
        """What an answer shows somebody that is not theirs to see; what they said themselves is not shown to them."""
        return [
            f"{actor.name} is shown the {each.of} of {each.whose} ({each.text})"
            for each in self.found(answer.text)
            if each.text not in asked and not _theirs(actor, each)
        ]


def _theirs(actor: Actor, found: Found) -> bool:
    if found.of == "staff":
        return _knows_staff(actor, found.whose)
    if found.of == "family":
        child = KIDS[found.whose]
        own = found.whose in {each.child for each in actor.family}
        return own or (child.school == actor.at and may(actor, "manage_people"))
    return entitled(actor, found.of, KIDS[found.whose])


def _knows_staff(actor: Actor, short: str) -> bool:
    """Whoever works in a school, is taught there or has a child there may meet the names of its staff."""
    schools = {*actor.schools, *(KIDS[each.child].school for each in actor.family)}
    schools |= {KIDS[actor.pupil].school} if actor.pupil else set()
    return not actor.anonymous and any(school[:2] == short for school in schools)


assert len({school[:2] for school in SCHOOLS}) == len(SCHOOLS)
assert len({(actor.name) for actor in ACTORS.values()}) == len(ACTORS)
