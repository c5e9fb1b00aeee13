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
    assert listed == "a.khan\tA. Khan\ta.khan@hillside.example\tclass_teacher; senco\tinvited\n"


def test_adding_somebody_again_only_adds_the_roles_they_lack(headway: Headway) -> None:
    headway("user", "add", *KHAN, "--role", "class_teacher")
    headway("user", "add", *KHAN, "--role", "class_teacher", "--role", "head")

    listed = headway("user", "list").out
    assert listed == "a.khan\tA. Khan\ta.khan@hillside.example\thead; class_teacher\tinvited\n"


def test_somebody_of_the_staff_file_has_no_account_until_they_are_added(headway: Headway, file: Write) -> None:
    headway("import", file("staff.csv", b"staff,name,email,roles\nAKH,A. Khan,a.khan@hillside.example,tutor\n"))

    before = headway("user", "list").out
    headway("user", "add", *KHAN, "--role", "tutor")

    assert before == "AKH\tA. Khan\ta.khan@hillside.example\ttutor\tno account\n"
    assert headway("user", "list").out == "AKH\tA. Khan\ta.khan@hillside.example\ttutor\tinvited\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", *KHAN, "--role", "wizard"), "'wizard' is not a role. Right would be one or more of head, "),
        (
            ("add", *KHAN, "--role", "subject_leader:alchemy"),
            "The school has no subject ‘alchemy’. Right would be one of",
        ),
        (("add", *KHAN, "--role", "head_of_year:19"), "The school has no year group ‘19’. Right would be one of 5."),
        (("add", *KHAN, "--role", "tutor:9B"), "no registration group yet. Right would be to bring in the pupils file"),
        (("add", *KHAN, "--role", "senco:Year 3"), "The role senco is not of anything, but ‘Year 3’ stands after it."),
        (("add", *KHAN, "--role", "tutor:"), "'tutor:' names nothing after the colon."),
        (("disable", "nobody@hillside.example"), "Nobody at Hillside signs in as nobody@hillside.example."),
        (("add", "--name", "A", "--email", "a.khan", "--role", "head"), "'a.khan' is not an e-mail address"),
        (("reset", "nobody@hillside.example"), "Nobody at Hillside signs in as nobody@hillside.example."),
    ],
    ids=["role", "subject", "year", "form", "of nothing", "no colon", "nobody to close", "address", "nobody"],
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


def test_it_says_of_every_role_whom_it_sees_what_it_may_and_what_it_never_does(headway_anew: Headway) -> None:
    done = headway_anew("role", "list")

    assert done.code == 0
    roles = {each.split()[0].partition(":")[0]: each for each in done.out.strip().split("\n\n")}
    assert list(roles) == list(ROLES)
    assert roles["subject_leader"].startswith("subject_leader:SUBJECT  (subject leader)\n")
    assert "  Guarded fields: sen" not in roles["head"]
    assert "  Guarded fields: all of them." in roles["head"]
    assert (
        "  May: enter and correct marks, where they teach; set and change targets, where they teach"
        in (roles["class_teacher"])
    )
    assert all("  Sees: " in each and "  Never: " in each for each in roles.values())


def test_it_takes_what_a_role_is_of_after_a_colon(headway: Headway) -> None:
    done = headway("user", "add", *KHAN, "--role", "subject_leader:Mathematics", "--role", "head_of_year: Year 5")

    assert (done.code, done.err) == (0, "")
    roles = "subject_leader:mathematics; head_of_year:5"
    assert headway("user", "list").out == f"a.khan\tA. Khan\ta.khan@hillside.example\t{roles}\tinvited\n"


def test_it_closes_an_account_and_a_reset_opens_it_again(headway: Headway) -> None:
    headway("user", "add", *KHAN, "--role", "head")

    done = headway("user", "disable", "a.khan@hillside.example")

    assert done.out == (
        "a.khan@hillside.example can no longer sign in. "
        "To open the account again: headway user reset a.khan@hillside.example\n"
    )
    assert headway("user", "list").out.endswith("\taccount closed\n")
    headway("user", "reset", "a.khan@hillside.example")
    assert headway("user", "list").out.endswith("\tinvited\n")
