"""Is this installation sound: its database, its settings, its files."""

import os
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

__all__ = [
    "Finding",
    "InstallationRefusedError",
    "bring_up_to_date",
    "findings",
    "is_up_to_date",
    "require_up_to_date",
]

_FIXED_IN = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


class InstallationRefusedError(Exception):
    """The installation cannot be used as it is; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    sound: bool
    sentence: str


def bring_up_to_date() -> None:
    """Makes or upgrades the tables; refuses data that a newer Headway has written."""
    _refuse_newer()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    _close_to_others()


def require_up_to_date() -> None:
    """Refuses where there is no data yet, or its tables are not this version's."""
    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        raise InstallationRefusedError(
            f"There is no school in {settings.DATA} yet. Make one with: headway init --name … --dfe … --framework …"
        )
    if not is_up_to_date():
        raise InstallationRefusedError("The data is from an older Headway. Right would be headway serve: it upgrades.")
    _refuse_newer()


def is_up_to_date() -> bool:
    """Whether no step of this version's tables is missing; refuses a database that cannot be read."""
    try:
        return not _pending()
    except DatabaseError as error:
        raise InstallationRefusedError(f"The database cannot be read: {error}") from error


def findings() -> Sequence[Finding]:
    """Everything looked at, sound or not."""
    found = [_migrations()]
    if connection.vendor == "sqlite":
        found += [_sqlite_version(), *_sqlite_settings(), _permissions(), _disk()]
    else:
        found.append(_postgresql_version())
    return found


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    return [f"{step.app_label} {step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _refuse_newer() -> None:
    executor = MigrationExecutor(connection)
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    ours = sorted(name for app, name in unknown if app == "records")
    if ours:
        said = f"The data is from a newer Headway ({ours[-1]})"
        raise InstallationRefusedError(f"{said}. Right would be that version or a later one.")


def _close_to_others() -> None:
    """A data folder made by anybody's hand ends up readable by its owner alone."""
    if os.name == "posix" and connection.vendor == "sqlite":
        settings.DATA.chmod(0o700)
        for file in settings.DATA.glob("headway.sqlite3*"):
            file.chmod(0o600)


def _migrations() -> Finding:
    pending = _pending()
    said = f"The tables are behind: {', '.join(pending)}." if pending else "The tables are this version's."
    return Finding(not pending, said)


def _sqlite_version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        (version,) = cursor.fetchone()
    major, minor, patch = (int(part) for part in version.split("."))
    fixed = (major, minor) > (3, 51) or patch >= _FIXED_IN.get((major, minor), 10**6)
    said = f"SQLite is {version}."
    return Finding(fixed, said if fixed else f"{said} It can corrupt its journal; right would be 3.51.3 or later.")


def _sqlite_settings() -> Sequence[Finding]:
    wanted = {"journal_mode": ("wal", "wal"), "synchronous": (2, "full"), "foreign_keys": (1, "on")}
    found = []
    with connection.cursor() as cursor:
        for name, (value, words) in wanted.items():
            cursor.execute(f"PRAGMA {name}")
            (standing,) = cursor.fetchone()
            said = f"{name.replace('_', ' ')} is {words if standing == value else standing}."
            found.append(Finding(standing == value, said if standing == value else f"{said} Right would be {words}."))
    return found


def _permissions() -> Finding:
    if os.name != "posix":
        return Finding(True, "Who may read the data folder is Windows' to say.")
    open_to = [
        path.name
        for path in (settings.DATA, settings.DATA / "secret.key", Path(str(settings.DATABASES["default"]["NAME"])))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to:
        return Finding(False, f"Others on this machine can read {', '.join(open_to)}. Right would be its owner alone.")
    return Finding(True, "Only its owner can read the data.")


def _disk() -> Finding:
    size = Path(str(settings.DATABASES["default"]["NAME"])).stat().st_size
    free = shutil.disk_usage(settings.DATA).free
    said = f"{free // 2**20:,} MB of disk are free; the data takes {size // 2**20:,} MB."
    return Finding(free > 2 * size, said if free > 2 * size else f"{said} Right would be twice the data at least.")


def _postgresql_version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        (number,) = cursor.fetchone()
    said = f"PostgreSQL is {int(number) // 10000}."
    return Finding(int(number) >= 150000, said if int(number) >= 150000 else f"{said} Right would be 15 or later.")
