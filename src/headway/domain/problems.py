"""What is wrong with a document, gathered so that all of it is said at once, each with its place and what is right."""

import difflib
import json
from collections.abc import Collection, Mapping

from headway.domain.cuts import listed

__all__ = ["Problems", "nearest", "shown"]


class Problems:
    """The problems found so far, and the checks every part of a document shares."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, place: str, wrong: str, *, right: str) -> None:
        """Note one problem."""
        self.found.append(f"{place}: {wrong}. Right would be {right}.")

    def keys(self, document: Mapping[object, object], known: Collection[str], *, within: str = "") -> None:
        """Note every key that is not known, with the nearest that is."""
        for key in document:
            if key not in known:
                right = nearest(str(key), known) or listed(list(known), last="or")
                self.add(f"{within}{key}", "is not a part of a question", right=right)

    def text(self, value: object, *, place: str, right: str) -> str | None:
        """A text without outer spaces; None where there is none, or where it is wrong and so noted."""
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.add(place, f"{shown(value)} is not a text", right=right)
        return None

    def items(self, value: object, *, place: str, right: str) -> list[object]:
        """The items of a list, each once; none where there is no list."""
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.add(place, f"{shown(value)} is not a list", right=right)
            return []
        kept: list[object] = []
        for item in (each.strip() if isinstance(each, str) else each for each in value):
            if item in kept:
                self.add(place, f"{shown(item)} stands there twice", right="each once")
            else:
                kept.append(item)
        return kept

    def texts(self, value: object, *, place: str, right: str) -> tuple[str, ...]:
        """A list of texts, each once."""
        texts = []
        for item in self.items(value, place=place, right=right):
            if isinstance(item, str) and item:
                texts.append(item)
            else:
                self.add(place, f"{shown(item)} is not a text", right=right)
        return tuple(texts)


def nearest(text: str, known: Collection[str]) -> str | None:
    """The known word nearest to a text, if one is near.

    >>> nearest("subject", ["subjects", "term"]), nearest("colour", ["subjects", "term"])
    ('subjects', None)
    """
    found = difflib.get_close_matches(text.strip().casefold(), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def shown(value: object) -> str:
    """A value as a problem quotes it, cut short where it is long.

    >>> shown("5A"), shown(True), shown([1, 2])
    ("'5A'", 'true', '[1, 2]')
    """
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"
