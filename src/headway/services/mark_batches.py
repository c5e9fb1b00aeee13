"""A batch of cells of one term: what was typed, beside what stands, and so what can become of each. Writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NoReturn

from headway.domain.scales import Scale
from headway.domain.terms import Term
from headway.records.curricula import read_curriculum
from headway.records.freshness import Versions
from headway.records.models import Assessment, Pupil, Revision, School
from headway.records.models import Term as TermRow
from headway.services.access import (
    NotAllowedError,
    NotFoundError,
    Viewer,
    marking_within_reach,
    pupils_within_reach,
    require,
)
from headway.services.attainment import Line, Places, compare_figures, expected_in, lines_of
from headway.services.mark_cells import Cell, Clash, CollectionClosedError, Outcome, Refused, RepeatedCellError, Saved
from headway.services.mark_reading import Asked, read_cell
from headway.services.mark_sheets.class_terms import found_term
from headway.services.schools import domain_scales, settings_of

__all__ = ["Batch", "Decided", "Good", "Held", "row_of"]

_MOST_DIGITS = 18
"""What every database takes as a key."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds: the mark, its version as a sheet knows it, the note.

    The version has the row's key in it, so that no cell emptied and filled again looks like the one before.
    """

    mark: str = ""
    version: str = ""
    note: str = ""

    @classmethod
    def of(cls, row: Assessment | None) -> "Held":
        """What a cell holds whose row this is; nothing where it has none."""
        return cls(row.grade or row.mark_code, f"{row.pk}.{row.version}", row.comment) if row else cls()

    @classmethod
    def then(cls, revision: Revision) -> "Held":
        """What a cell held from a revision on."""
        state: Mapping[str, Any] = revision.state or {}
        if not state:
            return cls()
        return cls(state["grade"] or state["mark_code"], f"{revision.row}.{revision.version}", state["comment"])


def row_of(version: str) -> int:
    """The key of the row a version is of; 0 for an empty cell, or for what is no version of ours."""
    key, _, number = version.partition(".")
    known = version.isascii() and key.isdigit() and number.isdigit() and len(key) <= _MOST_DIGITS
    return int(key) if known else 0


@dataclass(frozen=True, slots=True)
class Good:
    """A cell that can be as asked: what it then holds, and, where that is a change, the row that stands now."""

    asked: Asked
    holds: Held
    changes: bool = False
    row: Assessment | None = None


Decided = Good | Refused | Clash


@dataclass(frozen=True, slots=True)
class Batch:
    """Some cells of one term, read, and within reach of whoever sends them."""

    cells: Sequence[Asked | Refused]
    school: School
    by: Viewer
    now: datetime
    term: Term
    places: Places
    scales: Mapping[int, Scale]

    @classmethod
    def of(cls, cells: Sequence[Cell], *, term: str, school: School, by: Viewer, now: datetime) -> "Batch":
        """Cells as they were sent; raises what `headway.services.assessments.record` says."""
        on = now.date()
        require(by, "record_marks", school=school, on=on)
        when = found_term(school, term, today=on)
        rows = Pupil.objects.filter(school=school, uid__in={cell.pupil for cell in cells})
        pupils = dict(rows.values_list("uid", "pk"))
        curriculum = read_curriculum(school.pk, versions=Versions(school.pk))
        places = Places.of(school, curriculum=curriculum, pupils=list(pupils.values()), term=when)
        if any(cell.pupil not in pupils or cell.subject not in curriculum.subjects for cell in cells):
            raise NotFoundError("There is no such pupil or subject here.")
        keys = [(pupils[cell.pupil], curriculum.subjects[cell.subject].pk) for cell in cells]
        beyond = set(keys) - marking_within_reach(by, set(keys), school=school, year=when.year.starts_in, on=on)
        if beyond:
            _refuse({pupil for pupil, _ in beyond}, by=by, school=school, on=on)
        if len(set(keys)) != len(keys):
            raise RepeatedCellError
        undivided = settings_of(school).undivided
        read = [read_cell(cell, key, places, undivided=undivided) for cell, key in zip(cells, keys, strict=True)]
        return cls(read, school, by, now, when, places, domain_scales(school))

    @property
    def subjects(self) -> frozenset[int]:
        """The keys of the subjects asked about."""
        return frozenset(each.key[1] for each in self.cells if isinstance(each, Asked))

    def used_term(self) -> TermRow | None:
        """The term's record, where it has been used."""
        return TermRow.objects.filter(school=self.school, code=self.term.code).first()

    def open_term(self) -> TermRow | None:
        """The same; CollectionClosedError where nothing in it may change any more."""
        row = self.used_term()
        if row is not None and row.closed_at is not None:
            raise CollectionClosedError(row.closed_at)
        return row

    def decided(self, term: TermRow | None, *, lock: bool = False) -> Sequence[Decided]:
        """What can become of each cell, beside what stands: read for all of them in one query."""
        rows = Assessment.objects.filter(
            pupil_id__in=list(self.places.placements), subject_id__in=self.subjects, term=term
        ).order_by("pk")
        found = rows.select_for_update() if lock else rows
        standing = {(row.pupil_id, row.subject_id, row.kind): row for row in found}
        return [
            each if isinstance(each, Refused) else _decide(each, standing.get((*each.key, each.kind)))
            for each in self.cells
        ]

    def lines(self) -> Sequence[Line]:
        """The lines the marks are compared with."""
        return lines_of(self.places, self.subjects)

    def told(self, decided: Sequence[Decided], lines: Sequence[Line]) -> Sequence[Outcome]:
        """What became of each cell, in full: how its mark compares, or whose the one is that stands."""
        expected, tolerance = expected_in(self.places, lines, self.scales), settings_of(self.school).tolerance
        authors = _authors([each for each in decided if isinstance(each, Clash)], self.school)
        told: list[Outcome] = []
        for asked, each in zip(self.cells, decided, strict=True):
            if isinstance(each, Good):
                line, starts_here = expected.get(each.asked.key, (None, False))
                figure = self.places.figure(each.asked.key, each.holds.mark)
                compared = compare_figures(figure, None if starts_here else line, tolerance=tolerance)
                told.append(Saved(each.asked.cell, each.holds.mark, each.holds.version, each.holds.note, compared))
            elif isinstance(each, Clash) and isinstance(asked, Asked):
                by = authors.get((*asked.key, row_of(each.version) or row_of(each.cell.version)))
                told.append(replace(each, by=by.act.by, at=by.act.at) if by else each)
            else:
                told.append(each)
        return told


def _refuse(pupils: Collection[int], *, by: Viewer, school: School, on: date) -> NoReturn:
    """Says of cells that are not somebody's to mark that they are not there; or, where they see the pupils, why not."""
    if pupils_within_reach(by, school=school, on=on).filter(pk__in=pupils).count() < len(pupils):
        raise NotFoundError("There is no such pupil or subject here.")
    raise NotAllowedError(
        f"You enter marks in the subjects you teach. For others, ask who teaches them, or the head or assessment "
        f"manager of {school.name}."
    )


def _decide(asked: Asked, row: Assessment | None) -> Good | Clash:
    stands = Held.of(row)
    if asked.code == stands.mark and asked.note in (None, stands.note):
        return Good(asked, stands)
    if asked.cell.version != stands.version:
        return Clash(asked.cell, stands.mark, stands.version, stands.note)
    note = stands.note if asked.note is None else asked.note
    return Good(asked, Held(asked.code, stands.version, note if asked.code else ""), changes=True, row=row)


def _authors(clashes: Sequence[Clash], school: School) -> Mapping[tuple[int, int, int], Revision]:
    """The last revision of each row that clashes: of the one that stands, or the one that was taken away.

    By the pupil and the subject the row is or was of: a version sent along may name any row, and another cell's tells
    nothing of this one.
    """
    rows = {row_of(each.version) or row_of(each.cell.version) for each in clashes} - {0}
    if not rows:
        return {}
    revisions = Revision.objects.filter(school=school, kind="Assessment", row__in=rows).order_by("version")
    last: dict[int, Revision] = {}
    cells: dict[int, tuple[int, int]] = {}
    for each in revisions.select_related("act"):
        last[each.row] = each
        if each.state is not None:
            cells[each.row] = (each.state["pupil_id"], each.state["subject_id"])
    return {(*cells[row], row): each for row, each in last.items() if row in cells}
