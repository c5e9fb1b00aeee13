"""The project's own Python environment: made once, filled from a lock file, left alone while that file stands.

Runs on a bare Python: knows nothing outside the standard library.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- whoever types make may have an older one
    sys.exit(
        "Headway needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Another: make PYTHON=python3.12"
    )

import fcntl
import hashlib
import json
import os
import subprocess
import time
import tomllib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Lock = Literal["runtime", "development"]
Listener = Callable[[str], None]

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
KEPT_LINES = 20


class StepFailedError(Exception):
    """A command did not succeed; carries what it said last."""

    def __init__(self, command: Sequence[str], code: int, last_lines: Sequence[str]) -> None:
        self.command = " ".join(command)
        self.last_lines = list(last_lines)
        super().__init__(f"This failed (exit code {code}): {self.command}")


def run(command: Sequence[str | Path], *, heard: Listener, env: Mapping[str, str] | None = None) -> None:
    """Runs a command, passing on each line it says; raises StepFailedError with the last of them where it fails."""
    words = [str(word) for word in command]
    last_lines: deque[str] = deque(maxlen=KEPT_LINES)
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                last_lines.append(line.rstrip())
                heard(line.rstrip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise StepFailedError(words, process.returncode, last_lines)


def ensure(lock: Lock, *, heard: Listener) -> None:
    """Makes the environment hold what a lock file says, doing nothing where it already does."""
    with _one_at_a_time():
        if _holds(lock):
            return
        if not _usable():
            heard("Making a Python environment in .venv")
            run([sys.executable, "-m", "venv", "--clear", VENV], heard=heard)
        said = _packages_only(heard)
        pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        run([*pip, "--progress-bar", "off", "--require-hashes", "-r", f"requirements/{lock}.txt"], heard=said)
        run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], heard=said)
        _stamp(lock).write_text(_digest(lock), "ascii")


def _holds(lock: Lock) -> bool:
    """Whether the lock is installed as it stands; the development lock holds everything of the runtime's."""
    enough: Sequence[Lock] = ("development",) if lock == "development" else ("runtime", "development")
    stamps = ((_stamp(each), _digest(each)) for each in enough)
    return _usable() and any(stamp.is_file() and stamp.read_text("ascii") == digest for stamp, digest in stamps)


def _usable() -> bool:
    """Whether there is a whole environment that was made in this very folder: its commands hold their own path."""
    pip = VENV / "bin" / "pip"
    return PYTHON.exists() and pip.is_file() and str(VENV) in pip.read_text("utf-8", errors="replace")


def _stamp(lock: Lock) -> Path:
    return VENV / f"headway-{lock}.stamp"


def _digest(lock: Lock) -> str:
    """What an installation was made from: the lock file, and what the project says about itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    about = json.dumps([project["build-system"], project["project"]], sort_keys=True)
    locked = (ROOT / "requirements" / f"{lock}.txt").read_bytes()
    return hashlib.sha256(about.encode() + locked).hexdigest()


def _packages_only(heard: Listener) -> Listener:
    """Of all that pip says, what a person can follow: each package as it comes, and the end."""

    def listen(line: str) -> None:
        if line.startswith("Collecting "):
            heard(line.split()[1].replace("==", " "))
        elif line.startswith("Installing "):
            heard("Putting everything in its place")

    return listen


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Lets a second `make` wait rather than install into the same folder."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def explain(failure: StepFailedError) -> str:
    """A failed step in the terminal's words: its last lines, what it was, and what to do where that is known."""
    advice = ""
    if "-m venv" in failure.command:
        advice = "\nPython's venv module may be missing. On Debian or Ubuntu: apt-get install python3-venv"
    last_lines = "".join(f"    {line}\n" for line in failure.last_lines)
    return f"\n{last_lines}{failure}{advice}"


def main(arguments: Sequence[str]) -> int:
    """``environment.py runtime`` or ``environment.py development``."""
    lock: Lock = "runtime" if arguments == ["runtime"] else "development"
    started = time.monotonic()
    try:
        ensure(lock, heard=lambda line: print(f"  {line}", flush=True))
    except StepFailedError as failure:
        print(explain(failure), file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    if seconds > 1:
        print(f"Ready in {os.path.relpath(VENV)} after {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
