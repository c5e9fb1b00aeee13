"""The only door through which a versioned row changes: nothing gets past it, and nothing that was is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from headway.records import history
from headway.records.history import BuiltOnError, StaleWriteError
from headway.records.models import Act, Enrolment, Group, GroupMember, Person, Pupil, Revision, School, Term
from headway.records.versioned import SideDoorError, Versioned, history_writes
from tests.records.conftest import MakeAct, new_pupil
from tests.school import NOW, make_school

VERSIONED = [model for model in apps.get_app_config("records").get_models() if issubclass(model, Versioned)]

SIDE_DOORS: dict[str, Callable[[Pupil], object]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "create": lambda row: Pupil.objects.create(school=row.school, upn="A82312341500"),
    "get_or_create": lambda row: Pupil.objects.get_or_create(school=row.school, upn="A823123415009"),
    "update_or_create": lambda row: Pupil.objects.update_or_create(upn=row.upn, defaults={"surname": "Bell"}),
    "update": lambda row: Pupil.objects.filter(pk=row.pk).update(surname="Bell"),
    "delete of a query": lambda row: Pupil.objects.filter(pk=row.pk).delete(),
    "bulk_create": lambda row: Pupil.objects.bulk_create([new_pupil(row.school, 2)]),
    "bulk_update": lambda row: Pupil.objects.bulk_update([row], ["surname"]),
    "create of a related row": lambda row: row.enrolments.create(school=row.school, starts=row.dob),
    "update of related rows": lambda row: row.enrolments.update(starts=row.dob),
    "delete of related rows": lambda row: row.enrolments.all().delete(),
}


def revisions(row: Versioned) -> list[tuple[int, dict[str, Any] | None]]:
    """Every version of a row with its state."""
    found = Revision.objects.filter(kind=type(row).__name__, row=row.pk).order_by("version")
    return list(found.values_list("version", "state"))


class TestTheOnlyDoor:
    @pytest.mark.parametrize("way", SIDE_DOORS.values(), ids=SIDE_DOORS)
    def test_a_versioned_row_is_written_no_other_way(self, pupil: Pupil, way: Callable[[Pupil], object]) -> None:
        pupil.surname = "Bell"

        with pytest.raises(SideDoorError, match=r"keeps its history: change it with headway\.records\.history\.record"):
            way(pupil)

        assert Pupil.objects.values_list("surname", "version").get() == ("Ali", 1)
        assert not Enrolment.objects.exists()

    def test_the_door_is_shut_again_behind_an_act(self, pupil: Pupil, begin: MakeAct) -> None:
        history.record(begin(), changed=[pupil])
        with pytest.raises(SideDoorError):
            Pupil.objects.update(surname="Bell")

        with pytest.raises(ZeroDivisionError), history_writes():
            raise ZeroDivisionError
        with pytest.raises(SideDoorError):
            Pupil.objects.update(surname="Bell")

    @pytest.mark.parametrize("model", VERSIONED, ids=lambda model: str(model.__name__))
    def test_every_versioned_model_has_its_place_in_the_order_of_writing(self, model: type[Versioned]) -> None:
        order = list(history.WRITE_ORDER)
        refers_to = {field.related_model for field in model._meta.concrete_fields if field.is_relation}

        assert model in order
        for other in refers_to & set(order):
            assert order.index(other) < order.index(model)  # type: ignore[arg-type]

    @pytest.mark.parametrize("model", VERSIONED, ids=lambda model: str(model.__name__))
    def test_nothing_versioned_disappears_with_what_it_refers_to(self, model: type[Versioned]) -> None:
        relations = [field for field in model._meta.concrete_fields if field.is_relation]

        assert {field.remote_field.on_delete.__name__ for field in relations} == {"PROTECT"}


class TestVersions:
    def test_each_write_is_the_next_version_with_its_state(self, pupil: Pupil, begin: MakeAct) -> None:
        for surname in ("Bell", "Cole"):
            pupil.surname = surname
            history.record(begin("rename"), changed=[pupil])

        assert pupil.version == Pupil.objects.get().version == 3
        assert [(version, state["surname"]) for version, state in revisions(pupil) if state] == [
            (1, "Ali"),
            (2, "Bell"),
            (3, "Cole"),
        ]

    def test_a_revision_says_which_act_wrote_it(self, pupil: Pupil, begin: MakeAct) -> None:
        history.record(begin("rename", why="she married", at=NOW + timedelta(days=1)), changed=[pupil])

        told = Revision.objects.filter(row=pupil.pk, kind="Pupil").order_by("version").select_related("act")
        assert [(each.act.kind, each.act.by, each.act.why) for each in told] == [
            ("enrol", "Somebody", ""),
            ("rename", "Somebody", "she married"),
        ]
        assert [each.act.at for each in told] == [NOW, NOW + timedelta(days=1)]

    def test_several_writes_of_a_row_in_one_act_are_several_versions(self, pupil: Pupil, begin: MakeAct) -> None:
        act = begin("twice")
        for surname in ("Bell", "Cole"):
            pupil.surname = surname
            history.record(act, changed=[pupil])

        assert [version for version, _ in revisions(pupil)] == [1, 2, 3]
        assert act.revisions.count() == 2

    def test_a_removal_is_a_version_without_a_state(self, group: Group, begin: MakeAct) -> None:
        history.record(begin("disband"), removed=[group])

        assert not Group.objects.exists()
        states = Revision.objects.filter(kind="Group").order_by("version").values_list("version", "state__code")
        assert list(states) == [(1, "choir"), (2, None)]

    def test_rows_of_one_act_may_refer_to_each_other_in_any_order(self, school: School, begin: MakeAct) -> None:
        pupil = new_pupil(school)
        group = Group(school=school, code="choir")
        member = GroupMember(school=school, group=group, pupil=pupil)

        history.record(begin(), new=[member, group, pupil])

        stored = GroupMember.objects.get()
        assert (stored.group, stored.pupil) == (group, pupil)
        ((_, state),) = revisions(stored)
        assert state is not None
        assert (state["group_id"], state["pupil_id"]) == (group.pk, pupil.pk)

    def test_every_kind_of_value_reads_back_as_it_was(self, school: School, begin: MakeAct) -> None:
        from headway.services.access import COMMAND_LINE
        from headway.services.collections import close, reopen

        close("2026-27-autumn", school=school, by=COMMAND_LINE, now=NOW)
        term = Term.objects.get()
        reopen("2026-27-autumn", school=school, by=COMMAND_LINE, now=NOW + timedelta(hours=1))
        act = Act.objects.get(kind="reopen collection")

        history.undo(act, as_act=begin("undo"))

        assert Term.objects.get().closed_at == term.closed_at == NOW
        assert [version for version, _ in revisions(term)] == [1, 2, 3, 4]


class TestStaleWrites:
    def test_it_refuses_with_the_rows_that_stand_and_writes_nothing(self, pupil: Pupil, begin: MakeAct) -> None:
        mine, theirs = Pupil.objects.get(), Pupil.objects.get()
        theirs.surname = "Theirs"
        history.record(begin("theirs"), changed=[theirs])
        mine.surname = "Mine"
        other = Group(school=pupil.school, code="choir")

        with pytest.raises(StaleWriteError) as stale:
            history.record(begin("mine"), new=[other], changed=[mine])

        (standing,) = stale.value.rows
        assert isinstance(standing, Pupil)
        assert (standing.surname, standing.version) == ("Theirs", 2)
        assert Pupil.objects.get().surname == "Theirs"
        assert not Group.objects.exists()
        assert [version for version, _ in revisions(pupil)] == [1, 2]

    def test_the_row_that_was_refused_keeps_the_version_it_was_read_at(self, pupil: Pupil, begin: MakeAct) -> None:
        mine, theirs = Pupil.objects.get(), Pupil.objects.get()
        history.record(begin(), changed=[theirs])

        with pytest.raises(StaleWriteError):
            history.record(begin(), changed=[mine])

        assert mine.version == 1

    @pytest.mark.parametrize("how", ["changed", "removed"])
    def test_it_refuses_what_somebody_else_has_removed(self, group: Group, begin: MakeAct, how: str) -> None:
        mine = Group.objects.get()
        history.record(begin(), removed=[group])

        with pytest.raises(StaleWriteError) as stale:
            history.record(begin(), **{how: [mine]})

        assert list(stale.value.rows) == [mine]

    def test_it_refuses_to_remove_what_somebody_else_has_changed(self, group: Group, begin: MakeAct) -> None:
        mine = Group.objects.get()
        group.code = "orchestra"
        history.record(begin(), changed=[group])

        with pytest.raises(StaleWriteError):
            history.record(begin(), removed=[mine])

        assert Group.objects.get().code == "orchestra"

    def test_an_act_that_fails_half_way_leaves_nothing(self, pupil: Pupil, begin: MakeAct) -> None:
        twin = new_pupil(pupil.school)

        with pytest.raises(IntegrityError), transaction.atomic():
            history.record(begin("twin"), new=[Group(school=pupil.school, code="choir"), twin])

        assert not Act.objects.filter(kind="twin").exists()
        assert not Group.objects.exists()
        assert Revision.objects.filter(kind="Pupil").count() == 1


class TestRequests:
    def test_a_request_is_one_act_in_a_school(self, school: School, begin: MakeAct) -> None:
        request = uuid4()
        begin(request_id=request)

        with pytest.raises(IntegrityError), transaction.atomic():
            begin(request_id=request)
        elsewhere = history.begin(
            make_school("8239999"), kind="test", by=history.Author("Somebody"), at=NOW, request_id=request
        )

        assert elsewhere.pk
        assert Act.objects.filter(request_id=request).count() == 2

    def test_acts_without_a_request_are_as_many_as_there_are(self, begin: MakeAct) -> None:
        assert begin().pk != begin().pk


class TestUndo:
    def test_what_was_made_is_removed_and_what_was_changed_is_as_before(self, pupil: Pupil, begin: MakeAct) -> None:
        act = begin("both")
        pupil.surname = "Bell"
        history.record(act, new=[Group(school=pupil.school, code="choir")], changed=[pupil])

        n_rows = history.undo(act, as_act=begin("undo"))

        assert n_rows == 2
        assert Pupil.objects.get().surname == "Ali"
        assert not Group.objects.exists()
        assert [version for version, _ in revisions(pupil)] == [1, 2, 3]

    def test_a_removed_row_comes_back_under_its_own_key_with_the_next_version(
        self, group: Group, begin: MakeAct
    ) -> None:
        key, uid = group.pk, group.uid
        act = begin("disband")
        history.record(act, removed=[group])

        history.undo(act, as_act=begin("undo"))

        back = Group.objects.get()
        assert (back.pk, back.uid, back.code, back.version) == (key, uid, "choir", 3)
        assert [version for version, _ in revisions(back)] == [1, 2, 3]

    def test_a_row_that_came_back_can_be_changed_and_new_ones_made(self, group: Group, begin: MakeAct) -> None:
        act = begin("disband")
        history.record(act, removed=[group])
        history.undo(act, as_act=begin("undo"))
        back = Group.objects.get()

        back.code = "orchestra"
        history.record(begin(), changed=[back], new=[Group(school=group.school, code="band")])

        assert sorted(Group.objects.values_list("code", flat=True)) == ["band", "orchestra"]

    def test_rows_that_refer_to_each_other_come_back_together(self, pupil: Pupil, group: Group, begin: MakeAct) -> None:
        member = GroupMember(school=pupil.school, group=group, pupil=pupil)
        history.record(begin(), new=[member])
        act = begin("disband")
        history.record(act, removed=[group, member])

        history.undo(act, as_act=begin("undo"))

        assert GroupMember.objects.get().group == Group.objects.get() == group

    def test_several_writes_of_a_row_in_one_act_are_undone_as_one(self, pupil: Pupil, begin: MakeAct) -> None:
        act = begin("twice")
        for surname in ("Bell", "Cole"):
            pupil.surname = surname
            history.record(act, changed=[pupil])

        assert history.undo(act, as_act=begin("undo")) == 1
        assert Pupil.objects.values_list("surname", "version").get() == ("Ali", 4)

    def test_a_row_made_and_changed_in_one_act_is_removed(self, school: School, begin: MakeAct) -> None:
        act = begin("both")
        group = Group(school=school, code="choir")
        history.record(act, new=[group])
        group.code = "orchestra"
        history.record(act, changed=[group])

        history.undo(act, as_act=begin("undo"))

        assert not Group.objects.exists()

    def test_an_undo_can_be_undone(self, pupil: Pupil, begin: MakeAct) -> None:
        act, undoing = begin("rename"), begin("undo")
        pupil.surname = "Bell"
        history.record(act, changed=[pupil])
        history.undo(act, as_act=undoing)

        history.undo(undoing, as_act=begin("redo"))

        assert Pupil.objects.values_list("surname", "version").get() == ("Bell", 4)

    def test_it_refuses_where_a_later_act_changed_a_row_and_names_it(self, pupil: Pupil, begin: MakeAct) -> None:
        act = begin("rename")
        pupil.surname = "Bell"
        history.record(act, changed=[pupil])
        pupil.surname = "Cole"
        history.record(begin("rename again"), changed=[pupil])

        with pytest.raises(BuiltOnError, match="rename again by Somebody on 23 November 2026") as refused:
            history.undo(act, as_act=begin("undo"))

        assert [each.kind for each in refused.value.later] == ["rename again"]
        assert Pupil.objects.get().surname == "Cole"

    def test_it_refuses_where_a_later_act_refers_to_a_row_it_made(
        self, school: School, pupil: Pupil, begin: MakeAct
    ) -> None:
        act = begin("form")
        group = Group(school=school, code="choir")
        history.record(act, new=[group])
        history.record(begin("join"), new=[GroupMember(school=school, group=group, pupil=pupil)])

        with pytest.raises(BuiltOnError), transaction.atomic():
            history.undo(act, as_act=begin("undo"))

        assert Group.objects.get() == group

    def test_more_rows_than_a_query_takes_are_undone_whole(self, school: School, begin: MakeAct) -> None:
        act = begin("many")
        people = [Person(school=school, code=f"P{number}", name="Somebody") for number in range(2_000)]
        history.record(act, new=people)

        assert history.undo(act, as_act=begin("undo")) == 2_000
        assert not Person.objects.exists()
        assert Revision.objects.filter(kind="Person", state__isnull=True).count() == 2_000
