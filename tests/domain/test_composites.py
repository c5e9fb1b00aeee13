"""Composite subjects: the mean of the parts, all of them needed."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.composites import composite
from headway.domain.scales import Scale


def test_it_is_the_mean_of_reading_and_writing_with_the_grade_whose_band_holds_it(levels: Scale) -> None:
    figure = composite({"reading": Fraction(29), "writing": Fraction(23)}, scale=levels)

    assert figure.points == 26
    assert figure.grade == levels.parse("4b")
    assert figure.missing == ()


def test_it_names_the_part_that_is_missing(levels: Scale) -> None:
    figure = composite({"reading": Fraction(29), "writing": None}, scale=levels)

    assert (figure.points, figure.grade, figure.missing) == (None, None, ("writing",))


def test_it_names_every_missing_part(levels: Scale) -> None:
    assert composite({"reading": None, "writing": None}, scale=levels).missing == ("reading", "writing")


def test_it_has_no_figure_without_parts(levels: Scale) -> None:
    figure = composite({}, scale=levels)

    assert (figure.points, figure.grade, figure.missing) == (None, None, ())


@given(data=st.data())
def test_it_lies_between_its_parts_in_any_order(levels: Scale, data: st.DataObject) -> None:
    grades = data.draw(st.lists(st.sampled_from(levels.grades), min_size=1, max_size=4))
    parts = {f"part{n}": grade.points for n, grade in enumerate(grades)}
    figure = composite(parts, scale=levels)
    reversed_figure = composite(dict(reversed(parts.items())), scale=levels)

    assert figure.points is not None
    assert figure.grade is not None
    assert min(parts.values()) <= figure.points <= max(parts.values())
    assert min(grade.rank for grade in grades) <= figure.grade.rank <= max(grade.rank for grade in grades)
    assert reversed_figure == figure
