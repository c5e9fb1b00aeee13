"""A data folder of a test's own: Django works on its SQLite file in this very process, as a command would."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from headway.config.installation import secret_key
from headway.services.installation import bring_up_to_date

_MADE: list[Path] = []
_FILES = {"default": ("headway.sqlite3", "FULL"), "audit": ("audit.sqlite3", "NORMAL")}


@contextmanager
def at_work_on(folder: Path, *, unblocked: pytest.FixtureRequest) -> Iterator[Path]:
    """Points the settings and every connection made from now on at a folder, for as long as it lasts."""
    folder.mkdir(mode=0o700, exist_ok=True)
    standing = deepcopy(settings.DATABASES)
    before = {alias: connections[alias] for alias in standing}
    blocker = unblocked.getfixturevalue("django_db_blocker")
    with pytest.MonkeyPatch.context() as patch, blocker.unblock():
        patch.setenv("HEADWAY_DATA", str(folder))
        secret_key()
        patch.setattr(settings, "DATA", folder)
        for alias, (name, synchronous) in _FILES.items():
            own = {**deepcopy(before["default"].settings_dict), **_sqlite(folder / name, synchronous)}
            for known in (settings.DATABASES, connections.settings):
                known.setdefault(alias, {}).update(own)
            connections[alias] = connections.create_connection(alias)
        try:
            yield folder
        finally:
            for alias in _FILES:
                connections[alias].close()
                del connections[alias]
            for known in (settings.DATABASES, connections.settings):
                for alias in _FILES:
                    if alias in standing:
                        known[alias].clear()
                        known[alias].update(standing[alias])
                    else:
                        known.pop(alias, None)
            for alias, connection in before.items():
                connections[alias] = connection


def _sqlite(file: Path, synchronous: str) -> dict[str, Any]:
    """The settings of a file, as an installation has them."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
        },
    }


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
