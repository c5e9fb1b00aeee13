"""A data folder of a test's own: Django works on its SQLite file in this very process, as a command would."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from headway.config.installation import secret_key
from headway.services.installation import bring_up_to_date

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": 600}
OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
_MADE: list[Path] = []


@contextmanager
def at_work_on(folder: Path, *, unblocked: pytest.FixtureRequest) -> Iterator[Path]:
    """Points the settings and every connection made from now on at a folder, for as long as it lasts."""
    folder.mkdir(mode=0o700, exist_ok=True)
    before = connections["default"]
    standing = deepcopy(settings.DATABASES["default"])
    own = {**deepcopy(before.settings_dict), **SQLITE, "OPTIONS": dict(OPTIONS), "NAME": folder / "headway.sqlite3"}
    blocker = unblocked.getfixturevalue("django_db_blocker")
    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        patch.setenv("HEADWAY_DATA", str(folder))
        secret_key()
        patch.setattr(settings, "DATA", folder)
        settings.DATABASES["default"].update(own)
        connections.settings["default"].update(own)
        connections["default"] = connections.create_connection("default")
        try:
            yield folder
        finally:
            connections["default"].close()
            connections["default"] = before
            for known in (settings.DATABASES["default"], connections.settings["default"]):
                known.clear()
                known.update(standing)


def make_tables(folder: Path, *, unblocked: pytest.FixtureRequest) -> Path:
    """A data folder with its tables and nothing in them: made once in a process, then copied."""
    if not _MADE:
        first = Path(tempfile.mkdtemp(prefix="headway-tests-tables-"))
        atexit.register(shutil.rmtree, first, ignore_errors=True)
        with at_work_on(first / "data", unblocked=unblocked):
            bring_up_to_date()
        _MADE.append(first / "data")
    shutil.copytree(_MADE[0], folder)
    return folder
