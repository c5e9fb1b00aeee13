"""Roles a person may hold in a school, in words a head can read. What each may do is decided in services."""

from collections.abc import Mapping

__all__ = ["ROLES", "parse_roles"]

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


def parse_roles(text: str) -> tuple[str, ...]:
    """The roles a text lists, separated by semicolons, commas or spaces.

    Raises
    ------
    ValueError : with what would be right.

    >>> parse_roles("Class teacher; subject_leader")
    ('class_teacher', 'subject_leader')
    """
    separators = ";" if ";" in text else ","
    said = [part.strip() for part in text.replace(separators, "\n").splitlines() if part.strip()]
    codes = []
    for part in said:
        code = part.casefold().replace(" ", "_").replace("-", "_")
        several = part.casefold().split()
        if code in ROLES:
            codes.append(code)
        elif all(each in ROLES for each in several):
            codes.extend(several)
        else:
            raise ValueError(f"'{part}' is not a role. Right would be one or more of {', '.join(ROLES)}.")
    if not codes:
        raise ValueError(f"'{text}' names no role. Right would be one or more of {', '.join(ROLES)}.")
    return tuple(dict.fromkeys(codes))
