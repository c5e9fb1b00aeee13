"""Somebody new, the roles they have, and their last day, as they are typed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from headway.domain.roles import ScopedRole, parse_roles

__all__ = ["InviteForm", "LastDayForm", "RolesForm"]

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]
_NONE = ("", "Choose a role")


class InviteForm(forms.Form):
    """Name, e-mail address, staff code and up to two roles; more are given on the person's page."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": "Enter their name."},
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it.",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={
            "required": "Enter their e-mail address.",
            "invalid": "Enter an e-mail address: a name, @, a place.",
        },
    )
    code = forms.CharField(
        label="Staff code, if the school has one",
        help_text="As the timetable has it, such as AKH. Left empty, it is made from the address.",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label="Role",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of the roles in the list."},
    )
    also = forms.ChoiceField(
        label="A second role, if they have one",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose one of the roles in the list."},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, none in (("role", _NONE), ("also", ("", "None"))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [none, *choices]

    def roles(self) -> str:
        """The chosen roles as one text, once the form is valid."""
        return "; ".join(role for role in (self.cleaned_data["role"], self.cleaned_data["also"]) if role)


class RolesForm(forms.Form):
    """Which of the roles that were shown somebody keeps, and one that is added."""

    add = forms.ChoiceField(
        label="Add a role",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose one of the roles in the list."},
    )

    def __init__(self, *args: Any, held: Mapping[ScopedRole, str], choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = held
        add = self.fields["add"]
        assert isinstance(add, forms.ChoiceField)
        add.choices = [("", "None"), *choices]

    @property
    def boxes(self) -> Sequence[tuple[str, str, bool]]:
        """A box for each role that is held: its code, its words, and whether it is ticked."""
        ended = self.ended()
        return [(str(role), words, role not in ended) for role, words in self._held.items()]

    def given(self) -> Sequence[ScopedRole]:
        return parse_roles(self.cleaned_data["add"]) if self.cleaned_data["add"] else ()

    def ended(self) -> Sequence[ScopedRole]:
        """The roles whose tick was taken away; one given meanwhile by somebody else was not shown, and stays."""
        if not isinstance(self.data, QueryDict):
            return ()
        gone = {*self.data.getlist("shown")} - {*self.data.getlist("keep")}
        return [role for role in self._held if str(role) in gone]


class LastDayForm(forms.Form):
    """When somebody's time here ends: at once, or after a day."""

    when = forms.ChoiceField(
        label="When",
        choices=[("now", "At once: they are out at their next click"), ("after", "After their last day")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when.", "invalid_choice": "Choose one of the two."},
    )
    last_day = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day, such as 18/12/2026."},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("when") == "after" and said.get("last_day", "wrong") is None:
            self.add_error("last_day", "Enter their last day.")
        return self.cleaned_data

    def day(self) -> date | None:
        """The last day; None for at once."""
        said: date | None = self.cleaned_data["last_day"] if self.cleaned_data["when"] == "after" else None
        return said
