"""Schools made and found: what is refused, and what a new one begins with."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.records.models import AcademicYear, Act, Framework, Scale, School, StageSubject, Subject, Term
from headway.services.access import COMMAND_LINE
from headway.services.schools import (
    SchoolRefusedError,
    create_school,
    domain_scales,
    framework_of,
    open_term,
    read_term,
    school_by_dfe,
    settings_of,
)
from tests.school import NOW, make_school


class TestCreate:
    def test_a_new_school_has_its_framework_word_for_word_and_its_subjects(self, school: School) -> None:
        framework = framework_of(school)

        stored = Framework.objects.get(school=school)
        assert school.framework == stored
        assert (stored.code, stored.version, stored.in_force_from) == ("england-2008", 1, date(2026, 9, 1))
        assert set(Scale.objects.values_list("code", flat=True)) == set(framework.scales)
        assert set(Subject.objects.values_list("code", flat=True)) == set(framework.subjects)
        assert StageSubject.objects.count() == sum(len(each.stages) for each in framework.subjects.values())

    def test_it_is_one_act(self, school: School) -> None:
        (act,) = Act.objects.filter(school=school)

        assert (act.kind, act.by, act.at) == ("create school", "Command line", NOW)
        assert act.revisions.count() == Subject.objects.count() + StageSubject.objects.count()

    @pytest.mark.parametrize(
        "dfe", ["", "823123", "82312345", "823-123", "823123A", "８２３１２３４", "823123٤", " 8231234", "8231234\n"]
    )
    def test_it_refuses_what_is_no_dfe_number(self, db: None, dfe: str) -> None:
        with pytest.raises(SchoolRefusedError, match="Right would be seven digits"):
            make_school(dfe)

        assert not School.objects.exists()

    def test_it_refuses_a_number_that_another_school_has(self, school: School) -> None:
        with pytest.raises(SchoolRefusedError, match="already a school with the DfE number 8231234"):
            make_school(school.dfe)

    def test_it_refuses_a_framework_it_does_not_know_and_names_those_it_does(self, db: None) -> None:
        with pytest.raises(SchoolRefusedError, match="Right would be one of england-2008, england-2026"):
            make_school(framework="england-1066")

    @pytest.mark.parametrize("name", ["", " ", "\t\n"])
    def test_it_refuses_a_school_without_a_name(self, db: None, name: str) -> None:
        with pytest.raises(SchoolRefusedError, match="no name"):
            create_school(name=name, dfe="8231234", framework="england-2008", by=COMMAND_LINE, now=NOW)

    def test_outer_blanks_of_a_name_are_taken_off(self, db: None) -> None:
        made = create_school(name=" Hillside ", dfe="8231234", framework="england-2008", by=COMMAND_LINE, now=NOW)

        assert str(made) == "Hillside"


class TestFind:
    def test_the_only_one_need_not_be_named(self, school: School) -> None:
        assert school_by_dfe(None) == school_by_dfe("8231234") == school

    def test_several_must_be(self, school: School) -> None:
        make_school("8239999")

        with pytest.raises(SchoolRefusedError, match=r"8231234 \(School 8231234\), 8239999 \(School 8239999\)"):
            school_by_dfe(None)
        assert school_by_dfe("8231234") == school

    def test_it_names_those_there_are(self, school: School) -> None:
        with pytest.raises(SchoolRefusedError, match=r"There is no school 1 here\. Right would be 8231234\."):
            school_by_dfe("1")

    def test_it_says_how_to_make_one_where_there_is_none(self, db: None) -> None:
        with pytest.raises(SchoolRefusedError, match="headway init"):
            school_by_dfe(None)


class TestSettings:
    def test_they_are_the_frameworks_until_the_school_says_otherwise(self, school: School) -> None:
        framework = framework_of(school)
        before = settings_of(school)

        school.settings = {"tolerance": 1, "undivided": True}

        assert (before.tolerance, before.redraw) == (framework.tolerance, framework.redraw)
        assert (settings_of(school).tolerance, settings_of(school).undivided) == (1, True)
        assert settings_of(school).points_rule == framework.points_rule

    def test_scales_are_found_by_their_records_keys(self, school: School) -> None:
        scales = domain_scales(school)

        assert {scale.code for scale in scales.values()} == set(framework_of(school).scales)


class TestYearsAndTerms:
    def test_a_term_is_opened_once_with_its_year(self, school: School) -> None:
        term = read_term(school, "2026-27-spring", today=NOW.date())

        first = open_term(school, term, by=COMMAND_LINE, now=NOW)
        second = open_term(school, term, by=COMMAND_LINE, now=NOW + timedelta(days=1))

        assert first == second == Term.objects.get()
        assert (first.starts, first.ends, first.number) == (date(2027, 1, 1), date(2027, 4, 15), 2)
        assert AcademicYear.objects.get().starts_in == 2026
        assert Act.objects.filter(kind="open term").count() == 1

    def test_terms_of_a_year_share_it(self, school: School) -> None:
        for code in ("2026-27-autumn", "2026-27-summer"):
            open_term(school, read_term(school, code, today=NOW.date()), by=COMMAND_LINE, now=NOW)

        year = AcademicYear.objects.get()
        assert sorted(Term.objects.filter(year=year).values_list("number", flat=True)) == [1, 3]


class TestScales:
    def test_they_are_read_when_the_first_is_asked_for_and_once(self, school: School) -> None:
        with CaptureQueriesContext(connection) as asked:
            scales = domain_scales(school)
            n_before = len(asked)
            found = {scales[key].code for key in Scale.objects.values_list("pk", flat=True)}

        assert (n_before, len(asked)) == (0, 2)
        assert found == set(framework_of(school).scales)
        assert len(scales) == len(found) == len(list(scales))
