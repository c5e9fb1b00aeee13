"""What a token lets a program do, and for how long. Knows nobody and stores nothing."""

from collections.abc import Mapping
from datetime import date, timedelta

__all__ = ["LONGEST_DAYS", "SCOPES", "latest_end"]

SCOPES: Mapping[str, str] = {
    "read": "look up the school, its subjects, classes, groups and pupils, and the marks of a term",
    "export": "take out the marks of all terms at once",
}
"""What can be allowed to a token, in words; never more than its owner may do."""

LONGEST_DAYS = 365


def latest_end(today: date) -> date:
    """The latest day on which a token made today may still work.

    >>> latest_end(date(2026, 11, 23))
    datetime.date(2027, 11, 23)
    """
    return today + timedelta(days=LONGEST_DAYS)
