"""Scales and grades: spellings, points, mark codes, thresholds, and the grade of a value."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.scales import Grade, MarkCode, NotOnScale, Part, Scale, WholeGrade, build_scale

VALUES = st.fractions(min_value=-10, max_value=130, max_denominator=36)

LEVEL_POINTS = """
    W 3 0   1c 7 6   1b 9 8   1a 11 10   2c 13 12   2b 15 14   2a 17 16   3c 19 18   3b 21 20   3a 23 22
    4c 25 24   4b 27 26   4a 29 28   5c 31 30   5b 33 32   5a 35 34   6c 37 36   6b 39 38   6a 41 40
    7c 43 42   7b 45 44   7a 47 46   8c 49 48   8b 51 50   8a 53 52
"""  # code, points and opening of the band, as the guidance of the time printed them


@st.composite
def in_any_case(draw: st.DrawFn, text: str) -> str:
    capitals = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(letter.upper() if up else letter.lower() for letter, up in zip(text, capitals, strict=True))


# Points, bands and order


def test_it_gives_each_level_its_points_and_band(levels: Scale) -> None:
    numbers = iter(LEVEL_POINTS.split())
    expected = [(code, int(next(numbers)), int(next(numbers))) for code in numbers]

    assert [(grade.code, grade.points, grade.low) for grade in levels.grades] == expected


def test_it_gives_each_gcse_grade_its_points(gcse: Scale) -> None:
    wholes = {grade.code: grade.points for grade in gcse.grades if grade.part in (None, "secure")}

    assert wholes == {"U": 0, "G": 16, "F": 22, "E": 28, "D": 34, "C": 40, "B": 46, "A": 52, "A*": 58}
    assert [gcse.parse(code).points for code in ("C-", "C", "C+")] == [38, 40, 42]


def test_it_keeps_thirds_exact(nine_to_one: Scale) -> None:
    grades = [nine_to_one.parse(code) for code in ("U", "5-", "5", "5+", "6-")]

    assert [grade.points for grade in grades] == [0, Fraction(14, 3), 5, Fraction(16, 3), Fraction(17, 3)]
    assert [grade.units for grade in grades] == [0, 14, 15, 16, 17]
    assert nine_to_one.per_point == 3


def test_it_counts_scaled_scores_as_themselves(scaled_scores: Scale) -> None:
    assert [grade.code for grade in scaled_scores.grades] == [str(n) for n in range(80, 121)]
    assert all(grade.points == int(grade.code) for grade in scaled_scores.grades)


def test_it_orders_teacher_assessment_from_the_pre_key_stage_standards_up(teacher_assessment: Scale) -> None:
    codes = [grade.code for grade in teacher_assessment.grades]

    assert codes == ["PK1", "PK2", "PK3", "PK4", "PK5", "PK6", "WTS", "EXS", "GDS"]


def test_it_keeps_units_whole_and_ranks_in_order_on_every_scale(every_scale: list[Scale]) -> None:
    for scale in every_scale:
        for rank, grade in enumerate(scale.grades):
            assert (grade.rank, grade.units) == (rank, grade.points * scale.per_point)
            assert grade.low <= grade.points
        assert [grade.points for grade in scale.grades] == sorted({grade.points for grade in scale.grades})
        assert [grade.low for grade in scale.grades] == sorted({grade.low for grade in scale.grades})


def test_it_numbers_whole_levels_for_counting_levels_of_progress(levels: Scale, levels_with_p: Scale) -> None:
    assert [levels.parse(text).level for text in ("W", "1a", "4", "8c")] == [0, 1, 4, 8]
    assert [levels_with_p.parse(text).level for text in ("P1i", "P8", "W", "2b")] == [0, 0, 0, 2]


# Spellings


@given(data=st.data())
def test_it_reads_back_what_it_shows_in_any_letter_case(every_scale: list[Scale], data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from(every_scale))
    grade = data.draw(st.sampled_from([*scale.grades, *scale.bare_grades]))
    display = data.draw(st.sampled_from(["letters", "words"]))

    assert scale.parse(data.draw(in_any_case(grade.shown(display)))) == grade


def test_it_reads_back_every_grade_of_every_scale(every_scale: list[Scale]) -> None:
    for scale in every_scale:
        for grade in (*scale.grades, *scale.bare_grades):
            shown = {grade.code, grade.shown("letters"), grade.shown("words")}
            assert {scale.parse(spelled) for text in shown for spelled in (text, text.upper(), text.lower())} == {grade}


@pytest.mark.parametrize(
    "text", ["4b", "4B", "4 secure", "secure 4", "4s", "L4b", "level 4b", " 4b ", "4 B", "L4 Secure"]
)
def test_it_knows_the_two_spellings_of_a_part(levels: Scale, text: str) -> None:
    assert levels.parse(text).code == "4b"


@pytest.mark.parametrize(
    ("text", "code"), [("c low", "C-"), ("C-", "C-"), ("Secure C", "C"), ("grade c", "C"), ("Ch", "C+")]
)
def test_it_knows_the_parts_of_gcse_grades(gcse: Scale, text: str, code: str) -> None:
    assert gcse.parse(text).code == code


def test_it_takes_a_bare_level_as_its_middle_part_and_shows_it_as_given(levels: Scale) -> None:
    bare, middle = levels.parse("4"), levels.parse("4b")

    assert (bare.rank, bare.points, bare.units, bare.level) == (middle.rank, middle.points, middle.units, middle.level)
    assert (bare.bare, bare.shown("letters"), bare.shown("words")) == (True, "4", "4")
    assert (middle.bare, middle.shown("words")) == (False, "4 secure")


def test_it_takes_a_bare_gcse_grade_as_the_grade_itself(gcse: Scale, nine_to_one: Scale) -> None:
    assert (gcse.parse("C").part, gcse.parse("C").bare, gcse.bare_grades) == ("secure", False, ())
    assert (nine_to_one.parse("5").points, nine_to_one.parse("5").bare) == (5, False)


def test_it_counts_an_undivided_w_as_p8_where_there_are_p_scales(levels: Scale, levels_with_p: Scale) -> None:
    w, p8 = levels_with_p.parse("W"), levels_with_p.parse("P8")

    assert (w.code, w.rank, w.points, w.bare) == ("W", p8.rank, p8.points, True)
    assert (levels.parse("W").rank, levels.parse("W").bare) == (0, False)


def test_it_orders_p_scales_below_level_1(levels_with_p: Scale) -> None:
    codes = [grade.code for grade in levels_with_p.grades]

    assert codes[:12] == ["P1i", "P1ii", "P2i", "P2ii", "P3i", "P3ii", "P4", "P5", "P6", "P7", "P8", "1c"]


@given(data=st.data())
def test_it_takes_no_digit_of_another_script(every_scale: list[Scale], data: st.DataObject) -> None:
    digit = data.draw(st.characters(categories=["Nd", "Nl", "No"], min_codepoint=128))
    text = data.draw(st.sampled_from(["{}", "{}b", "L{}", "{} secure", "{}-", "P{}", "4{}", "1{}0"])).format(digit)

    for scale in every_scale:
        with pytest.raises(NotOnScale):
            scale.parse(text)


@pytest.mark.parametrize(
    "text", ["４b", "4ｂ", "4\N{LATIN SMALL LETTER LONG S}", "4\N{CYRILLIC SMALL LETTER ES}", "ⅳ", "４"]
)
def test_it_takes_no_letter_that_only_looks_right(levels: Scale, text: str) -> None:
    with pytest.raises(NotOnScale):
        levels.parse(text)


@pytest.mark.parametrize(
    "text", ["", " ", "0", "9", "9a", "4d", "44", "4bb", "b", "secure", "4.0", "4,5", "-4b", "27", "level"]
)
def test_it_coerces_nothing(levels: Scale, text: str) -> None:
    with pytest.raises(NotOnScale):
        levels.parse(text)


@given(st.text(max_size=12))
def test_it_reads_any_text_as_a_grade_or_says_what_would_be_right(every_scale: list[Scale], text: str) -> None:
    for scale in every_scale:
        try:
            grade = scale.parse(text)
        except NotOnScale as error:
            assert f"'{text}' is not on the scale. Right would be" in str(error)
        else:
            assert text.strip().isascii()
            assert grade in (*scale.grades, *scale.bare_grades)


def test_it_names_the_grades_that_are_near(levels: Scale) -> None:
    with pytest.raises(NotOnScale) as refusal:
        levels.parse("4d")

    assert str(refusal.value).startswith("'4d' is not on the scale. Right would be a grade from W to 8a")
    assert any(code in refusal.value.right for code in ("4a", "4b", "4c"))


# Mark codes


@pytest.mark.parametrize(("text", "code"), [("Abs", "Abs"), ("abs", "Abs"), ("DIS", "Dis"), ("ne", "NE"), ("NR", "NR")])
def test_it_knows_the_mark_codes_on_every_scale(every_scale: list[Scale], text: str, code: str) -> None:
    for scale in every_scale:
        mark = scale.parse_mark(text)
        assert isinstance(mark, MarkCode)
        assert mark.code == code


def test_it_lets_a_short_mark_code_give_way_to_a_grade(gcse: Scale) -> None:
    a, d, n = (gcse.parse_mark(text) for text in "ADN")

    assert isinstance(a, Grade)
    assert isinstance(d, Grade)
    assert (a.code, d.code) == ("A", "D")
    assert isinstance(n, MarkCode)
    assert n.code == "NE"


@pytest.mark.parametrize(("text", "code"), [("A", "Abs"), ("d", "Dis"), ("N", "NE")])
def test_it_knows_a_short_mark_code_where_no_grade_is_so_spelled(
    levels: Scale, nine_to_one: Scale, teacher_assessment: Scale, scaled_scores: Scale, text: str, code: str
) -> None:
    for scale in (levels, nine_to_one, teacher_assessment, scaled_scores):
        mark = scale.parse_mark(text)
        assert isinstance(mark, MarkCode)
        assert mark.code == code


def test_it_takes_no_mark_code_for_a_grade(levels: Scale) -> None:
    with pytest.raises(NotOnScale):
        levels.parse("Abs")


def test_it_names_the_mark_codes_beside_the_grades(levels: Scale) -> None:
    with pytest.raises(NotOnScale, match=r"or Abs \(absent\), Dis \(disapplied\), NE \(not enough evidence\), NR"):
        levels.parse_mark("away")


# Thresholds


@given(data=st.data())
def test_it_compares_whole_grades_by_whole_grades(every_scale: list[Scale], data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from(every_scale))
    whole = data.draw(st.sampled_from(scale.wholes))
    grade = data.draw(st.sampled_from([*scale.grades, *scale.bare_grades]))
    met = scale.wholes.index(grade.whole) >= scale.wholes.index(whole)

    assert scale.threshold(data.draw(in_any_case(whole))).met_by(grade) == met


@given(data=st.data())
def test_it_compares_parts_by_rank(every_scale: list[Scale], data: st.DataObject) -> None:
    divided = [(scale, grade) for scale in every_scale for grade in scale.grades if grade.part]
    scale, asked = data.draw(st.sampled_from(divided))
    grade = data.draw(st.sampled_from([*scale.grades, *scale.bare_grades]))

    assert scale.threshold(asked.shown("words")).met_by(grade) == (grade.rank >= asked.rank)


@pytest.mark.parametrize(
    ("asked", "grade", "met"),
    [
        ("4", "4c", True),
        ("4", "4", True),
        ("4", "3a", False),
        ("level 4", "4c", True),
        ("L4", "4c", True),
        ("4b", "4c", False),
        ("4b", "4", True),
        ("4b", "4a", True),
        ("W", "W", True),
    ],
)
def test_it_meets_thresholds_of_levels(levels: Scale, asked: str, grade: str, met: bool) -> None:
    assert levels.threshold(asked).met_by(levels.parse(grade)) is met


@pytest.mark.parametrize(
    ("asked", "grade", "met"),
    [("C", "C-", True), ("grade C", "C-", True), ("C", "D+", False), ("C secure", "C-", False), ("C secure", "C", True),
     ("C-", "C-", True), ("A", "A*-", True), ("A*", "A+", False)],
)  # fmt: skip
def test_it_meets_thresholds_of_gcse_grades(gcse: Scale, asked: str, grade: str, met: bool) -> None:
    assert gcse.threshold(asked).met_by(gcse.parse(grade)) is met


def test_it_meets_a_4_with_a_low_4(nine_to_one: Scale) -> None:
    assert nine_to_one.threshold("4").met_by(nine_to_one.parse("4-"))
    assert not nine_to_one.threshold("4 secure").met_by(nine_to_one.parse("4-"))
    assert not nine_to_one.threshold("5").met_by(nine_to_one.parse("4+"))


def test_it_refuses_a_threshold_off_the_scale(levels: Scale) -> None:
    with pytest.raises(NotOnScale):
        levels.threshold("C")


# Points to grade


def test_it_gives_the_highest_grade_whose_points_are_reached(levels: Scale) -> None:
    assert levels.grade_for(Fraction(22)).code == "3b"
    assert levels.grade_for(Fraction(22), rule="reached").code == "3b"
    assert levels.grade_for(Fraction(23)).code == "3a"
    assert levels.grade_for(Fraction(23) - Fraction(1, 10**9)).code == "3b"


def test_it_gives_the_grade_whose_band_holds_the_value_where_a_school_has_chosen_so(levels: Scale) -> None:
    assert levels.grade_for(Fraction(22), rule="band").code == "3a"
    assert levels.grade_for(Fraction(22) - Fraction(1, 10**9), rule="band").code == "3b"


def test_it_gives_the_lowest_grade_below_the_scale(every_scale: list[Scale]) -> None:
    for scale in every_scale:
        assert scale.grade_for(Fraction(-5), rule="reached") == scale.grades[0]
        assert scale.grade_for(Fraction(-5), rule="band") == scale.grades[0]


@given(data=st.data(), value=VALUES)
def test_it_finds_the_grade_of_a_value_as_a_plain_search_would(
    every_scale: list[Scale], data: st.DataObject, value: Fraction
) -> None:
    scale = data.draw(st.sampled_from(every_scale))
    reached, held = scale.grades[0], scale.grades[0]
    for grade in scale.grades:
        reached = grade if grade.points <= value else reached
        held = grade if grade.low <= value else held

    assert scale.grade_for(value, rule="reached") == reached
    assert scale.grade_for(value, rule="band") == held


def test_it_gives_each_grade_for_its_own_points_by_both_rules(every_scale: list[Scale]) -> None:
    for scale in every_scale:
        for grade in scale.grades:
            assert scale.grade_for(grade.points, rule="reached") == grade
            assert scale.grade_for(grade.points, rule="band") == grade


# Building


def _scale(
    wholes: list[WholeGrade], parts: list[Part] | None = None, undivided: dict[str, tuple[str, str]] | None = None
) -> Scale:
    return build_scale("made_up", name="made up", version=1, wholes=wholes, parts=parts or [], undivided=undivided)


def _whole(code: str, points: int, *, divided: bool = False) -> WholeGrade:
    return WholeGrade(code, f"grade {code}", Fraction(points), Fraction(points), divided)


def test_it_builds_no_scale_whose_points_do_not_rise() -> None:
    with pytest.raises(ValueError, match="B must have more points and a higher band than A"):
        _scale([_whole("A", 2), _whole("B", 2)])


def test_it_builds_no_scale_where_one_spelling_means_two_grades() -> None:
    parts = [Part("", "secure", Fraction(0), Fraction(0)), Part("h", "high", Fraction(1), Fraction(1))]

    with pytest.raises(ValueError, match="'Ah' would mean both"):
        _scale([_whole("A", 2, divided=True), _whole("Ah", 9)], parts)
