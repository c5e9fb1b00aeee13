"""Files out: the same kinds that come in, sorted by their keys, so that export and import meet to the byte."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from headway.domain.pupils import CHARACTERISTICS
from headway.domain.roles import ScopedRole
from headway.domain.rounding import half_up
from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import academic_year_of, year_group_code, year_group_in
from headway.formats.kinds import KINDS, OUT_ONLY
from headway.formats.sheets_out import Value
from headway.records.models import (
    Assessment,
    Attendance,
    BehaviourIncident,
    Characteristic,
    ClassMember,
    Contact,
    Enrolment,
    GroupMember,
    Person,
    Placement,
    ProgressTarget,
    Pupil,
    Result,
    Role,
    School,
    SchoolClass,
    StageSubject,
    Subject,
    Target,
    Teaching,
)
from headway.services import audit
from headway.services.access import EVERY_FIELD, Viewer, keys_within_reach, pupils_within_reach, require, require_fields
from headway.services.progress_targets import line_of
from headway.services.schools import domain_scales, framework_of, read_term
from headway.services.transfers.draft import action_for
from headway.services.transfers.pupils import held_on

__all__ = ["ExportRefusedError", "Sheet", "Wanted", "export"]


class ExportRefusedError(ValueError):
    """What was asked for cannot go out; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a kind is wanted: everything, where nothing is said."""

    term: str | None = None
    year_group: int | None = None
    class_code: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headers and rows ready to be written as a file."""

    headers: tuple[str, ...]
    rows: list[Sequence[Value]]


def export(kind: str, *, school: School, by: Viewer, now: datetime, wanted: Wanted | None = None) -> Sheet:
    """The rows of a kind, sorted by their keys; written to the audit."""
    require(by, "export", school=school, on=now.date())
    if kind == "contacts":
        require(by, action_for(kind), school=school, on=now.date())
    maker = _MAKERS.get(kind)
    if maker is None:
        raise ExportRefusedError(f"There is no kind '{kind}' to export. Right would be one of {', '.join(_MAKERS)}.")
    source = _Source(school, by, now, wanted or Wanted())
    rows = sorted(maker(source), key=lambda row: tuple("" if cell is None else str(cell) for cell in row))
    headers = OUT_ONLY[kind] if kind in OUT_ONLY else KINDS[kind].headers
    if kind in KINDS:
        places = [headers.index(name) for name in KINDS[kind].key]
        rows.sort(key=lambda row: tuple("" if row[place] is None else str(row[place]) for place in places))
    detail = {"kind": kind, "rows": len(rows)}
    audit.note(school, action="export", by=by, now=now, detail=detail, pupils=_of_pupils(headers, rows, school))
    return Sheet(headers, rows)


def _of_pupils(headers: Sequence[str], rows: Sequence[Sequence[Value]], school: School) -> frozenset[int]:
    """The keys of the pupils some rows are about."""
    if "upn" not in headers:
        return frozenset()
    place = headers.index("upn")
    known = dict(Pupil.objects.filter(school=school).values_list("upn", "pk"))
    return frozenset(known[upn] for upn in {row[place] for row in rows} if isinstance(upn, str))


class _Source:
    """The rows of a school that are wanted and may be seen."""

    def __init__(self, school: School, by: Viewer, now: datetime, wanted: Wanted) -> None:
        self.school, self.by, self.wanted, self.today = school, by, wanted, now.date()
        self.year = academic_year_of(self.today)
        self.term = read_term(school, wanted.term, today=self.today) if wanted.term else None
        self._require_known()
        self.pupils = self._pupils(pupils_within_reach(by, school=school, on=self.today))

    def _require_known(self) -> None:
        """Refuses a class or subject the school does not have, rather than give an empty file."""
        wanted = self.wanted
        in_year = SchoolClass.objects.filter(school=self.school, year__starts_in=self.year.starts_in)
        for what, asked, rows in (
            ("class", wanted.class_code, in_year),
            ("subject", wanted.subject, Subject.objects.filter(school=self.school)),
        ):
            codes = sorted(rows.values_list("code", flat=True)) if asked is not None else []
            if asked is not None and asked not in codes:
                right = ", ".join(codes[:20]) or "none: there are none yet"
                raise ExportRefusedError(f"The school has no {what} '{asked}'. Right would be {right}.")

    def _pupils(self, within_reach: QuerySet[Pupil]) -> QuerySet[Pupil]:
        wanted = self.wanted
        if wanted.class_code is not None:
            of_class = ClassMember.objects.filter(
                school=self.school,
                teaching_group__school_class__code=wanted.class_code,
                teaching_group__school_class__year__starts_in=self.year.starts_in,
            )
            within_reach = within_reach.filter(pk__in=of_class.values("pupil_id"))
        if wanted.year_group is not None:
            keys = [pk for pk, known in self.placements().items() if self.year_group(known) == wanted.year_group]
            within_reach = within_reach.filter(pk__in=keys)
        return within_reach

    def confidential(self) -> frozenset[int] | None:
        """The keys of the pupils of whom confidential things may go out; None for all of them."""
        return keys_within_reach(self.by, school=self.school, on=self.today, fields={"confidential"})

    def placements(self) -> dict[int, dict[DomainYear, Placement]]:
        found: dict[int, dict[DomainYear, Placement]] = {}
        for row in Placement.objects.filter(school=self.school).select_related("year"):
            found.setdefault(row.pupil_id, {})[DomainYear(row.year.starts_in)] = row
        return found

    def year_group(self, placements: Mapping[DomainYear, Placement], year: DomainYear | None = None) -> int:
        known = {each: placement.year_group for each, placement in placements.items()}
        return year_group_in(year or self.year, placements=known)

    def rows(self, model: type[Any], **filters: Any) -> QuerySet[Any]:
        """A model's rows for the wanted pupils, subject and term."""
        rows: QuerySet[Any] = model._default_manager.filter(school=self.school, pupil__in=self.pupils, **filters)
        return rows.select_related("pupil")

    def for_subject(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("pupil", "subject")
        return rows.filter(subject__code=self.wanted.subject) if self.wanted.subject else rows

    def for_term(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = rows.select_related("pupil", "term")
        return rows.filter(term__code=self.term.code) if self.term else rows


_Rows = Iterable[Sequence[Value]]


def _pupils(source: _Source) -> _Rows:
    require_fields(source.by, EVERY_FIELD & CHARACTERISTICS.keys(), school=source.school, on=source.today)
    placements = source.placements()
    spells: dict[int, Enrolment] = {}
    for spell in Enrolment.objects.filter(school=source.school).order_by("starts"):
        spells[spell.pupil_id] = spell
    held: dict[int, dict[str, list[Characteristic]]] = {}
    for each in Characteristic.objects.filter(school=source.school).order_by("starts"):
        held.setdefault(each.pupil_id, {}).setdefault(each.kind, []).append(each)
    for pupil in source.pupils:
        spell, known = spells[pupil.pk], placements[pupil.pk]
        left_before = spell.ends is not None and spell.ends < source.year.starts
        year = academic_year_of(spell.ends) if spell.ends and left_before else source.year
        day = held_on(year, today=source.today, left=spell.ends)
        values = {
            kind: next((row.value for row in reversed(rows) if row.starts <= day), None)
            for kind, rows in held.get(pupil.pk, {}).items()
        }
        yield (
            pupil.upn,
            pupil.surname,
            pupil.forename,
            values.get("sex"),
            pupil.dob,
            year_group_code(source.year_group(known, year)),
            known[year].reg_group if year in known else "",
            pupil.preferred_forename,
            pupil.admission_number,
            spell.starts if spell.given else None,
            spell.ends,
            *(values.get(kind) for kind in CHARACTERISTICS if kind != "sex"),
        )


def _subjects(source: _Source) -> _Rows:
    order = list(framework_of(source.school).key_stages)
    together: dict[tuple[int, str, str], list[StageSubject]] = {}
    stages = StageSubject.objects.filter(school=source.school).select_related("subject")
    for stage in sorted(stages, key=lambda stage: order.index(stage.key_stage)):
        together.setdefault((stage.subject_id, stage.scale, stage.judgement), []).append(stage)
    for same in together.values():
        subject, stage = same[0].subject, same[0]
        if source.wanted.subject in (None, subject.code):
            yield (
                subject.code,
                subject.name,
                " ".join(each.key_stage for each in same),
                stage.scale,
                stage.judgement,
                subject.counts_as,
                subject.qualification_number,
                subject.gcse_size,
                subject.threshold,
            )


def _staff(source: _Source) -> _Rows:
    roles: dict[int, list[ScopedRole]] = {}
    for key, role, scope in Role.objects.filter(school=source.school).values_list("person_id", "role", "scope"):
        roles.setdefault(key, []).append(ScopedRole(role, scope))
    for person in Person.objects.filter(school=source.school):
        held = "; ".join(map(str, sorted(roles.get(person.pk, []))))
        yield (person.code, person.name, person.email, held, person.starts, person.ends)


def _contacts(source: _Source) -> _Rows:
    for each in source.rows(Contact):
        named = (each.pupil.upn, each.name, each.relationship, each.email, each.language)
        yield (*named, each.receives_reports, each.restricted, each.starts, each.ends)


def _classes(source: _Source) -> _Rows:
    year = (source.term.year if source.term else source.year).starts_in
    teachers: dict[int, list[str]] = {}
    teachings = Teaching.objects.filter(school=source.school).order_by("person__code")
    for group, code in teachings.values_list("teaching_group_id", "person__code"):
        teachers.setdefault(group, []).append(code)
    members = source.rows(ClassMember, teaching_group__school_class__year__starts_in=year)
    for member in members.select_related("pupil", "teaching_group__school_class", "teaching_group__subject"):
        group = member.teaching_group
        if source.wanted.subject in (None, group.subject.code):
            yield (
                group.school_class.code,
                group.subject.code,
                year_group_code(group.school_class.year_group),
                member.pupil.upn,
                "; ".join(teachers.get(group.pk, [])),
            )


def _groups(source: _Source) -> _Rows:
    for member in source.rows(GroupMember).select_related("pupil", "group"):
        yield (member.group.code, member.pupil.upn, member.starts, member.ends)


def _results(source: _Source) -> _Rows:
    for result in source.for_subject(source.rows(Result)):
        grade = result.grade or result.mark_code
        yield (result.pupil.upn, result.key_stage, result.subject.code, grade, result.year, result.kind)


def _assessments(source: _Source) -> _Rows:
    rows = source.for_term(source.for_subject(source.rows(Assessment)))
    about = ("pupil__upn", "subject__code", "term__code", "grade", "mark_code")
    for upn, subject, term, grade, mark, *given in rows.values_list(*about, "date", "kind", "by", "comment"):
        yield (upn, subject, term, grade or mark, *given)


def _targets(source: _Source) -> _Rows:
    for target in source.for_subject(source.rows(Target)):
        agreed = (target.agreed_on, target.agreed_by, target.reason)
        yield (target.pupil.upn, target.subject.code, target.point, target.grade, *agreed)


def _progress_targets(source: _Source) -> _Rows:
    framework, scales = framework_of(source.school), domain_scales(source.school)
    for row in source.for_subject(source.rows(ProgressTarget)):
        grades = scales[row.scale_id].grades
        for term in line_of(row).terms:
            code = framework.term_at(row.key_stage, term.k, first_year=DomainYear(row.first_year)).code
            if source.term is None or source.term.code == code:
                shown = (str(term.value), _decimal(term.value), grades[term.rank].code, term.target)
                yield (row.pupil.upn, row.subject.code, code, *shown)


def _decimal(value: Fraction) -> int | Decimal:
    return value.numerator if value.denominator == 1 else half_up(value, places=3).normalize()


def _attendance(source: _Source) -> _Rows:
    for each in source.for_term(source.rows(Attendance)):
        sessions = (each.possible, each.attended, each.half_term, each.unauthorised)
        yield (each.pupil.upn, each.term.code, *sessions)


def _behaviour(source: _Source) -> _Rows:
    readable = source.confidential()
    for each in source.rows(BehaviourIncident):
        note = each.note if readable is None or each.pupil_id in readable else ""
        yield (each.pupil.upn, each.date, each.type, each.points, note)


_MAKERS: Mapping[str, Callable[[_Source], _Rows]] = {
    "pupils": _pupils,
    "subjects": _subjects,
    "staff": _staff,
    "contacts": _contacts,
    "classes": _classes,
    "groups": _groups,
    "results": _results,
    "assessments": _assessments,
    "targets": _targets,
    "attendance": _attendance,
    "behaviour": _behaviour,
    "progress_targets": _progress_targets,
}
