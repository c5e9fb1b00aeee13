"""Days in words: in full where a sentence has room, short where a table has many. Months are named in English."""

from datetime import date

__all__ = ["day_words", "short_day"]

_UNBROKEN = "\N{NO-BREAK SPACE}"


def day_words(day: date) -> str:
    """A day in a sentence: 4 December 2024."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """A day in a table: 4 Dec 2024, on one line."""
    return f"{day.day}{_UNBROKEN}{day:%b}{_UNBROKEN}{day:%Y}"
