"""A choice among many: the fields of forms and their templates take twenty milliseconds for two hundred classes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from headway.domain.cuts import listed

__all__ = ["Offers", "QuickChoiceField", "QuickSelect"]

Offers: TypeAlias = Sequence[tuple[str, "str | Offers"]]
"""Values with their words; or the words of a part with its values."""

_MOST_SAID = 12
_quickly_escaped = lru_cache(maxsize=4096)(escape)


class QuickSelect(forms.Widget):
    """A select, written in one piece."""

    offers: Offers = ()

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The select with its options; every text and value in it is escaped."""
        said = {"name": name, "class": "form-select", **self.build_attrs(self.attrs, dict(attrs or {}))}
        attributes = "".join(f' {key}="{escape(str(each))}"' for key, each in said.items())
        options = "".join(_options(self.offers, str(value or "")))
        return SafeString(f"<select{attributes}>{options}</select>")  # nosec B703  # escaped, each part


class QuickChoiceField(forms.CharField):
    """One of the values that are offered; what is not is refused with what would be right."""

    widget = QuickSelect

    def offer(self, offers: Offers) -> None:
        """Says what can be chosen."""
        self.offers = self.widget.offers = offers

    def validate(self, value: Any) -> None:
        """Refuses what is not offered."""
        if value not in {each for each, _ in _values(self.offers)}:
            words = [said for _, said in _values(self.offers)]
            given = value.partition(":")[2] or value  # a kind before it was chosen with it, not typed
            raise ValidationError(f"“{given}” is not among the choices. Right would be {_right(words)}.")


def _values(offers: Offers) -> Iterator[tuple[str, str]]:
    for value, words in offers:
        if isinstance(words, str):
            yield value, words
        else:
            yield from _values(words)


def _options(offers: Offers, chosen: str) -> Iterable[str]:
    for value, words in offers:
        if isinstance(words, str):
            selected = " selected" if value == chosen else ""
            yield f'<option value="{_quickly_escaped(value)}"{selected}>{_quickly_escaped(words)}</option>'
        else:
            yield f'<optgroup label="{escape(value)}">{"".join(_options(words, chosen))}</optgroup>'


def _right(words: Sequence[str]) -> str:
    """What would be right, as far as a sentence can hold it."""
    further = [f"{len(words) - _MOST_SAID} more"] if len(words) > _MOST_SAID + 1 else []
    return listed([*words[:_MOST_SAID], *further] if further else words, last="or")
