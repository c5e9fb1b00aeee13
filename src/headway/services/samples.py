"""A sample of each file a new school brings in: the columns it may have, and made-up rows anybody sees are made up."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from headway.domain.pupils import upn_check_letter
from headway.domain.terms import academic_year_of, latest_begun
from headway.formats.kinds import KINDS
from headway.formats.sheets_out import Value, write_csv
from headway.records.models import School
from headway.services.access import NotFoundError, Viewer, require
from headway.services.schools import framework_of

__all__ = ["SAMPLED", "sample_of"]

SAMPLED: Sequence[str] = ("pupils", "staff", "classes", "results", "targets", "assessments", "contacts")
"""The kinds there is a sample of, in the order a new school brings them in."""

_Row = Mapping[str, Value]

_PUPILS = (("Ada", "F", 5, "5X"), ("Ben", "M", 5, "5X"), ("Cy", "M", 8, "8X"))
_RESULTS = {
    "england-2008": (("KS1", "2b"), ("KS1", "2a"), ("KS2", "4b")),
    "england-2026": (("KS1", "WTS"), ("KS1", "EXS"), ("KS2", "104")),
}
_TARGETS = {
    "england-2008": (("KS2", "4b"), ("KS2", "4a"), ("KS3", "6b")),
    "england-2026": (("KS2", "EXS"), ("KS2", "GDS"), ("KS3", "6")),
}
_MARKS = {"england-2008": ("3b", "3a", "5c"), "england-2026": ("WTS", "EXS", "5-")}


def sample_of(kind: str, *, viewer: Viewer, school: School, now: datetime) -> bytes:
    """A small CSV file of one kind that an import takes, the other samples before it in their order.

    Its grades are on the scales of the framework the school began with.
    """
    require(viewer, "import", school=school, on=now.date())
    if kind not in SAMPLED:
        raise NotFoundError(kind)
    framework = framework_of(school)
    term = latest_begun(now.date(), terms=framework.terms)
    base = framework.code if framework.code in _MARKS else "england-2008"
    rows: Mapping[str, Sequence[_Row]] = {
        "pupils": _pupils(academic_year_of(now.date()).starts_in),
        "staff": _staff(),
        "classes": _classes(),
        "results": _graded(_RESULTS[base], year=now.year - 1),
        "targets": _graded(_TARGETS[base]),
        "assessments": [
            {"upn": _upn(place), "subject": "mathematics", "term": term.code, "grade": grade}
            for place, grade in enumerate(_MARKS[base])
        ],
        "contacts": _contacts(),
    }
    headers = KINDS[kind].headers
    return write_csv(headers, [[row.get(header) for header in headers] for row in rows[kind]])


def _upn(place: int) -> str:
    """A number of authority 999, which there is not."""
    rest = f"9999999{place:05d}"
    return upn_check_letter(rest) + rest


def _pupils(starts_in: int) -> list[_Row]:
    return [
        {
            "upn": _upn(place),
            "surname": "Example",
            "forename": forename,
            "sex": sex,
            "dob": f"{starts_in - year_group - 5}-10-0{place + 1}",
            "year_group": year_group,
            "reg_group": reg_group,
            "fsm": place == 0,
            "first_language": "ENG",
        }
        for place, (forename, sex, year_group, reg_group) in enumerate(_PUPILS)
    ]


def _staff() -> list[_Row]:
    return [
        {"staff": "XA", "name": "Ann Example", "email": "ann@school.example", "roles": "class_teacher"},
        {
            "staff": "XB",
            "name": "Bob Example",
            "email": "bob@school.example",
            "roles": "class_teacher; subject_leader:mathematics",
        },
    ]


def _contacts() -> list[_Row]:
    """Ada's mother; her father, who may see nothing of her; Ben's guardian, until a day."""
    shared: _Row = {"language": "English", "receives_reports": True, "restricted": False}
    return [
        {"upn": _upn(0), "name": "Fay Example", "relationship": "mother", "email": "fay@home.example", **shared},
        {"upn": _upn(0), "name": "Dan Example", "relationship": "father", **shared, "restricted": True},
        {"upn": _upn(1), "name": "Gil Example", "relationship": "guardian", **shared, "to": "2030-08-31"},
    ]


def _classes() -> list[_Row]:
    return [
        {
            "class": reg_group,
            "subject": "mathematics",
            "year_group": year_group,
            "upn": _upn(place),
            "teacher": "XA" if year_group == 5 else "XB",
        }
        for place, (_, _, year_group, reg_group) in enumerate(_PUPILS)
    ]


def _graded(grades: Sequence[tuple[str, str]], *, year: int | None = None) -> list[_Row]:
    return [
        {
            "upn": _upn(place),
            "subject": "mathematics",
            "key_stage": key_stage,
            "grade": grade,
            "year": year,
        }
        for place, (key_stage, grade) in enumerate(grades)
    ]
