"""What somebody may not see of a pupil cannot be found out either: not by sorting, filtering, cutting or counting.

Two worlds differ in nothing but what is guarded of one pupil. Whoever may not see it asks both the same questions, a
couple of hundred of them, and hears the same answers.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import pytest

from headway.domain.questions import Population, Question, QuestionRefused
from headway.records.kept import KEPT
from headway.records.models import BehaviourIncident, Characteristic, Pupil
from headway.services.access import NotAllowedError, NotFoundError
from headway.services.questions import Asking
from tests.access.asking import change
from tests.access.browsing import Browser, put_back
from tests.access.facts import ACTORS, KIDS, OURS, TERM, Actor
from tests.access.oracle import FIELDS, sees
from tests.access.world import World, secret_of, write
from tests.school import NOW

pytestmark = pytest.mark.walk
Record = Callable[[str, object], None]
Answers = Sequence[str]

OTHERWISE: Mapping[str, tuple[str, str]] = {
    "sen": ("K", "N"),
    "fsm": ("Y", "N"),
    "pupil_premium": ("Y", "N"),
    "looked_after": ("Y", "N"),
    "ethnicity": ("WIRT", "BCRB"),
    "first_language": ("POL", "SOM"),
    "gifted_talented": ("N", "Y"),
    "service_child": ("Y", "N"),
}
"""What is held of a pupil in one world, and in the other."""

CUTS = (*OTHERWISE, "sex", "class", "reg_group", "year_group", "group", "attendance_band", "prior_band")

HIDDEN: Sequence[tuple[str, str]] = (
    # somebody who sees a pupil, but not all of them
    ("teaching_assistant", "cat"),
    ("learning_mentor", "amy"),
    ("subject_leader", "ben"),
    ("gifted_talented_coordinator", "dan"),
    ("mentor_who_teaches", "amy"),
    # somebody who does not see the pupil at all
    ("class_teacher", "cat"),
    ("head_of_year", "amy"),
    ("double_in_ours", "dan"),
    ("sister_head", "amy"),
    ("parent", "cat"),
    ("governor", "amy"),
)
"""Who asks, and a pupil of whom something is hidden from them."""


@pytest.mark.parametrize(("name", "key"), HIDDEN)
def test_two_worlds_that_differ_in_what_is_hidden_look_the_same(
    name: str, key: str, world: World, browser: Browser, record_property: Record
) -> None:
    actor = ACTORS[name]
    hidden = [field for field in OTHERWISE if not sees(actor, KIDS[key], field)]

    one, other = (_everything(world, browser, actor, key, hidden, which) for which in (0, 1))

    record_property("asked blindly", [name, len(hidden), len(one)])
    assert len(hidden) > 1
    assert len(one) > 100
    differing = [f"{first}\n  is not\n{second}" for first, second in zip(one, other, strict=True) if first != second]
    assert differing == []


@pytest.mark.parametrize("field", OTHERWISE)
def test_who_may_see_it_does_tell_them_apart(field: str, world: World) -> None:
    """What is asked is enough to find out, for those who may."""
    said = []
    for which in (0, 1):
        with _otherwise(world, "ben", [field], which):
            said.append(list(_answers(world, ACTORS["head"])))

    assert sum(first != second for first, second in zip(*said, strict=True)) > 3


@pytest.mark.parametrize("name", ["teaching_assistant", "learning_mentor", "subject_leader"])
def test_nothing_follows_from_a_birthday_that_is_hidden(name: str, world: World, browser: Browser) -> None:
    actor, key = ACTORS[name], {"teaching_assistant": "cat", "learning_mentor": "amy", "subject_leader": "ben"}[name]
    hidden = not sees(actor, KIDS[key], "date_of_birth")

    said = []
    for dob in (date(2017, 1, 5), date(2017, 2, 6)):
        pupil = Pupil.objects.get(pk=world.pupils[key].pk)
        with _instead(world, changed=[change(pupil, dob=dob)]):
            said.append(_pages(world, browser, actor))

    assert (said[0] == said[1]) == hidden


@pytest.mark.parametrize("name", ["assessment_manager", "data_manager", "subject_leader", "learning_mentor"])
def test_nothing_follows_from_what_is_written_of_an_incident(name: str, world: World, browser: Browser) -> None:
    said = []
    for note in ("A long story about a window", "Another"):
        incident = BehaviourIncident.objects.get(pupil=world.pupils["amy"])
        with _instead(world, changed=[change(incident, note=note)]):
            said.append(_pages(world, browser, ACTORS[name]))

    assert said[0] == said[1]


def test_every_guarded_field_is_asked_about() -> None:
    assert {*OTHERWISE, "date_of_birth", "confidential"} == set(FIELDS)


def _everything(world: World, browser: Browser, actor: Actor, key: str, fields: Sequence[str], which: int) -> Answers:
    """All that somebody hears of one of the two worlds."""
    with _otherwise(world, key, fields, which):
        return [*_answers(world, actor), *_pages(world, browser, actor)]


@contextmanager
def _otherwise(world: World, key: str, fields: Sequence[str], which: int) -> Iterator[None]:
    """One of the two worlds."""
    held = [_row(world, key, field, OTHERWISE[field][which]) for field in fields]
    standing = Characteristic.objects.filter(pupil=world.pupils[key], kind__in=fields)
    with _instead(world, new=held, removed=list(standing)):
        yield


def _row(world: World, key: str, field: str, value: str) -> Characteristic:
    pupil = world.pupils[key]
    return Characteristic(school=pupil.school, pupil=pupil, kind=field, starts=date(2026, 9, 1), value=value)


@contextmanager
def _instead(world: World, **rows: object) -> Iterator[None]:
    """The other world, and nothing kept in memory of the one before."""
    with put_back():
        write(world.schools[OURS], **rows)  # type: ignore[arg-type]
        KEPT.clear()
        yield
    KEPT.clear()


def _questions() -> Iterator[Question]:
    """Every cut, alone and with another, and every value of every field to filter by."""
    everybody = (
        Population(year_groups=(5,)),
        Population(),
        Population(classes=("5A",)),
        Population(groups=("Booster",)),
    )
    for who in everybody:
        for cut in CUTS:
            yield Question("status", who, ("mathematics",), TERM, by=(cut,))
    for cut in CUTS:
        yield Question("gap", everybody[0], ("reading",), TERM, by=(cut, "sex") if cut != "sex" else (cut,))
        yield Question("grades", everybody[0], ("mathematics",), TERM, by=(cut,))
    for field, values in OTHERWISE.items():
        for value in values:
            wanted = {"Y": True, "N": False}.get(value, value) if field != "sen" else value
            yield Question("status", Population(where=((field, wanted),)), ("mathematics",), TERM)
            yield Question("gap", Population(where=((field, wanted),)), ("reading",), TERM, by=("class",))
        yield Question("status", Population(where=((field, None),)), ("mathematics",), TERM)


def _answers(world: World, actor: Actor) -> Iterator[str]:
    """What the one who asks questions says: figures, notes and names."""
    viewer, school = world.viewer(actor), world.school(actor)
    try:
        asking = Asking(viewer=viewer, school=school, now=NOW)
    except (NotFoundError, NotAllowedError) as refusal:
        yield from (f"{type(refusal).__name__}" for _ in _questions())
        return
    for question in _questions():
        try:
            answer = asking.ask(question)
            names = [(str(each.uid), each.status) for each in asking.names(question)]
            yield f"{question}: {answer.rows} {answer.notes} {answer.total_pupils} {names}"
        except (QuestionRefused, NotAllowedError) as refusal:
            yield f"{question}: {refusal}"


def _pages(world: World, browser: Browser, actor: Actor) -> Answers:
    """What pages, files and the API say, but for what differs every time."""
    paths = ["/", "/progress", "/classes", "/groups", "/search?q=a", "/my", f"/classes/5A/marks/{TERM}"]
    paths += [f"/progress?who=year:5&by={cut}" for cut in CUTS]
    paths += [f"/progress?who=year:5&{field}={code}" for field in OTHERWISE for code in ("yes", "no", "none", "K")]
    paths += [f"/progress?who=year:5&sort={sort}" for sort in ("name", "-status", "-gap", "prior", "attendance")]
    paths += [f"/progress?who=year:5&sort={field}" for field in OTHERWISE]
    paths += [f"/pupils/{world.pupils[key].uid}" for key in ("amy", "ben", "cat", "dan")]
    paths += [f"/groups/{uid}" for uid in world.groups.values()]
    said = [f"{path}: {_plain(browser.ask(actor, path).text)}" for path in paths]
    lists = ["/api/v1/pupils", "/api/v1/pupils?on_roll=any", f"/api/v1/assessments?term={TERM}", "/api/v1/groups"]
    lists += [f"/api/v1/pupils?{field}=Y" for field in OTHERWISE]
    return said + [f"{path}: {_plain(browser.ask(actor, path, token=secret_of(actor.who)).text)}" for path in lists]


def _plain(text: str) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|expires=[^;]+|value="[0-9a-f-]{36}"', "", text)
