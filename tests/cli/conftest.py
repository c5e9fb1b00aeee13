"""The command line as people use it: on a data folder of its own, most of it in this very process."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from headway.cli.app import assembled
from headway.config.installation import database_url
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW, csv, make_upn, pupils_file

BEN, CAT = make_upn(1), make_upn(2)
TERM = "2026-27-autumn"
MARKS = "upn,subject,term,grade"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line of standard output."""
        return self.out.rstrip("\n").rpartition("\n")[2]


Headway = Callable[..., Done]
Write = Callable[[str, bytes], Path]


def run(*arguments: object) -> Done:
    """A command in this process. An error it did not turn into words is an error of the test."""
    done = CliRunner().invoke(assembled(), [str(each) for each in arguments], prog_name="headway")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def add_migration(data: Path, name: str) -> None:
    """Writes down a step of the tables that this version does not know."""
    with closing(sqlite3.connect(data / "headway.sqlite3")) as database, database:
        row = ("records", name, "2030-01-01 00:00:00")
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", row)


@pytest.fixture(autouse=True)
def _on_sqlite() -> None:
    if database_url():
        pytest.skip("the command line's tests make SQLite folders of their own")


@pytest.fixture(scope="session")
def tracked_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A school with two pupils in Year 5, their prior attainment and targets; copied for each test that changes it."""
    folder, files = tmp_path_factory.mktemp("made") / "data", tmp_path_factory.mktemp("files")
    pupils = pupils_file({BEN: {"sex": "M"}, CAT: {"sex": "F"}})
    results = [f"{BEN},KS1,reading,2b", f"{BEN},KS1,mathematics,2a", f"{CAT},KS1,reading,3"]
    targets = [f"{BEN},reading,KS2,4b", f"{BEN},mathematics,KS2,5c", f"{CAT},reading,KS2,5b"]
    make_tables(folder, unblocked=request)
    with pytest.MonkeyPatch.context() as patch, at_work_on(folder, unblocked=request):
        patch.setattr("django.utils.timezone.now", lambda: NOW)
        made = run("init", "--name", "Hillside", "--dfe", "8231234", "--framework", "england-2008")
        assert made.code == 0, made.err
        for name, content in (
            ("pupils.csv", pupils),
            ("results.csv", csv("upn,key_stage,subject,grade", *results)),
            ("targets.csv", csv("upn,subject,key_stage,grade", *targets)),
        ):
            (files / name).write_bytes(content)
            brought = run("import", files / name)
            assert brought.code == 0, brought.err
    return folder


@pytest.fixture
def data(tracked_folder: Path, tmp_path: Path) -> Path:
    """A data folder with that school, one test's own."""
    folder = tmp_path / "data"
    shutil.copytree(tracked_folder, folder)
    return folder


@pytest.fixture
def headway(data: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Headway]:
    """Commands on the school, on 23 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    with at_work_on(data, unblocked=request):
        yield run


@pytest.fixture
def headway_anew(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Headway]:
    """Commands on a data folder that is not there yet."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    with at_work_on(tmp_path / "new", unblocked=request):
        yield run


@pytest.fixture
def file(tmp_path: Path) -> Write:
    """Writes a file as somebody sends it."""
    (tmp_path / "files").mkdir()

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / "files" / name
        path.write_bytes(content)
        return path

    return write
