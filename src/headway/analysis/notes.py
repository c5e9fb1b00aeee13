"""What an answer says of itself in words a teacher understands: what is left out, what overlaps, what is too little."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from headway.analysis.layout import slice_column
from headway.analysis.tallies import Cuts
from headway.domain.cuts import CUT_WORDS, OVERLAPPING_CUTS, listed, said
from headway.domain.questions import AnswerRow, Basis, term_words
from headway.domain.scales import Scale

__all__ = [
    "BASIS_WORDS",
    "FEW",
    "few_note",
    "interval_words",
    "mixed_scales_note",
    "not_taught_notes",
    "overlap_notes",
    "row_words",
    "some_pupils",
    "subject_words",
]

FEW = 10
"""Under so many pupils, a figure is too little to read much into (RULES 9)."""

BASIS_WORDS: Mapping[Basis, str] = {
    "current": "assessed grade",
    "progress_target": "progress target",
    "target": "end-of-key-stage target",
}

_MOST_NAMED = 12


def some_pupils(n: int, one: str, several: str) -> str:
    """A number of pupils with its verb.

    >>> some_pupils(1, "has", "have"), some_pupils(2, "has", "have")
    ('1 pupil has', '2 pupils have')
    """
    return f"1 pupil {one}" if n == 1 else f"{n} pupils {several}"


def subject_words(subject: str) -> str:
    """A subject's code as words."""
    return subject.replace("_", " ")


def row_words(by: Mapping[str, object]) -> str:
    """What a row is cut by, in words.

    >>> row_words({"sex": "F", "fsm": True})
    'sex female, free school meals yes'
    """
    return ", ".join(
        subject_words(str(value))
        if cut == "subject"
        else term_words(str(value))
        if cut == "term"
        else said(cut, value)
        if cut == "year_group"
        else f"{CUT_WORDS[cut]} {said(cut, value)}"
        for cut, value in by.items()
    )


def interval_words(figure: str) -> str:
    """The note of both ends of an interval."""
    return (
        f"The 95 % interval: were these pupils a draw from many like them, the {figure} of all of those would lie "
        "between low and high in about 95 of 100 such draws. The fewer the pupils, the wider it is."
    )


def few_note(rows: Iterable[AnswerRow]) -> list[str]:
    """Which rows rest on too few pupils."""
    few = list(dict.fromkeys(row_words(row.by) for row in rows if row.few))
    if not few:
        return []
    if few == [""]:
        return [f"Under {FEW} pupils: too few to read much into."]
    further = [f"{len(few) - _MOST_NAMED} more"] if len(few) > _MOST_NAMED else []
    named = "; ".join([*few[:_MOST_NAMED], *further])
    return [f"Under {FEW} pupils: too few to read much into ({named})."]


def overlap_notes(by: Sequence[str]) -> list[str]:
    """That the rows of some cuts overlap."""
    several = {"class": "classes", "group": "groups", "intervention": "interventions"}
    return [
        f"A pupil may be in several {several[cut]}, so these rows overlap and may add up to more than all pupils."
        for cut in by
        if cut in OVERLAPPING_CUTS
    ]


def not_taught_notes(frame: pl.DataFrame, *, cuts: Cuts) -> list[str]:
    """How many pupils are left out because their key stage is not taught the subject."""
    nulls = frame.select(pl.col(slice_column(subject, term, "scale")).null_count() for subject, term in cuts.slices)
    left_out: dict[str, int] = {}
    for (subject, _), n in zip(cuts.slices, nulls.row(0), strict=True):
        left_out[subject] = max(left_out.get(subject, 0), n)
    return [
        f"{some_pupils(n, 'is', 'are')} left out of {subject_words(subject)}: it is not taught in their key stage."
        for subject, n in left_out.items()
        if n
    ]


def mixed_scales_note(scale_codes: Iterable[Iterable[object]], *, scales: Mapping[str, Scale]) -> list[str]:
    """That a row mixes points of several scales, which cannot be compared."""
    mixed = {code for codes in scale_codes if len(found := set(codes)) > 1 for code in found}
    if not mixed:
        return []
    names = listed([scale.name for code, scale in scales.items() if code in mixed])
    return [f"Some rows mix points of {names}, which cannot be compared. Ask about one key stage at a time."]
