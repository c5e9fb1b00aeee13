"""Do made-up pupils do as real ones do? Asked of schools large enough to tell."""

from collections.abc import Callable, Mapping
from statistics import correlation, mean, stdev

import pytest

from headway.demo.attainment import TERMS_A_YEAR
from headway.demo.pupils import DemoPupil
from headway.demo.school import DemoSchool
from headway.domain.frameworks import Framework

Points = Mapping[str, Mapping[str, float]]
END_OF_KS1, END_OF_KS2 = 6, 18


@pytest.fixture(scope="module")
def primary(imagine: Callable[..., DemoSchool]) -> DemoSchool:
    return imagine("primary", n_pupils=2_800)


@pytest.fixture(scope="module")
def secondary(imagine: Callable[..., DemoSchool]) -> DemoSchool:
    return imagine("secondary", n_pupils=2_000)


@pytest.fixture(scope="module")
def last_summer(primary: DemoSchool, framework: Framework) -> tuple[dict[str, DemoPupil], Points]:
    """The pupils of Year 4 last summer, and the points of what was written down of them, by subject and pupil."""
    return _pupils(primary, year_group=4), _written(primary, framework, year_group=4, term=-2)


def _pupils(school: DemoSchool, *, year_group: int) -> dict[str, DemoPupil]:
    year = school.time.years[-2]
    return {pupil.upn: pupil for pupil in school.pupils if pupil.year_group(year) == year_group}


def _written(school: DemoSchool, framework: Framework, *, year_group: int, term: int) -> Points:
    chosen = school.time.terms[term]
    rows = school.markbook.termly(
        chosen,
        _pupils(school, year_group=year_group).values(),
        timetable=school.timetables[chosen.year.starts_in],
        waiting=("", ""),
        alike=("", ""),
    )
    scale = framework.scales["nc_levels"]
    points: dict[str, dict[str, float]] = {}
    for upn, subject, _, grade, *_ in rows:
        if str(grade).casefold() in scale.spellings:
            points.setdefault(str(subject), {})[str(upn)] = float(scale.parse(str(grade)).points)
    return points


def _everybody(school: DemoSchool) -> dict[str, DemoPupil]:
    return {pupil.upn: pupil for pupil in school.pupils}


def _standing(school: DemoSchool, subject: str, t: int) -> Mapping[str, float]:
    """Where everybody stands after term t, the end of a key stage: there, or on the way to it."""
    return {each.upn: school.markbook.attainment.standing(each, subject, t).judged for each in school.pupils}


def _correlation(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    both = sorted(set(left) & set(right))
    return correlation([left[upn] for upn in both], [right[upn] for upn in both])


def _gap(points: Mapping[str, float], pupils: Mapping[str, DemoPupil], has: Callable[[DemoPupil], bool]) -> float:
    """The mean of those who have something, less that of the others, in standard deviations of all."""
    inside = [value for upn, value in points.items() if has(pupils[upn])]
    others = [value for upn, value in points.items() if not has(pupils[upn])]
    return (mean(inside) - mean(others)) / stdev(points.values())


@pytest.mark.parametrize("pair", [("reading", "writing"), ("reading", "mathematics"), ("writing", "science")])
def test_it_makes_a_pupil_alike_in_two_subjects(
    last_summer: tuple[dict[str, DemoPupil], Points], pair: tuple[str, str]
) -> None:
    _, points = last_summer

    assert 0.65 < _correlation(points[pair[0]], points[pair[1]]) < 0.88


def test_it_makes_a_pupil_much_alike_in_two_terms_running(primary: DemoSchool, framework: Framework) -> None:
    spring = _written(primary, framework, year_group=4, term=-3)
    summer = _written(primary, framework, year_group=4, term=-2)

    assert 0.85 < _correlation(spring["mathematics"], summer["mathematics"]) < 0.97


def test_it_puts_level_3_in_the_middle_at_the_end_of_year_4(
    last_summer: tuple[dict[str, DemoPupil], Points],
) -> None:
    _, points = last_summer

    assert 20 < mean(points["mathematics"].values()) < 23
    assert 3 < stdev(points["mathematics"].values()) < 5


@pytest.mark.parametrize(
    ("has", "subject", "low", "high"),
    [
        (lambda pupil: pupil.traits.fsm[2024], "mathematics", -0.55, -0.2),
        (lambda pupil: pupil.traits.sen != "N", "reading", -1.1, -0.7),
        (lambda pupil: pupil.sex == "F", "writing", 0.15, 0.45),
        (lambda pupil: pupil.traits.learns_english, "reading", -0.3, 0.05),
    ],
    ids=["free school meals", "special needs", "girls", "first language"],
)
def test_it_keeps_gaps_to_the_size_they_have(
    primary: DemoSchool, has: Callable[[DemoPupil], bool], subject: str, low: float, high: float
) -> None:
    """At the end of Key Stage 1, of everybody who has been at the school."""
    assert low < _gap(_standing(primary, subject, END_OF_KS1), _everybody(primary), has) < high


def test_it_lets_pupils_who_learn_english_catch_up(primary: DemoSchool) -> None:
    pupils = _everybody(primary)

    before, after = (
        _gap(_standing(primary, "reading", t), pupils, lambda pupil: pupil.traits.learns_english)
        for t in (END_OF_KS1, END_OF_KS2)
    )

    assert before < after - 0.15


def test_it_lets_pupils_on_free_school_meals_fall_back(primary: DemoSchool) -> None:
    """Between the ends of the key stages."""
    start, end = (_standing(primary, "mathematics", t) for t in (END_OF_KS1, END_OF_KS2))
    progress = {upn: end[upn] - start[upn] for upn in start}

    assert _gap(progress, _everybody(primary), lambda pupil: pupil.traits.ever_fsm) < -0.1


def test_it_brings_likely_grades_to_the_final_one(secondary: DemoSchool) -> None:
    year_11 = [each for each in secondary.pupils if each.year_group(secondary.time.years[-2]) == 11]
    spread = []
    for k in (4, 5, 6):
        t = 9 * TERMS_A_YEAR + k
        finals = [secondary.markbook.points(each, "mathematics", 33) for each in year_11]
        likely = [secondary.markbook.points(each, "mathematics", t) for each in year_11]
        spread.append(mean(abs(now - end) for now, end in zip(likely, finals, strict=True)))

    assert spread[0] > spread[1] > spread[2] == 0
