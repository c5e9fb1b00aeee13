"""A new school and its administrator, as somebody types them where there is no school yet."""

import re
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordMixin

from headway.formats.frameworks import shipped_frameworks
from headway.services.set_up import NewSchool
from headway.web.presenters.set_up import framework_words

__all__ = ["SchoolForm"]


def _text(label: str, *, empty: str, autocomplete: str = "off", help_text: str = "", **options: Any) -> forms.CharField:
    attributes = {"class": "form-control", "autocomplete": autocomplete}
    return forms.CharField(
        label=label,
        help_text=help_text,
        error_messages={"required": empty},
        widget=forms.TextInput(attrs=attributes),
        **options,
    )


class SchoolForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # generic for the checker only
    """Name, number and framework of the school; name, e-mail address and password of whoever looks after it."""

    name = _text("Name of the school", empty="Enter the school's name.", max_length=200)
    dfe = _text(
        "DfE number",
        empty="Enter the school's DfE number.",
        help_text="Seven digits: the authority's three and the school's four, such as 823 1234.",
        max_length=20,
    )
    framework = forms.ChoiceField(
        label="What it assesses by",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the school assesses by."},
    )
    administrator = _text("Your name", empty="Enter your name.", autocomplete="name", max_length=200)
    email = forms.EmailField(
        label="Your e-mail address",
        help_text="You sign in with it.",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "username"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address: a name, @, a place.",
        },
    )
    password1, password2 = SetPasswordMixin.create_password_fields("Password", "Password, again")

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frameworks = self.fields["framework"]
        assert isinstance(frameworks, forms.ChoiceField)
        frameworks.choices = [(code, framework_words(code)) for code in shipped_frameworks()]
        first, second = self.fields["password1"], self.fields["password2"]
        first.help_text = "At least 12 characters. Three or four words that only you would put together are good."
        second.help_text = ""
        for field in (first, second):
            field.widget.attrs["class"] = "form-control"
            field.error_messages["required"] = "Enter the password here."
        self.error_messages = {**self.error_messages, "password_mismatch": "The two passwords are not the same."}

    def clean_dfe(self) -> str:
        said = str(self.cleaned_data["dfe"])
        digits = re.sub(r"[\s/-]", "", said)
        if not re.fullmatch(r"[0-9]{7}", digits):
            raise forms.ValidationError(f"“{said}” is not a DfE number. Right would be seven digits, such as 823 1234.")
        return digits

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(get_user_model()(email=self.cleaned_data.get("email", "")))
        return self.cleaned_data

    def school(self) -> NewSchool:
        """What was typed, once the form is valid."""
        said = self.cleaned_data
        return NewSchool(
            name=said["name"],
            dfe=said["dfe"],
            framework=said["framework"],
            administrator=said["administrator"],
            email=said["email"],
            password=said["password1"],
        )
