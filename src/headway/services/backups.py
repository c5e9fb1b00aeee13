"""A consistent copy of everything while people work; restored only after it has been verified."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

__all__ = ["BackupRefusedError", "Verified", "back_up", "restore", "verify"]


class BackupRefusedError(Exception):
    """A copy cannot be taken, read or put back; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a backup holds, read back from it."""

    n_tables: int
    n_rows: int
    n_schools: int


def back_up(to: Path) -> Verified:
    """Takes a copy as of this moment and reads it back. Refuses to write over a file."""
    if to.exists():
        raise BackupRefusedError(f"{to} is there already. Right would be a new file name.")
    if not to.parent.is_dir():
        raise BackupRefusedError(f"There is no folder {to.parent}. Right would be one that exists.")
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(part)])
        else:
            _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        part.chmod(0o600)
        verified = verify(part)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return verified


def verify(file: Path) -> Verified:
    """Opens a backup on its own, checks it whole and counts what it holds."""
    with file.open("rb") as opened:
        magic = opened.read(16)
    if magic.startswith(b"PGDMP"):
        return _verify_dump(file)
    if not magic.startswith(b"SQLite format 3"):
        raise BackupRefusedError(f"{file} is not a backup of Headway. Right would be a file that headway backup made.")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            return _verify_copy(copy, file)
    except sqlite3.DatabaseError as error:
        raise BackupRefusedError(f"{file} is damaged ({error}). Right would be an older backup.") from error


def restore(file: Path) -> Verified:
    """Puts a verified backup in the place of the data, keeping what was there beside it."""
    verified = verify(file)
    if connection.vendor != "sqlite":
        with file.open("rb") as opened:
            if not opened.read(5).startswith(b"PGDMP"):
                raise BackupRefusedError(f"{file} is a copy from SQLite, and this installation is on PostgreSQL.")
        _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", file)
        return verified
    with file.open("rb") as opened:
        if opened.read(5).startswith(b"PGDMP"):
            raise BackupRefusedError(f"{file} is a copy from PostgreSQL, and this installation is on SQLite.")
    connection.close()
    data = Path(str(settings.DATABASES["default"]["NAME"]))
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh = data.with_name(data.name + ".restoring")
    shutil.copyfile(file, fresh)
    fresh.chmod(0o600)
    with fresh.open("rb+") as opened:
        os.fsync(opened.fileno())
    if data.exists():
        _keep(data)
    for left in ("-wal", "-shm"):
        data.with_name(data.name + left).unlink(missing_ok=True)
    fresh.replace(data)
    return verified


def _keep(data: Path) -> None:
    """What stood before a restore stays beside it as one whole file, journal and all."""
    kept = data.with_name(data.name + ".before-restore")
    kept.unlink(missing_ok=True)
    with closing(sqlite3.connect(data)) as standing:
        standing.execute("VACUUM INTO ?", [str(kept)])
    kept.chmod(0o600)


def _verify_copy(copy: sqlite3.Connection, file: Path) -> Verified:
    (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    if said != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise BackupRefusedError(f"{file} is damaged. Right would be an older backup.")
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "records_school" not in tables:
        raise BackupRefusedError(f"{file} is not a backup of Headway. Right would be a file that headway backup made.")
    counts = {name: _count(copy, name) for name in tables}
    return Verified(len(tables), sum(counts.values()), counts["records_school"])


def _count(copy: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    (n_rows,) = copy.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608  # a name from its own schema
    return int(n_rows)


def _verify_dump(file: Path) -> Verified:
    listing = _postgres("pg_restore", "--list", file, connect=False)
    tables = sum(" TABLE DATA " in line for line in listing.splitlines())
    script = _postgres("pg_restore", "--data-only", "--file=-", file, connect=False)
    rows, schools, inside, of_schools = 0, 0, False, False
    for line in script.splitlines():
        if line.startswith("COPY "):
            inside, of_schools = True, ".records_school " in line
        elif line == "\\.":
            inside = False
        elif inside:
            rows += 1
            schools += of_schools
    if not tables:
        raise BackupRefusedError(f"{file} holds no tables. Right would be an older backup.")
    return Verified(tables, rows, schools)


def _postgres(program: str, *arguments: str | Path, connect: bool = True) -> str:
    """Runs one of PostgreSQL's own programs on the installation's database, the password out of sight."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefusedError(f"{program} is not installed here. Right would be PostgreSQL's client programs.")
    own = settings.DATABASES["default"]
    environment = {**os.environ, "PGPASSWORD": str(own.get("PASSWORD") or "")}
    where: list[str] = []
    if connect:
        where = [f"--dbname={own['NAME']}", f"--host={own['HOST']}", f"--username={own['USER']}"]
        where += [f"--port={own['PORT']}"] if own["PORT"] else []
    command = [found, *where, *(str(argument) for argument in arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BackupRefusedError(f"{program} refused: {done.stderr.strip()[-500:]}")
    return done.stdout
