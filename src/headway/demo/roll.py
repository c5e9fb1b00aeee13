"""The made-up school's roll and lessons as rows of files."""

from collections.abc import Iterable, Sequence

from headway.demo.classes import class_of
from headway.demo.pupils import DemoPupil
from headway.demo.school import DemoSchool
from headway.demo.shapes import STAGE_ENDS
from headway.domain.terms import AcademicYear, year_group_code
from headway.formats.sheets_out import Value

__all__ = ["CLASS_HEADERS", "PUPIL_HEADERS", "STAFF_HEADERS", "class_rows", "pupil_row", "result_rows", "staff_rows"]

STAFF_HEADERS = ("staff", "name", "email", "roles")
CLASS_HEADERS = ("class", "subject", "year_group", "upn", "teacher")
PUPIL_HEADERS = (
    *("upn", "surname", "forename", "sex", "dob", "year_group", "reg_group", "preferred_forename"),
    *("admission_number", "enrolled_from", "enrolled_to", "fsm", "looked_after", "sen", "first_language"),
    *("ethnicity", "gifted_talented", "pupil_premium", "service_child"),
)

_STAGES_BEFORE = {"primary": ("KS1",), "secondary": ("KS1", "KS2", "KS3")}


def staff_rows(school: DemoSchool, *, leading: bool = False) -> list[Sequence[Value]]:
    """Everybody on the staff, in the role they hold; with what they lead, once there are pupils to be led."""
    return [
        (each.code, each.name, each.email, f"{each.role}:{each.leads}" if leading and each.leads else each.role)
        for each in school.staff.people
    ]


def pupil_row(school: DemoSchool, pupil: DemoPupil, year: AcademicYear, *, leaving: bool = False) -> Sequence[Value]:
    """A pupil as the school describes them in an academic year; the day they left only once it is known."""
    traits = pupil.traits
    return (
        *(pupil.upn, pupil.surname, pupil.forename, pupil.sex, pupil.born),
        year_group_code(pupil.year_group(year)),
        class_of(pupil, shape=school.shape, n_forms=school.n_forms, year=year),
        *(pupil.preferred_forename, pupil.admission_number, pupil.joined, pupil.left if leaving else None),
        *(traits.fsm[year.starts_in], traits.looked_after, traits.sen, traits.language, traits.ethnicity),
        *(traits.gifted, traits.fsm[year.starts_in] or traits.looked_after, traits.service_child),
    )


def class_rows(school: DemoSchool, pupils: Iterable[DemoPupil], year: AcademicYear) -> list[Sequence[Value]]:
    """Who is taught what by whom in an academic year."""
    timetable = school.timetables[year.starts_in]
    return [
        (lesson.code, lesson.subject, year_group_code(lesson.year_group), pupil.upn, "; ".join(lesson.teachers))
        for pupil in pupils
        for lesson in timetable[pupil.upn].values()
    ]


def result_rows(school: DemoSchool, pupils: Iterable[DemoPupil], year: AcademicYear) -> list[Sequence[Value]]:
    """The results pupils bring along: of every key stage behind them when an academic year starts."""
    return [
        row
        for pupil in pupils
        for stage in _STAGES_BEFORE[school.shape.kind]
        if pupil.year_group(year) > STAGE_ENDS[stage]
        for row in school.markbook.result_rows(pupil, stage)
    ]
