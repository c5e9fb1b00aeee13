"""A pupil's progress as the pupil and the family see it: no more than the school has released, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from headway.domain.families import AUDIENCES
from headway.domain.frameworks import Framework
from headway.domain.terms import AcademicYear, Term, academic_year_of, latest_begun, year_group_in
from headway.records.models import Contact, Pupil, School
from headway.services.access import NotFoundError, Viewer, family_within_reach, pupils_within_reach, require
from headway.services.families.releases import ReleasedTerm, released_terms
from headway.services.pupil_evidence import PupilEvidence, read_evidence
from headway.services.pupil_pages import StageYear, stage_years
from headway.services.pupil_particulars import AttendanceRecord, attendance_of
from headway.services.pupil_progress import SubjectProgress, TermProgress, subjects_of

__all__ = ["FamilyPage", "OwnPupil", "own_page", "own_pupils", "page_as_family"]


@dataclass(frozen=True, slots=True)
class OwnPupil:
    """A pupil somebody sees as themselves or as family. ``audience`` says which; ``who`` what the viewer is called."""

    uid: UUID
    forename: str
    school: School
    audience: str
    who: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One pupil as far as it is released to an audience.

    ``term`` is the latest released term anything was judged in; ``subjects`` hold the key stages of which a term is
    released, with the line and the target, and no judgement but those of released terms.
    """

    uid: UUID
    forename: str
    surname: str
    audience: str
    school: School
    today: date
    framework: Framework
    this_term: Term
    term: Term
    year_group: int | None
    years: Mapping[AcademicYear, StageYear]
    released: Sequence[ReleasedTerm]
    subjects: tuple[SubjectProgress, ...]
    attendance: tuple[AttendanceRecord, ...]


def own_pupils(viewer: Viewer, *, now: datetime) -> Sequence[OwnPupil]:
    """The pupils somebody sees as themselves or as family, in any school."""
    if viewer.user is None:
        return ()
    rows = family_within_reach(viewer, on=now.date()).select_related("school__framework", "account")
    names = dict(Contact.objects.filter(user=viewer.user, pupil__in=rows).values_list("pupil_id", "name"))
    return [
        OwnPupil(
            uid=pupil.uid,
            forename=_called(pupil),
            school=pupil.school,
            audience=_audience(viewer, pupil),
            who=names.get(pupil.pk) or f"{_called(pupil)} {pupil.surname}",
        )
        for pupil in sorted(rows, key=lambda each: (each.dob, each.forename, each.pk))
    ]


def own_page(uid: UUID, *, viewer: Viewer, now: datetime) -> FamilyPage:
    """The page of a pupil whom the viewer sees as themselves or as family."""
    rows = family_within_reach(viewer, on=now.date()).select_related("school__framework", "account")
    pupil = rows.filter(uid=uid).first()
    if pupil is None:
        raise NotFoundError(str(uid))
    viewer.saw([pupil.pk])
    return _page(pupil, audience=_audience(viewer, pupil), today=now.date())


def page_as_family(uid: UUID, *, audience: str, viewer: Viewer, school: School, now: datetime) -> FamilyPage:
    """The same page as a member of staff looks at it, to see what an audience sees."""
    require(viewer, "ask", school=school, on=now.date())
    pupil = pupils_within_reach(viewer, school=school, on=now.date()).filter(uid=uid).first()
    if pupil is None or audience not in AUDIENCES:
        raise NotFoundError(str(uid))
    pupil.school = school
    viewer.saw([pupil.pk])
    return _page(pupil, audience=audience, today=now.date())


def _audience(viewer: Viewer, pupil: Pupil) -> str:
    account = getattr(pupil, "account", None)
    own = account is not None and viewer.user is not None and account.user_id == viewer.user.pk
    return "pupils" if own else "families"


def _called(pupil: Pupil) -> str:
    return pupil.preferred_forename or pupil.forename


def _page(pupil: Pupil, *, audience: str, today: date) -> FamilyPage:
    evidence = read_evidence(pupil, today=today)
    year_groups = {year: placed.year_group for year, placed in evidence.placements.items()}
    in_stage = {year for years in evidence.stage_years.values() for year in years}
    by_year = {year: year_group_in(year, placements=year_groups) for year in in_stage}
    released = released_terms(pupil, audience=audience, year_groups=by_year, on=today)
    shown = {each.term.code for each in released}
    subjects = _only_released(subjects_of(_cut(evidence, shown)), shown)
    this_term = latest_begun(today, terms=evidence.framework.terms)
    return FamilyPage(
        uid=pupil.uid,
        forename=_called(pupil),
        surname=pupil.surname,
        audience=audience,
        school=pupil.school,
        today=today,
        framework=evidence.framework,
        this_term=this_term,
        term=_latest_judged(subjects, released) or this_term,
        year_group=year_group_in(academic_year_of(today), placements=year_groups) if year_groups else None,
        years=stage_years(evidence),
        released=released,
        subjects=subjects,
        attendance=tuple(each for each in attendance_of(pupil, evidence.framework) if each.term.code in shown),
    )


def _cut(evidence: PupilEvidence, shown: set[str]) -> PupilEvidence:
    """What is recorded without the judgements of other terms, and without notes, which are for staff."""
    kept = {key: replace(row, comment="", by="") for key, row in evidence.assessed.items() if key[1] in shown}
    return replace(evidence, assessed=kept)


def _only_released(subjects: Sequence[SubjectProgress], shown: set[str]) -> tuple[SubjectProgress, ...]:
    """The key stages of which a term is released: with the target and the whole way to it."""
    cut = []
    for subject in subjects:
        stages = [stage for stage in subject.stages if any(each.term.code in shown for each in stage.terms)]
        if stages:
            cut.append(replace(subject, stages=tuple(stages)))
    return tuple(cut)


def _latest_judged(subjects: Sequence[SubjectProgress], released: Sequence[ReleasedTerm]) -> Term | None:
    judged = {each.term for subject in subjects for stage in subject.stages for each in stage.terms if _judged(each)}
    terms = [each.term for each in released]
    return max((term for term in terms if term in judged), default=terms[-1] if terms else None)


def _judged(each: TermProgress) -> bool:
    return bool(each.grade or each.mark_code)
