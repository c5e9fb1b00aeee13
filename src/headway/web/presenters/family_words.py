"""Where a pupil stands, in words a ten-year-old reads: short sentences, to the pupil or about them."""

from collections.abc import Mapping
from dataclasses import dataclass

from headway.domain.status import Status

__all__ = ["SHORT_WORDS", "Addressed"]

SHORT_WORDS: Mapping[Status, str] = {
    "above": "Further along",
    "on": "On the way",
    "below": "A little behind",
    "well_below": "Behind",
    "not_known": "Not known yet",
}
"""Each status beside its shape."""

_STANDING: Mapping[Status, str] = {
    "above": "{You} {are} further along than we planned. Well done.",
    "on": "{You} {are} where we planned {you_obj} to be.",
    "below": "It looks as if {you} {are} a little behind what we planned. {ask}",
    "well_below": "It looks as if {you} {are} behind what we planned. {ask}",
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who is spoken to: the pupil, or the family about the pupil by their forename."""

    forename: str
    to_pupil: bool

    @property
    def whose(self) -> str:
        return "your" if self.to_pupil else f"{self.forename}’s"

    @property
    def you(self) -> str:
        return "you" if self.to_pupil else self.forename

    @property
    def have(self) -> str:
        return "have" if self.to_pupil else "has"

    def standing(self, status: Status) -> str:
        """A status in a sentence or two; nothing where it is not known."""
        ask = (
            "Ask your teacher what would help next." if self.to_pupil else "The teachers can say what would help next."
        )
        words = {
            "You": self.you[:1].upper() + self.you[1:],
            "you": self.you,
            "you_obj": self.you,
            "are": "are" if self.to_pupil else "is",
            "ask": ask,
        }
        return _STANDING.get(status, "").format(**words)
