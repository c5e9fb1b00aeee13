"""What ends, ends at once: the very next request finds it gone, in the session that was open and by every token."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from headway.domain.roles import ScopedRole
from headway.records.models import (
    ClassMember,
    Contact,
    Enrolment,
    GroupMember,
    Person,
    Pupil,
    PupilAccount,
    Release,
    Role,
    Teaching,
    Token,
)
from headway.services.families import cards
from headway.services.people import change_roles, disable_account, end_time
from headway.services.tokens import revoke_token
from tests.access.asking import change
from tests.access.browsing import SIGN_IN, Browser
from tests.access.facts import ACTORS, OURS, TODAY
from tests.access.world import World, secret_of, write
from tests.school import NOW

Change = Callable[[World], object]
YESTERDAY = TODAY - timedelta(days=1)


def _by_head(world: World) -> dict[str, object]:
    return {"school": world.schools[OURS], "by": world.viewer(ACTORS["head"]), "now": NOW}


def _role_taken(name: str) -> Change:
    def change_it(world: World) -> None:
        person = Person.objects.get(email=ACTORS[name].email, school=world.schools[OURS])
        roles = Role.objects.filter(person=person)
        held = list(roles)
        write(world.schools[OURS], removed=held)

    return change_it


def _time_ended(name: str) -> Change:
    return lambda world: end_time(world.people[OURS, name], last_day=None, **_by_head(world))


def _closed(name: str) -> Change:
    return lambda world: disable_account(ACTORS[name].email, **_by_head(world))


def _rows(**rows: Callable[[World], list[object]]) -> Change:
    """Writes, changes or removes rows of ours."""
    return lambda world: write(world.schools[OURS], **{kind: find(world) for kind, find in rows.items()})  # type: ignore[arg-type]


def _contact(**values: object) -> Change:
    return _rows(
        changed=lambda world: [
            change(Contact.objects.get(user=world.users["parent"], pupil=world.pupils["amy"]), **values)
        ]
    )


PAGE, OWN = "/pupils/{amy}", "/my/{amy}"

ENDS: dict[str, tuple[str, str, Change, int | str]] = {
    "a role of the head": ("senior_leader", PAGE, _role_taken("senior_leader"), 403),
    "a role of a teacher": ("class_teacher", PAGE, _role_taken("class_teacher"), 403),
    "somebody's time, by the page of people": ("senco", PAGE, _time_ended("senco"), SIGN_IN),
    "somebody's time, for a teacher": (
        "class_teacher",
        "/classes/5A/marks/2026-27-autumn",
        _time_ended("class_teacher"),
        SIGN_IN,
    ),
    "an account": ("senior_leader", PAGE, _closed("senior_leader"), SIGN_IN),
    "a class that is taught": (
        "class_teacher",
        PAGE,
        _rows(removed=lambda world: list(Teaching.objects.filter(person__email=ACTORS["class_teacher"].email))),
        404,
    ),
    "a pupil's place in a class": (
        "class_teacher",
        PAGE,
        _rows(removed=lambda world: list(ClassMember.objects.filter(pupil=world.pupils["amy"]))),
        404,
    ),
    "a pupil's time in a group": (
        "learning_mentor",
        PAGE,
        _rows(changed=lambda world: [change(GroupMember.objects.get(pupil=world.pupils["amy"]), ends=YESTERDAY)]),
        404,
    ),
    "what a role is of": (
        "learning_mentor",
        PAGE,
        _rows(
            changed=lambda world: [
                change(
                    Role.objects.get(role="learning_mentor", person__email=ACTORS["learning_mentor"].email),
                    scope="Choir",
                )
            ]
        ),
        404,
    ),
    "a contact": ("parent", OWN, _contact(ends=YESTERDAY), 404),
    "what a contact may see": ("parent", OWN, _contact(restricted=True), 404),
    "a contact that is struck out": (
        "parent",
        OWN,
        _rows(removed=lambda world: [Contact.objects.get(user=world.users["parent"], pupil=world.pupils["amy"])]),
        404,
    ),
    "a pupil's time on roll, for the family": (
        "parent",
        OWN,
        _rows(changed=lambda world: [change(Enrolment.objects.get(pupil=world.pupils["amy"]), ends=YESTERDAY)]),
        404,
    ),
    "a pupil's time on roll, for the pupil": (
        "pupil",
        OWN,
        _rows(changed=lambda world: [change(Enrolment.objects.get(pupil=world.pupils["amy"]), ends=YESTERDAY)]),
        403,
    ),
    "childhood": (
        "parent",
        OWN,
        _rows(
            changed=lambda world: [change(Pupil.objects.get(pk=world.pupils["amy"].pk), dob=TODAY.replace(year=2008))]
        ),
        404,
    ),
}
"""What ends: who looks, at what, what is done meanwhile, and the answer they then get."""


@pytest.mark.parametrize("what", ENDS)
def test_it_ends_at_the_next_request(what: str, world: World, browser: Browser) -> None:
    name, path, ended, right = ENDS[what]
    address = path.format(amy=world.pupils["amy"].uid)
    assert browser.ask(ACTORS[name], address).status == 200

    ended(world)

    assert browser.ask(ACTORS[name], address).status == right


API = "/api/v1/pupils/{amy}"


@pytest.mark.parametrize(
    ("ended", "right"),
    [
        (_role_taken("data_manager"), 403),
        (_time_ended("data_manager"), 401),
        (_closed("data_manager"), 401),
        (lambda world: revoke_token(world.tokens["data_manager"], **_by_head(world)), 401),
        (lambda world: Token.objects.filter(uid=world.tokens["data_manager"]).update(ends=YESTERDAY), 401),
    ],
    ids=["role", "time", "account", "revoked", "last day"],
)
def test_a_token_ends_with_its_owner(ended: Change, right: int, world: World, browser: Browser) -> None:
    address, token = API.format(amy=world.pupils["amy"].uid), secret_of("data_manager")
    assert browser.ask(ACTORS["data_manager"], address, token=token).status == 200

    ended(world)

    assert browser.ask(ACTORS["data_manager"], address, token=token).status == right


def test_a_role_that_is_changed_changes_what_is_seen(world: World, browser: Browser) -> None:
    """From class teacher to teaching assistant: the same pupils, and less of each."""
    teacher, address = ACTORS["class_teacher"], f"/pupils/{world.pupils['amy'].uid}"
    note = "Amyounotezq"
    assert note in browser.ask(teacher, address).text

    change_roles(
        world.people[OURS, "class_teacher"],
        give=[ScopedRole("teaching_assistant")],
        end=[ScopedRole("class_teacher")],
        **_by_head(world),
    )

    answer = browser.ask(teacher, address)
    assert answer.status == 200
    assert note not in answer.text
    assert browser.ask(teacher, "/targets/5A/mathematics", method="POST", form={}).status == 403


def test_a_release_that_is_withdrawn_is_seen_no_more(world: World, browser: Browser) -> None:
    address = f"/my/{world.pupils['amy'].uid}"
    before = browser.ask(ACTORS["parent"], address).text

    write(world.schools[OURS], removed=list(Release.objects.filter(school=world.schools[OURS], audience="families")))

    after = browser.ask(ACTORS["parent"], address)
    assert after.status == 200
    assert re.search(r"\b2a\b", before)
    assert not re.search(r"\b2a\b", after.text)


def test_a_new_card_ends_the_session_the_old_one_opened(world: World, browser: Browser) -> None:
    pupil = ACTORS["pupil"]
    assert browser.ask(pupil, "/my").status == 200

    cards.make_cards("5A", pupils=[world.pupils["amy"].uid], kind="words", **_by_head(world))

    assert browser.ask(pupil, "/my").status == SIGN_IN
    assert PupilAccount.objects.get(pupil=world.pupils["amy"]).user == world.users["pupil"]
