"""Who works at the made-up school: one person to sign in for each role, and the teachers of every class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from headway.demo.dice import dice, weighted
from headway.demo.names import forename, surname
from headway.demo.shapes import Shape
from headway.domain.roles import ROLES

__all__ = ["DEPARTMENTS", "EMAIL_DOMAIN", "DemoPerson", "Staff", "make_staff"]

EMAIL_DOMAIN = "demo.example"
_GROUPS_A_TEACHER = 6
_AMONG_TEACHERS = ("class_teacher", "subject_leader", "head_of_year")
_LED = {"subject_leader": "mathematics", "head_of_year": "6"}
_ETHNICITIES = (
    ("WBRI", 70.0),
    ("WIRI", 3.0),
    ("WOTH", 5.0),
    ("AIND", 6.0),
    ("APKN", 5.0),
    ("BCRB", 4.0),
    ("BAFR", 7.0),
)

DEPARTMENTS: Mapping[str, str] = {
    "english": "En",
    "mathematics": "Ma",
    "science": "Sc",
    "history": "Hi",
    "geography": "Gg",
    "french": "Fr",
    "art": "Ar",
    "design_technology": "Dt",
    "ict": "It",
    "religious_education": "Re",
    "physical_education": "Pe",
    "music": "Mu",
}
"""The departments of a secondary school by subject, with the letters their classes bear."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who does not work anywhere; ``leads`` is what their role is of this year, if of anything."""

    code: str
    name: str
    email: str
    role: str
    leads: str
    signs_in: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody, and who teaches: by department, or in a primary school by class."""

    people: Sequence[DemoPerson]
    teachers: Mapping[str, Sequence[DemoPerson]]

    def of_role(self, role: str) -> DemoPerson:
        """The one who signs in for a role."""
        return next(person for person in self.people if person.role == role and person.signs_in)


def make_staff(shape: Shape, *, n_forms: int, seed: int) -> Staff:
    """The staff a school of a size needs."""
    hire = _Hiring(dice(seed, "staff"))
    leads = {"tutor": shape.tutor_group, "learning_mentor": shape.mentored}
    leaders = [
        hire.person(role, leads=leads.get(role, ""), signs_in=True)
        for role in ROLES
        if role not in {*_AMONG_TEACHERS, "installer"}
    ]
    teachers = _class_teachers(shape, n_forms, hire) if shape.kind == "primary" else _departments(n_forms, hire)
    everyone = [person for some in teachers.values() for person in some]
    return Staff([*leaders, *everyone], teachers)


def _class_teachers(shape: Shape, n_forms: int, hire: "_Hiring") -> Mapping[str, Sequence[DemoPerson]]:
    """A teacher for every class; three of them sign in, two for what they lead beside."""
    roles = {("5", 0): "class_teacher", ("4", n_forms - 1): "subject_leader", ("6", 0): "head_of_year"}
    return {
        f"{code}{shape.forms[form]}": [
            hire.person(
                roles.get((code, form), "class_teacher"),
                leads=_LED.get(roles.get((code, form), ""), ""),
                signs_in=(code, form) in roles,
            )
        ]
        for code in ("R", *map(str, shape.year_groups[1:]))
        for form in range(n_forms)
    }


def _departments(n_forms: int, hire: "_Hiring") -> Mapping[str, Sequence[DemoPerson]]:
    """A department of teachers for every subject, each with its leader; three of all of them sign in."""
    roles = {("mathematics", 0): "subject_leader", ("english", 1): "class_teacher", ("science", 1): "head_of_year"}
    departments: dict[str, list[DemoPerson]] = {}
    for place, subject in enumerate(DEPARTMENTS):
        n_groups = n_forms * (5 if place < 3 else 4 if place < 6 else 1)
        departments[subject] = [
            hire.person(
                roles.get((subject, number), "class_teacher" if number else "subject_leader"),
                leads="9" if roles.get((subject, number)) == "head_of_year" else "" if number else subject,
                signs_in=(subject, number) in roles,
            )
            for number in range(max(2, -(-n_groups // _GROUPS_A_TEACHER)))
        ]
    return departments


class _Hiring:
    """Makes one person after another, no two alike."""

    def __init__(self, throw: Random) -> None:
        self._throw = throw
        self._codes: set[str] = set()
        self._names: set[str] = set()

    def person(self, role: str, *, leads: str, signs_in: bool) -> DemoPerson:
        first, last = self._name()
        code, number = f"{first[0]}{last[:2]}".upper(), 1
        while code in self._codes:
            number += 1
            code = f"{first[0]}{last[:2]}{number}".upper()
        self._codes.add(code)
        address = role.replace("_", ".") if signs_in else f"{code.casefold()}.{last.casefold()}"
        return DemoPerson(code, f"{first} {last}", f"{address}@{EMAIL_DOMAIN}", role, leads, signs_in)

    def _name(self) -> tuple[str, str]:
        while True:
            ethnicity, sex = weighted(_ETHNICITIES, self._throw), "F" if self._throw.random() < 0.68 else "M"
            first, last = forename(ethnicity, sex, self._throw), surname(self._throw)
            if last not in self._names and first[0].isascii():
                self._names.add(last)
                return first, last
