"""What targets as typed are judged by: whose they are, what stands, what has been attained. Guards who may set them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.scales import Grade
from headway.domain.terms import latest_begun
from headway.records.curricula import read_curriculum
from headway.records.freshness import Versions
from headway.records.models import Pupil, School, StageSubject, Subject, Target
from headway.services.access import (
    NotAllowedError,
    NotFoundError,
    Viewer,
    pupils_within_reach,
    require,
    targets_within_reach,
)
from headway.services.attainment import Places
from headway.services.transfers.draft import RefusedRowError
from headway.services.transfers.registry import Registry
from headway.services.transfers.target_rules import (
    Attained,
    Judged,
    attained_by,
    judge_target,
    stage_of_point,
    target_values,
)

__all__ = ["Ground", "TargetCell", "settable_for", "token_of"]


@dataclass(frozen=True, slots=True)
class TargetCell:
    """A target as typed: for a pupil at a point (``KS2``, ``Y4``), read at a version (blank: there was none).

    ``anyway`` says that its warnings have been seen. Blank ``agreed_by`` and ``agreed_on`` are whoever sets it, today.
    """

    pupil: UUID
    point: str
    grade: str
    version: str = ""
    reason: str = ""
    agreed_by: str = ""
    agreed_on: date | None = None
    anyway: bool = False


def token_of(target: Target | None) -> str:
    """What a change hands back to say which target it was read from: the row and its version; nothing where none."""
    return f"{target.pk}.{target.version}" if target else ""


@dataclass(slots=True)
class Ground:
    """What targets are judged by: their pupils, subject and places, what stands, and what has been attained."""

    school: School
    by: Viewer
    now: datetime
    registry: Registry
    subject: Subject
    pupils: Mapping[UUID, Pupil]
    places: Places
    standing: dict[tuple[int, str], Target]
    of_parts: frozenset[tuple[int, int, str]]
    attained: Attained

    @classmethod
    def of(cls, cells: Sequence[TargetCell], *, subject: str, by: Viewer, school: School, now: datetime) -> "Ground":
        """Guards the act: whoever may not set targets, or not these, goes no further."""
        on = now.date()
        require(by, "set_targets", school=school, on=on)
        row = Subject.objects.filter(school=school, code=subject).first()
        wanted = {cell.pupil for cell in cells}
        reached = pupils_within_reach(by, school=school, on=on).filter(uid__in=wanted)
        pupils = {pupil.uid: pupil for pupil in reached}
        if row is None or wanted - pupils.keys():
            raise NotFoundError(subject)
        registry = Registry.at(school, by=by, now=now)
        keys = [pupil.pk for pupil in pupils.values()]
        term = latest_begun(on, terms=registry.framework.terms)
        curriculum = read_curriculum(school.pk, versions=Versions(school.pk))
        places = Places.of(school, curriculum=curriculum, pupils=keys, term=term)
        if settable_for(keys, row.pk, places, by=by, school=school, on=on) != frozenset(keys):
            raise NotAllowedError(
                f"You set targets in the subjects you teach. For {row.name}, ask who teaches it, or the head or "
                f"assessment manager of {school.name}."
            )
        subjects = places.with_parts([row.pk])
        targets = list(Target.objects.filter(pupil_id__in=keys, subject_id__in=subjects))
        return cls(
            school,
            by,
            now,
            registry,
            row,
            pupils,
            places,
            {(each.pupil_id, each.point): each for each in targets if each.subject_id == row.pk},
            frozenset((each.pupil_id, each.subject_id, each.point) for each in targets),
            attained_by(school, pupils=keys, subjects={row.pk}),
        )

    def found(self, cell: TargetCell) -> Target | None:
        """The target that stands where a cell is."""
        return self.standing.get((self.pupils[cell.pupil].pk, cell.point))

    def stands(self, cell: TargetCell, code: str) -> bool:
        """Whether a grade is what stands already."""
        found = self.found(cell)
        return found is not None and found.grade == code

    def stage(self, cell: TargetCell) -> StageSubject:
        """What the subject is in the key stage of a cell's point; refused where the pupil is in another."""
        stage = stage_of_point(cell.point, self.subject, self.registry)
        where = self.places.stage_terms.get(self.pupils[cell.pupil].pk)
        if where is None or where.key_stage != stage.key_stage:
            framework = self.registry.framework
            name = framework.key_stages[where.key_stage].name if where else "no key stage"
            right = f"a target for {where.key_stage}" if where else "a pupil who is in a key stage"
            raise RefusedRowError("grade", f"the pupil is in {name} this term", right)
        return stage

    def judge(self, cell: TargetCell) -> Judged:
        """The grade a cell means and its flags; refused where it cannot be a target."""
        stage, pupil = self.stage(cell), self.pupils[cell.pupil].pk
        known = self.places.curriculum.subjects
        parts = [(code, known[code].pk) for code in stage.parts if code in known]
        if parts and all((pupil, key, cell.point) in self.of_parts for _, key in parts):
            names = " and ".join(code.replace("_", " ") for code, _ in parts)
            raise RefusedRowError("grade", f"it follows from the targets in {names}", "a target in one of those")
        if not cell.grade.strip():
            raise RefusedRowError("grade", "a target is changed, not taken away", "a grade, or what stands")
        return judge_target(
            cell.grade,
            stage=stage,
            standing=self.found(cell),
            attained=self.attained.get((pupil, self.subject.pk), ()),
            registry=self.registry,
        )

    def try_judging(self, cell: TargetCell) -> Judged | RefusedRowError:
        """What `judge` gives, or its refusal."""
        try:
            return self.judge(cell)
        except RefusedRowError as error:
            return error

    def proposed(self, cell: TargetCell, grade: Grade, stage: StageSubject) -> Target:
        """The target a cell would make, as a record that is not saved."""
        found = self.found(cell)
        return Target(
            pk=found.pk if found else None,
            school=self.school,
            pupil=self.pupils[cell.pupil],
            subject=self.subject,
            point=cell.point,
            version=found.version + 1 if found else 1,
            **target_values(grade, stage=stage, registry=self.registry),
        )


def settable_for(
    pupils: Collection[int], subject: int, places: Places, *, by: Viewer, school: School, on: date
) -> frozenset[int]:
    """The pupils whose targets in a subject somebody may set: of a composite, those they teach it, or all its parts."""
    known = places.curriculum.subjects
    parts: dict[int, list[int]] = {}
    for pupil in pupils:
        stage = places.stage((pupil, subject))
        parts[pupil] = [known[code].pk for code in stage.parts if code in known] if stage else []
    needed = {(pupil, key) for pupil in pupils for key in (subject, *parts[pupil])}
    reached = targets_within_reach(by, needed, school=school, year=places.term.year.starts_in, on=on)
    return frozenset(
        pupil
        for pupil in pupils
        if (pupil, subject) in reached or (parts[pupil] and all((pupil, part) in reached for part in parts[pupil]))
    )
