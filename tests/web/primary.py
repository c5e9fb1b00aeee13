"""Elm Tree: a small primary school whose Year 5 mathematics is known to the pupil, and the people who look at it."""

from datetime import datetime

from headway.records.models import School, User
from headway.services.access import COMMAND_LINE
from headway.services.people import add_person
from headway.services.schools import create_school
from tests.school import NOW, bring_in, csv, make_upn

PASSWORD = "a long enough passphrase"
HEAD, TEACHER, GOVERNOR = "head@elm.example", "teacher@elm.example", "governor@elm.example"
NOBODY_YET = "nobody@elm.example"

# surname, forename, sex, free school meals, class, prior, target, mathematics in autumn 2026 → status
PUPILS = (
    "Adams,Amir,M,Y,5A,2b,4b,2a",
    "Baker,Bella,F,N,5A,2b,4b,3b",
    "Cole,Carl,M,N,5A,2a,4a,3c",
    "Diaz,Dora,F,Y,5A,2c,4c,3c",
    "Evans,Eli,M,N,5A,3,5b,4a",
    "Frost,Freya,F,,5A,2b,4b,Abs",
    "Green,Gil,M,Y,5B,2b,4b,3c",
    "Hall,Hana,F,N,5B,2a,4a,3a",
    "Iqbal,Imran,M,N,5B,2b,4b,3a",
    "Jones,Jo,F,Y,5B,2b,4b,2b",
    "King,Kai,M,N,5B,2b,4b,",
    "Lowe,Lena,F,N,5B,,,3b",
)
# Year 5, autumn: 2b → 4b expects 3b (22 points) · 2a → 4a expects 3a (24) · 2c → 4c expects 3c (20) · 3 → 5b, 4b (28)
OFF_TRACK = ["Jones, Jo", "Adams, Amir", "Cole, Carl", "Green, Gil"]
ABOVE, ON = ["Evans, Eli", "Iqbal, Imran"], ["Baker, Bella", "Diaz, Dora", "Hall, Hana"]
NOT_KNOWN = ["Frost, Freya", "King, Kai", "Lowe, Lena"]
IN_5A = ["Adams, Amir", "Baker, Bella", "Cole, Carl", "Diaz, Dora", "Evans, Eli", "Frost, Freya"]


def make_primary(*, now: datetime = NOW) -> School:
    """Elm Tree with its pupils, results, targets, classes and this term's mathematics."""
    school = create_school(
        name="Elm Tree Primary School", dfe="8231234", framework="england-2008", by=COMMAND_LINE, now=now
    )
    add_account(school, HEAD, "Maya Head", "head", now=now)
    add_account(school, GOVERNOR, "Gus Governor", "governor", now=now)
    rows = [(make_upn(number), *line.split(",")) for number, line in enumerate(PUPILS, start=1)]
    files = {
        "pupils": (
            "upn,surname,forename,sex,dob,year_group,reg_group,fsm",
            [
                f"{upn},{surname},{forename},{sex},2017-01-05,5,{c},{fsm}"
                for upn, surname, forename, sex, fsm, c, *_ in rows
            ],
        ),
        "staff": ("staff,name,email,roles", [f"TEA,Tess Teacher,{TEACHER},class_teacher"]),
        "results": (
            "upn,key_stage,subject,grade,year,kind",
            [f"{row[0]},KS1,mathematics,{row[6]},2024,teacher" for row in rows if row[6]],
        ),
        "targets": ("upn,subject,key_stage,grade", [f"{row[0]},mathematics,KS2,{row[7]}" for row in rows if row[7]]),
        "classes": (
            "class,subject,year_group,upn,teacher",
            [f"{row[5]},mathematics,5,{row[0]},{'TEA' if row[5] == '5A' else ''}" for row in rows],
        ),
        "assessments": (
            "upn,subject,term,grade",
            [f"{row[0]},mathematics,2026-27-autumn,{row[8]}" for row in rows if row[8]],
        ),
    }
    for kind, (headers, lines) in files.items():
        bring_in(school, csv(headers, *lines), file=f"{kind}.csv", now=now)
    add_account(school, TEACHER, "Tess Teacher", "class_teacher", now=now)
    return school


def add_account(school: School, email: str, name: str, role: str, *, now: datetime = NOW) -> User:
    """Somebody who can sign in."""
    return add_person(name=name, email=email, roles=role, school=school, by=COMMAND_LINE, now=now, password=PASSWORD)
