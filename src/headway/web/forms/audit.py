"""Which entries of the audit somebody wants to read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms

from headway.domain.audit import SHOWN_KINDS
from headway.services.audit import Wanted

__all__ = ["WantedForm"]

_WRONG_DAY = {"invalid": "Write a day as 23/11/2026."}


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"})
    return forms.DateField(label=label, required=False, error_messages=_WRONG_DAY, widget=widget)


class WantedForm(forms.Form):
    """The filters of the page. What its links alone say — a pupil, a page, an entry to open — has no field to see."""

    person = forms.TypedChoiceField(
        label="Who", required=False, coerce=UUID, empty_value=None, widget=forms.Select(attrs={"class": "form-select"})
    )
    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Anything"), *SHOWN_KINDS.items()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    from_day = _day("From")
    to_day = _day("To")
    pupil = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    open = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, object], *, people: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data, use_required_attribute=False)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [("", "Anybody"), *((str(uid), name) for uid, name in people)]

    def clean(self) -> None:
        """Days in their order."""
        super().clean()
        first, last = self.cleaned_data.get("from_day"), self.cleaned_data.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", "This is before the first day. Right would be the same day or a later one.")

    def wanted(self) -> Wanted:
        """What is asked for; of a form with mistakes, what it says rightly."""
        said = self.cleaned_data
        return Wanted(
            pupil=said.get("pupil"),
            person=said.get("person"),
            kind=said.get("kind") or None,
            first=said.get("from_day"),
            last=said.get("to_day"),
            before=said.get("before"),
            opened=said.get("open"),
        )
