"""How a cell of a file becomes a value: dates, numbers, codes, yes and no, each with what would have been right.

Knows the shape of a value, not which column asks for it nor whether it is true of a school.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time

from headway.formats.tables import Cell

__all__ = [
    "MisreadError",
    "Value",
    "birthday",
    "calendar_year",
    "code",
    "count",
    "day",
    "email",
    "grade",
    "half_term",
    "line_up_to",
    "lower_code",
    "one_of",
    "parsed",
    "stage",
    "stages",
    "text",
    "whole_number",
    "yes_or_no",
]

Value = object

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOOKS_LIKE_DATE = re.compile(
    r"[0-9]{1,4}/[0-9]{1,2}(/[0-9]{1,4})?|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}( .*)?"
    r"|[0-9]{1,2}[- ](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*([- ][0-9]{2,4})?"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[- ][0-9]{1,4}",
    re.IGNORECASE,
)
_LOOKS_LIKE_EXPONENT = re.compile(r"[0-9]+(\.[0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BRITISH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_WHOLE = re.compile(r"-?[0-9]+")
_YES_OR_NO = {"y": True, "yes": True, "true": True, "1": True, "n": False, "no": False, "false": False, "0": False}


class MisreadError(ValueError):
    """A cell that is not what its column holds."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(f"{wrong}. Right would be {right}.")


def text(cell: Cell) -> str:
    """A cell as text. A whole number is its digits; dates and fractions are not text and are refused."""
    if isinstance(cell, str):
        if _CONTROL.search(cell):
            raise MisreadError("it holds a control character", "plain text")
        return cell
    if isinstance(cell, bool):
        return "Y" if cell else "N"
    if isinstance(cell, int):
        return str(cell)
    raise MisreadError(_said(cell), "plain text: format the column as text in the spreadsheet and type it again")


def _said(cell: Cell) -> str:
    if isinstance(cell, datetime | date | time):
        return (
            f"the spreadsheet has turned it into the date {cell:%d/%m/%Y}" if not isinstance(cell, time) else "a time"
        )
    return f"the spreadsheet holds the number {cell}"


def grade(cell: Cell) -> str:
    """A grade or mark code, as text for the scale to judge. What a spreadsheet made of one is refused, not guessed."""
    if isinstance(cell, str) and _LOOKS_LIKE_DATE.fullmatch(cell):
        raise MisreadError(
            "a spreadsheet seems to have turned a grade into a date",
            "the grade itself: format the column as text in the spreadsheet and type it again",
        )
    if isinstance(cell, str) and _LOOKS_LIKE_EXPONENT.fullmatch(cell):
        raise MisreadError(
            "a spreadsheet seems to have turned it into a number with an exponent",
            "the grade itself: format the column as text in the spreadsheet and type it again",
        )
    if isinstance(cell, bool):
        raise MisreadError("the spreadsheet has turned it into TRUE or FALSE", "the grade itself, as text")
    return text(cell)


def day(cell: Cell) -> date:
    """A date: a date cell, ISO or dd/mm/yyyy."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise MisreadError("it has a time of day", "a date alone, such as 2015-09-01 or 01/09/2015")
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = cell if isinstance(cell, str) else str(cell)
    if match := _ISO.fullmatch(said):
        year, month, of_month = (int(part) for part in match.groups())
    elif match := _BRITISH.fullmatch(said):
        of_month, month, year = (int(part) for part in match.groups())
    else:
        raise MisreadError("it is not a date", "a date such as 2015-09-01 or 01/09/2015")
    try:
        return date(year, month, of_month)
    except ValueError:
        raise MisreadError("there is no such day", "a date such as 2015-09-01 or 01/09/2015") from None


def birthday(cell: Cell) -> date:
    """A date of birth: a date in the last hundred years or so."""
    born = day(cell)
    if born.year < 1920:
        raise MisreadError("nobody at school was born then", "a date of birth with all four digits of its year")
    return born


def whole_number(cell: Cell) -> int:
    """A whole number, in ASCII digits."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and _WHOLE.fullmatch(cell) and len(cell) <= 9:
        return int(cell)
    raise MisreadError("it is not a whole number", "a whole number, such as 12")


def count(cell: Cell) -> int:
    """A whole number that is not negative."""
    number = whole_number(cell)
    if not 0 <= number <= 9999:
        raise MisreadError("it is out of range", "a whole number from 0 to 9999")
    return number


def calendar_year(cell: Cell) -> int:
    """A calendar year."""
    number = whole_number(cell)
    if not 1988 <= number <= 2100:
        raise MisreadError("it is not a year", "the calendar year in which the academic year ends, such as 2026")
    return number


def half_term(cell: Cell) -> int:
    """Which half of a term: 1 or 2."""
    number = whole_number(cell)
    if number not in (1, 2):
        raise MisreadError("there is no such half of a term", "1 or 2, or blank for the whole term")
    return number


def one_of(*codes: str) -> Callable[[Cell], str]:
    """A reader of one of a few codes, in any letter case."""

    def read(cell: Cell) -> str:
        said = text(cell).casefold()
        if said not in codes:
            raise MisreadError("it is none of the codes for this column", " or ".join(codes))
        return said

    return read


def parsed(parse: Callable[[str], Value]) -> Callable[[Cell], Value]:
    """A reader from a domain parser, whose error already says what would be right."""

    def read(cell: Cell) -> Value:
        try:
            return parse(text(cell))
        except MisreadError:
            raise
        except ValueError as error:
            wrong, _, right = str(error).partition(". Right would be ")
            raise MisreadError(_without_value(wrong), right.rstrip(".")) from None

    return read


def _without_value(wrong: str) -> str:
    """The wrong of a domain sentence without the value it opens with; the refusal names the value itself."""
    return re.sub(r"^'.*?' (?=is|has|names)", "it ", wrong, count=1, flags=re.DOTALL)


def line_up_to(most: int) -> Callable[[Cell], str]:
    """A reader of text on one line, of at most so many letters."""

    def read(cell: Cell) -> str:
        said = text(cell)
        if "\n" in said or "\r" in said:
            raise MisreadError("it holds a line break", "a text on one line")
        if len(said) > most:
            raise MisreadError("it is too long", f"a text of at most {most} letters")
        return said

    return read


code = line_up_to(100)
"""A code a school uses: text on one line."""


def yes_or_no(cell: Cell) -> bool:
    """A plain yes or no."""
    said = text(cell).casefold()
    if said not in _YES_OR_NO:
        raise MisreadError("it is neither yes nor no", "Y or N")
    return _YES_OR_NO[said]


def lower_code(cell: Cell) -> str:
    """A subject code: letters, digits and underlines, in any letter case."""
    said = code(cell).casefold().replace(" ", "_").replace("-", "_")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", said):
        raise MisreadError("it is not a subject code", "letters, digits and underlines, such as english_language")
    return said


def stage(cell: Cell) -> str:
    """A key stage or named point."""
    return code(cell).upper().replace(" ", "")


def stages(cell: Cell) -> tuple[str, ...]:
    """Key stages, separated by spaces, commas or semicolons."""
    return tuple(dict.fromkeys(part.upper() for part in re.split(r"[\s,;]+", code(cell)) if part))


def email(cell: Cell) -> str:
    """An e-mail address."""
    said = code(cell).casefold()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", said):
        raise MisreadError("it is not an e-mail address", "an address such as a.khan@school.example")
    return said
