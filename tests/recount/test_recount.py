"""Twenty random schools, counted twice: by Headway, and from its exported files by code that shares nothing with it."""

import random

import pytest

from headway.domain.questions import Question
from headway.formats.sheets_out import write_csv
from headway.records.models import School
from headway.services.access import COMMAND_LINE
from headway.services.exports import export
from headway.services.questions import ask
from tests.recount import recount
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file

SUBJECTS = ("reading", "writing", "english", "mathematics", "science")
TAUGHT = ("reading", "writing", "mathematics", "science")
TERMS = [f"{year}-{name}" for year in ("2024-25", "2025-26") for name in recount.NAMES] + ["2026-27-autumn"]
WORDS = ("above", "on", "below", "well_below", "not_known")


def random_school(chance: random.Random) -> School:
    """A school of 24 pupils in Years 1 to 9, by files, with everything that can be missing missing somewhere."""
    school = make_school()
    upns = [make_upn(number) for number in range(24)]
    groups = {upn: chance.randint(1, 9) for upn in upns}
    said = {upn: {"sex": chance.choice("MF"), "year_group": str(groups[upn])} for upn in upns}
    bring_in(school, pupils_file(said), file="pupils.csv")
    results, targets, marks = [], [], []
    for upn in upns:
        ability = chance.randint(3, 15)
        stage = next(name for name, (low, high) in recount.STAGES.items() if low <= groups[upn] <= high)
        for subject in TAUGHT:
            results += _results(chance, upn, subject, stage, ability)
            if chance.random() < 0.85:
                targets.append(f"{upn},{subject},{stage},{_near(chance, ability + 5)}")
            for term in TERMS:
                year_group = groups[upn] - (2026 - int(term[:4]))
                if 1 <= year_group <= 9 and chance.random() < 0.85:
                    mark = (
                        chance.choice(sorted(recount.MARKS)) if chance.random() < 0.06 else _near(chance, ability + 2)
                    )
                    marks.append(f"{upn},{subject},{term},{mark}")
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    files = {
        "targets": csv("upn,subject,key_stage,grade", *targets),
        "assessments": csv("upn,subject,term,grade", *marks),
    }
    for kind in chance.sample(sorted(files), k=2):  # the order they come in must not matter
        bring_in(school, files[kind], file=f"{kind}.csv")
    return school


def _near(chance: random.Random, rank: int) -> str:
    return recount.LADDER[min(max(rank + chance.randint(-3, 3), 0), len(recount.LADDER) - 1)]


def _results(chance: random.Random, upn: str, subject: str, stage: str, ability: int) -> list[str]:
    before = recount.BEFORE[stage]
    if before == "EYFS" or chance.random() < 0.2:
        return []
    rows = {}
    for _ in range(chance.randint(1, 3)):
        grade = _near(chance, ability)
        if chance.random() < 0.2:
            grade = "W" if grade == "W" else grade[0]
        if chance.random() < 0.05:
            grade = "Abs"
        kind, year = chance.choice(["test", "teacher"]), chance.choice(["2023", "2024"])
        rows[kind, year] = f"{upn},{before},{subject},{grade},{year},{kind}"
    return list(rows.values())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20))
def test_headway_and_the_recount_agree(seed: int) -> None:
    school = random_school(random.Random(seed))
    files = {}
    for kind in ("pupils", "results", "targets", "assessments", "progress_targets"):
        sheet = export(kind, school=school, by=COMMAND_LINE, now=NOW)
        files[kind] = write_csv(sheet.headers, sheet.rows).decode()
    again = recount.School(files, this_year=2026)

    exported = recount.table(files["progress_targets"])
    lines = {(r["upn"], r["subject"], r["term"], r["points"], r["grade"], r["target_grade"]) for r in exported}
    assert len(exported) > 500
    assert lines == again.progress_targets(SUBJECTS)

    for subject in SUBJECTS:
        question = Question("status", subjects=(subject,), term="2026-27-autumn", by=("sex",))
        rows = ask(question, viewer=COMMAND_LINE, school=school, now=NOW).rows
        counted = {row.by["sex"]: {word: row.figures[word] for word in WORDS if row.figures[word]} for row in rows}
        assert counted == again.statuses(subject, "2026-27-autumn"), subject
