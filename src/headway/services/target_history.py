"""How targets came to be what they are: every revision of each, who made it, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from headway.records.models import Revision

__all__ = ["TargetChange", "target_changes"]


@dataclass(frozen=True, slots=True)
class TargetChange:
    """One change of a target: set (nothing before), changed, or taken away (nothing after).

    ``by`` made the change at that moment, ``how`` is the kind of act it was (``import``: by a file); ``agreed_by`` and
    ``agreed_on`` are what the target says of itself. ``target`` is the key of its record.
    """

    subject: str
    point: str
    before: str
    after: str
    at: datetime
    by: str
    how: str
    why: str
    reason: str
    agreed_by: str
    agreed_on: date | None
    target: int


def target_changes(
    targets: Sequence[int], *, subjects: Mapping[int, str], staff: Mapping[str, str]
) -> Sequence[TargetChange]:
    """Every change of some targets, newest first.

    ``subjects`` gives subjects' codes by their keys, ``staff`` people's names by their codes.
    """
    rows = Revision.objects.filter(kind="Target", row__in=targets).order_by("row", "version")
    changes: list[TargetChange] = []
    standing: tuple[int, Mapping[str, Any]] = (0, {})
    for row, state, at, by, how, why in rows.values_list("row", "state", "act__at", "act__by", "act__kind", "act__why"):
        before: Mapping[str, Any] = standing[1] if standing[0] == row else {}
        after: Mapping[str, Any] = state or {}
        said = after or before
        agreed_on = after.get("agreed_on")
        changes.append(
            TargetChange(
                subject=subjects.get(said.get("subject_id", 0), ""),
                point=said.get("point", ""),
                before=before.get("grade", ""),
                after=after.get("grade", ""),
                at=at,
                by=by,
                how=how,
                why=why,
                reason=after.get("reason", ""),
                agreed_by=staff.get(after.get("agreed_by", ""), after.get("agreed_by", "")),
                agreed_on=date.fromisoformat(agreed_on) if agreed_on else None,
                target=row,
            )
        )
        standing = (row, after)
    changes.reverse()  # of two at the same moment the later written comes first
    return sorted(changes, key=lambda change: change.at, reverse=True)
