"""Entries as services note them: what was done, by whom, when; and nothing that identifies a child."""

import json
from collections.abc import Callable

import pytest

from headway.records.models import AuditEntry, Pupil, School
from headway.services import audit
from headway.services.access import COMMAND_LINE
from headway.services.audit import catch_up
from headway.services.exports import export
from tests.school import NOW, sign_in_for, viewer_for
from tests.services.conftest import BEN, CAT


@pytest.fixture
def entry(school: School) -> AuditEntry:
    audit.note(school, action="look", by=COMMAND_LINE, now=NOW, detail={"rows": 3})
    return AuditEntry.objects.get(action="look")


def test_it_says_who_did_what_and_when(school: School) -> None:
    head = viewer_for(school, "head")

    audit.note(school, action="export", by=head, now=NOW, detail={"kind": "pupils"})

    entry = AuditEntry.objects.get(action="export")
    assert head.user is not None
    assert (entry.school_id, entry.by, entry.user_id, entry.at) == (
        school.pk,
        "head@8231234.example",
        head.user.pk,
        NOW,
    )
    assert (entry.name, entry.kind, entry.detail) == ("Head", "exported", {"kind": "pupils"})
    assert str(entry) == "export by head@8231234.example"


def test_what_is_of_no_school_may_be_noted_too(db: None) -> None:
    audit.note(None, action="sign in", by=COMMAND_LINE, now=NOW, detail={})

    assert AuditEntry.objects.get().school_id is None


@pytest.mark.parametrize(
    "way",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(by="Nobody"),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["by"]),
        lambda entry: AuditEntry.objects.create(sequence=99, at=NOW),
        lambda entry: AuditEntry.objects.bulk_create([entry]),
    ],
    ids=["saved", "deleted", "all changed", "all deleted", "changed in bulk", "slipped in", "slipped in in bulk"],
)
def test_no_entry_is_changed_removed_or_slipped_in(entry: AuditEntry, way: Callable[[AuditEntry], object]) -> None:
    entry.by = "Nobody"

    with pytest.raises(RuntimeError, match="append-only"):
        way(entry)

    assert AuditEntry.objects.get(pk=entry.pk).by == "Command line"


def test_an_entry_outlives_the_account_it_names(school: School) -> None:
    user = sign_in_for(school, "head")
    audit.note(None, action="look", by=viewer_for(school, "data_manager"), now=NOW, detail={"user": str(user.uid)})

    entry = AuditEntry.objects.get(action="look")
    assert {field.name for field in AuditEntry._meta.get_fields() if field.is_relation} == {"pupils"}
    assert entry.detail == {"user": str(user.uid)}


def test_it_names_no_child_and_no_mark(tracked: School) -> None:
    for kind in ("pupils", "results", "targets"):
        export(kind, school=tracked, by=COMMAND_LINE, now=NOW)
    catch_up()

    said = json.dumps(list(AuditEntry.objects.values_list("detail", "action", "place")))

    assert AuditEntry.objects.filter(action="import", kind="changed").count() == 3
    assert AuditEntry.objects.filter(action="export").count() == 3
    for pupil in Pupil.objects.all():
        for name in (pupil.upn, pupil.surname, pupil.forename):
            assert name not in said
    assert {BEN, CAT} == set(Pupil.objects.values_list("upn", flat=True))


def test_an_export_says_which_pupils_were_in_it(tracked: School) -> None:
    export("targets", school=tracked, by=COMMAND_LINE, now=NOW)

    entry = AuditEntry.objects.get(action="export")
    assert entry.pupils is not None
    assert set(entry.pupils.members.values_list("pupil", flat=True)) == set(Pupil.objects.values_list("pk", flat=True))


def test_what_tells_of_a_change_stands_behind_the_change_itself(tracked: School) -> None:
    catch_up()

    assert set(AuditEntry.objects.filter(action="import").values_list("kind", flat=True)) == {"noted", "changed"}


def test_texts_no_database_can_hold_are_written_as_they_can_be(school: School) -> None:
    audit.note(school, action="look", by=COMMAND_LINE, now=NOW, detail={"a\0": "b\0c\ud800", "of": [1, None, True]})

    assert AuditEntry.objects.get(action="look").detail == {"a": "bc?", "of": [1, None, True]}
    assert audit.verify(now=NOW).broken is None
