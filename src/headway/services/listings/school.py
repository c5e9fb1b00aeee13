"""What a school's marks are made of, for programs that ask: the schools themselves, subjects, terms and scales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.scales import Grade, MarkCode
from headway.domain.terms import latest_begun
from headway.records.models import Scale, School, StageSubject, Subject
from headway.records.models import Term as TermRow
from headway.services.access import NotAllowedError, Viewer, may, require, schools_of
from headway.services.listings.pages import Page, Window, page_of, rows_of
from headway.services.schools import domain_scales, framework_of

__all__ = [
    "ListedScale",
    "ListedSchool",
    "ListedStage",
    "ListedSubject",
    "ListedTerm",
    "list_scales",
    "list_schools",
    "list_subjects",
    "list_terms",
    "schools_by_token",
]


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school: its number, and what it assesses by."""

    uid: UUID
    dfe: str
    name: str
    framework: str
    term: str


@dataclass(frozen=True, slots=True)
class ListedStage:
    """A subject in one key stage; the parts are its own where it is a composite."""

    key_stage: str
    scale: str
    judgement: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedSubject:
    """A subject with what it is in each key stage."""

    code: str
    name: str
    counts_as: tuple[str, ...]
    stages: tuple[ListedStage, ...]


@dataclass(frozen=True, slots=True)
class ListedTerm:
    """A term the school has used, or is in; ``closed_at`` is when its collection was closed."""

    code: str
    academic_year: str
    name: str
    starts: date
    ends: date
    current: bool
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedScale:
    """One version of a scale, its grades from the lowest on, and the marks that are no grades."""

    code: str
    version: int
    name: str
    in_force_from: date
    grades: tuple[Grade, ...]
    undivided: tuple[Grade, ...]
    mark_codes: tuple[MarkCode, ...]


def schools_by_token(viewer: Viewer, *, now: datetime) -> Sequence[School]:
    """The schools somebody's tokens reach today; NotAllowedError where there are none."""
    on = now.date()
    mine = [school for school in schools_of(viewer, on=on) if may(viewer, "use_api", school=school, on=on)]
    if not mine:
        raise NotAllowedError("The owner of this token has no role that may use the API. Ask the head of the school.")
    return mine


def list_schools(viewer: Viewer, *, window: Window, now: datetime) -> Page[ListedSchool]:
    """The schools somebody's tokens reach, by name."""
    today = now.date()
    return page_of(schools_by_token(viewer, now=now), window).map(
        lambda school: ListedSchool(
            school.uid,
            school.dfe,
            school.name,
            framework_of(school).label,
            latest_begun(today, terms=framework_of(school).terms).code,
        )
    )


def list_subjects(viewer: Viewer, *, school: School, window: Window, now: datetime) -> Page[ListedSubject]:
    """The subjects of a school, in its framework's order."""
    require(viewer, "ask", school=school, on=now.date())
    page = rows_of(Subject.objects.filter(school=school), window)
    stages: dict[int, list[ListedStage]] = {}
    for row in StageSubject.objects.filter(subject__in=page.items).order_by("pk"):
        stage = ListedStage(row.key_stage, row.scale, row.judgement, tuple(row.parts))
        stages.setdefault(row.subject_id, []).append(stage)
    return page.map(
        lambda row: ListedSubject(row.code, row.name, tuple(row.counts_as.split()), tuple(stages.get(row.pk, ())))
    )


def list_terms(viewer: Viewer, *, school: School, window: Window, now: datetime) -> Page[ListedTerm]:
    """The terms a school has used, and the one it is in, from the first on."""
    require(viewer, "ask", school=school, on=now.date())
    latest = latest_begun(now.date(), terms=framework_of(school).terms)
    used = {
        row.code: ListedTerm(
            code=row.code,
            academic_year=str(row.year),
            name=row.code.rpartition("-")[2],
            starts=row.starts,
            ends=row.ends,
            current=row.code == latest.code,
            closed_at=row.closed_at,
        )
        for row in TermRow.objects.filter(school=school).select_related("year")
    }
    this = ListedTerm(latest.code, latest.year.code, latest.name, latest.starts, latest.ends, True, None)
    return page_of(sorted(({latest.code: this} | used).values(), key=lambda term: (term.starts, term.code)), window)


def list_scales(viewer: Viewer, *, school: School, window: Window, now: datetime) -> Page[ListedScale]:
    """Every version of every scale a school has used."""
    require(viewer, "ask", school=school, on=now.date())
    page, scales = rows_of(Scale.objects.filter(school=school), window), domain_scales(school)
    return page.map(
        lambda row: ListedScale(
            row.code,
            row.version,
            scales[row.pk].name,
            row.in_force_from,
            scales[row.pk].grades,
            scales[row.pk].bare_grades,
            scales[row.pk].mark_codes,
        )
    )
