"""Which rows of a frame a population means: the one filter that counts and names both come from."""

from collections.abc import Sequence

import polars as pl

from headway.domain.populations import Population

__all__ = ["select"]


def select(frame: pl.DataFrame, population: Population) -> pl.DataFrame:
    """The pupils of a population.

    Parameters
    ----------
    frame : pupil-row layout, n_pupils rows.
    population : who; an empty part leaves nobody out, and several parts must all hold.

    Returns
    -------
    The frame's rows that are meant, in their order. Membership of any of the classes (groups) is enough. Not recorded
    meets only None, never False: who has no entry for free school meals is not known to have none.

    Source
    ------
    RULES 10; INTERFACES 4.

    >>> frame = pl.DataFrame({"pupil": [1, 2, 3], "year_group": [5, 6, 6], "fsm": [True, True, None]})
    >>> select(frame, Population(year_groups=(6,), where=(("fsm", None),)))["pupil"].to_list()
    [3]
    """
    tests = []
    if population.year_groups:
        tests.append(pl.col("year_group").is_in(population.year_groups))
    if population.classes:
        tests.append(_in_any("class", population.classes))
    if population.groups:
        tests.append(_in_any("group", population.groups))
    if population.upns:
        tests.append(pl.col("upn").is_in(population.upns))
    tests += [_holds(frame, cut, wanted) for cut, wanted in population.where]
    return frame.filter(pl.all_horizontal(tests).fill_null(value=False)) if tests else frame


def _in_any(column: str, codes: Sequence[object]) -> pl.Expr:
    return pl.any_horizontal(pl.col(column).list.contains(pl.lit(code)) for code in codes)


def _holds(frame: pl.DataFrame, cut: str, wanted: object) -> pl.Expr:
    column = pl.col(cut)
    if isinstance(frame.schema[cut], pl.List):
        if wanted is None:
            return column.is_null() | (column.list.len() == 0)
        return _in_any(cut, wanted if isinstance(wanted, tuple) else (wanted,))
    if isinstance(wanted, tuple):
        return column.is_in(wanted)
    return column.eq_missing(pl.lit(wanted))
