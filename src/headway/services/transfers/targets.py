"""Targets in: on the scale (T3), flagged where already attained (T2), lowered only with a reason."""

from collections.abc import Sequence
from fractions import Fraction

from headway.domain.flags import t2_target_already_attained
from headway.domain.scales import Grade
from headway.domain.scales import Scale as DomainScale
from headway.formats.rows import ParsedRow
from headway.records.models import Pupil, Result, Subject, Target
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.marks import read_grade
from headway.services.transfers.registry import Registry

__all__ = ["plan_targets"]


def plan_targets(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a targets file."""
    standing = {
        (each.pupil_id, each.subject_id, each.point): each for each in Target.objects.filter(school=registry.school)
    }
    attained: dict[tuple[int, int], list[tuple[int, str]]] = {}
    results = Result.objects.filter(school=registry.school, rank__isnull=False)
    for pupil, subject, scale, grade in results.values_list("pupil_id", "subject_id", "scale_id", "grade"):
        attained.setdefault((pupil, subject), []).append((scale, grade))
    for row in rows:
        try:
            _plan_target(draft, row, registry, standing, attained)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_target(
    draft: Draft,
    row: ParsedRow,
    registry: Registry,
    standing: dict[tuple[int, int, str], Target],
    attained: dict[tuple[int, int], list[tuple[int, str]]],
) -> None:
    values = row.values
    pupil, subject, point = registry.pupil(values["upn"]), registry.subject(values["subject"]), str(values["key_stage"])
    try:
        key_stage, _ = registry.framework.point(point)
    except ValueError as error:
        right = str(error).rpartition("Right would be ")[2].rstrip(".")
        raise RefusedRowError("key_stage", "it is not a key stage", right) from None
    stage = registry.subject_in(subject, key_stage)
    scale = registry.framework.scales[stage.scale]
    grade = read_grade(values["grade"], scale=scale, bare=registry.settings.undivided, marks=False)
    assert isinstance(grade, Grade)
    found = standing.get((pupil.pk, subject.pk, point))
    _needs_reason(row, registry, found, grade, scale)
    optional = {name: values[name] for name in ("agreed_on", "agreed_by", "reason") if values[name] is not None}
    wanted: dict[str, object] = {**optional}
    if found is None or found.grade != grade.code:
        scale_row = registry.scale_rows[stage.scale]
        wanted |= {"grade": grade.code, "rank": grade.rank, "units": grade.units, "scale_id": scale_row}
        _flag(draft, row, pupil, subject, grade, scale, attained.get((pupil.pk, subject.pk), []), registry)
    what = f"{pupil.upn} {point} {subject.code}"
    if found is None:
        draft.add(Target(school=registry.school, pupil=pupil, subject=subject, point=point, **wanted))
        draft.say(row, "new", what, after=grade.code)
    elif differing := draft.amend(found, **wanted):
        silent = {"rank", "units", "scale_id"}
        before, after = spelled({name: pair for name, pair in differing.items() if name not in silent})
        draft.say(row, "changed", what, before=before, after=after)
    else:
        draft.say(row, "same", what)
        return
    draft.pupils.add(pupil.pk)
    draft.subjects.add(subject.pk)


def _needs_reason(row: ParsedRow, registry: Registry, found: Target | None, grade: Grade, scale: DomainScale) -> None:
    if found is None or row.values["reason"] is not None:
        return
    made_on = registry.scales[found.scale_id]
    if made_on.family == scale.family and grade.points < Fraction(found.units, made_on.per_point):
        raise RefusedRowError(
            "reason", f"it lowers the target from {found.grade} to {grade.code} without one", "why it was lowered"
        )


def _flag(
    draft: Draft,
    row: ParsedRow,
    pupil: Pupil,
    subject: Subject,
    grade: Grade,
    scale: DomainScale,
    attained: Sequence[tuple[int, str]],
    registry: Registry,
) -> None:
    on_scale = [scale.parse(code) for scale_id, code in attained if registry.scales[scale_id].code == scale.code]
    flag = t2_target_already_attained(grade, attained=on_scale)
    if flag:
        draft.warnings.append(f"row {row.number}, {pupil.upn} {subject.code}: {flag.code}. {flag.sentence}")
