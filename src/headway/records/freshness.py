"""Which slice of a school's records a row belongs to, and the version every write gives that slice.

What is read into memory is kept under the versions of its slices, read before the rows: as long as they stand, it is
what a fresh reading would give (docs/decisions/0008).
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, get_args

from django.db import connection

from headway.domain.terms import academic_year_of
from headway.records.models import (
    AcademicYear,
    Assessment,
    Attendance,
    BehaviourIncident,
    Characteristic,
    ClassMember,
    Contact,
    Enrolment,
    Group,
    GroupMember,
    Person,
    Placement,
    ProgressTarget,
    Pupil,
    Release,
    Result,
    Role,
    SchoolClass,
    SliceVersion,
    StageSubject,
    Subject,
    Target,
    Teaching,
    TeachingGroup,
    Term,
)
from headway.records.versioned import Versioned

__all__ = ["NOT_KEPT", "SLICED", "Kind", "Versions", "bump", "cohort_of"]

Kind = Literal[
    "calendar",
    "subjects",
    "roll",
    "characteristics",
    "classes",
    "groups",
    "results",
    "attendance",
    "assessments",
    "targets",
    "lines",
]

SLICED: Mapping[type[Versioned], Kind] = {
    AcademicYear: "calendar",
    Term: "calendar",
    Subject: "subjects",
    StageSubject: "subjects",
    Pupil: "roll",
    Enrolment: "roll",
    Placement: "roll",
    Characteristic: "characteristics",
    SchoolClass: "classes",
    TeachingGroup: "classes",
    ClassMember: "classes",
    Group: "groups",
    GroupMember: "groups",
    Result: "results",
    Attendance: "attendance",
    Assessment: "assessments",
    Target: "targets",
    ProgressTarget: "lines",
}
"""What rows of each model are read as. One slice a school, but for `_BY_COHORT`, which teachers write all day."""

NOT_KEPT: frozenset[type[Versioned]] = frozenset({Person, Role, Teaching, BehaviourIncident, Contact, Release})
"""Models that nothing kept in memory is made from."""

_BY_COHORT = (Assessment, Target, ProgressTarget)
_Slice = tuple[int, Kind, int, int, int]
"""School, kind, and the keys of subject, term and cohort."""


def cohort_of(born: date) -> int:
    """The pupils whose slices are one: those born in an academic year, by its calendar start."""
    return academic_year_of(born).starts_in


def bump(rows: Iterable[Versioned]) -> None:
    """Gives the slices of written rows a new version. Call it in the transaction that writes them.

    The version is drawn, not counted: one that was rolled back, or is gone with a backup put back, never comes again.
    Slices are always locked in the same order, school-wide ones first, so that two writers wait and never deadlock.
    """
    slices = sorted(set(_slices(rows)), key=lambda each: (each[0], _ORDER[each[1]], *each[2:]))
    version = secrets.randbits(63)
    SliceVersion.objects.bulk_create(
        [
            SliceVersion(school_id=school, kind=kind, subject=subject, term=term, cohort=cohort, version=version)
            for school, kind, subject, term, cohort in slices
        ],
        update_conflicts=True,
        unique_fields=["school", "term", "kind", "subject", "cohort"],
        update_fields=["version"],
    )


class Versions:
    """The versions of a school's slices as they stood when they were first asked for, terms as they are added.

    A slice nobody has written to yet has version 0.
    """

    def __init__(self, school_id: int, *, terms: Iterable[str] = ()) -> None:
        self._school_id = school_id
        self._terms: set[str] = set()
        self._standing: defaultdict[tuple[str, int, str], dict[int, int]] = defaultdict(dict)
        self._read(terms, everything=True)

    def add(self, terms: Iterable[str]) -> None:
        """Reads the slices of some terms too, where they were not read before."""
        missing = set(terms) - self._terms
        if missing:
            self._read(missing, everything=False)

    def of(self, *kinds: Kind) -> tuple[int, ...]:
        """The versions of school-wide slices."""
        return tuple(self._standing.get((kind, 0, ""), {}).get(0, 0) for kind in kinds)

    def by_cohort(self, kind: Kind, *, subject: int, term: str = "") -> Mapping[int, int]:
        """The version of each cohort's slice in a subject, and in a term that was added."""
        return self._standing.get((kind, subject, term), {})

    def of_term(self, kind: Kind, term: str) -> Mapping[int, Mapping[int, int]]:
        """The versions of every subject's slices in a term that was added, by subject and cohort."""
        return {
            subject: dict(cohorts)
            for (each, subject, code), cohorts in self._standing.items()
            if (each, code) == (kind, term)
        }

    def _read(self, terms: Iterable[str], *, everything: bool) -> None:
        codes = sorted(set(terms))
        wanted = [*(["0"] if everything else []), *([_TERM] * len(codes))]
        params = [self._school_id, *(each for code in codes for each in (self._school_id, code))]
        with connection.cursor() as cursor:
            cursor.execute(f"{_READ} ({', '.join(wanted)})", params)
            for kind, subject, code, cohort, version in cursor.fetchall():
                self._standing[kind, subject, code or ""][cohort] = version
        self._terms.update(codes)


_READ = (
    "SELECT stands.kind, stands.subject, term.code, stands.cohort, stands.version "  # noqa: S608  # nosec B608
    f"FROM {SliceVersion._meta.db_table} stands LEFT JOIN {Term._meta.db_table} term ON term.id = stands.term "
    "WHERE stands.school_id = %s AND stands.term IN"
)
_TERM = f"(SELECT id FROM {Term._meta.db_table} WHERE school_id = %s AND code = %s)"  # noqa: S608  # nosec B608
_ORDER: Mapping[Kind, int] = {kind: place for place, kind in enumerate(get_args(Kind))}


def _slices(rows: Iterable[Versioned]) -> Iterator[_Slice]:
    by_pupil: list[Assessment | Target | ProgressTarget] = []
    for row in rows:
        if isinstance(row, _BY_COHORT):
            by_pupil.append(row)
        elif type(row) not in NOT_KEPT:
            yield row.school_id, SLICED[type(row)], 0, 0, 0
    cohorts = _cohorts(row.pupil_id for row in by_pupil)
    for row in by_pupil:
        term = row.term_id if isinstance(row, Assessment) else 0
        yield row.school_id, SLICED[type(row)], row.subject_id, term, cohorts[row.pupil_id]


def _cohorts(pupils: Iterable[int]) -> dict[int, int]:
    """Each pupil's cohort.

    Where writers do not wait for each other anyway, their dates of birth are held until this transaction ends: were one
    corrected in between, the mark would count as another cohort's than the one it is read with.
    """
    keys, found = sorted(set(pupils)), dict[int, int]()
    held = " FOR SHARE" if connection.features.has_select_for_update else ""
    for start in range(0, len(keys), 900):
        some = keys[start : start + 900]
        marks = ", ".join(["%s"] * len(some))
        sql = f"SELECT id, dob FROM {Pupil._meta.db_table} WHERE id IN ({marks}) ORDER BY id{held}"  # noqa: S608  # nosec B608
        found.update((pupil.pk, cohort_of(pupil.dob)) for pupil in Pupil.objects.raw(sql, some))
    return found
