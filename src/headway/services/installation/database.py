"""Is the database sound: its version, how it writes, whether its tables are this version's."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, connections

from headway.services.installation.finding import Finding
from headway.services.installation.tables import pending, unknown

__all__ = ["engine", "tables", "ways_of_writing"]

_FIXED_IN = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
_WANTED = {"journal_mode": ("wal", "wal"), "synchronous": (2, "full"), "foreign_keys": (1, "on")}
_LOOKS = {"synchronous": (1, "normal")}
"""The record of looking is written with every page: a power cut may take its last second, a clean stop nothing."""


def tables(now: datetime) -> Iterator[Finding]:
    """Nothing is missing from the tables, and no newer version has been at them."""
    if newer := unknown():
        yield Finding(False, f"The data is from a newer Headway ({newer[-1]}). Right would be that version of it.")
    if missing := pending():
        yield Finding(False, f"The tables are behind: {', '.join(missing)}. Right would be headway serve: it upgrades.")
    if not (newer or missing):
        yield Finding(True, "The tables are this version's.")


def engine(now: datetime) -> Iterator[Finding]:
    """A version that loses nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            yield _sqlite(*cursor.fetchone())
        else:
            cursor.execute("SHOW server_version_num")
            yield _postgresql(*cursor.fetchone())


def ways_of_writing(now: datetime) -> Iterator[Finding]:
    """What is acknowledged is on the disk, and no row points at nothing (SQLite; PostgreSQL's own way is right)."""
    for each in connections.all():
        if each.vendor != "sqlite":
            continue
        whose = "" if each.alias == "default" else f" of the {each.alias}"
        wanted = _WANTED if each.alias == "default" else _WANTED | _LOOKS
        with each.cursor() as cursor:
            for name, (value, words) in wanted.items():
                cursor.execute(f"PRAGMA {name}")
                (standing,) = cursor.fetchone()
                said = f"{name.replace('_', ' ')}{whose} is {words if standing == value else standing}."
                yield Finding(standing == value, said if standing == value else f"{said} Right would be {words}.")


def _sqlite(version: str) -> Finding:
    major, minor, patch = (int(part) for part in version.split("."))
    fixed = (major, minor) > (3, 51) or patch >= _FIXED_IN.get((major, minor), 10**6)
    said = f"SQLite is {version}."
    return Finding(fixed, said if fixed else f"{said} It can corrupt its journal; right would be 3.51.3 or later.")


def _postgresql(number: str) -> Finding:
    said = f"PostgreSQL is {int(number) // 10000}."
    return Finding(int(number) >= 150000, said if int(number) >= 150000 else f"{said} Right would be 15 or later.")
