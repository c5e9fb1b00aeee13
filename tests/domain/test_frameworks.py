"""Key stages, where a term stands in them, and the points targets may be set for."""

from datetime import date

import pytest

from headway.domain.frameworks import Framework, StageTerm
from headway.domain.terms import AcademicYear, parse_term

TODAY = date(2026, 11, 23)


def test_it_counts_the_terms_of_each_key_stage(frameworks: dict[str, Framework]) -> None:
    for framework in frameworks.values():
        assert [framework.n_terms(stage) for stage in ("KS1", "KS2", "KS3", "KS4")] == [6, 12, 9, 6]


def test_it_knows_key_stages_by_national_curriculum_year(frameworks: dict[str, Framework]) -> None:
    for framework in frameworks.values():
        stages = [framework.stage_of(year) for year in range(-2, 15)]
        codes = [stage.code if stage else None for stage in stages]
        assert codes == [
            None, None, "EYFS", "KS1", "KS1", "KS2", "KS2", "KS2", "KS2",
            "KS3", "KS3", "KS3", "KS4", "KS4", None, None, None,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("year_group", "term", "expected"),
    [
        (1, "2026-27-autumn", StageTerm("KS1", 1, 6)),
        (2, "2026-27-summer", StageTerm("KS1", 6, 6)),
        (3, "2026-27-autumn", StageTerm("KS2", 1, 12)),
        (4, "2026-27-summer", StageTerm("KS2", 6, 12)),
        (6, "2026-27-spring", StageTerm("KS2", 11, 12)),
        (9, "2026-27-summer", StageTerm("KS3", 9, 9)),
        (11, "2026-27-autumn", StageTerm("KS4", 4, 6)),
        (12, "2026-27-autumn", None),
    ],
)
def test_it_numbers_terms_within_the_key_stage(
    england_2008: Framework, year_group: int, term: str, expected: StageTerm | None
) -> None:
    found = england_2008.stage_term(parse_term(term, terms=england_2008.terms, today=TODAY), year_group=year_group)

    assert found == expected


def test_it_finds_the_term_of_a_number_again(england_2008: Framework) -> None:
    stage = england_2008.key_stages["KS2"]
    for k in range(1, 13):
        term = england_2008.term_at("KS2", k, first_year=AcademicYear(2023))
        year_group = stage.year_groups[term.year.starts_in - 2023]
        assert england_2008.stage_term(term, year_group=year_group) == StageTerm("KS2", k, 12)

    assert england_2008.term_at("KS2", 12, first_year=AcademicYear(2023)).code == "2026-27-summer"


def test_it_knows_the_points_a_target_may_be_set_for(england_2008: Framework) -> None:
    assert [england_2008.point(code) for code in ("KS1", "KS2", "Y4", "Y5", "KS3", "KS4")] == [
        ("KS1", 6), ("KS2", 12), ("KS2", 6), ("KS2", 9), ("KS3", 9), ("KS4", 6),
    ]  # fmt: skip


def test_it_ends_a_named_point_with_the_last_term_of_its_year(frameworks: dict[str, Framework]) -> None:
    for framework in frameworks.values():
        for point in framework.named_points.values():
            stage = framework.key_stages[point.key_stage]
            year_group = stage.year_groups[point.k // 3 - 1]
            assert (point.k % 3, f"Y{year_group}") == (0, point.code)


def test_it_refuses_a_point_it_does_not_know_and_names_those_it_does(england_2008: Framework) -> None:
    with pytest.raises(
        ValueError, match=r"'KS9' is not a key stage. Right would be one of EYFS, KS1, KS2, KS3, KS4, Y1"
    ):
        england_2008.point("KS9")


def test_it_looks_back_to_the_stage_before(england_2008: Framework) -> None:
    prior = {stage.code: (stage.prior_stage, stage.prior_kinds) for stage in england_2008.key_stages.values()}

    assert prior["KS2"] == ("KS1", ("teacher", "test"))
    assert prior["KS3"] == ("KS2", ("test", "teacher"))
    assert prior["KS4"] == ("KS3", ("teacher", "test"))


def test_it_is_named_with_its_version(england_2008: Framework) -> None:
    assert england_2008.label == "england-2008@1"
