"""Collections closed and reopened: by whom, as what act, and never twice."""

from datetime import timedelta

import pytest

from headway.records.models import Act, AuditEntry, School, Term
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.collections import close, collections_of, reopen
from tests.school import NOW, bring_in, csv, make_school, viewer_for
from tests.services.conftest import BEN

TERM = "2026-27-autumn"


def test_it_lists_the_terms_oldest_first_with_what_they_hold(tracked: School) -> None:
    rows = [
        f"{BEN},reading,2026-27-autumn,3a",
        f"{BEN},mathematics,2026-27-autumn,3a",
        f"{BEN},reading,2025-26-summer,3b",
    ]
    bring_in(tracked, csv("upn,subject,term,grade", *rows), file="assessments.csv")

    found = collections_of(COMMAND_LINE, school=tracked, now=NOW)

    assert [(each.term, each.n_assessments, each.closed_at) for each in found] == [
        ("2025-26-summer", 1, None),
        ("2026-27-autumn", 2, None),
    ]


def test_closing_and_reopening_are_acts_and_audited(school: School) -> None:
    close(TERM, school=school, by=COMMAND_LINE, now=NOW)
    closed_at = Term.objects.get().closed_at
    reopen(TERM, school=school, by=COMMAND_LINE, now=NOW + timedelta(hours=1))

    assert closed_at == NOW
    assert Term.objects.get().closed_at is None
    acts = Act.objects.filter(kind__endswith="collection").order_by("pk").values_list("kind", "at")
    assert list(acts) == [("close collection", NOW), ("reopen collection", NOW + timedelta(hours=1))]
    audited = AuditEntry.objects.filter(action__endswith="collection").order_by("pk").values_list("action", "detail")
    assert list(audited) == [("close collection", {"term": TERM}), ("reopen collection", {"term": TERM})]


def test_closing_what_is_closed_changes_nothing(school: School) -> None:
    close(TERM, school=school, by=COMMAND_LINE, now=NOW)
    close(TERM, school=school, by=COMMAND_LINE, now=NOW + timedelta(days=9))

    assert (Term.objects.get().closed_at, Term.objects.get().version) == (NOW, 2)


def test_reopening_what_was_never_closed_changes_nothing(school: School) -> None:
    reopen(TERM, school=school, by=COMMAND_LINE, now=NOW)

    assert not Act.objects.filter(kind="reopen collection").exists()


@pytest.mark.parametrize("code", ["2026-27-michaelmas", "autumn", "2050-51-autumn", ""])
def test_it_refuses_what_is_no_term(school: School, code: str) -> None:
    with pytest.raises(ValueError, match="Right would be"):
        close(code, school=school, by=COMMAND_LINE, now=NOW)


@pytest.mark.parametrize("act", [close, reopen])
def test_only_the_head_and_the_assessment_manager_may(school: School, act: object) -> None:
    assert callable(act)
    for role in ("head", "assessment_manager"):
        act(TERM, school=school, by=viewer_for(school, role), now=NOW)
    for role in ("class_teacher", "data_manager", "senior_leader", "governor"):
        with pytest.raises(NotAllowedError):
            act(TERM, school=school, by=viewer_for(school, role), now=NOW)


def test_a_stranger_finds_no_school(school: School) -> None:
    stranger = viewer_for(make_school("8239999"), "head")

    with pytest.raises(NotFoundError):
        close(TERM, school=school, by=stranger, now=NOW)
    with pytest.raises(NotFoundError):
        collections_of(stranger, school=school, now=NOW)


def test_another_schools_terms_are_its_own(school: School) -> None:
    other = make_school("8239999")
    close(TERM, school=other, by=COMMAND_LINE, now=NOW)

    assert list(collections_of(COMMAND_LINE, school=school, now=NOW)) == []
