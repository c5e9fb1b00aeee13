"""What somebody chose to look at: the question it asks and the address that holds it. Says no words, reads no pupil."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import quote_plus

from django.urls import reverse

from headway.domain.cuts import CUTS, YES_NO_CUTS
from headway.domain.populations import Population
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.questions import Question
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.domain.terms import parse_year_group, year_group_code

__all__ = [
    "COMPARED_BY",
    "FILTERS",
    "LINKED_FILTERS",
    "NAMES",
    "SORTS",
    "Selection",
    "code_of",
    "value_of",
]

NAMES = "#pupils"
"""Where on the page the names stand: what a number opens."""

COMPARED_BY: Sequence[str] = (*CHARACTERISTICS, "attendance_band", "prior_band", "class", "reg_group", "year_group")
"""What pupils are compared by, in the order the page offers it."""

FILTERS: Sequence[str] = (*CHARACTERISTICS, "attendance_band", "prior_band")
"""What the form offers to narrow the pupils by."""

LINKED_FILTERS: Sequence[str] = ("class", "reg_group", "year_group")
"""What only the numbers of a comparison narrow the pupils by."""

SORTS: Sequence[str] = ("name", "status", "gap", "now", "expected", "target", "prior", "attendance")
"""What the list is sorted by, from the smallest; with a ``-`` before it from the largest."""

_SAID = ("who", "subject", "term", "status", "by", "sort")
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody chose to look at. The address of the page is made from it and from nothing else: never a name.

    ``who`` is a kind and a code: ``year:5``, ``class:5A``, ``group:Reading club``. ``where`` holds pairs of a cut and
    the code it must have, ``yes``, ``no`` or ``none`` (not recorded). ``came_from`` is the page that led here.
    """

    who: str
    subject: str
    term: str
    status: str = ""
    by: str = ""
    sort: str = ""
    where: tuple[tuple[str, str], ...] = ()
    came_from: str = ""

    @property
    def kind(self) -> Literal["year", "class", "group"]:
        """What kind of whole the pupils are."""
        kind = self.who.partition(":")[0]
        return "class" if kind == "class" else "group" if kind == "group" else "year"

    @property
    def code(self) -> str:
        """The code of the year group, the class or the group."""
        return self.who.partition(":")[2]

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses whose pupils are listed."""
        if self.status == "off_track":
            return OFF_TRACK
        return frozenset(each for each in STATUSES if self.status in ("", each))

    def question(self, measure: str = "status", *, by: tuple[str, ...] = ()) -> Question:
        """The question these choices ask."""
        where = tuple(sorted((cut, value_of(cut, code)) for cut, code in self.where))
        who = Population(
            year_groups=(parse_year_group(self.code),) if self.kind == "year" else (),
            classes=(self.code,) if self.kind == "class" else (),
            groups=(self.code,) if self.kind == "group" else (),
            where=where,
        )
        return Question(measure, who, (self.subject,), self.term, by=by)

    def address(self, **changes: str) -> str:
        """The address of these choices, or of the same with some changed; a cut's code narrows, a blank widens."""
        where: Mapping[str, str] = {**dict(self.where), **{name: changes[name] for name in changes if name in CUTS}}
        chosen = {name: changes.get(name, getattr(self, name)) for name in _SAID}
        pairs = [*chosen.items(), *((cut, where[cut]) for cut in COMPARED_BY if cut in where), ("from", self.came_from)]
        return f"{_path()}?{'&'.join(f'{name}={_quoted(value)}' for name, value in pairs if value)}"


@cache
def _path() -> str:
    return reverse("progress")


_quoted = lru_cache(maxsize=4096)(quote_plus)
"""A page holds dozens of addresses made of the same few words."""


def value_of(cut: str, code: str) -> object:
    """What a code in an address means in a question; raises ValueError for a year group that is none."""
    if code == _NONE:
        return None
    if cut in YES_NO_CUTS:
        return code == "yes"
    return parse_year_group(code) if cut == "year_group" else code


def code_of(cut: str, value: object) -> str:
    """How a value of a question stands in an address.

    >>> code_of("fsm", True), code_of("sen", None), code_of("year_group", 0), code_of("sex", "F")
    ('yes', 'none', 'R', 'F')
    """
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return year_group_code(value) if cut == "year_group" and isinstance(value, int) else str(value)
