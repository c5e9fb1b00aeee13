"""The little a sheet that is open in a browser asks again and again: has anything changed, how many are missing."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from django.db.models import QuerySet

from headway.records.models import Assessment
from headway.services.mark_sheets.class_terms import ClassTerm

__all__ = ["digest", "digest_of", "missing_of"]


def digest_of(group: ClassTerm) -> str:
    """What tells one state of a sheet's cells from another: all that is read to say that nothing has changed."""
    rows = _marks(group).filter(subject_id__in=[subject.pk for subject in group.subjects])
    return digest(group.members, rows.values_list("pupil_id", "subject_id", "pk", "version"))


def digest(cells: frozenset[tuple[int, int]], rows: Iterable[tuple[int, int, int, int]]) -> str:
    """The digest of the rows (pupil, subject, key, version) that stand in some cells, in no order."""
    standing = sorted((pk, version) for pupil, subject, pk, version in rows if (pupil, subject) in cells)
    return sha256(repr(standing).encode()).hexdigest()[:20]


def missing_of(group: ClassTerm) -> Mapping[str, int]:
    """How many marks are missing on a sheet, by subject: neither a grade nor a code is entered."""
    kinds = {each.pk: each.stages[group.key_stage].judgement for each in group.groups.values()}
    rows = _marks(group).values_list("pupil_id", "subject_id", "kind")
    entered = {(pupil, subject) for pupil, subject, kind in rows if kinds.get(subject) == kind}
    return {
        each.code: sum(cell not in entered for cell in group.members if cell[1] == each.pk)
        for each in group.shown(judged={subject for _, subject in entered})
    }


def _marks(group: ClassTerm) -> QuerySet[Assessment]:
    return Assessment.objects.filter(pupil_id__in=group.pupils, term__school=group.school, term__code=group.term.code)
