"""What can never be true is refused by the database itself, whoever writes and however."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from headway.records.models import (
    AcademicYear,
    Act,
    Assessment,
    Attendance,
    BehaviourIncident,
    Characteristic,
    ClassMember,
    Contact,
    Device,
    Enrolment,
    Framework,
    Group,
    GroupMember,
    Person,
    Placement,
    ProgressTarget,
    Pupil,
    PupilAccount,
    Release,
    Result,
    Revision,
    Role,
    Scale,
    School,
    SchoolClass,
    SliceVersion,
    StageSubject,
    Subject,
    Target,
    Teaching,
    TeachingGroup,
    Term,
    Token,
    User,
    Visit,
)
from headway.records.versioned import Versioned, history_writes
from tests.school import NOW, make_school, make_upn

Model = type[models.Model]
Row = Mapping[str, object]

CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in apps.get_app_config("records").get_models()
    for constraint in model._meta.constraints
}
REQUEST = UUID(int=1)


@dataclass(frozen=True, slots=True)
class World:
    """One sound row of every model, each to be copied with something wrong."""

    rows: Mapping[Model, models.Model]

    def copy(self, model: Model, **values: object) -> models.Model:
        """The sound row of a model once more, but for some values."""
        base = self.rows[model]
        own = {"id", "uid"}
        kept = {
            field.attname: getattr(base, field.attname)
            for field in model._meta.concrete_fields
            if field.name not in own
        }
        return model(**{**kept, **values})


def store(*rows: models.Model) -> None:
    """Writes past everything but the database."""
    for row in rows:
        with history_writes() if isinstance(row, Versioned) else nullcontext():
            type(row)._default_manager.bulk_create([row])


@pytest.fixture
def world(db: None) -> World:
    school = make_school()
    of = {"school": school}
    scale = Scale.objects.get(code="nc_levels")
    pupil = Pupil(**of, upn=make_upn(1), surname="Ali", forename="Ben", dob=date(2016, 1, 5))
    year = AcademicYear(**of, starts_in=2026)
    term = Term(**of, year=year, number=1, code="2026-27-autumn", starts=date(2026, 9, 1), ends=date(2026, 12, 31))
    subject = Subject.objects.get(code="reading")
    user, pupil_user = User(email="a.khan@school.example", password="!"), User(password="!")
    person = Person(**of, user=user, code="AKH", name="A. Khan", starts=date(2020, 9, 1), ends=date(2020, 9, 1))
    school_class = SchoolClass(**of, year=year, code="5B", year_group=5)
    taught = TeachingGroup(**of, school_class=school_class, subject=subject)
    group = Group(**of, code="choir")
    target = Target(**of, pupil=pupil, subject=subject, point="KS2", scale=scale, grade="4b", rank=10, units=27)
    mark = {"pupil": pupil, "subject": subject, "scale": scale, "grade": "3b", "rank": 7, "units": 21}
    act = Act(**of, kind="test", by="Somebody", at=NOW, request_id=REQUEST)
    rows: Sequence[models.Model] = (
        pupil,
        year,
        term,
        user,
        pupil_user,
        person,
        Role(**of, person=person, role="head"),
        Enrolment(**of, pupil=pupil, starts=date(2026, 9, 1), ends=date(2026, 9, 1)),
        Placement(**of, pupil=pupil, year=year, year_group=5),
        Characteristic(**of, pupil=pupil, kind="fsm", starts=date(2026, 9, 1), value="Y"),
        school_class,
        taught,
        Teaching(**of, teaching_group=taught, person=person),
        ClassMember(**of, teaching_group=taught, pupil=pupil),
        group,
        GroupMember(**of, group=group, pupil=pupil),
        Result(**of, **mark, key_stage="KS1", kind="teacher"),
        Assessment(**of, **mark, term=term, kind="current"),
        target,
        ProgressTarget(
            **of,
            pupil=pupil,
            subject=subject,
            key_stage="KS2",
            scale=scale,
            first_year=2024,
            start="15",
            k0=12,
            end="27",
            n_terms=12,
            rule="reached",
            target=target,
            target_version=1,
            terms=[],
        ),
        Attendance(**of, pupil=pupil, term=term, possible=100, attended=90, unauthorised=10),
        BehaviourIncident(**of, pupil=pupil, date=date(2026, 10, 1), type="late", points=-1),
        act,
        Revision(**of, act=act, kind="Nothing", row=1, version=1),
        Visit(**of, user=user, seen_at=NOW),
        Device(user=user, digest="d", name="Chromium on Linux", first_seen_at=NOW, last_seen_at=NOW),
        Token(user=user, name="Timetable", digest="t", made_at=NOW, ends=date(2027, 8, 31)),
        PupilAccount(pupil=pupil, user=pupil_user, sign_in_name="amber-otter-31", kind="words", made_at=NOW),
        Contact(**of, pupil=pupil, name="Sam Ali", relationship="mother", starts=date(2026, 9, 1)),
        Release(**of, term=term, year_group=5, audience="families", starts=date(2026, 12, 18)),
        SliceVersion(**of, term=1, kind="assessments", subject=1, cohort=2015, version=1),
    )
    for row in rows:
        store(row)
    stored = (school, Framework.objects.get(), scale, subject, StageSubject.objects.filter(subject=subject)[0])
    return World({type(row): row for row in (*stored, *rows) if row is not pupil_user})


IMPOSSIBLE: Mapping[str, Sequence[Row]] = {
    "academic_year_once": [{}],
    "act_once_per_request": [{}],
    "assessment_once": [{"grade": "4c", "rank": 9, "units": 25}],
    "assessment_graded_or_marked": [
        {"kind": "likely", "grade": ""},
        {"kind": "likely", "mark_code": "Abs"},
        {"kind": "likely", "rank": None},
        {"kind": "likely", "units": None},
        {"kind": "likely", "grade": "", "mark_code": "Abs"},
        {"kind": "likely", "grade": "", "rank": None, "units": None},
    ],
    "assessment_kind": [{"kind": "hoped"}, {"kind": ""}],
    "attendance_once": [{"possible": 50, "attended": 50, "unauthorised": None}],
    "attendance_within_possible": [{"half_term": 1, "attended": 101, "unauthorised": None}],
    "attendance_half_of_a_term": [{"half_term": 3}, {"half_term": 0}],
    "attendance_unauthorised_within_absent": [{"half_term": 1, "unauthorised": 11}],
    "behaviour_incident_once": [{"points": -5}],
    "characteristic_once_per_day": [{"value": "N"}],
    "characteristic_is_known": [{"kind": "shoe_size"}],
    "class_once_per_year": [{"year_group": 6}],
    "class_year_group_exists": [{"code": "6B", "year_group": 15}, {"code": "6B", "year_group": -3}],
    "class_member_once": [{}],
    "contact_once_per_pupil": [{"name": "SAM ALI"}],
    "contact_ends_after_it_starts": [{"name": "Other", "ends": date(2026, 8, 31)}],
    "device_once": [{"name": "Another"}],
    "enrolment_once": [{"ends": None}],
    "enrolment_ends_after_it_starts": [{"starts": date(2026, 9, 2)}],
    "framework_once_per_version": [{"text": "other"}],
    "group_once": [{}],
    "group_member_once": [{"ends": date(2026, 12, 1)}],
    "group_member_ends_after_it_starts": [{"starts": date(2026, 9, 2), "ends": date(2026, 9, 1)}],
    "person_code_once": [{"name": "Another"}, {"code": "akh"}],
    "person_leaves_after_joining": [{"code": "OTHER", "ends": date(2020, 8, 31)}],
    "placement_once_per_year": [{"year_group": 6}],
    "placement_year_group_exists": [{"year_group": 15}, {"year_group": -3}],
    "progress_target_once": [{"rule": "band"}],
    "progress_target_starts_in_stage": [{"key_stage": "KS3", "k0": 13}],
    "progress_target_rule": [{"key_stage": "KS3", "rule": "guess"}],
    "pupil_account_kind_is_known": [{"kind": "songs"}],
    "pupil_once_per_school": [{"surname": "Another"}],
    "pupil_upn_is_well_formed": [
        {"upn": "A82312341500"},
        {"upn": "a823123415001"},
        {"upn": "A82312341500a"},
        {"upn": "A8231234١5001"},
        {"upn": ""},
    ],
    "release_once": [{"starts": date(2027, 1, 1)}],
    "release_audience_is_known": [{"audience": "everybody"}],
    "result_once": [{"grade": "2b", "rank": 4, "units": 15}],
    "result_graded_or_marked": [
        {"key_stage": "KS2", "grade": ""},
        {"key_stage": "KS2", "mark_code": "Abs"},
        {"key_stage": "KS2", "units": None},
        {"key_stage": "KS2", "grade": "", "mark_code": "Abs"},
    ],
    "result_kind": [{"kind": "guess"}],
    "revision_once_per_version": [{"state": {}}],
    "role_once": [{}],
    "role_is_known": [{"role": "wizard"}],
    "scale_once_per_version": [{}],
    "school_dfe_is_seven_digits": [{"dfe": "823123"}, {"dfe": "823123A"}, {"dfe": "82312٣4"}],
    "slice_version_once": [{"version": 2}],
    "stage_subject_once": [{"scale": "gcse"}],
    "stage_subject_judgement": [{"key_stage": "KS5", "judgement": "hoped"}],
    "subject_once": [{"name": "Another"}],
    "subject_code_is_plain": [{"code": "Reading"}, {"code": "reading aloud"}, {"code": "1st"}, {"code": ""}],
    "target_once": [{"grade": "5c", "rank": 12, "units": 31}],
    "target_is_a_grade": [{"point": "Y4", "grade": ""}],
    "teaching_group_once": [{}],
    "teaching_once": [{}],
    "term_once": [{"number": 2}],
    "term_ends_after_it_starts": [
        {"code": "2026-27-spring", "ends": date(2026, 9, 1)},
        {"code": "2026-27-spring", "ends": date(2026, 8, 31)},
    ],
    "user_email_in_any_letter_case": [{"email": "A.Khan@school.example"}],
    "visit_once": [{"before": NOW}],
}
"""By the name of a constraint: what a sound row of its model differs in when nothing but that constraint is broken."""

POSSIBLE: Mapping[Model, Sequence[Row]] = {
    Assessment: [{"kind": "likely", "grade": "", "mark_code": "Abs", "rank": None, "units": None}],
    Attendance: [{"half_term": 1}, {"half_term": 2, "attended": 100, "unauthorised": 0}],
    GroupMember: [{"starts": date(2026, 9, 1), "ends": date(2026, 9, 1)}],
    Person: [{"code": "OTHER", "starts": None}, {"code": "ANOTHER", "ends": None}],
    Contact: [{"name": "Other", "ends": date(2026, 9, 1)}, {"name": "Third", "starts": None}],
    Device: [{"digest": "other"}],
    Release: [{"year_group": 6}, {"audience": "pupils"}],
    Role: [{"role": "subject_leader", "scope": "reading"}, {"role": "subject_leader", "scope": "mathematics"}],
    User: [{"email": None}, {"email": None}],
    Result: [{"kind": "test"}, {"kind": ""}, {"year": 2024}],
    Act: [{"request_id": None}, {"request_id": None}],
    BehaviourIncident: [{"note": "again"}, {"type": "rude"}],
    SchoolClass: [{"code": "N1", "year_group": -2}, {"code": "Y14", "year_group": 14}],
}
"""By model: rows that look alike and are not, or that stand at an edge."""


def names_of(constraint: models.BaseConstraint, model: Model) -> list[str]:
    """What the database calls a constraint when it refuses: its name; on SQLite some only by their columns."""
    named = [constraint.name]
    if isinstance(constraint, UniqueConstraint) and connection.vendor == "sqlite":
        columns = [model._meta.get_field(name).column for name in constraint.fields]
        named.append(", ".join(f"{model._meta.db_table}.{column}" for column in columns) or constraint.name)
    return named


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert sorted(IMPOSSIBLE) == sorted(CONSTRAINTS)
    assert {type(constraint) for _, constraint in CONSTRAINTS.values()} == {CheckConstraint, UniqueConstraint}


@pytest.mark.parametrize(
    ("name", "values"),
    [(name, values) for name, cases in IMPOSSIBLE.items() for values in cases],
    ids=[name for name, cases in IMPOSSIBLE.items() for _ in cases],
)
def test_the_database_refuses_what_can_never_be_true(world: World, name: str, values: dict[str, Any]) -> None:
    model, constraint = CONSTRAINTS[name]

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        store(world.copy(model, **values))

    assert any(said in str(refused.value) for said in names_of(constraint, model)), str(refused.value)


@pytest.mark.parametrize("model", POSSIBLE, ids=lambda model: str(model.__name__))
def test_the_database_takes_what_is_unusual_and_true(world: World, model: Model) -> None:
    rows = [world.copy(model, **values) for values in POSSIBLE[model]]

    with transaction.atomic():
        store(*rows)

    assert all(row.pk for row in rows)


def test_a_line_break_at_the_end_of_a_code_is_no_code(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        store(world.copy(Subject, code="reading\n"))


def test_another_school_may_have_the_same_codes(world: World) -> None:
    other = make_school("8239999")

    with transaction.atomic():
        for model in (Pupil, AcademicYear, Group):
            store(world.copy(model, school_id=other.pk))
        store(world.copy(Person, school_id=other.pk, user_id=None))

    assert School.objects.count() == 2
    assert Pupil.objects.filter(upn=make_upn(1)).count() == 2


def test_a_school_with_records_cannot_be_deleted(world: World) -> None:
    with pytest.raises(models.ProtectedError):
        world.rows[School].delete()
