"""Pupils and families as readers: to whom a term can be released, and how the young sign in without an address."""

import re
from collections.abc import Mapping, Sequence

from headway.domain.terms import YearGroup

__all__ = [
    "ADULT_AGE",
    "AUDIENCES",
    "PASSWORD_KINDS",
    "PICTURES",
    "SECRET_LENGTH",
    "kind_of_name",
    "numbers_for",
    "one_spelling",
    "usual_kind",
]

ADULT_AGE = 18
"""From this birthday a family sees a pupil's record only where the pupil has agreed."""

AUDIENCES: Mapping[str, str] = {"pupils": "the pupils themselves", "families": "their parents and guardians"}
"""To whom the marks of a term can be released, by code."""

PASSWORD_KINDS: Mapping[str, str] = {"pictures": "three pictures", "words": "three words"}
"""What a pupil signs in with beside their sign-in name, by code."""

PICTURES: Sequence[str] = (
    *("apple", "boat", "cat", "drum", "fish", "flower", "house", "kite"),
    *("leaf", "moon", "mushroom", "snail", "star", "sun", "tree", "umbrella"),
)
"""What each picture shows, in the order in which they are offered."""

SECRET_LENGTH = 3
"""How many words or pictures a pupil signs in with."""

_LAST_OF_PICTURES, _LAST_OF_WORDS = 9, 99
_LAST_YEAR_OF_PICTURES = 2


def usual_kind(year_group: YearGroup) -> str:
    """What pupils of a year group sign in with, unless the school chooses otherwise.

    >>> usual_kind(2), usual_kind(3)
    ('pictures', 'words')
    """
    return "pictures" if year_group <= _LAST_YEAR_OF_PICTURES else "words"


def numbers_for(kind: str) -> range:
    """The numbers a sign-in name of a kind may end in: one digit before pictures, two before words.

    So the name itself says what to ask for next, and the page that asks need not look it up: it answers a name that
    nobody has as it answers everybody's.

    >>> numbers_for("pictures"), numbers_for("words")
    (range(2, 10), range(10, 100))
    """
    return range(2, _LAST_OF_PICTURES + 1) if kind == "pictures" else range(_LAST_OF_PICTURES + 1, _LAST_OF_WORDS + 1)


def kind_of_name(sign_in_name: str) -> str:
    """What is asked for after a sign-in name.

    >>> kind_of_name("green-otter-7"), kind_of_name("green-otter-41"), kind_of_name("otter")
    ('pictures', 'words', 'words')
    """
    return "pictures" if re.search(r"(?<![0-9])[0-9]\Z", sign_in_name) else "words"


def one_spelling(typed: str) -> str:
    """Words as they are kept, however they were typed: small letters, hyphens between.

    >>> one_spelling("  Green otter 41"), one_spelling("plum,river - Tent")
    ('green-otter-41', 'plum-river-tent')
    """
    return "-".join(re.findall(r"[^\W_]+", typed.casefold()))
