"""The made-up school's three years as the files it sent, in the order and at the moments it sent them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from headway.demo.attainment import TERMS_A_YEAR
from headway.demo.daily_life import (
    ATTENDANCE_HEADERS,
    BEHAVIOUR_HEADERS,
    GROUP_HEADERS,
    attendance_rows,
    behaviour_rows,
    group_rows,
)
from headway.demo.families import CONTACT_HEADERS, contact_rows
from headway.demo.marks import ASSESSMENT_HEADERS, RESULT_HEADERS
from headway.demo.pupils import DemoPupil
from headway.demo.roll import (
    CLASS_HEADERS,
    PUPIL_HEADERS,
    STAFF_HEADERS,
    class_rows,
    pupil_row,
    result_rows,
    staff_rows,
)
from headway.demo.school import DemoSchool
from headway.demo.shapes import STAGE_ENDS, STAGE_STARTS, stage_code
from headway.demo.targets import TARGET_HEADERS, Targets
from headway.demo.timeline import DemoTerm
from headway.domain.terms import AcademicYear
from headway.formats.sheets_out import Value

__all__ = ["Closing", "DemoFile", "story"]

_TARGETS_AGREED = (9, 25)
_RESULTS_COME = {"primary": (7, 24), "secondary": (8, 27)}


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file, the academic year it speaks of, and when it was sent."""

    kind: str
    year: AcademicYear
    at: datetime
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Closing:
    """A term's collection closed."""

    term: str
    year: AcademicYear
    at: datetime


def story(school: DemoSchool) -> Iterator[DemoFile | Closing]:
    """Every file and closing of three years, oldest first; a file without rows is not sent."""
    telling = _Telling(school, Targets(school.markbook, school.already_there))
    for year in school.time.years:
        for each in telling.year(year):
            if isinstance(each, Closing) or each.rows:
                yield each


@dataclass(slots=True)
class _Telling:
    """The story as far as it has been told: who has been enrolled, which targets stand."""

    school: DemoSchool
    targets: Targets
    enrolled: set[str] = field(default_factory=set)

    def year(self, year: AcademicYear) -> Iterator[DemoFile | Closing]:
        yield from self._september(year)
        for term in self.school.time.terms_in(year):
            yield from self._half_term(term)
            yield from self._end_of_term(term)
        if year != self.school.time.this_year:
            yield from self._end_of_year(year)

    def _september(self, year: AcademicYear) -> Iterator[DemoFile]:
        """The new year: who has gone, who is on roll, in which classes, with which results, targets and groups."""
        school, time = self.school, self.school.time
        first = year == time.years[0]
        here = [pupil for pupil in school.pupils if pupil.on_roll(year.starts)]
        fresh = [pupil for pupil in here if pupil.upn not in self.enrolled]
        self.enrolled.update(pupil.upn for pupil in here)
        sent = time.at(year.starts, 9)
        if first:
            yield DemoFile("staff", year, sent, STAFF_HEADERS, staff_rows(school))
        gone = [each for each in school.pupils if each.left == year.after(-1).ends]
        roll = [pupil_row(school, each, year.after(-1), leaving=True) for each in gone if not first]
        roll += [pupil_row(school, each, year) for each in here]
        yield DemoFile("pupils", year, sent, PUPIL_HEADERS, roll)
        yield DemoFile("classes", year, sent, CLASS_HEADERS, class_rows(school, here, year))
        if year == time.this_year:
            yield DemoFile("staff", year, sent, STAFF_HEADERS, staff_rows(school, leading=True))
            yield DemoFile("contacts", year, sent, CONTACT_HEADERS, contact_rows(school))
        yield DemoFile("results", year, sent, RESULT_HEADERS, result_rows(school, fresh, year))
        day = min(date(year.starts_in, *_TARGETS_AGREED), time.today)
        agreed = time.at(day, 16)
        starting = here if first else [pupil for pupil in here if pupil.year_group(year) in STAGE_STARTS.values()]
        rows = [*self._target_rows(starting, year, day), *self._year_4_rows(here, year, day)]
        yield DemoFile("targets", year, agreed, TARGET_HEADERS, rows)
        groups = group_rows(school.shape.kind, here, year=year, time=time, seed=school.seed)
        yield DemoFile("groups", year, agreed, GROUP_HEADERS, groups)

    def _half_term(self, term: DemoTerm) -> Iterator[DemoFile]:
        """The roll is gone over: who came, who went. In the spring, so are the targets."""
        school, year, sent = self.school, term.year, self.school.time.at(term.roll, 11)
        in_term = (term.term.starts, term.roll)
        came = [each for each in school.pupils if each.newcomer and in_term[0] < each.joined <= in_term[1]]
        went = [each for each in school.pupils if each.left and in_term[0] <= each.left <= in_term[1]]
        self.enrolled.update(pupil.upn for pupil in came)
        moved = [pupil_row(school, pupil, year, leaving=True) for pupil in (*came, *went)]
        yield DemoFile("pupils", year, sent, PUPIL_HEADERS, moved)
        yield DemoFile("classes", year, sent, CLASS_HEADERS, class_rows(school, came, year))
        rows = self._target_rows(came, year, term.roll)
        if term.term.number == 2:
            known = [pupil for pupil in school.pupils if pupil.on_roll(term.roll) and pupil not in came]
            rows += self._revised_rows(known, year, term.roll)
        yield DemoFile("targets", year, sent, TARGET_HEADERS, rows)

    def _end_of_term(self, term: DemoTerm) -> Iterator[DemoFile | Closing]:
        """Marks, attendance and behaviour; then the collection closes, unless the term is today's."""
        school, year, time = self.school, term.year, self.school.time
        here = [pupil for pupil in school.pupils if pupil.of_year(year)]
        marks = school.markbook.termly(
            term, here, timetable=school.timetables[year.starts_in], waiting=school.waiting, alike=school.alike
        )
        yield DemoFile("assessments", year, time.at(term.marks, 17), ASSESSMENT_HEADERS, marks)
        sent = time.at(term.ends, 15)
        sessions = attendance_rows(term, here, seed=school.seed)
        yield DemoFile("attendance", year, sent, ATTENDANCE_HEADERS, sessions)
        incidents = behaviour_rows(term, here, seed=school.seed)
        yield DemoFile("behaviour", year, sent, BEHAVIOUR_HEADERS, incidents)
        if not term.current:
            yield Closing(term.code, year, time.at(term.ends, 16))

    def _end_of_year(self, year: AcademicYear) -> Iterator[DemoFile]:
        """The results of those at the end of a key stage."""
        school = self.school
        here = [pupil for pupil in school.pupils if pupil.on_roll(year.ends)]
        rows: list[Sequence[Value]] = []
        for pupil in here:
            stage = stage_code(pupil.year_group(year))
            if stage == "KS4" and pupil.year_group(year) == STAGE_ENDS[stage]:
                rows += school.markbook.gcse_rows(pupil, school.timetables[year.starts_in][pupil.upn])
            elif stage and pupil.year_group(year) == STAGE_ENDS[stage]:
                rows += school.markbook.result_rows(pupil, stage)
        sent = school.time.at(date(year.ends.year, *_RESULTS_COME[school.shape.kind]), 9)
        yield DemoFile("results", year, sent, RESULT_HEADERS, rows)

    def _target_rows(self, pupils: Iterable[DemoPupil], year: AcademicYear, day: date) -> list[Sequence[Value]]:
        """Targets for the key stage each is in; agreed when it began, where the pupil was there already."""
        rows: list[Sequence[Value]] = []
        for pupil in pupils:
            stage = stage_code(pupil.year_group(year))
            if stage is None:
                continue
            began = date(pupil.cohort + STAGE_STARTS[stage], *_TARGETS_AGREED)
            agreed = day if pupil.newcomer else min(day, max(began, pupil.joined))
            lessons = self.school.timetables[year.starts_in][pupil.upn].values()
            rows += self.targets.agree(pupil, lessons, stage, day=agreed)
        return rows

    def _year_4_rows(self, pupils: Iterable[DemoPupil], year: AcademicYear, day: date) -> list[Sequence[Value]]:
        """One class of Year 4 sets targets for the end of the year too, in two subjects."""
        rows: list[Sequence[Value]] = []
        for pupil in pupils:
            if pupil.year_group(year) == 4 and pupil.place % self.school.n_forms == 0:
                lessons = self.school.timetables[year.starts_in][pupil.upn]
                some = [lessons[subject] for subject in ("reading", "mathematics")]
                rows += self.targets.agree_for_year_4(pupil, some, day=day)
        return rows

    def _revised_rows(self, pupils: Iterable[DemoPupil], year: AcademicYear, day: date) -> list[Sequence[Value]]:
        rows: list[Sequence[Value]] = []
        for pupil in pupils:
            year_group = pupil.year_group(year)
            stage, t = stage_code(year_group), (year_group - 1) * TERMS_A_YEAR + 1
            if stage is not None:
                lessons = self.school.timetables[year.starts_in][pupil.upn].values()
                rows += self.targets.revise(pupil, lessons, stage, t=t, day=day)
        return rows
