"""What else the made-up school writes down of its pupils: attendance, behaviour, and the groups they are in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from headway.demo.dice import dice
from headway.demo.pupils import DemoPupil
from headway.demo.timeline import DemoTerm, Timeline, school_days
from headway.domain.terms import AcademicYear
from headway.formats.sheets_out import Value

__all__ = [
    "ATTENDANCE_HEADERS",
    "BEHAVIOUR_HEADERS",
    "GROUP_HEADERS",
    "attendance_rows",
    "behaviour_rows",
    "group_rows",
]

ATTENDANCE_HEADERS = ("upn", "term", "possible", "attended", "unauthorised")
BEHAVIOUR_HEADERS = ("upn", "date", "type", "points", "note")
GROUP_HEADERS = ("group", "upn", "from", "to")

_SESSIONS_A_DAY = 2
_GOOD = (("Merit", 1), ("Merit", 1), ("Kindness", 2), ("Head's award", 5))
_BAD = (("Lesson disrupted", -1), ("Homework not done", -1), ("Late to lesson", -1), ("Fighting", -5))
_NOTES = ("", "", "", "", "Spoke with home.", "In the playground.", "Helped a new pupil settle in.", "Second time.")


def attendance_rows(term: DemoTerm, pupils: Iterable[DemoPupil], *, seed: int) -> list[Sequence[Value]]:
    """A term's sessions, up to today, of everybody who was there for any of them."""
    throw = dice(seed, "attendance", term.code)
    days = school_days(term.opens, term.ends)
    rows: list[Sequence[Value]] = []
    for pupil in pupils:
        possible = _SESSIONS_A_DAY * sum(pupil.on_roll(day) for day in days)
        absence = (1 - pupil.traits.attendance) * max(0.1, throw.gauss(1, 0.35)) * _SEASON[term.term.name]
        missed = min(possible, round(possible * absence))
        if possible:
            unauthorised = round(missed * throw.random() * (0.5 if missed > possible / 10 else 0.2))
            rows.append((pupil.upn, term.code, possible, possible - missed, unauthorised))
    return rows


_SEASON = {"autumn": 1.0, "spring": 1.1, "summer": 0.95}


def behaviour_rows(term: DemoTerm, pupils: Iterable[DemoPupil], *, seed: int) -> list[Sequence[Value]]:
    """A term's incidents, good and bad: most pupils have one or none, a few have many."""
    throw = dice(seed, "behaviour", term.code)
    days = school_days(term.opens, term.ends)
    rows: dict[tuple[Value, ...], Sequence[Value]] = {}
    for pupil in pupils if days else ():
        lively = 0.10 * (1.8 if pupil.sex == "M" else 1) * (1.9 if pupil.traits.sen != "N" else 1)
        for odds, kinds in ((lively, _BAD), (0.22 + 0.05 * pupil.traits.ability, _GOOD)):
            n_incidents = sum(throw.random() < odds for _ in range(2))
            for _ in range(n_incidents + 2 * (throw.random() < odds / 8)):
                day, (kind, points), note = throw.choice(days), throw.choice(kinds), throw.choice(_NOTES)
                if pupil.on_roll(day):
                    rows[pupil.upn, day, kind, note] = (pupil.upn, day, kind, points, note)
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class _DemoGroup:
    """A group a school made for itself: of how many, from which year groups, best fitted first."""

    code: str
    year_groups: frozenset[int]
    share: float
    fits: Callable[[DemoPupil], float]
    begins: tuple[int, int]
    ends: tuple[int, int] | None


def _weak(pupil: DemoPupil) -> float:
    return -pupil.traits.ability


def _anyone(pupil: DemoPupil) -> float:
    return float(pupil.sex == "F") * 0.4


def _rarely_here(pupil: DemoPupil) -> float:
    return -20 * pupil.traits.attendance - pupil.traits.ability * 0.2


_PRIMARY = (
    _DemoGroup("Reading boosters", frozenset({5, 6}), 0.14, _weak, (9, 28), (3, 26)),
    _DemoGroup("Number catch-up", frozenset({3, 4}), 0.12, _weak, (10, 5), (7, 10)),
    _DemoGroup("Breakfast club", frozenset(range(7)), 0.07, _rarely_here, (9, 7), None),
    _DemoGroup("Choir", frozenset({3, 4, 5, 6}), 0.13, _anyone, (9, 21), None),
)
_SECONDARY = (
    _DemoGroup("Reading mentors", frozenset({7, 8}), 0.10, _weak, (9, 28), (5, 21)),
    _DemoGroup("Mathematics after school", frozenset({10, 11}), 0.12, _weak, (10, 5), (5, 21)),
    _DemoGroup("Attendance matters", frozenset(range(7, 12)), 0.05, _rarely_here, (9, 14), None),
    _DemoGroup("Choir", frozenset(range(7, 12)), 0.06, _anyone, (9, 21), None),
    _DemoGroup("Debating", frozenset({9, 10, 11}), 0.07, lambda pupil: pupil.traits.ability * 0.5, (9, 24), None),
)
_GROUPS: Mapping[str, Sequence[_DemoGroup]] = {"primary": _PRIMARY, "secondary": _SECONDARY}


def group_rows(
    kind: str, pupils: Sequence[DemoPupil], *, year: AcademicYear, time: Timeline, seed: int
) -> list[Sequence[Value]]:
    """Who is in which group from when to when, of those that begin in an academic year."""
    rows: list[Sequence[Value]] = []
    for group in _GROUPS[kind]:
        begins = min(date(year.starts_in, *group.begins), time.today)
        throw = dice(seed, "group", group.code, year)
        able = [pupil for pupil in pupils if pupil.year_group(year) in group.year_groups and pupil.on_roll(begins)]
        fit = {pupil.upn: group.fits(pupil) + throw.gauss(0, 0.5) for pupil in able}
        chosen = sorted(able, key=lambda pupil: -fit[pupil.upn])
        some = chosen[: max(1, round(group.share * len(able)))]
        rows.extend((group.code, pupil.upn, begins, _last_day(group, pupil, year, time)) for pupil in some)
    return rows


def _last_day(group: _DemoGroup, pupil: DemoPupil, year: AcademicYear, time: Timeline) -> date | None:
    """A day not yet come is not known, unless the group was planned to end then."""
    if group.ends is None and year == time.this_year:
        return None
    last = date(year.starts_in + 1, *group.ends) if group.ends else year.ends
    return min(last, pupil.left) if pupil.left else last
