"""Attendance and behaviour on the terms of a pupil's charts, and as the table beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.strips import Missed, Moment, strip_chart
from headway.charts.svg import Drawing
from headway.domain.questions import term_words
from headway.domain.rounding import percent
from headway.domain.terms import academic_year_of, term_of_year
from headway.services.pupil_pages import PupilPage
from headway.services.pupil_particulars import AttendanceRecord, Incident
from headway.web.presenters.days import day_words, short_day
from headway.web.presenters.figures import percent_words
from headway.web.presenters.pupil_axis import PupilAxis

__all__ = ["AttendanceRow", "IncidentRow", "Strip", "strip_of"]

_WIDE, _NARROW = 1000, 350
_HALVES = {None: "", 1: ", first half", 2: ", second half"}


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """Attendance in a term or half of one."""

    when: str
    percent: str
    attended: str
    unauthorised: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident."""

    on: str
    type: str
    points: str
    note: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What stood beside attainment: drawn twice, as the large chart is, and in full."""

    wide: Drawing
    narrow: Drawing
    words: str
    attendance: Sequence[AttendanceRow]
    incidents: Sequence[IncidentRow]


def strip_of(page: PupilPage, axis: PupilAxis) -> Strip | None:
    """The strip of a page; None where neither attendance nor behaviour was ever recorded."""
    if not page.attendance and not page.incidents:
        return None
    words = " ".join(_said(page))
    wide, narrow = (
        strip_chart(axis.slots, missed=_missed(page, axis), moments=_moments(page, axis), words=words, width=width)
        for width in (_WIDE, _NARROW)
    )
    newest = sorted(page.incidents, key=lambda each: each.on, reverse=True)
    return Strip(
        wide, narrow, words, [_row(each) for each in reversed(page.attendance)], [_told(each) for each in newest]
    )


def _missed(page: PupilPage, axis: PupilAxis) -> Sequence[Missed]:
    found = []
    for each in page.attendance:
        place = axis.place(each.term)
        attended = percent(each.attended, each.possible)
        if place is None or attended is None:
            continue
        starts, ends = {None: (0.0, 1.0), 1: (0.0, 0.5)}.get(each.half, (0.5, 1.0))
        label = f"{round(attended)}" if each.half is None else ""
        found.append(Missed(place, float(100 - attended), label, _sentence(each), starts, ends))
    return found


def _moments(page: PupilPage, axis: PupilAxis) -> Sequence[Moment]:
    dates, found = page.framework.terms, []
    for each in page.incidents:
        year = academic_year_of(each.on)
        terms = [term_of_year(year, number, terms=dates) for number in range(1, len(dates) + 1)]
        term = max((term for term in terms if term.starts <= each.on), default=terms[0])
        place = axis.place(term)
        if place is not None:
            share = (each.on - term.starts).days / ((term.ends - term.starts).days or 1)
            found.append(Moment(place, min(max(share, 0.0), 1.0), each.points, _happened(each)))
    return found


def _said(page: PupilPage) -> Sequence[str]:
    """What the strip shows, in sentences."""
    said = []
    if page.attendance:
        latest = page.attendance[-1]
        lowest = min(page.attendance, key=lambda each: each.attended / max(each.possible, 1))
        said.append(f"Attendance {_percent(latest)} in {_when(latest)}")
        if lowest is not latest:
            said[-1] += f", lowest {_percent(lowest)} in {_when(lowest)}"
        said[-1] += "."
    if page.incidents:
        good = sum(each.points >= 0 for each in page.incidents)
        said.append(f"Behaviour: {_incidents(len(page.incidents), good)}.")
    return said


def _incidents(n: int, good: int) -> str:
    if n == 1:
        return "1 incident, a good one" if good else "1 incident, not a good one"
    return f"{n} incidents, {'all' if good == n else good or 'none'} of them good"


def _when(each: AttendanceRecord) -> str:
    return term_words(each.term.code) + _HALVES[each.half]


def _percent(each: AttendanceRecord) -> str:
    return percent_words(percent(each.attended, each.possible))


def _sentence(each: AttendanceRecord) -> str:
    return f"{_when(each).capitalize()}: {_percent(each)}, {each.attended} of {each.possible} sessions"


def _row(each: AttendanceRecord) -> AttendanceRow:
    unauthorised = "–" if each.unauthorised is None else str(each.unauthorised)
    return AttendanceRow(_when(each).capitalize(), _percent(each), f"{each.attended} of {each.possible}", unauthorised)


def _happened(each: Incident) -> str:
    return f"{day_words(each.on)}: {each.type}, {_points(each.points)}"


def _told(each: Incident) -> IncidentRow:
    return IncidentRow(short_day(each.on), each.type, _points(each.points), each.note)


def _points(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{abs(points)}" if points else "0"
