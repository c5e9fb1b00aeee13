"""Roles a person may hold in a school, in words a head can read. What each may do is decided in services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["ROLES", "ScopedRole", "parse_roles"]

ROLES: Mapping[str, str] = {
    "head": "head teacher",
    "senior_leader": "senior leader",
    "assessment_manager": "assessment manager",
    "data_manager": "data manager",
    "subject_leader": "subject leader",
    "head_of_year": "head of year or learning manager",
    "class_teacher": "class teacher",
    "teaching_assistant": "teaching assistant or coach",
    "tutor": "tutor",
    "learning_mentor": "learning mentor",
    "senco": "special educational needs coordinator",
    "intervention_coordinator": "intervention coordinator",
    "gifted_talented_coordinator": "gifted-and-talented coordinator",
    "governor": "governor",
    "improvement_partner": "school improvement partner",
    "authority_officer": "authority or trust officer",
    "other_agency": "other agency",
    "installer": "installer",
}
"""Roles of staff and visitors by code (RULES 13); pupils and families are known by their own records."""


@dataclass(frozen=True, slots=True, order=True)
class ScopedRole:
    """A role by its code, and what it is of: a subject, a year group, a registration group, a group, or nothing.

    >>> str(ScopedRole("head_of_year", "9")), str(ScopedRole("senco"))
    ('head_of_year:9', 'senco')
    """

    role: str
    scope: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.scope}" if self.scope else self.role


def parse_roles(text: str) -> tuple[ScopedRole, ...]:
    """The roles a text lists, in its order, each once; what a role is of stands after a colon.

    Parameters
    ----------
    text : roles separated by semicolons; or by commas, line breaks or spaces. What a role is of may hold spaces, and
        commas too unless a role follows. Whether there is such a subject or group is not known here.

    Raises
    ------
    ValueError : with what would be right.

    >>> [str(role) for role in parse_roles("Class teacher; subject_leader:mathematics; learning mentor: Mentoring 9")]
    ['class_teacher', 'subject_leader:mathematics', 'learning_mentor:Mentoring 9']
    >>> [str(role) for role in parse_roles("learning_mentor:Poets, players, tutor:9B")]
    ['learning_mentor:Poets, players', 'tutor:9B']
    """
    roles = [role for part in _parts(text) for role in _roles_of(part)]
    if not roles:
        raise ValueError(f"'{text}' names no role. Right would be one or more of {', '.join(ROLES)}.")
    return tuple(dict.fromkeys(roles))


def _parts(text: str) -> list[str]:
    """The roles as they were written; a comma belongs to what a role is of where no role follows it."""
    if ";" in text:
        return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    parts: list[str] = []
    for said in text.replace("\n", ",").split(","):
        part = said.strip()
        if parts and ":" in parts[-1] and _code(part.partition(":")[0]) not in ROLES:
            parts[-1] += f",{said}".rstrip()
        elif part:
            parts.append(part)
    return parts


def _roles_of(part: str) -> Iterator[ScopedRole]:
    name, colon, scope = part.partition(":")
    several = part.casefold().split()
    if _code(name) in ROLES:
        if colon and not scope.strip():
            raise ValueError(f"'{part}' names nothing after the colon. Right would be what it is of, or no colon.")
        yield ScopedRole(_code(name), " ".join(scope.split()))
    elif not colon and all(each in ROLES for each in several):
        yield from map(ScopedRole, several)
    else:
        raise ValueError(f"'{name.strip()}' is not a role. Right would be one or more of {', '.join(ROLES)}.")


def _code(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
