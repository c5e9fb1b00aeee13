"""What somebody chose to look at: the question it asks and the address that holds it. Says no words, reads no pupil."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.domain.terms import parse_year_group

__all__ = ["CUT_CHOICES", "NAMES", "Selection"]

CUT_CHOICES: Mapping[str, Mapping[str, object]] = {
    "sex": {"girls": "F", "boys": "M", "unrecorded": None},
    "fsm": {"yes": True, "no": False, "unrecorded": None},
}
"""What an address says of each characteristic, and what that is in a question."""

NAMES = "#pupils"
"""Where on the page the names stand: what a number opens."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody chose to look at. The address of the page is made from it and from nothing else: never a name."""

    year_group: str
    subject: str
    term: str
    status: str = ""
    sex: str = ""
    fsm: str = ""

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses whose pupils are listed."""
        if self.status == "off_track":
            return OFF_TRACK
        return frozenset(each for each in STATUSES if self.status in ("", each))

    def question(self, *, by: tuple[str, ...] = ()) -> Question:
        """The question these choices ask."""
        where: list[tuple[str, object]] = []
        if self.fsm:
            where.append(("fsm", CUT_CHOICES["fsm"][self.fsm]))
        if self.sex:
            where.append(("sex", CUT_CHOICES["sex"][self.sex]))
        who = Population(year_groups=(parse_year_group(self.year_group),), where=tuple(where))
        return Question("status", who, (self.subject,), self.term, by=by)

    def address(self, **changes: str) -> str:
        """The address of these choices, or of the same with some changed."""
        chosen = asdict(replace(self, **changes))
        return f"{reverse('progress')}?{urlencode({name: value for name, value in chosen.items() if value})}"
