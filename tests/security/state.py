"""What stands in the database and in the data folder, to see whether anything has changed."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection

__all__ = ["files", "rows"]

_COMES_AND_GOES = ("session", "cache", "audit", "visit", "sqlite_", "device", "history")
"""Who is signed in, how often somebody has tried, and the record of looking itself."""


def rows() -> Mapping[str, tuple[int, str]]:
    """Every table with the number of its rows and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if any(each in table for each in _COMES_AND_GOES):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            standing = sorted(repr(row) for row in cursor.fetchall())
            found[table] = (len(standing), hashlib.sha256("".join(standing).encode()).hexdigest())
    return found


def files(*folders: Path) -> Mapping[str, tuple[int, int]]:
    """Every file of the data folder, and of others, with its size and when it was written."""
    return {
        str(file): (file.stat().st_size, file.stat().st_mtime_ns)
        for folder in (Path(settings.DATA), *folders)
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".sqlite3", "-wal", "-shm", "-journal"))
    }
