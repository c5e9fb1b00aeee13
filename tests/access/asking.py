"""What the checks of the access module are made of: people as it knows them, and a world a little otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from headway.records.models import AcademicYear, Placement, Pupil, Role, School
from headway.records.versioned import Versioned
from tests.access.browsing import put_back
from tests.access.facts import ACTORS, KIDS, OURS, TODAY, Actor
from tests.access.world import World, write

Access = Any
"""The access module, or a mutant of it."""

Check = Callable[[Access, World], None]

STAFF = [actor for actor in ACTORS.values() if actor.name != "anonymous" and actor.second_step]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def viewer_in(access: Access, world: World, actor: Actor) -> Any:
    user = world.users[actor.who]
    assert not isinstance(user, AnonymousUser)
    return access.viewer_of(user)


def at(actor: Actor, school: str) -> Actor:
    """The same person in another of the schools: what they teach is taught where they chose to be."""
    if actor.at == school:
        return actor
    other = next((each for each in ACTORS.values() if each.who == actor.who and each.at == school), None)
    return other or Actor(actor.name, actor.holdings, at=school, lapsed=actor.lapsed, family=actor.family)


def family_of(actor: Actor, school: str) -> set[tuple[str, str]]:
    """How somebody is a pupil of a school or family of one, as far as it counts today."""
    found = {("pupil", key) for key in (actor.pupil,) if key and KIDS[key].on_roll and KIDS[key].school == school}
    return found | {("parent", each.child) for each in actor.family if each.holds and KIDS[each.child].school == school}


def both_ways(access: Access, world: World, actor: Actor, school: School, *fields: str, on: date = TODAY) -> set[str]:
    """Whom somebody reaches, told the same by both ways of asking."""
    viewer = viewer_in(access, world, actor)
    pupils = access.pupils_within_reach(viewer, school=school, on=on, fields=fields)
    keys = access.keys_within_reach(viewer, school=school, on=on, fields=fields)
    everybody = set(Pupil.objects.filter(school=school).values_list("pk", flat=True))
    assert (everybody if keys is None else set(keys)) == set(pupils.values_list("pk", flat=True))
    return keys_of(world, pupils)


def keys_of(world: World, pupils: Any) -> set[str]:
    return {world.kid(pupil.uid).key for pupil in pupils}


def family_in(access: Access, world: World, name: str, *, on: date = TODAY) -> set[str]:
    return keys_of(world, access.family_within_reach(viewer_in(access, world, ACTORS[name]), on=on))


def pupil_row(world: World, key: str) -> Pupil:
    return Pupil.objects.get(pk=world.pupils[key].pk)


def change(row: Any, **values: object) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def again(placed: Placement, year: AcademicYear) -> Placement:
    return Placement(
        school=placed.school, pupil=placed.pupil, year=year, year_group=placed.year_group, reg_group=placed.reg_group
    )


@contextmanager
def changed(school: School, **rows: list[Versioned]) -> Iterator[None]:
    """The world with some rows otherwise, for as long as it lasts."""
    with put_back():
        write(school, **rows)
        yield


@contextmanager
def scoped(world: World, name: str, scope: str) -> Iterator[None]:
    role = Role.objects.get(person__email=ACTORS[name].email)
    with changed(world.schools[OURS], changed=[change(role, scope=scope)]):
        yield


@contextmanager
def raises(error: type[Exception], *, says: str = "", unless: object = False) -> Iterator[None]:
    """Expects an error, and none where it is not due."""
    try:
        yield
    except error as raised:
        assert not unless, f"{raised!r} was raised"
        assert says in str(raised)
        return
    assert unless, f"{error.__name__} was not raised"
