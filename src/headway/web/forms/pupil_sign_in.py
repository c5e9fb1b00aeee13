"""A pupil at the door: the sign-in name, then three words or three pictures."""

from collections.abc import Sequence
from typing import Any

from django import forms

from headway.domain.families import PICTURES, SECRET_LENGTH, kind_of_name, one_spelling

__all__ = ["NameForm", "WordsForm", "pictures_chosen"]

_PLAINLY = {"class": "form-control", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class NameForm(forms.Form):
    """The sign-in name of a card."""

    name = forms.CharField(
        label="Your sign-in name",
        help_text="It is on your card: two words and a number.",
        max_length=60,
        widget=forms.TextInput(attrs={**_PLAINLY, "autofocus": True}),
        error_messages={"required": "Type the sign-in name that is on your card."},
    )

    use_required_attribute = False

    def clean_name(self) -> str:
        return one_spelling(self.cleaned_data["name"])

    @property
    def kind(self) -> str:
        """What is asked for next, once the form is valid: the name itself says so."""
        return kind_of_name(self.cleaned_data["name"])


class WordsForm(forms.Form):
    """The three words of a card, in their order."""

    words = forms.CharField(
        label="Your three words",
        help_text="Type them in the same order as on your card.",
        max_length=80,
        widget=forms.TextInput(attrs={**_PLAINLY, "autofocus": True}),
        error_messages={"required": "Type the three words that are on your card."},
    )

    use_required_attribute = False


def pictures_chosen(sent: Sequence[Any]) -> Sequence[str]:
    """The pictures chosen so far, as the form carries them; what is no picture begins again."""
    chosen = [str(each) for each in sent]
    return chosen[:SECRET_LENGTH] if all(each in PICTURES for each in chosen) else []
