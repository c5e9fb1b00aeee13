"""What a process keeps in memory between pages: read once, good as long as its label stands, within a budget.

Nothing here is ever the only copy, and nothing here knows what it keeps: the versions in a label decide
(`headway.records.freshness`), never the time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

__all__ = ["KEPT", "Kept", "Same"]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Entry:
    label: object
    value: Any
    n_bytes: int


class Same:
    """A label that is only itself: what was made from this very thing, which it holds on to."""

    __slots__ = ("_thing",)

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._thing is other._thing

    def __hash__(self) -> int:
        return id(self._thing)


class Kept:
    """Values under keys, each with the label it was read under. Beyond the budget the longest unused go first."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._n_bytes = 0
        self._lock = Lock()

    def fresh(
        self, key: Hashable, label: object, read: Callable[[], Value], *, n_bytes: Callable[[Value], int]
    ) -> Value:
        """The value that was kept under this very label, else what is read now, which takes the place of any other."""
        standing = self.standing(key)
        if standing is not None and standing[0] == label:
            value: Value = standing[1]
            return value
        value = read()
        self.keep(key, label, value, n_bytes=n_bytes(value))
        return value

    def standing(self, key: Hashable) -> tuple[Any, Any] | None:
        """The label and the value kept under a key, whether or not they are still good."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry.label, entry.value

    def keep(self, key: Hashable, label: object, value: object, *, n_bytes: int) -> None:
        """Keeps a value, and lets go of others until all fit. One that is larger than the budget is not kept."""
        with self._lock:
            self._drop(key)
            if n_bytes > self._budget:
                return
            self._entries[key] = _Entry(label, value, n_bytes)
            self._n_bytes += n_bytes
            while self._n_bytes > self._budget:
                self._drop(next(iter(self._entries)))

    def clear(self) -> None:
        """Lets go of everything."""
        with self._lock:
            self._entries.clear()
            self._n_bytes = 0

    @property
    def n_bytes(self) -> int:
        """What is kept takes so many bytes, as far as it was said."""
        return self._n_bytes

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._n_bytes -= entry.n_bytes


KEPT = Kept(budget=128 * 2**20)
"""What this process keeps, of every school: a term of a secondary in ten subjects takes some four megabytes."""
