"""News of targets: whose changed, from what to what and why, for the pupils within reach."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from headway.domain.terms import academic_year_of
from headway.records.models import Pupil, Revision, Subject
from headway.services.news.acts import Listener, RecentAct, Written
from headway.services.news.items import TargetChanged, TargetsNews

__all__ = ["targets_news"]

_Change = tuple[RecentAct, Mapping[str, Any], Mapping[str, Any]]
"""An act, and a target's states before and after: empty where there was or is none."""


def targets_news(written: Sequence[Written], listener: Listener) -> list[TargetsNews]:
    """A line for each person, class and subject, with every change that made a difference."""
    changes = _changes(written)
    if not changes:
        return []
    said = [after or before for _, before, after in changes]
    pupils = {
        pupil.pk: pupil
        for pupil in listener.reach.filter(pk__in={each["pupil_id"] for each in said}).only(
            "uid", "surname", "forename"
        )
    }
    year = academic_year_of(listener.now.date()).starts_in
    classes = listener.classes(pupils, {each["subject_id"] for each in said}, [year])
    told: defaultdict[tuple[str, str, int], list[tuple[datetime, TargetChanged]]] = defaultdict(list)
    for (act, before, after), target in zip(changes, said, strict=True):
        pupil, subject = target["pupil_id"], target["subject_id"]
        code = classes.get((pupil, subject, year))
        if pupil in pupils and (code is not None or listener.whole):
            listener.viewer.saw([pupil])
            told[act.by, code or "", subject].append((act.at, _changed(pupils[pupil], before, after, act)))
    subjects = Subject.objects.filter(school=listener.school).in_bulk()
    return [
        TargetsNews(
            by=by,
            at=max(at for at, _ in done),
            code=code,
            subject=subjects[subject].code,
            subject_name=subjects[subject].name,
            changes=[change for _, change in done],
        )
        for (by, code, subject), done in told.items()
    ]


def _changes(written: Sequence[Written]) -> list[_Change]:
    """Each target's first state and last one, by person: what was tried in between is not news."""
    ends: dict[tuple[str, int], tuple[Written, int]] = {}
    for each in written:
        last, _ = ends.get((each.act.by, each.row), (each, each.version))
        ends[each.act.by, each.row] = last, each.version
    states = _states({row for _, row in ends}) if ends else {}
    found = []
    for last, first_version in ends.values():
        before, after = (states.get((last.row, version), {}) for version in (first_version - 1, last.version))
        if (before or after) and before.get("grade") != after.get("grade"):
            found.append((last.act, before, after))
    return found


def _states(targets: set[int]) -> dict[tuple[int, int], Mapping[str, Any]]:
    rows = Revision.objects.filter(kind="Target", row__in=targets).values_list("row", "version", "state")
    return {(row, version): state or {} for row, version, state in rows}


def _changed(pupil: Pupil, before: Mapping[str, Any], after: Mapping[str, Any], act: RecentAct) -> TargetChanged:
    return TargetChanged(
        pupil=pupil.uid,
        name=f"{pupil.forename} {pupil.surname}",
        before=before.get("grade", ""),
        after=after.get("grade", ""),
        why=after.get("reason") or act.why,
    )
