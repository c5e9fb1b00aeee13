"""The pupils behind a number, each with the attainment record the number was made from (M90)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

import polars as pl
from django.db.models import Q

from headway.analysis.layout import slice_column
from headway.domain.pupils import name_words
from headway.domain.questions import Basis
from headway.domain.status import Status, status_of
from headway.domain.terms import Term, academic_year_of
from headway.records.attainment import read_attainment
from headway.records.kept import KEPT
from headway.records.models import Assessment, Attendance, Pupil, Result
from headway.records.rolls import Roll

__all__ = ["PupilRecord", "records_of"]

_BYTES = 200
"""What is kept of a pupil beside a frame takes in memory, about."""


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil behind a number, in one subject and term.

    The ranks are places on the scale of each grade: what a list is sorted by. ``attendance`` is the share of this
    academic year's sessions attended so far; ``note`` what was written beside the grade.
    """

    key: int
    uid: UUID
    name: str
    reg_group: str
    prior: str
    prior_rank: int | None
    target: str
    target_rank: int | None
    expected: str
    expected_points: Fraction | None
    grade: str
    rank: int | None
    mark_code: str
    note: str
    gap: Fraction | None
    steps: int | None
    status: Status
    starts_here: bool
    attendance: Fraction | None


def records_of(
    frame: pl.DataFrame, *, roll: Roll, subject: str, term: Term, basis: Basis, tolerance: int
) -> list[PupilRecord]:
    """The records of a frame's pupils in a subject and term, by surname."""
    names, places = _names(roll), roll.register.places
    priors, lines = _priors(roll, subject=subject, term=term), _exact_lines(roll, subject=subject, term=term)
    notes, attendance = _notes(roll, subject=subject, term=term), _attendance(roll)
    against_target = basis == "target"
    wanted = _AGAINST_TARGET if against_target else _AGAINST_LINE
    columns = ("pupil", "reg_group", *(slice_column(subject, term.code, what) for what in wanted))
    rows = zip(*(frame.get_column(name).to_list() for name in columns), strict=True)
    found: list[PupilRecord] = []
    for pupil, reg_group, rank, grade, mark, expected, target, target_rank, starts, compared, gap in rows:
        uid, name = names[pupil]
        starts_here = bool(starts) and not against_target
        steps = None if rank is None or compared is None or starts_here else rank - compared
        prior, prior_rank = priors.get(pupil, ("", None))
        found.append(
            PupilRecord(
                key=pupil,
                uid=uid,
                name=name,
                reg_group=reg_group or "",
                prior=prior,
                prior_rank=prior_rank,
                target=target or "",
                target_rank=target_rank,
                expected=expected or "",
                expected_points=lines[places[pupil]],
                grade=grade or "",
                rank=rank,
                mark_code=mark or "",
                note=notes.get(pupil, ""),
                gap=None if gap is None else _points(gap),
                steps=steps,
                status=status_of(steps, tolerance=tolerance),
                starts_here=starts_here,
                attendance=attendance.get(pupil),
            )
        )
    return sorted(found, key=lambda record: (record.name.casefold(), record.uid))


_ALWAYS = ("rank", "grade", "mark", "line_grade", "target_grade", "target_rank", "line_starts_here")
_AGAINST_LINE = (*_ALWAYS, "line_rank", "gap")
_AGAINST_TARGET = (*_ALWAYS, "target_rank", "target_gap")


def _names(roll: Roll) -> Mapping[int, tuple[UUID, str]]:
    """Everybody on the register by name: what stands beside a frame is kept as long as the frame is."""

    def read() -> Mapping[int, tuple[UUID, str]]:
        rows = Pupil.objects.filter(school=roll.school)
        of_names = rows.values_list("pk", "uid", "surname", "forename", "preferred_forename")
        return {pupil: (uid, name_words(*name)) for pupil, uid, *name in of_names if pupil in roll.register.places}

    return KEPT.fresh(("names", roll.school.pk, roll.as_of), roll.register, read, n_bytes=_n_bytes)


def _exact_lines(roll: Roll, *, subject: str, term: Term) -> Sequence[Fraction | None]:
    """The exact progress target of everybody on the register in a subject and term, by place."""
    known = read_attainment(roll, subject=subject, term=term)
    if known is None:
        return [None] * len(roll.register.pupils)
    return [each.figure.points if each else None for each in known.expected]


def _priors(roll: Roll, *, subject: str, term: Term) -> Mapping[int, tuple[str, int | None]]:
    """Prior attainment in a subject, as it was given, with its rank."""

    def read() -> Mapping[int, tuple[str, int | None]]:
        best: dict[int, tuple[int, int, str, int]] = {}
        rows = Result.objects.filter(school=roll.school, subject=roll.curriculum.subjects[subject].pk)
        for pupil, key_stage, kind, year, grade, mark, rank in rows.values_list(
            "pupil_id", "key_stage", "kind", "year", "grade", "mark_code", "rank"
        ):
            stage_term = roll.stage_term(pupil, term)
            stage = roll.framework.key_stages[stage_term.key_stage] if stage_term else None
            if stage is None or stage.prior_stage != key_stage:
                continue
            kinds = stage.prior_kinds
            place = kinds.index(kind) if kind in kinds else len(kinds)
            found = (place, -(year or 0), grade or mark, -1 if rank is None else rank)
            best[pupil] = min(best.get(pupil, found), found)
        return {pupil: (grade, None if rank < 0 else rank) for pupil, (_, _, grade, rank) in best.items()}

    label = (roll.register, roll.curriculum, roll.framework, *roll.versions.of("results"))
    return KEPT.fresh(("prior grades", roll.school.pk, roll.as_of, subject, term.code), label, read, n_bytes=_n_bytes)


def _notes(roll: Roll, *, subject: str, term: Term) -> Mapping[int, str]:
    """What was written beside each judgement that counts, by the question's date."""
    taught = roll.curriculum.subjects[subject]

    def read() -> Mapping[int, str]:
        made = Q(date__isnull=True) | Q(date__lte=roll.as_of)
        rows = Assessment.objects.filter(made, school=roll.school, subject=taught.pk, term__code=term.code)
        found = {}
        for pupil, kind, note in rows.filter(comment__gt="").values_list("pupil_id", "kind", "comment"):
            stage_term = roll.stage_term(pupil, term)
            stage = taught.stages.get(stage_term.key_stage) if stage_term else None
            if stage is not None and stage.judgement == kind:
                found[pupil] = note
        return found

    roll.versions.add([term.code])
    versions = roll.versions.by_cohort("assessments", subject=taught.pk, term=term.code)
    label = (roll.register, roll.curriculum, tuple(sorted(versions.items())))
    return KEPT.fresh(("notes", roll.school.pk, roll.as_of, subject, term.code), label, read, n_bytes=_n_bytes)


def _attendance(roll: Roll) -> Mapping[int, Fraction]:
    """The share of sessions attended in the academic year so far."""
    label = (roll.register, *roll.versions.of("attendance", "calendar"))
    return KEPT.fresh(
        ("attendance", roll.school.pk, roll.as_of), label, lambda: _shares_attended(roll), n_bytes=_n_bytes
    )


def _shares_attended(roll: Roll) -> Mapping[int, Fraction]:
    """Of each term as a whole where it was given so, else of its halves."""
    whole: dict[tuple[int, int], tuple[int, int]] = {}
    halves: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    year = academic_year_of(roll.as_of).starts_in
    rows = Attendance.objects.filter(
        school=roll.school, term__year__starts_in=year, term__starts__lte=roll.as_of
    ).values_list("pupil_id", "term_id", "half_term", "possible", "attended")
    for pupil, term, half, possible, attended in rows:
        if half is None:
            whole[pupil, term] = (possible, attended)
        else:
            halves[pupil, term].append((possible, attended))
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for key in whole.keys() | halves.keys():
        for possible, attended in [whole[key]] if key in whole else halves[key]:
            sums[key[0]][0] += possible
            sums[key[0]][1] += attended
    return {pupil: Fraction(attended, possible) for pupil, (possible, attended) in sums.items() if possible}


@lru_cache(maxsize=4096)
def _points(thousandths: int) -> Fraction:
    return Fraction(thousandths, 1000)


def _n_bytes(found: Mapping[int, object]) -> int:
    return _BYTES * len(found)
