"""What is managed at a school, as its page lists it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from headway.services.access import Action

__all__ = ["MANAGED", "Managed", "managed_there"]


@dataclass(frozen=True, slots=True)
class Managed:
    """One thing that is managed: the name of its address, what it is called, what it is for, what it takes to open.

    No ``action``: everybody who works here may.
    """

    route: str
    words: str
    about: str
    action: Action | None


MANAGED: Sequence[Managed] = (
    Managed("people", "People", "who works here, in which roles, and their accounts", "manage_people"),
    Managed("roles", "Roles", "what each role sees, does and never does", None),
    Managed("families", "Families", "parents and guardians, and who of them may sign in", "manage_people"),
    Managed("releases", "Releases", "which term's marks pupils and families can see, from when", "release_marks"),
    Managed("class-cards", "Sign-in cards", "accounts for pupils, on cards to hand out", "make_pupil_accounts"),
    Managed("audit", "Who has looked", "who looked at whom, and who changed what", "see_audit"),
    Managed("locking", "Locking pages", "after how many minutes without anybody there", "manage_school"),
    Managed("tokens", "Tokens", "keys for programs that ask in your name", "use_api"),
    Managed("set-up", "Setting up", "the steps from an empty school to its first mark sheet", "manage_school"),
)
"""What the page of the school lists, in this order. A line more for every new page that is opened now and then."""


def managed_there() -> Sequence[tuple[Managed, str]]:
    """What is managed on a page that there is, with its address."""
    found = []
    for each in MANAGED:
        try:
            found.append((each, reverse(each.route)))
        except NoReverseMatch:
            continue
    return found
