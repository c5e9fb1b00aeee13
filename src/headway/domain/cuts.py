"""What answers are cut by: the list, the words for each cut and its values, and their fixed order."""

from collections.abc import Mapping, Sequence

from headway.domain.pupils import ATTENDANCE_BANDS, CHARACTERISTICS, ethnicity_group
from headway.domain.terms import YearGroup, year_group_code

__all__ = [
    "CUTS",
    "CUT_WORDS",
    "OVERLAPPING_CUTS",
    "YES_NO_CUTS",
    "cut_order",
    "cut_place",
    "listed",
    "said",
    "year_group_value",
    "year_group_words",
]

CUT_WORDS: Mapping[str, str] = {
    **{code: characteristic.words for code, characteristic in CHARACTERISTICS.items()},
    "sen": "SEN provision",
    "class": "class",
    "reg_group": "registration group",
    "year_group": "year group",
    "group": "group",
    "intervention": "intervention",
    "attendance_band": "attendance",
    "prior_band": "prior attainment",
    "school": "school",
    "subject": "subject",
    "term": "term",
}
"""Everything an answer can be cut by, with the words for it, in the order lists give them (INTERFACES 4)."""

CUTS: Sequence[str] = tuple(CUT_WORDS)
YES_NO_CUTS: frozenset[str] = frozenset(code for code, each in CHARACTERISTICS.items() if each.yes_no)
OVERLAPPING_CUTS: frozenset[str] = frozenset({"class", "group", "intervention"})

_ORDERS: Mapping[str, Sequence[object]] = {
    "sex": ("M", "F"),
    "sen": ("N", "K", "E", "A", "P", "S"),
    "ethnicity": tuple(dict.fromkeys(ethnicity_group(code) for code in CHARACTERISTICS["ethnicity"].codes)),
    "attendance_band": tuple(ATTENDANCE_BANDS),
    "prior_band": ("under 12", "12 to under 18", "18 and over"),
    **dict.fromkeys(YES_NO_CUTS, (True, False)),
}


def cut_order(cut: str) -> Sequence[object]:
    """The fixed order of a cut's values, where it has one.

    >>> cut_order("sex"), cut_order("fsm"), cut_order("class")
    (('M', 'F'), (True, False), ())
    """
    return _ORDERS.get(cut, ())


def cut_place(cut: str, value: object) -> tuple[object, ...]:
    """Where a value of a cut stands among the others: a key to sort by.

    Parameters
    ----------
    cut : one of `CUTS`.
    value : as an answer's row holds it; None is not recorded.

    Returns
    -------
    A key. Bands and codes stand in their own order, year groups by age, others by their text with the numbers in it
    counted (``9A`` before ``10A``); not recorded stands last.

    >>> sorted(["10A", None, "9B", "9A"], key=lambda code: cut_place("class", code))
    ['9A', '9B', '10A', None]
    >>> sorted([None, False, True], key=lambda answer: cut_place("fsm", answer))
    [True, False, None]
    """
    if value is None:
        return (2,)
    order = cut_order(cut)
    if value in order:
        return (0, order.index(value))
    if isinstance(value, int):
        return (0, value)
    return (1, *_counted(str(value)))


def said(cut: str, value: object) -> str:
    """One value of a cut in words, for sentences, notes and tables.

    >>> said("sex", "F"), said("fsm", True), said("fsm", None), said("year_group", 0), said("class", None)
    ('female', 'yes', 'not recorded', 'Reception', 'in none')
    """
    if value is None:
        return "in none" if cut in OVERLAPPING_CUTS or cut == "reg_group" else "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if cut == "year_group" and isinstance(value, int):
        return year_group_words(value)
    if cut in ("sex", "sen"):
        return CHARACTERISTICS[cut].codes.get(str(value), str(value))
    return str(value)


def year_group_value(year_group: YearGroup) -> int | str:
    """A year group as questions and answers write it: its number, or ``R``, ``N1``, ``N2``.

    >>> year_group_value(6), year_group_value(0)
    (6, 'R')
    """
    return year_group if year_group >= 1 else year_group_code(year_group)


def year_group_words(year_group: YearGroup) -> str:
    """A year group as people say it.

    >>> year_group_words(5), year_group_words(0), year_group_words(-2)
    ('Year 5', 'Reception', 'Nursery 1')
    """
    return {0: "Reception", -1: "Nursery 2", -2: "Nursery 1"}.get(year_group, f"Year {year_group}")


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Words as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], last="or")
    ('a', 'a and b', 'a, b or c')
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _counted(text: str) -> tuple[tuple[int, int, str], ...]:
    """A text cut into its numbers and the rest, so that 9 comes before 10; the text itself settles ties."""
    pieces: list[tuple[int, int, str]] = []
    run = ""
    for character in [*text, ""]:
        if run and (not character or character.isdecimal() != run.isdecimal()):
            pieces.append((0, int(run), "") if run.isdecimal() else (1, 0, run.casefold()))
            run = ""
        run += character
    return (*pieces, (-1, 0, text))
