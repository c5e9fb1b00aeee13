"""The plain words sign-in names and pupils' passwords are made of, as they stand in their files."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

__all__ = ["word_list"]


@cache
def word_list(name: str) -> Sequence[str]:
    """The words of a list: ``plain`` for passwords; ``describing`` and ``things`` for sign-in names."""
    file = resources.files("headway") / "words" / f"{name}.txt"
    return tuple(file.read_text(encoding="utf-8").split())
