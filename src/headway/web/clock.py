"""The time it is, in the school's own time zone: read here for every page, so that a page knows one moment only."""

from datetime import datetime

from django.utils import timezone

__all__ = ["now"]


def now() -> datetime:
    """This moment."""
    return timezone.localtime()
