"""The terms a pupil's charts stand on: from where there is something to see to the end of the key stage they are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from headway.charts.terms import Slot
from headway.domain.frameworks import Framework
from headway.domain.terms import AcademicYear, Term, term_of_year, terms_after, year_group_code
from headway.services.pupil_pages import StageYear
from headway.services.pupil_particulars import AttendanceRecord
from headway.services.pupil_progress import SubjectProgress

__all__ = ["Charted", "PupilAxis", "axis_of"]


class Charted(Protocol):
    """A pupil's subjects as far as a page shows them: all that charts are drawn from."""

    @property
    def framework(self) -> Framework: ...
    @property
    def this_term(self) -> Term: ...
    @property
    def term(self) -> Term: ...
    @property
    def years(self) -> Mapping[AcademicYear, StageYear]: ...
    @property
    def subjects(self) -> Sequence[SubjectProgress]: ...
    @property
    def attendance(self) -> Sequence[AttendanceRecord]: ...


@dataclass(frozen=True, slots=True)
class PupilAxis:
    """The axis every chart of one page shares: its slots, and the place of each term by its index."""

    slots: Sequence[Slot]
    places: Mapping[int, int]

    def place(self, term: Term) -> int | None:
        """Where a term stands; None where it is before or after everything shown."""
        return self.places.get(term.index)


def axis_of(page: Charted) -> PupilAxis:
    """The axis of a page.

    It begins with the key stage or the first thing recorded, but no earlier than the key stage before this one, and
    takes in the term before where lines leave prior attainment there.
    """
    dates = page.framework.terms
    here = page.years.get(page.term.year)
    mine = sorted(year for year, each in page.years.items() if here and each.key_stage == here.key_stage)
    mine = mine or [page.term.year]
    first, last = term_of_year(mine[0], 1, terms=dates), term_of_year(mine[-1], len(dates), terms=dates)
    seen = [each.term for subject in page.subjects for stage in subject.stages for each in stage.assessed]
    seen += [each.term for each in page.attendance]
    begins = max(min([first, *seen]), term_of_year(_before(page, mine[0]), 1, terms=dates))
    terms = [terms_after(begins, count, terms=dates) for count in range(last.index - begins.index + 1)]
    if _starts_from_prior(page, begins):
        terms.insert(0, terms_after(begins, -1, terms=dates))
    stages = [_stage(page, term) for term in terms]
    panels = _panels(page, stages)
    if panels and terms[0] != begins:
        panels[0] = panels[1]
    slots = [
        Slot(term.name[:3].capitalize(), _year(page, term), stage, panel - panels[0])
        for term, stage, panel in zip(terms, stages, panels, strict=True)
    ]
    return PupilAxis(slots, {term.index: place for place, term in enumerate(terms)})


def _before(page: Charted, first: AcademicYear) -> AcademicYear:
    """The first year of the key stage before the one that begins in a year; that year where there is none."""
    before = page.years.get(first.after(-1))
    years = [year for year, each in page.years.items() if before and each.key_stage == before.key_stage]
    return min(years, default=first)


def _starts_from_prior(page: Charted, begins: Term) -> bool:
    return any(
        stage.starts_from is not None and stage.terms[0].term == begins
        for subject in page.subjects
        for stage in subject.stages
    )


def _stage(page: Charted, term: Term) -> str:
    year = page.years.get(term.year)
    return year.key_stage if year else ""


def _year(page: Charted, term: Term) -> str:
    year = page.years.get(term.year)
    code = year_group_code(year.year_group) if year else ""
    return f"Y{code}" if code.isdigit() else code


def _panels(page: Charted, stages: Sequence[str]) -> list[int]:
    """A new panel where a key stage begins in which some subject is on a scale of another family."""
    scales = {
        (subject.code, stage.key_stage): stage.scale.family for subject in page.subjects for stage in subject.stages
    }
    panels, panel = [], 0
    for place, stage in enumerate(stages):
        before = stages[place - 1] if place else stage
        if stage != before and any(
            scales.get((subject.code, before), family) != family
            for subject in page.subjects
            if (family := scales.get((subject.code, stage), ""))
        ):
            panel += 1
        panels.append(panel)
    return panels
