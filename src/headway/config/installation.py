"""Where an installation keeps its data, and the secret made there at install. Knows no Django."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import platformdirs

__all__ = ["data_folder", "database_url", "secret_key"]


def data_folder() -> Path:
    """The folder the data lives in: HEADWAY_DATA, else the platform's own place for a user's data."""
    given = os.environ.get("HEADWAY_DATA")
    return Path(given).expanduser().resolve() if given else platformdirs.user_data_path("headway")


def database_url() -> str | None:
    """The PostgreSQL database to use instead of the data folder's SQLite file; None for SQLite."""
    return os.environ.get("HEADWAY_DATABASE_URL") or None


def secret_key() -> str:
    """The installation's own secret, made on first use and readable only by its owner."""
    path = data_folder() / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists() and (key := path.read_text("ascii")):
        return key
    path.unlink(missing_ok=True)  # a first run that was cut off left it empty
    fresh = path.with_name(f"secret.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    with suppress(FileExistsError):  # of two first runs at once, one makes it whole and both use it
        os.link(fresh, path)
    fresh.unlink()
    return path.read_text("ascii")
