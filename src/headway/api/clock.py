"""The time it is, in the school's own time zone: read here once for every request."""

from datetime import datetime

from django.utils import timezone

__all__ = ["now"]


def now() -> datetime:
    """This moment."""
    return timezone.localtime()
