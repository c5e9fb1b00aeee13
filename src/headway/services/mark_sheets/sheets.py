"""The mark sheet of a class in a term: each pupil in each subject, the mark that stands and what it is seen beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.pupils import name_words
from headway.domain.scales import Scale
from headway.domain.status import Comparison
from headway.domain.terms import Term, term_of_year, terms_after
from headway.records.curricula import TaughtSubject
from headway.records.models import Pupil
from headway.records.models import Term as TermRow
from headway.services.access import marking_within_reach
from headway.services.attainment import Attainment, Figure, Places
from headway.services.mark_sheets.class_terms import ClassTerm, teachers_of
from headway.services.mark_sheets.tallies import digest
from headway.services.schools import framework_of, settings_of

__all__ = ["Sheet", "SheetCell", "SheetPupil", "SheetSubject", "sheet_of"]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A pupil in a subject: the mark that stands with its note, version and author, and what it is seen beside."""

    mark: str
    version: str
    note: str
    by: str
    now: Comparison
    prior: str
    target: str
    expected: Figure | None
    starts_here: bool
    last: str
    last_term: Comparison
    may_mark: bool


@dataclass(frozen=True, slots=True)
class SheetPupil:
    """One row: a pupil, and a cell for each subject, by its code, that the pupil is taught in the class."""

    uid: UUID
    name: str
    cells: Mapping[str, SheetCell]


@dataclass(frozen=True, slots=True)
class SheetSubject:
    """One subject of a sheet. ``may_mark`` is whether the viewer may mark it while the collection is open."""

    code: str
    name: str
    scale: Scale
    teachers: tuple[str, ...]
    may_mark: bool
    n_pupils: int
    n_missing: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A class in a term. ``chosen`` is the one subject it is narrowed to, ``offered`` what it could be narrowed to."""

    code: str
    year_group: int
    term: Term
    terms: Sequence[Term]
    ends: date
    closed_at: datetime | None
    offered: Sequence[tuple[str, str]]
    chosen: str
    subjects: Sequence[SheetSubject]
    pupils: Sequence[SheetPupil]
    digest: str

    @property
    def may_mark(self) -> bool:
        """Whether the viewer may mark anything here now."""
        return self.closed_at is None and any(subject.may_mark for subject in self.subjects)


def sheet_of(group: ClassTerm) -> Sheet:
    """The sheet of a class in a term, of all its subjects or the one it is narrowed to."""
    school, on = group.school, group.now.date()
    places = Places.of(school, curriculum=group.curriculum, pupils=group.pupils, term=group.term)
    before = places.in_term(terms_after(group.term, -1, terms=places.framework.terms))
    wanted = [each.pk for each in group.subjects]
    known = Attainment.of(places, school=school, subjects=wanted, terms=(group.term, before.term))
    judged = known.judged(places)
    subjects = group.shown(judged={subject for _, subject in judged})
    shown = {each.pk for each in subjects}
    keys = sorted(key for key in group.members if key[1] in shown)
    row = TermRow.objects.filter(school=school, code=group.term.code).first()
    closed_at = row.closed_at if row else None
    marking = marking_within_reach(group.viewer, keys, school=school, year=group.term.year.starts_in, on=on)
    group.viewer.saw(pupil for pupil, _ in keys)
    cells = _cells(known, places, before, keys, open_to=frozenset() if closed_at else marking, on=on)
    terms = places.framework.terms
    return Sheet(
        code=group.code,
        year_group=group.school_class.year_group,
        term=group.term,
        terms=[term_of_year(group.term.year, number, terms=terms) for number in range(1, len(terms) + 1)],
        ends=row.ends if row else group.term.ends,
        closed_at=closed_at,
        offered=[(each.code, each.name) for each in group.groups.values()],
        chosen=group.chosen,
        subjects=_subjects(group, subjects, cells, marking),
        pupils=_pupils({each.pk: each.code for each in subjects}, cells),
        digest=digest(
            group.members,
            [(row.pupil, row.subject, row.pk, row.version) for row in known.judgements if row.term == group.term.code],
        ),
    )


def _subjects(
    group: ClassTerm,
    subjects: Sequence[TaughtSubject],
    cells: Mapping[tuple[int, int], SheetCell],
    marking: frozenset[tuple[int, int]],
) -> Sequence[SheetSubject]:
    scales, names = framework_of(group.school).scales, teachers_of(group.groups)
    teachers = {each.pk: names.get(key, ()) for key, each in group.groups.items()}
    found = []
    for subject in subjects:
        mine = [cell for (_, key), cell in cells.items() if key == subject.pk]
        found.append(
            SheetSubject(
                code=subject.code,
                name=subject.name,
                scale=scales[subject.stages[group.key_stage].scale],
                teachers=teachers[subject.pk],
                may_mark=any(key == subject.pk for _, key in marking),
                n_pupils=len(mine),
                n_missing=sum(not cell.mark for cell in mine),
            )
        )
    return found


def _cells(
    known: Attainment,
    places: Places,
    before: Places,
    keys: Sequence[tuple[int, int]],
    *,
    open_to: frozenset[tuple[int, int]],
    on: date,
) -> Mapping[tuple[int, int], SheetCell]:
    tolerance = settings_of(known.school).tolerance
    now, last_term = (known.compared(each, keys, tolerance=tolerance) for each in (places, before))
    judged, last = known.judged(places), known.judged(before)
    targets, priors, expected = known.aimed(places, keys, as_of=on), known.prior(places), known.expected(places)
    cells = {}
    for key in keys:
        row, row_before = judged.get(key), last.get(key)
        line, starts_here = expected.get(key, (None, False))
        cells[key] = SheetCell(
            mark=row.mark if row else "",
            version=row.token if row else "",
            note=row.note if row else "",
            by=row.by if row else "",
            now=now[key],
            prior=priors.get(key, ""),
            target=targets.get(key, ""),
            expected=line,
            starts_here=starts_here,
            last=row_before.mark if row_before else "",
            last_term=last_term[key],
            may_mark=key in open_to and places.stage(key) is not None,
        )
    return cells


def _pupils(subjects: Mapping[int, str], cells: Mapping[tuple[int, int], SheetCell]) -> Sequence[SheetPupil]:
    mine: dict[int, dict[str, SheetCell]] = {}
    for (pupil, subject), cell in cells.items():
        mine.setdefault(pupil, {})[subjects[subject]] = cell
    rows = Pupil.objects.filter(pk__in=mine).only("uid", "surname", "forename", "preferred_forename")
    pupils = [
        SheetPupil(row.uid, name_words(row.surname, row.forename, row.preferred_forename), mine[row.pk]) for row in rows
    ]
    return sorted(pupils, key=lambda pupil: (pupil.name.casefold(), str(pupil.uid)))
