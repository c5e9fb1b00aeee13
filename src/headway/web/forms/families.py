"""What is typed about families: a reason, what is released from which day, whose cards are made."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from headway.domain.families import PASSWORD_KINDS
from headway.services.families.releases import Cell

__all__ = ["CardsForm", "ReasonForm", "ReleaseForm"]

_LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why something is done to a contact; kept in its history."""

    why = forms.CharField(
        label="Reason",
        help_text="It stays in the history.",
        max_length=_LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": "Enter the reason, in a few words."},
    )

    use_required_attribute = False


class ReleaseForm(forms.Form):
    """The ticked boxes of the table, and the day from which they are shown."""

    starts = forms.DateField(
        label="Shown from",
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a day, such as 18/12/2026.", "required": "Enter the day it is shown from."},
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    use_required_attribute = False

    def __init__(self, *args: Any, chosen: Sequence[str] = (), year_groups: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen, self._year_groups = chosen, year_groups

    @property
    def ticked(self) -> Sequence[str]:
        """The values of the boxes that were ticked, to tick them again."""
        return self._chosen

    def cells(self) -> Sequence[Cell]:
        """The cells that were chosen one by one, or by a whole column; what is no cell is left out."""
        found: dict[Cell, None] = {}
        for value in self._chosen:
            term, _, rest = value.partition("|")
            group, _, audience = rest.partition("|")
            groups = self._year_groups if group == "all" else [_number(group)]
            found.update({Cell(term, each, audience): None for each in groups if each is not None})
        return list(found)

    @property
    def starts_on(self) -> date:
        day: date = self.cleaned_data["starts"]
        return day


class CardsForm(forms.Form):
    """Whose cards are made, and what they sign in with."""

    kind = forms.ChoiceField(
        label="They sign in with",
        choices=[("words", "Three words"), ("pictures", "Three pictures")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose words or pictures.", "invalid_choice": "Choose words or pictures."},
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, chosen: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen = chosen

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        assert kind in PASSWORD_KINDS
        return kind

    def pupils(self) -> Sequence[UUID]:
        """The pupils whose boxes were ticked; what is no id is left out."""
        return [uid for value in self._chosen if (uid := _uid(value))]


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() and len(text) <= 3 else None


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
