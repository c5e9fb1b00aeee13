"""Pupils newly off track: apparently off track in a subject this term and not so the term before."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from headway.domain.pupils import name_words
from headway.domain.status import Status
from headway.domain.terms import Term, academic_year_of, latest_begun, terms_after
from headway.records.models import ClassMember, Enrolment, Pupil, School, Subject
from headway.services.access import Viewer, pupils_within_reach, require, sees_whole_school, taught_by
from headway.services.schools import framework_of
from headway.services.status_moves import Move, Moves, moves_off_track

__all__ = ["NewlyOffTrack", "PupilOffTrack", "SubjectOffTrack", "newly_off_track"]

_LOOKS_BACK = 4

Cell = tuple[int, str]
"""A pupil, by key, in a subject, by code."""


@dataclass(frozen=True, slots=True)
class SubjectOffTrack:
    """A subject a pupil is newly off track in: the status now and the one before; the class, where the viewer's own."""

    code: str
    name: str
    status: Status
    before: Status
    taught_in: str


@dataclass(frozen=True, slots=True)
class PupilOffTrack:
    """A pupil newly off track, in one subject or several."""

    uid: UUID
    name: str
    reg_group: str
    year_group: int
    subjects: Sequence[SubjectOffTrack]


@dataclass(frozen=True, slots=True)
class NewlyOffTrack:
    """Who is newly off track in a term, those who fell in most subjects first.

    ``pupils`` are as many as were asked for, ``by_year`` counts all of them by year group. ``n_fell`` were on or above
    the term before in one of the subjects; of the others nothing was known then.
    """

    term: Term
    before: Term
    pupils: Sequence[PupilOffTrack]
    by_year: Mapping[int, int]
    n_fell: int

    @property
    def n_pupils(self) -> int:
        """How many there are in all."""
        return sum(self.by_year.values())


def newly_off_track(*, viewer: Viewer, school: School, now: datetime, most: int | None = None) -> NewlyOffTrack:
    """Who is apparently off track in the latest term that has marks to speak of, and was not the term before.

    Among the pupils and subjects the viewer teaches; for those who see the whole school, all of it. ``most`` is how
    many pupils to give by name.
    """
    require(viewer, "ask", school=school, on=now.date())
    on, terms = now.date(), framework_of(school).terms
    current = latest_begun(on, terms=terms)
    whole = sees_whole_school(viewer, school=school, on=on)
    classes = {} if whole else _taught(viewer, school, now)
    taught: defaultdict[str, set[int]] = defaultdict(set)
    for pupil, subject in classes:
        taught[subject].add(pupil)
    moves = moves_off_track(
        school,
        pupils=pupils_within_reach(viewer, school=school, on=on),
        terms=[terms_after(current, -back, terms=terms) for back in range(_LOOKS_BACK + 1)],
        on=on,
        taught=None if whole else taught,
    )
    return _told(moves, classes, viewer=viewer, school=school, most=most)


def _taught(viewer: Viewer, school: School, now: datetime) -> Mapping[Cell, str]:
    """The pupils on roll a viewer teaches this year in each subject, with the class."""
    still = Q(ends__isnull=True) | Q(ends__gte=now.date())
    on_roll = Enrolment.objects.filter(still, school=school, starts__lte=now.date())
    groups = taught_by(viewer, school=school, on=now.date())
    rows = ClassMember.objects.filter(
        teaching_group__in=groups.filter(school_class__year__starts_in=academic_year_of(now.date()).starts_in),
        pupil__in=on_roll.values("pupil_id"),
    )
    told = rows.values_list("pupil_id", "teaching_group__subject__code", "teaching_group__school_class__code")
    return {(pupil, subject): code for pupil, subject, code in told}


def _told(
    moves: Moves, taught: Mapping[Cell, str], *, viewer: Viewer, school: School, most: int | None
) -> NewlyOffTrack:
    mine: defaultdict[int, list[Move]] = defaultdict(list)
    for move in moves.found:
        mine[move.pupil].append(move)
    return NewlyOffTrack(
        term=moves.term,
        before=moves.before,
        pupils=_named(mine, moves.places, taught, viewer=viewer, school=school, most=most),
        by_year=Counter(moves.places[pupil][0] for pupil in mine),
        n_fell=sum(any(each.fell for each in cells) for cells in mine.values()),
    )


def _named(
    mine: Mapping[int, Sequence[Move]],
    places: Mapping[int, tuple[int, str]],
    taught: Mapping[Cell, str],
    *,
    viewer: Viewer,
    school: School,
    most: int | None,
) -> list[PupilOffTrack]:
    rows = Pupil.objects.filter(pk__in=_foremost(mine, most)).only("uid", "surname", "forename", "preferred_forename")
    listed = sorted(rows, key=lambda row: (*_place(mine[row.pk]), row.surname.casefold(), row.forename.casefold()))
    viewer.saw(row.pk for row in listed[:most])
    names = dict(Subject.objects.filter(school=school).order_by("pk").values_list("code", "name"))
    return [
        PupilOffTrack(
            row.uid,
            name_words(row.surname, row.forename, row.preferred_forename),
            places[row.pk][1],
            places[row.pk][0],
            _subjects(mine[row.pk], names, taught),
        )
        for row in listed[:most]
    ]


def _foremost(mine: Mapping[int, Sequence[Move]], most: int | None) -> list[int]:
    """The pupils who could be among the first: so many, and all who stand level with the last of them."""
    if most is None or len(mine) <= most:
        return list(mine)
    standing = {pupil: _place(cells) for pupil, cells in mine.items()}
    last = sorted(standing.values())[most - 1]
    return [pupil for pupil, place in standing.items() if place <= last]


def _place(cells: Collection[Move]) -> tuple[int, int, int]:
    """Where a pupil stands among the others: who fell in most subjects first, then who is off track in most."""
    n_well_below = sum(each.status == "well_below" for each in cells)
    return -sum(each.fell for each in cells), -len(cells), -n_well_below


def _subjects(cells: Iterable[Move], names: Mapping[str, str], taught: Mapping[Cell, str]) -> list[SubjectOffTrack]:
    """In the order of the school's subjects, those the pupil fell in first."""
    order = list(names)
    told = sorted(cells, key=lambda each: (not each.fell, order.index(each.subject)))
    return [
        SubjectOffTrack(
            code=each.subject,
            name=names[each.subject],
            status=each.status,
            before=each.before,
            taught_in=taught.get((each.pupil, each.subject), ""),
        )
        for each in told
    ]
