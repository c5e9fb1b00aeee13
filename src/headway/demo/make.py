"""Makes the made-up school by sending in its three years of files, one after another, as every school's come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction

from headway.demo.families import CARDS, PARENTS, DemoCard, open_families, release_term
from headway.demo.school import DemoSchool, make_school
from headway.demo.shapes import FRAMEWORK, SHAPES, Shape
from headway.demo.staff import EMAIL_DOMAIN
from headway.demo.story import Closing, DemoFile, story
from headway.demo.timeline import beginning
from headway.domain.roles import ROLES
from headway.formats.sheets_out import write_csv
from headway.services.access import COMMAND_LINE, Viewer, schools_of, viewer_of
from headway.services.collections import close
from headway.services.people import add_person, people_of
from headway.services.schools import AnySchool, create_school, framework_of
from headway.services.sign_in.passwords import account_at
from headway.services.transfers import apply, plan

__all__ = ["PASSPHRASE", "DemoRefusedError", "SignIn", "cards", "make_demo", "sign_ins", "standing_demo"]

PASSPHRASE = "made-up-school"  # noqa: S105  # of people who do not exist, and printed for everybody to use
"""What every account of a made-up school signs in with."""

Heard = Callable[[str, float], None]
"""What listens to how far the school is: words, and the share done."""


class DemoRefusedError(ValueError):
    """There is no place for a made-up school here; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the demo: in which role, whose, and by which address."""

    role: str
    name: str
    email: str


def standing_demo(kind: str, *, now: datetime) -> AnySchool | None:
    """The made-up school that is here already; None also where there are no tables yet, or not this version's.

    Raises DemoRefusedError where there is any other school.
    """
    try:
        schools = list(schools_of(COMMAND_LINE, on=now.date()))
    except DatabaseError:
        return None
    for school in schools:
        right = "Right would be a folder of its own for the demo: --data FOLDER."
        if not school.demo:
            raise DemoRefusedError(f"{school.name} is here, and made-up pupils do not belong among real ones. {right}")
        if school.dfe != SHAPES[kind].dfe:
            raise DemoRefusedError(f"Another made-up school is here, {school.name}. {right}")
    return schools[0] if schools else None


def make_demo(kind: str, *, n_pupils: int | None, seed: int, now: datetime, heard: Heard) -> AnySchool:
    """A made-up school with three years of history: all of it, or nothing."""
    shape = SHAPES[kind]
    with transaction.atomic():
        school = _create(shape, now)
        made = make_school(
            shape, n_pupils=n_pupils or shape.n_pupils, seed=seed, now=now, framework=framework_of(school)
        )
        _send_in(made, list(story(made)), school=school, heard=heard)
    return school


def sign_ins(school: AnySchool, *, now: datetime) -> Sequence[SignIn]:
    """One account for each role, in the order of the roles, and two parents."""
    accounts = [each for each in people_of(COMMAND_LINE, school=school, now=now) if each.account in ("open", "dormant")]
    of_demo = [each for each in accounts if each.email.endswith(f"@{EMAIL_DOMAIN}") and each.roles]
    order = list(ROLES)
    staff = [
        SignIn(ROLES[account.roles[0].role.role], account.name, account.email)
        for account in sorted(of_demo, key=lambda account: order.index(account.roles[0].role.role))
    ]
    parents = [SignIn(each.role, each.name, each.email) for each in PARENTS if account_at(each.email)]
    return [*staff, *parents]


def cards(school: AnySchool) -> Sequence[DemoCard]:
    """The cards with which two of the pupils sign in."""
    kind = next((kind for kind, shape in SHAPES.items() if shape.dfe == school.dfe), "")
    return CARDS.get(kind, ()) if account_at(PARENTS[0].email) else ()


def _create(shape: Shape, now: datetime) -> AnySchool:
    return create_school(
        name=shape.name, dfe=shape.dfe, framework=FRAMEWORK, by=COMMAND_LINE, now=beginning(now), demo=True
    )


def _send_in(made: DemoSchool, files: Sequence[DemoFile | Closing], *, school: AnySchool, heard: Heard) -> None:
    """Every file and closing in its turn: the staff first, then all by the assessment manager."""
    n_rows, done, by = sum(_n_rows(each) for each in files), 0, COMMAND_LINE
    for each in files:
        heard(f"The year {each.year}", done / n_rows)
        if isinstance(each, Closing):
            close(each.term, school=school, by=by, now=each.at)
            release_term(each.term, school=school, by=by, now=each.at)
            continue
        _send(each, school=school, by=by)
        if each.kind == "contacts":
            open_families(made, school=school, by=by, now=each.at, passphrase=PASSPHRASE)
        if each.kind == "staff" and by is COMMAND_LINE:
            by = _open_accounts(made, school=school, now=each.at)
        done += len(each.rows)
    heard("Done", 1.0)


def _n_rows(each: DemoFile | Closing) -> int:
    return len(each.rows) if isinstance(each, DemoFile) else 0


def _send(file: DemoFile, *, school: AnySchool, by: Viewer) -> None:
    content, name = write_csv(file.headers, file.rows), f"{file.kind}.csv"
    planned = plan(content, file=name, school=school, by=by, now=file.at, academic_year=file.year.code)
    if planned.problems:
        raise ValueError("\n".join(problem.sentence() for problem in planned.problems[:5]))
    apply(planned, by=by, now=file.at)


def _open_accounts(made: DemoSchool, *, school: AnySchool, now: datetime) -> Viewer:
    """An account for everybody who signs in; gives the assessment manager, who sends the files from here on."""
    manager = COMMAND_LINE
    for person in made.staff.people:
        if not person.signs_in:
            continue
        user = add_person(
            name=person.name,
            email=person.email,
            roles=person.role,
            school=school,
            by=COMMAND_LINE,
            now=now,
            password=PASSPHRASE,
        )
        if person.role == "assessment_manager":
            manager = viewer_of(user)
    return manager
