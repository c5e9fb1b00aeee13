"""A new school's first minutes: made once by whoever holds the address, then step by step."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from headway.records.models import AuditEntry, School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, viewer_of
from headway.services.people import PersonRefusedError
from headway.services.samples import SAMPLED, sample_of
from headway.services.schools import SchoolRefusedError
from headway.services.set_up import (
    FirstSheet,
    NewSchool,
    first_sheet,
    require_no_school,
    set_up_path,
    set_up_school,
    steps_of,
)
from tests.school import NOW, bring_in, make_school, viewer_for

pytestmark = pytest.mark.django_db

OAK = NewSchool(
    name="Oak School",
    dfe="8231234",
    framework="england-2008",
    administrator="Ana Manager",
    email="Ana@oak.example",
    password="a long enough passphrase",
)


def token() -> str:
    path = set_up_path()
    assert path is not None
    return path.removeprefix("/set-up/")


class TestTheFirstSchool:
    def test_it_makes_the_school_and_an_administrator_who_can_sign_in(self) -> None:
        user = set_up_school(OAK, token=token(), now=NOW)

        school = School.objects.get()
        assert (school.name, school.dfe) == ("Oak School", "8231234")
        assert user.email == "ana@oak.example"
        assert user.check_password(OAK.password)
        assert [role.role for role in user.people.get().roles.all()] == ["assessment_manager"]
        assert steps_of(viewer_of(user), school, NOW)[0].done

    def test_it_is_in_the_audit_and_the_history_under_the_administrators_name(self) -> None:
        set_up_school(OAK, token=token(), now=NOW)

        assert AuditEntry.objects.filter(action="set up school", by="Ana Manager").count() == 1
        assert set(School.objects.get().acts.values_list("by", flat=True)) == {"Ana Manager"}
        assert OAK.password not in str(list(AuditEntry.objects.values_list("detail")))

    def test_it_says_the_same_address_at_every_start_and_none_once_there_is_a_school(self) -> None:
        first = set_up_path()

        assert first is not None
        assert len(first) > 30
        assert set_up_path() == first
        make_school()
        assert set_up_path() is None

    def test_it_depends_on_the_installations_secret(self, settings: Settings) -> None:
        first = set_up_path()
        settings.SECRET_KEY = "another"

        assert set_up_path() != first

    @pytest.mark.parametrize("wrong", ["", "0" * 40, "é"])
    def test_it_is_not_there_for_a_wrong_address(self, wrong: str) -> None:
        with pytest.raises(NotFoundError):
            require_no_school(wrong)
        with pytest.raises(NotFoundError):
            set_up_school(OAK, token=wrong, now=NOW)
        assert not School.objects.exists()

    def test_it_refuses_the_second_of_two(self) -> None:
        right = token()
        set_up_school(OAK, token=right, now=NOW)

        with pytest.raises(NotFoundError):
            set_up_school(replace(OAK, dfe="8239999", email="b@oak.example"), token=right, now=NOW)
        assert School.objects.count() == User.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"dfe": "123"}, SchoolRefusedError),
            ({"framework": "england-1066"}, SchoolRefusedError),
            ({"email": "nobody"}, PersonRefusedError),
            ({"administrator": " "}, PersonRefusedError),
        ],
    )
    def test_it_makes_no_school_where_anything_is_refused(
        self, wrong: dict[str, str], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            set_up_school(replace(OAK, **wrong), token=token(), now=NOW)

        assert not School.objects.exists()
        assert not User.objects.exists()


class TestTheSteps:
    def test_it_goes_on_to_the_next_step_with_each_file(self) -> None:
        school = make_school()
        done = []
        for kind in SAMPLED:
            done.append([step.name for step in steps_of(COMMAND_LINE, school, NOW) if step.done])
            content = sample_of(kind, viewer=COMMAND_LINE, school=school, now=NOW)
            bring_in(school, content, file=f"{kind}.csv")

        assert done == [
            ["school"],
            ["school", "pupils"],
            ["school", "pupils"],
            ["school", "pupils", "classes"],
            ["school", "pupils", "classes", "results"],
            ["school", "pupils", "classes", "results", "targets"],
            ["school", "pupils", "classes", "results", "targets", "sheet"],
        ]
        assert [(step.name, step.count) for step in steps_of(COMMAND_LINE, school, NOW) if step.done] == [
            ("school", 1),
            ("pupils", 3),
            ("classes", 2),
            ("results", 3),
            ("targets", 3),
            ("sheet", 1),
        ]

    def test_it_counts_this_years_classes_only(self) -> None:
        school = make_school()
        for kind in ("pupils", "staff", "classes"):
            content = sample_of(kind, viewer=COMMAND_LINE, school=school, now=NOW)
            bring_in(school, content, file=f"{kind}.csv", academic_year="2025-26")

        assert not next(step for step in steps_of(COMMAND_LINE, school, NOW) if step.name == "classes").done
        assert first_sheet(COMMAND_LINE, school=school, now=NOW) is None

    def test_it_opens_the_first_class_in_the_term_that_has_begun(self) -> None:
        school = make_school()
        for kind in ("pupils", "staff", "classes"):
            bring_in(school, sample_of(kind, viewer=COMMAND_LINE, school=school, now=NOW), file=f"{kind}.csv")

        assert first_sheet(COMMAND_LINE, school=school, now=NOW) == FirstSheet("5X", "2026-27-autumn")

    def test_it_asks_little_of_the_records(self) -> None:
        school = make_school()

        with CaptureQueriesContext(connection) as queries:
            steps_of(COMMAND_LINE, school, NOW)

        assert len(queries) <= 6

    def test_it_is_for_those_who_answer_for_the_school(self) -> None:
        school = make_school()
        teacher, stranger = viewer_for(school, "class_teacher"), viewer_for(make_school("8239999"), "head")

        for asks in (
            lambda viewer: steps_of(viewer, school, NOW),
            lambda viewer: first_sheet(viewer, school=school, now=NOW),
        ):
            with pytest.raises(NotAllowedError):
                asks(teacher)
            with pytest.raises(NotFoundError):
                asks(stranger)
