"""Who goes to a made-up school."""

from collections import Counter
from collections.abc import Callable
from statistics import mean

import pytest

from headway.demo.names import FORENAMES
from headway.demo.pupils import DemoPupil
from headway.demo.school import DemoSchool
from headway.domain.pupils import CHARACTERISTICS, check_upn


@pytest.fixture(scope="module", params=[("primary", 420), ("secondary", 1_200), ("primary", 60)], ids=str)
def school(request: pytest.FixtureRequest, imagine: Callable[..., DemoSchool]) -> DemoSchool:
    kind, n_pupils = request.param
    return imagine(kind, n_pupils=n_pupils)


def _here(school: DemoSchool) -> list[DemoPupil]:
    return [pupil for pupil in school.pupils if pupil.on_roll(school.time.today)]


def test_it_has_as_many_pupils_on_roll_as_asked_for(imagine: Callable[..., DemoSchool]) -> None:
    school = imagine("secondary", n_pupils=333)

    sizes = Counter(pupil.year_group(school.time.this_year) for pupil in _here(school))

    assert sorted(sizes) == [7, 8, 9, 10, 11]
    assert sorted(sizes.values()) == [66, 66, 67, 67, 67]


def test_it_gives_everybody_a_valid_number_of_their_own(school: DemoSchool) -> None:
    upns = [pupil.upn for pupil in school.pupils]

    assert [check_upn(upn) for upn in upns] == upns
    assert len(set(upns)) == len(upns)


def test_it_gives_everybody_the_age_of_their_year_group(school: DemoSchool) -> None:
    for pupil in school.pupils:
        age_in_reception = pupil.cohort - pupil.born.year - (pupil.born.month >= 9)
        assert age_in_reception == 4


def test_it_has_joiners_without_results_and_leavers(school: DemoSchool) -> None:
    joiners = [pupil for pupil in _here(school) if pupil.newcomer]
    leavers = [pupil for pupil in school.pupils if pupil.left and (pupil.left.month, pupil.left.day) != (8, 31)]

    assert len(joiners) >= 3
    assert len(leavers) >= 3
    assert all(pupil.left <= school.time.today for pupil in leavers if pupil.left)


def test_it_uses_only_codes_there_are(school: DemoSchool) -> None:
    for pupil in school.pupils:
        for kind, code in (("ethnicity", pupil.traits.ethnicity), ("sen", pupil.traits.sen)):
            assert code is None or CHARACTERISTICS[kind].parse(code) == code
        assert pupil.traits.language is None or CHARACTERISTICS["first_language"].parse(pupil.traits.language)


def test_it_has_groups_of_realistic_size(imagine: Callable[..., DemoSchool]) -> None:
    school = imagine("secondary", n_pupils=1_200)
    traits = [pupil.traits for pupil in school.pupils]
    this_year = school.time.this_year.starts_in

    assert 0.15 < mean(each.fsm[this_year] for each in traits) < 0.21
    assert 0.12 < mean(each.sen in ("A", "P") for each in traits) < 0.16
    assert 0.02 < mean(each.sen == "S" for each in traits) < 0.04
    assert 0.14 < mean(each.learns_english for each in traits) < 0.26
    assert 0.005 < mean(each.looked_after for each in traits) < 0.02
    assert 0.935 < mean(each.attendance for each in traits) < 0.955
    assert any(len(set(each.fsm.values())) == 2 for each in traits)
    assert len({each.ethnicity for each in traits}) > 12


def test_it_has_forenames_for_every_background_and_sex() -> None:
    backgrounds = {background for background, _ in FORENAMES}

    assert {(background, sex) for background in backgrounds for sex in "FM"} == set(FORENAMES)
    assert all(len(pool) >= 10 for pool in FORENAMES.values())
