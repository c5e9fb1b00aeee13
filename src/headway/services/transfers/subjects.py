"""Subjects in: what is taught in which key stages, on which scale."""

from collections.abc import Sequence

from headway.formats.rows import ParsedRow
from headway.records.models import StageSubject, Subject
from headway.services.schools import usual_judgement
from headway.services.transfers.draft import Draft, Outcome, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_subjects"]


def plan_subjects(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a subjects file. A subject may take several rows, one for each scale."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        try:
            _plan_subject(draft, row, registry, seen)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_subject(draft: Draft, row: ParsedRow, registry: Registry, seen: dict[tuple[str, str], int]) -> None:
    values = row.values
    code, scale = str(values["subject"]), _scale(row, registry)
    key_stages = _key_stages(row, registry)
    for key_stage in key_stages:
        if seen.setdefault((code, key_stage), row.number) != row.number:
            where = seen[code, key_stage]
            raise RefusedRowError("key_stages", f"row {where} has {code} in {key_stage} too", "one row for it")
    subject = registry.subjects.get(code)
    optional = {
        name: values[name]
        for name in ("counts_as", "qualification_number", "gcse_size", "threshold")
        if values[name] is not None
    }
    fresh = subject is None
    if subject is None:
        subject = draft.add(Subject(school=registry.school, code=code, name=str(values["name"]), **optional))
        registry.subjects[code] = subject
        differing = {}
    else:
        differing = draft.amend(subject, name=values["name"], **optional)
    for key_stage in key_stages:
        differing |= _amend_stage(draft, row, registry, subject, key_stage, scale)
    before, after = spelled(differing)
    outcome: Outcome = "new" if fresh else "changed" if differing else "same"
    draft.say(row, outcome, code, before="" if fresh else before, after=after)


def _amend_stage(
    draft: Draft, row: ParsedRow, registry: Registry, subject: Subject, key_stage: str, scale: str
) -> dict[str, tuple[object, object]]:
    stage = registry.stages.get((subject.pk, key_stage)) if subject.pk else None
    judgement = row.values["judgement"]
    if stage is None:
        said = judgement or usual_judgement(registry.framework, key_stage)
        made = StageSubject(
            school=registry.school, subject=subject, key_stage=key_stage, scale=scale, judgement=str(said)
        )
        draft.add(made)
        return {key_stage: ("", f"{scale}, {said}")}
    wanted = {"scale": scale} | ({"judgement": judgement} if judgement else {})
    differing = draft.amend(stage, **wanted)
    if differing:
        draft.whole_subjects.add(subject.pk)
    return {f"{key_stage} {name}": pair for name, pair in differing.items()}


def _scale(row: ParsedRow, registry: Registry) -> str:
    code = str(row.values["scale"])
    if code not in registry.framework.scales:
        right = ", ".join(registry.framework.scales)
        raise RefusedRowError("scale", f"the framework {registry.framework.code} has no such scale", f"one of {right}")
    return code


def _key_stages(row: ParsedRow, registry: Registry) -> tuple[str, ...]:
    wanted = row.values["key_stages"] if isinstance(row.values["key_stages"], tuple) else ()
    for key_stage in wanted:
        if key_stage not in registry.framework.key_stages:
            right = ", ".join(registry.framework.key_stages)
            raise RefusedRowError("key_stages", f"{key_stage} is not a key stage", f"one or more of {right}")
    return wanted
