"""The chain with many writers at once, in a store of its own; and what was in the audit before it was a chain."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from headway.config.installation import database_url
from headway.records import audit_chain
from headway.records.audit_chain import Line, append, broken, broken_set
from headway.records.models import AuditEntry, AuditSet
from headway.records.stores import audit_apart
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW

pytestmark = [pytest.mark.django_db(transaction=True)] if database_url() else []
on_sqlite = pytest.mark.skipif(bool(database_url()), reason="on SQLite alone")
WRITERS, EACH = 6, 25


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """A database that several connections can open."""
    if database_url():
        yield
        return
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request):
        yield


def line(number: int, *, pupils: range = range(0)) -> Line:
    return Line(NOW, "looked", "view", f"Writer {number}", pupils=frozenset(pupils))


def test_many_writers_at_once_make_one_chain_without_gaps(store: None) -> None:
    wrong: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(EACH):
                append([line(number, pupils=range(turn % 3 + 1))])
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    assert wrong == []
    head, fault = broken()
    assert (head.sequence, fault, broken_set()) == (WRITERS * EACH, None, None)
    assert AuditSet.objects.count() == 3


@on_sqlite
def test_no_look_waits_for_somebody_who_is_saving(store: None) -> None:
    assert audit_apart()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE something (here)")
        done: list[int] = []

        def look() -> None:
            done.extend(append([line(1)]))
            connections.close_all()

        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=5)

    assert done == [1]


@on_sqlite
def test_each_table_is_in_its_own_database_alone(store: None) -> None:
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in ("default", "audit")}

    assert tables["audit"] == {"audit_entry", "audit_set", "audit_set_pupil", "django_migrations"}
    assert not {name for name in tables["default"] if "audit" in name}


@on_sqlite
def test_what_an_older_version_wrote_goes_along_and_is_the_beginning_of_the_chain(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with at_work_on(tmp_path / "data", unblocked=request):
        call_command("migrate", "records", "0004", verbosity=0)
        with connection.cursor() as cursor:
            for action in ("create school", "marks", "export"):
                cursor.execute(
                    "INSERT INTO records_auditentry (school_id, at, by, user_id, action, detail) "
                    "VALUES (NULL, '2026-11-20 10:00:00', 'Somebody', NULL, %s, '{\"rows\": 3}')",
                    [action],
                )
        with pytest.raises(RuntimeError, match="migrate --database audit"):
            call_command("migrate", verbosity=0)
        call_command("migrate", database="audit", verbosity=0)
        call_command("migrate", verbosity=0)

        moved = AuditEntry.objects.order_by("sequence").values_list("sequence", "kind", "action", "by", "detail")
        assert list(moved) == [
            (1, "noted", "create school", "Somebody", {"rows": 3}),
            (2, "noted", "marks", "Somebody", {"rows": 3}),
            (3, "exported", "export", "Somebody", {"rows": 3}),
        ]
        append([line(1)])
        head, fault = broken()
        assert (head.sequence, fault) == (4, None)


def test_what_cannot_be_written_leaves_the_chain_as_it_was(store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    append([line(1)])

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(audit_chain, "_digest", fails)
        append([line(2, pupils=range(3))])

    append([line(3)])
    head, fault = broken()
    assert (head.sequence, fault, AuditSet.objects.count()) == (2, None, 0)
