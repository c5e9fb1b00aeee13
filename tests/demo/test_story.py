"""The files a made-up school sends, and when."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise

import pytest

from headway.demo.school import DemoSchool
from headway.demo.story import Closing, DemoFile, story
from tests.school import LONDON, NOW


@pytest.fixture(scope="module")
def school(imagine: Callable[..., DemoSchool]) -> DemoSchool:
    return imagine()


@pytest.fixture(scope="module")
def told(school: DemoSchool) -> list[DemoFile | Closing]:
    return list(story(school))


def _rows(told: list[DemoFile | Closing], kind: str) -> Iterator[dict[str, object]]:
    for each in told:
        if isinstance(each, DemoFile) and each.kind == kind:
            yield from (dict(zip(each.headers, row, strict=True)) for row in each.rows)


def test_it_tells_the_same_story_for_the_same_seed(
    imagine: Callable[..., DemoSchool], told: list[DemoFile | Closing]
) -> None:
    assert list(story(imagine())) == told
    assert list(story(imagine(seed=8))) != told


@pytest.mark.parametrize("day", [(2026, 9, 1), (2027, 1, 1), (2027, 4, 18), (2027, 8, 31), (2028, 2, 29)])
@pytest.mark.parametrize("kind", ["primary", "secondary"])
def test_it_tells_nothing_of_the_days_to_come(
    imagine: Callable[..., DemoSchool], kind: str, day: tuple[int, int, int]
) -> None:
    now = datetime(*day, 0, 5, tzinfo=LONDON)

    told = list(story(imagine(kind, n_pupils=30, now=now)))

    assert max(each.at for each in told) <= now
    assert all(earlier.at <= later.at for earlier, later in pairwise(told))
    assert {row["term"] for row in _rows(told, "assessments")} == {each.code for each in imagine(now=now).time.terms}
    assert all(row["date"] <= now.date() for kind in ("assessments", "behaviour") for row in _rows(told, kind))


def test_it_closes_every_term_but_todays(told: list[DemoFile | Closing]) -> None:
    closed = [each.term for each in told if isinstance(each, Closing)]

    assert closed == [f"{year}-{term}" for year in ("2024-25", "2025-26") for term in ("autumn", "spring", "summer")]


def test_it_leaves_one_class_without_marks_in_a_subject(school: DemoSchool, told: list[DemoFile | Closing]) -> None:
    code, subject = school.waiting
    pupils = _taught(school, code, subject)
    marked = {row["upn"] for row in _rows(told, "assessments") if row["term"] == "2026-27-autumn"}
    in_subject = {
        row["upn"] for row in _rows(told, "assessments") if (row["term"], row["subject"]) == ("2026-27-autumn", subject)
    }

    assert pupils & marked
    assert not pupils & in_subject


def test_a5_it_marks_one_class_all_alike(school: DemoSchool, told: list[DemoFile | Closing]) -> None:
    code, subject = school.alike
    pupils = _taught(school, code, subject)
    grades = [
        row["grade"]
        for row in _rows(told, "assessments")
        if (row["term"], row["subject"]) == ("2026-27-autumn", subject) and row["upn"] in pupils
    ]

    assert len(grades) >= 8
    assert len(set(grades)) == 1


def test_it_uses_mark_codes_and_misses_marks(imagine: Callable[..., DemoSchool]) -> None:
    school = imagine(n_pupils=420)
    told = list(story(school))
    grades = [row["grade"] for row in _rows(told, "assessments")]

    assert {"Abs", "Dis", "NE"} < set(grades)
    term = school.time.terms[-2]
    due = sum(
        len(school.timetables[term.year.starts_in][pupil.upn])
        for pupil in school.pupils
        if pupil.on_roll(term.marks) and pupil.year_group(term.year) > 0
    )
    entered = sum(row["term"] == term.code for row in _rows(told, "assessments"))
    assert 0.01 < 1 - entered / due < 0.04


def test_it_gives_newcomers_no_results_from_before(school: DemoSchool, told: list[DemoFile | Closing]) -> None:
    newcomers = {pupil.upn: pupil for pupil in school.pupils if pupil.newcomer}
    results = [row for row in _rows(told, "results") if row["upn"] in newcomers]

    assert newcomers
    assert all(int(str(row["year"])) >= newcomers[str(row["upn"])].joined.year for row in results)


def test_it_sets_bare_levels_only_in_results(told: list[DemoFile | Closing]) -> None:
    assert {"1", "3"} <= {row["grade"] for row in _rows(told, "results")}
    assert not {"1", "2", "3", "4", "5"} & {row["grade"] for row in _rows(told, "assessments")}


def test_it_revises_targets_with_a_reason(imagine: Callable[..., DemoSchool]) -> None:
    told = list(story(imagine(n_pupils=420)))
    seen: set[tuple[object, ...]] = set()
    revised = []
    for row in _rows(told, "targets"):
        key = row["upn"], row["subject"], row["key_stage"]
        if key in seen:
            revised.append(row)
        seen.add(key)

    assert len(revised) >= 5
    assert all(row["reason"] and row["agreed_on"] for row in revised)


def test_t2_it_sets_a_target_or_two_at_what_is_attained(school: DemoSchool, told: list[DemoFile | Closing]) -> None:
    wanted = {
        (row["upn"], row["subject"]): str(row["grade"]) for row in _rows(told, "targets") if row["key_stage"] == "KS2"
    }
    results = {
        (row["upn"], row["subject"]): str(row["grade"]) for row in _rows(told, "results") if row["key_stage"] == "KS1"
    }
    asking_nothing = [key for key in school.already_there if key in wanted and wanted[key][0] == results[key][0]]

    assert asking_nothing


def test_it_has_groups_and_lively_days(told: list[DemoFile | Closing]) -> None:
    assert {"Reading boosters", "Choir"} <= {row["group"] for row in _rows(told, "groups")}
    points = [int(str(row["points"])) for row in _rows(told, "behaviour")]
    assert min(points) < 0 < max(points)


def test_it_says_who_is_rarely_there(told: list[DemoFile | Closing]) -> None:
    rows = list(_rows(told, "attendance"))
    possible, attended = (sum(int(str(row[name])) for row in rows) for name in ("possible", "attended"))

    assert 0.92 < attended / possible < 0.97
    assert len({row["term"] for row in rows}) == 7


def _taught(school: DemoSchool, code: str, subject: str) -> set[object]:
    timetable = school.timetables[school.time.this_year.starts_in]
    return {upn for upn, lessons in timetable.items() if subject in lessons and lessons[subject].code == code}


def test_it_is_made_for_the_day_the_tests_are_set_on() -> None:
    assert NOW.date().isoformat() == "2026-11-23"
