"""Help on every page, in three sentences: what this is, how to read it, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HELPS", "Help"]


@dataclass(frozen=True, slots=True)
class Help:
    """Three sentences about a page."""

    what: str
    how: str
    then: str


HELPS: Mapping[str, Help] = {
    "search": Help(
        "This finds a pupil or a class by the beginning of any of its names.",
        "Pupils on roll come first, those who have left after them; you find those you have a reason to see.",
        "Open a name for the pupil's page, or a class for its mark sheet; the key / brings you here from anywhere.",
    ),
    "progress": Help(
        "This shows who is apparently on and off track in one subject: each pupil's grade now beside the progress "
        "target of this term.",
        "The counts, the groups and the list are about the same pupils; a number opens the names behind it, and a gap "
        "in points stands beside each status because a step is a large thing.",
        "Look at who is below, ask why before deciding anything, and open a pupil's name for the whole story.",
    ),
}
"""The help of each page, by the name of its address. A test asks for one wherever a page is shown."""
