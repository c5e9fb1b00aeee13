"""Time as schools keep it: academic years, terms and year groups."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.frameworks import Framework
from headway.domain.terms import (
    AcademicYear,
    TermDates,
    academic_year_of,
    latest_begun,
    parse_academic_year,
    parse_term,
    parse_year_group,
    term_of_year,
    terms_after,
    year_group_code,
    year_group_in,
)

TODAY = date(2026, 11, 23)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


# Academic years


def test_it_turns_the_year_on_the_first_of_september() -> None:
    assert academic_year_of(date(2026, 8, 31)) == AcademicYear(2025)
    assert academic_year_of(date(2026, 9, 1)) == AcademicYear(2026)


@given(DAYS)
def test_it_puts_every_day_in_one_academic_year(day: date) -> None:
    year = academic_year_of(day)

    assert year.starts <= day <= year.ends
    assert year.ends + timedelta(days=1) == year.after(1).starts


@pytest.mark.parametrize("starts_in", [1999, 2008, 2026, 2098, 2099])
def test_it_writes_the_second_year_with_two_digits(starts_in: int) -> None:
    assert AcademicYear(starts_in).code == f"{starts_in}-{str(starts_in + 1)[2:]}"


def test_it_knows_years_from_ten_back_to_two_ahead() -> None:
    known = {year for year in range(1990, 2060) if _is_year(f"{year}-{(year + 1) % 100:02d}")}

    assert known == set(range(2016, 2029))


def _is_year(text: str) -> bool:
    try:
        parse_academic_year(text, today=TODAY)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ["2026", "2026-28", "2026-2027", "26-27", "2026/27", "２026-27", "", "2026-27-autumn"])
def test_it_refuses_what_is_no_academic_year_and_says_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match="Right would be one from 2016-17 to 2028-29, such as 2026-27"):
        parse_academic_year(text, today=TODAY)


# Terms


@pytest.mark.parametrize(
    ("code", "starts", "ends"),
    [
        ("2026-27-autumn", date(2026, 9, 1), date(2026, 12, 31)),
        ("2026-27-spring", date(2027, 1, 1), date(2027, 4, 15)),
        ("2026-27-summer", date(2027, 4, 16), date(2027, 8, 31)),
    ],
)
def test_it_gives_each_term_its_default_dates(england_2008: Framework, code: str, starts: date, ends: date) -> None:
    term = parse_term(code, terms=england_2008.terms, today=TODAY)

    assert (term.code, term.starts, term.ends) == (code, starts, ends)


def test_it_reads_a_term_in_any_letter_case(england_2008: Framework) -> None:
    assert parse_term(" 2026-27-Autumn ", terms=england_2008.terms, today=TODAY).code == "2026-27-autumn"


@given(data=st.data())
def test_it_reads_back_every_term_code(england_2008: Framework, data: st.DataObject) -> None:
    year = AcademicYear(data.draw(st.integers(2016, 2028)))
    term = term_of_year(year, data.draw(st.integers(1, 3)), terms=england_2008.terms)

    assert parse_term(term.code, terms=england_2008.terms, today=TODAY) == term


@pytest.mark.parametrize("text", ["2015-16-summer", "2029-30-autumn"])
def test_it_knows_no_term_further_off(england_2008: Framework, text: str) -> None:
    with pytest.raises(ValueError, match="Right would be one from 2016-17 to 2028-29"):
        parse_term(text, terms=england_2008.terms, today=TODAY)


@pytest.mark.parametrize("text", ["autumn", "2026-27", "2026-27-winter", "autumn 2026", ""])
def test_it_refuses_what_is_no_term_and_names_this_years(england_2008: Framework, text: str) -> None:
    with pytest.raises(
        ValueError, match="Right would be a code such as 2026-27-autumn, 2026-27-spring, 2026-27-summer"
    ):
        parse_term(text, terms=england_2008.terms, today=TODAY)


@given(st.integers(2000, 2098))
def test_it_leaves_no_day_between_terms_of_the_shipped_frameworks(
    frameworks: dict[str, Framework], starts_in: int
) -> None:
    for framework in frameworks.values():
        year = AcademicYear(starts_in)
        terms = [term_of_year(year, number, terms=framework.terms) for number in (1, 2, 3)]
        days = [(term.starts, term.ends) for term in (*terms, term_of_year(year.after(1), 1, terms=framework.terms))]
        assert days[0][0] == year.starts
        assert all(earlier[1] + timedelta(days=1) == later[0] for earlier, later in pairwise(days))


@given(DAYS)
def test_it_takes_the_term_a_day_falls_in_as_the_latest_begun(england_2008: Framework, day: date) -> None:
    term = latest_begun(day, terms=england_2008.terms)

    assert term.starts <= day <= term.ends


def test_it_takes_last_years_last_term_before_a_late_start_of_the_year() -> None:
    late = [TermDates("autumn", (9, 10), (12, 20)), TermDates("spring", (1, 8), (3, 31))]

    assert latest_begun(date(2026, 9, 9), terms=late).code == "2025-26-spring"
    assert latest_begun(date(2026, 12, 27), terms=late).code == "2026-27-autumn"


@pytest.mark.parametrize(("starts_in", "last_day"), [(2023, date(2024, 2, 29)), (2024, date(2025, 2, 28))])
def test_it_ends_on_the_last_of_february_in_every_year(starts_in: int, last_day: date) -> None:
    terms = [TermDates("first", (9, 1), (2, 29)), TermDates("second", (3, 1), (8, 31))]

    assert term_of_year(AcademicYear(starts_in), 1, terms=terms).ends == last_day


@given(data=st.data())
def test_it_counts_terms_across_years(england_2008: Framework, data: st.DataObject) -> None:
    first = term_of_year(
        AcademicYear(data.draw(st.integers(2010, 2030))), data.draw(st.integers(1, 3)), terms=england_2008.terms
    )
    count = data.draw(st.integers(-30, 30))
    later = terms_after(first, count, terms=england_2008.terms)

    assert later.index - first.index == count
    assert (later > first, later < first) == (count > 0, count < 0)
    assert terms_after(later, -count, terms=england_2008.terms) == first


def test_it_follows_summer_with_autumn(england_2008: Framework) -> None:
    summer = parse_term("2026-27-summer", terms=england_2008.terms, today=TODAY)

    assert terms_after(summer, 1, terms=england_2008.terms).code == "2027-28-autumn"


# Year groups


def test_it_reads_back_every_year_group() -> None:
    codes = ["N1", "N2", "R", *map(str, range(1, 15))]

    assert [year_group_code(parse_year_group(code)) for code in codes] == codes
    assert [parse_year_group(code) for code in codes] == list(range(-2, 15))


@pytest.mark.parametrize(("text", "year_group"), [("r", 0), ("Year 7", 7), ("Y4", 4), (" 10 ", 10)])
def test_it_reads_year_groups_as_people_write_them(text: str, year_group: int) -> None:
    assert parse_year_group(text) == year_group


@pytest.mark.parametrize("text", ["0", "15", "-1", "", "X", "3.0", "４", "Year"])
def test_it_refuses_what_is_no_year_group(text: str) -> None:
    with pytest.raises(ValueError, match="Right would be N1, N2, R or a number from 1 to 14"):
        parse_year_group(text)


def test_it_takes_the_years_between_off_todays_year_group() -> None:
    placements = {AcademicYear(2026): 6}

    assert [year_group_in(AcademicYear(year), placements=placements) for year in (2020, 2025, 2026, 2028)] == [
        0,
        5,
        6,
        8,
    ]


def test_it_prefers_what_an_enrolment_says() -> None:
    held_back = {AcademicYear(2023): 3, AcademicYear(2024): 3, AcademicYear(2026): 5}
    asked = {year: year_group_in(AcademicYear(year), placements=held_back) for year in range(2022, 2028)}

    assert asked == {2022: 2, 2023: 3, 2024: 3, 2025: 4, 2026: 5, 2027: 6}
