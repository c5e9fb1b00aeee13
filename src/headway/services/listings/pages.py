"""A list a page at a time: from where, how many, and where the next page begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

__all__ = ["Page", "UnknownValueError", "Window", "page_of", "rows_of"]

Item = TypeVar("Item")
Made = TypeVar("Made")

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: so many, after a place in it."""

    after: int = 0
    size: int = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list. ``last`` is the place of its last item where others follow, else None."""

    items: Sequence[Item]
    last: int | None

    def map(self, make: Callable[[Item], Made]) -> "Page[Made]":
        """The same part of the list, each item made into something else."""
        return Page([make(item) for item in self.items], self.last)


class UnknownValueError(ValueError):
    """Something was asked for by a value there is not, or not for whoever asks; says which and what would be right."""

    def __init__(self, name: str, value: object, right: str | Sequence[str]) -> None:
        self.name = name
        shown = right if isinstance(right, str) else _listed(right)
        super().__init__(f"There is no {name} '{value}' here. Right would be {shown}.")


def page_of(items: Sequence[Item], window: Window) -> Page[Item]:
    """Part of a list that is in memory; the place of an item is its number, from 1."""
    following = items[window.after :]
    more = len(following) > window.size
    return Page(following[: window.size], window.after + window.size if more else None)


def rows_of(rows: QuerySet[Any, Any], window: Window) -> Page[Any]:
    """Part of a list of rows in the order they were made; the place of a row is its key."""
    found = list(rows.filter(pk__gt=window.after).order_by("pk")[: window.size + 1])
    more = len(found) > window.size
    kept = found[: window.size]
    return Page(kept, kept[-1].pk if more else None)


def _listed(right: Sequence[str]) -> str:
    if not right:
        return "none: there are none yet"
    more = f" and {len(right) - _SHOWN} more" if len(right) > _SHOWN else ""
    return "one of " + ", ".join(right[:_SHOWN]) + more
