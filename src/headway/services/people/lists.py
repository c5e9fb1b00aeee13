"""Everybody who works at a school as those see them who manage people: roles, days, account, when last here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from headway.domain.roles import ROLES, ScopedRole
from headway.formats.policy import school_policy
from headway.records.models import Act, Person, Revision, Role, School, User
from headway.services.access import Viewer, require
from headway.services.people.accounts import DORMANT_AFTER, last_used, person_within
from headway.services.people.powers import GUARDED, gives
from headway.services.people.scopes import Scopes, scopes_of
from headway.services.sign_in.second_steps import with_second_step

__all__ = [
    "AccountState",
    "HeldRole",
    "PersonChange",
    "PersonDetail",
    "PersonRow",
    "people_of",
    "person_of",
    "roles_to_give",
]

AccountState = Literal["none", "invited", "open", "dormant", "closed"]
_MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role somebody holds, with what it is of as people say it; ``there`` says whether the school has that."""

    role: ScopedRole
    of: str
    there: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the school: who, in which roles, from when to when, and how their account stands.

    ``second_step`` says whether one is set; ``needs_second_step`` whether their roles ask for one.
    """

    uid: UUID
    code: str
    name: str
    email: str
    roles: tuple[HeldRole, ...]
    starts: date | None
    ends: date | None
    account: AccountState
    last_here: datetime | None
    second_step: bool
    needs_second_step: bool

    def left(self, today: date) -> bool:
        return self.ends is not None and self.ends < today


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One act that changed a person or their roles."""

    at: datetime
    by: str
    kind: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """One person with what can be done: the roles that may be given, and whether it is the viewer themself.

    ``above`` says that only a head may change this person.
    """

    row: PersonRow
    signs_in_as: str
    changes: Sequence[PersonChange]
    scopes: Scopes
    gives: Sequence[str]
    own: bool
    above: bool


def people_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[PersonRow]:
    """Everybody who works or worked at a school, by name."""
    require(viewer, "manage_people", school=school, on=now.date())
    people = Person.objects.filter(school=school).select_related("user")
    return _rows(people, school=school, scopes=scopes_of(school), now=now)


def person_of(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> PersonDetail:
    """One person of a school."""
    require(viewer, "manage_people", school=school, on=now.date())
    person, scopes = person_within(school, uid), scopes_of(school)
    (row,) = _rows([person], school=school, scopes=scopes, now=now)
    head = any(held.role.role in GUARDED for held in row.roles)
    return PersonDetail(
        row=row,
        signs_in_as=(person.user.email or "") if person.user else "",
        changes=_changes(person),
        scopes=scopes,
        gives=roles_to_give(viewer, school=school, now=now),
        own=viewer.user is not None and person.user_id == viewer.user.pk,
        above=head and not gives(viewer, "head", school=school, on=now.date()),
    )


def roles_to_give(viewer: Viewer, *, school: School, now: datetime) -> Sequence[str]:
    """The roles somebody who manages people may give."""
    require(viewer, "manage_people", school=school, on=now.date())
    return [role for role in ROLES if gives(viewer, role, school=school, on=now.date())]


def _rows(people: Iterable[Person], *, school: School, scopes: Scopes, now: datetime) -> list[PersonRow]:
    listed = sorted(people, key=lambda person: (person.name.casefold(), person.pk))
    users = [person.user for person in listed if person.user is not None]
    used, stepped, roles = (
        last_used(users),
        with_second_step([user.pk for user in users]),
        _roles(listed, school=school),
    )
    rows = []
    for person in listed:
        held = roles.get(person.pk, [])
        last = used.get(person.user_id) if person.user_id else None
        rows.append(
            PersonRow(
                uid=person.uid,
                code=person.code,
                name=person.name,
                email=person.email,
                roles=tuple(HeldRole(role, scopes.words(role), scopes.knows(role)) for role in held),
                starts=person.starts,
                ends=person.ends,
                account=_account(person.user, last, now=now),
                last_here=last,
                second_step=person.user_id in stepped,
                needs_second_step=any(school_policy().roles[r.role].needs_second_step(r.scope) for r in held),
            )
        )
    return rows


def _roles(people: Collection[Person], *, school: School) -> Mapping[int, list[ScopedRole]]:
    """The roles of each person by their key, in the order of the roles."""
    order = list(ROLES)
    found: dict[int, list[ScopedRole]] = {}
    held = Role.objects.filter(school=school, person__in=[person.pk for person in people])
    for key, role, scope in held.values_list("person_id", "role", "scope"):
        found.setdefault(key, []).append(ScopedRole(role, scope))
    for roles in found.values():
        roles.sort(key=lambda each: (order.index(each.role), each.scope))
    return found


def _account(user: User | None, last: datetime | None, *, now: datetime) -> AccountState:
    if user is None:
        return "none"
    if not user.is_active:
        return "closed"
    if not user.has_usable_password():
        return "invited"
    return "dormant" if last is not None and now - last > DORMANT_AFTER else "open"


def _changes(person: Person) -> Sequence[PersonChange]:
    """The acts that wrote the person or a role of theirs, the newest first; ended roles among them."""
    mine = Revision.objects.filter(school=person.school_id, kind="Person", row=person.pk).values("act_id")
    roles = Revision.objects.filter(school=person.school_id, kind="Role", state__person_id=person.pk)
    rows = Revision.objects.filter(school=person.school_id, kind="Role", row__in=roles.values("row")).values("act_id")
    acts = Act.objects.filter(pk__in=mine) | Act.objects.filter(pk__in=rows)
    return [PersonChange(act.at, act.by, act.kind) for act in acts.distinct().order_by("-pk")[:_MOST_CHANGES]]
