"""Lines and statuses worked out again from exported files, in plain Python that shares no code with the project.

Written from the rules alone, for National Curriculum levels in Key Stages 1 to 3. If this and Headway disagree, one of
them is wrong.
"""

import csv
import io
from collections import Counter, defaultdict
from fractions import Fraction

STAGES = {"KS1": (1, 2), "KS2": (3, 6), "KS3": (7, 9)}
BEFORE = {"KS1": "EYFS", "KS2": "KS1", "KS3": "KS2"}
FIRST_CHOICE = {"KS1": "teacher", "KS2": "test"}
SECOND_CHOICE = {"KS1": "test", "KS2": "teacher"}
NAMES = ("autumn", "spring", "summer")
MARKS = {"Abs", "Dis", "NE", "NR"}
LADDER = ["W"] + [f"{level}{part}" for level in range(1, 9) for part in "cba"]


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def worth(grade):
    if grade == "W":
        return 3
    return 6 * int(grade[0]) + 3 + {"c": -2, "b": 0, "a": 2, "": 0}[grade[1:]]


def step(grade):
    return 0 if grade == "W" else LADDER.index(grade if len(grade) == 2 else grade + "b")


def reached(value):
    best = 0
    for place, grade in enumerate(LADDER):
        if worth(grade) <= value:
            best = place
    return best


def band(value):
    best = 0
    for place, grade in enumerate(LADDER):
        floor = 0 if grade == "W" else worth(grade) - 1
        if floor <= value:
            best = place
    return best


def when(term):
    year, name = term.rsplit("-", 1)
    return int(year[:4]) * 3 + NAMES.index(name)


def term_code(index):
    year, number = divmod(index, 3)
    return f"{year}-{(year + 1) % 100:02d}-{NAMES[number]}"


class School:
    """A school's exported files, read back."""

    def __init__(self, files, *, this_year):
        self.this_year = this_year
        self.pupils = {row["upn"]: row for row in table(files["pupils"])}
        self.targets = {(r["upn"], r["subject"], r["key_stage"]): r["grade"] for r in table(files["targets"])}
        self.results = defaultdict(list)
        for row in table(files["results"]):
            if row["grade"] not in MARKS:
                self.results[row["upn"], row["subject"], row["key_stage"]].append(row)
        self.marks = {(r["upn"], r["subject"], r["term"]): r["grade"] for r in table(files["assessments"])}

    def stage_starts(self, upn, stage):
        year_group = int(self.pupils[upn]["year_group"].replace("R", "0"))
        return (self.this_year - (year_group - STAGES[stage][0])) * 3

    def prior(self, upn, subject, stage):
        before = BEFORE[stage]
        rows = self.results[upn, subject, before]
        for kind in (FIRST_CHOICE.get(before), SECOND_CHOICE.get(before), ""):
            same = [row for row in rows if row["kind"] == kind]
            if same:
                return worth(max(same, key=lambda row: int(row["year"] or 0))["grade"])
        return None

    def line(self, upn, subject, stage):
        """term index → (points, target code); and the index of a term where the line starts, if it does."""
        target = self.targets.get((upn, subject, stage))
        if target is None:
            return {}, None
        first, n = self.stage_starts(upn, stage), 3 * (STAGES[stage][1] - STAGES[stage][0] + 1)
        start, k0 = self.prior(upn, subject, stage), 0
        if start is None:
            graded = [
                k
                for k in range(1, n + 1)
                if self.marks.get((upn, subject, term_code(first + k - 1)), "Abs") not in MARKS
            ]
            if not graded:
                return {}, None
            k0 = graded[0]
            start = worth(self.marks[upn, subject, term_code(first + k0 - 1)])
        line = {}
        for k in range(max(k0, 1), n + 1):
            value = Fraction(worth(target)) if k0 == n else start + Fraction((worth(target) - start) * (k - k0), n - k0)
            line[first + k - 1] = (value, target)
        return line, (first + k0 - 1 if k0 else None)

    def english(self, upn, stage):
        """The composite's line: the mean of reading's and writing's, in the terms both have."""
        reading, reading_starts = self.line(upn, "reading", stage)
        writing, writing_starts = self.line(upn, "writing", stage)
        if not reading or not writing:
            return {}, None
        mean = Fraction(worth(reading[max(reading)][1]) + worth(writing[max(writing)][1]), 2)
        code = LADDER[band(mean)]
        line = {index: ((reading[index][0] + writing[index][0]) / 2, code) for index in reading.keys() & writing.keys()}
        starts = max(reading_starts or 0, writing_starts or 0)
        return line, starts or None

    def line_of(self, upn, subject, stage):
        if subject == "english" and stage in ("KS1", "KS2"):
            return self.english(upn, stage)
        return self.line(upn, subject, stage)

    def progress_targets(self, subjects):
        """Every row the export should have."""
        rows = set()
        for upn in self.pupils:
            for subject in subjects:
                for stage in STAGES:
                    for index, (value, code) in self.line_of(upn, subject, stage)[0].items():
                        rows.add((upn, subject, term_code(index), str(value), LADDER[reached(value)], code))
        return rows

    def assessed(self, upn, subject, term, stage):
        """Rank of what a pupil was given, or None; a composite is the band of the mean of its parts."""
        if subject == "english" and stage in ("KS1", "KS2") and (upn, subject, term) not in self.marks:
            parts = [self.marks.get((upn, part, term), "Abs") for part in ("reading", "writing")]
            if any(part in MARKS for part in parts):
                return None
            return band(Fraction(sum(worth(part) for part in parts), 2))
        mark = self.marks.get((upn, subject, term), "Abs")
        return None if mark in MARKS else step(mark)

    def statuses(self, subject, term):
        """Counts of the five words by sex, for the pupils who are taught the subject."""
        counts = defaultdict(Counter)
        index = when(term)
        for upn, pupil in self.pupils.items():
            year_group = int(pupil["year_group"].replace("R", "0"))
            stage = next((name for name, (low, high) in STAGES.items() if low <= year_group <= high), None)
            if stage is None:
                continue
            line, starts = self.line_of(upn, subject, stage)
            given = self.assessed(upn, subject, term, stage)
            if given is None or index not in line or starts == index:
                word = "not_known"
            else:
                steps = given - reached(line[index][0])
                word = "above" if steps > 0 else "on" if steps == 0 else "below" if steps == -1 else "well_below"
            counts[pupil["sex"]][word] += 1
        return {sex: dict(words) for sex, words in counts.items()}
