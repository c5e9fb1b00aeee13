"""Attendance and behaviour in."""

from collections.abc import Sequence

from headway.formats.rows import ParsedRow
from headway.records.models import Attendance, BehaviourIncident
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_attendance", "plan_behaviour"]


def plan_attendance(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of an attendance file."""
    standing = {
        (each.pupil_id, each.term_id, each.half_term): each
        for each in Attendance.objects.filter(school=registry.school)
    }
    for row in rows:
        try:
            _plan_sessions(draft, row, registry, standing)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_sessions(
    draft: Draft, row: ParsedRow, registry: Registry, standing: dict[tuple[int, int, int | None], Attendance]
) -> None:
    values = row.values
    pupil, term = registry.pupil(values["upn"]), registry.term(values["term"])
    possible, attended = int(str(values["possible"])), int(str(values["attended"]))
    half_term = values["half_term"] if isinstance(values["half_term"], int) else None
    if attended > possible:
        raise RefusedRowError("attended", f"it is more than the {possible} possible", f"a number from 0 to {possible}")
    found = standing.get((pupil.pk, term.pk, half_term))
    stands = found.unauthorised if found else None
    unauthorised = values["unauthorised"] if isinstance(values["unauthorised"], int) else stands
    if unauthorised is not None and unauthorised > possible - attended:
        absent = possible - attended
        raise RefusedRowError("unauthorised", f"it is more than the {absent} missed", f"a number from 0 to {absent}")
    sessions = {"possible": possible, "attended": attended, "unauthorised": unauthorised}
    what = f"{pupil.upn} {term.code}" + (f" half {half_term}" if half_term else "")
    if found is None or draft.differs(found, **sessions):
        registry.require_open(term)
    if found is None:
        draft.add(Attendance(school=registry.school, pupil=pupil, term=term, half_term=half_term, **sessions))
        draft.say(row, "new", what, after=f"{attended} of {possible}")
        return
    differing = draft.amend(found, **sessions)
    before, after = spelled(differing)
    draft.say(row, "changed" if differing else "same", what, before=before, after=after)


def plan_behaviour(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a behaviour file."""
    standing = {
        (each.pupil_id, each.date.isoformat(), each.type, each.note): each
        for each in BehaviourIncident.objects.filter(school=registry.school)
    }
    for row in rows:
        values = row.values
        try:
            pupil = registry.pupil(values["upn"])
        except RefusedRowError as error:
            draft.refuse(row, error)
            continue
        kind, note = str(values["type"]), str(values["note"] or "")
        points = int(str(values["points"]))
        what = f"{pupil.upn} {values['date']} {kind}"
        found = standing.get((pupil.pk, str(values["date"]), kind, note))
        if found is None:
            draft.add(
                BehaviourIncident(
                    school=registry.school, pupil=pupil, date=values["date"], type=kind, points=points, note=note
                )
            )
            draft.say(row, "new", what, after=str(points))
            continue
        differing = draft.amend(found, points=points)
        before, after = spelled(differing)
        draft.say(row, "changed" if differing else "same", what, before=before, after=after)
