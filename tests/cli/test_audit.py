"""`headway audit`: the chain verified, its head printed and compared; what happened about a pupil, by a person."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import BEN, Headway


def spoil(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "audit.sqlite3")) as database, database:
        database.execute(statement)


def test_it_verifies_prints_its_head_and_holds_it_later(headway: Headway) -> None:
    first = headway("audit", "--verify")
    head = first.last.rpartition(" ")[2]

    assert first.last.startswith("The chain is whole. Head: ")
    assert headway("audit", "--verify", "--head", head).code == 0
    other = headway("audit", "--head", f"{head[:-1]}x")
    assert (other.code, "written anew, or cut" in other.err) == (1, True)


def test_it_names_the_first_entry_that_is_not_as_it_was(headway: Headway, data: Path) -> None:
    assert headway("audit", "--verify").code == 0
    spoil(data, "UPDATE audit_entry SET action = 'nothing' WHERE sequence = 2")

    done = headway("audit", "--verify")

    assert (done.code, done.err) == (1, "The chain is broken at entry 2: the entry is not as it was written.\n")
    checked = headway("check")
    assert checked.code == 1
    assert "NOT SOUND: The record of who looked and who changed what is broken at entry 2" in checked.err


def test_it_says_what_happened_about_a_pupil(headway: Headway, tmp_path: Path) -> None:
    assert headway("export", "targets", "--out", tmp_path / "targets.csv").code == 0

    done = headway("audit", "--pupil", BEN)

    lines = done.out.splitlines()
    assert "2026-11-23 10:00\tCommand line\ttook out targets\t2" in lines
    assert any("brought a file in" in line for line in lines)
    assert headway("audit", "--pupil", "X9").code == 1
    assert headway("audit", "--person", "NOBODY").err.startswith("Nobody here has the staff code NOBODY.")


def test_it_wants_to_know_what_is_wanted(headway: Headway) -> None:
    assert "Say what is wanted" in headway("audit").err


@pytest.mark.parametrize("kind", ["pupils", "targets"])
def test_an_export_is_in_it(headway: Headway, data: Path, tmp_path: Path, kind: str) -> None:
    assert headway("export", kind, "--out", tmp_path / "out.csv").code == 0

    with closing(sqlite3.connect(data / "audit.sqlite3")) as database:
        rows = database.execute("SELECT kind, action FROM audit_entry ORDER BY sequence DESC LIMIT 1").fetchall()
    assert rows == [("exported", "export")]
