"""Families: who of them is invited to what, and what the pupil's own page holds."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from headway.records.models import AuditEntry, Contact, Pupil, Release, School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.families.contacts import contact_of, families_of
from headway.services.families.invitations import (
    ContactRefusedError,
    agree_as_adult,
    end_contact,
    invite_contact,
    lift_restriction,
    new_family_link,
    restrict_contact,
)
from headway.services.families.pages import FamilyPage, own_page, own_pupils, page_as_family
from headway.services.families.releases import (
    Cell,
    ReleaseRefusedError,
    release,
    releases_of,
    withdraw,
)
from headway.services.people import claim_account, claimed_user
from headway.services.sign_in.passwords import account_of
from tests.school import NOW, bring_in, csv, make_school, make_upn, planned, pupils_file, viewer_for
from tests.web.primary import TEACHER, add_account, make_primary

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
AUTUMN, SUMMER = "2026-27-autumn", "2025-26-summer"
MUM, DAD = "mum@home.example", "dad@home.example"
HEADERS = "upn,name,relationship,email,language,receives_reports,restricted,from,to"
ADAMS, BAKER, COLE = (make_upn(number) for number in (1, 2, 3))


@pytest.fixture
def school() -> School:
    """Elm Tree; Amir and Bella are brother and sister by their mother, Amir's father is not Bella's."""
    school = make_primary()
    marks = [f"{ADAMS},mathematics,{SUMMER},2b", f"{BAKER},mathematics,{SUMMER},2a"]
    bring_in(school, csv("upn,subject,term,grade", *marks), file="assessments.csv")
    rows = [
        f"{ADAMS},Mona Adams,mother,{MUM},,,,,",
        f"{ADAMS},Dan Adams,father,{DAD},,,,,",
        f"{BAKER},Mona Adams,mother,{MUM},,,,,",
        f"{BAKER},Bob Baker,father,,,,,,",
    ]
    bring_in(school, csv(HEADERS, *rows), file="contacts.csv")
    return school


def contact(upn: str, name: str) -> Contact:
    return Contact.objects.select_related("user").get(pupil__upn=upn, name=name)


def invited(school: School, upn: str, name: str, *, now: datetime = NOW) -> Viewer:
    """A contact who was invited and has used the link."""
    told = invite_contact(contact(upn, name).uid, school=school, by=COMMAND_LINE, now=now)
    user = User.objects.get(email=told.email)
    if told.path is not None:
        _, _, account, token = told.path.split("/")
        assert claimed_user(UUID(account), token) == user
        claim_account(user, password="a long enough passphrase", now=now)
    return viewer_of(User.objects.get(pk=user.pk))


def seen(viewer: Viewer, *, now: datetime = NOW) -> list[str]:
    fresh = Viewer(viewer.name, user=viewer.user)
    return [each.forename for each in own_pupils(fresh, now=now)]


def uid(upn: str) -> UUID:
    return Pupil.objects.get(upn=upn).uid


def released(school: School, term: str, audience: str = "families", *, starts: date = TODAY) -> int:
    return release(
        [Cell(term, 5 if term == AUTUMN else 4, audience)], starts=starts, school=school, by=COMMAND_LINE, now=NOW
    )


def page(viewer: Viewer, upn: str, *, now: datetime = NOW) -> FamilyPage:
    return own_page(uid(upn), viewer=Viewer(viewer.name, user=viewer.user), now=now)


def grades(found: FamilyPage) -> dict[str, str]:
    return {
        each.term.code: each.grade
        for subject in found.subjects
        for stage in subject.stages
        for each in stage.terms
        if each.grade
    }


class TestInvitations:
    def test_it_links_an_address_to_the_one_child_it_was_made_for(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")

        assert seen(mum) == ["Amir"]
        assert contact(BAKER, "Mona Adams").user is None
        assert account_of(MUM, "a long enough passphrase") == mum.user

    def test_it_adds_a_second_child_to_the_same_account_without_touching_its_password(self, school: School) -> None:
        invited(school, ADAMS, "Mona Adams")

        told = invite_contact(contact(BAKER, "Mona Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

        assert told.path is None
        mum = viewer_of(User.objects.get(email=MUM))
        assert sorted(seen(mum)) == ["Amir", "Bella"]
        assert account_of(MUM, "a long enough passphrase") == mum.user

    def test_it_keeps_a_sibling_from_another_guardian(self, school: School) -> None:
        dad = invited(school, ADAMS, "Dan Adams")

        assert seen(dad) == ["Amir"]
        with pytest.raises(NotFoundError):
            page(dad, BAKER)

    def test_it_is_refused_without_an_address(self, school: School) -> None:
        with pytest.raises(ContactRefusedError, match="no e-mail address"):
            invite_contact(contact(BAKER, "Bob Baker").uid, school=school, by=COMMAND_LINE, now=NOW)

    def test_it_never_gives_a_link_to_the_account_of_a_member_of_staff(self, school: School) -> None:
        bring_in(school, csv(HEADERS, f"{COLE},Tess Teacher,mother,{TEACHER},,,,,"), file="contacts.csv")
        User.objects.filter(email=TEACHER).update(password="!")

        told = invite_contact(contact(COLE, "Tess Teacher").uid, school=school, by=COMMAND_LINE, now=NOW)

        assert told.path is None
        assert contact(COLE, "Tess Teacher").user is not None
        with pytest.raises(ContactRefusedError, match="opens more than"):
            new_family_link(contact(COLE, "Tess Teacher").uid, school=school, by=COMMAND_LINE, now=NOW)

    def test_it_never_gives_a_link_to_an_account_of_another_school(self, school: School) -> None:
        other = make_school("8239999")
        add_account(other, DAD, "Dan Adams", "head")
        User.objects.filter(email=DAD).update(password="!")

        told = invite_contact(contact(ADAMS, "Dan Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

        assert told.path is None

    def test_a_new_link_ends_the_password(self, school: School) -> None:
        invited(school, ADAMS, "Mona Adams")

        told = new_family_link(contact(ADAMS, "Mona Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

        assert told.path is not None
        assert account_of(MUM, "a long enough passphrase") is None

    def test_it_refuses_an_address_that_somebody_restricted_reads(self, school: School) -> None:
        shared = f"{ADAMS},Sid Adams,stepfather,{MUM},,,,,"
        bring_in(school, csv(HEADERS, shared), file="contacts.csv")
        restrict_contact(contact(ADAMS, "Sid Adams").uid, why="order", school=school, by=COMMAND_LINE, now=NOW)

        with pytest.raises(ContactRefusedError, match="the same e-mail address"):
            invite_contact(contact(ADAMS, "Mona Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

    def test_a_file_restricts_and_never_lifts_a_restriction(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        bring_in(school, csv(HEADERS, f"{ADAMS},Mona Adams,mother,{MUM},,,Y,,"), file="contacts.csv")
        assert seen(mum) == []

        lifting = planned(school, csv(HEADERS, f"{ADAMS},Mona Adams,mother,{MUM},,,N,,"), file="contacts.csv")
        bring_in(school, csv(HEADERS, f"{ADAMS},Mona Adams,mother,{MUM},,,,,"), file="contacts.csv")

        (problem,) = lifting.problems
        assert "is restricted, and a file lifts no restriction" in problem.sentence()
        assert seen(mum) == []

    def test_restricting_one_who_shares_an_address_lets_the_other_go_too(self, school: School) -> None:
        bring_in(school, csv(HEADERS, f"{ADAMS},Sid Adams,stepfather,{MUM},,,,,"), file="contacts.csv")
        mum = invited(school, ADAMS, "Mona Adams")
        assert seen(mum) == ["Amir"]

        restrict_contact(contact(ADAMS, "Sid Adams").uid, why="order", school=school, by=COMMAND_LINE, now=NOW)

        assert seen(mum) == []

    def test_it_is_for_those_who_manage_people_and_is_in_the_audit(self, school: School) -> None:
        mona = contact(ADAMS, "Mona Adams")
        stranger = viewer_for(make_school("8239999"), "head")
        reader = viewer_for(school, "senior_leader")
        for act in (invite_contact, new_family_link):
            with pytest.raises(NotFoundError):
                act(mona.uid, school=school, by=stranger, now=NOW)
            with pytest.raises(NotAllowedError):
                act(mona.uid, school=school, by=reader, now=NOW)
        for change in (restrict_contact, lift_restriction, end_contact):
            with pytest.raises(NotFoundError):
                change(mona.uid, why="x", school=school, by=stranger, now=NOW)
            with pytest.raises(NotAllowedError):
                change(mona.uid, why="x", school=school, by=reader, now=NOW)
        with pytest.raises(NotAllowedError):
            agree_as_adult(mona.uid, agreed=True, why="x", school=school, by=reader, now=NOW)
        with pytest.raises(NotFoundError):
            families_of(stranger, school=school, now=NOW)
        with pytest.raises(NotAllowedError):
            families_of(reader, school=school, now=NOW)
        with pytest.raises(NotAllowedError):
            contact_of(mona.uid, viewer=reader, school=school, now=NOW)
        with pytest.raises(NotFoundError):
            contact_of(UUID(int=1), viewer=COMMAND_LINE, school=school, now=NOW)

        invite_contact(mona.uid, school=school, by=COMMAND_LINE, now=NOW)

        entry = AuditEntry.objects.filter(action="invite family").latest("pk")
        assert entry.detail["contact"] == str(mona.uid)


class TestHolding:
    def test_a_restriction_is_in_force_at_the_next_click_and_ends_when_lifted(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        mona = contact(ADAMS, "Mona Adams")

        restrict_contact(mona.uid, why="court order", school=school, by=COMMAND_LINE, now=NOW)
        assert seen(mum) == []
        lift_restriction(mona.uid, why="discharged", school=school, by=COMMAND_LINE, now=NOW)
        assert seen(mum) == ["Amir"]

        changes = contact_of(mona.uid, viewer=COMMAND_LINE, school=school, now=NOW).changes
        assert [(each.kind, each.why) for each in changes[:2]] == [
            ("lift restriction", "discharged"),
            ("restrict family", "court order"),
        ]

    @pytest.mark.parametrize("change", [restrict_contact, lift_restriction, end_contact])
    def test_it_asks_for_a_reason(self, school: School, change: object) -> None:
        with pytest.raises(ContactRefusedError, match="reason is missing"):
            change(contact(ADAMS, "Mona Adams").uid, why=" ", school=school, by=COMMAND_LINE, now=NOW)  # type: ignore[operator]

    def test_an_end_is_in_force_at_the_next_click(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")

        end_contact(contact(ADAMS, "Mona Adams").uid, why="moved", school=school, by=COMMAND_LINE, now=NOW)

        assert seen(mum) == []

    def test_the_dates_of_the_file_hold(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        bring_in(school, csv(HEADERS, f"{ADAMS},Mona Adams,mother,,,,,2026-09-01,2026-12-31"), file="contacts.csv")

        assert seen(mum) == ["Amir"]
        assert seen(mum, now=NOW.replace(month=12, day=31)) == ["Amir"]
        assert seen(mum, now=NOW.replace(year=2027, month=1, day=1)) == []
        assert seen(mum, now=NOW.replace(month=8, day=31)) == []

    def test_another_address_in_the_file_ends_the_way_in(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")

        bring_in(school, csv(HEADERS, f"{ADAMS},Mona Adams,mother,new@home.example,,,,,"), file="contacts.csv")

        assert seen(mum) == []
        assert contact(ADAMS, "Mona Adams").user is None

    def test_a_leaver_is_seen_no_more(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        gone = "upn,surname,forename,sex,dob,year_group,enrolled_to"
        bring_in(school, csv(gone, f"{ADAMS},Adams,Amir,M,2017-01-05,5,2026-11-22"), file="pupils.csv")

        assert seen(mum) == []
        with pytest.raises(ContactRefusedError, match="no longer on roll"):
            invite_contact(contact(ADAMS, "Dan Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

    def test_from_the_eighteenth_birthday_the_pupil_decides(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        birthday = datetime(2035, 1, 5, 9, tzinfo=NOW.tzinfo)
        eve, mona = birthday - timedelta(days=1), contact(ADAMS, "Mona Adams")

        assert (seen(mum, now=eve), seen(mum, now=birthday)) == (["Amir"], [])
        with pytest.raises(ContactRefusedError, match="of age"):
            invite_contact(mona.uid, school=school, by=COMMAND_LINE, now=birthday)

        agree_as_adult(mona.uid, agreed=True, why="asked him", school=school, by=COMMAND_LINE, now=birthday)
        assert seen(mum, now=birthday) == ["Amir"]
        agree_as_adult(mona.uid, agreed=False, why="asked again", school=school, by=COMMAND_LINE, now=birthday)
        assert seen(mum, now=birthday) == []

    def test_it_says_how_far_each_contact_is(self, school: School) -> None:
        invited(school, ADAMS, "Mona Adams")
        invite_contact(contact(ADAMS, "Dan Adams").uid, school=school, by=COMMAND_LINE, now=NOW)

        found = families_of(COMMAND_LINE, school=school, now=NOW, chosen="5A")

        assert [code for code, _ in found.sets] == ["5A", "5B"]
        states = {(f.name, each.name): each.state for f in found.families for each in f.contacts}
        assert states == {
            ("Adams, Amir", "Mona Adams"): "signs_in",
            ("Adams, Amir", "Dan Adams"): "invited",
            ("Baker, Bella", "Mona Adams"): "not_invited",
            ("Baker, Bella", "Bob Baker"): "no_address",
        }


class TestReleases:
    def test_a_term_that_is_not_released_is_not_there(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")

        assert (page(mum, ADAMS).released, page(mum, ADAMS).subjects) == ([], ())

        released(school, SUMMER)
        found = page(mum, ADAMS)
        assert grades(found) == {SUMMER: "2b"}
        assert found.term.code == SUMMER

        released(school, AUTUMN)
        assert grades(page(mum, ADAMS)) == {SUMMER: "2b", AUTUMN: "2a"}

    def test_it_holds_the_line_and_the_target_but_no_note_and_no_name_of_who_judged(self, school: School) -> None:
        noted = "upn,subject,term,grade,comment"
        bring_in(school, csv(noted, f"{ADAMS},mathematics,{AUTUMN},2a,unsettled at home"), file="assessments.csv")
        mum = invited(school, ADAMS, "Mona Adams")
        released(school, AUTUMN)

        (subject,) = page(mum, ADAMS).subjects
        (stage,) = subject.stages
        assert stage.target is not None
        assert stage.target.grade == "4b"
        assert sum(bool(each.expected) for each in stage.terms) > 2
        assert {(each.comment, each.by) for each in stage.terms} == {("", "")}

    def test_pupils_and_families_are_decided_one_by_one(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        released(school, AUTUMN, "pupils")

        assert page(mum, ADAMS).released == []
        assert grades(page_as_family(uid(ADAMS), audience="pupils", viewer=COMMAND_LINE, school=school, now=NOW))

    def test_it_begins_on_its_day(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        released(school, AUTUMN, starts=TODAY + timedelta(days=1))

        assert page(mum, ADAMS).released == []
        assert grades(page(mum, ADAMS, now=NOW + timedelta(days=1))) == {AUTUMN: "2a"}

    def test_what_is_withdrawn_is_gone_at_the_next_click(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        released(school, AUTUMN)

        assert withdraw([Cell(AUTUMN, 5, "families")], school=school, by=COMMAND_LINE, now=NOW) == 1
        assert page(mum, ADAMS).released == []
        assert withdraw([Cell(AUTUMN, 5, "families")], school=school, by=COMMAND_LINE, now=NOW) == 0

    def test_a_release_is_of_the_year_group_the_pupil_was_in_then(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        bring_in(school, pupils_file({make_upn(60): {"year_group": "6"}}), file="pupils.csv")
        release([Cell(SUMMER, 5, "families")], starts=TODAY, school=school, by=COMMAND_LINE, now=NOW)

        assert page(mum, ADAMS).released == []

    def test_it_says_who_released_what_when_and_changes_only_what_differs(self, school: School) -> None:
        head = viewer_for(school, "head")

        assert release([Cell(AUTUMN, 5, "families")], starts=TODAY, school=school, by=head, now=NOW) == 1
        assert release([Cell(AUTUMN, 5, "families")], starts=TODAY, school=school, by=head, now=NOW) == 0
        earlier = TODAY - timedelta(days=3)
        assert release([Cell(AUTUMN, 5, "families")], starts=earlier, school=school, by=head, now=NOW) == 1

        table = releases_of(head, school=school, now=NOW)
        told = table.released[Cell(AUTUMN, 5, "families")]
        assert (told.starts, told.by, told.at) == (earlier, "Head", NOW)
        assert table.open_terms == {AUTUMN}
        assert [year.code for year in table.years] == ["2025-26", "2026-27"]

    @pytest.mark.parametrize("cell", [Cell("2026-27-spring", 5, "families"), Cell("x", 5, "families")])
    def test_it_refuses_a_term_without_marks(self, school: School, cell: Cell) -> None:
        with pytest.raises(ReleaseRefusedError, match="no marks of"):
            release([cell], starts=TODAY, school=school, by=COMMAND_LINE, now=NOW)

    @pytest.mark.parametrize("cell", [Cell(AUTUMN, 13, "families"), Cell(AUTUMN, 5, "governors")])
    def test_it_refuses_what_is_no_cell(self, school: School, cell: Cell) -> None:
        with pytest.raises(ReleaseRefusedError, match="box of the table"):
            release([cell], starts=TODAY, school=school, by=COMMAND_LINE, now=NOW)
        assert not Release.objects.exists()

    def test_it_is_for_those_who_release_and_is_in_the_audit(self, school: School) -> None:
        stranger, reader = viewer_for(make_school("8239999"), "head"), viewer_for(school, "class_teacher")
        cells = [Cell(AUTUMN, 5, "families")]
        with pytest.raises(NotFoundError):
            release(cells, starts=TODAY, school=school, by=stranger, now=NOW)
        with pytest.raises(NotAllowedError):
            release(cells, starts=TODAY, school=school, by=reader, now=NOW)
        with pytest.raises(NotFoundError):
            withdraw(cells, school=school, by=stranger, now=NOW)
        with pytest.raises(NotAllowedError):
            withdraw(cells, school=school, by=reader, now=NOW)
        with pytest.raises(NotAllowedError):
            releases_of(reader, school=school, now=NOW)

        release(cells, starts=TODAY, school=school, by=COMMAND_LINE, now=NOW)
        withdraw(cells, school=school, by=COMMAND_LINE, now=NOW)
        assert AuditEntry.objects.filter(action__in=("release marks", "withdraw marks")).count() == 2


class TestOwnPage:
    def test_staff_see_it_within_their_reach(self, school: School) -> None:
        teacher = viewer_of(User.objects.get(email=TEACHER))
        released(school, AUTUMN)

        shown = page_as_family(uid(ADAMS), audience="families", viewer=teacher, school=school, now=NOW)
        assert grades(shown) == {AUTUMN: "2a"}
        for pupil, audience in ((uid(make_upn(7)), "families"), (uid(ADAMS), "everybody")):
            with pytest.raises(NotFoundError):
                page_as_family(pupil, audience=audience, viewer=teacher, school=school, now=NOW)
        with pytest.raises(NotAllowedError):
            page_as_family(
                uid(ADAMS), audience="families", viewer=viewer_for(school, "governor"), school=school, now=NOW
            )

    def test_it_notes_whom_it_showed(self, school: School) -> None:
        mum = invited(school, ADAMS, "Mona Adams")
        viewer = Viewer(mum.name, user=mum.user)

        own_page(uid(ADAMS), viewer=viewer, now=NOW)

        assert viewer.shown == {Pupil.objects.get(upn=ADAMS).pk}
