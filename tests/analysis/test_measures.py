"""Every measure together: what must hold for any cohort, and how subjects, terms and small groups are said."""

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.measures import answer_rows
from headway.analysis.population import select
from headway.domain.populations import Population
from headway.domain.questions import Question, QuestionRefused
from headway.domain.rounding import half_up
from headway.domain.scales import Scale
from headway.domain.status import STATUSES, status_of

TERM = "2026-27-autumn"
MEASURES = ("status", "gap", "grades", "points", "at_least:W")
Pupils = st.SearchStrategy[list[dict[str, Any]]]
Cohort = Callable[..., pl.DataFrame]
few_examples = settings(max_examples=30, deadline=None)
COUNTS = (*STATUSES, "numerator", "denominator", "n", "missing", "count")


@pytest.fixture(scope="module")
def both(asked: Any, scales: Mapping[str, Scale]) -> Any:
    return type(asked)(scales, subjects=("reading", "mathematics"))


def _measurable(frame: pl.DataFrame, measure: str) -> str:
    """At least W is asked where somebody is on levels, at least U where all are on GCSE grades."""
    on_levels = "nc_levels" in frame[f"reading|{TERM}|scale"].to_list()
    return "at_least:U" if measure.startswith("at_least") and not on_levels else measure


def _sums(rows: Any) -> dict[tuple[object, ...], int]:
    """Counts added up over the rows of one subject (and grade)."""
    sums: dict[tuple[object, ...], int] = {}
    for row in rows:
        for name in COUNTS:
            if name in row.figures:
                key = (row.by.get("subject"), row.figures.get("scale"), row.figures.get("grade"), name)
                sums[key] = sums.get(key, 0) + row.figures[name]
    return {key: n for key, n in sums.items() if n}


@pytest.mark.parametrize("measure", MEASURES)
@few_examples
@given(data=st.data())
def test_it_adds_the_rows_of_a_cut_to_the_whole(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, both: Any, measure: str
) -> None:
    frame = cohort_of(data.draw(pupils))
    measure = _measurable(frame, measure)
    by = data.draw(st.sampled_from((("fsm",), ("sex", "sen"), ("year_group",))))

    assert _sums(both(frame, measure, by=by)) == _sums(both(frame, measure))


@pytest.mark.parametrize("measure", MEASURES)
@few_examples
@given(data=st.data(), seed=st.integers())
def test_it_gives_the_same_answer_in_any_order_of_rows(
    data: st.DataObject, seed: int, pupils: Pupils, cohort_of: Cohort, both: Any, measure: str
) -> None:
    frame = cohort_of(data.draw(pupils))
    measure = _measurable(frame, measure)
    by = data.draw(st.sampled_from(((), ("fsm", "class"), ("group",), ("year_group",))))
    order = list(range(frame.height))
    random.Random(seed).shuffle(order)

    assert both.answer(frame[order], measure, by=by) == both.answer(frame, measure, by=by)


@pytest.mark.parametrize("measure", MEASURES)
@few_examples
@given(data=st.data())
def test_it_changes_only_the_count_of_the_missing_for_a_pupil_without_a_value(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, make_mark: Any, asked: Any, measure: str
) -> None:
    cohort = data.draw(pupils)
    longer = [*cohort, {"marks": {"reading": make_mark(scale="nc_levels")}}]
    measure = _measurable(cohort_of(longer), measure)
    cohort = [{"marks": {"reading": make_mark("4b", line="4b")}}, *cohort]
    before, after = (asked(cohort_of(each), measure) for each in (cohort, [*cohort, longer[-1]]))
    changed = {
        (new.figures.get("grade"), name)
        for old, new in zip(before, after, strict=True)
        for name in new.figures
        if old.figures[name] != new.figures[name]
    }

    shares = {(None, name) for name in ("denominator", "percent", "low", "high")}
    if measure.startswith("at_least"):  # of all on roll: a pupil more is one more not met
        assert {(None, "missing"), (None, "denominator")} <= changed <= {(None, "missing"), *shares}
    else:
        assert (
            changed
            == {
                "status": {(None, "not_known")},
                "gap": {(None, "missing")},
                "points": {(None, "missing")},
                "grades": {("not entered", "count")},
            }[measure]
        )


@few_examples
@given(data=st.data())
def test_it_names_as_many_pupils_as_it_counts(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, both: Any
) -> None:
    frame = cohort_of(data.draw(pupils))
    by = data.draw(st.sampled_from(((), ("fsm",), ("class", "group"))))
    everybody = set(frame["pupil"].to_list())
    for measure in MEASURES:
        for row in both(frame, _measurable(frame, measure), by=by):
            figures = row.figures
            counted = {
                "status": lambda f: sum(f[word] for word in STATUSES),
                "gap": lambda f: f["n"] + f["missing"],
                "points": lambda f: f["n"] + f["missing"],
                "grades": lambda f: f["count"],
                "at_least:W": lambda f: f["denominator"],
            }[measure](figures)
            assert len(row.pupils) == len(set(row.pupils)) == counted
            assert set(row.pupils) <= everybody
            assert list(row.pupils) == sorted(row.pupils)


@few_examples
@given(data=st.data())
def test_it_agrees_with_counting_pupils_one_by_one(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, asked: Any, scales: Mapping[str, Scale]
) -> None:
    cohort = data.draw(pupils)
    frame = cohort_of(cohort)
    words: dict[object, list[str]] = {}
    for pupil in cohort:
        mark = pupil["marks"]["reading"]
        if mark.scale is None:
            continue
        known = mark.grade and mark.line and not mark.starts_here
        scale = scales[mark.scale]
        steps = scale.parse(mark.grade).rank - scale.parse(mark.line).rank if known else None
        words.setdefault(pupil["fsm"], []).append(status_of(steps))

    rows = asked(frame, "status", by=("fsm",))
    assert {row.by["fsm"]: [row.figures[word] for word in STATUSES] for row in rows} == {
        fsm: [found.count(word) for word in STATUSES] for fsm, found in words.items()
    }


@few_examples
@given(data=st.data())
def test_it_averages_the_gaps_of_pupils_one_by_one(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, asked: Any
) -> None:
    frame = cohort_of(data.draw(pupils))
    gaps = [gap for gap in frame[f"reading|{TERM}|gap"].to_list() if gap is not None]
    (row,) = asked(frame, "gap")

    assert row.figures["n"] == len(gaps)
    assert row.figures["mean"] == (half_up(Fraction(sum(gaps), 1000 * len(gaps)), places=2) if gaps else None)


@few_examples
@given(data=st.data())
def test_it_answers_a_population_as_the_rows_of_a_cut_do(
    data: st.DataObject, pupils: Pupils, cohort_of: Cohort, asked: Any
) -> None:
    frame = cohort_of(data.draw(pupils))
    for row in asked(frame, "status", by=("class",)):
        chosen = select(frame, Population(where=(("class", row.by["class"]),)))
        assert asked(chosen, "status")[0].figures == row.figures


def test_it_adds_the_subject_where_there_are_several(cohort_of: Cohort, both: Any) -> None:
    rows = both(cohort_of([{"fsm": True}, {"fsm": None}]), "status", by=("fsm",))

    assert [dict(row.by) for row in rows] == [
        {"subject": "reading", "fsm": True},
        {"subject": "reading", "fsm": None},
        {"subject": "mathematics", "fsm": True},
        {"subject": "mathematics", "fsm": None},
    ]


def test_it_cuts_by_subject_in_the_place_asked(cohort_of: Cohort, both: Any) -> None:
    rows = both(cohort_of([{"sex": "F"}, {"sex": "M"}]), "points", by=("sex", "subject"))

    assert [list(row.by.values()) for row in rows] == [
        ["M", "reading"],
        ["M", "mathematics"],
        ["F", "reading"],
        ["F", "mathematics"],
    ]


def test_it_cuts_by_the_term_asked_about(cohort_of: Cohort, asked: Any) -> None:
    assert [dict(row.by) for row in asked(cohort_of([{}]), "status", by=("term",))] == [{"term": TERM}]


def test_it_cuts_by_several_terms_in_their_order(asked: Any, scales: Mapping[str, Scale], cohort_of: Cohort) -> None:
    spring = "2026-27-spring"
    frame = cohort_of([{}])
    columns = {name: name.replace(TERM, spring) for name in frame.columns if TERM in name}
    frame = frame.hstack(frame.select(*columns).rename(columns))
    rows = type(asked)(scales, terms=(TERM, spring))(frame, "status", by=("term",))

    assert [row.by["term"] for row in rows] == [TERM, spring]


def test_it_marks_and_names_rows_of_under_ten_pupils(cohort_of: Cohort, make_mark: Any, asked: Any) -> None:
    mark = {"marks": {"reading": make_mark("4b", line="4b")}}
    frame = cohort_of([*({"fsm": True} | mark,) * 9, *({"fsm": False} | mark,) * 10, {"fsm": None} | mark])
    _, rows, notes = asked.answer(frame, "status", by=("fsm",))

    assert [row.few for row in rows] == [True, False, True]
    assert (
        "Under 10 pupils: too few to read much into (free school meals yes; free school meals not recorded)." in notes
    )


def test_it_says_under_ten_pupils_plainly_where_there_is_one_row(cohort_of: Cohort, asked: Any) -> None:
    assert "Under 10 pupils: too few to read much into." in asked.answer(cohort_of([{}]), "gap")[2]


def test_it_names_a_dozen_small_rows_and_counts_the_rest(cohort_of: Cohort, asked: Any) -> None:
    frame = cohort_of([{"class": [f"{number}A"]} for number in range(1, 16)])
    notes = asked.answer(frame, "points", by=("class",))[2]

    assert notes[-1].endswith("class 12A; 3 more).")


@pytest.mark.parametrize("cut", ["class", "group"])
def test_it_says_that_classes_and_groups_overlap(cohort_of: Cohort, asked: Any, cut: str) -> None:
    notes = asked.answer(cohort_of([{}]), "status", by=(cut,))[2]

    assert any(note.startswith("A pupil may be in several") for note in notes)


@pytest.mark.parametrize("measure", [*MEASURES, "at_least:4b"])
@pytest.mark.parametrize("basis", ["progress_target", "target"])
def test_it_explains_every_figure_of_every_row(cohort_of: Cohort, asked: Any, measure: str, basis: str) -> None:
    columns, rows, _ = asked.answer(cohort_of([{}, {}]), measure, basis=basis)

    assert all(list(row.figures) == [column.name for column in columns] for row in rows)
    assert all(column.note.endswith(".") and column.heading for column in columns)


def test_it_says_so_where_there_is_no_subject(cohort_of: Cohort, scales: Mapping[str, Scale]) -> None:
    answer = answer_rows(cohort_of([{}]), Question("status"), scales=scales, tolerance=0, subjects=(), term=TERM)

    assert answer == ((), (), ("There is no subject to ask about yet.",))


def test_it_refuses_a_measure_it_does_not_know(cohort_of: Cohort, asked: Any) -> None:
    with pytest.raises(QuestionRefused, match="'venn' cannot be measured yet"):
        asked(cohort_of([{}]), "venn")


def test_it_rounds_percentages_half_up(cohort_of: Cohort, make_mark: Any, asked: Any) -> None:
    marks = [make_mark("4b", line="4b"), *(make_mark("3b", line="4b"),) * 15]
    (row,) = asked(cohort_of([{"marks": {"reading": mark}} for mark in marks]), "status")

    assert row.figures["percent"] == Decimal("6.3")  # 6.25
