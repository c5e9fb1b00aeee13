"""Files sent in by the browser: kept for their sender alone, applied only as they were shown."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from headway.records.models import AuditEntry, Pupil, School, Transfer, Upload
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer
from headway.services.uploads import (
    MOST_BYTES,
    Reading,
    UploadRefusedError,
    apply_upload,
    discard,
    keep,
    plan_of,
    read_again,
)
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

pytestmark = pytest.mark.django_db

BEN, CAT = make_upn(1), make_upn(2)
GOOD = pupils_file({BEN: {}, CAT: {}})
ONE_WRONG = pupils_file({BEN: {}, CAT: {"dob": "31/02/2016"}})

Act = Callable[[UUID, School, Viewer], object]


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def manager(school: School) -> Viewer:
    return viewer_for(school, "assessment_manager")


def kept(school: School, by: Viewer, content: bytes = GOOD, file: str = "pupils.csv", **reading: str) -> UUID:
    return keep(content, file=file, reading=Reading(**reading), school=school, by=by, now=NOW)


def seen(upload: UUID, school: School, by: Viewer) -> str:
    return plan_of(upload, viewer=by, school=school, now=NOW).seen


def applied(upload: UUID, school: School, by: Viewer, *, shown: str | None = None, leave_out: bool = False) -> UUID:
    digest = shown if shown is not None else seen(upload, school, by)
    return apply_upload(upload, seen=digest, leave_out_refused=leave_out, school=school, by=by, now=NOW)


def test_it_plans_a_kept_file_and_changes_nothing(school: School, manager: Viewer) -> None:
    shown = plan_of(kept(school, manager), viewer=manager, school=school, now=NOW)

    assert shown.plan is not None
    assert shown.plan.counts == "2 new, 0 changed, 0 same, 0 refused"
    assert shown.names == {BEN: "Surname1, Forename1", CAT: "Surname2, Forename2"}
    assert not Pupil.objects.exists()


def test_it_applies_what_was_shown_and_forgets_the_content(school: School, manager: Viewer) -> None:
    upload = kept(school, manager)

    transfer = applied(upload, school, manager)

    assert Pupil.objects.count() == 2
    assert Transfer.objects.get(uid=transfer).n_new == 2
    assert bytes(Upload.objects.get(uid=upload).content) == b""
    assert plan_of(upload, viewer=manager, school=school, now=NOW).transfer == transfer


def test_it_applies_once_however_often_it_is_asked(school: School, manager: Viewer) -> None:
    upload = kept(school, manager)
    digest = seen(upload, school, manager)

    first = applied(upload, school, manager, shown=digest)

    assert applied(upload, school, manager, shown=digest) == first
    assert Transfer.objects.count() == 1


def test_it_applies_nothing_where_the_plan_has_moved(school: School, manager: Viewer) -> None:
    upload = kept(school, manager)
    digest = seen(upload, school, manager)
    bring_in(school, pupils_file({BEN: {"surname": "Another"}}), file="pupils.csv")

    with pytest.raises(UploadRefusedError, match="would now do something else"):
        applied(upload, school, manager, shown=digest)

    assert Pupil.objects.get().surname == "Another"
    shown = plan_of(upload, viewer=manager, school=school, now=NOW)
    assert shown.plan is not None
    assert shown.plan.counts == "1 new, 1 changed, 0 same, 0 refused"


def test_it_applies_nothing_where_a_refusal_is_another(school: School, manager: Viewer) -> None:
    marks = csv("upn,key_stage,subject,grade", f"{BEN},KS1,reading,2b", f"{CAT},KS1,reading,2b")
    bring_in(school, pupils_file({BEN: {}}), file="pupils.csv")
    upload = kept(school, manager, marks, "results.csv")
    digest = seen(upload, school, manager)
    bring_in(school, pupils_file({CAT: {}}), file="pupils.csv")

    with pytest.raises(UploadRefusedError):
        applied(upload, school, manager, shown=digest, leave_out=True)


def test_it_leaves_refused_rows_out_only_when_told_to(school: School, manager: Viewer) -> None:
    upload = kept(school, manager, ONE_WRONG)

    with pytest.raises(UploadRefusedError, match="Some rows are refused"):
        applied(upload, school, manager)
    assert not Pupil.objects.exists()
    transfer = Transfer.objects.get(uid=applied(upload, school, manager, leave_out=True))

    assert (transfer.n_new, transfer.n_refused) == (1, 1)
    assert transfer.act.why == "1 refused row left out"
    assert Pupil.objects.get().upn == BEN


def test_it_has_nothing_to_apply_where_everything_stands_already(school: School, manager: Viewer) -> None:
    bring_in(school, GOOD, file="pupils.csv")
    upload = kept(school, manager)

    with pytest.raises(UploadRefusedError, match="nothing to apply"):
        applied(upload, school, manager)


def test_it_says_why_a_file_cannot_be_read_at_all(school: School, manager: Viewer) -> None:
    shown = plan_of(
        kept(school, manager, b"%PDF-1.4 not a table", "pupils.pdf"), viewer=manager, school=school, now=NOW
    )

    assert shown.plan is None
    assert [each.wrong for each in shown.problems] == ["the file is a PDF"]
    with pytest.raises(UploadRefusedError):
        apply_upload(shown.uid, seen="", leave_out_refused=True, school=school, by=manager, now=NOW)


def test_it_reads_a_file_again_as_something_else(school: School, manager: Viewer) -> None:
    bring_in(school, pupils_file({BEN: {}}), file="pupils.csv")
    wide = csv("upn,reading", f"{BEN},3b")
    upload = kept(school, manager, wide, "5B.csv", back="set-up")
    assert plan_of(upload, viewer=manager, school=school, now=NOW).plan is None

    read_again(upload, Reading(term="2026-27-autumn"), school=school, by=manager, now=NOW)

    shown = plan_of(upload, viewer=manager, school=school, now=NOW)
    assert shown.plan is not None
    assert shown.plan.wide
    assert shown.reading == Reading(term="2026-27-autumn", back="set-up")


def test_it_keeps_a_file_for_its_sender_alone(school: School, manager: Viewer) -> None:
    upload = kept(school, manager)
    others = (viewer_for(school, "head"), viewer_for(make_school("8239999"), "head"), COMMAND_LINE)

    for act in ACTS:
        for other in others:
            with pytest.raises(NotFoundError):
                act(upload, school, other)
        with pytest.raises(NotFoundError):
            act(uuid4(), school, manager)

    assert bytes(Upload.objects.get().content) == GOOD


def test_it_refuses_those_who_bring_nothing_in(school: School, manager: Viewer) -> None:
    upload, governor = kept(school, manager), viewer_for(school, "governor")

    for act in (*ACTS, lambda _, school, by: kept(school, by)):
        with pytest.raises(NotAllowedError):
            act(upload, school, governor)
    with pytest.raises(NotFoundError):
        kept(school, viewer_for(make_school("8239999"), "head"))
    with pytest.raises(NotAllowedError):
        kept(school, COMMAND_LINE)


def test_it_lets_nobody_give_themselves_a_role_by_a_file(school: School) -> None:
    by = viewer_for(school, "data_manager")
    staff = csv("staff,name,email,roles", "data_manager,Data,data_manager@8231234.example,head")

    with pytest.raises(NotAllowedError):
        plan_of(kept(school, by, staff, "staff.csv"), viewer=by, school=school, now=NOW)


def test_it_discards_a_file_and_those_of_yesterday(school: School, manager: Viewer) -> None:
    kept(school, manager)
    tomorrow = NOW + timedelta(days=1, seconds=1)
    old = Upload.objects.get().uid
    with pytest.raises(NotFoundError):
        plan_of(old, viewer=manager, school=school, now=tomorrow)

    fresh = keep(GOOD, file="pupils.csv", school=school, by=manager, now=tomorrow)
    assert [each.uid for each in Upload.objects.all()] == [fresh]

    discard(fresh, school=school, by=manager, now=tomorrow)
    assert not Upload.objects.exists()


def test_it_refuses_a_file_that_is_too_large(school: School, manager: Viewer) -> None:
    with pytest.raises(UploadRefusedError, match="larger than 20 MB"):
        kept(school, manager, b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("..\\..\\pupils.csv", "pupils.csv"),
        ("/etc/pupils.csv", "pupils.csv"),
        ("pu\u202epils\n.csv", "pupils.csv"),
        ("", "file"),
        ("a" * 300 + ".csv", "a" * 251 + ".csv"),
    ],
)
def test_it_keeps_a_plain_name(school: School, manager: Viewer, given: str, shown: str) -> None:
    assert plan_of(kept(school, manager, file=given), viewer=manager, school=school, now=NOW).file == shown


def test_it_is_in_the_audit_without_a_name(school: School, manager: Viewer) -> None:
    first, second = kept(school, manager), kept(school, manager)
    discard(first, school=school, by=manager, now=NOW)
    applied(second, school, manager)

    entries = AuditEntry.objects.filter(user_id=manager.user.pk).order_by("pk").values_list("action", flat=True)
    assert list(entries) == ["upload file", "upload file", "discard upload", "import"]
    assert "pupils.csv" not in str(list(AuditEntry.objects.values_list("detail")))


ACTS: tuple[Act, ...] = (
    lambda upload, school, by: plan_of(upload, viewer=by, school=school, now=NOW),
    lambda upload, school, by: read_again(upload, Reading(), school=school, by=by, now=NOW),
    lambda upload, school, by: applied(upload, school, by, shown="x"),
    lambda upload, school, by: discard(upload, school=school, by=by, now=NOW),
)
