"""What holds for every target, in a file or typed on the sheet: on its scale (T3), flagged where already attained (T2),
lowered only with a reason (T7). The rules themselves are the domain's; here stands what they are given.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.domain.flags import Flag, t2_target_already_attained, t7_target_lowered
from headway.domain.scales import Grade
from headway.domain.scales import Scale as DomainScale
from headway.records.models import Assessment, Result, School, StageSubject, Subject, Target
from headway.services.transfers.draft import RefusedRowError
from headway.services.transfers.marks import read_grade
from headway.services.transfers.registry import Registry

__all__ = [
    "Attained",
    "Judged",
    "attained_by",
    "flag_attained",
    "judge_target",
    "stage_of_point",
    "target_values",
]

Attained = Mapping[tuple[int, int], Sequence[tuple[int, str]]]
"""What pupils have been given in a subject: by both keys, each grade with the key of the scale it was given on."""

_FEW = 900


@dataclass(frozen=True, slots=True)
class Judged:
    """A target's grade, and its flags."""

    grade: Grade
    flags: tuple[Flag, ...]

    @property
    def needs_reason(self) -> bool:
        return any(flag.code == "T7" for flag in self.flags)

    def require_reason(self, reason: object, *, standing: Target | None) -> None:
        """Refuses a lowered target that says no why."""
        if self.needs_reason and standing is not None and not str(reason or "").strip():
            wrong = f"it lowers the target from {standing.grade} to {self.grade.code} without one"
            raise RefusedRowError("reason", wrong, "why it was lowered")


def stage_of_point(point: str, subject: Subject, registry: Registry) -> StageSubject:
    """What a subject is in the key stage that a target's point (``KS2``, ``Y4``) belongs to."""
    try:
        key_stage, _ = registry.framework.point(point)
    except ValueError as error:
        right = str(error).rpartition("Right would be ")[2].rstrip(".")
        raise RefusedRowError("key_stage", "it is not a key stage", right) from None
    return registry.subject_in(subject, key_stage)


def judge_target(
    said: object,
    *,
    stage: StageSubject,
    standing: Target | None,
    attained: Sequence[tuple[int, str]],
    registry: Registry,
) -> Judged:
    """The grade a text means as a target, with T2 and T7; refused where it is not on the scale (T3)."""
    scale = registry.framework.scales[stage.scale]
    grade = read_grade(said, scale=scale, bare=registry.settings.undivided, marks=False)
    assert isinstance(grade, Grade)
    flags = (
        flag_attained(grade, scale=scale, attained=attained, registry=registry),
        t7_target_lowered(grade, standing=_standing_grade(standing, scale, registry)),
    )
    return Judged(grade, tuple(flag for flag in flags if flag))


def flag_attained(
    grade: Grade, *, scale: DomainScale, attained: Sequence[tuple[int, str]], registry: Registry
) -> Flag | None:
    """T2 of a target, among what the pupil has been given on any version of its scale."""
    on_scale = [scale.parse(code) for scale_id, code in attained if registry.scales[scale_id].code == scale.code]
    return t2_target_already_attained(grade, attained=on_scale)


def target_values(grade: Grade, *, stage: StageSubject, registry: Registry) -> dict[str, object]:
    """The fields a grade fills in a target."""
    scale_row = registry.scale_rows[stage.scale]
    return {"grade": grade.code, "rank": grade.rank, "units": grade.units, "scale_id": scale_row}


def attained_by(school: School, *, pupils: Collection[int], subjects: Collection[int]) -> Attained:
    """What pupils have attained in some subjects: results, and judgements of where they were.

    A judgement of the likely final grade is none: it is hoped for, not attained.
    """
    some: dict[str, Any] = {"school": school, "subject_id__in": subjects, "rank__isnull": False}
    if len(pupils) <= _FEW:
        some["pupil_id__in"] = pupils
    found: defaultdict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    for rows in (Result.objects.filter(**some), Assessment.objects.filter(**some, kind="current")):
        given = rows.order_by().values_list("pupil_id", "subject_id", "scale_id", "grade").distinct()
        for pupil, subject, scale_id, grade in given:
            found[pupil, subject].append((scale_id, grade))
    return found


def _standing_grade(standing: Target | None, scale: DomainScale, registry: Registry) -> Grade | None:
    """The grade that stands, where its points can be compared with a scale's."""
    if standing is None:
        return None
    made_on = registry.scales[standing.scale_id]
    return made_on.parse(standing.grade) if made_on.family == scale.family else None
