"""The audit's part of a backup: in SQLite's one file beside the school's tables, apart again when it is put back."""

import sqlite3
from contextlib import closing
from pathlib import Path

from headway.records.models import AuditEntry, AuditSet, AuditSetPupil

__all__ = ["has_audit", "put_audit_in", "take_audit_out"]

_TABLES = (AuditSet._meta.db_table, AuditSetPupil._meta.db_table, AuditEntry._meta.db_table)
_STEPS, _KEPT_STEPS = "django_migrations", "audit_migrations"
"""What made the tables: each database has its own, and in the one file the audit's goes by another name."""


def put_audit_in(file: Path, audit: Path) -> None:
    """Copies the audit's tables from a file of its own into a backup."""
    with closing(_attached(file, audit)) as both:
        _copy(both, "other", "main", {**{name: name for name in _TABLES}, _STEPS: _KEPT_STEPS})


def take_audit_out(file: Path, audit: Path) -> None:
    """Moves the audit's tables out of a backup's copy into a new file of their own; none where it has none."""
    if not has_audit(file):
        return
    audit.touch(mode=0o600)
    with closing(_attached(file, audit)) as both:
        _copy(both, "main", "other", {**{name: name for name in _TABLES}, _KEPT_STEPS: _STEPS})
        with both:
            for name in (_KEPT_STEPS, *reversed(_TABLES)):
                both.execute(f"DROP TABLE {name}")  # nosec B608


def has_audit(file: Path) -> bool:
    """Whether a backup holds the audit: those of before it had a file of its own do not."""
    with closing(sqlite3.connect(file)) as copy:
        found = copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [_KEPT_STEPS]).fetchone()
    return found is not None


def _attached(file: Path, other: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.execute("ATTACH DATABASE ? AS other", [str(other)])
    return connection


def _copy(both: sqlite3.Connection, source: str, to: str, names: dict[str, str]) -> None:
    """Tables with their rows and what speeds them up, each under its new name."""
    with both:
        for name, called in names.items():
            listing = f"SELECT type, sql FROM {source}.sqlite_master WHERE tbl_name = ? ORDER BY rowid"  # noqa: S608  # nosec B608
            made = both.execute(listing, [name])
            rules = [(kind, sql) for kind, sql in made.fetchall() if sql]
            table = next((sql for kind, sql in rules if kind == "table"), None)
            if table is None:  # the audit of an installation from before it had tables of its own
                continue
            both.execute(table.replace(f'CREATE TABLE "{name}"', f'CREATE TABLE {to}."{called}"', 1))
            both.execute(f'INSERT INTO {to}."{called}" SELECT * FROM {source}."{name}"')  # noqa: S608  # nosec B608
            for kind, sql in rules:
                if kind == "index":
                    before, _, index = sql.partition(' INDEX "')
                    both.execute(f'{before} INDEX {to}."{index}')
