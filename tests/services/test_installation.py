"""Is an installation sound: made, upgraded, refused, and everything that is looked at."""

import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from headway.config.installation import database_url
from headway.services.installation import (
    InstallationRefusedError,
    bring_up_to_date,
    findings,
    is_up_to_date,
    require_up_to_date,
)
from tests.data_folder import at_work_on, make_tables

Usage = namedtuple("Usage", "total used free")
((_, LATEST),) = MigrationLoader(None).graph.leaf_nodes("records")


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder that is not there yet, and this process at work on it."""
    with at_work_on(tmp_path / "data", unblocked=request) as folder:
        yield folder


@pytest.fixture
def sound(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder with its tables."""
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request) as folder:
        yield folder


def unsound() -> Sequence[str]:
    return [each.sentence for each in findings() if not each.sound]


def pragma(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")


def other_version(version: str) -> Callable[[], None]:
    """Makes SQLite say that it is another version."""

    def say() -> None:
        connection.ensure_connection()
        connection.connection.create_function("sqlite_version", 0, lambda: version)

    return say


class TestBringUpToDate:
    def test_it_makes_the_tables_and_closes_the_folder_to_others(self, folder: Path) -> None:
        folder.chmod(0o755)
        assert not is_up_to_date()

        bring_up_to_date()

        assert is_up_to_date()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.glob("headway.sqlite3*")} == {0o600}

    def test_once_more_changes_nothing(self, sound: Path) -> None:
        before = MigrationRecorder(connection).applied_migrations().keys()

        bring_up_to_date()

        assert MigrationRecorder(connection).applied_migrations().keys() == before

    def test_it_refuses_data_of_a_newer_version(self, sound: Path) -> None:
        MigrationRecorder(connection).record_applied("records", "9999_from_the_future")

        for act in (bring_up_to_date, require_up_to_date):
            with pytest.raises(InstallationRefusedError, match=r"newer Headway \(9999_from_the_future\)"):
                act()

    def test_it_leaves_alone_what_another_app_once_wrote(self, sound: Path) -> None:
        MigrationRecorder(connection).record_applied("gone", "0001_initial")

        require_up_to_date()


class TestRequireUpToDate:
    def test_it_refuses_a_folder_without_data_and_makes_none(self, folder: Path) -> None:
        with pytest.raises(InstallationRefusedError, match=r"There is no school in .* yet"):
            require_up_to_date()

        assert not (folder / "headway.sqlite3").exists()

    def test_it_refuses_data_of_an_older_version(self, sound: Path) -> None:
        MigrationRecorder(connection).record_unapplied("records", LATEST)

        with pytest.raises(InstallationRefusedError, match="older Headway"):
            require_up_to_date()

    def test_it_refuses_what_is_no_database(self, sound: Path) -> None:
        connection.close()
        (sound / "headway.sqlite3").write_bytes(b"nothing of the kind" * 99)

        with pytest.raises(InstallationRefusedError, match="cannot be read"):
            require_up_to_date()


class TestFindings:
    def test_a_sound_installation_has_only_sound_findings(self, sound: Path) -> None:
        assert unsound() == []
        assert len(findings()) == 7

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
        self, sound: Path, spoil: Callable[[], None], said: str
    ) -> None:
        spoil()

        assert unsound() == [said]

    @pytest.mark.parametrize("version", ["3.51.3", "3.50.7", "3.44.6", "3.52.0", "4.0.0"])
    def test_it_knows_the_versions_that_are_mended(self, sound: Path, version: str) -> None:
        other_version(version)()

        assert unsound() == []

    @pytest.mark.parametrize("name", ["", "secret.key", "headway.sqlite3"])
    @pytest.mark.parametrize("mode", [0o710, 0o704, 0o640])
    def test_it_names_what_others_can_read(self, sound: Path, name: str, mode: int) -> None:
        if name == "" and mode == 0o640:
            mode = 0o740
        (sound / name).chmod(mode)

        said = f"Others on this machine can read {name or 'data'}. Right would be its owner alone."
        assert unsound() == [said]

    def test_it_wants_room_for_the_data_twice(self, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        size = (sound / "headway.sqlite3").stat().st_size
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, size))

        (said,) = unsound()
        assert said.endswith("Right would be twice the data at least.")

    def test_it_says_which_tables_are_behind(self, sound: Path) -> None:
        MigrationRecorder(connection).record_unapplied("records", LATEST)

        assert unsound() == [f"The tables are behind: records {LATEST}."]


@pytest.mark.postgresql
@pytest.mark.skipif(not database_url(), reason="on PostgreSQL alone")
def test_postgresql_is_15_or_later(db: None) -> None:
    require_up_to_date()

    assert unsound() == []
    assert any(each.sentence.startswith("PostgreSQL is 1") for each in findings())
