"""The choices that make a question about progress, and the address that holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from headway.domain.cuts import listed, year_group_words
from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.domain.terms import parse_year_group, year_group_code
from headway.services.choices import Choices
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["CUT_CHOICES", "NAMES", "ProgressForm", "Selection", "first_selection"]

CUT_CHOICES: Mapping[str, Mapping[str, object]] = {
    "sex": {"girls": "F", "boys": "M", "unrecorded": None},
    "fsm": {"yes": True, "no": False, "unrecorded": None},
}
"""What an address says of each characteristic, and what that is in a question."""

_FILTERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "status": [("", "All"), ("off_track", "Off track"), *STATUS_WORDS.items()],
    "sex": [("", "All"), ("girls", "Girls"), ("boys", "Boys"), ("unrecorded", "Not recorded")],
    "fsm": [("", "All"), ("yes", "Yes"), ("no", "No"), ("unrecorded", "Not recorded")],
}

NAMES = "#pupils"
"""Where on the page the names stand: what a number opens."""

_LAST_WITH_LEVELS = 11


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


class ProgressForm(forms.Form):
    """Which pupils, which subject, when; and which of them to list. Offers what the viewer's pupils have."""

    year_group = forms.ChoiceField(label="Year group")
    subject = forms.ChoiceField(label="Subject")
    term = forms.ChoiceField(label="Term")
    status = forms.ChoiceField(label="Status", required=False)
    sex = forms.ChoiceField(label="Sex", required=False)
    fsm = forms.ChoiceField(label="Free school meals", required=False)

    def __init__(self, given: Mapping[str, Any], *, offered: Choices) -> None:
        """Fills what the address leaves out with the first choices, so that the bare page shows something."""
        said = {name: str(given[name]) for name in self.base_fields if given.get(name)}
        super().__init__(asdict(first_selection(offered)) | said, use_required_attribute=False)
        years = [(year_group_code(each), year_group_words(each)) for each in offered.year_groups]
        offers = {"year_group": years, "subject": offered.subjects, "term": offered.terms, **_FILTERS}
        for name, choices in offers.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)
            right = listed([words for _, words in choices], last="or")
            field.error_messages["invalid_choice"] = f"“%(value)s” is not among the choices. Right would be {right}."
            field.widget.attrs["class"] = "form-select"

    def selection(self) -> Selection:
        """What was chosen, once the form is valid."""
        return Selection(**self.cleaned_data)


def first_selection(offered: Choices) -> Selection:
    """What the page shows before anybody chooses: the oldest year group, the first subject, the latest term."""
    in_stages = [each for each in offered.year_groups if 1 <= each <= _LAST_WITH_LEVELS] or offered.year_groups
    return Selection(year_group_code(in_stages[-1]), offered.subjects[0][0], offered.default_term)
