"""Pupils, classes and groups as what addresses are about, and who may see, mark and change what of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.access.answers import NOWHERE, Right, Status, Thing, relation_of
from tests.access.facts import KIDS, LAST_TERM, LAST_YEAR, OURS, SUBJECTS, TERM, THIS_YEAR, Actor, Kid
from tests.access.oracle import knows_group, may, sees, writes
from tests.access.world import World

# ── pupils ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def pupils(prefix: str, suffix: str = "", *, everybody: bool = False) -> Callable[[World], Iterable[Thing]]:
    """An address a pupil, of each relation or of all pupils there are; and one of nobody."""
    keys = [key for key in KIDS if everybody or key in _ONE_EACH]

    def things(world: World) -> Iterator[Thing]:
        for key in keys:
            yield Thing(relation_of(KIDS[key]), f"{prefix}{world.pupils[key].uid}{suffix}", about=KIDS[key])
        yield Thing("absent", f"{prefix}{NOWHERE}{suffix}")

    return things


_ONE_EACH = ("amy", "ben", "cat", "dan", "eve", "fay", "gus", "hal", "ada", "lea", "ned")
"""A pupil of each relation, and some of whom somebody sees for another reason than their class."""


def right_of_pupil(actor: Actor, thing: Thing) -> Status:
    if not may(actor, "ask"):
        return 403
    return 200 if thing.about and sees(actor, thing.about) else 404


# ── classes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ClassAt:
    """A class in a term, narrowed to a subject or not. The same code may stand for a class in each school."""

    code: str
    term: str
    subject: str = ""

    @property
    def year(self) -> int:
        return THIS_YEAR if self.term == TERM else LAST_YEAR

    def members(self, school: str) -> list[tuple[Kid, str]]:
        """The pupils on roll in the term in the subjects they are taught in the class."""
        return [
            (kid, subject)
            for kid in KIDS.values()
            if kid.school == school and kid.on_roll  # nobody left between the terms' last days and today
            for code, subject in (kid.lessons if self.year == THIS_YEAR else kid.before)
            if code == self.code and self.subject in ("", subject)
        ]


SHEETS = (
    *(ClassAt(code, TERM) for code in ("5A", "5B")),
    *(ClassAt(code, TERM, subject) for code in ("5B", "6A") for subject in SUBJECTS),
    ClassAt("5A", TERM, "mathematics"),
    ClassAt("4A", LAST_TERM, "mathematics"),
    ClassAt("5S", TERM, "reading"),
    ClassAt("6T", TERM, "reading"),
    ClassAt("9Z", TERM, "reading"),
    ClassAt("5A", TERM, "alchemy"),
    ClassAt("5A", "2026-27-yule", "reading"),
)


def _said_of(sheet: ClassAt) -> str:
    if sheet.code == "9Z" or sheet.subject == "alchemy" or sheet.term.endswith("yule"):
        return "absent"
    of = {"4A": "last year's class", "5S": "sister school", "6T": "strangers' school"}
    return of.get(sheet.code, f"class {sheet.code}")


def sheets(suffix: str) -> Callable[[World], Iterable[Thing]]:
    query = {each: f"subject={each.subject}" if each.subject else "" for each in SHEETS}
    things = [
        Thing(_said_of(each), f"/classes/{each.code}/marks/{each.term}{suffix}", query[each], about=each)
        for each in SHEETS
    ]
    return lambda world: things


def target_sheets(suffix: str) -> Callable[[World], Iterable[Thing]]:
    things = [
        Thing(_said_of(each), f"/targets/{each.code}/{each.subject}{suffix}", about=each)
        for each in SHEETS
        if each.subject and each.term == TERM
    ]
    return lambda world: things


def right_of_sheet(actor: Actor, thing: Thing) -> Status:
    if not may(actor, "ask"):
        return 403
    return 200 if any(sees(actor, kid) for kid, _ in thing.about.members(actor.at)) else 404


def marking(done: Status) -> Right:
    """Right where one mark is sent, of the first pupil of the sheet whom somebody sees."""

    def right(actor: Actor, thing: Thing) -> Status:
        if (found := right_of_sheet(actor, thing)) != 200:
            return found
        mine = writes(actor, "record_marks", *cell_of(actor, thing.about), year=thing.about.year)
        return done if mine else 403

    return right


def targeting(done: Status) -> Right:
    """Right where one target is sent, of the same pupil, in the subject of the address: the class is a way to it."""

    def right(actor: Actor, thing: Thing) -> Status:
        if not may(actor, "set_targets"):
            return 403
        kid, _ = cell_of(actor, thing.about)  # where nobody is on the sheet: a pupil of another class
        if not sees(actor, kid) or thing.about.subject not in SUBJECTS:
            return 404
        if not writes(actor, "set_targets", kid, thing.about.subject):
            return 403
        return right_of_sheet(actor, thing) if done == 400 and right_of_sheet(actor, thing) == 404 else done

    return right


def cell_of(actor: Actor, sheet: ClassAt) -> tuple[Kid, str]:
    """The pupil and the subject that somebody writes to on a sheet: theirs if it can be, else one they only see."""
    members = sheet.members(actor.at)
    mine = [each for each in members if sees(actor, each[0])]
    return next(iter(mine or members), (KIDS["amy"], "reading"))


def one_mark_form(world: World, actor: Actor, thing: Thing) -> Mapping[str, Any]:
    kid, subject = cell_of(actor, thing.about)
    key = f"{world.pupils[kid.key].uid}.{subject}"
    return {f"mark.{key}": "4b", f"version.{key}": "1.1", "request": str(uuid4())}


def one_mark_json(world: World, actor: Actor, thing: Thing) -> Mapping[str, Any]:
    kid, subject = cell_of(actor, thing.about)
    cell = {"pupil": str(world.pupils[kid.key].uid), "subject": subject, "mark": "4b", "version": ""}
    return {"request": str(uuid4()), "cells": [cell], "check": True}


def one_target_form(world: World, actor: Actor, thing: Thing) -> Mapping[str, Any]:
    kid, _ = cell_of(actor, thing.about)
    key = f"{world.pupils[kid.key].uid}:KS2"
    return {
        f"grade:{key}": "5c",
        f"read:{key}": " ",
        "why": "Looked at again",
        "agreed_on": "",
        "request": str(uuid4()),
    }


def one_target_json(world: World, actor: Actor, thing: Thing) -> Mapping[str, Any]:
    kid, _ = cell_of(actor, thing.about)
    return {"cells": [{"pupil": str(world.pupils[kid.key].uid), "point": "KS2", "grade": "5c"}]}


# ── groups ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def groups(world: World) -> Iterator[Thing]:
    for (school, code), uid in world.groups.items():
        relation = f"group {code}" if school == OURS else f"{school}'s group"
        yield Thing(relation, f"/groups/{uid}", about=(school, code))
    yield Thing("absent", f"/groups/{NOWHERE}")


def right_of_group(actor: Actor, thing: Thing) -> Status:
    if not may(actor, "ask"):
        return 403
    return 200 if thing.about and knows_group(actor, *thing.about) else 404


def right_of_renaming(actor: Actor, thing: Thing) -> Status:
    if not may(actor, "make_groups"):
        return 403
    return 302 if thing.about and knows_group(actor, *thing.about) else 404
