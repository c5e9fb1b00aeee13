"""Commands as processes of their own, as a shell and a scheduler run them: exit codes, streams, a sudden end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from headway.domain.terms import academic_year_of
from tests.school import csv, make_upn, pupils_file

HEADWAY = Path(sys.executable).with_name("headway")
YEAR = academic_year_of(date.today())
TERM = f"{YEAR.starts_in}-{(YEAR.starts_in + 1) % 100:02d}-autumn"
SECONDS = 120
INIT = ("init", "--name", "Hillside", "--dfe", "8231234", "--framework", "england-2008")

Shell = Callable[..., subprocess.CompletedProcess[str]]


def environment(folder: Path) -> dict[str, str]:
    """What a command finds around it: a plain shell without UTF-8, and nobody at a terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEADWAY", "LC_", "LANG"))}
    return {**kept, "HEADWAY_DATA": str(folder / "data"), "LANG": "C", "LC_ALL": "C"}


def in_folder(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HEADWAY, *map(str, arguments)],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Runs `headway` in a process of its own, in an empty folder, with nothing to read on its standard input."""
    return partial(in_folder, tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a new school, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    assert in_folder(folder, *INIT).returncode == 0
    return folder / "data"


@pytest.fixture
def school(made: Path, tmp_path: Path) -> None:
    """A new school in the folder of the shell."""
    shutil.copytree(made, tmp_path / "data")


def test_a_school_from_nothing_to_an_answer(shell: Shell, tmp_path: Path) -> None:
    """Every step of a first hour, each with its exit code, its streams and its last line."""
    ben, zoe = make_upn(1, year=21), make_upn(2, year=21)
    pupils = pupils_file({ben: {"sex": "M"}, zoe: {"forename": "Zoë", "surname": "O’Neill"}})
    (tmp_path / "pupils.csv").write_bytes(pupils)
    (tmp_path / "results.csv").write_bytes(csv("upn,key_stage,subject,grade", f"{ben},KS1,reading,2b"))
    (tmp_path / "targets.csv").write_bytes(csv("upn,subject,key_stage,grade", f"{ben},reading,KS2,4b"))
    (tmp_path / "5B.csv").write_bytes(csv("upn;reading;writing", f"{ben};3c;3c", f"{zoe};4c;Abs"))

    made = shell(*INIT)
    again = shell(*INIT)
    imports = [shell("import", f"{kind}.csv") for kind in ("pupils", "results", "targets")]
    marks = shell("import", "5B.csv", "--term", TERM)
    same = shell("import", "5B.csv", "--term", TERM)
    missing = shell("import", "no such file.csv")
    out = shell("export", "pupils", "--out", "out.csv")
    asked = shell("ask", "status", "--term", TERM, "--subject", "reading", "--out", "answer.json")
    shown = shell("ask", "status", "--term", TERM, "--subject", "reading")
    sound = shell("check")

    assert (made.returncode, made.stderr) == (0, "")
    assert again.returncode == 1
    assert "--add" in again.stderr
    assert [(each.returncode, each.stderr, last_line(each)) for each in imports] == [
        (0, "", "2 new, 0 changed, 0 same, 0 refused"),
        (0, "", "1 new, 0 changed, 0 same, 0 refused"),
        (0, "", "1 new, 0 changed, 0 same, 0 refused"),
    ]
    assert "1 line of progress targets laid or redrawn." in imports[2].stdout
    assert last_line(marks) == "4 new, 0 changed, 0 same, 0 refused"
    assert last_line(same) == "0 new, 0 changed, 4 same, 0 refused"
    assert (missing.returncode, missing.stdout) == (2, "")
    assert out.stdout == "2 rows of pupils in out.csv\n"
    assert "O’Neill,Zoë" in (tmp_path / "out.csv").read_text("utf-8")
    assert asked.returncode == 0
    (row,) = json.loads((tmp_path / "answer.json").read_text("utf-8"))["rows"]
    assert row["denominator"] + row["not_known"] == 2
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Pupils on roll" in shown.stdout
    assert sound.returncode == 0


@pytest.mark.usefixtures("school")
def test_a_refusal_is_words_on_standard_error_and_never_a_trace(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_bytes(b'upn,surname\n"lost,quote\n')

    done = shell("import", "pupils.csv")

    assert done.returncode == 1
    assert last_line(done) == "0 new, 0 changed, 0 same, 1 refused"
    assert "pupils.csv, row 2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("where", "said"), [("/proc/headway", "/proc/headway cannot be used"), ("file", "is a file")], ids=["", "file"]
)
def test_a_data_folder_that_cannot_be_is_said_plainly(shell: Shell, tmp_path: Path, where: str, said: str) -> None:
    (tmp_path / "file").write_text("")

    done = shell("collections", "--data", where)

    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_no_database_is_said_without_its_password(tmp_path: Path) -> None:
    env = {**environment(tmp_path), "HEADWAY_DATABASE_URL": "postgres//headway:secret@localhost/headway"}

    done = subprocess.run([HEADWAY, "check"], env=env, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 1
    assert "HEADWAY_DATABASE_URL is not the address of a database." in done.stderr
    assert "secret" not in done.stderr + done.stdout


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    env = {**environment(tmp_path), "HEADWAY_DATABASE_URL": "postgresql://headway:secret@127.0.0.1:9/headway"}

    done = subprocess.run([HEADWAY, "check"], env=env, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be read: ")
    assert "secret" not in done.stderr + done.stdout


def test_a_provider_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    named = {"HEADWAY_OIDC_URL": "http://id.example", "HEADWAY_OIDC_CLIENT_ID": "a", "HEADWAY_OIDC_CLIENT_SECRET": "b"}

    done = subprocess.run(
        [HEADWAY, "check"],
        env={**environment(tmp_path), **named},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 1
    assert (
        "HEADWAY_OIDC_URL is 'http://id.example'. Right would be an address that begins with https://." in done.stderr
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("signs_of_life", [1, 2, 3])
def test_an_import_that_is_killed_leaves_all_or_nothing(shell: Shell, tmp_path: Path, signs_of_life: int) -> None:
    """Killed once it has said so many lines; the same file then goes in whole."""
    upns = [make_upn(number, year=21) for number in range(300)]
    (tmp_path / "pupils.csv").write_bytes(pupils_file({upn: {} for upn in upns}, columns=["room"]))
    with subprocess.Popen(
        [HEADWAY, "import", "pupils.csv"],
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as killed:
        assert killed.stdout is not None
        for _ in range(signs_of_life):
            killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)

    held = re.match(r"(\d+) rows", shell("export", "pupils", "--out", "out.csv").stdout)
    again = shell("import", "pupils.csv")

    assert held is not None
    assert int(held[1]) in (0, 300)
    assert last_line(again) in ("300 new, 0 changed, 0 same, 0 refused", "0 new, 0 changed, 300 same, 0 refused")
    assert shell("check").returncode == 0


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.rstrip("\n").rpartition("\n")[2]
