"""A file sent in, and how to read it where it does not say so itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from headway.domain.questions import term_words
from headway.domain.terms import TermDates, academic_year_of, term_of_year
from headway.formats.kinds import KINDS
from headway.services.uploads import Reading
from headway.web.presenters.file_kinds import KIND_WORDS

__all__ = ["BACK_TO", "FileForm", "ReadingForm"]

BACK_TO = ("set-up",)
"""The pages a file may be sent from that are gone back to once it is applied, by the names of their addresses."""

_YEARS_BACK = 4


class FileForm(forms.Form):
    """One file, and the page it was sent from. What is in the file, our own readers find out."""

    file = forms.FileField(
        label="File", allow_empty_file=True, error_messages={"required": "Choose a file, or drop one on the field."}
    )
    kind = forms.ChoiceField(choices=[(name, name) for name in KINDS], required=False)
    back = forms.ChoiceField(choices=[(name, name) for name in BACK_TO], required=False)

    def reading(self) -> Reading:
        """How the page it was sent from wants it read, once the form is valid."""
        return Reading(kind=self.cleaned_data["kind"] or None, back=self.cleaned_data["back"] or None)


class ReadingForm(forms.Form):
    """What a file is and what time it speaks of, where its name, headers and rows leave that open."""

    kind = forms.ChoiceField(label="What it is", required=False)
    academic_year = forms.ChoiceField(label="Academic year", required=False)
    term = forms.ChoiceField(label="Term, where no row says", required=False)

    def __init__(self, given: Mapping[str, Any], *, terms: Sequence[TermDates], today: date) -> None:
        super().__init__(given, use_required_attribute=False)
        this_year = academic_year_of(today)
        years = [this_year.after(-back) for back in range(-1, _YEARS_BACK + 1)]
        begun = [term_of_year(year, n, terms=terms) for year in years for n in range(len(terms), 0, -1)]
        offers = {
            "kind": [("", "As its name or headers say"), *((name, words.capitalize()) for name, words in _KINDS)],
            "academic_year": [
                ("", f"This one, {this_year}"),
                *((year.code, year.code) for year in years if year != this_year),
            ],
            "term": [("", "As its rows say"), *((term.code, term_words(term.code).capitalize()) for term in begun)],
        }
        for name, choices in offers.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.widget.attrs["class"] = "form-select"

    def reading(self) -> Reading:
        """What was chosen, once the form is valid."""
        return Reading(**{name: value or None for name, value in self.cleaned_data.items()})


_KINDS = [(name, KIND_WORDS[name]) for name in KINDS]
