"""Targets as typed, tried and not saved: the grade each means, its flags, and what the line to it would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from headway.domain.flags import Flag
from headway.domain.progress_targets import Line
from headway.domain.status import Status
from headway.domain.terms import terms_after
from headway.records.models import School, Target
from headway.services.access import Viewer
from headway.services.attainment import Attainment, Figure, Places
from headway.services.attainment import Line as StoredLine
from headway.services.progress_targets import lines_if
from headway.services.targets.ground import Ground, TargetCell
from headway.services.transfers.draft import RefusedRowError
from headway.services.transfers.target_rules import Judged

__all__ = ["Checked", "Prospect", "check_targets"]


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the line to a target as typed would be: this term's progress target and the next one's, and the status."""

    this_term: Figure | None
    next_term: Figure | None
    status: Status


@dataclass(frozen=True, slots=True)
class Checked:
    """A target as typed, tried: the grade it means, or what is wrong and what would be right; its flags; its line.

    ``same`` says that it is what stands already. A named point has no line of its own.
    """

    cell: TargetCell
    grade: str = ""
    words: str = ""
    same: bool = False
    flags: Sequence[Flag] = ()
    needs_reason: bool = False
    prospect: Prospect | None = None
    wrong: str = ""
    right: str = ""


def check_targets(
    cells: Sequence[TargetCell], *, subject: str, viewer: Viewer, school: School, now: datetime
) -> Sequence[Checked]:
    """Tries targets as typed and saves nothing."""
    ground = Ground.of(cells, subject=subject, by=viewer, school=school, now=now)
    viewer.saw(pupil.pk for pupil in ground.pupils.values())
    judged = {cell: ground.try_judging(cell) for cell in cells}
    proposed = {
        cell: ground.proposed(cell, each.grade, ground.stage(cell))
        for cell, each in judged.items()
        if isinstance(each, Judged) and not ground.stands(cell, each.grade.code)
    }
    prospects = _prospects(proposed, ground)
    return [_checked(cell, each, ground, prospects.get(cell)) for cell, each in judged.items()]


def _checked(cell: TargetCell, judged: Judged | RefusedRowError, ground: Ground, prospect: Prospect | None) -> Checked:
    found = ground.found(cell)
    if isinstance(judged, RefusedRowError):
        if not cell.grade.strip() and found is None:
            return Checked(cell, same=True)
        return Checked(cell, wrong=judged.wrong, right=judged.right)
    return Checked(
        cell,
        grade=judged.grade.code,
        words=judged.grade.words,
        same=ground.stands(cell, judged.grade.code),
        flags=judged.flags,
        needs_reason=judged.needs_reason,
        prospect=prospect,
    )


def _prospects(proposed: Mapping[TargetCell, Target], ground: Ground) -> Mapping[TargetCell, Prospect]:
    """What each pupil's line would be. Judged as every stored line is: by `headway.services.attainment`."""
    ends = {cell: target for cell, target in proposed.items() if cell.point in ground.registry.framework.key_stages}
    if not ends:
        return {}
    subject, places = ground.subject.pk, ground.places
    laid = lines_if(ground.school, targets=list(ends.values()), today=ground.now.date())
    as_rows = [
        _as_row(line, (target.pupil_id, subject), target, places)
        for cell, target in ends.items()
        if (line := laid.get((target.pupil_id, subject, cell.point)))
    ]
    read = Attainment.of(places, school=ground.school, subjects=[subject], terms=[places.term])
    tried = replace(read, lines=as_rows)
    keys = {cell: (target.pupil_id, subject) for cell, target in ends.items()}
    compared = tried.compared(places, keys.values(), tolerance=ground.registry.settings.tolerance)
    this_term = tried.expected(places)
    next_term = tried.expected(places.in_term(terms_after(places.term, 1, terms=places.framework.terms)))
    return {
        cell: Prospect(_figure(this_term.get(key)), _figure(next_term.get(key)), compared[key].status)
        for cell, key in keys.items()
    }


def _as_row(line: Line, key: tuple[int, int], target: Target, places: Places) -> StoredLine:
    """A line as it would be stored."""
    where = places.stage_terms[key[0]]
    assert where is not None
    first_year = (places.term.index - where.k + 1) // places.term.per_year
    terms = [[term.k, term.value.numerator, term.value.denominator, term.rank] for term in line.terms]
    return (*key, where.key_stage, target.scale_id, first_year, line.k0, terms)


def _figure(expected: tuple[Figure, bool] | None) -> Figure | None:
    return expected[0] if expected else None
