"""What belongs to a pupil beside attainment: time on roll, classes, groups, characteristics, attendance, behaviour.

Reads of one pupil; who may see what of it, the page that asks has settled.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from headway.domain.frameworks import Framework
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.terms import AcademicYear, Term, academic_year_of, term_of_year
from headway.records.models import (
    Attendance,
    BehaviourIncident,
    Characteristic,
    Enrolment,
    GroupMember,
    Pupil,
    Teaching,
)
from headway.services.pupil_evidence import PupilEvidence

__all__ = [
    "AttendanceRecord",
    "ClassTaught",
    "GroupSpell",
    "HeldCharacteristic",
    "Incident",
    "Spell",
    "attendance_of",
    "characteristics_of",
    "classes_of",
    "groups_of",
    "incidents_of",
    "spells_of",
]


@dataclass(frozen=True, slots=True)
class Spell:
    """A time on roll; ``given`` says whether its first day was given, or taken as 1 September."""

    starts: date
    ends: date | None
    given: bool


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """Sessions in a term, or in one half of it where they were given by halves."""

    term: Term
    half: int | None
    possible: int
    attended: int
    unauthorised: int | None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the pupil did on a day, good or bad."""

    on: date
    type: str
    points: int
    note: str


@dataclass(frozen=True, slots=True)
class ClassTaught:
    """A class in one of its subjects, and who teaches it."""

    code: str
    subject: str
    name: str
    teachers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupSpell:
    """A time in a group; without a first day always so far, without a last still."""

    uid: UUID
    code: str
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class HeldCharacteristic:
    """What was true of the pupil from a day, and to a day where something else followed."""

    kind: str
    value: str
    starts: date
    ends: date | None


def spells_of(pupil: Pupil) -> tuple[Spell, ...]:
    """The times on roll, in order."""
    rows = Enrolment.objects.filter(pupil=pupil).order_by("starts").values_list("starts", "ends", "given")
    return tuple(Spell(*row) for row in rows)


def classes_of(evidence: PupilEvidence) -> tuple[AcademicYear | None, tuple[ClassTaught, ...]]:
    """The classes of this year, or of the last year there were any, each with its teachers."""
    years = [each.starts_in for each in evidence.taught if each.starts_in <= academic_year_of(evidence.today).starts_in]
    if not years:
        return None, ()
    mine = [each for each in evidence.taught if each.starts_in == max(years)]
    teachers: defaultdict[int, list[str]] = defaultdict(list)
    taught_by = Teaching.objects.filter(teaching_group__in=[each.teaching_group for each in mine])
    for group, name in taught_by.order_by("person__name").values_list("teaching_group_id", "person__name"):
        teachers[group].append(name)
    names = evidence.subject_names
    return AcademicYear(max(years)), tuple(
        ClassTaught(each.code, each.subject, names[each.subject], tuple(teachers[each.teaching_group])) for each in mine
    )


def groups_of(pupil: Pupil) -> tuple[GroupSpell, ...]:
    """The groups the pupil is or was in, by code."""
    rows = GroupMember.objects.filter(pupil=pupil).values_list("group__uid", "group__code", "starts", "ends")
    return tuple(sorted((GroupSpell(*row) for row in rows), key=lambda each: (each.code, each.starts or date.min)))


def characteristics_of(pupil: Pupil, *, hidden: Collection[str]) -> tuple[HeldCharacteristic, ...]:
    """All ever recorded but what is hidden, in the order files give it, each value until the next of its kind."""
    rows = Characteristic.objects.filter(pupil=pupil).order_by("starts").values_list("kind", "value", "starts")
    by_kind: defaultdict[str, list[tuple[str, date]]] = defaultdict(list)
    for kind, value, starts in rows:
        by_kind[kind].append((value, starts))
    held = []
    for kind in (each for each in CHARACTERISTICS if each not in hidden):
        values = by_kind[kind]
        ends = [following - timedelta(days=1) for _, following in values[1:]]
        held += [
            HeldCharacteristic(kind, value, starts, end)
            for (value, starts), end in zip(values, [*ends, None], strict=False)
        ]
    return tuple(held)


def attendance_of(pupil: Pupil, framework: Framework) -> tuple[AttendanceRecord, ...]:
    """Attendance as it was given: a whole term wins over its halves."""
    rows = Attendance.objects.filter(pupil=pupil).values_list(
        "term__year__starts_in", "term__number", "half_term", "possible", "attended", "unauthorised"
    )
    by_term: defaultdict[tuple[int, int], list[AttendanceRecord]] = defaultdict(list)
    for starts_in, number, half, possible, attended, unauthorised in rows:
        term = term_of_year(AcademicYear(starts_in), number, terms=framework.terms)
        by_term[starts_in, number].append(AttendanceRecord(term, half, possible, attended, unauthorised))
    found: list[AttendanceRecord] = []
    for _, records in sorted(by_term.items()):
        whole = [record for record in records if record.half is None]
        found += whole or sorted(records, key=lambda record: record.half or 0)
    return tuple(found)


def incidents_of(pupil: Pupil, *, notes: bool) -> tuple[Incident, ...]:
    """Behaviour, oldest first; without ``notes`` what was written of it is left out."""
    rows = BehaviourIncident.objects.filter(pupil=pupil).order_by("date", "pk")
    found = rows.values_list("date", "type", "points", "note")
    return tuple(Incident(on, kind, points, note if notes else "") for on, kind, points, note in found)
