"""Who is taught what in which class and by whom, in each academic year of the made-up school."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headway.demo.dice import dice
from headway.demo.pupils import DemoPupil
from headway.demo.shapes import Shape, stage_code
from headway.demo.staff import DEPARTMENTS, Staff
from headway.domain.terms import AcademicYear, YearGroup, year_group_code

__all__ = ["Lesson", "Timetable", "class_of", "make_timetable"]

Timetable = Mapping[str, Mapping[str, "Lesson"]]
"""The lessons of an academic year by pupil's number, then subject."""

_N_OPTIONS, _PUPILS_AN_OPTION_CLASS = 3, 26
_Lessons = dict[str, dict[str, "Lesson"]]
_SETS = ("english", "mathematics", "science")
_TAUGHT_TOO = {"english": ("english_literature",)}
_WHILE_IN_RECEPTION = ("reading",)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A class in one of its subjects, with the staff codes of its teachers, the one who marks first."""

    code: str
    subject: str
    year_group: YearGroup
    teachers: tuple[str, ...]


def class_of(pupil: DemoPupil, *, shape: Shape, n_forms: int, year: AcademicYear) -> str:
    """The class a pupil is registered in: one for all their years, save its number."""
    return f"{year_group_code(pupil.year_group(year))}{shape.forms[pupil.place % n_forms]}"


def make_timetable(
    shape: Shape, pupils: Iterable[DemoPupil], *, staff: Staff, n_forms: int, year: AcademicYear, seed: int
) -> Timetable:
    """Every lesson of every pupil who is there at any time of an academic year."""
    present = [pupil for pupil in pupils if pupil.of_year(year)]
    lessons: _Lessons = defaultdict(dict)
    if shape.kind == "primary":
        _add_classes(lessons, shape, present, staff, n_forms, year)
        return lessons
    for year_group in shape.year_groups:
        mates = [pupil for pupil in present if pupil.year_group(year) == year_group]
        _add_sets(lessons, mates, staff, n_forms, year_group, seed)
        if stage_code(year_group) == "KS4":
            _add_options(lessons, shape, mates, staff, year_group, seed)
        else:
            _add_forms(lessons, shape, mates, staff, n_forms, year)
    return lessons


def _add_classes(
    lessons: _Lessons, shape: Shape, pupils: Sequence[DemoPupil], staff: Staff, n_forms: int, year: AcademicYear
) -> None:
    """In a primary school a class has all its lessons together, from its own teacher."""
    beside = {f"5{shape.forms[0]}": ("teaching_assistant",), f"6{shape.forms[n_forms - 1]}": ("tutor",)}
    for pupil in pupils:
        year_group = pupil.year_group(year)
        code = class_of(pupil, shape=shape, n_forms=n_forms, year=year)
        stage = stage_code(year_group)
        for subject in shape.taught[stage] if stage else _WHILE_IN_RECEPTION:
            helpers = beside.get(code, ()) if subject in ("reading", "mathematics") else ()
            teachers = (staff.teachers[code][0].code, *(staff.of_role(role).code for role in helpers))
            lessons[pupil.upn][subject] = Lesson(code, subject, year_group, teachers)


def _add_sets(
    lessons: _Lessons, mates: Sequence[DemoPupil], staff: Staff, n_sets: int, year_group: YearGroup, seed: int
) -> None:
    """English, mathematics and science are taught in sets, the strongest first, more or less."""
    for subject in _SETS:
        throw = dice(seed, "sets", subject, year_group)
        strength = {pupil.upn: pupil.traits.ability + throw.gauss(0, 0.35) for pupil in mates}
        order = sorted(mates, key=lambda pupil: -strength[pupil.upn])
        beside = ("teaching_assistant",) if (subject, year_group) == ("mathematics", 7) else ()
        taught_too = _TAUGHT_TOO.get(subject, ()) if stage_code(year_group) == "KS4" else ()
        for rank, pupil in enumerate(order):
            place = rank * n_sets // len(order)
            helpers = [staff.of_role(role).code for role in beside if place == n_sets - 1]
            teachers = (_teacher(staff, subject, year_group * n_sets + place), *helpers)
            for each in (subject, *taught_too):
                code = f"{year_group}{DEPARTMENTS[subject]}{place + 1}"
                lessons[pupil.upn][each] = Lesson(code, each, year_group, teachers)


def _add_forms(
    lessons: _Lessons, shape: Shape, mates: Sequence[DemoPupil], staff: Staff, n_forms: int, year: AcademicYear
) -> None:
    """The other subjects of Key Stage 3 are taught in forms; a tutor joins their form's history."""
    for pupil in mates:
        code, year_group = class_of(pupil, shape=shape, n_forms=n_forms, year=year), pupil.year_group(year)
        for subject in shape.taught["KS3"]:
            if subject in _SETS:
                continue
            helpers = (staff.of_role("tutor").code,) if (code, subject) == ("8A", "history") else ()
            teacher = _teacher(staff, subject, year_group * n_forms + pupil.place % n_forms)
            lessons[pupil.upn][subject] = Lesson(code, subject, year_group, (teacher, *helpers))


def _add_options(
    lessons: _Lessons, shape: Shape, mates: Sequence[DemoPupil], staff: Staff, year_group: YearGroup, seed: int
) -> None:
    """Each pupil takes three of the options in both years of Key Stage 4."""
    takers: defaultdict[str, list[DemoPupil]] = defaultdict(list)
    for pupil in mates:
        for subject in dice(seed, "options", pupil.upn).sample(shape.options, _N_OPTIONS):
            takers[subject].append(pupil)
    for subject, some in takers.items():
        n_classes = -(-len(some) // _PUPILS_AN_OPTION_CLASS)
        for number, pupil in enumerate(some):
            place = number % n_classes
            code = f"{year_group}{DEPARTMENTS[subject]}{place + 1}"
            teachers = (_teacher(staff, subject, year_group + place),)
            lessons[pupil.upn][subject] = Lesson(code, subject, year_group, teachers)


def _teacher(staff: Staff, subject: str, number: int) -> str:
    department = staff.teachers[subject]
    return department[number % len(department)].code
