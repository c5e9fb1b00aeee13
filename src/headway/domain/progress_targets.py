"""Progress targets: the flat line from prior attainment to the target, in exact fractions of points.

One rule, in one place: what is stored, shown and compared was worked out here (RULES 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from headway.domain.scales import Grade, PointsRule, Scale

__all__ = [
    "Line",
    "LineTerm",
    "composite_line",
    "keep_closed_terms",
    "lay_line",
    "redraw_from_latest",
    "starting_point",
]


@dataclass(frozen=True, slots=True)
class LineTerm:
    """The progress target of one term: ``k`` counts the key stage's terms from 1.

    ``value`` is exact points, ``rank`` that of its grade on the scale, ``target`` the code of the target it leads to.
    """

    k: int
    value: Fraction
    rank: int
    target: str


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil's line in a subject and key stage.

    It starts at ``start`` points at term ``k0`` (0 is the end of the previous key stage) and reaches ``end`` points at
    term ``n_terms``. ``terms`` holds the terms that have a progress target, in order; ``starts_here`` says whether the
    term k0 is one a pupil was assessed in, so that nothing can be compared there.
    """

    start: Fraction
    k0: int
    end: Fraction
    n_terms: int
    rule: PointsRule
    terms: tuple[LineTerm, ...]

    @property
    def starts_here(self) -> int | None:
        return self.k0 or None

    def at(self, k: int) -> LineTerm | None:
        """The progress target after term k; None where the line has none."""
        return next((term for term in self.terms if term.k == k), None)


@lru_cache(maxsize=65_536)
def lay_line(
    start: Fraction | None,
    target: Grade,
    *,
    k0: int = 0,
    n_terms: int,
    scale: Scale,
    rule: PointsRule = "reached",
) -> Line:
    """The line from a starting point to a target, with the progress target of each term.

    Parameters
    ----------
    start : exact points where the line starts: prior attainment (k0 = 0), or the first graded assessment of the key
        stage (at its term k0 >= 1). None: the line is the target, as for a likely outcome without an estimate.
    target : the target's grade.
    k0 : the term the line starts at, 0 to n_terms.
    n_terms : terms of the key stage.
    scale : the scale of start and target.
    rule : how a value becomes a grade (RULES 2).

    Returns
    -------
    Line. After term k: start + (target - start) × (k - k0) / (n_terms - k0), exactly. Terms before k0 have no value,
    term k0 has the start's; where k0 = n_terms the line is the target.

    Raises
    ------
    ValueError : k0 outside the key stage.

    Source
    ------
    RULES 4; the 2008 guidance, "Generating 'progress targets'". Worked example: docs/methods/progress_targets.md.
    """
    if not 0 <= k0 <= n_terms:
        raise ValueError(f"a line cannot start at term {k0} of {n_terms}")
    if start is None or k0 == n_terms:
        start, k0 = (target.points, 0) if start is None else (target.points, k0)
    steps = n_terms - k0
    terms = []
    for k in range(k0, n_terms + 1):
        if k == 0:
            continue
        value = start + (target.points - start) * Fraction(k - k0, steps or 1)
        terms.append(LineTerm(k, value, scale.grade_for(value, rule=rule).rank, target.code))
    return Line(start, k0, target.points, n_terms, rule, tuple(terms))


def keep_closed_terms(line: Line, *, before: Line | None, closed: frozenset[int]) -> Line:
    """A line redrawn: terms whose collection has closed keep the progress target that was in force.

    Parameters
    ----------
    line : as laid now.
    before : the line in force until now; None where there was none.
    closed : the numbers k of the closed terms.

    Returns
    -------
    Line, whose closed terms are those of ``before`` where it had them.

    Source
    ------
    RULES 4: "it is history".
    """
    if before is None or not closed:
        return line
    kept = {term.k: term for term in before.terms if term.k in closed}
    redrawn = {term.k: term for term in line.terms if term.k not in kept}
    terms = tuple(term for _, term in sorted((redrawn | kept).items()))
    return Line(line.start, line.k0, line.end, line.n_terms, line.rule, terms)


def composite_line(parts: Sequence[Line], *, scale: Scale, target: str) -> Line:
    """The line of a composite subject: the mean of its parts' lines, in the terms all of them have.

    Parameters
    ----------
    parts : the parts' lines, at least one, over the same key stage.
    scale : the scale all parts are on.
    target : the code of the composite's target.

    Returns
    -------
    Line. It starts where the last of its parts does.

    Source
    ------
    RULES 3, 4.
    """
    k0 = max(line.k0 for line in parts)
    rule, n_terms, n = parts[0].rule, parts[0].n_terms, len(parts)
    shared = set.intersection(*({term.k for term in line.terms} for line in parts))
    values = {k: sum((line_at(line, k) for line in parts), Fraction(0)) / n for k in sorted(shared)}
    terms = tuple(LineTerm(k, value, scale.grade_for(value, rule=rule).rank, target) for k, value in values.items())
    start = values[k0] if k0 in values else sum((line.start for line in parts), Fraction(0)) / n
    end = sum((line.end for line in parts), Fraction(0)) / n
    return Line(start, k0, end, n_terms, rule, terms)


def line_at(line: Line, k: int) -> Fraction:
    """The exact value of a line at a term it has."""
    term = line.at(k)
    if term is None:
        raise ValueError(f"the line has no progress target in term {k}")
    return term.value


def starting_point(assessed: Mapping[int, Fraction]) -> tuple[int, Fraction] | None:
    """Where the line of a pupil without prior attainment starts: the first graded assessment of the key stage.

    Parameters
    ----------
    assessed : exact points by term k, graded assessments only.

    Returns
    -------
    The term k0 and its points; None where there is no assessment yet.

    Source
    ------
    RULES 4: "No prior attainment: the line starts at the pupil's first graded assessment in the key stage".

    >>> starting_point({5: Fraction(19), 3: Fraction(17)})
    (3, Fraction(17, 1))
    """
    return min(assessed.items()) if assessed else None


def redraw_from_latest(line: Line, *, before: Line, k: int, points: Fraction, target: Grade, scale: Scale) -> Line:
    """A line redrawn from the latest assessment, where a school has chosen ``redraw = from_latest``.

    Parameters
    ----------
    line : the whole line to the new target.
    before : the line in force until now.
    k, points : the term of the latest graded assessment, and its exact points.
    target : the new target's grade.
    scale : the scale of all of them.

    Returns
    -------
    Line, which keeps ``before`` up to term k and runs straight from there to the target.

    Source
    ------
    RULES 4.
    """
    rest = lay_line(points, target, k0=k, n_terms=line.n_terms, scale=scale, rule=line.rule)
    terms = (
        *(term for term in before.terms if term.k <= k),
        *(term for term in rest.terms if term.k > k),
    )
    return Line(line.start, line.k0, line.end, line.n_terms, line.rule, terms)
