"""The installation's tables: made, upgraded, refused."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from headway.services.installation import (
    InstallationRefusedError,
    bring_up_to_date,
    is_up_to_date,
    require_up_to_date,
)

((_, LATEST),) = MigrationLoader(None).graph.leaf_nodes("records")


class TestBringUpToDate:
    def test_it_makes_the_tables_and_closes_the_folder_to_others(self, folder: Path) -> None:
        folder.chmod(0o755)
        assert not is_up_to_date()

        bring_up_to_date()

        assert is_up_to_date()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.glob("*.sqlite3*")} == {0o600}

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
