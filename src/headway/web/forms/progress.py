"""The choices that make a question about progress, offered and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms

from headway.domain.cuts import listed, year_group_words
from headway.domain.terms import year_group_code
from headway.services.choices import Choices
from headway.web.presenters.status import STATUS_WORDS
from headway.web.selections import Selection

__all__ = ["ProgressForm", "first_selection"]

_FILTERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "status": [("", "All"), ("off_track", "Off track"), *STATUS_WORDS.items()],
    "sex": [("", "All"), ("girls", "Girls"), ("boys", "Boys"), ("unrecorded", "Not recorded")],
    "fsm": [("", "All"), ("yes", "Yes"), ("no", "No"), ("unrecorded", "Not recorded")],
}

_LAST_WITH_LEVELS = 11


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
