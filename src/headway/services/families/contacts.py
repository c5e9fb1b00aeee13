"""Pupils' parents and guardians as those see them who manage people: class by class, and one with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from headway.domain.families import ADULT_AGE
from headway.domain.pupils import name_words
from headway.domain.terms import YearGroup
from headway.records.models import Contact, Pupil, Revision, School
from headway.services.access import NotFoundError, Viewer, require
from headway.services.families.registers import PupilSet, class_sets, in_order, on_roll, registration_sets

__all__ = [
    "ContactChange",
    "ContactDetail",
    "ContactRow",
    "ContactState",
    "Families",
    "Family",
    "contact_of",
    "contact_within",
    "families_of",
    "state_of",
]

ContactState = Literal[
    "no_address", "not_invited", "invited", "signs_in", "restricted", "ended", "to_come", "adult", "left"
]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A parent or guardian of a pupil, and how far they are on the way to seeing them."""

    uid: UUID
    name: str
    relationship: str
    email: str
    language: str
    receives_reports: bool
    restricted: bool
    agreed_as_adult: bool
    starts: date | None
    ends: date | None
    state: ContactState


@dataclass(frozen=True, slots=True)
class Family:
    """A pupil and their contacts."""

    pupil: UUID
    name: str
    contacts: Sequence[ContactRow]


@dataclass(frozen=True, slots=True)
class Families:
    """The sets of pupils there are, and the families of one of them; ``n_contacts`` counts the whole school's."""

    sets: Sequence[tuple[str, YearGroup]]
    chosen: str
    families: Sequence[Family]
    n_contacts: int


@dataclass(frozen=True, slots=True)
class ContactChange:
    """One act that changed a contact: what it was called, who, when, why, and each field before and after."""

    kind: str
    by: str
    at: datetime
    why: str
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class ContactDetail:
    """One contact, the pupil, and every change, the newest first. ``adult``: the pupil is of age."""

    row: ContactRow
    pupil: UUID
    pupil_name: str
    adult: bool
    changes: Sequence[ContactChange]


def families_of(viewer: Viewer, *, school: School, now: datetime, chosen: str = "") -> Families:
    """The families of one registration group (or class, where there are none): the one chosen, else the first."""
    require(viewer, "manage_people", school=school, on=now.date())
    today = now.date()
    sets = in_order((registration_sets(school, on=today) or class_sets(school, on=today)).values())
    shown = next((each for each in sets if each.code == chosen), sets[0] if sets else None)
    pupils = _pupils(shown)
    n_contacts = Contact.objects.filter(school=school).count()
    viewer.saw(pupils if n_contacts else ())  # while there is none at all, the page only says so
    return Families(
        sets=[(each.code, each.year_group) for each in sets],
        chosen=shown.code if shown else "",
        families=[_family(pupil, today) for pupil in pupils.values()],
        n_contacts=n_contacts,
    )


def contact_of(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> ContactDetail:
    """One contact of a pupil."""
    require(viewer, "manage_people", school=school, on=now.date())
    contact, today = contact_within(school, uid), now.date()
    pupil = contact.pupil
    here = on_roll(school, on=today).filter(pk=pupil.pk).exists()
    viewer.saw([pupil.pk])
    return ContactDetail(
        row=_row(contact, on=today, here=here),
        pupil=pupil.uid,
        pupil_name=name_words(pupil.surname, pupil.forename, pupil.preferred_forename),
        adult=_is_adult(pupil.dob, on=today),
        changes=_changes(contact),
    )


def contact_within(school: School, uid: UUID) -> Contact:
    """A contact of a school by its id."""
    contact = Contact.objects.filter(school=school, uid=uid).select_related("pupil", "user").first()
    if contact is None:
        raise NotFoundError(str(uid))
    return contact


def state_of(contact: Contact, *, on: date, here: bool) -> ContactState:
    """How far a contact is on the way to seeing the pupil; ``here``: the pupil is on roll."""
    if contact.ends is not None and contact.ends < on:
        return "ended"
    if contact.restricted:
        return "restricted"
    if not here:
        return "left"
    if _is_adult(contact.pupil.dob, on=on) and not contact.agreed_as_adult:
        return "adult"
    if contact.user is None:
        return "not_invited" if contact.email else "no_address"
    if contact.starts is not None and contact.starts > on:
        return "to_come"
    return "signs_in" if contact.user.has_usable_password() else "invited"


def _is_adult(born: date, *, on: date) -> bool:
    return (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) >= ADULT_AGE


def _pupils(shown: PupilSet | None) -> Mapping[int, Pupil]:
    if shown is None:
        return {}
    rows = Pupil.objects.filter(pk__in=shown.pupils).prefetch_related("contacts__user", "contacts__pupil")
    return {pupil.pk: pupil for pupil in sorted(rows, key=lambda each: (each.surname.casefold(), each.forename))}


def _family(pupil: Pupil, today: date) -> Family:
    contacts = sorted(pupil.contacts.all(), key=lambda each: each.name.casefold())
    name = name_words(pupil.surname, pupil.forename, pupil.preferred_forename)
    return Family(pupil.uid, name, [_row(each, on=today, here=True) for each in contacts])


def _row(contact: Contact, *, on: date, here: bool) -> ContactRow:
    return ContactRow(
        uid=contact.uid,
        name=contact.name,
        relationship=contact.relationship,
        email=contact.email,
        language=contact.language,
        receives_reports=contact.receives_reports,
        restricted=contact.restricted,
        agreed_as_adult=contact.agreed_as_adult,
        starts=contact.starts,
        ends=contact.ends,
        state=state_of(contact, on=on, here=here),
    )


def _changes(contact: Contact) -> Sequence[ContactChange]:
    revisions = Revision.objects.filter(kind="Contact", row=contact.pk).select_related("act").order_by("version")
    changes, before = [], dict[str, Any]()
    for each in revisions:
        state = each.state or {}
        fields = {name: (before.get(name), value) for name, value in state.items() if before.get(name) != value}
        changes.append(ContactChange(each.act.kind, each.act.by, each.act.at, each.act.why, fields if before else {}))
        before = state
    return changes[::-1]
