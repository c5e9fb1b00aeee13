"""Who goes to the made-up school: its year groups, those who joined late, those who have left.

Knows nothing of what they attain; what is true of them beside is made in ``traits``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from headway.demo.dice import dice
from headway.demo.names import forename, surname
from headway.demo.shapes import Shape
from headway.demo.timeline import Timeline
from headway.demo.traits import Traits, make_traits
from headway.domain.pupils import upn_check_letter
from headway.domain.terms import AcademicYear, YearGroup

__all__ = ["DemoPupil", "make_pupils"]

_SHARE_JOINING_LATE, _SHARE_LEAVING_EARLY = 0.05, 0.04
_FEWEST_MOVES = 3
_LAST_TERM = 3


@dataclass(frozen=True, slots=True)
class DemoPupil:
    """A pupil who does not exist.

    ``cohort`` is the calendar year of their first day in Year R; ``place`` counts them within it and decides their
    class; a ``newcomer`` joined in the middle of a year and brought no results along.
    """

    upn: str
    surname: str
    forename: str
    preferred_forename: str
    sex: str
    born: date
    admission_number: str
    cohort: int
    place: int
    joined: date
    left: date | None
    newcomer: bool
    traits: Traits

    def year_group(self, year: AcademicYear) -> YearGroup:
        return year.starts_in - self.cohort

    def on_roll(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day <= self.left)

    def of_year(self, year: AcademicYear) -> bool:
        """Whether on roll at any time of an academic year."""
        return self.joined <= year.ends and (self.left is None or self.left >= year.starts)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A pupil's time at the school, before there is anybody to it."""

    cohort: int
    joined: date
    left: date | None = None
    newcomer: bool = False


def make_pupils(shape: Shape, *, n_pupils: int, seed: int, time: Timeline) -> Sequence[DemoPupil]:
    """Everybody who has been at the school in its three years; as many as asked for are there today."""
    stays = _stays(shape, n_pupils, seed, time)
    throw = dice(seed, "who")
    sexes = ["F" if throw.random() < 0.49 else "M" for _ in stays]
    traits = make_traits(sexes, seed=seed, years=[year.starts_in for year in time.years])
    serials: dict[int, int] = {}
    made = []
    for number, (stay, sex, trait) in enumerate(zip(stays, sexes, traits, strict=True)):
        serial = serials[stay.cohort] = serials.get(stay.cohort, 0) + 1
        called = forename(trait.background, sex, throw)
        made.append(
            DemoPupil(
                upn=_upn(shape, stay.cohort, serial),
                surname=surname(throw),
                forename=called,
                preferred_forename=called[:3] if throw.random() < 0.02 and len(called) > 5 else "",
                sex=sex,
                born=date(stay.cohort - 5, 9, 1) + timedelta(days=throw.randrange(365)),
                admission_number=str(2001 + number),
                cohort=stay.cohort,
                place=serial - 1,
                joined=stay.joined,
                left=stay.left,
                newcomer=stay.newcomer,
                traits=trait,
            )
        )
    return made


def _stays(shape: Shape, n_pupils: int, seed: int, time: Timeline) -> list[_Stay]:
    throw = dice(seed, "moves")
    first = shape.year_groups[0]
    size, over = divmod(n_pupils, len(shape.year_groups))
    stays: list[_Stay] = []
    for place, year_group in enumerate(shape.year_groups):
        cohort = shape.cohort_of(year_group, year=time.this_year)
        stays += [_Stay(cohort, date(cohort + first, 9, 1))] * (size + (place < over))
    stays = _with_newcomers(stays, throw, time)
    for back in range(1, len(time.years)):
        cohort = shape.cohort_of(shape.year_groups[-1], year=time.this_year) - back
        gone = AcademicYear(cohort + shape.year_groups[-1]).ends
        stays += [_Stay(cohort, date(cohort + first, 9, 1), left=gone)] * size
    n_leaving = max(_FEWEST_MOVES, round(_SHARE_LEAVING_EARLY * n_pupils))
    stays += [_leaving(shape, throw, time) for _ in range(n_leaving)]
    return sorted(stays, key=lambda stay: (stay.cohort, throw.random()))


def _with_newcomers(stays: Sequence[_Stay], throw: Random, time: Timeline) -> list[_Stay]:
    """Some of those on roll today came in the middle of a year."""
    wanted = max(_FEWEST_MOVES, round(_SHARE_JOINING_LATE * len(stays)))
    stays = list(stays)
    candidates = [place for place, stay in enumerate(stays) if stay.joined.year < time.this_year.starts_in]
    for place in throw.sample(candidates, min(wanted, len(candidates))):
        days = [day for day in _days_of_moving(time) if day > stays[place].joined]
        stays[place] = replace(stays[place], joined=throw.choice(days), newcomer=True)
    return stays


def _leaving(shape: Shape, throw: Random, time: Timeline) -> _Stay:
    """Somebody who left in the middle of a year."""
    gone = throw.choice(list(_days_of_moving(time)))
    year = next(each for each in time.years if each.starts <= gone <= each.ends)
    cohort = shape.cohort_of(throw.choice(shape.year_groups), year=year)
    return _Stay(cohort, date(cohort + shape.year_groups[0], 9, 1), left=gone)


def _days_of_moving(time: Timeline) -> Iterable[date]:
    """The Fridays of autumn and spring between a term's opening and the day its roll is gone over."""
    for term in time.terms:
        if term.term.number == _LAST_TERM:
            continue
        for after in range(7, (term.roll - term.opens).days):
            day = term.opens + timedelta(days=after)
            if day.weekday() == 4:
                yield day


def _upn(shape: Shape, cohort: int, serial: int) -> str:
    rest = f"{shape.dfe}{cohort % 100:02d}{serial:03d}"
    return upn_check_letter(rest) + rest
