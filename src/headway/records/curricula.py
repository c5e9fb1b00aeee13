"""The subjects of a school and what each is in each key stage, kept in memory as long as nobody changes them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from headway.records.freshness import Versions
from headway.records.kept import KEPT
from headway.records.models import StageSubject, Subject

__all__ = ["Curriculum", "Stage", "TaughtSubject", "read_curriculum"]

_BYTES = 2_000
"""What a subject takes in memory, about."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A subject in one key stage: its scale's code, the kind of judgement, its parts where it is a composite."""

    scale: str
    judgement: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaughtSubject:
    """A subject with its key stages."""

    pk: int
    code: str
    name: str
    stages: Mapping[str, Stage]


@dataclass(frozen=True, slots=True, eq=False)
class Curriculum:
    """A school's subjects by their codes, in their order."""

    subjects: Mapping[str, TaughtSubject]

    def stage(self, subject: str, key_stage: str | None) -> Stage | None:
        """What a subject is in a key stage; None where it is not taught in it."""
        found = self.subjects.get(subject)
        return found.stages.get(key_stage) if found and key_stage else None


def read_curriculum(school_id: int, *, versions: Versions) -> Curriculum:
    """The subjects of a school."""
    return KEPT.fresh(
        ("curriculum", school_id),
        versions.of("subjects"),
        lambda: _read(school_id),
        n_bytes=lambda found: _BYTES * len(found.subjects),
    )


def _read(school_id: int) -> Curriculum:
    stages: defaultdict[int, dict[str, Stage]] = defaultdict(dict)
    for row in StageSubject.objects.filter(school=school_id).order_by("pk"):
        stages[row.subject_id][row.key_stage] = Stage(row.scale, row.judgement, tuple(row.parts))
    subjects = Subject.objects.filter(school=school_id).order_by("pk")
    return Curriculum({row.code: TaughtSubject(row.pk, row.code, row.name, stages[row.pk]) for row in subjects})
