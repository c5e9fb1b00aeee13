"""Results and assessments in: a grade on the right scale for the pupil, or a mark code, or a refusal that says why."""

from collections.abc import Sequence
from functools import partial

from headway.domain.scales import Grade, MarkCode, NotOnScale
from headway.domain.scales import Scale as DomainScale
from headway.formats.rows import ParsedRow
from headway.records.models import Assessment, Result, StageSubject
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_assessments", "plan_results", "read_grade"]


def read_grade(said: object, *, scale: DomainScale, bare: bool, marks: bool = True) -> Grade | MarkCode:
    """The grade or mark code a cell means on a scale; refused with what would be right."""
    parse = scale.parse_mark if marks else scale.parse
    try:
        mark = parse(str(said))
    except NotOnScale as error:
        raise RefusedRowError("grade", f"it is not a grade of {scale.name}", error.right) from None
    if isinstance(mark, Grade) and mark.bare and mark.code in scale.wholes and not bare:
        parts = [grade.code for grade in scale.grades if grade.whole_rank == mark.whole_rank]
        raise RefusedRowError("grade", "this school does not use undivided grades here", " or ".join(parts))
    return mark


def mark_values(mark: Grade | MarkCode, *, scale_row: int) -> dict[str, object]:
    """The fields a grade or mark code fills in a record."""
    if isinstance(mark, MarkCode):
        return {"scale_id": scale_row, "grade": "", "mark_code": mark.code, "rank": None, "units": None}
    return {"scale_id": scale_row, "grade": mark.code, "mark_code": "", "rank": mark.rank, "units": mark.units}


def plan_assessments(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of an assessments file."""
    standing = _standing_assessments(rows, registry)
    for row in rows:
        try:
            _plan_assessment(draft, row, registry, standing)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_assessment(
    draft: Draft, row: ParsedRow, registry: Registry, standing: dict[tuple[int, int, int, str], Assessment]
) -> None:
    pupil, subject = registry.pupil(row.values["upn"]), registry.subject(row.values["subject"])
    term = registry.term(row.values["term"])
    stage = registry.stage_subject(pupil, subject, term)
    scale_row = registry.scale_rows[stage.scale]
    scale = registry.framework.scales[stage.scale]
    mark = read_grade(row.values["grade"], scale=scale, bare=registry.settings.undivided)
    kind = str(row.values["kind"] or stage.judgement)
    optional = {name: row.values[name] for name in ("date", "by", "comment") if row.values[name] is not None}
    found = standing.get((pupil.pk, subject.pk, term.pk, kind))
    what = f"{subject.code} {term.code}"
    values = {**_kept_scale(found, mark, scale_row), **optional} if found else {}
    if found is None or draft.differs(found, **values):
        registry.require_open(term)
    if found is None:
        draft.add(
            Assessment(
                school=registry.school, pupil=pupil, subject=subject, term=term, kind=kind,
                **mark_values(mark, scale_row=scale_row), **optional,
            )
        )  # fmt: skip
        draft.say(row, "new", f"{pupil.upn} {what}", after=mark.code)
    elif differing := draft.amend(found, **values):
        before, after = spelled({name: pair for name, pair in differing.items() if name not in _SILENT})
        draft.say(row, "changed", f"{pupil.upn} {what}", before=before, after=after)
    else:
        draft.say(row, "same", f"{pupil.upn} {what}")
        return
    if (pupil.pk, subject.pk, stage.key_stage) not in registry.settled_lines:
        draft.pupils.add(pupil.pk)
        draft.subjects.add(subject.pk)


_SILENT = frozenset({"rank", "units", "scale_id"})


def _kept_scale(found: Assessment | Result, mark: Grade | MarkCode, scale_row: int) -> dict[str, object]:
    """The fields to set: where the grade given is the one that stands, its scale's version stays too."""
    if (found.grade or found.mark_code) == mark.code:
        return {}
    return mark_values(mark, scale_row=scale_row)


def _standing_assessments(rows: Sequence[ParsedRow], registry: Registry) -> dict[tuple[int, int, int, str], Assessment]:
    codes = {str(row.values["term"]).casefold().strip() for row in rows}
    found = Assessment.objects.filter(school=registry.school, term__code__in=codes)
    return {(each.pupil_id, each.subject_id, each.term_id, each.kind): each for each in found}


def plan_results(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a results file."""
    standing: dict[tuple[int, int, str], list[Result]] = {}
    for each in Result.objects.filter(school=registry.school):
        standing.setdefault((each.pupil_id, each.subject_id, each.key_stage), []).append(each)
    plan_one = partial(_plan_result, draft, registry=registry, standing=standing)
    for row in rows:
        try:
            plan_one(row)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_result(
    draft: Draft, row: ParsedRow, *, registry: Registry, standing: dict[tuple[int, int, str], list[Result]]
) -> None:
    pupil, subject = registry.pupil(row.values["upn"]), registry.subject(row.values["subject"])
    key_stage = str(row.values["key_stage"])
    if key_stage not in registry.framework.key_stages:
        right = ", ".join(registry.framework.key_stages)
        raise RefusedRowError("key_stage", "it is not a key stage", f"one of {right}")
    scale_code, mark = _result_mark(row, registry, subject_stage=registry.subject_in(subject, key_stage))
    found = _same_result(standing.get((pupil.pk, subject.pk, key_stage), []), row)
    scale_row = registry.scale_rows[scale_code]
    what = f"{pupil.upn} {key_stage} {subject.code}"
    if found is None:
        made = Result(
            school=registry.school, pupil=pupil, subject=subject, key_stage=key_stage,
            kind=str(row.values["kind"] or ""), year=row.values["year"], **mark_values(mark, scale_row=scale_row),
        )  # fmt: skip
        draft.add(made)
        draft.say(row, "new", what, after=mark.code)
    elif differing := draft.amend(found, **_kept_scale(found, mark, scale_row)):
        before, after = spelled({name: pair for name, pair in differing.items() if name not in _SILENT})
        draft.say(row, "changed", what, before=before, after=after)
    else:
        draft.say(row, "same", what)
        return
    draft.pupils.add(pupil.pk)
    draft.subjects.add(subject.pk)


def _result_mark(row: ParsedRow, registry: Registry, *, subject_stage: StageSubject) -> tuple[str, Grade | MarkCode]:
    """A result's scale and mark: the subject's own scale first, then those its key stage's results may also be on."""
    codes = registry.result_scales(subject_stage)
    refusal: RefusedRowError | None = None
    for code in codes:
        try:
            return code, read_grade(row.values["grade"], scale=registry.framework.scales[code], bare=True)
        except RefusedRowError as error:
            refusal = refusal or error
    raise refusal or RefusedRowError("subject", "it has no scale", "a subject with a scale")


def _same_result(standing: Sequence[Result], row: ParsedRow) -> Result | None:
    """The result a row speaks of. A blank kind or year leaves what stands, where that can only be one."""
    kind, year = row.values["kind"], row.values["year"]
    exact = [each for each in standing if each.kind == (kind or "") and each.year == year]
    if exact:
        return exact[0]
    near = [each for each in standing if (kind is None or each.kind == kind) and (year is None or each.year == year)]
    if len(near) > 1:
        raise RefusedRowError(
            "year", "there are several results it could mean", "the year and kind (test or teacher) of the one meant"
        )
    return near[0] if near else None
