"""Staff in: who works here from when to when, in which roles. What a row no longer names ends with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headway.domain.roles import ScopedRole
from headway.formats.rows import ParsedRow
from headway.records.models import Person, Role
from headway.services.people.powers import GUARDED, gives
from headway.services.people.scopes import RoleRefusedError, Scopes, scopes_of
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_staff"]

_Held = dict[ScopedRole, Role]


@dataclass(frozen=True, slots=True)
class _Staff:
    """The people of the school as they stand: their roles by key, their addresses, and what roles can be of."""

    registry: Registry
    scopes: Scopes
    roles: Mapping[int, _Held]
    emails: dict[str, str]
    given: frozenset[str] = field(default_factory=frozenset)


def plan_staff(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a staff file. Whoever is not in the file stays as they are."""
    roles: dict[int, _Held] = {}
    for role in Role.objects.filter(school=registry.school):
        roles.setdefault(role.person_id, {})[ScopedRole(role.role, role.scope)] = role
    given = frozenset(role for role in GUARDED if gives(registry.by, role, school=registry.school, on=registry.today))
    emails = {person.email: person.code.casefold() for person in registry.people.values() if person.email}
    staff = _Staff(registry, scopes_of(registry.school), roles, emails, given)
    for row in rows:
        try:
            _plan_person(draft, row, staff)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_person(draft: Draft, row: ParsedRow, staff: _Staff) -> None:
    registry, values = staff.registry, row.values
    code, email = str(values["staff"]), str(values["email"])
    _require_own_address(code, email, staff)
    person = registry.people.get(code.casefold())
    details = {"name": values["name"], "email": email}
    details |= {column: values[name] for column, name in _DAYS if values[name] is not None}
    held = staff.roles.get(person.pk, {}) if person else {}
    wanted = _settled(row, staff, held)
    dropped = {role: row for role, row in held.items() if role not in wanted}
    given = [role for role in wanted if role not in held]
    _require_stay(row, person)
    _require_within_powers(row, staff, person, changing=[*given, *dropped], held=held)
    if person is None:
        person = draft.add(Person(school=registry.school, code=code, **details))
        differing = {}
    else:
        differing = draft.amend(person, **details)
    for role in given:
        draft.add(Role(school=registry.school, person=person, role=role.role, scope=role.scope))
    draft.removed.extend(dropped.values())
    _warn(draft, row, person, dropped=dropped, left="ends" in differing, staff=staff, given=given)
    if code.casefold() not in registry.people:
        draft.say(row, "new", code)
        return
    if given or dropped:
        differing["roles"] = ("; ".join(map(str, sorted(held))), "; ".join(map(str, wanted)))
    before, after = spelled(differing)
    draft.say(row, "changed" if differing else "same", code, before=before, after=after)


_DAYS = (("starts", "from"), ("ends", "to"))


def _require_own_address(code: str, email: str, staff: _Staff) -> None:
    holder = staff.emails.setdefault(email, code.casefold())
    if holder != code.casefold():
        theirs = staff.registry.people[holder].code if holder in staff.registry.people else holder
        raise RefusedRowError(
            "email",
            f"somebody else of the school has it, whose code is {theirs}",
            f"an address of their own: it signs them in; or the code {theirs}, if they are the same person",
        )


def _settled(row: ParsedRow, staff: _Staff, held: _Held) -> Sequence[ScopedRole]:
    """The roles a row names, each as the school spells what it is of."""
    try:
        return list(dict.fromkeys(staff.scopes.settled(role, held=held) for role in row.values["roles"]))
    except RoleRefusedError as error:
        raise RefusedRowError("roles", error.wrong, error.right) from None


def _require_within_powers(
    row: ParsedRow, staff: _Staff, person: Person | None, *, changing: Sequence[ScopedRole], held: _Held
) -> None:
    """Refuses what nobody may do by any other way either: `headway.services.people.powers`."""
    by, days = staff.registry.by, [(name, row.values[header]) for name, header in _DAYS]
    moved = [name for name, day in days if person is not None and day is not None and getattr(person, name) != day]
    if by.user is not None and person is not None and person.user_id == by.user.pk and (changing or moved):
        right = "your row as it stands; another head or assessment manager can change it"
        raise RefusedRowError("roles" if changing else "to", "nobody changes their own roles or days", right)
    touched = {role.role for role in changing} | ({role.role for role in held} if moved else set())
    refused = touched & GUARDED - staff.given
    if refused:
        right = "the roles as they stand; a head can change this" if held else "another role"
        raise RefusedRowError("roles", f"only a head makes or unmakes {' or '.join(sorted(refused))}", right)


def _require_stay(row: ParsedRow, person: Person | None) -> None:
    first = row.values["from"] or (person.starts if person else None)
    last = row.values["to"] or (person.ends if person else None)
    if first and last and last < first:
        raise RefusedRowError("to", f"it is before {first:%d/%m/%Y}, the first day", "a later day")


def _warn(
    draft: Draft,
    row: ParsedRow,
    person: Person,
    *,
    dropped: Mapping[ScopedRole, Role],
    left: bool,
    staff: _Staff,
    given: Sequence[ScopedRole],
) -> None:
    """Says what ends with this row, and what a role is of that is not there yet."""
    if dropped:
        ended = ", ".join(map(str, sorted(dropped)))
        draft.warnings.append(f"row {row.number}: {person.name} will no longer be {ended}, from the next click.")
    if left and person.ends is not None:
        day = f"{person.ends.day} {person.ends:%B %Y}"
        gone = "is out at the next click" if person.ends < staff.registry.today else "is out after that day"
        draft.warnings.append(f"row {row.number}: {person.name}'s last day is {day}, and {person.name} {gone}.")
    for role in given:
        if not staff.scopes.knows(role):
            draft.warnings.append(
                f"row {row.number}: there is no group ‘{role.scope}’ yet; until there is, {role} sees nobody by it."
            )
