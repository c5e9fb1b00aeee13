"""Is the database sound: its version, how it writes, its tables."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from headway.config.installation import database_url
from headway.services.installation import findings, require_up_to_date
from tests.school import NOW
from tests.services.installation.conftest import Unsound

((_, LATEST),) = MigrationLoader(None).graph.leaf_nodes("records")


def pragma(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")


def other_version(version: str) -> Callable[[], None]:
    """Makes SQLite say that it is another version."""

    def say() -> None:
        connection.ensure_connection()
        connection.connection.create_function("sqlite_version", 0, lambda: version)

    return say


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: pragma("synchronous=NORMAL"), "synchronous is 1. Right would be full."),
        (lambda: pragma("journal_mode=DELETE"), "journal mode is delete. Right would be wal."),
        (lambda: pragma("foreign_keys=OFF"), "foreign keys is 0. Right would be on."),
        (other_version("3.51.2"), "SQLite is 3.51.2. It can corrupt its journal; right would be 3.51.3 or later."),
        (other_version("3.40.1"), "SQLite is 3.40.1. It can corrupt its journal; right would be 3.51.3 or later."),
    ],
    ids=["synchronous", "journal", "foreign keys", "SQLite", "old SQLite"],
)
def test_it_says_what_is_not_sound_and_what_would_be_right(
    sound: Path, unsound: Unsound, spoil: Callable[[], None], said: str
) -> None:
    spoil()

    assert unsound() == [said]


@pytest.mark.parametrize("version", ["3.51.3", "3.50.7", "3.44.6", "3.52.0", "4.0.0"])
def test_it_knows_the_versions_that_are_mended(sound: Path, unsound: Unsound, version: str) -> None:
    other_version(version)()

    assert unsound() == []


def test_it_looks_at_the_audits_file_too(sound: Path, unsound: Unsound) -> None:
    with connections["audit"].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")

    assert unsound() == ["journal mode of the audit is delete. Right would be wal."]


def test_it_says_which_tables_are_behind(sound: Path, unsound: Unsound) -> None:
    MigrationRecorder(connection).record_unapplied("records", LATEST)

    assert unsound() == [f"The tables are behind: records {LATEST}. Right would be headway serve: it upgrades."]


def test_it_says_that_a_newer_version_has_been_at_them(sound: Path, unsound: Unsound) -> None:
    MigrationRecorder(connection).record_applied("records", "9999_from_the_future")

    assert unsound() == ["The data is from a newer Headway (9999_from_the_future). Right would be that version of it."]


@pytest.mark.postgresql
@pytest.mark.skipif(not database_url(), reason="on PostgreSQL alone")
def test_postgresql_is_15_or_later(db: None, unsound: Unsound) -> None:
    require_up_to_date()

    assert unsound() == []
    assert any(each.sentence.startswith("PostgreSQL is 1") for each in findings(now=NOW))
