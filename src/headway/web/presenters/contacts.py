"""Contacts in words: how far each is on the way to seeing the pupil, and what was done to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from headway.domain.cuts import year_group_words
from headway.services.families.contacts import (
    ContactChange,
    ContactDetail,
    ContactRow,
    ContactState,
    Families,
)
from headway.web.presenters.days import day_words, short_day

__all__ = ["STATE_WORDS", "ContactPage", "FamiliesPage", "contact_page", "families_page"]

STATE_WORDS: Mapping[ContactState, str] = {
    "no_address": "No e-mail address",
    "not_invited": "Not invited",
    "invited": "Invited, link not used yet",
    "signs_in": "Can sign in",
    "restricted": "Restricted: sees nothing",
    "ended": "Ended",
    "to_come": "Not begun yet",
    "adult": "Pupil is of age: sees nothing until they agree",
    "left": "Pupil has left",
}
"""How far a contact is, in a few words."""

_MEANINGS: Mapping[ContactState, str] = {
    "no_address": "There is no e-mail address to sign in with. The contacts file brings one in.",
    "not_invited": "They see nothing yet. An invitation lets them see this pupil, and no other.",
    "invited": "They have a one-time link and have not used it yet.",
    "signs_in": "They see what is released of this pupil to families.",
    "restricted": "They see nothing of this pupil, and no report goes to them from here.",
    "ended": "Their time as a contact of this pupil is over. They see nothing.",
    "to_come": "They will see what is released once their time as a contact begins.",
    "adult": "The pupil is 18 or older. The family sees nothing unless the pupil has agreed.",
    "left": "The pupil is no longer on roll, so nothing is shown.",
}

_KINDS: Mapping[str, str] = {
    "import": "Changed by a file of contacts",
    "undo": "A file of contacts undone",
    "invite family": "Invited",
    "restrict family": "Restricted",
    "lift restriction": "Restriction lifted",
    "agreed as adult": "Pupil agrees, being of age",
    "agreed no longer": "Pupil agrees no longer",
    "end contact": "Ended",
}

_FIELDS: Mapping[str, str] = {
    "name": "name",
    "relationship": "relationship",
    "email": "e-mail address",
    "language": "language",
    "receives_reports": "receives reports",
    "restricted": "restricted",
    "starts": "from",
    "ends": "to",
}


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in the list."""

    uid: UUID
    name: str
    relationship: str
    email: str
    days: str
    state: ContactState
    words: str


@dataclass(frozen=True, slots=True)
class FamilyLines:
    """A pupil with their contacts."""

    pupil: UUID
    name: str
    contacts: Sequence[ContactLine]


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that can be chosen."""

    code: str
    words: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class FamiliesPage:
    """The families of one class."""

    classes: Sequence[ClassChoice]
    chosen: str
    families: Sequence[FamilyLines]
    n_contacts: int
    headline: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What was done to a contact."""

    what: str
    on: str
    by: str
    why: str
    details: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One contact in words, and what can be done now."""

    row: ContactRow
    pupil: UUID
    pupil_name: str
    days: str
    state: str
    meaning: str
    adult: bool
    may_invite: bool
    may_renew: bool
    may_end: bool
    changes: Sequence[ChangeLine]


def families_page(found: Families) -> FamiliesPage:
    """The list in words."""
    contacts = [contact for family in found.families for contact in family.contacts]
    seeing = sum(contact.state == "signs_in" for contact in contacts)
    pupils = f"{len(found.families)} pupil{'' if len(found.families) == 1 else 's'}"
    return FamiliesPage(
        classes=[
            ClassChoice(
                code, f"{code}, {year_group_words(group)}", f"?{urlencode({'class': code})}", code == found.chosen
            )
            for code, group in found.sets
        ],
        chosen=found.chosen,
        families=[FamilyLines(each.pupil, each.name, [_line(row) for row in each.contacts]) for each in found.families],
        n_contacts=found.n_contacts,
        headline=f"{pupils}, {len(contacts)} contact{'' if len(contacts) == 1 else 's'}, {seeing} can sign in",
    )


def contact_page(detail: ContactDetail) -> ContactPage:
    """One contact in words."""
    row = detail.row
    return ContactPage(
        row=row,
        pupil=detail.pupil,
        pupil_name=detail.pupil_name,
        days=_days(row.starts, row.ends),
        state=STATE_WORDS[row.state],
        meaning=_MEANINGS[row.state],
        adult=detail.adult,
        may_invite=row.state == "not_invited",
        may_renew=row.state in ("invited", "signs_in", "to_come"),
        may_end=row.state != "ended",
        changes=[_change(each) for each in detail.changes],
    )


def _line(row: ContactRow) -> ContactLine:
    days = _days(row.starts, row.ends)
    return ContactLine(row.uid, row.name, row.relationship, row.email, days, row.state, STATE_WORDS[row.state])


def _days(starts: date | None, ends: date | None) -> str:
    said = [f"from {short_day(starts)}"] if starts else []
    said += [f"to {short_day(ends)}"] if ends else []
    return " ".join(said)


def _change(each: ContactChange) -> ChangeLine:
    details = [
        f"{_FIELDS[name]}: {_said(before)} to {_said(after)}"
        for name, (before, after) in each.fields.items()
        if name in _FIELDS
    ]
    return ChangeLine(
        what=_KINDS.get(each.kind, each.kind.capitalize()) if each.fields else "Brought in by a file of contacts",
        on=day_words(each.at.date()),
        by=each.by,
        why=each.why,
        details="; ".join(details),
    )


def _said(value: object) -> str:
    if value in (None, ""):
        return "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
