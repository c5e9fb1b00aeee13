"""The margins of a table of shares: what each row, each column and the whole come to, from counts that add."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from headway.domain.questions import AnswerRow
from headway.domain.rounding import half_up

__all__ = ["SAID_FROM", "Share", "share_margins"]

SAID_FROM = 5
"""Of so many pupils a whole percentage is said; of fewer it would move by a quarter with every child."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. ``percent`` is whole, halves up; None where too few are known to say it."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> int | None:
        if self.denominator < SAID_FROM:
            return None
        return int(half_up(Fraction(100 * self.numerator, self.denominator), places=0))


def share_margins(rows: Iterable[AnswerRow], *, by: tuple[str, str]) -> Mapping[tuple[object, object], Share]:
    """The shares of an answer cut by two things, with those of all of either and of both.

    Parameters
    ----------
    rows : each with ``numerator`` and ``denominator``, numbers of pupils.
    by : the two cuts; they do not overlap.

    Returns
    -------
    By the values of both cuts; None stands for all values of one. A whole's share is that of its summed counts, never a
    mean of shares, so it is the same in whatever order rows are added.

    Source
    ------
    RULES 9.

    >>> rows = [AnswerRow({"subject": "reading", "year_group": year}, {"numerator": n, "denominator": 10}, ())
    ...         for year, n in ((5, 1), (6, 9))]
    >>> share_margins(rows, by=("subject", "year_group"))[None, None]
    Share(numerator=10, denominator=20)
    """
    counts: defaultdict[tuple[object, object], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        first, second = (row.by[cut] for cut in by)
        for key in ((first, second), (first, None), (None, second), (None, None)):
            for place, name in enumerate(("numerator", "denominator")):
                figure = row.figures[name]
                assert isinstance(figure, int)
                counts[key][place] += figure
    return {key: Share(*pair) for key, pair in counts.items()}
