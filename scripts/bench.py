"""`make bench`: how long the large jobs take here, each beside its aim. Drives Headway only through its command line.

The school: 1,200 pupils in Years 7 to 11, ten subjects. What the command needs to start at all is taken off.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path

HEADWAY = Path(sys.executable).with_name("headway")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
N_PUPILS, N_ASSESSMENTS = 1_200, 20_000
CORE = ("english", "mathematics", "science")
OPTIONS = tuple(f"option_{number}" for number in range(1, 8))
SUBJECTS = (*CORE, *OPTIONS)
GRADES = ("3c", "3b", "3a", "4c", "4b", "4a", "5c", "5b", "5a", "6c")
REPEATS = 3


def upn(number: int) -> str:
    """A well-formed unique pupil number, a new one for every number."""
    rest = f"80120{number:07d}"
    return UPN_LETTERS[sum(weight * int(digit) for weight, digit in enumerate(rest, start=2)) % 23] + rest


def write(path: Path, headers: str, rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(headers.split())
        sheet.writerows(rows)
    return path


def school_files(folder: Path) -> dict[str, Path]:
    """A secondary school as the files it would bring."""
    today = datetime.now(tz=UTC)
    year = today.year - (today.month < 9)
    year_groups = {upn(number): 7 + number % 5 for number in range(N_PUPILS)}
    assessed = [each for each, year_group in year_groups.items() if year_group in (8, 9)]
    terms = [
        f"{begun}-{(begun + 1) % 100:02d}-{term}"
        for begun in (year - 1, year)
        for term in ("autumn", "spring", "summer")
    ]
    cells = islice(product(terms, SUBJECTS, assessed), N_ASSESSMENTS)
    return {
        "pupils": write(
            folder / "pupils.csv",
            "upn surname forename sex dob year_group",
            ((each, f"Name{each[6:]}", "Sam", "F", f"{year - y - 5}-01-01", y) for each, y in year_groups.items()),
        ),
        "subjects": write(
            folder / "subjects.csv",
            "subject name key_stages scale",
            ((subject, subject.replace("_", " ").title(), "KS3", "nc_levels") for subject in OPTIONS),
        ),
        "results": write(
            folder / "results.csv",
            "upn key_stage subject grade",
            ((each, "KS2", subject, "4b") for each in assessed for subject in CORE),
        ),
        "targets": write(
            folder / "targets.csv",
            "upn subject key_stage grade",
            ((each, subject, "KS3", "6b") for each in assessed for subject in SUBJECTS),
        ),
        "assessments": write(
            folder / "assessments.csv",
            "upn subject term grade",
            ((each, subject, term, GRADES[place % len(GRADES)]) for place, (term, subject, each) in enumerate(cells)),
        ),
    }


def headway(data: Path) -> Callable[..., float]:
    """Runs a command on the bench's own data; gives the seconds it took, and stops the bench where it fails."""
    env = {name: value for name, value in os.environ.items() if name != "HEADWAY_DATABASE_URL"} | {
        "HEADWAY_DATA": str(data)
    }

    def run(*arguments: object) -> float:
        started = time.perf_counter()
        done = subprocess.run([HEADWAY, *map(str, arguments)], env=env, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
        if done.returncode:
            sys.exit(f"headway {' '.join(map(str, arguments))}\n{done.stderr[-2000:]}")
        return seconds

    return run


def report(what: str, seconds: float, *, aim: float | None = None) -> None:
    beside = f"{aim:8.2f} s{seconds / aim:8.2f}" if aim else f"{'–':>10}{'–':>8}"
    print(f"  {what:<52}{seconds:8.2f} s{beside}", flush=True)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as name:
        folder = Path(name)
        run = headway(folder / "data")
        run("init", "--name", "Bench School", "--dfe", "8231234", "--framework", "england-2008")
        start = min(run("collections") for _ in range(REPEATS))
        files = school_files(folder)
        print(f"{N_PUPILS:,} pupils, {len(SUBJECTS)} subjects; a command starts in {start:.2f} s, which is taken off.")
        print(f"  {'':<52}{'took':>10}{'aim':>10}{'ratio':>8}")
        for kind in ("pupils", "subjects", "results", "targets"):
            run("import", files[kind])
        report(f"{N_ASSESSMENTS:,} assessments imported", run("import", files["assessments"]) - start, aim=5.0)
        report("the same file again, nothing to change", run("import", files["assessments"]) - start, aim=5.0)
        export = min(run("export", "assessments", "--out", folder / "out.csv") for _ in range(REPEATS))
        report("whole-school export of assessments", export - start, aim=0.5)
        for question in (("status", "--by", "sex"), ("gap", "--by", "year_group"), ("grades",)):
            asked = min(run("ask", *question, "--out", folder / "answer.json") for _ in range(REPEATS))
            report(f"a question, frames cold: {' '.join(question)}", asked - start)
    return 0


if __name__ == "__main__":
    sys.exit(main())
