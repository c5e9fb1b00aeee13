"""What looking at an installation gives: sentences, each sound or not."""

from dataclasses import dataclass

__all__ = ["Finding", "InstallationRefusedError"]


class InstallationRefusedError(Exception):
    """The installation cannot be used as it is; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; where it is not sound, the sentence says what would be right."""

    sound: bool
    sentence: str
