"""The kinds of news there are: who did what, when, and to what. In words elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

__all__ = [
    "CollectionNews",
    "FileNews",
    "GroupNews",
    "MarksNews",
    "News",
    "NewsItem",
    "TargetChanged",
    "TargetsNews",
]


@dataclass(frozen=True, slots=True)
class MarksNews:
    """Marks somebody typed into a sheet, counted once a cell; ``code`` is empty where no class is known."""

    by: str
    at: datetime
    code: str
    subject: str
    subject_name: str
    term: str
    n_entered: int
    n_changed: int
    n_removed: int


@dataclass(frozen=True, slots=True)
class TargetChanged:
    """One pupil's target: what it was (empty where there was none), what it is (empty where it was taken away), why."""

    pupil: UUID
    name: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class TargetsNews:
    """Targets somebody changed in one subject of one class; ``changes`` holds every one within reach."""

    by: str
    at: datetime
    code: str
    subject: str
    subject_name: str
    changes: Sequence[TargetChanged]


@dataclass(frozen=True, slots=True)
class FileNews:
    """A file that came in, or was undone, with what it changed."""

    by: str
    at: datetime
    transfer: UUID
    kind: str
    file: str
    n_new: int
    n_changed: int
    undone: bool


@dataclass(frozen=True, slots=True)
class CollectionNews:
    """A term's collection closed or opened again."""

    by: str
    at: datetime
    term: str
    closed: bool


@dataclass(frozen=True, slots=True)
class GroupNews:
    """A group somebody made, with how many of the viewer's pupils are in it."""

    by: str
    at: datetime
    group: UUID
    code: str
    n_pupils: int


NewsItem = MarksNews | TargetsNews | FileNews | CollectionNews | GroupNews


@dataclass(frozen=True, slots=True)
class News:
    """What is told, newest first, and whether there was more than is told."""

    items: Sequence[NewsItem]
    more: bool
