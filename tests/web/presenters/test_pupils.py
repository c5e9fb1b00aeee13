"""The pupil page in words, on subjects made by hand."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from tests.school import NOW

from headway.domain.frameworks import Framework
from headway.domain.scales import Scale
from headway.domain.status import Status, compare
from headway.domain.terms import AcademicYear, Term, parse_term, term_of_year
from headway.formats.frameworks import read_framework, shipped_frameworks
from headway.services.pupil_pages import PupilPage, StageYear
from headway.services.pupil_particulars import AttendanceRecord, HeldCharacteristic, Incident, Spell
from headway.services.pupil_progress import Prior, StageProgress, StageTarget, SubjectProgress, TermProgress
from headway.services.target_history import TargetChange
from headway.web.presenters.pupil_axis import axis_of
from headway.web.presenters.pupil_charts import small_chart, story
from headway.web.presenters.pupil_compared import compared
from headway.web.presenters.pupil_people import change_rows, characteristic_rows, place_words
from headway.web.presenters.pupil_strips import strip_of
from headway.web.presenters.pupils import standing

TODAY = NOW.date()
FRAMEWORK: Framework = read_framework(shipped_frameworks()["england-2008"], file="england-2008.yaml")
LEVELS, GCSE = FRAMEWORK.scales["nc_levels"], FRAMEWORK.scales["gcse"]


def _term(code: str) -> Term:
    return parse_term(code, terms=FRAMEWORK.terms, today=TODAY)


NOW_TERM, LAST_TERM = _term("2026-27-autumn"), _term("2025-26-summer")


def _stage(
    grades: Mapping[str, str],
    *,
    first_year: int = 2024,
    key_stage: str = "KS2",
    scale: Scale = LEVELS,
    target: str = "4b",
    starts_from: int | None = 15,
    parts: tuple[str, ...] = (),
) -> StageProgress:
    """A key stage from 2b (15 points) straight to a target; grades by term. A likely outcome's line is the target."""
    n_terms, aim = FRAMEWORK.n_terms(key_stage), scale.parse(target)
    terms = []
    for k in range(1, n_terms + 1):
        term = FRAMEWORK.term_at(key_stage, k, first_year=AcademicYear(first_year))
        value = aim.points if starts_from is None else starts_from + (aim.points - starts_from) * Fraction(k, n_terms)
        expected = scale.grade_for(value)
        given = scale.spellings.get(grades.get(term.code, "").casefold())
        found = compare((given.rank, given.points) if given else None, (expected.rank, value))
        terms.append(
            TermProgress(
                term=term,
                k=k,
                grade=given.code if given else "",
                points=given.points if given else None,
                expected=expected.code,
                expected_points=value,
                status=found.status,
                steps=found.steps,
                gap=found.gap,
            )
        )
    return StageProgress(
        key_stage=key_stage,
        scale=scale,
        judgement="likely" if scale is GCSE else "current",
        parts=parts,
        prior=Prior("2b", Fraction(15), "teacher", 2024) if starts_from else None,
        target=StageTarget(key_stage, aim.code, aim.points),
        named_targets=(),
        starts_from=None if starts_from is None else Fraction(starts_from),
        terms=tuple(terms),
    )


def _subject(code: str, *stages: StageProgress) -> SubjectProgress:
    return SubjectProgress(code, code.replace("_", " ").capitalize(), stages)


def _page(*subjects: SubjectProgress, year_group: int = 5, term: Term = NOW_TERM) -> PupilPage:
    years = {}
    for group in range(1, 12):
        stage = FRAMEWORK.stage_of(group)
        assert stage is not None
        years[AcademicYear(2026 + group - year_group)] = StageYear(stage.code, group)
    return PupilPage(
        uid=UUID(int=1),
        surname="Lane",
        forename="Ada",
        preferred_forename="",
        date_of_birth=None,
        year_group=year_group,
        reg_group="5A",
        spells=(Spell(date(2024, 9, 1), None, given=True),),
        today=TODAY,
        framework=FRAMEWORK,
        this_term=NOW_TERM,
        term=term,
        years=years,
        subjects=subjects,
        flags=(),
        attendance=(),
        incidents=(),
        classes_year=None,
        classes=(),
        groups=(),
        characteristics=(),
        target_changes=(),
        notes=(),
    )


READING = _subject("reading", _stage({"2025-26-summer": "3c", "2026-27-autumn": "3a"}))
WRITING = _subject("writing", _stage({"2025-26-summer": "2a", "2026-27-autumn": "2b"}))
SCIENCE = _subject("science", _stage({"2026-27-autumn": "3c"}))
ART = _subject("art", _stage({}))


@pytest.mark.parametrize(
    ("subjects", "said"),
    [
        ([READING], "On or above in the one subject known this term."),
        ([READING, READING], "On or above in all 2 subjects this term."),
        ([READING, WRITING, SCIENCE],
         "On or above in 1 of 3 subjects this term; apparently well below in writing, and below in science."),
        ([WRITING, WRITING],
         "On or above in none of 2 subjects this term; apparently well below in writing and writing."),
        ([READING, WRITING, ART],
         "On or above in 1 of 2 subjects this term; apparently well below in writing; not known in art."),
        ([READING, ART, ART, ART, ART], "On or above in the one subject known this term; not known in 4."),
        ([ART], "No status this term yet: not entered in 1 subject."),
        ([], "Nothing is known this term yet."),
    ],
)  # fmt: skip
def test_it_says_where_the_pupil_stands(subjects: list[SubjectProgress], said: str) -> None:
    assert standing(subjects, NOW_TERM, this_term=NOW_TERM) == said


def test_it_says_of_which_term_where_it_is_not_this_one() -> None:
    said = standing([READING, WRITING], LAST_TERM, this_term=NOW_TERM)

    assert said == (
        "On or above in none of 2 subjects in summer 2026; apparently well below in writing, and below in reading."
    )


def test_it_counts_a_composite_by_its_parts_alone() -> None:
    english = _subject("english", _stage({"2026-27-autumn": "2c"}, parts=("Reading", "Writing")))

    assert standing([READING, english], NOW_TERM, this_term=NOW_TERM) == (
        "On or above in the one subject known this term."
    )


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (READING, "Reading: from 3c in summer 2026 to 3a in autumn 2026, above progress target, which was 3b; "
                  "the target is 4b by summer 2028."),
        (WRITING, "Writing: from 2a in summer 2026 to 2b in autumn 2026, apparently well below progress target, "
                  "which was 3b; the target is 4b by summer 2028."),
        (SCIENCE, "Science: 3c in autumn 2026, apparently below progress target, which was 3b; "
                  "the target is 4b by summer 2028."),
        (ART, "Art: not assessed yet; the target is 4b by summer 2028."),
    ],
)  # fmt: skip
def test_it_tells_the_story_of_a_subject_in_a_sentence(subject: SubjectProgress, said: str) -> None:
    assert story(subject, NOW_TERM) == said


def test_it_lays_charts_from_the_key_stage_to_its_end_with_prior_attainment_before() -> None:
    axis = axis_of(_page(READING))

    assert [slot.year for slot in axis.slots] == ["Y2", *(year for year in ("Y3", "Y4", "Y5", "Y6") for _ in range(3))]
    assert (axis.slots[0].term, axis.slots[0].stage, axis.slots[1].stage) == ("Sum", "KS1", "KS2")
    assert {slot.panel for slot in axis.slots} == {0}


def test_it_begins_with_what_was_recorded_before_the_key_stage() -> None:
    before = _stage({"2021-22-summer": "3a"}, first_year=2018, target="4b", starts_from=None)
    now = _stage({"2026-27-autumn": "B"}, first_year=2025, key_stage="KS4", scale=GCSE, target="B", starts_from=None)
    third = _stage({"2024-25-autumn": "5a"}, first_year=2022, key_stage="KS3", target="6b", starts_from=None)

    axis = axis_of(_page(_subject("english", before, third, now), year_group=11))

    assert [slot.year for slot in axis.slots[::3]] == ["Y7", "Y8", "Y9", "Y10", "Y11"]
    assert [slot.panel for slot in axis.slots[::3]] == [0, 0, 0, 1, 1]


def test_it_draws_each_key_stage_on_its_own_scale() -> None:
    third = _stage({"2024-25-autumn": "5a"}, first_year=2022, key_stage="KS3", target="6b", starts_from=None)
    now = _stage({"2026-27-autumn": "B"}, first_year=2025, key_stage="KS4", scale=GCSE, target="A", starts_from=None)
    page = _page(_subject("english", third, now), year_group=11)

    drawn = small_chart(page.subjects[0], page, axis_of(page))

    named = set(re.findall(r'class="chart-grade">([^<]+)<', drawn))
    assert {"5a", "A"} <= named
    assert re.findall(r'class="chart-stage">([^<]+)<', drawn) == ["KS4"]
    assert "fill-well_below" in drawn


def test_it_compares_subjects_the_furthest_behind_first() -> None:
    subjects = [READING, ART, SCIENCE, WRITING]

    found = compared(subjects, _page(*subjects), addresses=["r", "a", "s", "w"])

    assert [(row.name, row.steps, row.gap, row.address) for row in found.rows] == [
        ("Writing", "−3", "−7.0", "w"),
        ("Science", "−1", "−3.0", "s"),
        ("Reading", "+1", "+1.0", "r"),
        ("Art", "", "", "a"),
    ]
    assert [row.word for row in found.rows] == ["Well below", "Below", "Above", "Not known"]
    assert found.rows[-1].why == "not entered"


def test_it_puts_subjects_on_one_axis_of_grades_with_the_pupils_own_median() -> None:
    subjects = [READING, SCIENCE, WRITING]

    found = compared(subjects, _page(*subjects), addresses=["", "", ""])

    assert [tick.label for tick in found.ticks] == ["2b", "2a", "3c", "3b", "3a", "4c", "4b"]
    assert found.median is not None
    assert (found.median.label, found.median.x) == ("3c", "35.00%")
    assert [(row.at, row.expected_at, row.target_at) for row in found.rows] == [
        ("5.00%", "50.00%", "95.00%"),
        ("35.00%", "50.00%", "95.00%"),
        ("65.00%", "50.00%", "95.00%"),
    ]


def test_it_says_when_the_median_lies_between_grades() -> None:
    found = compared([READING, SCIENCE], _page(READING, SCIENCE), addresses=["", ""])

    assert found.median is not None
    assert found.median.label == "half way between 3c and 3a"


def test_it_gives_a_spark_line_only_where_there_is_something_to_follow() -> None:
    found = compared([READING, SCIENCE], _page(READING, SCIENCE), addresses=["", ""])

    sparks = {row.name: row.spark for row in found.rows}
    assert sparks["Science"] is None
    assert sparks["Reading"] is not None
    assert "Gap in points: −2.0 in summer 2026, +1.0 in autumn 2026" in sparks["Reading"]


def test_it_shows_attendance_and_behaviour_on_the_same_terms() -> None:
    page = replace(
        _page(READING),
        attendance=(
            AttendanceRecord(LAST_TERM, 1, 60, 57, None),
            AttendanceRecord(LAST_TERM, 2, 60, 60, 0),
            AttendanceRecord(NOW_TERM, None, 100, 92, 2),
        ),
        incidents=(Incident(date(2026, 11, 2), "Merit", 1, ""), Incident(date(2026, 9, 20), "Late", -1, "Bus")),
    )

    strip = strip_of(page, axis_of(page))

    assert strip is not None
    assert strip.words == "Attendance 92.0 % in autumn 2026. Behaviour: 2 incidents, 1 of them good."
    assert [(row.when, row.percent, row.attended, row.unauthorised) for row in strip.attendance] == [
        ("Autumn 2026", "92.0 %", "92 of 100", "2"),
        ("Summer 2026, second half", "100.0 %", "60 of 60", "0"),
        ("Summer 2026, first half", "95.0 %", "57 of 60", "–"),
    ]
    assert [(row.type, row.points) for row in strip.incidents] == [("Merit", "+1"), ("Late", "−1")]
    assert strip.wide.count("chart-missed") == strip.narrow.count("chart-missed") == 3
    assert "<title>2 November 2026: Merit, +1</title>" in strip.wide


def test_it_has_no_strip_where_nothing_was_recorded() -> None:
    assert strip_of(_page(READING), axis_of(_page(READING))) is None


@pytest.mark.parametrize(
    ("spells", "said"),
    [
        ([Spell(date(2024, 9, 1), None, given=False)], "Year 5, 5A, on roll since September 2024"),
        ([Spell(date(2024, 11, 4), None, given=True)], "Year 5, 5A, on roll since 4 November 2024"),
        ([Spell(date(2024, 9, 1), date(2026, 10, 1), given=True)], "Left on 1 October 2026, from Year 5, 5A"),
        ([Spell(date(2027, 1, 4), None, given=True)], "Joins on 4 January 2027, Year 5, 5A"),
        ([], "Year 5, 5A"),
    ],
)
def test_it_says_where_the_pupil_is(spells: list[Spell], said: str) -> None:
    assert place_words(replace(_page(), spells=tuple(spells))) == said


def test_it_gives_what_holds_of_a_characteristic_and_what_held() -> None:
    held = (
        HeldCharacteristic("fsm", "N", date(2024, 9, 1), date(2025, 8, 31)),
        HeldCharacteristic("fsm", "Y", date(2025, 9, 1), None),
        HeldCharacteristic("sen", "K", date(2027, 9, 1), None),
    )

    rows = characteristic_rows(replace(_page(), characteristics=held))

    assert rows is not None
    said = [(row.words, row.now, _plain(row.dates), [_plain(other) for other in row.others]) for row in rows]
    assert said == [
        ("Free school meals", "yes", "from 1 Sep 2025", ["no from 1 Sep 2024 to 31 Aug 2025"]),
        ("Special educational needs provision", "not recorded", "", ["SEN support from 1 Sep 2027"]),
    ]


def test_it_says_nothing_of_characteristics_to_those_who_may_not_see_them() -> None:
    assert characteristic_rows(replace(_page(), characteristics=None)) is None


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("", "4b", "set to 4b"),
        ("4b", "4a", "4b → 4a"),
        ("4b", "", "4b taken away"),
        ("4b", "4b", "4b kept, details changed"),
    ],
)
def test_it_says_what_became_of_a_target(before: str, after: str, what: str) -> None:
    change = TargetChange(
        subject="reading",
        point="Y4",
        before=before,
        after=after,
        at=NOW,
        by="Maya Head",
        how="import",
        why="",
        reason="Ready for more",
        agreed_by="Tess",
        agreed_on=TODAY,
        target=1,
    )

    (row,) = change_rows(replace(_page(), target_changes=(change,)), subject_names={"reading": "Reading"})

    assert (row.subject, row.point, row.what, row.by, row.how) == ("Reading", "Year 4", what, "Maya Head", "by file")
    assert (_plain(row.on), _plain(row.agreed), row.why) == ("23 Nov 2026", "Tess, 23 Nov 2026", "Ready for more")


def test_it_knows_every_status_word() -> None:
    found: set[Status] = {each.status for subject in (READING, WRITING, SCIENCE, ART) for each in _all(subject)}

    assert found == {"above", "below", "well_below", "not_known"}


def _all(subject: SubjectProgress) -> tuple[TermProgress, ...]:
    return subject.stages[0].terms


def _plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_it_makes_terms_as_the_framework_does() -> None:
    assert _all(READING)[6].term == term_of_year(AcademicYear(2026), 1, terms=FRAMEWORK.terms)
