"""The pupil-row layout every analysis reads: one row a pupil, and columns for each subject and term asked.

Says what the columns are called and hold; knows neither where they come from nor what is worked out from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from headway.domain.questions import Basis

__all__ = [
    "PUPIL_COLUMNS",
    "SLICE_COLUMNS",
    "LayoutBroken",
    "check_layout",
    "empty_frame",
    "frame_of",
    "layout_schema",
    "slice_column",
    "slices_of",
    "value_of",
]

_TEXTS = pl.List(pl.String())

PUPIL_COLUMNS: Mapping[str, pl.DataType] = {
    "pupil": pl.Int64(),
    "upn": pl.String(),
    "school": pl.String(),
    "year_group": pl.Int8(),
    "reg_group": pl.String(),
    "sex": pl.String(),
    "fsm": pl.Boolean(),
    "looked_after": pl.Boolean(),
    "gifted_talented": pl.Boolean(),
    "pupil_premium": pl.Boolean(),
    "service_child": pl.Boolean(),
    "sen": pl.String(),
    "first_language": pl.String(),
    "ethnicity": pl.String(),
    "attendance_band": pl.String(),
    "prior_band": pl.String(),
    "class": _TEXTS,
    "group": _TEXTS,
}
"""What is known of a pupil as at the question's date. Null is not recorded; ``ethnicity`` holds the group; ``class``
and ``group`` hold every one the pupil is in."""

_GRADE_COLUMNS: Mapping[str, pl.DataType] = {
    "rank": pl.Int16(),
    "whole": pl.Int16(),
    "points": pl.Int64(),
    "grade": pl.String(),
}

SLICE_COLUMNS: Mapping[str, pl.DataType] = {
    "scale": pl.String(),
    **_GRADE_COLUMNS,
    "mark": pl.String(),
    **{f"line_{what}": dtype for what, dtype in _GRADE_COLUMNS.items()},
    "line_starts_here": pl.Boolean(),
    "gap": pl.Int64(),
    **{f"target_{what}": dtype for what, dtype in _GRADE_COLUMNS.items()},
    "target_gap": pl.Int64(),
}
"""What is known of a pupil in one subject and term.

``scale`` is the scale's code, null where the subject is not taught in the pupil's key stage. ``rank``, ``whole`` (the
rank of the whole grade), ``points`` (thousandths of a point) and ``grade`` (its code, as given) are the assessment's,
null where there is no graded one; ``mark`` is the mark code, null where there is none. With ``line_`` they are those
of the progress target, with ``target_`` of the target of the key stage. ``line_starts_here`` marks the term the
pupil's line starts in. ``gap`` is assessed less the line's exact value, ``target_gap`` assessed less the target, in
thousandths of a point; null where there is nothing to compare.
"""

_PREFIXES: Mapping[Basis, str] = {"current": "", "progress_target": "line_", "target": "target_"}


class LayoutBroken(ValueError):
    """A frame that is not in the pupil-row layout: a fault of whoever made it, never of the school."""


def slice_column(subject: str, term: str, what: str) -> str:
    """The name of a column of one subject and term.

    >>> slice_column("reading", "2026-27-autumn", "rank")
    'reading|2026-27-autumn|rank'
    """
    return f"{subject}|{term}|{what}"


def layout_schema(slices: Iterable[tuple[str, str]]) -> pl.Schema:
    """The columns of a frame and what they hold, in order.

    Parameters
    ----------
    slices : pairs of subject and term codes.

    Returns
    -------
    Schema: the pupil's columns, then those of each slice.
    """
    columns = dict(PUPIL_COLUMNS)
    for subject, term in slices:
        columns |= {slice_column(subject, term, what): dtype for what, dtype in SLICE_COLUMNS.items()}
    return pl.Schema(columns)


def empty_frame(slices: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """A frame of the layout without a pupil.

    >>> empty_frame([("reading", "2026-27-autumn")]).height
    0
    """
    return pl.DataFrame(schema=layout_schema(slices))


def frame_of(pupils: Sequence[Mapping[str, object]], *, slices: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """A frame of the layout from what is known of each pupil, by column; what is left out is null.

    >>> frame_of([{"pupil": 1, "fsm": True}], slices=[])["fsm"].to_list()
    [True]
    """
    schema = layout_schema(slices)
    return pl.DataFrame({name: [pupil.get(name) for pupil in pupils] for name in schema}, schema=schema)


def slices_of(frame: pl.DataFrame) -> tuple[tuple[str, str], ...]:
    """The subjects and terms a frame holds, in its order.

    >>> slices_of(empty_frame([("reading", "2026-27-autumn")]))
    (('reading', '2026-27-autumn'),)
    """
    scales = (name.split("|") for name in frame.columns if name.endswith("|scale"))
    return tuple((subject, term) for subject, term, _ in scales)


def value_of(subject: str, term: str, what: str, *, basis: Basis) -> pl.Expr:
    """What a basis says of a pupil: the assessment, the progress target or the target.

    Parameters
    ----------
    subject, term : codes of a slice the frame holds.
    what : ``rank``, ``whole``, ``points`` (thousandths of a point) or ``grade``.
    basis : whose.

    Returns
    -------
    Expression, null where the pupil has none.
    """
    return pl.col(slice_column(subject, term, _PREFIXES[basis] + what))


def check_layout(frame: pl.DataFrame, *, slices: Iterable[tuple[str, str]]) -> None:
    """Whether a frame is in the layout, for those who make frames and for tests.

    Parameters
    ----------
    frame : any frame; further columns do not matter.
    slices : pairs of subject and term codes it must hold.

    Raises
    ------
    LayoutBroken : with everything found: a column missing or of another type; a pupil twice or without id; a grade
        without its rank or points, or the reverse; a grade and a mark code at once; a gap where nothing is compared.

    >>> check_layout(empty_frame([]), slices=[("reading", "2026-27-autumn")])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    headway.analysis.layout.LayoutBroken: reading|2026-27-autumn|scale is missing; ...
    """
    wanted = list(slices)
    problems = [
        f"{name} is missing" if name not in frame.columns else f"{name} holds {frame.schema[name]}, not {dtype}"
        for name, dtype in layout_schema(wanted).items()
        if frame.schema.get(name) != dtype
    ]
    if not problems:
        if frame["pupil"].null_count() or frame["pupil"].n_unique() != frame.height:
            problems.append("a pupil stands there twice, or without an id")
        problems += [problem for subject, term in wanted for problem in _contradictions(frame, subject, term)]
    if problems:
        raise LayoutBroken("; ".join(problems))


def _contradictions(frame: pl.DataFrame, subject: str, term: str) -> Iterator[str]:
    """What cannot be true at once in a slice."""

    def known(what: str) -> pl.Expr:
        return pl.col(slice_column(subject, term, what)).is_not_null()

    rules: dict[str, pl.Expr] = {"a grade and a mark code at once": known("grade") & known("mark")}
    for prefix in _PREFIXES.values():
        for what in ("whole", "points", "grade"):
            words = f"{prefix}rank without {prefix}{what}, or the reverse"
            rules[words] = known(prefix + "rank") ^ known(prefix + what)
    starts = pl.col(slice_column(subject, term, "line_starts_here")).fill_null(value=False)
    on_line = known("rank") & known("line_rank") & ~starts
    rules["a gap where nothing can be compared, or the reverse"] = known("gap") ^ on_line
    on_target = known("rank") & known("target_rank")
    rules["a target_gap where nothing can be compared, or the reverse"] = known("target_gap") ^ on_target
    found = frame.select(rule.any().alias(words) for words, rule in rules.items())
    return (f"{subject}, {term}: {words}" for words in found.columns if found[words].item())
