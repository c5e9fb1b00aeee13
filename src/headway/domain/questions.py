"""A question about pupils and its answer: the types, the question's JSON form, and the sentence that says it.

Knows no storage, no columns and no screens: whether a subject or a class exists, and who may ask, is for services.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from headway.domain.cuts import CUT_WORDS, CUTS, listed
from headway.domain.populations import EVERYBODY, Population, parse_population, population_document, population_words
from headway.domain.problems import Problems, nearest, shown

__all__ = [
    "BASES",
    "MEASURES",
    "Answer",
    "AnswerRow",
    "Basis",
    "Column",
    "Population",
    "Question",
    "QuestionRefused",
    "Unit",
    "basis_of",
    "parse_question",
    "question_document",
    "sentence",
    "term_words",
    "threshold_of",
]

Basis = Literal["current", "progress_target", "target"]
Unit = Literal["pupils", "percent", "points", "steps", "grade", "scale"]

BASES: Sequence[Basis] = ("current", "progress_target", "target")
MEASURES: Sequence[str] = ("status", "gap", "grades", "points", "at_least:GRADE")

_COMPARED_WITH: Sequence[Basis] = ("progress_target", "target")
_KEYS = ("population", "subjects", "term", "basis", "model", "measure", "by", "as_of", "known_at")
_LONDON = ZoneInfo("Europe/London")
_MOST_CUTS = 2


class QuestionRefused(ValueError):
    """A question that cannot be asked; ``problems`` holds every reason, each with what would be right."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Question:
    """Which pupils, which subjects, when, on what basis, measured how, cut by what.

    No ``subjects``: every subject that is not a composite. No ``term``: the latest begun at ``as_of``. No ``as_of``:
    today. No ``known_at``: now. No ``basis``: the measure's own, see `basis_of`.
    """

    measure: str
    population: Population = EVERYBODY
    subjects: tuple[str, ...] = ()
    term: str | None = None
    basis: Basis | None = None
    model: str | None = None
    by: tuple[str, ...] = ()
    as_of: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of an answer's rows: its name, its heading, its unit and the note that explains it (M17)."""

    name: str
    heading: str
    unit: Unit
    note: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer.

    ``by`` says what the row is cut by: yes/no as True or False, not recorded as None, a year group as its number,
    everything else the stored code. ``pupils`` are the ids of the pupils the row speaks of, rising, from the same
    filter as its counts. ``few`` marks a row whose figures rest on too few pupils to read much into (RULES 9).
    """

    by: Mapping[str, object]
    figures: Mapping[str, object]
    pupils: tuple[int, ...]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A small table that carries its own explanation, and the pupils behind each row.

    ``framework`` is the label of the framework and version in force; ``total_pupils`` counts the population.
    """

    question: Question
    as_of: date
    known_at: datetime
    framework: str
    columns: tuple[Column, ...]
    rows: tuple[AnswerRow, ...]
    notes: tuple[str, ...]
    total_pupils: int
    state: Literal["live", "stored"] = "live"


def parse_question(document: object) -> Question:
    """The question a document in the JSON form of INTERFACES 4 asks.

    Parameters
    ----------
    document : what the JSON holds. Every key but ``measure`` may be left out.

    Returns
    -------
    Question.

    Raises
    ------
    QuestionRefused : with everything that is wrong at once, each problem with its place and what would be right.

    Source
    ------
    INTERFACES 4.

    >>> parse_question({"measure": "status", "by": ["fsm"]}).by
    ('fsm',)
    >>> parse_question({"measure": "status", "by": ["meals"], "subject": "reading"})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    headway.domain.questions.QuestionRefused: subject: is not a part of a question. Right would be subjects. ...
    """
    problems = Problems()
    if not isinstance(document, Mapping):
        problems.add(
            "question", f"{shown(document)} is not a question", right='a question such as {"measure": "status"}'
        )
        raise QuestionRefused(problems.found)
    problems.keys(document, _KEYS)
    measure = _measure(document.get("measure"), problems)
    question = Question(
        measure=measure,
        population=parse_population(document.get("population"), problems=problems),
        subjects=problems.texts(document.get("subjects"), place="subjects", right='a list such as ["reading"]'),
        term=_term(document.get("term"), problems),
        basis=_basis(document.get("basis"), problems, measure=measure),
        model=_model(document.get("model"), problems),
        by=_by(document.get("by"), problems),
        as_of=_day(document.get("as_of"), problems),
        known_at=_moment(document.get("known_at"), problems),
    )
    if problems.found:
        raise QuestionRefused(problems.found)
    return question


def question_document(question: Question) -> dict[str, object]:
    """A question's JSON form, every key said; the inverse of `parse_question`.

    >>> question_document(Question("status", term="2026-27-autumn"))["term"]
    '2026-27-autumn'
    """
    return {
        "population": population_document(question.population),
        "subjects": list(question.subjects),
        "term": question.term,
        "basis": question.basis,
        "model": question.model,
        "measure": question.measure,
        "by": list(question.by),
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "known_at": question.known_at.isoformat() if question.known_at else None,
    }


def basis_of(question: Question) -> Basis:
    """The basis in force: the question's own, else the measure's.

    Returns
    -------
    For ``status`` and ``gap`` what marks are compared with, ``progress_target`` unless said; for the measures that
    count grades or points whose these are, ``current`` unless said.

    Source
    ------
    INTERFACES 4.

    >>> basis_of(Question("status")), basis_of(Question("grades")), basis_of(Question("points", basis="target"))
    ('progress_target', 'current', 'target')
    """
    if question.basis is not None:
        return question.basis
    return "progress_target" if question.measure in ("status", "gap") else "current"


def threshold_of(question: Question) -> str | None:
    """The grade an ``at_least:GRADE`` measure asks for, as it was written; None for the other measures.

    >>> threshold_of(Question("at_least:4b")), threshold_of(Question("status"))
    ('4b', None)
    """
    measure, _, grade = question.measure.partition(":")
    return grade if measure == "at_least" else None


def sentence(question: Question, *, subject_names: Mapping[str, str] | None = None) -> str:
    """A question in words, the same words for the same question; never a pupil's number.

    Parameters
    ----------
    question : any question.
    subject_names : the school's names of subjects by code; a subject without one is said by its code.

    Returns
    -------
    Who and what subject, when, measured how, cut by what.

    Source
    ------
    DESIGN, Screens 3.

    >>> sentence(Question("status", Population(year_groups=(5,)), ("mathematics",), "2026-27-autumn", by=("fsm",)))
    'Year 5 mathematics, autumn 2026, against progress target, by free school meals'
    >>> sentence(Question("at_least:4b", subjects=("reading", "writing"), basis="target"))
    'All pupils, reading and writing, latest term, target 4b or above'
    """
    names = subject_names or {}
    subjects = listed([names.get(code, code.replace("_", " ")) for code in question.subjects]) or "every subject"
    who, *further = population_words(question.population)
    parts = [f"{who}{' ' if question.population.year_groups else ', '}{subjects}", *further]
    parts.append(term_words(question.term) if question.term else "latest term")
    parts.append(_measured(question))
    if question.by:
        parts.append("by " + listed([CUT_WORDS[cut] for cut in question.by]))
    if question.as_of:
        parts.append(f"as of {question.as_of.day} {question.as_of:%B %Y}")
    if question.known_at:
        parts.append(f"as known on {question.known_at.day} {question.known_at:%B %Y at %H:%M}")
    return ", ".join(parts)


def term_words(term: str) -> str:
    """A term's code in words.

    >>> term_words("2026-27-autumn"), term_words("2026-27-summer"), term_words("2026-27-second")
    ('autumn 2026', 'summer 2027', 'second 2026-27')
    """
    year, _, name = term.rpartition("-")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", year):
        return term
    years_on = {"autumn": 0, "spring": 1, "summer": 1}.get(name)
    return f"{name} {year if years_on is None else int(year[:4]) + years_on}"


def _measured(question: Question) -> str:
    basis = basis_of(question)
    words = basis.replace("_", " ")
    grade = threshold_of(question)
    if question.measure == "status":
        return f"against {words}"
    if question.measure == "gap":
        return f"gap in points to {words}"
    if grade is not None:
        return f"{grade} or above" if basis == "current" else f"{words} {grade} or above"
    return question.measure if basis == "current" else f"{question.measure} of {words}s"


def _measure(value: object, problems: Problems) -> str:
    right = listed(MEASURES, last="or") + ", such as at_least:4"
    if value is None:
        problems.add("measure", "is missing", right=right)
        return ""
    text = problems.text(value, place="measure", right=right)
    name, colon, grade = (text or "").partition(":")
    if name.strip() == "at_least" and grade.strip():
        return f"at_least:{grade.strip()}"
    if text is not None and (colon or text not in MEASURES):
        near = nearest(name, ("status", "gap", "grades", "points", "at_least"))
        near = "at_least:GRADE" if near == "at_least" else near
        hint = f"{right} (perhaps {near})" if near else right
        problems.add("measure", f"{shown(text)} is not something that can be measured yet", right=hint)
    return text or ""


def _term(value: object, problems: Problems) -> str | None:
    right = "a code such as 2026-27-autumn"
    text = problems.text(value, place="term", right=right)
    if text is not None and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-\S+", text):
        problems.add("term", f"{shown(text)} is not a term", right=right)
    return text


def _basis(value: object, problems: Problems, *, measure: str) -> Basis | None:
    allowed = _COMPARED_WITH if measure in ("status", "gap") else BASES
    right = listed(allowed, last="or")
    text = problems.text(value, place="basis", right=right)
    if text == "predicted":
        problems.add("basis", "'predicted' cannot be asked: no prediction model exists yet", right=right)
        return None
    for basis in allowed:
        if text == basis:
            return basis
    if text is not None:
        wrong = f"{shown(text)} is not a basis" + (f" for {measure}" if measure else "")
        problems.add("basis", wrong, right=right)
    return None


def _model(value: object, problems: Problems) -> str | None:
    text = problems.text(value, place="model", right="null")
    if text is not None:
        problems.add("model", f"{shown(text)} cannot be asked: no prediction model exists yet", right="null")
    return text


def _by(value: object, problems: Problems) -> tuple[str, ...]:
    right = listed(CUTS, last="or")
    cuts = problems.texts(value, place="by", right='a list such as ["sex", "fsm"]')
    for cut in cuts:
        if cut not in CUTS:
            near = nearest(cut, CUTS)
            hint = f"{right} (perhaps {near})" if near else right
            problems.add("by", f"{shown(cut)} is not something to cut by", right=hint)
    if len(cuts) > _MOST_CUTS:
        problems.add("by", f"{len(cuts)} cuts are too many", right="one or two")
    return cuts


def _day(value: object, problems: Problems) -> date | None:
    right = "a date such as 2026-12-04"
    text = problems.text(value, place="as_of", right=right)
    try:
        if text is None or not re.fullmatch(r"[0-9-]{10}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        if text is not None:
            problems.add("as_of", f"{shown(text)} is not a date", right=right)
        return None


def _moment(value: object, problems: Problems) -> datetime | None:
    """A moment; a bare date means the end of that day, and a time without a zone is the school's."""
    right = "a date or a time such as 2026-10-12 or 2026-10-12T15:30:00+01:00"
    text = problems.text(value, place="known_at", right=right)
    if text is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return datetime.combine(date.fromisoformat(text), time.max, _LONDON)
        moment = datetime.fromisoformat(text)
        return moment.astimezone(_LONDON) if moment.tzinfo else moment.replace(tzinfo=_LONDON)
    except (ValueError, OverflowError):
        problems.add("known_at", f"{shown(text)} is not a time", right=right)
        return None
