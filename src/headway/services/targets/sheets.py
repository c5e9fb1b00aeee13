"""The target sheet of a class in a subject: beside each target what speaks for it, how it came to be, and its flags."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.scales import Scale as DomainScale
from headway.domain.terms import latest_begun
from headway.records.curricula import TaughtSubject
from headway.records.models import School
from headway.services.access import NotFoundError, Viewer
from headway.services.mark_sheets.class_terms import ClassTerm
from headway.services.schools import framework_of
from headway.services.targets.rows import ClassTargets, SheetPoint, SheetRow

__all__ = ["TargetSheet", "target_sheet"]


@dataclass(frozen=True, slots=True)
class TargetSheet:
    """The sheet, and what it adds up to.

    ``subjects`` are those of the class, by code and name; ``others`` the named points that could be shown besides.
    ``distribution`` counts the targets for the key stage's end by whole grade, highest first.
    """

    code: str
    subject: str
    subject_name: str
    subjects: Sequence[tuple[str, str]]
    parts: Sequence[str]
    term: str
    stage: str
    points: Sequence[SheetPoint]
    others: Sequence[SheetPoint]
    rows: Sequence[SheetRow]
    distribution: Sequence[tuple[str, int]]
    may_set: bool

    @property
    def n_with_target(self) -> int:
        return sum(bool(row.targets[0].grade) for row in self.rows)

    @property
    def n_flagged(self) -> int:
        return sum(bool(row.flags) for row in self.rows)


def target_sheet(
    code: str,
    subject: str,
    *,
    viewer: Viewer,
    school: School,
    now: datetime,
    also: str = "",
    shown: Callable[[SheetRow], bool] = lambda row: True,
) -> TargetSheet:
    """The target sheet of a class of this year in a subject; with the column of another named point, if asked.

    ``shown`` says which rows will be shown by name, the others only being counted.
    Raises NotFoundError where there is no such class or subject, or none of its pupils is within reach.
    """
    term = latest_begun(now.date(), terms=framework_of(school).terms)
    of_class = ClassTerm.of(code, term=term.code, subject="", viewer=viewer, school=school, now=now)
    subjects = _subjects(of_class)
    chosen = next((each for each in subjects if each.code == subject), None)
    if chosen is None:
        raise NotFoundError(subject)
    read = ClassTargets.of(of_class, chosen)
    points = read.points(also)
    rows = [read.row(pupil, points) for pupil in read.pupils]
    viewer.saw(row.key for row in rows if shown(row))
    return TargetSheet(
        code=of_class.school_class.code,
        subject=chosen.code,
        subject_name=chosen.name,
        subjects=[(each.code, each.name) for each in subjects],
        parts=[each.name for each in subjects if each.code in chosen.stages[of_class.key_stage].parts],
        term=term.code,
        stage=read.stage_name,
        points=points,
        others=read.other_points(points),
        rows=rows,
        distribution=_distribution(rows, read.scale),
        may_set=any(row.may_set for row in rows),
    )


def _subjects(of_class: ClassTerm) -> list[TaughtSubject]:
    """The subjects a class is taught, and the composites whose parts it is taught, in the school's order."""
    taught = {each.code for each in of_class.groups.values()}
    found = []
    for each in of_class.curriculum.subjects.values():
        stage = each.stages.get(of_class.key_stage)
        if stage and (each.code in taught or (stage.parts and taught.issuperset(stage.parts))):
            found.append(each)
    return found


def _distribution(rows: Sequence[SheetRow], scale: DomainScale) -> list[tuple[str, int]]:
    """How many targets there are of each whole grade, highest first; those with none in between too."""
    wholes = Counter(scale.wholes.index(row.whole) for row in rows if row.whole)
    if not wholes:
        return []
    return [(scale.wholes[rank], wholes[rank]) for rank in range(max(wholes), min(wholes) - 1, -1)]
