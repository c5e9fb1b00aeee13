"""A school in which somebody has put text of their choosing into every field a person can fill in or send in a file."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from headway.formats.sheets_out import write_csv
from headway.records.models import Pupil, School, Target, User
from headway.services.access import COMMAND_LINE, viewer_of
from headway.services.groups import make_group
from headway.services.people import add_person
from headway.services.schools import create_school
from headway.services.targets import TargetCell, set_targets
from headway.services.targets.ground import token_of
from headway.services.uploads import Reading, keep
from tests.school import NOW, bring_in, make_upn

__all__ = ["HEAD", "UPNS", "Says", "make_said_school"]

HEAD = "head@said.example"
UPNS = [make_upn(number) for number in (1, 2, 3)]
TERM = "2026-27-autumn"

Says = Callable[[str, int], str]
"""What stands in a field, of at most so many characters."""


def make_said_school(says: Says, *, now: datetime = NOW) -> School:
    """Three pupils in Year 5 with a class, marks, targets, attendance, behaviour, a group, contacts and files."""
    school = create_school(name=says("school", 200), dfe="8231234", framework="england-2008", by=COMMAND_LINE, now=now)
    head = add_person(
        name=says("head", 200), email=HEAD, roles="head", school=school, by=COMMAND_LINE, now=now, password="x" * 30
    )
    for kind, headers, rows in _files(says):
        name = f"{kind} {says('file', 150)}.csv"
        bring_in(school, write_csv(headers.split(","), rows), file=name, now=now, as_kind=kind)
    _by_hand(says, school, head, now=now)
    return school


def _files(says: Says) -> list[tuple[str, str, list[list[str]]]]:
    own = [f" {number}" for number in (1, 2, 3)]
    return [
        (
            "pupils",
            "upn,surname,forename,sex,dob,year_group,reg_group,preferred_forename,admission_number,fsm,first_language",
            [
                [
                    *(upn, says("surname", 90) + n, says("forename", 90) + n, "F", "2016-01-05", "5"),
                    *(says("reg_group", 30), says("preferred", 90), says("admission", 25) + n, "Y", "ENG"),
                ]
                for upn, n in zip(UPNS, own, strict=True)
            ],
        ),
        (
            "staff",
            "staff,name,email,roles",
            [[says("staff", 30), says("name", 190), "t@said.example", "class_teacher"]],
        ),
        ("subjects", "subject,name,key_stages,scale", [["art", says("subject", 90), "KS2", "nc_levels"]]),
        (
            "results",
            "upn,key_stage,subject,grade,year,kind",
            [[upn, "KS1", "mathematics", "2b", "2024", "teacher"] for upn in UPNS],
        ),
        ("targets", "upn,subject,key_stage,grade", [[upn, "mathematics", "KS2", "4b"] for upn in UPNS]),
        (
            "classes",
            "class,subject,year_group,upn,teacher",
            [[says("class", 30), "mathematics", "5", upn, says("staff", 30)] for upn in UPNS],
        ),
        (
            "assessments",
            "upn,subject,term,grade,by,comment",
            [
                [upn, "mathematics", TERM, grade, says("by", 90), says("comment", 900)]
                for upn, grade in zip(UPNS, ("2a", "3b", "4a"), strict=True)
            ],
        ),
        ("attendance", "upn,term,possible,attended", [[upn, TERM, "60", "50"] for upn in UPNS]),
        (
            "behaviour",
            "upn,date,type,points,note",
            [[upn, "2026-10-01", says("type", 55), "-2", says("note", 900)] for upn in UPNS],
        ),
        ("groups", "group,upn", [[says("filed group", 90), upn] for upn in UPNS]),
        (
            "contacts",
            "upn,name,relationship,email,language",
            [[upn, says("contact", 190), says("relation", 55), "c@said.example", says("language", 55)] for upn in UPNS],
        ),
    ]


def _by_hand(says: Says, school: School, head: User, *, now: datetime) -> None:
    """What is typed on pages: a group, a target with its reasons, a file that is refused in all its cells."""
    by = viewer_of(head)
    first = Pupil.objects.get(upn=UPNS[0])
    make_group(says("group", 90), pupils=[first.uid], school=school, by=by, now=now)
    target = Target.objects.get(pupil=first)
    cell = TargetCell(
        first.uid,
        "KS2",
        "5c",
        version=token_of(target),
        reason=says("reason", 900),
        agreed_by=says("agreed", 190),
        anyway=True,
    )
    (outcome,) = set_targets([cell], subject="mathematics", school=school, by=by, now=now, request_id=uuid4())
    assert Target.objects.get(pk=target.pk).grade == "5c", outcome
    headers = ["upn", "subject", "term", "grade", says("header", 60)]
    refused = [[says("upn", 60), says("subject", 60), says("term", 60), says("grade", 60), "x"]]
    keep(
        write_csv(headers, refused),
        file=f"assessments {says('file', 150)}.csv",
        reading=Reading(),
        school=school,
        by=by,
        now=now,
    )
