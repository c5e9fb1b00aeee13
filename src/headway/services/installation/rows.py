"""Everything that is looked at to say whether an installation is sound: `headway check` says it all, one row a line.

A row is a function of the moment that yields findings. What must hold for a server to start says so here too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.services.installation import copies, database, files, protections, record
from headway.services.installation.finding import Finding, InstallationRefusedError

__all__ = ["ROWS", "Row", "findings", "require_sound"]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to look at, and whether a server may start where it is not sound."""

    look: Callable[[datetime], Iterable[Finding]]
    at_start: bool = True


ROWS: Sequence[Row] = (
    Row(database.tables, at_start=False),  # a server upgrades them, or has refused already
    Row(database.engine),
    Row(database.ways_of_writing),
    Row(files.place),
    Row(files.owners_alone),
    Row(files.room),
    Row(protections.secret),
    Row(protections.addresses),
    Row(protections.https),
    Row(protections.passwords),
    Row(protections.made_up_apart),
    Row(record.record_of_looking, at_start=False),  # it takes its time, and a page of its own says it too
    Row(copies.backups, at_start=False),  # a server that does not start takes none either
    Row(protections.django_itself, at_start=False),  # of our own settings, which a test holds to it
)
"""In the order they are said in."""


def findings(*, now: datetime) -> Sequence[Finding]:
    """Everything looked at, sound or not."""
    return [found for row in ROWS for found in row.look(now)]


def require_sound(*, now: datetime) -> None:
    """Refuses to start a server on an installation that would lose or give away what is kept in it."""
    found = [found for row in ROWS if row.at_start for found in row.look(now)]
    if wrong := [each.sentence for each in found if not each.sound]:
        said = "This installation is not sound, so it is not served. headway check says all that was looked at."
        raise InstallationRefusedError("\n".join([*wrong, said]))
