"""Signing in, choosing a password, and the code of a second step."""

import logging
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from headway.services import audit
from headway.services.sign_in.attempts import take_back
from headway.services.sign_in.locking import LONGEST, SHORTEST
from headway.services.sign_in.passwords import AnyUser, account_of, is_password_of
from headway.web import clock
from headway.web.entrance import too_many, try_at

__all__ = ["ChangePasswordForm", "ChoosePasswordForm", "CodeForm", "IdleForm", "SignInForm"]

_WRONG = (
    "That e-mail address and password do not go together. Check both and try again. If you have forgotten your "
    "password, ask your school's assessment manager for a new link."
)
_log = logging.getLogger("headway.sign_in")


class SignInForm(forms.Form):
    """E-mail address and password; the same answer whatever was wrong, and not too many tries."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "class": "form-control"}),
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
    user: AnyUser
    wait_seconds = 0
    status = 200

    def __init__(self, request: HttpRequest, data: Any) -> None:
        super().__init__(data)
        self.request = request

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).casefold()

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not email or not password:
            return self.cleaned_data
        tried = try_at(self.request, email, purpose="password")
        if not tried.allowed:
            self.status, self.wait_seconds = 429, 60 * tried.minutes_to_wait
            raise ValidationError(too_many(tried.minutes_to_wait))
        user = account_of(email, password)
        if user is None:
            _log.warning("a sign-in was refused, from %s", self.request.META.get("REMOTE_ADDR", ""))
            audit.note_failed_sign_in(email, now=clock.now())
            raise ValidationError(_WRONG)
        take_back(tried)
        self.user = user
        return self.cleaned_data


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


class ChangePasswordForm(ChoosePasswordForm):
    """A new password, twice, in the place of the old one."""

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data["new_password1"])
        if is_password_of(self.user, password):
            raise ValidationError("This is your password already. Choose another.")
        return password


class CodeForm(forms.Form):
    """The code a code app shows, to prove that it is set up."""

    code = forms.CharField(
        label="The six digits your app shows now",
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Enter the six digits your app shows."},
    )


class IdleForm(forms.Form):
    """After how many minutes without anybody there pages are locked."""

    minutes = forms.IntegerField(
        label="Minutes",
        min_value=SHORTEST,
        max_value=LONGEST,
        help_text=f"From {SHORTEST} to {LONGEST}. 15 is usual where children pass by.",
        widget=forms.NumberInput(attrs={"class": "form-control narrow"}),
        error_messages={
            "required": "Enter a number of minutes.",
            "invalid": "Enter a whole number of minutes.",
            "min_value": f"{SHORTEST} minutes are the fewest.",
            "max_value": f"{LONGEST} minutes are the most.",
        },
    )
