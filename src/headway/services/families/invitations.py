"""Who of a pupil's family may sign in: invited child by child, restricted, let go.

An e-mail address alone never links anybody to a child: siblings may have different guardians. Each link is one that a
member of staff made for this child, and it ends with the contact's dates, restriction or address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from headway.records import history
from headway.records.models import Contact, School, User
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.families.contacts import contact_within, state_of
from headway.services.families.registers import on_roll
from headway.services.people import claim_path
from headway.services.people.accounts import end_access

__all__ = [
    "ContactRefusedError",
    "FamilyInvited",
    "agree_as_adult",
    "end_contact",
    "invite_contact",
    "lift_restriction",
    "new_family_link",
    "restrict_contact",
]

_WHY_NOT = {
    "no_address": "{name} has no e-mail address. Right would be to add it to the contacts file first.",
    "restricted": "{name} is restricted and may see nothing. Right would be to lift the restriction first.",
    "ended": "{name} is no longer a contact of this pupil. Right would be a contact whose time has not ended.",
    "left": "The pupil is no longer on roll. Right would be a contact of a pupil who is.",
    "adult": "The pupil is of age. Right would be to note first that they have agreed.",
}


class ContactRefusedError(ValueError):
    """Something cannot be done to a contact as asked; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class FamilyInvited:
    """A contact who can now see the pupil; ``path`` of the one-time link is None where they have a password already."""

    name: str
    email: str
    path: str | None


def invite_contact(uid: UUID, *, school: School, by: Viewer, now: datetime) -> FamilyInvited:
    """Links a contact's address to this one child, and makes the one-time link to claim the account where it is new.

    An account that is there already, of a parent of another child or of a member of staff, gains this child and
    nothing else: its password stays its owner's.
    """
    require(by, "manage_people", school=school, on=now.date())
    contact = contact_within(school, uid)
    _check_may_sign_in(contact, on=now.date())
    with transaction.atomic():
        user = User.objects.filter(email=contact.email.casefold()).first() or User.objects.create_user(contact.email)
        if not user.is_active:
            raise ContactRefusedError(f"The account of {user.email} is closed. Right would be another address.")
        path = _first_link(user, school=school)
        if contact.user_id != user.pk:
            contact.user = user
            _write(contact, "invite family", "", by=by, now=now)
        _note("invite family", contact, by=by, now=now)
    return FamilyInvited(contact.name, contact.email, path)


def new_family_link(uid: UUID, *, school: School, by: Viewer, now: datetime) -> FamilyInvited:
    """A new one-time link for a contact who lost theirs or their password, which ends at once, sessions too."""
    require(by, "manage_people", school=school, on=now.date())
    contact = contact_within(school, uid)
    _check_may_sign_in(contact, on=now.date())
    user = contact.user
    if user is None:
        raise ContactRefusedError(f"{contact.name} has not been invited. Right would be to invite them.")
    if user.people.exists() or user.contacts.exclude(school=school).exists():
        raise ContactRefusedError(
            f"{user.email} opens more than this family's pages. Right would be to ask whoever runs Headway here."
        )
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        end_access(user, now=now)
        _note("new family link", contact, by=by, now=now)
    return FamilyInvited(contact.name, contact.email, claim_path(user))


def restrict_contact(uid: UUID, *, why: str, school: School, by: Viewer, now: datetime) -> None:
    """A court order or safeguarding: the contact sees nothing of the pupil from the next click on.

    Whoever signs in by the same address for this pupil is let go too: two people may read it.
    """
    require(by, "manage_people", school=school, on=now.date())
    contact = contact_within(school, uid)
    _require_reason(why, "why they are restricted, such as the date of the court order")
    sharing = [
        each
        for each in Contact.objects.filter(school=school, pupil=contact.pupil_id).exclude(pk=contact.pk)
        if each.user_id is not None and (each.user_id == contact.user_id or each.email == contact.email)
    ]
    with transaction.atomic():
        contact.restricted = True
        for each in sharing:
            each.user = None
        _write(contact, "restrict family", why, *sharing, by=by, now=now)
        _note("restrict family", contact, by=by, now=now)


def lift_restriction(uid: UUID, *, why: str, school: School, by: Viewer, now: datetime) -> None:
    """A restriction ends. An account that was linked to the contact before sees the pupil again."""
    _change(uid, "lift restriction", _lifted, why=why, school=school, by=by, now=now)


def agree_as_adult(uid: UUID, *, agreed: bool, why: str, school: School, by: Viewer, now: datetime) -> None:
    """A pupil of age has agreed that this contact goes on seeing their record, or agrees no longer."""

    def change(contact: Contact) -> None:
        contact.agreed_as_adult = agreed

    _change(uid, "agreed as adult" if agreed else "agreed no longer", change, why=why, school=school, by=by, now=now)


def end_contact(uid: UUID, *, why: str, school: School, by: Viewer, now: datetime) -> None:
    """A contact's time ends: yesterday was its last day, so the next click shows nothing."""
    yesterday = date.fromordinal(now.date().toordinal() - 1)

    def change(contact: Contact) -> None:
        contact.ends = yesterday
        contact.starts = min(contact.starts, yesterday) if contact.starts else None

    _change(uid, "end contact", change, why=why, school=school, by=by, now=now)


def _lifted(contact: Contact) -> None:
    contact.restricted = False


def _change(
    uid: UUID, kind: str, change: Callable[[Contact], None], *, why: str, school: School, by: Viewer, now: datetime
) -> None:
    require(by, "manage_people", school=school, on=now.date())
    contact = contact_within(school, uid)
    _require_reason(why, "a reason, in a few words")
    with transaction.atomic():
        change(contact)
        _write(contact, kind, why, by=by, now=now)
        _note(kind, contact, by=by, now=now)


def _check_may_sign_in(contact: Contact, *, on: date) -> None:
    here = on_roll(contact.school, on=on).filter(pk=contact.pupil_id).exists()
    state = state_of(contact, on=on, here=here)
    refused = _WHY_NOT.get("no_address" if not contact.email else state)
    if refused:
        raise ContactRefusedError(refused.format(name=contact.name))
    shared = Contact.objects.filter(pupil=contact.pupil_id, email__iexact=contact.email, restricted=True)
    other = shared.exclude(pk=contact.pk).first()
    if other is not None:
        raise ContactRefusedError(
            f"{other.name}, who is restricted, has the same e-mail address. Right would be an address of their own."
        )


def _first_link(user: User, *, school: School) -> str | None:
    """The link by which an account is claimed that nobody has yet; none for one that opens something else besides."""
    elsewhere = user.people.exists() or user.contacts.exclude(school=school).exists()
    if user.has_usable_password() or elsewhere:
        return None
    user.set_unusable_password()  # anew: what an older link rests on is gone
    user.save(update_fields=["password"])
    return claim_path(user)


def _require_reason(why: str, right: str) -> None:
    if not why.strip():
        raise ContactRefusedError(f"The reason is missing. Right would be {right}.")


def _write(contact: Contact, kind: str, why: str, *others: Contact, by: Viewer, now: datetime) -> None:
    act = history.begin(contact.school, kind=kind, by=by.author(contact.school), at=now, why=why.strip())
    history.record(act, changed=[contact, *others])


def _note(action: str, contact: Contact, *, by: Viewer, now: datetime) -> None:
    detail = {"contact": str(contact.uid), "pupil": str(contact.pupil.uid)}
    audit.note(contact.school, action=action, by=by, now=now, detail=detail, pupils=[contact.pupil_id])
