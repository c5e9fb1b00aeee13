"""A consistent copy of everything while people work; restored only after it has been verified."""

import os
import shutil
import sqlite3
import subprocess
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

from headway.records.stores import AUDIT
from headway.services.backup_parts import put_audit_in, take_audit_out

__all__ = ["BackupRefusedError", "Verified", "back_up", "restore", "verify"]


_RIGHT = "Right would be a file that headway backup made."
_IN_USE = b"\x02\x02"  # what the header of a database says that keeps a journal beside it; a backup never does
_MOMENTARY = ("django_session", "headway_cache")  # who is signed in, and how often somebody has tried
_SEAL = 60  # where SQLite's header leaves four bytes to whoever made the file: the checksum of all the others


class BackupRefusedError(Exception):
    """A copy cannot be taken, read or put back; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a backup holds, read back from it; ``steps`` are those that have made its tables what they are."""

    n_tables: int
    n_rows: int
    n_schools: int
    steps: frozenset[str]


def back_up(to: Path) -> Verified:
    """Takes a copy as of this moment and reads it back. Refuses to write over a file."""
    if to.exists():
        raise BackupRefusedError(f"{to} is there already. Right would be a new file name.")
    if not to.parent.is_dir():
        raise BackupRefusedError(f"There is no folder {to.parent}. Right would be one that exists.")
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        if connection.vendor == "sqlite":
            _copy_whole(part)
        else:
            _dump(part)
        _sync(part)
        verified = verify(part)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return verified


def verify(file: Path) -> Verified:
    """Opens a backup on its own, checks it whole and counts what it holds."""
    with file.open("rb") as opened:
        begins = opened.read(20)
    if begins.startswith(b"PGDMP"):
        return _verify_dump(file)
    if not begins.startswith(b"SQLite format 3"):
        raise BackupRefusedError(f"{file} is not a backup of Headway. {_RIGHT}")
    if begins[18:20] == _IN_USE:
        raise BackupRefusedError(f"{file} is the database itself, copied; it may lack what was saved last. {_RIGHT}")
    if _checksum(file) != _sealed_with(file):
        raise BackupRefusedError(f"{file} is damaged, or headway backup did not make it. Right would be another one.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            return _verify_copy(copy, file)
    except sqlite3.DatabaseError as error:
        raise BackupRefusedError(f"{file} is damaged ({error}). Right would be an older backup.") from error


def restore(file: Path) -> Verified:
    """Puts a verified backup in the place of the data, keeping what was there beside it."""
    verified = verify(file)
    if newer := verified.steps - _our_steps():
        raise BackupRefusedError(f"{file} is from a newer Headway ({max(newer)}). Right would be that version of it.")
    with file.open("rb") as opened:
        from_postgres = opened.read(5) == b"PGDMP"
    if from_postgres and connection.vendor == "sqlite":
        raise BackupRefusedError(f"{file} is a copy from PostgreSQL, and this installation is on SQLite.")
    if not from_postgres and connection.vendor != "sqlite":
        raise BackupRefusedError(f"{file} is a copy from SQLite, and this installation is on PostgreSQL.")
    if from_postgres:
        _restore_dump(file)
    else:
        _restore_copy(file)
    return verified


def _restore_copy(file: Path) -> None:
    data, audit = _file_of(DEFAULT_DB_ALIAS), _file_of(AUDIT)
    data.parent.mkdir(parents=True, exist_ok=True)
    fresh, fresh_audit = (each.with_name(each.name + ".restoring") for each in (data, audit))
    fresh_audit.unlink(missing_ok=True)
    _copy(file, fresh)
    take_audit_out(fresh, fresh_audit)
    for each in (fresh, fresh_audit):
        if each.exists():
            _sync(each)
    if data.exists():
        _keep(data, audit)
    connections.close_all()
    for each in (data, audit):
        for left in ("-wal", "-shm"):
            each.with_name(each.name + left).unlink(missing_ok=True)
    if fresh_audit.exists():
        fresh_audit.replace(audit)
    else:
        audit.unlink(missing_ok=True)
    fresh.replace(data)


def _file_of(alias: str) -> Path:
    return Path(str(settings.DATABASES[alias]["NAME"]))


def _keep(data: Path, audit: Path) -> None:
    """What stood before a restore stays beside it as one whole file; one too damaged for that, byte for byte."""
    kept = _free_name(data)
    try:
        kept.touch(mode=0o600)
        _copy_whole(kept)
        _sync(kept)
    except DatabaseError:
        for end in ("", "-wal", "-shm"):
            for source, name in ((data, kept.name), (audit, kept.name.replace(data.name, audit.name, 1))):
                before = source.with_name(source.name + end)
                if before.exists():
                    _copy(before, kept.with_name(name + end))


def _copy_whole(to: Path) -> None:
    """SQLite's own consistent copy of the school with the audit inside it, sealed.

    The audit is copied first: it then tells of no change that is not in the copy, and what it does not tell of yet is
    brought into it later.
    """
    audit = to.with_name(to.name + ".audit")
    audit.unlink(missing_ok=True)
    try:
        audit.touch(mode=0o600)
        _vacuum(AUDIT, audit)
        _vacuum(DEFAULT_DB_ALIAS, to)
        _sign_out(to)
        put_audit_in(to, audit)
    finally:
        audit.unlink(missing_ok=True)
    _seal(to)


def _sign_out(copy: Path) -> None:
    """Leaves nobody signed in: whoever finds a backup finds no session to go on with, and a restore opens none."""
    with closing(sqlite3.connect(copy)) as opened, opened:
        opened.execute("PRAGMA secure_delete = ON")
        for name in _MOMENTARY:
            if opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone():
                opened.execute(f"DELETE FROM {name}")  # noqa: S608  # nosec B608


def _vacuum(alias: str, to: Path) -> None:
    """By Django's connection: the tables' rules need the functions it brings."""
    with connections[alias].cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(to)])


def _seal(to: Path) -> None:
    with to.open("rb+") as opened:
        seal = _checksum(to)
        opened.seek(_SEAL)
        opened.write(seal)


def _checksum(file: Path) -> bytes:
    """The checksum of a file without its seal. SQLite's own check misses nine bits of ten that are flipped."""
    with file.open("rb") as opened:
        begins = opened.read(_SEAL)
        opened.seek(_SEAL + 4)
        found = zlib.crc32(begins)
        while some := opened.read(2**20):
            found = zlib.crc32(some, found)
    return found.to_bytes(4, "big")


def _sealed_with(file: Path) -> bytes:
    with file.open("rb") as opened:
        opened.seek(_SEAL)
        return opened.read(4)


def _restore_dump(file: Path) -> None:
    kept = _free_name(settings.DATA / "headway.pgdump")
    kept.touch(mode=0o600)
    _dump(kept)
    connection.close()
    _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", file)


def _dump(to: Path) -> None:
    left_out = [f"--exclude-table-data={name}" for name in _MOMENTARY]
    _postgres("pg_dump", "--format=custom", "--no-owner", *left_out, f"--file={to}")


def _free_name(data: Path) -> Path:
    """A name beside the data that no earlier restore has taken."""
    wanted, number = data.with_name(data.name + ".before-restore"), 2
    while wanted.exists():
        wanted, number = data.with_name(f"{data.name}.before-restore-{number}"), number + 1
    return wanted


def _copy(source: Path, to: Path) -> None:
    """Bytes into a file that is its owner's alone."""
    to.unlink(missing_ok=True)
    to.touch(mode=0o600)
    shutil.copyfile(source, to)
    _sync(to)


def _sync(file: Path) -> None:
    """What was written is on the disk."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _our_steps() -> frozenset[str]:
    """The steps by which this version makes its tables."""
    return frozenset(name for app, name in MigrationLoader(None).disk_migrations if app == "records")


def _verify_copy(copy: sqlite3.Connection, file: Path) -> Verified:
    (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    if said != "ok" or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise BackupRefusedError(f"{file} is damaged. Right would be an older backup.")
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "records_school" not in tables:
        raise BackupRefusedError(f"{file} is not a backup of Headway. {_RIGHT}")
    counts = {name: _count(copy, name) for name in tables}
    steps = copy.execute("SELECT name FROM django_migrations WHERE app = 'records'")
    made_by = frozenset(name for (name,) in steps)
    return Verified(len(tables), sum(counts.values()), counts["records_school"], made_by)


def _count(copy: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    (n_rows,) = copy.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608  # nosec B608
    return int(n_rows)


def _verify_dump(file: Path) -> Verified:
    listing = _postgres("pg_restore", "--list", file, connect=False)
    tables = sum(" TABLE DATA " in line for line in listing.splitlines())
    script = _postgres("pg_restore", "--data-only", "--file=-", file, connect=False)
    counts: dict[str, int] = {}
    steps: list[str] = []
    table = ""
    for line in script.split("\n"):
        if not table and line.startswith("COPY "):
            table = line.split()[1].rpartition(".")[2]
            counts[table] = 0
        elif line == "\\.":
            table = ""
        elif table:
            counts[table] += 1
            if table == "django_migrations":
                steps.append(line)
    if "records_school" not in counts:
        raise BackupRefusedError(f"{file} is not a backup of Headway. {_RIGHT}")
    ours = (line.split("\t")[1:3] for line in steps)
    made_by = frozenset(name for app, name in ours if app == "records")
    return Verified(tables, sum(counts.values()), counts["records_school"], made_by)


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
