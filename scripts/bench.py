"""`make bench`: how long the large jobs take here, each beside its aim, in one run and one table.

Makes its own school in a folder of its own, by files, and works on it in this very process: 1,200 pupils in Years 7 to
11, ten subjects. Of several rounds the best counts. Nothing here decides whether a change may go in.
"""

import argparse
import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, cycle, islice, product
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

FOLDER = Path(tempfile.mkdtemp(prefix="headway-bench-"))
os.environ |= {"HEADWAY_DATA": str(FOLDER / "data"), "DJANGO_SETTINGS_MODULE": "headway.config.settings"}
os.environ.pop("HEADWAY_DATABASE_URL", None)

import django  # noqa: E402  # the folder is named before the settings are read

django.setup()

import polars as pl  # noqa: E402
from django.db import transaction  # noqa: E402

from headway.analysis.layout import slice_column  # noqa: E402
from headway.domain.pupils import upn_check_letter  # noqa: E402
from headway.domain.questions import parse_question  # noqa: E402
from headway.formats.sheets_out import write_csv, write_xlsx  # noqa: E402
from headway.records import history  # noqa: E402
from headway.records.extracts import pupil_frame  # noqa: E402
from headway.records.kept import KEPT  # noqa: E402
from headway.records.models import Assessment, ProgressTarget, Pupil, Subject, Target  # noqa: E402
from headway.records.rolls import read_roll  # noqa: E402
from headway.services.access import COMMAND_LINE  # noqa: E402
from headway.services.assessments import Cell, record  # noqa: E402
from headway.services.backups import back_up  # noqa: E402
from headway.services.exports import export  # noqa: E402
from headway.services.installation import bring_up_to_date  # noqa: E402
from headway.services.progress_targets import lay_lines  # noqa: E402
from headway.services.questions import ask  # noqa: E402
from headway.services.schools import create_school, domain_scales, framework_of, read_term  # noqa: E402
from headway.services.transfers import Plan, apply, plan, undo  # noqa: E402

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/London"))
HEADWAY = Path(sys.executable).with_name("headway")
YEAR_GROUPS = (7, 8, 9, 10, 11)
CORE = ("english", "mathematics", "science")
SUBJECTS = (*CORE, "ict", "history", "geography", "french", "art", "music", "design_technology")
TERM = "2026-27-autumn"
LEVELS = ("3c", "3b", "3a", "4c", "4b", "4a", "5c", "5b", "5a", "6c")
LIKELY = ("E", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "A")
MEASURES = ("status", "gap", "grades", "points", "at_least:4")

Act = Callable[[], object]
Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Took:
    """The best of several rounds, in seconds: of the processor, and on the clock."""

    cpu: float
    wall: float


def main() -> int:
    """Everything, a line as soon as it is known."""
    asked = argparse.ArgumentParser(description="How long the large jobs take here, each beside its aim.")
    asked.add_argument("--pupils", type=int, default=1_200, metavar="N", help="how large the school is (1,200)")
    asked.add_argument("--rounds", type=int, default=3, metavar="N", help="of how many rounds the best counts (3)")
    asked.add_argument("--no-demo", action="store_true", help="leave out the made-up schools, which take longest")
    wanted = asked.parse_args()
    try:
        bring_up_to_date()
        bench = Bench(n_pupils=wanted.pupils, rounds=wanted.rounds)
        print(f"{wanted.pupils:,} pupils, {len(SUBJECTS)} subjects; the best of {wanted.rounds}. Seconds.")
        print(f"{'':<58}{'CPU':>9}{'clock':>9}{'aim':>9}{'ratio':>8}")
        bench.lines()
        bench.imports()
        bench.exports()
        bench.marks()
        bench.questions()
        if not wanted.no_demo:
            bench.demos()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    return 0


class Bench:
    """The school, and each group of jobs on it."""

    def __init__(self, *, n_pupils: int, rounds: int) -> None:
        self.rounds = rounds
        self.upns = {upn(number): YEAR_GROUPS[number % len(YEAR_GROUPS)] for number in range(n_pupils)}
        self.school = create_school(name="Bench", dfe="8231234", framework="england-2008", by=COMMAND_LINE, now=NOW)
        for kind, headers, rows in self._foundations():
            apply(self._plan(kind, headers, rows), by=COMMAND_LINE, now=NOW)
        self.everyone = list(Pupil.objects.values_list("pk", flat=True))
        self.subjects = list(Subject.objects.filter(code__in=SUBJECTS).values_list("pk", flat=True))

    def lines(self) -> None:
        """Lines laid from nothing, redrawn, and targets changed by a file."""
        n_lines = ProgressTarget.objects.count()
        took = self._best(lambda: self._lay(self.everyone), before=self._take_lines_away)
        report(f"{n_lines:,} lines laid in one transaction", took, aim=3.0)
        year = [pk for pk, code in Pupil.objects.values_list("pk", "upn") if self.upns[code] == 8]
        grades = cycle(("6a", "6b"))
        took = self._best(lambda: self._lay(year), before=lambda: self._set_targets(year, next(grades)))
        report(f"{len(year) * len(SUBJECTS):,} lines of a year group redrawn", took, aim=0.5)
        changes = cycle(("7c", "7b"))
        took = self._best(lambda: self._change_year_group(8, next(changes)))
        report("… with their targets changed by a file, read and applied", took, aim=1.0)

    def imports(self) -> None:
        """20,000 assessments: read, planned and applied; then the same file with nothing to change."""
        rows = list(islice(self._marks(), 20_000))
        headers = "upn subject term grade"
        planned: list[Plan] = []
        reading = self._best(lambda: planned.append(self._plan("assessments", headers, rows)))
        done: list[Any] = []
        applying = self._best(
            lambda: done.append(apply(planned[-1], by=COMMAND_LINE, now=NOW)),
            before=lambda: self._plan_anew(planned, done, headers, rows),
        )
        n_rows = f"{len(rows):,}"
        report(f"{n_rows} assessments read and planned", reading)
        report(f"{n_rows} assessments applied", applying)
        both = Took(reading.cpu + applying.cpu, reading.wall + applying.wall)
        report(f"{n_rows} assessments imported, both together", both, aim=5.0)
        same = self._best(lambda: self._plan("assessments", headers, rows))
        report("the same file again, nothing to change", same, aim=5.0)

    def exports(self) -> None:
        """Whole-school files out, and a backup."""
        n_rows = Assessment.objects.count()

        def sheet() -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
            made = export("assessments", school=self.school, by=COMMAND_LINE, now=NOW)
            return made.headers, made.rows

        report(f"{n_rows:,} assessments exported as CSV", self._best(lambda: write_csv(*sheet())), aim=0.5)
        report("… as XLSX", self._best(lambda: write_xlsx(*sheet(), sheet="assessments")))
        report("a backup taken and verified", self._best(lambda: back_up(FOLDER / f"{uuid4()}.sqlite3")))

    def marks(self) -> None:
        """A class saved, again and again: flat as history grows."""
        pupils = list(Pupil.objects.filter(upn__in=[code for code, year in self.upns.items() if year == 9])[:30])
        grades = cycle(LEVELS)

        def save() -> None:
            standing = Assessment.objects.filter(pupil__in=pupils, subject__code="art", term__code=TERM)
            versions = {row.pupil_id: f"{row.pk}.{row.version}" for row in standing.only("pupil_id", "version")}
            grade = next(grades)
            cells = [Cell(pupil.uid, "art", grade, versions.get(pupil.pk, "")) for pupil in pupils]
            record(cells, term=TERM, school=self.school, by=COMMAND_LINE, now=NOW, request_id=uuid4())

        report(f"a class of {len(pupils)} saved", self._best(save, rounds=10 * self.rounds), aim=0.014)

    def questions(self) -> None:
        """Each measure of all subjects, for a year group and the school: all of it; warm; and the bare expression."""
        print(f"{'':<58}{'CPU':>9}{'clock':>9}{'bare':>9}{'×':>8}")
        for words, population in (("Year 9", {"year_groups": [9]}), ("the school", {})):
            frame = self._frame(9 if population else None)
            for measure in MEASURES:
                question = parse_question({"measure": measure, "subjects": list(SUBJECTS), "population": population})
                call = partial(ask, question, viewer=COMMAND_LINE, school=self.school, now=NOW)
                cold = self._best(call, before=KEPT.clear)
                warm = self._best(call, rounds=10 * self.rounds)
                bare = self._best(lambda m=measure, f=frame: bare_tally(f, m), rounds=10 * self.rounds)  # type: ignore[misc]
                report(f"{measure} of {words}, with nothing kept", cold)
                report(f"{measure} of {words}, warm", warm, bare=bare)

    def demos(self) -> None:
        """The made-up schools, each by the command in a process of its own."""
        for kind, aim in (("primary", 8.0), ("secondary", 20.0)):
            data = FOLDER / kind
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            command: list[str | Path] = [HEADWAY, "demo", "--school", kind, "--no-serve", "--data", data]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode:
                print(f"  a made-up {kind}: left out, {done.stderr.strip()[-200:]}")
                continue
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            report(f"a made-up {kind} with three years of history", Took(cpu, wall), aim=aim)
        pages: list[str | Path] = [
            sys.executable,
            Path(__file__).with_name("bench_pages.py"),
            "--data",
            FOLDER / "secondary",
        ]
        subprocess.run(pages, check=False)

    def _best(self, act: Act, *, before: Act | None = None, rounds: int | None = None) -> Took:
        """The best of several rounds; what has to be readied before each does not count."""
        cpu, wall = [], []
        for _ in range(rounds or self.rounds):
            if before is not None:
                before()
            gc.collect()
            started, worked = time.perf_counter(), time.process_time()
            act()
            cpu.append(time.process_time() - worked)
            wall.append(time.perf_counter() - started)
        return Took(min(cpu), min(wall))

    def _foundations(self) -> Iterator[tuple[str, str, Rows]]:
        """The files a secondary brings first: pupils, prior attainment, a first assessment each, targets."""
        yield (
            "pupils",
            "upn surname forename sex dob year_group fsm",
            ((code, f"Name{code[6:]}", "Sam", "MF"[n % 2], f"{2021 - year}-01-05", year, "YN"[n % 3 > 0])
             for n, (code, year) in enumerate(self.upns.items())),
        )  # fmt: skip
        younger = [code for code, year in self.upns.items() if year <= 9]
        levels = cycle(LEVELS[2:7])
        results = ((code, "KS2", subject, next(levels)) for code, subject in product(younger, CORE))
        yield "results", "upn key_stage subject grade", results
        first = ((code, "2025-26-autumn" if self.upns[code] > 7 else TERM) for code in younger)
        marks = ((code, subject, term, next(levels)) for (code, term), subject in product(first, SUBJECTS))
        yield "assessments", "upn subject term grade", marks
        targets = (
            (code, subject, "KS3" if year <= 9 else "KS4", "6b" if year <= 9 else "B")
            for (code, year), subject in product(self.upns.items(), SUBJECTS)
        )
        yield "targets", "upn subject key_stage grade", targets

    def _marks(self) -> Iterator[Sequence[object]]:
        """Marks in three terms for everybody who was in Years 7 to 11 then."""
        grades = {True: cycle(LEVELS), False: cycle(LIKELY)}
        older = [(code, year) for code, year in self.upns.items() if year >= 8]
        terms = chain((term, 0) for term in (TERM,)), ((term, 1) for term in ("2025-26-summer", "2025-26-spring"))
        for term, ago in chain(*terms):
            for (code, year), subject in product(older, SUBJECTS):
                yield code, subject, term, next(grades[year - ago <= 9])

    def _plan(self, kind: str, headers: str, rows: Rows) -> Plan:
        content = write_csv(tuple(headers.split()), [tuple(map(str, row)) for row in rows])
        made = plan(content, file=f"{kind}.csv", school=self.school, by=COMMAND_LINE, now=NOW)
        assert not made.problems, made.problems[0].sentence()
        return made

    def _plan_anew(self, planned: list[Plan], done: list[Any], headers: str, rows: Rows) -> None:
        """The school as before the import, and a fresh plan of it."""
        if done:
            undo(done.pop().transfer, school=self.school, by=COMMAND_LINE, now=NOW)
        planned.append(self._plan("assessments", headers, rows))

    def _act(self) -> Any:
        return history.begin(self.school, kind="bench", by=COMMAND_LINE.author(self.school), at=NOW)

    def _lay(self, pupils: Sequence[int]) -> None:
        with transaction.atomic():
            lay_lines(self.school, act=self._act(), pupils=pupils, subjects=self.subjects, today=NOW.date())

    def _take_lines_away(self) -> None:
        with transaction.atomic():
            history.record(self._act(), removed=list(ProgressTarget.objects.all()))

    def _set_targets(self, pupils: Sequence[int], code: str) -> None:
        scale = framework_of(self.school).scales["nc_levels"]
        grade = scale.parse(code)
        rows = list(Target.objects.filter(pupil_id__in=pupils))
        for row in rows:
            row.grade, row.rank, row.units = grade.code, grade.rank, grade.units
        with transaction.atomic():
            history.record(self._act(), changed=rows)

    def _change_year_group(self, year_group: int, grade: str) -> None:
        pupils = [code for code, year in self.upns.items() if year == year_group]
        rows = [(code, subject, "KS3", grade, "bench") for code, subject in product(pupils, SUBJECTS)]
        apply(self._plan("targets", "upn subject key_stage grade reason", rows), by=COMMAND_LINE, now=NOW)

    def _frame(self, year_group: int | None) -> pl.DataFrame:
        """What a question's tally is made from, without the question."""
        framework = framework_of(self.school)
        term = read_term(self.school, TERM, today=NOW.date())
        roll = read_roll(
            self.school,
            pupils=Pupil.objects.filter(school=self.school),
            framework=framework,
            scales=domain_scales(self.school),
            as_of=NOW.date(),
            year_groups=() if year_group is None else (year_group,),
        )
        return pupil_frame(roll, slices=[(subject, term) for subject in SUBJECTS])


def bare_tally(frame: pl.DataFrame, measure: str) -> pl.DataFrame:
    """The counts and sums of a measure in every subject, by nothing but the expression for them."""
    return frame.select([each for subject in SUBJECTS for each in _expressions(subject, measure)])


def _expressions(subject: str, measure: str) -> list[pl.Expr]:
    def column(what: str) -> pl.Expr:
        return pl.col(slice_column(subject, TERM, what))

    def named(**made: pl.Expr) -> list[pl.Expr]:
        return [each.alias(f"{subject} {name}") for name, each in made.items()]

    if measure == "status":
        steps = pl.when(~column("line_starts_here")).then(column("rank") - column("line_rank"))
        return named(
            above=(steps >= 1).sum(), on=(steps == 0).sum(), below=(steps == -1).sum(),
            well_below=(steps <= -2).sum(), not_known=steps.is_null().sum(),
        )  # fmt: skip
    if measure == "grades":
        return named(grades=column("rank").value_counts().implode(), marks=column("mark").value_counts().implode())
    if measure.startswith("at_least"):
        met = column("whole") >= 12
        return named(numerator=met.sum(), denominator=pl.len(), missing=met.is_null().sum())
    value = column("gap" if measure == "gap" else "points")
    return named(n=value.count(), sum=value.sum(), squares=(value * value).sum(), missing=value.is_null().sum())


def upn(number: int) -> str:
    """A well-formed unique pupil number, another one for every number."""
    rest = f"80120{number:07d}"
    return upn_check_letter(rest) + rest


def report(what: str, took: Took, *, aim: float | None = None, bare: Took | None = None) -> None:
    """One line: what it was, what it took, and how that stands to the aim or to the bare expression."""
    beside = aim if aim is not None else bare.cpu if bare is not None else None
    last = f"{'–':>9}{'–':>8}" if beside is None else f"{beside:>9.3g}{took.cpu / beside:>8.2f}"
    print(f"  {what:<56}{took.cpu:>9.3f}{took.wall:>9.3f}{last}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
