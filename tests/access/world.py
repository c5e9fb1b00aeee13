"""The facts made into records, the way schools do it: by files and services. Built once for all tests of access."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from headway.records import history
from headway.records.models import (
    Contact,
    Group,
    Person,
    Pupil,
    PupilAccount,
    Release,
    Role,
    School,
    Term,
    Token,
    User,
)
from headway.records.versioned import Versioned
from headway.services.access import COMMAND_LINE, Viewer, viewer_of
from headway.services.schools import create_school
from headway.services.transfers import apply, plan
from tests.access.facts import (
    ACTORS,
    KIDS,
    LAST_TERM,
    SCHOOLS,
    TERM,
    TODAY,
    Actor,
    Kid,
)
from tests.school import NOW, csv

ENDS = {"ended": TODAY - timedelta(days=1)}
STARTS = {"to come": TODAY + timedelta(days=1)}
CHARACTERISTICS = (
    *("fsm", "looked_after", "sen", "first_language", "ethnicity", "gifted_talented", "pupil_premium"),
    "service_child",
)


@dataclass(slots=True)
class World:
    """What was made, by the names of the facts."""

    schools: dict[str, School] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)
    groups: dict[tuple[str, str], UUID] = field(default_factory=dict)
    transfers: dict[tuple[str, str], UUID] = field(default_factory=dict)
    contacts: dict[tuple[str, str], UUID] = field(default_factory=dict)
    tokens: dict[str, UUID] = field(default_factory=dict)

    def user(self, actor: Actor) -> User | AnonymousUser:
        return AnonymousUser() if actor.name == "anonymous" else self.users[actor.who]

    def viewer(self, actor: Actor) -> Viewer:
        return viewer_of(self.users[actor.who])

    def school(self, actor: Actor) -> School:
        return self.schools[actor.at]

    def kid(self, uid: UUID) -> Kid:
        """Whose id it is."""
        return next(KIDS[key] for key, pupil in self.pupils.items() if pupil.uid == uid)


def make_world(*, differing: Mapping[str, Mapping[str, str]] | None = None) -> World:
    """All of it; ``differing`` says what is otherwise of some pupils than the facts say: another world."""
    world = World()
    for code, (dfe, name) in SCHOOLS.items():
        world.schools[code] = create_school(name=name, dfe=dfe, framework="england-2008", by=COMMAND_LINE, now=NOW)
        _staff(world, code)
        _files(world, code, differing or {})
    _scopes(world)
    _families(world)
    world.pupils = _pupils()
    world.groups = {
        (code, group.code): group.uid
        for code, school in world.schools.items()
        for group in Group.objects.filter(school=school)
    }
    _releases(world)
    _tokens(world)
    return world


def _pupils() -> dict[str, Pupil]:
    found = {(pupil.school.dfe, pupil.upn): pupil for pupil in Pupil.objects.select_related("school")}
    return {kid.key: found[SCHOOLS[kid.school][0], kid.upn] for kid in KIDS.values()}


def _bring(world: World, code: str, kind: str, headers: str, rows: Iterable[str], *, year: str | None = None) -> None:
    """One file, by the head of the school where it has one."""
    school, content = world.schools[code], csv(headers, *rows)
    planned = plan(
        content, file=f"{kind}.csv", school=school, by=COMMAND_LINE, now=NOW, as_kind=kind, academic_year=year
    )
    assert not planned.problems, [problem.sentence() for problem in planned.problems]
    applied = apply(planned, by=COMMAND_LINE, now=NOW)
    world.transfers[code, kind] = applied.transfer


def _staff(world: World, code: str) -> None:
    """The staff file, and accounts for all on it."""
    rows = []
    for number, actor in enumerate(_people(code), start=1):
        roles = "; ".join(dict.fromkeys(each.role for each in actor.holdings if each.school == code)) or "governor"
        starts, ends = STARTS.get(actor.lapsed, ""), ENDS.get(actor.lapsed, "")
        rows.append(f"{_code(number)},{_name(actor, code)},{actor.email},{roles},{starts},{ends}")
    rows.append(f"OTH,{_other_name(code)},other.{code}@people.example,class_teacher,,")
    _bring(world, code, "staff", "staff,name,email,roles,from,to", rows)
    people = {person.email: person for person in Person.objects.filter(school=world.schools[code])}
    for actor in _people(code):
        user = world.users.get(actor.who) or User.objects.create_user(actor.email)
        people[actor.email].user = user
        world.users[actor.who] = user
        if actor.lapsed == "deactivated":
            user.is_active = False
            user.save(update_fields=["is_active"])
        world.people[code, actor.who] = people[actor.email].uid
    write(world.schools[code], changed=[people[actor.email] for actor in _people(code)])


def _people(code: str) -> Sequence[Actor]:
    """Who is on the staff of a school, each account once."""
    found: dict[str, Actor] = {}
    for actor in ACTORS.values():
        here = any(each.school == code for each in actor.holdings)
        if here or (actor.lapsed == "no role" and code == "ours"):
            found.setdefault(actor.email, actor)
    return list(found.values())


def _code(number: int) -> str:
    return f"S{number:02d}"


def _name(actor: Actor, code: str) -> str:
    return f"{(actor.who).replace('_', ' ').title()} {code[:2]}staffzq"


def _other_name(code: str) -> str:
    return f"Olga Other {code[:2]}staffzq"


def _files(world: World, code: str, differing: Mapping[str, Mapping[str, str]]) -> None:
    kids = [kid for kid in KIDS.values() if kid.school == code]
    codes = {actor.who: _code(number) for number, actor in enumerate(_people(code), start=1)}
    _bring(
        world,
        code,
        "pupils",
        "upn,surname,forename,preferred_forename,admission_number,sex,dob,year_group,reg_group,enrolled_to,"
        + ",".join(CHARACTERISTICS),
        [_pupil_row(kid, differing.get(kid.key, {})) for kid in kids],
    )
    for year, lessons, teaching in (("2025-26", "before", "taught_before"), ("2026-27", "lessons", "teaches")):
        rows = [
            f"{lesson[0]},{lesson[1]},{_year_of(kid, lessons)},{kid.upn},{_teachers(lesson, teaching, code, codes)}"
            for kid in kids
            for lesson in getattr(kid, lessons)
        ]
        if rows:
            _bring(world, code, "classes", "class,subject,year_group,upn,teacher", rows, year=year)
    memberships = [f"{group},{kid.upn},2026-09-01," for kid in kids for group in kid.groups]
    memberships += [f"{group},{kid.upn},2026-09-01,2026-10-01" for kid in kids for group in kid.past_groups]
    _bring(world, code, "groups", "group,upn,from,to", memberships or [f"Choir,{kids[-1].upn},2026-09-01,"])
    taught = [(kid, subject) for kid in kids for _, subject in kid.lessons or kid.before]
    headers = "upn,key_stage,subject,grade,year,kind"
    _bring(world, code, "results", headers, [f"{kid.upn},KS1,{subject},2b,2024,teacher" for kid, subject in taught])
    _bring(
        world,
        code,
        "targets",
        "upn,subject,key_stage,grade,reason",
        [f"{kid.upn},{subject},KS2,4b,{kid.canary('reason')}" for kid, subject in taught],
    )
    marks = [
        f"{kid.upn},{subject},{term},{grade},{kid.canary('comment')}"
        for kid, subject in taught
        for term, grade in ((LAST_TERM, "2a"), (TERM, "3b" if kid.number % 2 else "2a"))
        if kid.lessons or term == LAST_TERM
    ]
    _bring(world, code, "assessments", "upn,subject,term,grade,comment", marks)
    sessions = [f"{kid.upn},{TERM},100,{80 + kid.number}" for kid in kids if kid.lessons]
    _bring(world, code, "attendance", "upn,term,possible,attended", sessions)
    incidents = [f"{kid.upn},2026-05-14,{kid.canary('type')},-1,{kid.canary('note')}" for kid in kids]
    _bring(world, code, "behaviour", "upn,date,type,points,note", incidents)


def _pupil_row(kid: Kid, differing: Mapping[str, str]) -> str:
    held = {**kid.held, **differing}
    said = [kid.upn, *(kid.canary(name) for name in ("surname", "forename", "preferred", "admission"))]
    year = kid.year_group
    dob = differing.get("date_of_birth", f"{kid.dob:%Y-%m-%d}")
    return ",".join(
        [
            *said,
            "F",
            dob,
            str(year),
            kid.reg_group,
            str(kid.left or ""),
            *(held.get(each, "") for each in CHARACTERISTICS),
        ]
    )


def _year_of(kid: Kid, lessons: str) -> int:
    """The year group of a pupil's class: last year's class was a year younger, but for who left before this year."""
    return kid.year_group - (lessons == "before" and kid.on_roll)


def _teachers(lesson: tuple[str, str], teaching: str, code: str, codes: Mapping[str, str]) -> str:
    """The staff codes of who teaches a class a subject; somebody else's where it is nobody of the cast."""
    here = [codes[each.who] for each in ACTORS.values() if each.at == code and lesson in getattr(each, teaching)]
    return "; ".join(dict.fromkeys(here)) or "OTH"


def write(
    school: School,
    *,
    new: Sequence[Versioned] = (),
    changed: Sequence[Versioned] = (),
    removed: Sequence[Versioned] = (),
) -> None:
    act = history.begin(school, kind="test", by=COMMAND_LINE.author(school), at=NOW)
    history.record(act, new=new, changed=changed, removed=removed)


def _scopes(world: World) -> None:
    """Says of what roles are, and takes away those that have ended."""
    for actor in ACTORS.values():
        for holding in actor.holdings:
            school = world.schools[holding.school]
            rows = Role.objects.filter(person__email=actor.email, school=school, role=holding.role)
            if holding.scope:
                row = rows.get()
                row.scope = holding.scope
                write(school, changed=[row])
    gone = Role.objects.filter(
        person__email__in=[each.email for each in ACTORS.values() if each.lapsed in ("removed", "no role")]
    )
    for row in gone.select_related("school"):
        write(row.school, removed=[row])


def _families(world: World) -> None:
    pupils = _pupils()
    for actor in ACTORS.values():
        if actor.pupil:
            user = User.objects.create_user(None)
            PupilAccount.objects.create(
                pupil=pupils[actor.pupil], user=user, sign_in_name=f"{actor.pupil}-otter-7", kind="words", made_at=NOW
            )
            world.users[actor.name] = user
        if actor.family:
            user = world.users.get(actor.name) or User.objects.create_user(actor.email)
            world.users[actor.name] = user
            for each in actor.family:
                pupil = pupils[each.child]
                contact = Contact(
                    school=pupil.school,
                    pupil=pupil,
                    user=user,
                    name=f"{actor.name.replace('_', ' ').title()} {each.child}familyzq",
                    relationship="parent",
                    email=actor.email,
                    restricted=each.restricted,
                    agreed_as_adult=each.agreed_as_adult,
                    starts=each.starts,
                    ends=each.ends,
                )
                write(pupil.school, new=[contact])
                world.contacts[actor.name, each.child] = contact.uid


def _releases(world: World) -> None:
    """This term's marks of Year 5, and last summer's of everybody, are out; this term's of Year 6 are not."""
    for school in world.schools.values():
        terms = {term.code: term for term in Term.objects.filter(school=school)}
        out = [(TERM, 5), (LAST_TERM, 4), (LAST_TERM, 5)]
        rows = [
            Release(school=school, term=terms[term], year_group=year, audience=audience, starts=TODAY)
            for term, year in out
            for audience in ("pupils", "families")
            if term in terms
        ]
        write(school, new=rows)


def _tokens(world: World) -> None:
    """A token for everybody, whether or not their role lets them make one: what it opens is asked of each request."""
    for name, user in world.users.items():
        row = Token.objects.create(
            user=user,
            name=f"Programme of {name}",
            digest=sha256(secret_of(name).encode()).hexdigest(),
            scopes=["read", "export"],
            made_at=NOW,
            ends=TODAY,
        )
        world.tokens[name] = row.uid


def secret_of(name: str) -> str:
    """What a program shows that acts for somebody."""
    return "hw_" + name.ljust(43, "x")
