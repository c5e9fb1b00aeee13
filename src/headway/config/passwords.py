"""How passwords are kept, and which protect nobody: argon2id at a memory cost a small server can bear."""

import re
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError

_AT_ONCE = BoundedSemaphore(4)
_KINDS = frozenset(
    {
        "academy",
        "and",
        "boys",
        "ce",
        "church",
        "college",
        "first",
        "for",
        "girls",
        "high",
        "infant",
        "infants",
        "junior",
    }
    | {"lower", "middle", "nursery", "of", "primary", "rc", "sch", "school", "secondary", "st", "the", "upper"}
)
_SHORTEST_NAME = 4


class SteadyArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, and at most four at once, so that a morning's rush of sign-ins cannot exhaust the memory."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _AT_ONCE:
            return super().verify(password, encoded)


class NotTheSchoolsName:
    """Refuses a password that holds the name of a school its owner belongs to: every pupil there would try it first."""

    def validate(self, password: str, user: Any = None) -> None:
        from headway.services.sign_in.passwords import school_names_of  # noqa: PLC0415  # settings name this class

        letters = _letters(password)
        if user is not None and any(_own_part(name) in letters for name in school_names_of(user)):
            raise ValidationError("The password holds the name of your school.", code="password_is_school")

    def get_help_text(self) -> str:
        return "Not with the name of your school in it."


def _own_part(name: str) -> str:
    """What of a school's name is its own: Elm Tree Primary School → elmtree, St Mary's → mary."""
    words = re.findall(r"\w+", re.sub(r"['’]s?\b", "", name.casefold()))
    own = "".join(word for word in words if word not in _KINDS)
    return own if len(own) >= _SHORTEST_NAME else "".join(words)


def _letters(password: str) -> str:
    return re.sub(r"\W|_", "", password.casefold())
