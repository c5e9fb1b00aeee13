"""Signing in, and choosing a password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError

from headway.web import attempts, clock

__all__ = ["ChoosePasswordForm", "SignInForm"]

_WRONG = (
    "That e-mail address and password do not go together. Check both and try again. If you have forgotten your "
    "password, ask your school's assessment manager for a new link."
)


class SignInForm(AuthenticationForm):
    """E-mail address and password; the same answer whatever was wrong, and not too many tries."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "class": "form-control"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address: a name, @, a place.",
        },
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "form-control"}),
        error_messages={"required": "Enter your password."},
    )
    error_messages = {"invalid_login": _WRONG, "inactive": _WRONG}  # noqa: RUF012  # as Django's own form has it
    too_many = False

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).casefold()

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username")
        if not email or not self.cleaned_data.get("password"):
            return self.cleaned_data
        address = str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""
        now = clock.now()
        wait = attempts.minutes_to_wait(email, address=address, now=now)
        if wait:
            self.too_many = True
            minutes = "1 minute" if wait == 1 else f"{wait} minutes"
            raise ValidationError(
                f"There have been too many tries with this e-mail address from here. Try again in {minutes}."
            )
        attempts.note_attempt(email, address=address, now=now)
        cleaned = super().clean()
        attempts.forget(email, address=address)
        return cleaned


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic for the checker only
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "New password", "New password, again"
        first.help_text = "At least 12 characters. Three or four words that only you would put together are good."
        second.help_text = ""
        for field in (first, second):
            field.widget.attrs["class"] = "form-control"
            field.error_messages["required"] = "Enter the new password here."
        self.error_messages = {**self.error_messages, "password_mismatch": "The two passwords are not the same."}
