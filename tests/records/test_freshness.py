"""Every write moves the versions of the slices it touches, in its own transaction, and of no others."""

from collections.abc import Mapping
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from headway.records import freshness, history
from headway.records.freshness import NOT_KEPT, SLICED, Versions, cohort_of
from headway.records.models import (
    Assessment,
    BehaviourIncident,
    Enrolment,
    Group,
    GroupMember,
    Pupil,
    Scale,
    School,
    SliceVersion,
    Subject,
    Term,
)
from headway.records.versioned import Versioned
from headway.services.access import COMMAND_LINE
from headway.services.schools import open_term, read_term
from tests.records.conftest import MakeAct, new_pupil
from tests.school import NOW, make_school

Slices = Mapping[tuple[str, int, int, int], int]
TERM = "2026-27-autumn"


def standing(school: School) -> Slices:
    """The version of every slice of a school."""
    rows = SliceVersion.objects.filter(school=school)
    return {row[:4]: row[4] for row in rows.values_list("kind", "subject", "term", "cohort", "version")}


def moved(before: Slices, after: Slices) -> set[tuple[str, int, int, int]]:
    assert before.keys() <= after.keys()
    return {key for key, version in after.items() if before.get(key) != version}


@pytest.fixture
def term(school: School) -> Term:
    return open_term(school, read_term(school, TERM, today=NOW.date()), by=COMMAND_LINE, now=NOW)


def new_mark(pupil: Pupil, term: Term, *, subject: str = "reading") -> Assessment:
    return Assessment(
        school=pupil.school,
        pupil=pupil,
        subject=Subject.objects.get(school=pupil.school, code=subject),
        term=term,
        scale=Scale.objects.get(school=pupil.school, code="nc_levels"),
        kind="current",
        grade="3b",
        rank=7,
        units=21,
    )


class TestBumps:
    def test_every_versioned_model_has_its_slice_or_is_named_as_not_kept(self) -> None:
        versioned = {each for each in apps.get_app_config("records").get_models() if issubclass(each, Versioned)}

        assert set(SLICED) | NOT_KEPT == versioned
        assert not set(SLICED) & NOT_KEPT

    def test_a_new_a_changed_and_a_removed_row_each_move_their_slice_and_no_other(
        self, school: School, pupil: Pupil, begin: MakeAct
    ) -> None:
        group = Group(school=school, code="choir")
        for how in ("new", "changed", "removed"):
            before = standing(school)
            history.record(begin(how), **{how: [group]})
            assert moved(before, standing(school)) == {("groups", 0, 0, 0)}, how

    def test_what_is_kept_of_no_row_moves_nothing(self, school: School, pupil: Pupil, begin: MakeAct) -> None:
        before = standing(school)

        history.record(
            begin(), new=[BehaviourIncident(school=school, pupil=pupil, date=NOW.date(), type="kind", points=1)]
        )

        assert moved(before, standing(school)) == set()

    def test_a_mark_moves_its_cohort_in_its_subject_and_term(
        self, school: School, pupil: Pupil, term: Term, begin: MakeAct
    ) -> None:
        older = new_pupil(school, 2, dob=date(2014, 8, 31))
        history.record(begin(), new=[older])
        before = standing(school)

        history.record(begin("marks"), new=[new_mark(pupil, term), new_mark(older, term, subject="writing")])

        reading, writing = (Subject.objects.get(code=code).pk for code in ("reading", "writing"))
        assert moved(before, standing(school)) == {
            ("assessments", reading, term.pk, 2015),
            ("assessments", writing, term.pk, 2013),
        }

    def test_a_mark_that_goes_to_another_pupil_moves_both_cohorts(
        self, school: School, pupil: Pupil, term: Term, begin: MakeAct
    ) -> None:
        older, mark = new_pupil(school, 2, dob=date(2014, 1, 5)), new_mark(pupil, term)
        history.record(begin(), new=[older, mark])
        before = standing(school)

        mark.pupil = older
        history.record(begin(), changed=[mark])

        assert {cohort for *_, cohort in moved(before, standing(school))} == {2013, 2015}

    def test_another_school_is_left_alone(self, school: School, begin: MakeAct) -> None:
        other = make_school("8239999")
        before = standing(other)

        history.record(begin(), new=[Group(school=school, code="choir")])

        assert moved(before, standing(other)) == set()

    def test_an_undo_moves_what_it_takes_back(self, school: School, pupil: Pupil, begin: MakeAct) -> None:
        act = begin()
        history.record(act, new=[Enrolment(school=school, pupil=pupil, starts=date(2026, 9, 1))])
        before = standing(school)

        history.undo(act, as_act=begin("undo"))

        assert moved(before, standing(school)) == {("roll", 0, 0, 0)}

    def test_an_undo_moves_what_it_brings_back(
        self, school: School, pupil: Pupil, group: Group, begin: MakeAct
    ) -> None:
        member = GroupMember(school=school, pupil=pupil, group=group)
        history.record(begin(), new=[member])
        act = begin("leave")
        history.record(act, removed=[member])
        before = standing(school)

        history.undo(act, as_act=begin("undo"))

        assert moved(before, standing(school)) == {("groups", 0, 0, 0)}
        assert GroupMember.objects.get() == member

    def test_what_was_rolled_back_moved_nothing(self, school: School, pupil: Pupil, begin: MakeAct) -> None:
        before = standing(school)

        with pytest.raises(IntegrityError), transaction.atomic():
            history.record(begin(), new=[Group(school=school, code="choir")])
            history.record(begin(), new=[new_pupil(school)])

        assert standing(school) == before

    def test_a_version_that_was_rolled_back_never_comes_again(self, school: School, begin: MakeAct) -> None:
        seen = []
        for _ in range(20):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                history.record(begin(), new=[Group(school=school, code="choir")])
                seen.append(standing(school)["groups", 0, 0, 0])
                raise ZeroDivisionError

        assert len(set(seen)) == 20

    def test_an_act_without_rows_costs_no_query(self, school: School) -> None:
        with CaptureQueriesContext(connection) as asked:
            freshness.bump([])

        assert len(asked) == 0

    def test_slices_are_locked_in_one_order_whatever_the_rows_are(
        self, school: School, pupil: Pupil, term: Term, begin: MakeAct, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders = []
        write = SliceVersion.objects.bulk_create
        monkeypatch.setattr(
            SliceVersion.objects,
            "bulk_create",
            lambda rows, **how: orders.append([(row.kind, row.subject) for row in rows]) or write(rows, **how),
        )
        marks = [new_mark(pupil, term, subject=code) for code in ("writing", "reading", "science")]
        group = Group(school=school, code="choir")

        for rows in ([*marks, group, pupil], [pupil, group, *reversed(marks)]):
            freshness.bump(rows)

        assert orders[0] == orders[1]
        assert [kind for kind, _ in orders[0]] == ["roll", "groups", "assessments", "assessments", "assessments"]

    def test_a_cohort_is_an_academic_year_of_births(self) -> None:
        assert [cohort_of(born) for born in (date(2015, 8, 31), date(2015, 9, 1), date(2016, 8, 31))] == [
            2014,
            2015,
            2015,
        ]


class TestVersions:
    def test_it_reads_what_is_school_wide_and_the_terms_it_is_asked_for(
        self, school: School, pupil: Pupil, term: Term, begin: MakeAct
    ) -> None:
        mark = new_mark(pupil, term)
        history.record(begin(), new=[mark])
        stands = standing(school)

        versions = Versions(school.pk)
        without = versions.by_cohort("assessments", subject=mark.subject_id, term=TERM)
        versions.add([TERM])

        assert versions.of("roll", "groups") == (stands["roll", 0, 0, 0], 0)
        assert without == {}
        of_mark = stands["assessments", mark.subject_id, term.pk, 2015]
        assert versions.by_cohort("assessments", subject=mark.subject_id, term=TERM) == {2015: of_mark}
        at_once = Versions(school.pk, terms=[TERM])
        assert at_once.by_cohort("assessments", subject=mark.subject_id, term=TERM) == {2015: of_mark}

    def test_it_is_one_query_however_many_terms(self, school: School, pupil: Pupil, term: Term) -> None:
        with CaptureQueriesContext(connection) as asked:
            versions = Versions(school.pk, terms=[TERM, "2025-26-summer"])
            versions.add([TERM])

        assert len(asked) == 1

    def test_it_keeps_what_stood_when_it_was_read(self, school: School, pupil: Pupil, begin: MakeAct) -> None:
        versions = Versions(school.pk)
        before = versions.of("roll")

        history.record(begin(), changed=[pupil])
        versions.add([TERM])

        assert versions.of("roll") == before != Versions(school.pk).of("roll")
