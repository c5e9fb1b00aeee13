"""Targets in: on the scale (T3), flagged where already attained (T2), lowered only with a reason (T7)."""

from collections.abc import Sequence

from headway.formats.rows import ParsedRow
from headway.records.models import Target
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry
from headway.services.transfers.target_rules import Attained, attained_by, judge_target, stage_of_point, target_values

__all__ = ["plan_targets"]

_SILENT = frozenset({"rank", "units", "scale_id"})


def plan_targets(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a targets file."""
    standing = {
        (each.pupil_id, each.subject_id, each.point): each for each in Target.objects.filter(school=registry.school)
    }
    named = {str(row.values["upn"]) for row in rows}
    attained = attained_by(
        registry.school,
        pupils={pupil.pk for upn, pupil in registry.pupils.items() if upn in named},
        subjects={subject.pk for subject in registry.subjects.values()},
    )
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
    attained: Attained,
) -> None:
    values = row.values
    pupil, subject, point = registry.pupil(values["upn"]), registry.subject(values["subject"]), str(values["key_stage"])
    stage = stage_of_point(point, subject, registry)
    found = standing.get((pupil.pk, subject.pk, point))
    judged = judge_target(
        values["grade"],
        stage=stage,
        standing=found,
        attained=attained.get((pupil.pk, subject.pk), ()),
        registry=registry,
    )
    judged.require_reason(values["reason"], standing=found)
    code = judged.grade.code
    wanted: dict[str, object] = {
        name: values[name] for name in ("agreed_on", "agreed_by", "reason") if values[name] is not None
    }
    if found is None or found.grade != code:
        wanted |= target_values(judged.grade, stage=stage, registry=registry)
        draft.warnings += [
            f"row {row.number}, {pupil.upn} {subject.code}: {flag.code}. {flag.sentence}"
            for flag in judged.flags
            if flag.code == "T2"
        ]
    what = f"{pupil.upn} {point} {subject.code}"
    if found is None:
        draft.add(Target(school=registry.school, pupil=pupil, subject=subject, point=point, **wanted))
        draft.say(row, "new", what, after=code)
    elif differing := draft.amend(found, **wanted):
        before, after = spelled({name: pair for name, pair in differing.items() if name not in _SILENT})
        draft.say(row, "changed", what, before=before, after=after)
    else:
        draft.say(row, "same", what)
        return
    draft.pupils.add(pupil.pk)
    draft.subjects.add(subject.pk)
