"""Three schools and everybody round them, as facts in plain Python: what the oracle knows of the world.

Nothing here reads the product or its records: `world.py` makes the same people there, `oracle.py` says who of them may
see whom. Names of classes, groups and staff codes are the same in all three schools on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from headway.domain.pupils import upn_check_letter

OURS, SISTER, STRANGERS = "ours", "sister", "strangers"
SCHOOLS: Mapping[str, tuple[str, str]] = {
    OURS: ("8231234", "Oakfield School"),
    SISTER: ("8235678", "Sisterbrook School"),
    STRANGERS: ("9339999", "Strangeways School"),
}
"""DfE number and name of each: two of one authority, and one of another."""

TODAY = date(2026, 11, 23)
THIS_YEAR, LAST_YEAR = 2026, 2025
TERM, LAST_TERM = "2026-27-autumn", "2025-26-summer"
SUBJECTS = ("reading", "mathematics")
GROUP, OTHER_GROUP = "Booster", "Choir"
ADULT = 18

Lesson = tuple[str, str]
"""A class and a subject it is taught."""

NAMED = ("surname", "forename", "preferred", "admission", "upn", "uid")
"""What says who a pupil is: for those who may see the pupil."""

WRITTEN = ("comment", "reason", "type")
"""What was written of a pupil beside marks, targets and behaviour: for those who may see the pupil."""


@dataclass(frozen=True, slots=True)
class Kid:
    """One pupil as they are. ``lessons`` are this academic year's, ``before`` last year's."""

    key: str
    school: str
    number: int
    year_group: int
    reg_group: str
    dob: date
    lessons: tuple[Lesson, ...] = ()
    before: tuple[Lesson, ...] = ()
    groups: tuple[str, ...] = ()
    past_groups: tuple[str, ...] = ()
    left: date | None = None
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def upn(self) -> str:
        rest = f"{SCHOOLS[self.school][0]}15{self.number:03d}"
        return upn_check_letter(rest) + rest

    @property
    def on_roll(self) -> bool:
        return self.left is None or self.left >= TODAY

    @property
    def adult(self) -> bool:
        return (TODAY.year - self.dob.year - ((TODAY.month, TODAY.day) < (self.dob.month, self.dob.day))) >= ADULT

    def canary(self, of: str) -> str:
        """A string that stands nowhere else in the world: what a leak of one thing about one pupil looks like."""
        return self.upn if of == "upn" else f"{self.key.capitalize()}{self.school[:2]}{of[:4]}zq"


def _both(code: str) -> tuple[Lesson, ...]:
    return tuple((code, subject) for subject in SUBJECTS)


def _kids() -> Mapping[str, Kid]:
    five, six = date(2017, 1, 5), date(2016, 1, 5)
    kids = (
        Kid("amy", OURS, 1, 5, "5A", five, _both("5A"), _both("4A"), groups=(GROUP,), held={"fsm": "Y", "sen": "K"}),
        Kid("ben", OURS, 2, 5, "5A", five, _both("5A"), held={"looked_after": "Y", "ethnicity": "WIRT"}),
        Kid("cat", OURS, 3, 5, "5B", five, _both("5B"), held={"fsm": "N", "first_language": "POL"}),
        Kid("dan", OURS, 4, 5, "5B", five, _both("5B"), held={"gifted_talented": "Y", "service_child": "Y"}),
        Kid("eve", OURS, 5, 6, "6A", six, _both("6A"), groups=(OTHER_GROUP,), held={"pupil_premium": "Y"}),
        Kid("fay", OURS, 6, 5, "5A", five, _both("5A"), left=date(2026, 10, 30)),
        Kid("gus", OURS, 7, 5, "5B", five, _both("5B"), _both("4A"), held={"sen": "E"}),
        Kid("hal", OURS, 8, 4, "4A", five, (), _both("4A"), left=date(2026, 7, 20)),
        Kid("ian", OURS, 9, 6, "6A", six, _both("6A"), past_groups=(GROUP,)),
        Kid("jon", OURS, 10, 5, "5A", five, _both("5A")),
        Kid("kim", OURS, 11, 6, "6A", six, (("6A", "reading"),)),
        Kid("ada", OURS, 12, 13, "13X", date(2008, 1, 5)),
        Kid("lea", SISTER, 1, 5, "5A", five, _both("5A"), groups=(GROUP,), held={"fsm": "Y"}),
        Kid("mia", SISTER, 2, 5, "5S", five, _both("5S")),
        Kid("ned", STRANGERS, 1, 5, "5A", five, _both("5A"), groups=(GROUP,), held={"sen": "K"}),
        Kid("oli", STRANGERS, 2, 6, "6T", six, _both("6T"), left=date(2026, 10, 30)),
    )
    return {kid.key: kid for kid in kids}


KIDS = _kids()


@dataclass(frozen=True, slots=True)
class Holding:
    """A role somebody holds in a school; ``scope``: of what."""

    role: str
    school: str = OURS
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody's place in a pupil's family."""

    child: str
    restricted: bool = False
    agreed_as_adult: bool = False
    starts: date | None = None
    ends: date | None = None

    @property
    def holds(self) -> bool:
        """Whether the school lets them see the child today: dates, restriction, roll and age all agree."""
        in_time = (self.starts is None or self.starts <= TODAY) and (self.ends is None or self.ends >= TODAY)
        child = KIDS[self.child]
        of_age = not child.adult or self.agreed_as_adult
        return in_time and not self.restricted and child.on_roll and of_age


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks. ``at`` is the school they have chosen; ``lapsed`` says why their roles do not count.

    ``account`` is whose account it is, where two of the cast share one; ``second_step``: whether they took one.
    """

    name: str
    holdings: tuple[Holding, ...] = ()
    teaches: tuple[Lesson, ...] = ()
    taught_before: tuple[Lesson, ...] = ()
    at: str = OURS
    lapsed: str = ""
    pupil: str = ""
    family: tuple[Guardian, ...] = ()
    account: str = ""
    second_step: bool = True

    @property
    def who(self) -> str:
        """Whose account it is."""
        return self.account or self.name

    @property
    def email(self) -> str:
        return f"{self.who}@people.example"

    @property
    def anonymous(self) -> bool:
        """Whether nobody is signed in: a closed account's session is none."""
        return self.name == "anonymous" or self.lapsed == "deactivated"

    @property
    def held(self) -> tuple[Holding, ...]:
        """The roles that count today, in the school that was chosen."""
        return () if self.lapsed else tuple(each for each in self.holdings if each.school == self.at)

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools where a role counts today."""
        return () if self.lapsed else tuple(dict.fromkeys(each.school for each in self.holdings))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(each.role for each in self.held)

    @property
    def is_family(self) -> bool:
        """Whether they are here as a pupil or for one, whatever they may see of them today."""
        return bool(self.pupil or self.family)


WHOLE_SCHOOL = (
    *("head", "senior_leader", "assessment_manager", "data_manager", "senco", "intervention_coordinator"),
    *("governor", "improvement_partner", "authority_officer", "other_agency", "installer"),
)
"""Roles that need no more than the school they are held in."""


def _actors() -> Mapping[str, Actor]:
    def one(name: str, role: str, **more: object) -> Actor:
        scope = str(more.pop("scope", ""))
        return Actor(name, (Holding(role, str(more.get("at", OURS)), scope),), **more)  # type: ignore[arg-type]

    double = (Holding("class_teacher"), Holding("head", SISTER))
    actors = (
        Actor("anonymous"),
        *(one(role, role) for role in WHOLE_SCHOOL),
        one("subject_leader", "subject_leader", scope="mathematics"),
        one("subject_leader_unnamed", "subject_leader", teaches=(("5B", "mathematics"),)),
        one("head_of_year", "head_of_year", scope="6"),
        one("class_teacher", "class_teacher", teaches=_both("5A"), taught_before=_both("4A")),
        one("teaching_assistant", "teaching_assistant", teaches=(("5B", "reading"),)),
        one("tutor", "tutor", scope="5B"),
        one("learning_mentor", "learning_mentor", scope=GROUP),
        one("gifted_talented_coordinator", "gifted_talented_coordinator"),
        Actor("mentor_who_teaches", (Holding("learning_mentor", OURS, GROUP), Holding("class_teacher")), _both("6A")),
        Actor("double_in_ours", double, (("6A", "mathematics"),), account="double"),
        Actor("double_in_sister", double, (), at=SISTER, account="double"),
        one("sister_head", "head", at=SISTER),
        one("stranger_head", "head", at=STRANGERS),
        Actor("head_without_second_step", (Holding("head"),), account="head", second_step=False),
        Actor(
            "teacher_without_second_step",
            (Holding("class_teacher"),),
            _both("5A"),
            _both("4A"),
            account="class_teacher",
            second_step=False,
        ),
        Actor("no_role", lapsed="no role"),
        one("deactivated", "head", lapsed="deactivated"),
        one("time_ended", "head", lapsed="ended"),
        one("time_to_come", "head", lapsed="to come"),
        one("role_ended", "head", lapsed="removed"),
        Actor("pupil", pupil="amy"),
        Actor("pupil_adult", pupil="ada"),
        Actor("pupil_left", pupil="fay"),
        Actor("parent", family=(Guardian("amy"), Guardian("jon"))),
        Actor("parent_restricted", family=(Guardian("jon", restricted=True),)),
        Actor("parent_of_one_sibling", family=(Guardian("cat"), Guardian("ben", restricted=True))),
        Actor("parent_ended", family=(Guardian("amy", ends=date(2026, 11, 22)),)),
        Actor("parent_to_come", family=(Guardian("amy", starts=date(2026, 11, 24)),)),
        Actor("parent_of_adult", family=(Guardian("ada"),)),
        Actor("parent_agreed", family=(Guardian("ada", agreed_as_adult=True),)),
        Actor("parent_in_two_schools", family=(Guardian("ben"), Guardian("lea"))),
        Actor("parent_of_leaver", family=(Guardian("fay"),)),
        Actor("teacher_and_parent", (Holding("class_teacher"),), (("5B", "reading"),), family=(Guardian("eve"),)),
    )
    return {actor.name: actor for actor in actors}


ACTORS = _actors()
