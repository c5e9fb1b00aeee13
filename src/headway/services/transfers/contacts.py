"""Contacts in: the parents and guardians of pupils, with the dates they hold and whether they are restricted.

A file never lets anybody in: who may sign in is invited child by child (`headway.services.families.invitations`).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from headway.formats.rows import ParsedRow
from headway.records.models import Contact, Pupil
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_contacts"]

_FIELDS = {
    "relationship": "relationship",
    "email": "email",
    "language": "language",
    "receives_reports": "receives_reports",
    "restricted": "restricted",
    "from": "starts",
    "to": "ends",
}
"""The columns beside the pupil and the name, and the field each fills."""

_HEADERS = {field: header for header, field in _FIELDS.items()}
_Family = dict[str, Contact]


def plan_contacts(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a contacts file."""
    families: defaultdict[int, _Family] = defaultdict(dict)
    for contact in Contact.objects.filter(school=registry.school):
        families[contact.pupil_id][contact.name.casefold()] = contact
    for row in rows:
        try:
            pupil = registry.pupil(row.values["upn"])
            _plan_contact(draft, row, registry, pupil, families[pupil.pk])
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_contact(draft: Draft, row: ParsedRow, registry: Registry, pupil: Pupil, family: _Family) -> None:
    name = str(row.values["name"])
    given = {field: row.values[header] for header, field in _FIELDS.items() if row.values[header] is not None}
    standing = family.get(name.casefold())
    _check_dates(given, standing)
    _check_restriction(given, standing)
    _check_address(given, standing, [each for each in family.values() if each is not standing])
    what = f"{pupil.upn} {name}"
    if standing is None:
        made = Contact(school=registry.school, pupil=pupil, name=name, **given)
        family[name.casefold()] = draft.add(made)
        draft.say(row, "new", what)
        return
    lets_go = standing.user_id is not None and given.get("email", standing.email) != standing.email
    differing = draft.amend(standing, name=name, **given)
    said = {_HEADERS.get(field, field): (_words(old), _words(new)) for field, (old, new) in differing.items()}
    if lets_go:
        draft.amend(standing, user_id=None)
        said["sign-in"] = ("by the address before", "to be invited again, for the address has changed")
    before, after = spelled(said)
    draft.say(row, "changed" if differing else "same", what, before=before, after=after)


def _check_dates(given: dict[str, object], standing: Contact | None) -> None:
    starts = given.get("starts", standing.starts if standing else None)
    ends = given.get("ends", standing.ends if standing else None)
    if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
        column = "to" if "ends" in given else "from"
        right = f"a day from {starts:%d/%m/%Y} on" if column == "to" else f"a day up to {ends:%d/%m/%Y}"
        raise RefusedRowError(column, f"the contact would end before {starts:%d/%m/%Y}, when it begins", right)


def _check_restriction(given: dict[str, object], standing: Contact | None) -> None:
    """A file restricts and never lifts: a court's order does not end because a column was filled with N."""
    if standing is not None and standing.restricted and given.get("restricted") is False:
        right = "Y or blank; it is lifted on the contact's own page, with the reason"
        raise RefusedRowError("restricted", f"{standing.name} is restricted, and a file lifts no restriction", right)


def _check_address(given: dict[str, object], standing: Contact | None, others: Sequence[Contact]) -> None:
    """Somebody restricted and somebody who is not share no address: it is what lets a person in."""
    address = given.get("email", standing.email if standing else "")
    restricted = given.get("restricted", standing.restricted if standing else False)
    for other in others:
        if address and other.email == address and other.restricted != restricted:
            who = f"{other.name}, who is {'restricted' if other.restricted else 'not restricted'}, has it too"
            raise RefusedRowError("email", who, "an address of their own: whoever reads it could see the pupil")


def _words(value: object) -> object:
    return {True: "Y", False: "N"}[value] if isinstance(value, bool) else value
