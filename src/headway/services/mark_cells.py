"""What is typed into a mark sheet and what becomes of it: the words of the save protocol."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.status import Comparison

__all__ = ["Cell", "Clash", "CollectionClosedError", "Fine", "Outcome", "Refused", "RepeatedCellError", "Saved"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark as typed; blank takes it away. ``version`` is the one the cell was read at, empty where it was empty.

    ``note`` is what stands beside the mark; None leaves what is there.
    """

    pupil: UUID
    subject: str
    mark: str
    version: str = ""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A cell as it now stands, and how its mark compares with the progress target."""

    cell: Cell
    mark: str
    version: str
    note: str
    compared: Comparison


@dataclass(frozen=True, slots=True)
class Fine:
    """What a cell would be, were it saved."""

    cell: Cell
    mark: str
    version: str
    note: str
    compared: Comparison


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be as typed: what is wrong and what would be right, in a sentence."""

    cell: Cell
    sentence: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell somebody else has changed since it was read: what stands, whose it is and since when."""

    cell: Cell
    mark: str
    version: str
    note: str
    by: str = ""
    at: datetime | None = None


Outcome = Saved | Refused | Clash


class CollectionClosedError(Exception):
    """The term's collection has closed; nothing was saved."""

    def __init__(self, closed_at: datetime) -> None:
        self.closed_at = closed_at
        super().__init__(f"The collection closed on {closed_at.day} {closed_at:%B %Y}. Nothing was saved.")


class RepeatedCellError(ValueError):
    """The same cell twice in one batch: nobody can say which is meant, so nothing was saved."""

    def __init__(self) -> None:
        super().__init__("The same cell is in it twice. Right would be each cell once.")
