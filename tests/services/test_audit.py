"""The audit: what was done, by whom, when; and nothing that identifies a child."""

import json
from collections.abc import Callable

import pytest

from headway.records.models import AuditEntry, Pupil, School
from headway.services import audit
from headway.services.access import COMMAND_LINE
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
    assert (entry.school, entry.by, entry.user, entry.at) == (school, "head@8231234.example", head.user, NOW)
    assert entry.detail == {"kind": "pupils"}
    assert str(entry) == "export by head@8231234.example"


def test_what_is_of_no_school_may_be_noted_too(db: None) -> None:
    audit.note(None, action="sign in", by=COMMAND_LINE, now=NOW, detail={})

    assert AuditEntry.objects.get().school is None


@pytest.mark.parametrize("way", [lambda entry: entry.save(), lambda entry: entry.delete()], ids=["changed", "removed"])
def test_an_entry_is_neither_changed_nor_removed(entry: AuditEntry, way: Callable[[AuditEntry], object]) -> None:
    entry.by = "Nobody"

    with pytest.raises(RuntimeError, match="append-only"):
        way(entry)

    assert AuditEntry.objects.get(pk=entry.pk).by == "Command line"


@pytest.mark.parametrize(
    "way",
    [
        lambda: AuditEntry.objects.update(by="Nobody"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.bulk_update([AuditEntry.objects.all()[0]], ["by"]),
    ],
    ids=["changed", "removed", "changed in bulk"],
)
def test_nor_are_many_at_once(entry: AuditEntry, way: Callable[[], object]) -> None:
    with pytest.raises(RuntimeError, match="append-only"):
        way()


def test_an_account_that_is_in_it_cannot_be_deleted(school: School) -> None:
    user = sign_in_for(school, "head")
    audit.note(school, action="look", by=viewer_for(school, "head"), now=NOW, detail={})

    with pytest.raises(Exception, match="protected"):
        user.delete()


def test_it_names_no_child_and_no_mark(tracked: School) -> None:
    for kind in ("pupils", "results", "targets"):
        export(kind, school=tracked, by=COMMAND_LINE, now=NOW)

    said = json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))

    assert AuditEntry.objects.filter(action="import").count() == 3
    assert AuditEntry.objects.filter(action="export").count() == 3
    for pupil in Pupil.objects.all():
        for name in (pupil.upn, pupil.surname, pupil.forename):
            assert name not in said
    assert {BEN, CAT} == set(Pupil.objects.values_list("upn", flat=True))
