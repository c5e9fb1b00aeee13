"""What is typed to make a token: what uses it, what it may do, and its last day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from headway.domain.tokens import SCOPES, latest_end

__all__ = ["TokenForm"]

_USUAL_DAYS = 90


class _Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick; whoever is led to them comes to the first."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class TokenForm(forms.Form):
    """A new token. Whether it can be, the service says."""

    name = forms.CharField(
        label="What uses it",
        max_length=100,
        help_text="Such as Seating plans, or Trust reports: it tells you later which one to revoke.",
        error_messages={"required": "Say what uses it, such as Seating plans."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        error_messages={
            "required": "Tick at least one: a token that may do nothing is of no use.",
            "invalid_choice": "Tick one or more of those listed.",
        },
        widget=_Ticks,
    )
    ends = forms.DateField(
        label="Last day it works",
        error_messages={"required": "Say its last day, such as 31/08/2027.", "invalid": "Write a day as 31/08/2027."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )

    def __init__(self, data: Any = None, *, scopes: Sequence[str], today: date) -> None:
        initial = {"scopes": scopes[:1], "ends": today + timedelta(days=_USUAL_DAYS)}
        super().__init__(data, initial=initial, use_required_attribute=False)
        choices = self.fields["scopes"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(scope, f"{SCOPES[scope][:1].upper()}{SCOPES[scope][1:]}") for scope in scopes]
        latest = latest_end(today)
        self.fields["ends"].help_text = f"It stops by itself after this day. A year at most: until {latest:%d/%m/%Y}."
        self.fields["ends"].widget.attrs |= {"min": f"{today:%Y-%m-%d}", "max": f"{latest:%Y-%m-%d}"}
