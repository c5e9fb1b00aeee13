"""What a school has shown to pupils and to families: a term's marks of a year group, from a day on, until withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from headway.domain.families import AUDIENCES
from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import Term as DomainTerm
from headway.domain.terms import YearGroup, academic_year_of, latest_begun, term_of_year
from headway.records import history
from headway.records.models import Placement, Pupil, Release, Revision, School, StageSubject, Term
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.schools import framework_of

__all__ = [
    "Cell",
    "ReleaseRefusedError",
    "ReleaseTable",
    "Released",
    "ReleasedTerm",
    "release",
    "released_terms",
    "releases_of",
    "withdraw",
]


class ReleaseRefusedError(ValueError):
    """Something cannot be released as asked; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A term's marks of a year group, to one audience."""

    term: str
    year_group: YearGroup
    audience: str


@dataclass(frozen=True, slots=True)
class Released:
    """From when a cell is shown, and who said so when."""

    starts: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """The terms of an academic year that have begun and been used, the year groups, and what is released of them.

    ``open_terms`` are those whose collection has not closed: their marks may still change.
    """

    year: DomainYear
    years: Sequence[DomainYear]
    terms: Sequence[DomainTerm]
    open_terms: frozenset[str]
    year_groups: Sequence[YearGroup]
    released: Mapping[Cell, Released]


@dataclass(frozen=True, slots=True)
class ReleasedTerm:
    """A term of one pupil that an audience may see, and since when."""

    term: DomainTerm
    year_group: YearGroup
    since: date


def releases_of(viewer: Viewer, *, school: School, now: datetime, year: DomainYear | None = None) -> ReleaseTable:
    """What is released of an academic year: this one, or the latest there is anything of."""
    require(viewer, "release_marks", school=school, on=now.date())
    framework, today = framework_of(school), now.date()
    used = Term.objects.filter(school=school, starts__lte=today).select_related("year").order_by("starts")
    years = sorted({DomainYear(row.year.starts_in) for row in used}) or [academic_year_of(today)]
    shown = year if year in years else years[-1]
    rows = [row for row in used if row.year.starts_in == shown.starts_in]
    terms = [term_of_year(shown, row.number, terms=framework.terms) for row in rows]
    return ReleaseTable(
        year=shown,
        years=years,
        terms=terms,
        open_terms=frozenset(row.code for row in rows if row.closed_at is None),
        year_groups=_year_groups(school, shown),
        released=_released(school, [row.pk for row in rows]),
    )


def release(cells: Collection[Cell], *, starts: date, school: School, by: Viewer, now: datetime) -> int:
    """Shows cells from a day on; gives how many changed. One that is released already begins on the new day."""
    require(by, "release_marks", school=school, on=now.date())
    terms = _terms(cells, school=school, now=now)
    with transaction.atomic():
        standing = _standing(school, terms)
        new, changed = [], []
        for cell in dict.fromkeys(cells):
            row = standing.get(cell)
            if row is None:
                place = {"term": terms[cell.term], "year_group": cell.year_group, "audience": cell.audience}
                new.append(Release(school=school, starts=starts, **place))
            elif row.starts != starts:
                row.starts = starts
                changed.append(row)
        if new or changed:
            act = history.begin(school, kind="release marks", by=by.author(school), at=now)
            history.record(act, new=new, changed=changed)
            _note("release marks", cells, school=school, by=by, now=now)
    return len(new) + len(changed)


def withdraw(cells: Collection[Cell], *, school: School, by: Viewer, now: datetime) -> int:
    """Shows cells no more, from the next click on; gives how many were released."""
    require(by, "release_marks", school=school, on=now.date())
    terms = _terms(cells, school=school, now=now)
    with transaction.atomic():
        standing = _standing(school, terms)
        removed = [standing[cell] for cell in dict.fromkeys(cells) if cell in standing]
        if removed:
            act = history.begin(school, kind="withdraw marks", by=by.author(school), at=now)
            history.record(act, removed=removed)
            _note("withdraw marks", cells, school=school, by=by, now=now)
    return len(removed)


def released_terms(
    pupil: Pupil, *, audience: str, year_groups: Mapping[DomainYear, YearGroup], on: date
) -> Sequence[ReleasedTerm]:
    """The terms of a pupil that an audience may see on a day, oldest first.

    ``year_groups`` says in which the pupil was in each academic year: a release is of a year group in a term.
    """
    rows = Release.objects.filter(school=pupil.school_id, audience=audience, starts__lte=on, term__starts__lte=on)
    dates, found = framework_of(pupil.school).terms, []
    for starts_in, number, year_group, since in rows.values_list(
        "term__year__starts_in", "term__number", "year_group", "starts"
    ):
        year = DomainYear(starts_in)
        if year_groups.get(year) == year_group:
            found.append(ReleasedTerm(term_of_year(year, number, terms=dates), year_group, since))
    return sorted(found, key=lambda each: each.term)


def _year_groups(school: School, year: DomainYear) -> Sequence[YearGroup]:
    """The year groups there are in which marks are given by term.

    Of a year before the school placed anybody, whose marks came in all the same: its pupils' less the years between.
    """
    framework = framework_of(school)
    taught = set(StageSubject.objects.filter(school=school).values_list("key_stage", flat=True))
    rows = Placement.objects.filter(school=school).order_by().values_list("year__starts_in", "year_group").distinct()
    placed = [(DomainYear(starts_in), group) for starts_in, group in rows]
    first = min((each for each, _ in placed), default=year)
    back = max(first.starts_in - year.starts_in, 0)
    known = {group - back for each, group in placed if not back or each == first}
    return sorted(each for each in known if (stage := framework.stage_of(each)) and stage.code in taught)


def _released(school: School, terms: Collection[int]) -> Mapping[Cell, Released]:
    rows = list(Release.objects.filter(school=school, term__in=terms).select_related("term"))
    said = Revision.objects.filter(kind="Release", row__in=[row.pk for row in rows]).select_related("act")
    acts = {(revision.row, revision.version): revision.act for revision in said}
    return {
        Cell(row.term.code, row.year_group, row.audience): Released(row.starts, act.by, act.at)
        for row in rows
        for act in [acts[row.pk, row.version]]
    }


def _terms(cells: Collection[Cell], *, school: School, now: datetime) -> Mapping[str, Term]:
    """The terms of cells, each of which must have begun, and every other part of them be known."""
    wanted = {cell.term for cell in cells}
    begun = Term.objects.filter(school=school, code__in=wanted, starts__lte=now.date()).select_related("year")
    found = {row.code: row for row in begun}
    if wanted - found.keys():
        latest = latest_begun(now.date(), terms=framework_of(school).terms).code
        missing = ", ".join(sorted(wanted - found.keys()))
        raise ReleaseRefusedError(
            f"There are no marks of {missing}. Right would be a term up to {latest} that has any."
        )
    years = {code: DomainYear(row.year.starts_in) for code, row in found.items()}
    groups = {year: _year_groups(school, year) for year in years.values()}
    if any(cell.audience not in AUDIENCES or cell.year_group not in groups[years[cell.term]] for cell in cells):
        raise ReleaseRefusedError("There is no such year group here. Right would be a box of the table.")
    return found


def _standing(school: School, terms: Mapping[str, Term]) -> Mapping[Cell, Release]:
    rows = Release.objects.filter(school=school, term__in=list(terms.values())).select_related("term")
    return {Cell(row.term.code, row.year_group, row.audience): row for row in rows}


def _note(action: str, cells: Collection[Cell], *, school: School, by: Viewer, now: datetime) -> None:
    told = sorted({f"{cell.term} year {cell.year_group} {cell.audience}" for cell in cells})
    audit.note(school, action=action, by=by, now=now, detail={"released": told})
