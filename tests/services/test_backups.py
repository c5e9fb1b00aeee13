"""Backups: nothing acknowledged before one began is missing, nothing damaged goes back, nothing that stood is lost."""

import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from headway.config.installation import database_url
from headway.records import history
from headway.records.history import Author
from headway.records.models import AuditEntry, Group, School
from headway.services import audit, backups
from headway.services.access import COMMAND_LINE
from headway.services.backups import BackupRefusedError, back_up, restore, verify
from headway.services.installation import bring_up_to_date
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW, make_school

SECONDS = 60
pytestmark = [pytest.mark.django_db(transaction=True)] if database_url() else []
on_postgresql = pytest.mark.skipif(not database_url(), reason="on PostgreSQL alone")
on_sqlite = pytest.mark.skipif(bool(database_url()), reason="on SQLite alone")


@pytest.fixture
def school(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    """A school in a database that other threads and programs can open."""
    if database_url():
        monkeypatch.setattr(settings, "DATA", tmp_path)
        yield make_school()
        return
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request):
        yield make_school()


def form(school: School, code: str) -> None:
    """Forms a group: something small that is saved."""
    act = history.begin(school, kind="form", by=Author("Somebody"), at=NOW)
    history.record(act, new=[Group(school=school, code=code)])


def looks() -> list[str]:
    """What the audit holds, in its order."""
    return list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True))


def groups_in(backup: Path) -> set[str]:
    """The codes of the groups a backup holds, read without Headway."""
    if not database_url():
        with closing(sqlite3.connect(backup)) as copy:
            return {code for (code,) in copy.execute("SELECT code FROM records_group")}
    command = ["pg_restore", "--data-only", "--table=records_group", "--file=-", backup]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    header, _, rows = script.partition("COPY public.records_group (")[2].partition("\n")
    place = header.partition(")")[0].split(", ").index("code")
    return {row.split("\t")[place] for row in rows.partition("\n\\.")[0].splitlines() if row}


class Writer(threading.Thread):
    """Somebody who goes on saving while a backup is taken, and remembers what was acknowledged."""

    def __init__(self, school: School) -> None:
        super().__init__()
        self.school, self.acknowledged, self.trouble = school, list[str](), list[BaseException]()
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                code = f"group {len(self.acknowledged)}"
                form(self.school, code)
                self.acknowledged.append(code)
        except BaseException as error:
            self.trouble.append(error)
        finally:
            connection.close()

    def wait_for(self, n_saved: int) -> None:
        deadline = time.monotonic() + SECONDS
        while len(self.acknowledged) < n_saved and not self.trouble:
            assert time.monotonic() < deadline, "nothing was saved"
            self.enough.wait(0.01)


def test_nothing_acknowledged_before_it_began_is_missing(school: School, tmp_path: Path) -> None:
    writer = Writer(school)
    writer.start()
    try:
        for number in range(3):
            writer.wait_for(10 * (number + 1))
            before = set(writer.acknowledged)
            back_up(tmp_path / f"{number}.backup")

            assert before <= groups_in(tmp_path / f"{number}.backup")
        writer.wait_for(len(writer.acknowledged) + 1)
    finally:
        writer.enough.set()
        writer.join(SECONDS)

    assert writer.trouble == []
    assert set(Group.objects.values_list("code", flat=True)) == set(writer.acknowledged)


def test_it_counts_what_it_holds(school: School, tmp_path: Path) -> None:
    before = back_up(tmp_path / "one.backup")
    form(school, "choir")
    make_school("8239999")

    after = back_up(tmp_path / "two.backup")

    assert (before.n_schools, after.n_schools) == (1, 2)
    assert after.n_rows > before.n_rows
    assert after.n_tables == before.n_tables
    assert "0001_initial" in after.steps
    assert verify(tmp_path / "two.backup") == after


def test_it_is_its_owners_alone(school: School, tmp_path: Path) -> None:
    back_up(tmp_path / "copy.backup")

    assert (tmp_path / "copy.backup").stat().st_mode & 0o777 == 0o600


def test_it_writes_over_nothing_and_into_no_folder_that_is_not_there(school: School, tmp_path: Path) -> None:
    (tmp_path / "copy.backup").write_text("mine")

    with pytest.raises(BackupRefusedError, match="is there already"):
        back_up(tmp_path / "copy.backup")
    with pytest.raises(BackupRefusedError, match="There is no folder"):
        back_up(tmp_path / "nowhere" / "copy.backup")
    assert (tmp_path / "copy.backup").read_text() == "mine"


def test_a_copy_that_fails_leaves_no_half_file(school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise BackupRefusedError("no")

    monkeypatch.setattr("headway.services.backups.verify", refuse)

    with pytest.raises(BackupRefusedError):
        back_up(tmp_path / "copy.backup")

    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9], ids=["a fifth", "half", "nine tenths"])
def test_it_refuses_one_that_was_cut_short(school: School, tmp_path: Path, part: float) -> None:
    back_up(tmp_path / "copy.backup")
    content = (tmp_path / "copy.backup").read_bytes()
    (tmp_path / "cut.backup").write_bytes(content[: int(len(content) * part)])

    for act in (verify, restore):
        with pytest.raises(BackupRefusedError):
            act(tmp_path / "cut.backup")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"PGDMP", b"PGDMP" + bytes(200), b"SQLite format 3\0", b"upn,surname\n"]
)
def test_it_refuses_what_is_none(school: School, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "none.backup").write_bytes(content)

    for act in (verify, restore):
        with pytest.raises(BackupRefusedError):
            act(tmp_path / "none.backup")


def test_what_is_restored_is_as_it_was_and_what_stood_can_come_back(school: School, tmp_path: Path) -> None:
    form(school, "choir")
    held = back_up(tmp_path / "copy.backup")
    form(school, "orchestra")

    restored = restore(tmp_path / "copy.backup")

    assert restored == held
    assert set(Group.objects.values_list("code", flat=True)) == {"choir"}
    (kept,) = settings.DATA.glob("*.before-restore")
    assert groups_in(kept) == {"choir", "orchestra"}
    assert kept.stat().st_mode & 0o777 == 0o600
    restore(kept)
    assert set(Group.objects.values_list("code", flat=True)) == {"choir", "orchestra"}
    assert len(list(settings.DATA.glob("*.before-restore*"))) == 2


def test_the_audit_goes_along_and_its_chain_holds(school: School, tmp_path: Path) -> None:
    form(school, "Readers")
    audit.note(school, action="before", by=COMMAND_LINE, now=NOW, detail={}, pupils=[7, 8])
    audit.catch_up()
    before = looks()
    back_up(tmp_path / "one.backup")
    audit.note(school, action="after", by=COMMAND_LINE, now=NOW, detail={})

    restore(tmp_path / "one.backup")

    assert looks() == before
    state = audit.verify(now=NOW)
    assert (state.broken, state.n_entries) == (None, len(before))
    audit.note(school, action="again", by=COMMAND_LINE, now=NOW, detail={}, pupils=[7, 9])
    assert audit.verify(now=NOW).broken is None


@on_sqlite
def test_a_backup_from_before_the_audit_had_a_file_of_its_own_is_put_back(school: School, tmp_path: Path) -> None:
    back_up(tmp_path / "one.backup")
    with closing(sqlite3.connect(tmp_path / "one.backup")) as copy, copy:
        for table in ("audit_set_pupil", "audit_entry", "audit_set", "audit_migrations"):
            copy.execute(f"DROP TABLE {table}")
    backups._seal(tmp_path / "one.backup")

    restore(tmp_path / "one.backup")
    bring_up_to_date()

    assert looks() == []
    audit.note(school, action="again", by=COMMAND_LINE, now=NOW, detail={})
    assert looks() == ["again"]


def test_records_can_be_written_after_a_restore(school: School, tmp_path: Path) -> None:
    form(school, "choir")
    back_up(tmp_path / "copy.backup")
    form(school, "orchestra")
    restore(tmp_path / "copy.backup")

    form(School.objects.get(), "band")

    assert set(Group.objects.values_list("code", flat=True)) == {"choir", "band"}


@on_sqlite
def test_a_copy_of_the_file_alone_is_caught(school: School, tmp_path: Path) -> None:
    """The control: what `cp` takes of a database at work may lack what was saved last, and looks whole to SQLite."""
    form(school, "choir")
    copied = tmp_path / "copied.sqlite3"
    shutil.copyfile(settings.DATA / "headway.sqlite3", copied)

    with pytest.raises(BackupRefusedError, match="may lack what was saved last"):
        verify(copied)


@pytest.mark.postgresql
@on_postgresql
def test_a_copy_from_sqlite_is_refused_on_postgresql(
    school: School, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with at_work_on(make_tables(tmp_path / "other", unblocked=request), unblocked=request):
        make_school()
        back_up(tmp_path / "sqlite.backup")

    with pytest.raises(BackupRefusedError, match="a copy from SQLite, and this installation is on PostgreSQL"):
        restore(tmp_path / "sqlite.backup")


@pytest.mark.postgresql
@on_postgresql
def test_a_copy_from_postgresql_is_refused_on_sqlite(
    school: School, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    back_up(tmp_path / "postgres.backup")

    other = make_tables(tmp_path / "other", unblocked=request)
    said = "a copy from PostgreSQL, and this installation is on SQLite"
    with at_work_on(other, unblocked=request), pytest.raises(BackupRefusedError, match=said):
        restore(tmp_path / "postgres.backup")


@pytest.mark.postgresql
@on_postgresql
def test_the_password_is_never_among_the_arguments(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    really = subprocess.run

    def watch(command: list[str], **how: object) -> object:
        seen.extend(command)
        return really(command, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", watch)
    back_up(tmp_path / "copy.backup")

    assert seen
    assert not any(settings.DATABASES["default"]["PASSWORD"] in word for word in seen)
