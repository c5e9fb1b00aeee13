"""The audit read: by pupil, by person, by kind, by days; and taken out, which is an entry itself."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from headway.records.models import AuditEntry, Person, Pupil, School
from headway.services import audit
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.audit import Wanted, entries, export_entries, looked, mark_seen, unseen_alerts, wanted_of
from headway.services.audit.signing_in import note_failed_sign_in, note_sign_in
from headway.services.sign_in.devices import note_device
from tests.school import NOW, bring_in, make_school, make_upn, pupils_file, viewer_for
from tests.services.conftest import BEN


@pytest.fixture
def head(tracked: School) -> Viewer:
    return viewer_for(tracked, "head")


def seen_by(viewer: Viewer, *pupils: int) -> Viewer:
    """Somebody anew, who has been shown some pupils."""
    assert viewer.user is not None
    fresh = viewer_of(viewer.user)
    fresh.saw(pupils)
    return fresh


def look(viewer: Viewer, school: School, *pupils: int, place: str = "pupil", **said: object) -> None:
    looked(seen_by(viewer, *pupils), school=school, place=place, now=said.pop("now", NOW), **said)  # type: ignore[arg-type]


def test_it_finds_what_is_about_a_pupil(tracked: School, head: Viewer) -> None:
    ben = Pupil.objects.get(upn=BEN)
    look(head, tracked, ben.pk)
    look(head, tracked, *Pupil.objects.exclude(pk=ben.pk).values_list("pk", flat=True))

    found = entries(Wanted(pupil=ben.uid, kind="looked"), viewer=head, school=tracked, now=NOW)

    (only,) = found.rows
    assert [pupil.uid for pupil in only.pupils] == [ben.uid]
    assert found.pupil is not None
    assert found.pupil.uid == ben.uid


def test_it_finds_what_one_person_did(tracked: School, head: Viewer) -> None:
    other = viewer_for(tracked, "class_teacher")
    pupil = Pupil.objects.get(upn=BEN).pk
    look(head, tracked, pupil)
    look(other, tracked, pupil)
    person = Person.objects.get(user=other.user)

    found = entries(Wanted(person=person.uid, kind="looked"), viewer=head, school=tracked, now=NOW)

    assert {row.name for row in found.rows} == {"Class teacher"} == {found.person}


def test_it_finds_by_kind_and_by_days(tracked: School, head: Viewer) -> None:
    pupil = Pupil.objects.get(upn=BEN).pk
    for days in (0, 1, 5):
        look(head, tracked, pupil, now=NOW - timedelta(days=days))

    def n(**wanted: object) -> int:
        return len(entries(Wanted(kind="looked", **wanted), viewer=head, school=tracked, now=NOW).rows)  # type: ignore[arg-type]

    today = NOW.date()
    assert (n(), n(first=today), n(last=today - timedelta(days=1)), n(first=today, last=today)) == (3, 1, 2, 1)
    assert n(first=date(2030, 1, 1)) == 0
    changed = entries(Wanted(kind="changed"), viewer=head, school=tracked, now=NOW).rows
    assert {row.kind for row in changed} == {"changed"}
    assert any(row.file == "targets.csv" for row in changed)


def test_it_turns_pages_without_missing_or_repeating_any(tracked: School, head: Viewer) -> None:
    pupil = Pupil.objects.get(upn=BEN).pk
    for turn in range(120):
        look(head, tracked, pupil, now=NOW - timedelta(minutes=turn % 3))
    seen, before = [], None
    while True:
        found = entries(Wanted(kind="looked", before=before), viewer=head, school=tracked, now=NOW)
        seen += [row.sequence for row in found.rows]
        if not found.more:
            break
        before = seen[-1]

    assert len(seen) == len(set(seen)) == 120
    ordered = AuditEntry.objects.filter(kind="looked").order_by("-at", "-sequence").values_list("sequence", flat=True)
    assert seen == list(ordered)


def test_names_are_shown_where_an_entry_is_opened_and_that_is_a_look(tracked: School, head: Viewer) -> None:
    keys = list(Pupil.objects.values_list("pk", flat=True))
    look(head, tracked, *keys, place="marks")
    sequence = AuditEntry.objects.latest("sequence").sequence
    shut, opened = viewer_of(head.user), viewer_of(head.user)  # type: ignore[arg-type]

    (closed,) = entries(Wanted(kind="looked"), viewer=shut, school=tracked, now=NOW).rows
    (open_,) = entries(Wanted(kind="looked", opened=sequence), viewer=opened, school=tracked, now=NOW).rows

    assert (closed.n_pupils, closed.pupils, shut.shown) == (2, (), frozenset())
    assert (len(open_.pupils), opened.shown) == (2, frozenset(keys))


def test_another_school_reads_nothing_of_it(tracked: School, head: Viewer) -> None:
    other = make_school("8239999")
    look(head, tracked, Pupil.objects.get(upn=BEN).pk)
    stranger = viewer_for(other, "head")

    assert all(
        row.account != "head@8231234.example" for row in entries(Wanted(), viewer=stranger, school=other, now=NOW).rows
    )
    with pytest.raises(NotFoundError):
        entries(Wanted(), viewer=stranger, school=tracked, now=NOW)
    with pytest.raises(NotFoundError):
        entries(Wanted(pupil=Pupil.objects.get(upn=BEN).uid), viewer=stranger, school=other, now=NOW)


@pytest.mark.parametrize("wanted", [Wanted(pupil=uuid4()), Wanted(person=uuid4()), Wanted(before=2**40)])
def test_what_there_is_not_is_not_found(tracked: School, head: Viewer, wanted: Wanted) -> None:
    with pytest.raises(NotFoundError):
        entries(wanted, viewer=head, school=tracked, now=NOW)


@pytest.mark.parametrize("act", [entries, export_entries])
def test_a_reader_may_not(tracked: School, act: object) -> None:
    with pytest.raises(NotAllowedError):
        act(Wanted(), viewer=viewer_for(tracked, "class_teacher"), school=tracked, now=NOW)  # type: ignore[operator]


def test_taking_it_out_is_an_entry_about_those_it_names(tracked: School, head: Viewer) -> None:
    ben = Pupil.objects.get(upn=BEN)
    look(head, tracked, ben.pk)

    rows = export_entries(Wanted(kind="looked"), viewer=head, school=tracked, now=NOW)

    entry = AuditEntry.objects.latest("sequence")
    assert (entry.kind, entry.detail) == ("exported", {"kind": "audit", "rows": len(rows)})
    assert entry.pupils is not None
    assert list(entry.pupils.members.values_list("pupil", flat=True)) == [ben.pk]


def test_it_finds_sign_ins_of_the_school_s_own_people(tracked: School, head: Viewer) -> None:
    assert head.user is not None
    note_sign_in(head.user, now=NOW)
    note_failed_sign_in("HEAD@8231234.example", now=NOW)
    note_failed_sign_in("my password by mistake", now=NOW)

    found = entries(Wanted(kind="signed in"), viewer=head, school=tracked, now=NOW).rows

    assert [(row.action, row.account) for row in found] == [
        ("failed sign in", "Nobody known"),
        ("failed sign in", "head@8231234.example"),
        ("sign in", "head@8231234.example"),
    ]
    assert "my password" not in str(list(AuditEntry.objects.values()))


def test_the_command_line_names_a_pupil_by_number_and_a_person_by_code(tracked: School, head: Viewer) -> None:
    ben, person = Pupil.objects.get(upn=BEN), Person.objects.get(user=head.user)

    assert wanted_of(tracked, pupil=BEN.lower(), person=None) == Wanted(pupil=ben.uid)
    assert wanted_of(tracked, pupil=str(ben.uid), person=person.code) == Wanted(pupil=ben.uid, person=person.uid)
    with pytest.raises(ValueError, match="There is no pupil"):
        wanted_of(tracked, pupil="X1", person=None)
    with pytest.raises(ValueError, match="Nobody here has the staff code"):
        wanted_of(tracked, pupil=None, person="XYZ")


class TestAlerts:
    def test_an_export_of_many_pupils_is_one(self, tracked: School, head: Viewer) -> None:
        audit.note(tracked, action="export", by=head, now=NOW, detail={}, pupils=range(1, 101))
        assert unseen_alerts(head, school=tracked, now=NOW) == []

        audit.note(tracked, action="export", by=head, now=NOW, detail={}, pupils=range(1, 102))

        (alert,) = unseen_alerts(head, school=tracked, now=NOW)
        assert (alert.what, alert.name, alert.n) == ("mass export", "Head", 101)

    def test_looking_at_many_pupils_is_one_for_who_does_not_see_the_school(self, tracked: School, head: Viewer) -> None:
        teacher = viewer_for(tracked, "class_teacher")
        for start in range(0, 400, 50):
            look(head, tracked, *range(start, start + 50), place="progress")
            look(teacher, tracked, *range(start, start + 50), place="progress")

        (alert,) = unseen_alerts(head, school=tracked, now=NOW)
        assert (alert.what, alert.name, alert.n) == ("many looks", "Class teacher", 350)

    def test_the_same_pupils_again_and_again_are_not(self, tracked: School, head: Viewer) -> None:
        teacher = viewer_for(tracked, "class_teacher")
        for _ in range(20):
            look(teacher, tracked, *range(30), place="marks")

        assert unseen_alerts(head, school=tracked, now=NOW) == []

    def test_nor_are_many_over_a_day(self, tracked: School, head: Viewer) -> None:
        teacher = viewer_for(tracked, "class_teacher")
        for hour in range(8):
            look(teacher, tracked, *range(50 * hour, 50 * hour + 50), place="marks", now=NOW + timedelta(hours=hour))

        assert unseen_alerts(head, school=tracked, now=NOW) == []

    def test_many_refusals_are_one(self, tracked: School, head: Viewer) -> None:
        teacher = viewer_for(tracked, "class_teacher")
        for second in range(25):
            at = NOW + timedelta(seconds=second)
            audit.note(tracked, action="refused", by=teacher, now=at, detail={"status": 404}, place="pupil")

        (alert,) = unseen_alerts(head, school=tracked, now=NOW)
        assert (alert.what, alert.name, alert.n) == ("many refusals", "Class teacher", 20)

    def test_so_is_a_new_device_but_for_the_very_first(self, tracked: School, head: Viewer) -> None:
        assert head.user is not None
        note_device(head.user, "one", name="Firefox on Windows", now=NOW)
        assert unseen_alerts(head, school=tracked, now=NOW) == []

        note_device(head.user, "another", name="Chrome on Android", now=NOW)

        assert [each.what for each in unseen_alerts(head, school=tracked, now=NOW)] == ["new device"]

    def test_it_stays_until_somebody_has_seen_it_and_who_is_kept(self, tracked: School, head: Viewer) -> None:
        audit.note(tracked, action="export", by=head, now=NOW, detail={}, pupils=range(1, 102))
        (alert,) = unseen_alerts(head, school=tracked, now=NOW)

        assert mark_seen([alert.sequence], by=head, school=tracked, now=NOW) == 1
        assert mark_seen([alert.sequence], by=head, school=tracked, now=NOW) == 0

        assert unseen_alerts(head, school=tracked, now=NOW) == []
        seen = AuditEntry.objects.get(kind="seen")
        assert (seen.about, seen.name) == (alert.sequence, "Head")

    def test_another_school_s_is_not_there(self, tracked: School, head: Viewer) -> None:
        audit.note(tracked, action="export", by=head, now=NOW, detail={}, pupils=range(1, 102))
        (alert,) = unseen_alerts(head, school=tracked, now=NOW)
        other = make_school("8239999")

        with pytest.raises(NotFoundError):
            mark_seen([alert.sequence], by=viewer_for(other, "head"), school=other, now=NOW)

    def test_a_reader_may_not(self, tracked: School) -> None:
        teacher = viewer_for(tracked, "class_teacher")
        for act in (unseen_alerts, lambda viewer, **about: mark_seen([], by=viewer, **about)):
            with pytest.raises(NotAllowedError):
                act(teacher, school=tracked, now=NOW)  # type: ignore[operator]


def test_somebody_without_a_school_is_told_of_where_the_pupils_are(tracked: School, head: Viewer) -> None:
    other = make_school("8239999")
    bring_in(other, pupils_file({make_upn(9): {}}), file="pupils.csv")
    viewer = seen_by(head, *Pupil.objects.values_list("pk", flat=True))

    looked(viewer, school=None, place="my-child", now=NOW)

    told = AuditEntry.objects.filter(kind="looked").order_by("school_id").values_list("school_id", "pupils__n_pupils")
    assert list(told) == [(tracked.pk, 2), (other.pk, 1)]


def test_whoever_was_shown_nobody_leaves_nothing(tracked: School, head: Viewer) -> None:
    look(head, tracked)

    assert not AuditEntry.objects.filter(kind="looked").exists()
    assert COMMAND_LINE.shown == frozenset()
