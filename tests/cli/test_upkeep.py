"""Backups and the soundness of an installation, from the command line."""

import shutil
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import BEN, MARKS, TERM, Headway, Write, add_migration
from tests.school import csv


@pytest.fixture
def copy(headway: Headway, tmp_path: Path) -> Path:
    """A backup of the school."""
    path = tmp_path / "copy.sqlite3"
    assert headway("backup", path).code == 0
    return path


def sealed(copy: Path) -> Path:
    """A backup with the checksum of what it now holds where its header keeps one."""
    content = bytearray(copy.read_bytes())
    content[60:64] = zlib.crc32(content[:60] + content[64:]).to_bytes(4, "big")
    copy.write_bytes(content)
    return copy


def spoiled(copy: Path) -> Path:
    """A backup whose middle pages were overwritten."""
    with copy.open("r+b") as opened:
        opened.seek(copy.stat().st_size // 2)
        opened.write(b"\xa5" * 8192)
    return copy


class TestBackup:
    def test_it_says_what_it_copied_and_closes_it_to_others(self, headway: Headway, tmp_path: Path) -> None:
        done = headway("backup", tmp_path / "copy.sqlite3")

        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"{tmp_path / 'copy.sqlite3'}: ")
        assert done.out.endswith(" rows of 1 schools, verified.\n")
        assert (tmp_path / "copy.sqlite3").stat().st_mode & 0o777 == 0o600
        assert list(tmp_path.glob("*.part")) == []

    def test_it_writes_over_nothing(self, headway: Headway, copy: Path) -> None:
        before = copy.read_bytes()

        done = headway("backup", copy)

        assert done.code == 1
        assert done.err == f"{copy} is there already. Right would be a new file name.\n"
        assert copy.read_bytes() == before


class TestVerify:
    def test_it_counts_what_a_whole_backup_holds(self, headway: Headway, copy: Path) -> None:
        done = headway("verify", copy)

        assert done.code == 0
        assert done.out.endswith(" rows of 1 schools, whole.\n")

    def test_it_needs_no_installation(self, headway: Headway, copy: Path, data: Path) -> None:
        shutil.rmtree(data)

        assert headway("verify", copy).code == 0

    def test_a_name_may_hold_anything(self, headway: Headway, copy: Path) -> None:
        odd = copy.rename(copy.with_name("50% #1? of autumn.sqlite3"))

        assert headway("verify", odd).code == 0

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is not a backup of Headway"),
            (b"upn,surname\n", "is not a backup of Headway"),
            (b"SQLite format 3\x00" + bytes(84) + b"x" * 4000, "is damaged"),
        ],
        ids=["empty", "foreign", "only its beginning"],
    )
    def test_it_refuses_what_is_none(self, headway: Headway, file: Write, content: bytes, said: str) -> None:
        done = headway("verify", file("copy.sqlite3", content))

        assert (done.code, done.out) == (1, "")
        assert said in done.err

    def test_it_refuses_a_damaged_one(self, headway: Headway, copy: Path) -> None:
        done = headway("verify", spoiled(copy))

        assert (done.code, done.out) == (1, "")
        assert "is damaged" in done.err

    def test_it_refuses_a_truncated_one(self, headway: Headway, copy: Path) -> None:
        content = copy.read_bytes()
        copy.write_bytes(content[: len(content) // 2])

        assert headway("verify", copy).code == 1

    def test_it_refuses_a_database_of_something_else(self, headway: Headway, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "other.sqlite3")) as other, other:
            other.execute("CREATE TABLE recipes (name TEXT)")

        done = headway("verify", tmp_path / "other.sqlite3")

        assert done.code == 1
        assert "headway backup did not make it" in done.err
        assert "is not a backup of Headway" in headway("verify", sealed(tmp_path / "other.sqlite3")).err

    def test_it_refuses_one_with_a_single_bit_flipped_anywhere(self, headway: Headway, copy: Path) -> None:
        whole = copy.read_bytes()
        for place in range(16, len(whole), len(whole) // 40):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << place % 8
            copy.write_bytes(flipped)

            assert headway("verify", copy).code == 1, place

    def test_it_refuses_a_copy_of_the_files_of_a_running_school(
        self, headway: Headway, data: Path, tmp_path: Path
    ) -> None:
        headway("collections", "--close", TERM)
        shutil.copyfile(data / "headway.sqlite3", tmp_path / "copied.sqlite3")

        done = headway("verify", tmp_path / "copied.sqlite3")

        assert done.code == 1
        assert "it may lack what was saved last" in done.err


class TestRestore:
    def test_everything_is_as_it_was_and_what_stood_is_kept_beside_it(
        self, headway: Headway, copy: Path, data: Path, file: Write
    ) -> None:
        headway("import", file("assessments.csv", csv(MARKS, f"{BEN},reading,{TERM},3a")))

        done = headway("restore", copy)

        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("Restored: ")
        assert "1 assessments" not in headway("collections").out
        kept = data / "headway.sqlite3.before-restore"
        assert headway("verify", kept).code == 0
        assert kept.stat().st_mode & 0o777 == (data / "headway.sqlite3").stat().st_mode & 0o777 == 0o600
        headway("restore", kept)
        assert f"{TERM}\t1 assessments" in headway("collections").out

    def test_a_second_one_keeps_what_the_first_kept(self, headway: Headway, copy: Path, data: Path) -> None:
        for _ in range(3):
            assert headway("restore", copy).code == 0

        assert {path.name for path in data.glob("*before-restore*")} == {
            "headway.sqlite3.before-restore",
            "headway.sqlite3.before-restore-2",
            "headway.sqlite3.before-restore-3",
        }

    def test_a_damaged_school_is_replaced_and_kept_byte_for_byte(
        self, headway: Headway, copy: Path, data: Path
    ) -> None:
        for left in data.glob("headway.sqlite3-*"):
            left.unlink()
        (data / "headway.sqlite3").write_bytes(b"burnt" * 1000)

        done = headway("restore", copy)

        assert done.code == 0
        assert (data / "headway.sqlite3.before-restore").read_bytes() == b"burnt" * 1000
        assert headway("check").code == 0

    def test_it_moves_a_school_to_another_machine(self, headway_anew: Headway, copy: Path, tmp_path: Path) -> None:
        done = headway_anew("restore", copy)

        assert done.code == 0
        assert headway_anew("export", "pupils", "--out", tmp_path / "p.csv").out.startswith("2 rows of pupils")
        assert headway_anew("check").code == 0

    def test_it_upgrades_an_older_one(self, headway: Headway, copy: Path) -> None:
        with closing(sqlite3.connect(copy)) as older, older:
            older.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
            older.execute("DROP TABLE django_session")

        assert headway("restore", sealed(copy)).code == 0
        assert headway("check").code == 0

    @pytest.mark.parametrize(
        ("what", "said"), [("damaged", "is damaged"), ("newer", "from a newer Headway"), ("foreign", "is not a backup")]
    )
    def test_it_refuses_and_leaves_the_school_as_it_is(
        self, headway: Headway, copy: Path, data: Path, tmp_path: Path, what: str, said: str
    ) -> None:
        if what == "damaged":
            spoiled(copy)
        elif what == "newer":
            folder = tmp_path / "newer"
            folder.mkdir()
            shutil.copyfile(copy, folder / "headway.sqlite3")
            add_migration(folder, "9999_from_the_future")
            copy = sealed(folder / "headway.sqlite3")
        else:
            copy.write_bytes(b"not a backup")
        before = headway("collections", "--close", TERM).out

        done = headway("restore", copy)

        assert (done.code, done.out) == (1, "")
        assert said in done.err
        assert headway("collections").out == before
        assert list(data.glob("*before-restore*")) == []

    def test_it_refuses_while_a_server_runs(self, headway: Headway, copy: Path) -> None:
        from headway.config.server import data_lock

        with data_lock():
            done = headway("restore", copy)

        assert done.code == 1
        assert "A server is running on" in done.err


class TestCheck:
    def test_a_sound_installation_is_0_and_says_what_was_looked_at(self, headway: Headway) -> None:
        done = headway("check")

        assert (done.code, done.err) == (0, "")
        lines = done.out.splitlines()
        assert all(line.startswith("ok: ") for line in lines)
        for said in ("SQLite is 3.", "journal mode is wal.", "synchronous is full.", "foreign keys is on.", "owner"):
            assert any(said in line for line in lines), said

    @pytest.mark.parametrize("name", ["", "headway.sqlite3"])
    def test_one_that_others_can_read_is_1(self, headway: Headway, data: Path, name: str) -> None:
        (data / name).chmod(0o755)

        done = headway("check")

        assert done.code == 1
        assert "NOT SOUND: Others on this machine can read" in done.err
        assert done.err.endswith("This installation is not sound.\n")
