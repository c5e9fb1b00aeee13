"""Lists for programs: of whom their viewer sees, with what of each they may see, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.records.models import Pupil, School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.listings import (
    AssessmentsAsked,
    Page,
    PupilRefusedError,
    PupilsAsked,
    UnknownValueError,
    Window,
    find_pupil,
    list_assessments,
    list_classes,
    list_groups,
    list_pupils,
    list_scales,
    list_schools,
    list_subjects,
    list_terms,
    one_pupil,
)
from headway.services.people import add_person
from tests.school import NOW, bring_in, csv, make_school, make_upn, viewer_for
from tests.web.primary import GOVERNOR, HEAD, TEACHER, make_primary

EVERYTHING = Window(size=500)
AUTUMN = "2026-27-autumn"
LISTS: Sequence[Callable[..., Page[Any]]] = (list_subjects, list_terms, list_scales, list_classes, list_groups)


@dataclass(frozen=True)
class Cast:
    """Elm Tree and who looks at it."""

    school: School
    head: Viewer
    teacher: Viewer
    governor: Viewer
    stranger: Viewer


@pytest.fixture
def cast(db: None) -> Cast:
    school = make_primary()
    head, teacher, governor = (viewer_of(User.objects.get(email=each)) for each in (HEAD, TEACHER, GOVERNOR))
    return Cast(school, head, teacher, governor, viewer_for(make_school("8239999"), "head"))


def pupils(viewer: Viewer, school: School, *, window: Window = EVERYTHING, **asked: Any) -> Page[Any]:
    return list_pupils(viewer, school=school, window=window, now=NOW, asked=PupilsAsked(**asked))


def assessments(viewer: Viewer, school: School, **asked: Any) -> Sequence[Any]:
    asked.setdefault("term", AUTUMN)
    wanted = AssessmentsAsked(**asked)
    return list_assessments(viewer, school=school, window=EVERYTHING, now=NOW, asked=wanted).items


def surnames(page: Page[Any]) -> list[str]:
    return [each.surname for each in page.items]


def keys(**filters: object) -> set[int]:
    return set(Pupil.objects.filter(**filters).values_list("pk", flat=True))


def every_list(viewer: Viewer, school: School) -> list[Callable[[], object]]:
    uid, upn = Pupil.objects.order_by("pk")[0].uid, Pupil.objects.order_by("pk")[0].upn
    about = {"viewer": viewer, "school": school, "now": NOW}
    return [
        *(lambda each=each: each(viewer, school=school, window=EVERYTHING, now=NOW) for each in LISTS),
        lambda: pupils(viewer, school),
        lambda: assessments(viewer, school),
        lambda: one_pupil(uid, **about),
        lambda: find_pupil(upn, **about),
    ]


# ---- Who is let in -----------------------------------------------------------------------------------------------


def test_it_tells_a_stranger_nothing_and_a_reader_that_they_may_not(cast: Cast) -> None:
    for listing in every_list(cast.stranger, cast.school):
        with pytest.raises(NotFoundError):
            listing()
    for listing in every_list(cast.governor, cast.school):
        with pytest.raises(NotAllowedError):
            listing()


def test_it_takes_out_all_terms_only_for_who_may_export(cast: Cast) -> None:
    assert len(assessments(cast.head, cast.school, term=None)) == 11
    with pytest.raises(NotAllowedError):
        assessments(cast.teacher, cast.school, term=None)


def test_it_lists_the_schools_a_token_of_theirs_reaches(cast: Cast) -> None:
    other = School.objects.get(dfe="8239999")
    add_person(name="Maya Head", email=HEAD, roles="head", school=other, by=COMMAND_LINE, now=NOW)

    (first, second) = list_schools(
        viewer_of(User.objects.get(email=HEAD)), window=EVERYTHING, now=NOW
    ).items  # fmt: skip

    assert (first.dfe, first.name, first.framework) == ("8231234", "Elm Tree Primary School", "england-2008@1")
    assert (second.dfe, second.term) == ("8239999", AUTUMN)
    with pytest.raises(NotAllowedError):
        list_schools(cast.teacher, window=EVERYTHING, now=NOW)


# ---- Whom they see -----------------------------------------------------------------------------------------------


def test_it_lists_the_pupils_within_reach(cast: Cast) -> None:
    assert len(pupils(cast.head, cast.school).items) == 12
    assert surnames(pupils(cast.teacher, cast.school)) == ["Adams", "Baker", "Cole", "Diaz", "Evans", "Frost"]


def test_it_gives_a_teacher_only_their_own_pupils_everywhere(cast: Cast) -> None:
    rows = [f"Choir,{upn}" for upn in Pupil.objects.values_list("upn", flat=True)]
    bring_in(cast.school, csv("group,upn", *rows), file="groups.csv")
    mine = set(Pupil.objects.filter(placements__reg_group="5A").values_list("uid", flat=True))

    classes = list_classes(cast.teacher, school=cast.school, window=EVERYTHING, now=NOW).items
    groups = list_groups(cast.teacher, school=cast.school, window=EVERYTHING, now=NOW).items

    assert [each.code for each in classes] == ["5A"]
    assert set(classes[0].subjects[0].pupils) == mine
    assert [(each.staff, each.name) for each in classes[0].subjects[0].teachers] == [("TEA", "Tess Teacher")]
    assert {each.pupil for each in groups[0].members} == mine
    assert {each.pupil for each in assessments(cast.teacher, cast.school)} == mine
    assert cast.teacher.shown == keys(uid__in=mine)


def test_it_finds_nobody_out_of_reach_and_says_the_same_as_of_nobody(cast: Cast) -> None:
    out_of_reach = Pupil.objects.get(surname="Lowe")
    said = []
    for find in (
        lambda: one_pupil(out_of_reach.uid, viewer=cast.teacher, school=cast.school, now=NOW),
        lambda: one_pupil(cast.school.uid, viewer=cast.teacher, school=cast.school, now=NOW),
        lambda: find_pupil(out_of_reach.upn, viewer=cast.teacher, school=cast.school, now=NOW),
        lambda: find_pupil(make_upn(99), viewer=cast.teacher, school=cast.school, now=NOW),
    ):
        with pytest.raises(NotFoundError) as refused:
            find()
        said.append(str(refused.value))

    assert len(set(said)) == 1
    assert cast.teacher.shown == frozenset()


def test_it_finds_a_pupil_by_number_however_it_is_typed(cast: Cast) -> None:
    upn = Pupil.objects.get(surname="Adams").upn

    found = find_pupil(f" {upn.lower()} ", viewer=cast.head, school=cast.school, now=NOW)

    assert (found.surname, found.upn) == ("Adams", upn)
    with pytest.raises(PupilRefusedError, match="Right would be"):
        find_pupil("A123", viewer=cast.head, school=cast.school, now=NOW)


def test_it_notes_whom_it_told_of(cast: Cast) -> None:
    page = pupils(cast.head, cast.school, window=Window(size=3))

    assert cast.head.shown == keys(uid__in=[each.uid for each in page.items])


# ---- What of each ------------------------------------------------------------------------------------------------


def test_it_tells_yes_no_not_recorded_and_codes_apart(cast: Cast) -> None:
    adams, baker, *_, frost = pupils(cast.head, cast.school, class_code="5A").items

    assert adams.characteristics["fsm"] is True
    assert baker.characteristics["fsm"] is False
    assert frost.characteristics["fsm"] is None
    assert adams.characteristics["sex"] == "M"
    assert adams.date_of_birth is not None


def test_it_leaves_out_what_somebody_may_not_see_of_a_pupil(cast: Cast) -> None:
    add_person(name="Ada Aid", email="aid@elm.example", roles="teaching_assistant", school=cast.school,
               by=COMMAND_LINE, now=NOW)  # fmt: skip
    aid = viewer_of(User.objects.get(email="aid@elm.example"))
    code = User.objects.get(email="aid@elm.example").people.get().code
    upn = Pupil.objects.get(surname="King").upn
    bring_in(cast.school, csv("upn,class,subject,year_group,teacher", f"{upn},5B,reading,5,{code}"), file="classes.csv")

    (king,) = pupils(aid, cast.school).items

    assert set(king.characteristics) == {"sex", "sen", "first_language"}
    assert king.date_of_birth is None


def test_it_shows_a_field_only_of_the_pupils_it_may_be_seen_of(cast: Cast) -> None:
    """Somebody who follows every pupil without seeing who has free meals, and teaches a class in which they see it."""
    bring_in(cast.school, csv("group,upn", *[f"Talk,{each}" for each in Pupil.objects.values_list("upn", flat=True)]),
             file="groups.csv")  # fmt: skip
    row = f"TEA,Tess Teacher,{TEACHER},class_teacher; learning_mentor:Talk"
    bring_in(cast.school, csv("staff,name,email,roles", row), file="staff.csv")
    tess = viewer_of(User.objects.get(email=TEACHER))

    listed = pupils(tess, cast.school).items

    assert len(listed) == 12
    assert {each.reg_group for each in listed if "fsm" in each.characteristics} == {"5A"}
    assert {each.reg_group for each in listed if each.date_of_birth} == {"5A"}
    assert all("pupil_premium" in each.characteristics for each in listed)


def test_it_tells_where_a_pupil_is_or_was_last(cast: Cast) -> None:
    left = Pupil.objects.get(surname="Jones")
    row = f"{left.upn},Jones,Jo,F,2017-01-05,5,2026-10-23"
    bring_in(cast.school, csv("upn,surname,forename,sex,dob,year_group,enrolled_to", row), file="pupils.csv")

    adams = pupils(cast.head, cast.school).items[0]
    jones = one_pupil(left.uid, viewer=cast.head, school=cast.school, now=NOW)

    assert (adams.on_roll, adams.year_group, adams.reg_group) == (True, 5, "5A")
    assert (jones.on_roll, jones.year_group, jones.reg_group) == (False, 5, "5B")
    assert [(each.starts.isoformat(), each.ends and each.ends.isoformat()) for each in jones.enrolments] == [
        ("2026-09-01", "2026-10-23")
    ]
    assert "Jones" not in surnames(pupils(cast.head, cast.school))
    assert surnames(pupils(cast.head, cast.school, on_roll="no")) == ["Jones"]
    assert len(pupils(cast.head, cast.school, on_roll="any").items) == 12


def test_it_gives_a_mark_with_exact_points_and_its_version(cast: Cast) -> None:
    by_pupil = {each.pupil: each for each in assessments(cast.head, cast.school)}
    adams = by_pupil[Pupil.objects.get(surname="Adams").uid]
    frost = by_pupil[Pupil.objects.get(surname="Frost").uid]

    assert (adams.subject, adams.term, adams.grade, adams.mark_code) == ("mathematics", AUTUMN, "2a", "")
    assert adams.points == Fraction(17)
    assert (frost.grade, frost.mark_code, frost.points) == ("", "Abs", None)
    assert adams.version.endswith(".1")
    assert adams.scale in {
        f"{each.code}@{each.version}"
        for each in list_scales(cast.head, school=cast.school, window=EVERYTHING, now=NOW).items
    }


# ---- Narrowed ----------------------------------------------------------------------------------------------------


def test_it_narrows_pupils_by_class_year_group_and_group(cast: Cast) -> None:
    upn = Pupil.objects.get(surname="Adams").upn
    bring_in(cast.school, csv("group,upn,from,to", f"Choir,{upn},,"), file="groups.csv")
    (choir,) = list_groups(cast.head, school=cast.school, window=EVERYTHING, now=NOW).items

    assert len(pupils(cast.head, cast.school, class_code="5B").items) == 6
    assert len(pupils(cast.head, cast.school, year_group=5).items) == 12
    assert pupils(cast.head, cast.school, year_group=6).items == []
    assert surnames(pupils(cast.head, cast.school, group=choir.uid)) == ["Adams"]
    assert pupils(cast.head, cast.school, group=choir.uid, class_code="5B").items == []


def test_it_narrows_assessments_by_subject_class_and_pupil(cast: Cast) -> None:
    adams = Pupil.objects.get(surname="Adams").uid

    assert len(assessments(cast.head, cast.school)) == 11
    assert len(assessments(cast.head, cast.school, class_code="5A")) == 6
    assert assessments(cast.head, cast.school, subject="reading") == []
    assert assessments(cast.head, cast.school, term="2026-27-spring") == []
    assert [each.pupil for each in assessments(cast.head, cast.school, pupil=adams)] == [adams]
    with pytest.raises(NotFoundError):
        assessments(cast.teacher, cast.school, pupil=Pupil.objects.get(surname="Lowe").uid)


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({"class_code": "9Z"}, "one of 5A, 5B"),
        ({"subject": "alchemy"}, "one of reading, writing"),
        ({"term": "2026-autumn"}, "such as 2026-27-autumn"),
    ],
)
def test_it_says_what_would_be_right(cast: Cast, asked: dict[str, str], right: str) -> None:
    with pytest.raises(UnknownValueError, match=right):
        assessments(cast.head, cast.school, **asked)


def test_it_lists_no_class_or_group_out_of_reach_even_as_what_would_be_right(cast: Cast) -> None:
    bring_in(cast.school, csv("group,upn", f"Secret,{Pupil.objects.get(surname='Lowe').upn}"), file="groups.csv")
    (secret,) = list_groups(cast.head, school=cast.school, window=EVERYTHING, now=NOW).items

    for wrong in ({"class_code": "5B"}, {"class_code": "9Z"}):
        with pytest.raises(UnknownValueError, match=r"one of 5A\.$"):
            pupils(cast.teacher, cast.school, **wrong)
    with pytest.raises(UnknownValueError) as refused:
        pupils(cast.teacher, cast.school, group=secret.uid)
    assert "Right would be none" in str(refused.value)


def test_it_lists_classes_of_another_year(cast: Cast) -> None:
    about = {"school": cast.school, "window": EVERYTHING, "now": NOW}

    assert list_classes(cast.head, **about, academic_year="2025-26").items == []
    assert len(list_classes(cast.head, **about, academic_year="2026-27").items) == 2
    with pytest.raises(UnknownValueError, match="one such as 2026-27"):
        list_classes(cast.head, **about, academic_year="2026")


# ---- What marks are made of, and pages ---------------------------------------------------------------------------


def test_it_lists_subjects_terms_and_scales_as_they_are(cast: Cast) -> None:
    about = {"school": cast.school, "window": EVERYTHING, "now": NOW}
    subjects = {each.code: each for each in list_subjects(cast.head, **about).items}
    (term,) = list_terms(cast.head, **about).items
    levels = next(each for each in list_scales(cast.head, **about).items if "4b" in {g.code for g in each.grades})

    assert {each.key_stage for each in subjects["reading"].stages} >= {"KS1", "KS2"}
    assert (term.code, term.academic_year, term.current, term.closed_at) == (AUTUMN, "2026-27", True, None)
    assert [each.rank for each in levels.grades] == list(range(len(levels.grades)))
    assert {each.code for each in levels.mark_codes} >= {"Abs"}


def test_it_lists_the_term_a_new_school_is_in(db: None) -> None:
    school = make_school()
    (term,) = list_terms(viewer_for(school, "head"), school=school, window=EVERYTHING, now=NOW).items

    assert (term.code, term.starts.isoformat()) == (AUTUMN, "2026-09-01")


def test_pages_together_are_the_whole_list_each_item_once(cast: Cast) -> None:
    whole, found, after = pupils(cast.head, cast.school).items, [], 0
    for size in (1, 4, 5, 2, 3):
        page = pupils(cast.head, cast.school, window=Window(after, size))
        found.extend(page.items)
        assert len(page.items) <= size
        if page.last is None:
            break
        after = page.last

    assert [each.uid for each in found] == [each.uid for each in whole]
    assert page.last is None
    subjects = list_subjects(cast.head, school=cast.school, window=EVERYTHING, now=NOW)
    assert list_subjects(cast.head, school=cast.school, window=Window(0, len(subjects.items)), now=NOW).last is None


def test_it_asks_the_records_no_more_for_many_than_for_few(cast: Cast) -> None:
    def n_queries(size: int) -> int:
        viewer = viewer_of(User.objects.get(email=HEAD))
        with CaptureQueriesContext(connection) as asked:
            pupils(viewer, cast.school, window=Window(size=size))
        return len(asked)

    n_queries(1)
    assert n_queries(12) == n_queries(1) <= 8


def test_a_leaver_of_the_staff_lists_nothing(cast: Cast) -> None:
    row = f"TEA,Tess Teacher,{TEACHER},class_teacher,{NOW.date() - timedelta(days=1)}"
    bring_in(cast.school, csv("staff,name,email,roles,to", row), file="staff.csv")

    with pytest.raises(NotFoundError):
        pupils(viewer_of(User.objects.get(email=TEACHER)), cast.school)
