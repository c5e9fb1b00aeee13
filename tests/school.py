"""Schools for tests, made the way a school makes itself: by files, whose rows are text as a person would type it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from headway.domain.pupils import upn_check_letter
from headway.records.models import School, User
from headway.services.access import COMMAND_LINE, Viewer, viewer_of
from headway.services.people import add_person
from headway.services.schools import create_school
from headway.services.transfers import Applied, Plan, apply, plan

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)


def make_upn(number: int, *, year: int = 15) -> str:
    """A valid unique pupil number of a made-up school."""
    rest = f"8231234{year:02d}{number:03d}"
    return upn_check_letter(rest) + rest


def make_school(dfe: str = "8231234", *, framework: str = "england-2008", now: datetime = NOW) -> School:
    """A new, empty school."""
    return create_school(name=f"School {dfe}", dfe=dfe, framework=framework, by=COMMAND_LINE, now=now)


def csv(headers: str, *rows: str) -> bytes:
    """A CSV file: headers and rows as one line each."""
    return "\n".join([headers, *rows, ""]).encode()


def planned(
    school: School,
    content: bytes,
    *,
    file: str,
    now: datetime = NOW,
    by: Viewer = COMMAND_LINE,
    **options: str | None,
) -> Plan:
    """What a file would do."""
    return plan(content, file=file, school=school, by=by, now=now, **options)


def bring_in(school: School, content: bytes, *, file: str, now: datetime = NOW, **options: str | None) -> Applied:
    """Imports a file that must be right in every row."""
    made = planned(school, content, file=file, now=now, **options)
    assert not made.problems, [problem.sentence() for problem in made.problems]
    return apply(made, by=COMMAND_LINE, now=now)


def pupils_file(pupils: Mapping[str, Mapping[str, str]], *, columns: Sequence[str] = ()) -> bytes:
    """A pupils file; what is not said of a pupil is made up."""
    headers = ["upn", "surname", "forename", "sex", "dob", "year_group", *columns]
    rows = [
        ",".join(
            {
                "upn": upn,
                "surname": f"Surname{number}",
                "forename": f"Forename{number}",
                "sex": "F",
                "dob": "2016-01-05",
                "year_group": "5",
                **said,
            }.get(name, "")
            for name in headers
        )
        for number, (upn, said) in enumerate(pupils.items(), start=1)
    ]
    return csv(",".join(headers), *rows)


def sign_in_for(school: School, role: str, *, email: str | None = None, now: datetime = NOW) -> User:
    """An account of somebody who holds a role in a school."""
    address = email or f"{role}@{school.dfe}.example"
    return add_person(
        name=role.replace("_", " ").capitalize(),
        email=address,
        roles=role,
        school=school,
        by=COMMAND_LINE,
        now=now,
        password="a long enough passphrase",
    )


def viewer_for(school: School, role: str) -> Viewer:
    """Somebody who holds a role in a school, as services know them."""
    return viewer_of(sign_in_for(school, role))
