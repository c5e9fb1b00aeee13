"""Which pupils a question is about: the type, its JSON form and its words. Knows not who is on roll, nor who asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from headway.domain.cuts import (
    CUT_WORDS,
    CUTS,
    YES_NO_CUTS,
    cut_order,
    listed,
    said,
    year_group_value,
    year_group_words,
)
from headway.domain.problems import Problems, nearest, shown
from headway.domain.pupils import CHARACTERISTICS, check_upn
from headway.domain.terms import YearGroup, parse_year_group

__all__ = ["EVERYBODY", "Population", "parse_population", "population_document", "population_words"]

_PARTS = ("year_groups", "classes", "groups", "where", "upns")
_WHERE = tuple(cut for cut in CUTS if cut not in ("subject", "term"))


@dataclass(frozen=True, slots=True)
class Population:
    """Which pupils a question is about; an empty part leaves nobody out, and several parts must all hold.

    ``classes`` and ``groups`` are met by membership of any of them. ``where`` holds pairs of a cut and what it must
    be: True, False, a code (a number for a year group), a tuple of them (any), or None for not recorded.
    """

    year_groups: tuple[YearGroup, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    where: tuple[tuple[str, object], ...] = ()
    upns: tuple[str, ...] = ()


EVERYBODY = Population()


def parse_population(document: object, *, problems: Problems) -> Population:
    """A population from its JSON form; what is wrong with it is added to the problems and left out."""
    if document is None:
        return EVERYBODY
    if not isinstance(document, Mapping):
        problems.add(
            "population", f"{shown(document)} is not a set of choices", right='choices such as {"year_groups": [6]}'
        )
        return EVERYBODY
    problems.keys(document, _PARTS, within="population.")
    return Population(
        year_groups=_year_groups(document.get("year_groups"), problems, place="population.year_groups"),
        classes=problems.texts(document.get("classes"), place="population.classes", right='a list such as ["5A"]'),
        groups=problems.texts(document.get("groups"), place="population.groups", right='a list such as ["choir"]'),
        where=_where(document.get("where"), problems),
        upns=_upns(document.get("upns"), problems),
    )


def population_document(population: Population) -> dict[str, object]:
    """A population's JSON form; the inverse of `parse_population`.

    >>> population_document(Population(year_groups=(0, 1), where=(("fsm", None),)))["year_groups"]
    ['R', 1]
    """
    return {
        "year_groups": [year_group_value(year_group) for year_group in population.year_groups],
        "classes": list(population.classes),
        "groups": list(population.groups),
        "where": {cut: _written(cut, value) for cut, value in population.where},
        "upns": list(population.upns),
    }


def population_words(population: Population) -> tuple[str, ...]:
    """A population in words: who first, then what else holds; never a pupil's number.

    >>> population_words(Population(year_groups=(5, 6), where=(("fsm", True),)))
    ('Years 5 and 6', 'free school meals: yes')
    >>> population_words(Population(classes=("5A", "5B")))
    ('All pupils', 'classes 5A or 5B')
    """
    parts = [_years(sorted(population.year_groups)) if population.year_groups else "All pupils"]
    for one, several, codes in (("class", "classes", population.classes), ("group", "groups", population.groups)):
        if codes:
            parts.append(f"{one if len(codes) == 1 else several} {listed(codes, last='or')}")
    for cut, value in population.where:
        values = value if isinstance(value, tuple) else (value,)
        parts.append(f"{CUT_WORDS[cut]}: {listed([said(cut, each) for each in values], last='or')}")
    if population.upns:
        parts.append(f"{len(population.upns)} named pupil{'' if len(population.upns) == 1 else 's'}")
    return tuple(parts)


def _years(year_groups: list[YearGroup]) -> str:
    if len(year_groups) > 1 and year_groups[0] >= 1:
        return "Years " + listed([str(year_group) for year_group in year_groups])
    return listed([year_group_words(year_group) for year_group in year_groups])


def _year_groups(value: object, problems: Problems, *, place: str) -> tuple[YearGroup, ...]:
    items = problems.items(value, place=place, right='a list such as [5, 6] or ["R", 1]')
    parsed = [_year_group(item, problems, place=place) for item in items]
    return tuple(dict.fromkeys(year_group for year_group in parsed if year_group is not None))


def _year_group(value: object, problems: Problems, *, place: str) -> YearGroup | None:
    try:
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return parse_year_group(str(value))
    except ValueError:
        pass
    problems.add(place, f"{shown(value)} is not a year group", right="N1, N2, R or a number from 1 to 14")
    return None


def _upns(value: object, problems: Problems) -> tuple[str, ...]:
    place = "population.upns"
    good: list[str] = []
    for text in problems.texts(value, place=place, right='a list such as ["B801200005001"]'):
        try:
            good.append(check_upn(text))
        except ValueError as error:
            problems.found.append(f"{place}: {error}")
    return tuple(dict.fromkeys(good))


def _where(value: object, problems: Problems) -> tuple[tuple[str, object], ...]:
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        problems.add(
            "population.where", f"{shown(value)} is not a set of choices", right='choices such as {"fsm": true}'
        )
        return ()
    chosen: dict[str, object] = {}
    for cut, wanted in value.items():
        if cut in _WHERE:
            chosen[cut] = _wanted(cut, wanted, problems)
        else:
            right = nearest(str(cut), _WHERE) or listed(_WHERE, last="or")
            problems.add(f"population.where.{cut}", "is not something known of pupils", right=right)
    return tuple(sorted(chosen.items()))


def _wanted(cut: str, value: object, problems: Problems) -> object:
    """What a cut must be, as the population keeps it."""
    place = f"population.where.{cut}"
    if cut in YES_NO_CUTS:
        if value is None or isinstance(value, bool):
            return value
        problems.add(place, f"{shown(value)} is not yes or no", right="true, false or null (not recorded)")
        return None
    if value is None:
        return None
    if isinstance(value, list | tuple):
        items = problems.items(value, place=place, right="a code or a list of codes")
        if not items:
            problems.add(place, "the list is empty", right="at least one code, or no such choice at all")
        return tuple(dict.fromkeys(_code(cut, item, problems, place=place) for item in items))
    return _code(cut, value, problems, place=place)


def _code(cut: str, value: object, problems: Problems, *, place: str) -> object:
    """One code of a cut, checked where its codes are known."""
    if cut == "year_group":
        return _year_group(value, problems, place=place)
    order = cut_order(cut)
    text = problems.text(value, place=place, right="a code, a list of codes or null (not recorded)")
    if text is None:
        if value is None:
            problems.add(place, "null stands in a list", right="null alone, or a list of codes")
        return None
    if cut in CHARACTERISTICS and cut != "ethnicity":
        try:
            return CHARACTERISTICS[cut].parse(text)
        except ValueError as error:
            problems.found.append(f"{place}: {error}")
            return None
    if order and text not in order:
        right = listed([str(each) for each in order], last="or")
        problems.add(place, f"{shown(text)} is not one of its values", right=right)
    return text


def _written(cut: str, value: object) -> object:
    """What a cut must be, as JSON: the inverse of `_wanted`."""
    if isinstance(value, tuple):
        return [_written(cut, each) for each in value]
    if cut == "year_group" and isinstance(value, int):
        return year_group_value(value)
    return value
