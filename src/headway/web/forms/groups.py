"""What is typed about a group: its name, and somebody's last day in it."""

from datetime import date
from typing import Any

from django import forms

__all__ = ["GroupNameForm", "LastDayForm"]


class GroupNameForm(forms.Form):
    """What people call a group. Whether the name is free, the service says."""

    name = forms.CharField(
        label="Name of the group",
        max_length=100,
        help_text="What people call it, such as Reading club. Everybody who sees its pupils sees it.",
        error_messages={"required": "Give the group a name, such as Reading club."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, name: str = "") -> None:
        super().__init__(data, initial={"name": name}, use_required_attribute=False)


class LastDayForm(forms.Form):
    """The last day some pupils are in a group."""

    last_day = forms.DateField(
        label="Last day in the group",
        error_messages={"required": "Say the last day, such as 18/12/2026.", "invalid": "Write a day as 18/12/2026."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"last_day": today}, use_required_attribute=False)
