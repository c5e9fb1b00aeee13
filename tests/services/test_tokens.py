"""Tokens: made by those who may, shown once, found by what was shown, and over when their owner's right is."""

from datetime import date, timedelta

import pytest

from headway.domain.tokens import latest_end
from headway.records.models import AuditEntry, School, Token, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.tokens import (
    MadeToken,
    TokenRefusedError,
    find_token,
    make_token,
    revoke_token,
    scopes_of,
    tokens_of,
    tokens_of_everybody,
)
from tests.school import NOW, make_school, sign_in_for, viewer_for

TODAY = NOW.date()
LATER = TODAY + timedelta(days=90)


@pytest.fixture
def head(school: School) -> Viewer:
    return viewer_for(school, "head")


def made(by: Viewer, school: School, *, name: str = "Seating plans", ends: date = LATER, **kwargs: object) -> MadeToken:
    scopes = kwargs.pop("scopes", ("read",))
    return make_token(name, scopes=scopes, ends=ends, school=school, by=by, now=NOW, **kwargs)  # type: ignore[arg-type]


def audited(action: str) -> list[dict[str, object]]:
    return [entry.detail for entry in AuditEntry.objects.filter(action=action)]


def test_it_makes_a_token_that_finds_its_owner(school: School, head: Viewer) -> None:
    token = made(head, school)

    held = find_token(token.secret, now=NOW)

    assert held is not None
    assert held.viewer == head
    assert held.scopes == {"read"}
    assert held.uid == token.token.uid


def test_it_keeps_no_token_only_its_digest(school: School, head: Viewer) -> None:
    secrets = {made(head, school, name=f"Program {number}").secret for number in range(5)}

    assert len(secrets) == 5
    for secret in secrets:
        assert secret.startswith("hw_")
        assert len(secret) == 3 + 43  # 256 bits in base64
        kept = [str(value) for row in Token.objects.values() for value in row.values()]
        assert not any(secret in value or secret[3:] in value for value in kept)


def test_it_writes_down_who_made_and_revoked_one_and_not_what_it_is(school: School, head: Viewer) -> None:
    token = made(head, school)
    revoke_token(token.token.uid, school=school, by=head, now=NOW)

    uid = str(token.token.uid)
    assert audited("make token") == [{"token": uid, "scopes": ["read"], "ends": LATER.isoformat()}]
    assert audited("revoke token") == [{"token": uid}]


def test_it_finds_no_token_that_was_revoked_and_revokes_once(school: School, head: Viewer) -> None:
    token = made(head, school)
    for _ in range(2):
        assert revoke_token(token.token.uid, school=school, by=head, now=NOW) == "Seating plans"

    assert find_token(token.secret, now=NOW) is None
    assert len(audited("revoke token")) == 1


def test_it_finds_a_token_on_its_last_day_and_not_after(school: School, head: Viewer) -> None:
    token = made(head, school, ends=TODAY)

    assert find_token(token.secret, now=NOW) is not None
    assert find_token(token.secret, now=NOW + timedelta(days=1)) is None


def test_it_finds_no_token_of_an_account_that_nobody_used_for_long(school: School, head: Viewer) -> None:
    token = made(head, school)
    for days, found in ((89, True), (91, False)):
        User.objects.update(last_login=NOW - timedelta(days=days))

        assert (find_token(token.secret, now=NOW) is not None) is found


def test_it_finds_no_token_whose_owners_account_is_closed(school: School, head: Viewer) -> None:
    token = made(head, school)
    User.objects.update(is_active=False)

    assert find_token(token.secret, now=NOW) is None


@pytest.mark.parametrize(
    "said", ["", "hw_", "hw_" + "a" * 42, "hw_" + "a" * 43, "x" * 10_000, "hw_\0", "hw_" + "é" * 43]
)
def test_it_finds_nobody_by_what_is_no_token(school: School, head: Viewer, said: str) -> None:
    made(head, school)

    assert find_token(said, now=NOW) is None


def test_it_notes_a_use_once_a_minute(school: School, head: Viewer) -> None:
    token = made(head, school)
    noted = []
    for seconds in (0, 20, 59, 60, 61):
        find_token(token.secret, now=NOW + timedelta(seconds=seconds))
        noted.append(Token.objects.get().used_at)

    assert noted == [NOW, NOW, NOW, NOW + timedelta(seconds=60), NOW + timedelta(seconds=60)]


@pytest.mark.parametrize("days", [-1, 366, 100_000])
def test_it_refuses_an_end_before_today_or_beyond_a_year(school: School, head: Viewer, days: int) -> None:
    with pytest.raises(TokenRefusedError, match="Right would be a day from today to 23/11/2027"):
        made(head, school, ends=TODAY + timedelta(days=days))

    assert not Token.objects.exists()
    assert made(head, school, ends=latest_end(TODAY)).token.ends == TODAY + timedelta(days=365)


@pytest.mark.parametrize("name", ["", "  \t ", "\0", "x" * 101])
def test_it_refuses_a_name_that_is_none(school: School, head: Viewer, name: str) -> None:
    with pytest.raises(TokenRefusedError, match="Right would be"):
        made(head, school, name=name)


def test_it_refuses_a_second_of_the_same_name_while_the_first_works(school: School, head: Viewer) -> None:
    first = made(head, school)
    with pytest.raises(TokenRefusedError, match=r"already\. Right would be another name"):
        made(head, school, name=" seating  PLANS ")

    revoke_token(first.token.uid, school=school, by=head, now=NOW)

    assert made(head, school).token.name == "Seating plans"


@pytest.mark.parametrize("scopes", [(), ("write_marks",), ("read", "everything")])
def test_it_refuses_scopes_there_are_not(school: School, head: Viewer, scopes: tuple[str, ...]) -> None:
    with pytest.raises(TokenRefusedError, match="one or more of read, export"):
        made(head, school, scopes=scopes)


def test_it_offers_to_take_out_only_to_who_may(school: School, head: Viewer) -> None:
    leader = viewer_for(school, "senior_leader")

    assert scopes_of(head, school=school, now=NOW) == ["read", "export"]
    assert scopes_of(leader, school=school, now=NOW) == ["read"]
    with pytest.raises(TokenRefusedError):
        made(leader, school, scopes=("export",))


def test_it_makes_none_for_a_reader_or_a_stranger_or_the_command_line(school: School) -> None:
    stranger = viewer_for(make_school("8239999"), "head")

    with pytest.raises(NotAllowedError):
        made(viewer_for(school, "class_teacher"), school)
    with pytest.raises(NotFoundError):
        made(stranger, school)
    with pytest.raises(NotAllowedError, match="Sign in"):
        made(COMMAND_LINE, school)
    assert not Token.objects.exists()


def test_it_lists_ones_own_the_working_first(school: School, head: Viewer) -> None:
    names = ["First", "Second", "Third"]
    first = made(head, school, name=names[0])
    for name in names[1:]:
        made(head, school, name=name)
    made(viewer_for(school, "data_manager"), school, name="Somebody else's")
    revoke_token(first.token.uid, school=school, by=head, now=NOW)

    listed = tokens_of(head, school=school, now=NOW)

    assert [each.name for each in listed][-1] == "First"
    assert {each.name for each in listed} == set(names)
    assert {each.owner for each in listed} == {"Head"}
    assert [each.works(TODAY) for each in listed] == [True, True, False]


def test_it_lists_everybodys_only_to_who_looks_after_people(school: School, head: Viewer) -> None:
    data_manager = viewer_for(school, "data_manager")
    made(data_manager, school)
    made(viewer_for(make_school("8239999"), "head"), School.objects.get(dfe="8239999"), name="Elsewhere")

    assert [each.owner for each in tokens_of_everybody(head, school=school, now=NOW)] == ["Data manager"]
    with pytest.raises(NotAllowedError):
        tokens_of_everybody(data_manager, school=school, now=NOW)
    with pytest.raises(NotAllowedError):
        tokens_of(viewer_for(school, "governor"), school=school, now=NOW)


def test_it_lets_whoever_looks_after_people_revoke_anybodys_and_others_their_own(school: School, head: Viewer) -> None:
    data_manager, leader = viewer_for(school, "data_manager"), viewer_for(school, "senior_leader")
    first, second = made(data_manager, school), made(leader, school)

    revoke_token(first.token.uid, school=school, by=head, now=NOW)
    with pytest.raises(NotFoundError):
        revoke_token(second.token.uid, school=school, by=data_manager, now=NOW)
    with pytest.raises(NotAllowedError):
        revoke_token(second.token.uid, school=school, by=viewer_for(school, "tutor"), now=NOW)

    assert find_token(first.secret, now=NOW) is None
    assert find_token(second.secret, now=NOW) is not None


def test_it_revokes_nothing_of_another_school(school: School, head: Viewer) -> None:
    elsewhere = make_school("8239999")
    token = made(viewer_for(elsewhere, "head"), elsewhere)

    with pytest.raises(NotFoundError):
        revoke_token(token.token.uid, school=school, by=head, now=NOW)
    with pytest.raises(NotFoundError):
        revoke_token(token.token.uid, school=elsewhere, by=head, now=NOW)
    assert find_token(token.secret, now=NOW) is not None


def test_it_lists_what_somebody_who_has_left_still_has(school: School, head: Viewer) -> None:
    leaver = sign_in_for(school, "data_manager")
    token = made(viewer_of(leaver), school)
    leaver.is_active = False
    leaver.save()

    (listed,) = tokens_of_everybody(head, school=school, now=NOW)
    revoke_token(listed.uid, school=school, by=head, now=NOW)

    assert listed.uid == token.token.uid
    assert Token.objects.get().revoked_at == NOW
