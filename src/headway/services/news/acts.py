"""The acts news is made from: a school's newest, by others than the viewer, never more than can be read at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from headway.records.models import Act, ClassMember, Pupil, Revision, School
from headway.services.access import Viewer, pupils_within_reach, sees_whole_school, taught_by

__all__ = ["WHOLE_FILES", "Listener", "Recent", "RecentAct", "Written", "recent"]

_WALKED = 2000
_MOST_ACTS = 400
_MOST_ROWS = 1000
_NOT_NEWS = ("add person", "create school", "open term")

WHOLE_FILES = ("import", "undo")
"""Acts that wrote what a file said; they are told as the file."""


@dataclass(frozen=True, slots=True)
class RecentAct:
    """One act: what kind, who, when, why."""

    pk: int
    kind: str
    by: str
    at: datetime
    why: str


class Written(NamedTuple):
    """A row as an act left it: hundreds may be read, so without its state. ``removed``: the act took it away."""

    act: RecentAct
    kind: str
    row: int
    version: int
    removed: bool


@dataclass(frozen=True, slots=True)
class Listener:
    """Whose news it is: the school, what of it they reach, and whether that is all of it."""

    viewer: Viewer
    school: School
    reach: QuerySet[Pupil]
    whole: bool
    now: datetime

    @classmethod
    def of(cls, viewer: Viewer, school: School, now: datetime) -> "Listener":
        """What a viewer hears of in a school."""
        reach = pupils_within_reach(viewer, school=school, on=now.date())
        return cls(viewer, school, reach, sees_whole_school(viewer, school=school, on=now.date()), now)

    def classes(
        self, pupils: Iterable[int], subjects: Iterable[int], years: Iterable[int]
    ) -> dict[tuple[int, int, int], str]:
        """The class of each pupil in each subject and academic year, among those the viewer hears of.

        Who sees the whole school hears of every class; others of the classes they teach in any subject.
        """
        rows = ClassMember.objects.filter(
            teaching_group__school_class__year__starts_in__in=set(years),
            pupil__in=set(pupils),
            teaching_group__subject__in=set(subjects),
            school=self.school,
        )
        if not self.whole:
            taught = taught_by(self.viewer, school=self.school, on=self.now.date())
            rows = rows.filter(teaching_group__school_class__in=taught.values("school_class"), pupil__in=self.reach)
        found = rows.values_list(
            "pupil_id",
            "teaching_group__subject_id",
            "teaching_group__school_class__year__starts_in",
            "teaching_group__school_class__code",
        )
        return {(pupil, subject, year): code for pupil, subject, year, code in found}


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened: the acts, newest first; what those by hand wrote, by kind of row; whether there was still more."""

    acts: Sequence[RecentAct]
    written: Mapping[str, Sequence[Written]]
    more: bool


def recent(listener: Listener, *, since: datetime) -> Recent:
    """The newest acts by others since a moment, and the rows they wrote by hand.

    Acts are numbered as they come, so the newest are found from the end and a long history costs nothing. What a file
    wrote, which may be the whole school, is left unread.
    """
    newest = Act.objects.filter(school=listener.school).order_by("-pk")
    floor = list(newest.values_list("pk", flat=True)[_WALKED : _WALKED + 1])
    told = newest.filter(pk__gt=floor[0] if floor else 0, at__gt=since).exclude(kind__in=_NOT_NEWS)
    if listener.viewer.user:
        told = told.exclude(person__user=listener.viewer.user)
    acts = [RecentAct(*row) for row in told.values_list("pk", "kind", "by", "at", "why")[:_MOST_ACTS]]
    rows = _rows([act for act in acts if act.kind not in WHOLE_FILES])
    written: defaultdict[str, list[Written]] = defaultdict(list)
    for row in rows:
        written[row.kind].append(row)
    return Recent(acts, written, more=len(acts) == _MOST_ACTS or len(rows) == _MOST_ROWS)


def _rows(acts: Sequence[RecentAct]) -> list[Written]:
    """What acts wrote. Asked for by act alone, for asked by kind too the whole history of the kind would be walked."""
    by_key = {act.pk: act for act in acts}
    if not by_key:
        return []
    gone = ExpressionWrapper(Q(state__isnull=True), output_field=BooleanField())
    rows = Revision.objects.filter(act_id__in=by_key).exclude(kind="ProgressTarget").order_by("-act_id", "-pk")
    told = rows.values_list("act_id", "kind", "row", "version", gone)[:_MOST_ROWS]
    return [Written(by_key[act], kind, row, version, removed) for act, kind, row, version, removed in told]
