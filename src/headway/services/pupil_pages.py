"""A pupil's page: everything a member of staff may know of one pupil, together, as at one moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.frameworks import Framework
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.terms import AcademicYear, Term, academic_year_of, latest_begun, year_group_in
from headway.records.models import School
from headway.services.access import EVERY_FIELD, NotFoundError, Viewer, fields_seen_of, pupils_within_reach, require
from headway.services.pupil_evidence import PupilEvidence, read_evidence
from headway.services.pupil_flags import PupilFlag, flags_of
from headway.services.pupil_particulars import (
    AttendanceRecord,
    ClassTaught,
    GroupSpell,
    HeldCharacteristic,
    Incident,
    Spell,
    attendance_of,
    characteristics_of,
    classes_of,
    groups_of,
    incidents_of,
    spells_of,
)
from headway.services.pupil_progress import SubjectProgress, subjects_of
from headway.services.target_history import TargetChange, target_changes

__all__ = ["ContextNote", "PupilPage", "StageYear", "pupil_page", "stage_years"]


@dataclass(frozen=True, slots=True)
class StageYear:
    """Where the pupil was, or will be, in an academic year."""

    key_stage: str
    year_group: int


@dataclass(frozen=True, slots=True)
class ContextNote:
    """What a teacher wrote beside a judgement."""

    term: Term
    subject: str
    name: str
    mark: str
    text: str
    by: str
    on: date | None


@dataclass(frozen=True, slots=True)
class PupilPage:
    """One pupil, as the viewer may see them, at one moment.

    ``term`` is the term statuses are said of: the latest begun, or the latest before it with any judgement.
    ``years`` holds every academic year the pupil spends in a key stage.
    ``date_of_birth`` is None where the viewer may not see it, ``characteristics`` where they may see none that is
    guarded; those they may not see are left out of it, and incidents are without their notes.
    """

    uid: UUID
    surname: str
    forename: str
    preferred_forename: str
    date_of_birth: date | None
    year_group: int | None
    reg_group: str
    spells: tuple[Spell, ...]
    today: date
    framework: Framework
    this_term: Term
    term: Term
    years: Mapping[AcademicYear, StageYear]
    subjects: tuple[SubjectProgress, ...]
    flags: tuple[PupilFlag, ...]
    attendance: tuple[AttendanceRecord, ...]
    incidents: tuple[Incident, ...]
    classes_year: AcademicYear | None
    classes: tuple[ClassTaught, ...]
    groups: tuple[GroupSpell, ...]
    characteristics: tuple[HeldCharacteristic, ...] | None
    target_changes: tuple[TargetChange, ...]
    notes: tuple[ContextNote, ...]

    @property
    def spell(self) -> Spell | None:
        """The time on roll that counts now: the one the pupil is in, else the latest begun, else the first to come."""
        begun = [each for each in self.spells if each.starts <= self.today]
        return begun[-1] if begun else next(iter(self.spells), None)

    @property
    def on_roll(self) -> bool:
        """Whether the pupil is on roll today."""
        return _on_roll(self.spells, self.today)


def pupil_page(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> PupilPage:
    """Everything about a pupil within the viewer's reach."""
    today = now.date()
    require(viewer, "ask", school=school, on=today)
    pupil = pupils_within_reach(viewer, school=school, on=today).filter(uid=uid).first()
    if pupil is None:
        raise NotFoundError(str(uid))
    pupil.school = school
    viewer.saw([pupil.pk])
    fields = fields_seen_of(viewer, pupil, on=today)
    evidence = read_evidence(pupil, today=today)
    subjects = subjects_of(evidence)
    this_term = latest_begun(today, terms=evidence.framework.terms)
    term, spells = _term_said(subjects, this_term), spells_of(pupil)
    (year_group, reg_group), (classes_year, classes) = _placed(evidence), classes_of(evidence)
    return PupilPage(
        uid=pupil.uid,
        surname=pupil.surname,
        forename=pupil.forename,
        preferred_forename=pupil.preferred_forename,
        date_of_birth=pupil.dob if "date_of_birth" in fields else None,
        year_group=year_group,
        reg_group=reg_group,
        spells=spells,
        today=today,
        framework=evidence.framework,
        this_term=this_term,
        term=term,
        years=stage_years(evidence),
        subjects=subjects,
        flags=flags_of(subjects, term=term, evidence=evidence) if _on_roll(spells, today) else (),
        attendance=attendance_of(pupil, evidence.framework),
        incidents=incidents_of(pupil, notes="confidential" in fields),
        classes_year=classes_year,
        classes=classes,
        groups=groups_of(pupil),
        characteristics=characteristics_of(pupil, hidden=EVERY_FIELD - fields)
        if fields & CHARACTERISTICS.keys()
        else None,
        target_changes=tuple(
            target_changes(
                [row.pk for row in evidence.targets.values()], subjects=evidence.subject_codes, staff=evidence.staff
            )
        ),
        notes=tuple(_notes(subjects)),
    )


def _on_roll(spells: Iterable[Spell], today: date) -> bool:
    return any(each.starts <= today and (each.ends is None or each.ends >= today) for each in spells)


def _term_said(subjects: Iterable[SubjectProgress], this_term: Term) -> Term:
    """The latest term begun in which anything was judged; this one where nothing ever was."""
    judged = [
        each.term
        for subject in subjects
        for stage in subject.stages
        for each in stage.terms
        if (each.grade or each.mark_code) and each.term <= this_term
    ]
    return max(judged, default=this_term)


def _placed(evidence: PupilEvidence) -> tuple[int | None, str]:
    """The year group and registration group now, or the last there were."""
    year = academic_year_of(evidence.today)
    known = sorted(evidence.placements)
    held = [each for each in known if each <= year] or known[:1]
    placed = evidence.placements[held[-1]] if held else None
    return (placed.year_group, placed.reg_group) if placed else (None, "")


def stage_years(evidence: PupilEvidence) -> Mapping[AcademicYear, StageYear]:
    """Every academic year the pupil spends in a key stage, and which year group it is."""
    placements = {year: placed.year_group for year, placed in evidence.placements.items()}
    return {
        year: StageYear(key_stage, year_group_in(year, placements=placements))
        for key_stage, years in evidence.stage_years.items()
        for year in years
    }


def _notes(subjects: Iterable[SubjectProgress]) -> Sequence[ContextNote]:
    """What was written beside judgements, newest first."""
    notes = [
        ContextNote(each.term, subject.code, subject.name, each.grade or each.marked, each.comment, each.by, each.on)
        for subject in subjects
        for stage in subject.stages
        for each in stage.terms
        if each.comment
    ]
    return sorted(notes, key=lambda note: note.term, reverse=True)
