"""The axis of terms."""

from headway.charts.terms import Slot, TermAxis

TERMS = ("Aut", "Spr", "Sum")


def _slots(*years: tuple[str, str, int]) -> list[Slot]:
    return [Slot(term, year, stage, panel) for year, stage, panel in years for term in TERMS]


KS2 = _slots(("Y5", "KS2", 0), ("Y6", "KS2", 0))


def test_it_gives_every_term_the_same_room() -> None:
    axis = TermAxis(KS2, left=10, right=130)

    assert [axis.start(place) for place in range(6)] == [10, 30, 50, 70, 90, 110]
    assert (axis.middle(0), axis.end(5), axis.at(2, 0.25)) == (20, 130, 55)
    assert list(axis.borders()) == []


def test_it_marks_where_a_key_stage_begins() -> None:
    axis = TermAxis(_slots(("Y6", "KS2", 0), ("Y7", "KS3", 0)), left=0, right=120)

    assert list(axis.borders()) == [(60, "KS3")]


def test_it_leaves_room_for_a_second_axis_where_the_scale_changes() -> None:
    axis = TermAxis(_slots(("Y9", "KS3", 0), ("Y10", "KS4", 1)), left=0, right=150)

    assert (axis.width, axis.end(2), axis.start(3)) == (20, 60, 90)
    assert list(axis.borders()) == [(60, "KS4")]


def test_it_shortens_the_terms_before_they_run_into_each_other() -> None:
    wide, narrow = (" ".join(TermAxis(KS2, left=0, right=width).labels(0)) for width in (300, 120))

    assert ">Aut</text>" in wide
    assert ">Aut</text>" not in narrow
    assert ">A</text>" in narrow
    assert ">Y5</text>" in narrow


def test_it_stands_for_no_terms_at_all() -> None:
    axis = TermAxis([], left=0, right=100)

    assert list(axis.labels(0)) == []
    assert list(axis.borders()) == []
