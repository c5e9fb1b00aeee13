"""`headway demo` at a shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from headway.cli.demo import demo

HEADWAY = Path(sys.executable).with_name("headway")


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEADWAY_")}
    return subprocess.run([HEADWAY, *map(str, arguments)], capture_output=True, text=True, check=False, env=kept)


def test_it_makes_a_school_once_and_keeps_it(tmp_path: Path) -> None:
    here = ("demo", "--pupils", "30", "--no-serve", "--data", tmp_path / "demo")

    first, second = _run(*here), _run(*here)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "Larkmere Primary School (made up) is ready" in first.stdout
    assert "is here already" in second.stdout
    assert first.stdout[first.stdout.index("Everybody signs in") :] == second.stdout[second.stdout.index("Everybody") :]
    assert "head@demo.example" in second.stdout
    assert "http://localhost:8000/" in second.stdout


def test_it_refuses_to_move_in_with_a_real_school(tmp_path: Path) -> None:
    _run("--data", tmp_path, "init", "--name", "Real", "--dfe", "8231234", "--framework", "england-2008")

    moved_in = _run("--data", tmp_path, "demo", "--no-serve")

    assert moved_in.returncode == 1
    assert "made-up pupils do not belong among real ones" in moved_in.stderr


def test_it_refuses_an_authority_for_now() -> None:
    answer = CliRunner().invoke(demo, ["--school", "authority"])

    assert answer.exit_code == 1
    assert "--school primary or --school secondary" in answer.output


@pytest.mark.parametrize("wrong", [["--pupils", "7"], ["--school", "nursery"], ["--port", "0"]])
def test_it_says_what_is_wrong_with_an_option(wrong: list[str]) -> None:
    assert CliRunner().invoke(demo, wrong).exit_code == 2
