"""What is right, worked out a second time: from `policy.csv`, written by hand, and the facts of the world.

Shares nothing with the product's own policy and access: where the two differ, one of them is wrong.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.access.facts import KIDS, THIS_YEAR, Actor, Holding, Kid

FIELDS = (
    *("date_of_birth", "sen", "fsm", "pupil_premium", "looked_after", "ethnicity", "first_language"),
    *("gifted_talented", "service_child", "confidential"),
)


class Row(NamedTuple):
    """One line of the oracle's table; no ``field``: the pupil, but for what is guarded one by one."""

    role: str
    action: str
    relation: str
    field: str
    answer: str


@cache
def table() -> tuple[Row, ...]:
    """The table as it was written."""
    with (Path(__file__).parent / "policy.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))


@cache
def _relations(role: str, action: str, field: str = "") -> tuple[str, ...]:
    return tuple(
        row.relation
        for row in table()
        if (row.role, row.action, row.field, row.answer) == (role, action, field, "allow")
    )


def may(actor: Actor, action: str) -> bool:
    """Whether somebody may do something at all in the school they have chosen."""
    return any(_relations(holding.role, action) for holding in actor.held)


def sees(actor: Actor, kid: Kid, field: str = "") -> bool:
    """Whether somebody may see a pupil as one of the staff; with a field, that of the pupil."""
    return any(
        _stands(actor, holding, relation, kid)
        for holding in actor.held
        for relation in _relations(holding.role, "ask", field)
    )


def reaches(actor: Actor, action: str, kid: Kid) -> bool:
    """Whether somebody may do something to a pupil, by one and the same role."""
    return any(
        _stands(actor, holding, relation, kid)
        for holding in actor.held
        for relation in _relations(holding.role, action)
    )


def sees_all(actor: Actor) -> bool:
    """Whether every pupil of the school is theirs to see."""
    return any("school" in _relations(holding.role, "ask") for holding in actor.held)


def fields_of(actor: Actor) -> frozenset[str]:
    """The guarded fields somebody may see of any pupil at all."""
    return frozenset(field for field in FIELDS for each in actor.held if _relations(each.role, "ask", field))


def writes(actor: Actor, action: str, kid: Kid, subject: str, *, year: int = THIS_YEAR) -> bool:
    """Whether somebody may enter marks or set targets of a pupil in a subject, for an academic year."""
    if kid.school != actor.at:
        return False
    relations = {relation for holding in actor.held for relation in _relations(holding.role, action)}
    return "school" in relations or ("taught" in relations and _taught(actor, kid, subject, year))


def sees_as_family(actor: Actor, kid: Kid) -> bool:
    """Whether somebody may see a pupil's own page as the pupil, or as family."""
    if actor.lapsed:
        return False
    own = actor.pupil == kid.key and kid.on_roll
    return own or any(each.child == kid.key and each.holds for each in actor.family)


def entitled(actor: Actor, of: str, kid: Kid) -> bool:
    """Whether somebody may come upon one thing about one pupil anywhere at all."""
    if actor.anonymous:
        return False
    if of == "note":
        return sees(actor, kid, "confidential")
    if of in ("surname", "forename", "preferred", "uid") and sees_as_family(actor, kid):
        return True
    return sees(actor, kid)


def needs_second_step(actor: Actor) -> bool:
    """Whether one of their roles, in whatever school, sees others than pupils of their own."""
    if actor.lapsed:
        return False
    return any(
        relation not in ("classes", "tutor_group")
        for holding in actor.holdings
        for relation in _relations(holding.role, "ask")
        if holding.scope or relation not in ("year", "subject", "group")
    )


def knows_group(actor: Actor, school: str, group: str) -> bool:
    """Whether a group is somebody's to know of: it has, or had, a pupil they may see."""
    members = [kid for kid in KIDS.values() if kid.school == school and group in (*kid.groups, *kid.past_groups)]
    return actor.at == school and (sees_all(actor) or any(sees(actor, kid) for kid in members))


def _stands(actor: Actor, holding: Holding, relation: str, kid: Kid) -> bool:
    """Whether somebody, by a role they hold, stands to a pupil as a relation says."""
    if kid.school != holding.school or holding.school != actor.at:
        return False
    match relation:
        case "school":
            return True
        case "classes":
            return bool(set(actor.teaches) & set(kid.lessons))
        case "year":
            return holding.scope == str(kid.year_group)
        case "subject":
            return holding.scope in {subject for _, subject in kid.lessons}
        case "tutor_group":
            return bool(holding.scope) and holding.scope == kid.reg_group
        case "group":
            return bool(holding.scope) and holding.scope in kid.groups
        case "gifted":
            return kid.held.get("gifted_talented") == "Y"
    raise AssertionError(f"{relation} is no relation the oracle knows")


def _taught(actor: Actor, kid: Kid, subject: str, year: int) -> bool:
    lessons, teaching = (kid.lessons, actor.teaches) if year == THIS_YEAR else (kid.before, actor.taught_before)
    return bool({lesson for lesson in lessons if lesson[1] == subject} & set(teaching))
