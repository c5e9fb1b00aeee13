"""The chain: whole as it was written, and broken wherever anybody has been at it."""

import pytest
from django.db import connections

from headway.records import audit_acts
from headway.records.audit_chain import Line, append, head
from headway.records.models import Act, AuditEntry, AuditSetPupil, Pupil, Revision, School
from headway.records.stores import audit_alias
from headway.services import audit
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.audit import NoSuchHeadError, catch_up, chain_state, kept_head, verify
from headway.services.exports import export
from tests.school import NOW, make_school, viewer_for


def behind_its_back(statement: str, *params: object, alias: str | None = None) -> None:
    with connections[alias or audit_alias()].cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def written(tracked: School) -> School:
    """A chain with changes, an export of both pupils and notes."""
    catch_up()
    export("targets", school=tracked, by=COMMAND_LINE, now=NOW)
    audit.note(tracked, action="sign in", by=COMMAND_LINE, now=NOW, detail={})
    return tracked


def test_it_is_whole_as_it_was_written(written: School) -> None:
    state = verify(now=NOW)

    assert state.broken is None
    assert state.n_entries == AuditEntry.objects.count() - 1  # what it found is one more
    assert AuditEntry.objects.latest("sequence").detail == {
        "entries": state.n_entries,
        "head": state.digest,
        "whole": True,
    }


def test_places_have_no_gaps(written: School) -> None:
    places = list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True))

    assert places == list(range(1, len(places) + 1))


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("UPDATE audit_entry SET name = 'Somebody else' WHERE sequence = %s", "not as it was written"),
        ("UPDATE audit_entry SET at = '2020-01-01 10:00:00' WHERE sequence = %s", "not as it was written"),
        ("UPDATE audit_entry SET pupils_id = NULL WHERE sequence = %s", "not as it was written"),
        ("DELETE FROM audit_entry WHERE sequence = %s", "missing"),
    ],
)
def test_it_says_where_somebody_has_been_at_an_entry(written: School, statement: str, wrong: str) -> None:
    place = AuditEntry.objects.filter(pupils__isnull=False).order_by("sequence")[0].sequence
    behind_its_back(statement, place)

    broken = verify(now=NOW).broken

    assert broken is not None
    assert (broken.sequence, wrong in broken.wrong) == (place, True)


def test_it_says_which_entry_had_other_pupils(written: School) -> None:
    entry = AuditEntry.objects.get(kind="exported")
    behind_its_back("DELETE FROM audit_set_pupil WHERE audit_set_id = %s", entry.pupils_id)

    broken = verify(now=NOW).broken

    first = AuditEntry.objects.filter(pupils_id=entry.pupils_id).order_by("sequence")[0]
    assert broken is not None
    assert (broken.sequence, "pupils" in broken.wrong) == (first.sequence, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_revision SET version = version + 7 WHERE id = %s",
        "UPDATE records_revision SET state = NULL WHERE id = %s",
        "DELETE FROM records_revision WHERE id = %s",
        "UPDATE records_act SET why = 'for fun' WHERE id = (SELECT act_id FROM records_revision WHERE id = %s)",
    ],
)
def test_it_says_which_change_is_not_as_it_was_made(written: School, statement: str) -> None:
    revision = Revision.objects.filter(kind="Target").order_by("pk")[0]
    entry = AuditEntry.objects.get(act=revision.act_id)
    behind_its_back(statement, revision.pk, alias="default")

    broken = verify(now=NOW).broken

    assert broken is not None
    assert (broken.sequence, "history" in broken.wrong) == (entry.sequence, True)


def test_a_chain_written_anew_is_found_by_a_head_that_was_kept(written: School) -> None:
    kept = verify(now=NOW)
    text = f"{kept.n_entries}:{kept.digest}"
    assert verify(now=NOW, kept=kept_head(text)).broken is None

    behind_its_back("DELETE FROM audit_entry")
    append([Line(NOW, "managed", "all of it", "Mallory") for _ in range(kept.n_entries + 5)])

    assert head().sequence > kept.n_entries
    with pytest.raises(NoSuchHeadError, match="written anew"):
        verify(now=NOW, kept=kept_head(text))


@pytest.mark.parametrize("text", ["", "12", "twelve:abc", ":abc", "12:", "9" * 30 + ":abc"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(NoSuchHeadError, match="what headway audit --verify printed"):
        kept_head(text)


def test_the_first_look_of_a_day_walks_what_came_since(written: School) -> None:
    manager = viewer_for(written, "assessment_manager")
    first = chain_state(manager, school=written, now=NOW)
    again = chain_state(manager, school=written, now=NOW)

    assert (first.broken, first.at, again.at) == (None, NOW, NOW)
    assert AuditEntry.objects.filter(kind="verified").count() == 1


def test_once_broken_it_stays_so_until_all_of_it_is_found_whole(written: School) -> None:
    manager = viewer_for(written, "head")
    behind_its_back("UPDATE audit_entry SET name = 'Somebody else' WHERE sequence = 2")
    assert chain_state(manager, school=written, now=NOW).broken is not None
    assert chain_state(manager, school=written, now=NOW).broken is not None


def test_a_stranger_finds_nothing_and_a_reader_may_not(written: School) -> None:
    with pytest.raises(NotFoundError):
        chain_state(viewer_for(make_school("8239999"), "head"), school=written, now=NOW)
    with pytest.raises(NotAllowedError):
        chain_state(viewer_for(written, "data_manager"), school=written, now=NOW)


class TestCatchingUp:
    def test_every_act_is_told_once_with_whom_it_touched(self, tracked: School) -> None:
        n_acts = Act.objects.count()

        assert catch_up() == n_acts
        assert catch_up() == 0

        told = AuditEntry.objects.filter(kind="changed")
        assert set(told.values_list("act", flat=True)) == set(Act.objects.values_list("pk", flat=True))
        targets = next(each for each in told if "Target" in each.detail["records"])
        assert targets.detail["records"]["Target"] == 3
        assert targets.pupils is not None
        assert targets.pupils.n_pupils == Pupil.objects.count() == 2

    def test_it_leaves_what_is_too_much_for_now(self, tracked: School) -> None:
        sizes = [act.revisions.count() for act in Act.objects.order_by("pk")]

        n_told = catch_up(most_rows=sizes[0])

        assert n_told == 1
        assert catch_up() == len(sizes) - 1

    def test_it_tells_whose_rows_were_taken_away(self, tracked: School) -> None:
        from headway.records.models import Transfer
        from headway.services.transfers import undo

        transfer = Transfer.objects.get(kind="targets")
        undo(transfer.uid, school=tracked, by=COMMAND_LINE, now=NOW)
        catch_up()

        entry = AuditEntry.objects.get(kind="changed", action="undo")
        assert entry.pupils is not None
        assert entry.pupils.n_pupils == 2

    def test_a_large_act_is_read_a_few_rows_at_a_time(self, tracked: School, monkeypatch: pytest.MonkeyPatch) -> None:
        act = Act.objects.filter(kind="import").order_by("pk")[0]
        whole = audit_acts.line_of(act)
        monkeypatch.setattr(audit_acts, "_CHUNK", 2)

        assert audit_acts.line_of(act) == whole

    def test_of_two_at_once_one_tells_an_act(self, tracked: School) -> None:
        act = Act.objects.order_by("pk")[0]
        line = audit_acts.line_of(act)

        append([line])
        append([line])

        assert AuditEntry.objects.filter(act=act.pk).count() == 1


def test_the_same_pupils_are_kept_once(school: School) -> None:
    for _ in range(3):
        append([Line(NOW, "looked", "view", "Somebody", pupils=frozenset({1, 2, 3}))])

    assert AuditSetPupil.objects.count() == 3
