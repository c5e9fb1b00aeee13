"""The audit read: a school's entries by pupil, by person, by kind and by day, newest first; each opening to names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.domain.audit import SHOWN_KINDS, Kind
from headway.domain.pupils import name_words
from headway.records.models import (
    Act,
    AuditEntry,
    AuditSetPupil,
    Contact,
    Person,
    Pupil,
    PupilAccount,
    School,
    Transfer,
)
from headway.services.access import NotFoundError, Viewer, pupils_within_reach, require
from headway.services.audit.acts import catch_up
from headway.services.audit.noting import note

__all__ = ["Entries", "Entry", "EntryPupil", "Wanted", "entries", "export_entries", "people_of", "wanted_of"]

_A_PAGE = 50
_MOST_EXPORTED = 10_000
_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all where nothing is said. ``before`` is the last of the page above, ``opened`` one to open."""

    pupil: UUID | None = None
    person: UUID | None = None
    kind: Kind | None = None
    first: date | None = None
    last: date | None = None
    before: int | None = None
    opened: int | None = None


@dataclass(frozen=True, slots=True)
class EntryPupil:
    """A pupil an entry is about, as they are called now."""

    uid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``pupils`` are named where it is about one, or has been opened; ``n_pupils`` counts them all.

    ``place`` and ``about`` say what was looked at: the name of an address and the codes it was asked for. ``records``
    counts what a change wrote, by kind; ``file`` is where it came from, ``why`` what was said of it.
    """

    sequence: int
    at: datetime
    kind: str
    action: str
    name: str
    account: str
    place: str
    about: Mapping[str, str]
    n_pupils: int
    pupils: Sequence[EntryPupil]
    records: Mapping[str, int]
    file: str
    transfer: UUID | None
    why: str
    digest: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of them, and whether earlier ones are left. ``pupil`` and ``person`` are whom it is narrowed to."""

    rows: Sequence[Entry]
    more: bool
    pupil: EntryPupil | None
    person: str


def entries(wanted: Wanted, *, viewer: Viewer, school: School, now: datetime) -> Entries:
    """A school's entries, newest first, a page at a time. Raises NotFoundError for a pupil or person there is not."""
    require(viewer, "see_audit", school=school, on=now.date())
    catch_up(most_rows=_AT_ONCE)
    asking = _Asking(viewer, school, now)
    found, pupil, person = asking.found(wanted)
    rows = list(found[: _A_PAGE + 1])
    told = asking.told(rows[:_A_PAGE], opened=wanted.opened)
    if pupil:
        viewer.saw([pupil.pk])
    return Entries(told, len(rows) > _A_PAGE, _named(pupil) if pupil else None, person)


def export_entries(wanted: Wanted, *, viewer: Viewer, school: School, now: datetime) -> Sequence[Entry]:
    """The same as they go into a file, ten thousand at most; taking them out is an entry itself."""
    require(viewer, "see_audit", school=school, on=now.date())
    catch_up(most_rows=None if viewer.installer else _AT_ONCE)
    asking = _Asking(viewer, school, now)
    found, _, _ = asking.found(wanted)
    rows = list(found[:_MOST_EXPORTED])
    told = asking.told(rows, opened=None)
    note(
        school,
        action="export",
        by=viewer,
        now=now,
        detail={"kind": "audit", "rows": len(told)},
        pupils=asking.named,
    )
    return told


def people_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[tuple[UUID, str]]:
    """The people of a school who have, or had, an account: who there can be entries of. By name."""
    require(viewer, "see_audit", school=school, on=now.date())
    people = Person.objects.filter(school=school, user__isnull=False).order_by("name", "code")
    return list(people.values_list("uid", "name"))


def wanted_of(school: School, *, pupil: str | None, person: str | None) -> Wanted:
    """Which entries a pupil's number or id and a person's staff code mean; ValueError where there is no such."""
    found = None
    if pupil:
        try:
            by = {"uid": UUID(pupil)}
        except ValueError:
            by = {"upn": pupil.strip().upper()}  # type: ignore[dict-item]
        found = Pupil.objects.filter(school=school, **by).first()
        if found is None:
            raise ValueError(
                f"There is no pupil {pupil} here. Right would be a unique pupil number, or the pupil's id."
            )
    who = Person.objects.filter(school=school, code__iexact=person).first() if person else None
    if person and who is None:
        raise ValueError(f"Nobody here has the staff code {person}. Right would be one that headway user list prints.")
    return Wanted(pupil=found.uid if found else None, person=who.uid if who else None)


class _Asking:
    """Entries found and told for one viewer of one school; ``named`` are the keys of the pupils told by name."""

    def __init__(self, viewer: Viewer, school: School, now: datetime) -> None:
        self.viewer, self.school, self.now = viewer, school, now
        self.reach = pupils_within_reach(viewer, school=school, on=now.date())
        self.named: set[int] = set()

    def found(self, wanted: Wanted) -> tuple[QuerySet[AuditEntry], Pupil | None, str]:
        """The entries that are wanted; the pupil they are about, and the name of the person, where one is asked for."""
        rows = AuditEntry.objects.filter(self._of_school()).select_related("pupils").order_by("-at", "-sequence")
        rows = rows.filter(kind__in=[wanted.kind] if wanted.kind else list(SHOWN_KINDS))
        pupil, name = None, ""
        if wanted.pupil is not None:
            pupil = self.reach.filter(uid=wanted.pupil).first()
            if pupil is None:
                raise NotFoundError(str(wanted.pupil))
            rows = rows.filter(pupils__in=AuditSetPupil.objects.filter(pupil=pupil.pk).values("audit_set_id"))
        if wanted.person is not None:
            person = Person.objects.filter(school=self.school, uid=wanted.person).first()
            if person is None:
                raise NotFoundError(str(wanted.person))
            rows, name = rows.filter(user_id=person.user_id or -1), person.name
        if wanted.first is not None:
            rows = rows.filter(at__gte=self._midnight(wanted.first))
        if wanted.last is not None:
            rows = rows.filter(at__lt=self._midnight(wanted.last + timedelta(days=1)))
        if wanted.before is not None:
            above = AuditEntry.objects.filter(sequence=wanted.before).values_list("at", flat=True).first()
            if above is None:
                raise NotFoundError(str(wanted.before))
            rows = rows.filter(Q(at__lt=above) | Q(at=above, sequence__lt=wanted.before))
        return rows, pupil, name

    def told(self, rows: Sequence[AuditEntry], *, opened: int | None) -> Sequence[Entry]:
        """Entries with what the records know of them now."""
        acts = Act.objects.in_bulk([row.act for row in rows if row.act])
        transfers = {each.act_id: each for each in Transfer.objects.filter(act__in=acts)}
        pupils = self._pupils([row for row in rows if row.pupils and (row.pupils.n_pupils == 1 or row.pk == opened)])
        told = []
        for row in rows:
            act, transfer = acts.get(row.act or 0), transfers.get(row.act or 0)
            records = row.detail.get("records", {}) if row.kind == "changed" else {}
            told.append(
                Entry(
                    sequence=row.sequence,
                    at=row.at,
                    kind=row.kind,
                    action=row.action,
                    name=row.name or row.by,
                    account=row.by,
                    place=row.place,
                    about={name: str(value) for name, value in row.detail.items() if isinstance(value, str | int)},
                    n_pupils=row.pupils.n_pupils if row.pupils else 0,
                    pupils=pupils.get(row.pupils_id or 0, ()),
                    records=records,
                    file=transfer.file if transfer else "",
                    transfer=transfer.uid if transfer else None,
                    why=act.why if act else "",
                    digest=row.digest,
                    opened=row.pk == opened,
                )
            )
        return told

    def _of_school(self) -> Q:
        """What concerns a school: its own entries, and what its people, pupils and families did that is of none."""
        users = set(Person.objects.filter(school=self.school, user__isnull=False).values_list("user_id", flat=True))
        users |= set(PupilAccount.objects.filter(pupil__school=self.school).values_list("user_id", flat=True))
        users |= set(Contact.objects.filter(school=self.school, user__isnull=False).values_list("user_id", flat=True))
        nobodys = Q(user_id=None) if School.objects.count() == 1 else Q(pk__in=[])
        return Q(school_id=self.school.pk) | (Q(school_id=None) & (Q(user_id__in=users) | nobodys))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.now.tzinfo)

    def _pupils(self, rows: Iterable[AuditEntry]) -> Mapping[int, Sequence[EntryPupil]]:
        """The pupils of some entries by the keys of their sets, by name: those within reach."""
        sets = {row.pupils_id for row in rows}
        members = AuditSetPupil.objects.filter(audit_set__in=sets).values_list("audit_set_id", "pupil")
        by_set: dict[int, list[int]] = {}
        for of_set, pupil in members:
            by_set.setdefault(of_set, []).append(pupil)
        keys = {key for each in by_set.values() for key in each}
        known: dict[int, Pupil] = {}
        for start in range(0, len(keys), 900):
            known |= {row.pk: row for row in self.reach.filter(pk__in=sorted(keys)[start : start + 900])}
        self.viewer.saw(known)
        self.named |= known.keys()
        return {
            of_set: sorted(
                (_named(known[key]) for key in keys if key in known), key=lambda each: (each.name.casefold(), each.uid)
            )
            for of_set, keys in by_set.items()
        }


def _named(pupil: Pupil) -> EntryPupil:
    return EntryPupil(pupil.uid, name_words(pupil.surname, pupil.forename, pupil.preferred_forename))
