"""People and roles from the command line."""

import re

import pytest

from headway.domain.roles import ROLES
from tests.cli.conftest import Headway, Write

KHAN = ("--name", "A. Khan", "--email", "a.khan@hillside.example")


def test_it_gives_somebody_an_account_and_roles_and_prints_the_link(headway: Headway) -> None:
    done = headway("user", "add", *KHAN, "--role", "class_teacher", "--role", "senco")

    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"A\. Khan claims the account at /claim/[\w-]+/[\w-]+\n", done.out)
    listed = headway("user", "list").out
    assert listed == "a.khan\tA. Khan\ta.khan@hillside.example\tclass_teacher, senco\taccount\n"


def test_adding_somebody_again_only_adds_the_roles_they_lack(headway: Headway) -> None:
    headway("user", "add", *KHAN, "--role", "class_teacher")
    headway("user", "add", *KHAN, "--role", "class_teacher", "--role", "head")

    listed = headway("user", "list").out
    assert listed == "a.khan\tA. Khan\ta.khan@hillside.example\tclass_teacher, head\taccount\n"


def test_somebody_of_the_staff_file_has_no_account_until_they_are_added(headway: Headway, file: Write) -> None:
    headway("import", file("staff.csv", b"staff,name,email,roles\nAKH,A. Khan,a.khan@hillside.example,tutor\n"))

    before = headway("user", "list").out
    headway("user", "add", *KHAN, "--role", "tutor")

    assert before == "AKH\tA. Khan\ta.khan@hillside.example\ttutor\tno account\n"
    assert headway("user", "list").out == "AKH\tA. Khan\ta.khan@hillside.example\ttutor\taccount\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", *KHAN, "--role", "wizard"), "'wizard' is not a role. Right would be one or more of head, "),
        (("add", "--name", "A", "--email", "a.khan", "--role", "head"), "'a.khan' is not an e-mail address"),
        (("reset", "nobody@hillside.example"), "Nobody at Hillside signs in as nobody@hillside.example."),
    ],
    ids=["role", "address", "nobody"],
)
def test_it_refuses_what_cannot_be(headway: Headway, words: tuple[str, ...], said: str) -> None:
    done = headway("user", *words)

    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert headway("user", "list").out == ""


def test_a_reset_prints_another_link(headway: Headway) -> None:
    first = headway("user", "add", *KHAN, "--role", "head").out

    done = headway("user", "reset", "A.KHAN@hillside.example")

    assert done.code == 0
    assert re.fullmatch(r"A new password is set at /claim/[\w-]+/[\w-]+\n", done.out)
    assert done.out.rpartition("/")[2] != first.rpartition("/")[2]


def test_it_lists_every_role_in_words(headway_anew: Headway) -> None:
    done = headway_anew("role", "list")

    assert done.code == 0
    assert done.out.splitlines() == [f"{code}\t{words}" for code, words in ROLES.items()]
