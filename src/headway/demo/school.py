"""A made-up school before its story is told: its pupils, staff, lessons, and how well everybody does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.demo.attainment import TERMS_A_YEAR, Attainment
from headway.demo.classes import Timetable, make_timetable
from headway.demo.dice import dice
from headway.demo.grades import grades_of
from headway.demo.marks import Markbook, Place
from headway.demo.pupils import DemoPupil, make_pupils
from headway.demo.shapes import Shape, stage_code
from headway.demo.staff import Staff, make_staff
from headway.demo.timeline import Timeline, timeline
from headway.domain.frameworks import Framework

__all__ = ["DemoSchool", "make_school"]

_CLASSES_OF_NOTE: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "primary": (("4", "science"), ("3", "science")),
    "secondary": (("8", "geography"), ("7", "french")),
}


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """Everybody and everything in a made-up school.

    ``timetables`` are by the calendar year in which an academic year starts. In today's term no mark is there yet for
    the class and subject ``waiting``, and all marks are ``alike`` in another. ``already_there`` are pupils and subjects
    whose target asks for nothing new.
    """

    shape: Shape
    seed: int
    time: Timeline
    n_forms: int
    pupils: Sequence[DemoPupil]
    staff: Staff
    timetables: Mapping[int, Timetable]
    markbook: Markbook
    waiting: Place
    alike: Place
    already_there: frozenset[tuple[str, str]]


def make_school(shape: Shape, *, n_pupils: int, seed: int, now: datetime, framework: Framework) -> DemoSchool:
    """A school of a shape with so many pupils on roll: the same for the same seed and day."""
    time = timeline(now, terms=framework.terms)
    n_forms = shape.n_classes(-(-n_pupils // len(shape.year_groups)))
    pupils = make_pupils(shape, n_pupils=n_pupils, seed=seed, time=time)
    staff = make_staff(shape, n_forms=n_forms, seed=seed)
    timetables = {
        year.starts_in: make_timetable(shape, pupils, staff=staff, n_forms=n_forms, year=year, seed=seed)
        for year in time.years
    }
    attainment = Attainment(seed, time, timetables, first_term=max(shape.year_groups[0] - 1, 0) * TERMS_A_YEAR)
    levels, gcses = grades_of(framework, "nc_levels"), grades_of(framework, "gcse")
    (waits, in_subject), (same, in_other) = _CLASSES_OF_NOTE[shape.kind]
    return DemoSchool(
        shape=shape,
        seed=seed,
        time=time,
        n_forms=n_forms,
        pupils=pupils,
        staff=staff,
        timetables=timetables,
        markbook=Markbook(shape, seed, attainment, levels, gcses),
        waiting=(f"{waits}{shape.forms[n_forms - 1]}", in_subject),
        alike=(f"{same}{shape.forms[0]}", in_other),
        already_there=_already_there(shape, pupils, time, seed),
    )


def _already_there(shape: Shape, pupils: Sequence[DemoPupil], time: Timeline, seed: int) -> frozenset[tuple[str, str]]:
    stage = "KS2" if shape.kind == "primary" else "KS3"
    able = [
        pupil.upn
        for pupil in pupils
        if pupil.on_roll(time.today) and not pupil.newcomer and stage_code(pupil.year_group(time.this_year)) == stage
    ]
    first, second = dice(seed, "already there").sample(able, 2)
    return frozenset({(first, "mathematics"), (second, "reading" if shape.kind == "primary" else "english")})
