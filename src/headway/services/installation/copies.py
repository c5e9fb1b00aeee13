"""When a backup was last taken, as far as `headway backup` knows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from headway.services.installation.finding import Finding

__all__ = ["backups", "remember_backup"]

_OLDEST = timedelta(days=7)


def remember_backup(at: datetime) -> None:
    """Keeps the moment of a backup beside the data."""
    _kept().write_text(at.isoformat(timespec="seconds"), "ascii")


def backups(now: datetime) -> Iterator[Finding]:
    """The last one is not older than a week."""
    try:
        taken = datetime.fromisoformat(_kept().read_text("ascii"))
    except (OSError, ValueError):
        yield Finding(True, "No backup is known yet. headway backup FILE takes one, while people work.")
        return
    said = f"The last backup known is of {taken.day} {taken:%B %Y}."
    right = "Right would be one every school day, kept on another device: headway backup FILE."
    recent = now - taken <= _OLDEST
    yield Finding(recent, said if recent else f"{said} {right}")


def _kept() -> Path:
    return Path(settings.DATA) / "last-backup.txt"
