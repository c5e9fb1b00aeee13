"""What all commands share: help, exit codes, where the data lives, and plain words about a folder that will not do."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from headway.cli.app import assembled
from tests.cli.conftest import Headway, add_migration, run


def every_command(group: click.Group | None = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The words of every command and every group of them."""
    found = [path]
    for name, below in (group or assembled()).commands.items():
        words = (*path, name)
        found += every_command(below, words) if isinstance(below, click.Group) else [words]
    return found


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
@pytest.mark.parametrize("spelling", ["--help", "-h"])
def test_every_command_explains_itself(words: tuple[str, ...], spelling: str) -> None:
    done = run(*words, spelling)

    assert done.code == 0
    assert done.out.startswith(f"Usage: {' '.join(('headway', *words))}")
    assert "--data DIRECTORY" in done.out
    assert done.err == ""


def test_it_says_its_version() -> None:
    assert run("--version").out.startswith("headway 0.")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("import",),
        ("import", "--nonsense", "x.csv"),
        ("import", "not-there.csv"),
        ("import", "."),
        ("export", "pupils"),
        ("export", "pupils", "--out", "not-there/pupils.csv"),
        ("undo", "not-an-id"),
        ("init", "--name", "School"),
        ("backup",),
        ("backup", "not-there/copy.sqlite3"),
        ("verify", "not-there.sqlite3"),
        ("restore", "not-there.sqlite3"),
        ("serve", "--port", "0"),
        ("serve", "--port", "http"),
        ("serve", "--cert", "not-there.pem"),
        ("ask", "--question", "not-there.json"),
        ("user", "add", "--name", "A. Khan"),
        ("user", "nonsense"),
    ],
    ids=" ".join,
)
def test_wrong_usage_and_missing_paths_are_2(headway: Headway, words: tuple[str, ...]) -> None:
    done = headway(*words)

    assert done.code == 2
    assert done.out == ""
    assert "Error: " in done.err


@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after it"])
def test_the_data_folder_may_be_named_before_or_after_the_command(
    tmp_path: Path, headway: Headway, before: bool
) -> None:
    named = ("--data", tmp_path)

    done = headway(*named, "role", "list") if before else headway("role", "list", *named)

    assert done.code == 0
    assert os.environ["HEADWAY_DATA"] == str(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ("collections",),
        ("check",),
        ("user", "list"),
        ("export", "pupils", "--out", "x.csv"),
        ("ask", "status"),
        ("backup", "x.sqlite3"),
        ("undo", "8b5d3c0a-6f0b-4a3e-9a53-0f7d7d0a4f5e"),
    ],
    ids=" ".join,
)
def test_it_says_how_to_begin_where_there_is_no_school_yet(headway_anew: Headway, words: tuple[str, ...]) -> None:
    done = headway_anew(*words)

    assert done.code == 1
    assert "There is no school in" in done.err
    assert "headway init --name" in done.err


def test_it_refuses_data_of_a_newer_version(data: Path, headway: Headway) -> None:
    add_migration(data, "9999_from_the_future")

    for words in (
        ("collections",),
        ("init", "--name", "Second", "--dfe", "8239999", "--framework", "england-2008", "--add"),
    ):
        done = headway(*words)

        assert done.code == 1
        assert done.err.startswith("The data is from a newer Headway (9999_from_the_future).")


def test_it_refuses_data_of_an_older_version_until_the_server_upgrades_it(data: Path, headway: Headway) -> None:
    with closing(sqlite3.connect(data / "headway.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.execute("DROP TABLE django_session")

    done = headway("collections")

    assert done.code == 1
    assert done.err == "The data is from an older Headway. Right would be headway serve: it upgrades.\n"


@pytest.mark.parametrize("words", [("check",), ("init", "--name", "S", "--dfe", "8239999", "--framework", "x")])
def test_it_refuses_a_database_that_is_none(data: Path, headway: Headway, words: tuple[str, ...]) -> None:
    for left in data.glob("headway.sqlite3-*"):
        left.unlink()
    (data / "headway.sqlite3").write_bytes(b"not a database at all" * 100)

    done = headway(*words)

    assert done.code == 1
    assert done.err.startswith("The database cannot be read: file is not a database")


def test_a_full_database_is_said_plainly_and_nothing_is_changed(
    data: Path, headway: Headway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("headway.records.history.begin", full)

    done = headway("collections", "--close", "2025-26-summer")

    assert done.code == 1
    assert done.err == "The database cannot do it (database or disk is full). Nothing was changed.\n"


def test_what_one_test_changes_no_other_sees(tracked_folder: Path, headway: Headway) -> None:
    before = (tracked_folder / "headway.sqlite3").read_bytes()

    headway("collections", "--close", "2025-26-summer")

    assert (tracked_folder / "headway.sqlite3").read_bytes() == before
    assert "closed 23 November 2026" in headway("collections").out
