"""The kinds of file a school sends and takes: their columns, and how a cell of each becomes a value.

Knows the shape of a value (a date, a yes or no, a unique pupil number), not whether it is true of this school.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath

from headway.domain.pupils import CHARACTERISTICS, check_upn
from headway.domain.roles import parse_roles
from headway.domain.terms import parse_year_group
from headway.formats.tables import Cell, FileRefused, Problem, Table

__all__ = ["KINDS", "OUT_ONLY", "Column", "Kind", "MisreadError", "recognise"]

Value = object


class MisreadError(ValueError):
    """A cell that is not what its column holds."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(f"{wrong}. Right would be {right}.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind: its header, whether a row needs it, and how its cells are read."""

    name: str
    read: Callable[[Cell], Value]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its columns in order, and those that together name a row's one cell."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.needed)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def recognise(table: Table, *, as_kind: str | None, term_given: bool, subjects: Mapping[str, str]) -> Kind:
    """The kind a table is: the one named, else by the file's name, else by its headers.

    Raises FileRefused where it is none, or could be two. ``subjects`` are the headers
    that mean a subject of the school: a table with a pupil column and one of them is a wide mark sheet.
    """
    if as_kind is not None:
        return _named(table, as_kind)
    stem = PurePath(table.file).stem.casefold().replace("-", "_")
    by_name = [name for name in (*KINDS, *OUT_ONLY) if stem.startswith(name)]
    if by_name:
        return _named(table, max(by_name, key=len))
    names = frozenset(table.names)
    if is_wide(table, subjects=subjects):
        return KINDS["assessments"]
    fits = [kind for kind in KINDS.values() if _needed(kind, term_given=term_given) <= names]
    fullest = [kind for kind in fits if not any(kind.needed < other.needed for other in fits)]
    if len(fullest) == 1:
        return fullest[0]
    if fullest:
        both = " and ".join(kind.name for kind in fullest)
        wrong = f"its headers fit {both}"
        right = f"a file name that begins with its kind, or --as {' or --as '.join(kind.name for kind in fullest)}"
    else:
        wrong = "its headers fit no kind of file"
        nearest = min(KINDS.values(), key=lambda kind: (len(kind.needed - names), kind.name))
        right = (
            f"the headers of one kind; nearest is {nearest.name}, which needs "
            f"{', '.join(sorted(nearest.needed))} and lacks {', '.join(sorted(nearest.needed - names))}"
        )
    raise FileRefused((Problem(table.file, table.sheet, None, None, ", ".join(table.headers), wrong, right),))


def is_wide(table: Table, *, subjects: Mapping[str, str]) -> bool:
    """Whether a table is a wide mark sheet: a row a pupil, a column a subject."""
    names = frozenset(table.names)
    return "upn" in names and not names & {"subject", "grade"} and bool(names & subjects.keys())


def _named(table: Table, name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is not None:
        return kind
    wrong = f"{name} only goes out" if name in OUT_ONLY else f"there is no kind called {name}"
    right = "results and targets, from which progress targets are worked out" if name in OUT_ONLY else ", ".join(KINDS)
    raise FileRefused((Problem(table.file, table.sheet, None, None, name, wrong, right),))


def _needed(kind: Kind, *, term_given: bool) -> frozenset[str]:
    return kind.needed - {"term"} if term_given else kind.needed


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


def _parsed(parse: Callable[[str], Value]) -> Callable[[Cell], Value]:
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


def code(cell: Cell) -> str:
    """A code a school uses: text on one line."""
    said = text(cell)
    if "\n" in said or "\r" in said:
        raise MisreadError("it holds a line break", "a text on one line")
    if len(said) > 100:
        raise MisreadError("it is too long", "a text of at most 100 letters")
    return said


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


def _kind(name: str, *columns: Column, key: Sequence[str]) -> Kind:
    return Kind(name, columns, tuple(key))


_UPN = Column("upn", _parsed(check_upn), needed=True)
_YEAR_GROUP = Column("year_group", _parsed(parse_year_group), needed=True)
_SUBJECT = Column("subject", lower_code, needed=True)
_TERM = Column("term", code, needed=True)
_GRADE = Column("grade", grade, needed=True)
_KEY_STAGE = Column("key_stage", stage, needed=True)


def _characteristic(name: str) -> Column:
    return Column(name, _parsed(CHARACTERISTICS[name].parse), needed=name == "sex")


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "pupils",
            _UPN,
            Column("surname", code, needed=True),
            Column("forename", code, needed=True),
            _characteristic("sex"),
            Column("dob", birthday, needed=True),
            _YEAR_GROUP,
            Column("reg_group", code),
            Column("preferred_forename", code),
            Column("admission_number", code),
            Column("enrolled_from", day),
            Column("enrolled_to", day),
            *(_characteristic(name) for name in CHARACTERISTICS if name != "sex"),
            key=["upn"],
        ),
        _kind(
            "subjects",
            _SUBJECT,
            Column("name", code, needed=True),
            Column("key_stages", stages, needed=True),
            Column("scale", code, needed=True),
            Column("judgement", one_of("current", "likely")),
            Column("counts_as", code),
            Column("qualification_number", code),
            Column("gcse_size", code),
            Column("threshold", code),
            key=["subject", "key_stages"],
        ),
        _kind(
            "staff",
            Column("staff", code, needed=True),
            Column("name", code, needed=True),
            Column("email", email, needed=True),
            Column("roles", _parsed(parse_roles), needed=True),
            Column("from", day),
            Column("to", day),
            key=["staff"],
        ),
        _kind(
            "classes",
            Column("class", code, needed=True),
            _SUBJECT,
            _YEAR_GROUP,
            _UPN,
            Column("teacher", code),
            key=["class", "subject", "upn"],
        ),
        _kind(
            "groups",
            Column("group", code, needed=True),
            _UPN,
            Column("from", day),
            Column("to", day),
            key=["group", "upn", "from"],
        ),
        _kind(
            "results",
            _UPN,
            _KEY_STAGE,
            _SUBJECT,
            _GRADE,
            Column("year", calendar_year),
            Column("kind", one_of("test", "teacher")),
            key=["upn", "key_stage", "subject", "kind", "year"],
        ),
        _kind(
            "assessments",
            _UPN,
            _SUBJECT,
            _TERM,
            _GRADE,
            Column("date", day),
            Column("kind", one_of("current", "likely")),
            Column("by", code),
            Column("comment", text),
            key=["upn", "subject", "term", "kind"],
        ),
        _kind(
            "targets",
            _UPN,
            _SUBJECT,
            _KEY_STAGE,
            _GRADE,
            Column("agreed_on", day),
            Column("agreed_by", code),
            Column("reason", text),
            key=["upn", "subject", "key_stage"],
        ),
        _kind(
            "attendance",
            _UPN,
            _TERM,
            Column("possible", count, needed=True),
            Column("attended", count, needed=True),
            Column("half_term", half_term),
            Column("unauthorised", count),
            key=["upn", "term", "half_term"],
        ),
        _kind(
            "behaviour",
            _UPN,
            Column("date", day, needed=True),
            Column("type", code, needed=True),
            Column("points", whole_number, needed=True),
            Column("note", text),
            key=["upn", "date", "type", "note"],
        ),
    )
}
"""Every kind of file that comes in, by name, with the columns of its file in their order."""

OUT_ONLY: Mapping[str, tuple[str, ...]] = {
    "progress_targets": ("upn", "subject", "term", "points", "decimal", "grade", "target_grade")
}
"""Kinds that only go out."""
