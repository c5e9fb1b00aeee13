"""A school and what it assesses by: made, read, its years and terms opened on use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from django.db import transaction

from headway.domain.frameworks import Framework, Judgement, Redraw
from headway.domain.scales import PointsRule
from headway.domain.scales import Scale as DomainScale
from headway.domain.terms import Term as DomainTerm
from headway.domain.terms import academic_year_of, parse_term
from headway.formats.frameworks import read_framework, shipped_frameworks
from headway.records import history
from headway.records.models import AcademicYear, Scale, School, StageSubject, Subject, Term
from headway.records.models import Framework as FrameworkRow
from headway.records.versioned import Versioned
from headway.services import audit
from headway.services.access import Viewer

__all__ = [
    "AnySchool",
    "SchoolRefusedError",
    "SchoolSettings",
    "any_school",
    "create_school",
    "domain_scales",
    "framework_of",
    "open_term",
    "open_used",
    "read_term",
    "school_by_dfe",
    "settings_of",
    "usual_judgement",
]


AnySchool = School
"""A school, for the ways in to hold and hand back without knowing how it is stored."""


class SchoolRefusedError(ValueError):
    """A school cannot be made or found as asked; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class SchoolSettings:
    """What a school has chosen; what it has not is its framework's."""

    points_rule: PointsRule
    redraw: Redraw
    tolerance: int
    undivided: bool
    display: str


def create_school(*, name: str, dfe: str, framework: str, by: Viewer, now: datetime, demo: bool = False) -> School:
    """A new, empty school with a shipped framework in force and its subjects ready."""
    if not (dfe.isascii() and dfe.isdigit() and len(dfe) == 7):
        raise SchoolRefusedError(
            f"'{dfe}' is not a DfE number. Right would be seven digits, authority then establishment, such as 8231234."
        )
    if not name.strip():
        raise SchoolRefusedError("The school has no name. Right would be its name, in quotation marks.")
    shipped = shipped_frameworks()
    if framework not in shipped:
        raise SchoolRefusedError(f"There is no framework '{framework}'. Right would be one of {', '.join(shipped)}.")
    if School.objects.filter(dfe=dfe).exists():
        raise SchoolRefusedError(f"There is already a school with the DfE number {dfe}.")
    if other := School.objects.exclude(demo=demo).first():
        said = "made up" if other.demo else "real"
        right = "Right would be a folder of its own: --data FOLDER."
        raise SchoolRefusedError(
            f"{other.name} is here and is {said}: made-up pupils stay apart from real ones. {right}"
        )
    parsed = _read(shipped[framework])
    with transaction.atomic():
        school = School.objects.create(name=name.strip(), dfe=dfe, demo=demo)
        from_day = academic_year_of(now.date()).starts
        row = FrameworkRow.objects.create(
            school=school, code=parsed.code, version=parsed.version, text=shipped[framework], in_force_from=from_day
        )
        Scale.objects.bulk_create(
            Scale(school=school, framework=row, code=scale.code, version=scale.version, in_force_from=from_day)
            for scale in parsed.scales.values()
        )
        school.framework = row
        school.save(update_fields=["framework"])
        act = history.begin(school, kind="create school", by=by.author(school), at=now)
        history.record(act, new=_offered_subjects(school, parsed))
        audit.note(school, action="create school", by=by, now=now, detail={"framework": parsed.label})
    return school


def any_school() -> bool:
    """Whether there is a school here at all."""
    return School.objects.exists()


def school_by_dfe(dfe: str | None) -> School:
    """The school of that number, or the only one there is."""
    schools = list(School.objects.order_by("dfe"))
    if not schools:
        raise SchoolRefusedError(
            'There is no school here yet. Make one with: headway init --name "…" --dfe … --framework …'
        )
    if dfe is None:
        if len(schools) == 1:
            return schools[0]
        listed = ", ".join(f"{school.dfe} ({school.name})" for school in schools)
        raise SchoolRefusedError(f"There are several schools here. Right would be --school and one of {listed}.")
    for school in schools:
        if school.dfe == dfe:
            return school
    raise SchoolRefusedError(f"There is no school {dfe} here. Right would be {', '.join(s.dfe for s in schools)}.")


def framework_of(school: School) -> Framework:
    """The framework in force in a school."""
    if school.framework is None:
        raise SchoolRefusedError(f"{school.name} has no framework in force.")
    return _read(school.framework.text)


def domain_scales(school: School) -> Mapping[int, DomainScale]:
    """Every version of every scale a school has used, by its record's key; read when the first is asked for."""
    return _Scales(school)


def settings_of(school: School) -> SchoolSettings:
    """A school's own settings over its framework's."""
    framework = framework_of(school)
    own = school.settings
    return SchoolSettings(
        points_rule=own.get("points_rule", framework.points_rule),
        redraw=own.get("redraw", framework.redraw),
        tolerance=own.get("tolerance", framework.tolerance),
        undivided=own.get("undivided", framework.undivided),
        display=own.get("display", "letters"),
    )


def read_term(school: School, code: str, *, today: date) -> DomainTerm:
    """The term a code means in a school; raises ValueError with what would be right."""
    return parse_term(code, terms=framework_of(school).terms, today=today)


def open_term(school: School, term: DomainTerm, *, by: Viewer, now: datetime) -> Term:
    """A term's record, made on first use together with its academic year's."""
    found = Term.objects.filter(school=school, code=term.code).select_related("year").first()
    if found:
        return found
    year = AcademicYear.objects.filter(school=school, starts_in=term.year.starts_in).first()
    fresh = year or AcademicYear(school=school, starts_in=term.year.starts_in)
    row = Term(school=school, year=fresh, number=term.number, code=term.code, starts=term.starts, ends=term.ends)
    open_used([row] if year else [fresh, row], school=school, by=by, now=now)
    return row


def open_used(rows: Sequence[Versioned], *, school: School, by: Viewer, now: datetime) -> None:
    """Writes terms and years used for the first time, as an act of their own: undoing what used them leaves them."""
    if not rows:
        return
    with transaction.atomic():
        act = history.begin(school, kind="open term", by=by.author(school), at=now)
        history.record(act, new=rows)


def usual_judgement(framework: Framework, key_stage: str) -> Judgement:
    """What the termly judgement says in most of a key stage's subjects: the default for a school's own."""
    said = [
        stage.judgement
        for subject in framework.subjects.values()
        for stage in subject.stages
        if stage.key_stage == key_stage
    ]
    return max(said, key=said.count, default="current")


class _Scales(Mapping[int, DomainScale]):
    """A page whose frames are in memory needs no scale, and so never reads them."""

    def __init__(self, school: School) -> None:
        self._school = school

    @cached_property
    def _found(self) -> Mapping[int, DomainScale]:
        rows = self._school.scales.select_related("framework")
        return {row.pk: _read(row.framework.text).scales[row.code] for row in rows}

    def __getitem__(self, key: int) -> DomainScale:
        return self._found[key]

    def __iter__(self) -> Iterator[int]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@lru_cache(maxsize=64)
def _read(text: str) -> Framework:
    return read_framework(text, file="the school's framework")


def _offered_subjects(school: School, framework: Framework) -> list[Subject | StageSubject]:
    rows: list[Subject | StageSubject] = []
    for definition in framework.subjects.values():
        subject = Subject(
            school=school,
            code=definition.code,
            name=definition.name,
            counts_as=" ".join(definition.counts_as),
            gcse_size=definition.gcse_size or "",
            threshold=definition.threshold or "",
        )
        rows.append(subject)
        rows.extend(
            StageSubject(
                school=school,
                subject=subject,
                key_stage=stage.key_stage,
                scale=stage.scale,
                judgement=stage.judgement,
                parts=list(stage.parts),
            )
            for stage in definition.stages
        )
    return rows
