"""From a file's bytes to a plan: what each row would do, and every refusal at once. Nothing of the file is written."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import academic_year_of, parse_academic_year
from headway.formats.kinds import Kind, is_wide, recognise
from headway.formats.rows import ParsedRow, ParsedRows, read_rows
from headway.formats.tables import FileRefused, Problem, normalised, read
from headway.records.models import School, Subject
from headway.services.access import Viewer, require
from headway.services.transfers.attendance import plan_attendance, plan_behaviour
from headway.services.transfers.classes import plan_classes, plan_groups
from headway.services.transfers.contacts import plan_contacts
from headway.services.transfers.draft import Draft, LinesOf, Plan, RefusedRowError, action_for
from headway.services.transfers.marks import plan_assessments, plan_results
from headway.services.transfers.pupils import plan_pupils
from headway.services.transfers.registry import Registry
from headway.services.transfers.staff import plan_staff
from headway.services.transfers.subjects import plan_subjects
from headway.services.transfers.targets import plan_targets

__all__ = ["plan", "plan_rows"]

_PLANNERS: Mapping[str, Callable[[Draft, Sequence[ParsedRow], Registry], None]] = {
    "pupils": plan_pupils,
    "subjects": plan_subjects,
    "staff": plan_staff,
    "contacts": plan_contacts,
    "classes": plan_classes,
    "groups": plan_groups,
    "results": plan_results,
    "assessments": plan_assessments,
    "targets": plan_targets,
    "attendance": plan_attendance,
    "behaviour": plan_behaviour,
}

_OTHERS_NAMED = 5
_ABOUT = {"pupils": "pupil", "staff": "person", "contacts": "contact", "behaviour": "incident"}


def plan(
    content: bytes,
    *,
    file: str,
    school: School,
    by: Viewer,
    now: datetime,
    as_kind: str | None = None,
    academic_year: str | None = None,
    term: str | None = None,
) -> Plan:
    """What a file would do to a school.

    Raises FileRefused where it cannot be read as a table of one kind at all; refusals of single rows are in the plan.
    """
    require(by, "import", school=school, on=now.date())
    year = _year(academic_year, now=now, file=file)
    table = read(content, file=file)
    subjects = _subject_headers(school)
    kind = recognise(table, as_kind=as_kind, term_given=term is not None, subjects=subjects)
    wide = kind.name == "assessments" and is_wide(table, subjects=subjects)
    parsed = read_rows(table, kind=kind, term=term, subjects=subjects, wide=wide)
    return plan_rows(parsed, school=school, by=by, now=now, year=year, digest=hashlib.sha256(content).hexdigest())


def plan_rows(parsed: ParsedRows, *, school: School, by: Viewer, now: datetime, year: DomainYear, digest: str) -> Plan:
    """What rows already read would do to a school."""
    require(by, action_for(parsed.kind.name), school=school, on=now.date())
    draft = Draft(parsed)
    draft.problems.extend(parsed.problems)
    draft.refused_rows.update(problem.row for problem in parsed.problems if problem.row is not None)
    registry = Registry(school, by, now, year)
    rows = _once_each(draft, parsed, registry)
    _PLANNERS[parsed.kind.name](draft, rows, registry)
    return Plan(
        school=school,
        kind=parsed.kind.name,
        file=parsed.file,
        digest=digest,
        rows=tuple(draft.rows),
        problems=tuple(sorted(draft.problems, key=lambda problem: (problem.row or 0, problem.column or ""))),
        ignored=parsed.ignored,
        n_blank=parsed.n_blank,
        wide=parsed.wide,
        warnings=tuple(draft.warnings),
        opened=tuple(registry.opened),
        new=tuple(draft.new),
        changed=tuple(draft.changed.values()),
        removed=tuple(draft.removed),
        lines_of=LinesOf(frozenset(draft.pupils), frozenset(draft.subjects), frozenset(draft.whole_subjects)),
        refused_rows=frozenset(draft.refused_rows),
    )


def _subject_headers(school: School) -> Mapping[str, str]:
    """What may head a subject's column in a mark sheet: its code, or its name as the school says it."""
    codes = dict(Subject.objects.filter(school=school).values_list("name", "code"))
    return {normalised(name): code for name, code in codes.items()} | {code: code for code in codes.values()}


def _year(code: str | None, *, now: datetime, file: str) -> DomainYear:
    if code is None:
        return academic_year_of(now.date())
    try:
        return parse_academic_year(code, today=now.date())
    except ValueError as error:
        wrong, _, right = str(error).partition(". Right would be ")
        raise FileRefused((Problem(file, None, None, None, code, wrong, right.rstrip(".")),)) from None


def _once_each(draft: Draft, parsed: ParsedRows, registry: Registry) -> list[ParsedRow]:
    """The rows whose cell no other row of the file names; where two do, both are refused, even if equal."""
    if parsed.kind.name == "subjects":  # a row names several cells there: its planner finds the second
        return list(parsed.rows)
    by_key: defaultdict[tuple[object, ...], list[ParsedRow]] = defaultdict(list)
    for row in parsed.rows:
        by_key[_key(row, parsed.kind, registry)].append(row)
    alone = []
    for rows in by_key.values():
        if len(rows) == 1:
            alone.append(rows[0])
            continue
        for row in rows:
            others = [str(other.number) for other in rows if other is not row]
            more = f" and {len(others) - _OTHERS_NAMED} others" if len(others) > _OTHERS_NAMED else ""
            column = row.places.get("grade", parsed.kind.key[0])
            named = ", ".join(others[:_OTHERS_NAMED])
            wrong = f"row {row.number} and row {named}{more} are about the same {_ABOUT.get(parsed.kind.name, 'cell')}"
            value = ", ".join(row.said[name] for name in parsed.kind.key if row.said[name])
            problem = Problem(parsed.file, parsed.sheet, row.number, column, value, wrong, "one row for it")
            draft.problems.append(problem)
            draft.refused_rows.add(row.number)
    return alone


def _key(row: ParsedRow, kind: Kind, registry: Registry) -> tuple[object, ...]:
    values = [row.values[name] for name in kind.key]
    if kind.name == "assessments" and row.values["kind"] is None:
        values[-1] = _judgement(row, registry)
    return tuple(value.casefold() if isinstance(value, str) else value for value in values)


def _judgement(row: ParsedRow, registry: Registry) -> object:
    """What a blank kind stands for, so that a row with it and one without are seen to be about one cell."""
    if len(registry.judgements) == 1:
        return next(iter(registry.judgements))
    try:
        pupil, subject = registry.pupil(row.values["upn"]), registry.subject(row.values["subject"])
        return registry.judgement(pupil, subject, registry.term(row.values["term"]))
    except RefusedRowError:
        return None  # the row is refused for that in its turn
