"""An answer as JSON, CSV, XLSX or plain rows for a terminal. Knows no figure: what is written is what was answered.

JSON and CSV are for programs and hold codes and the names of columns; XLSX and the terminal are for people and hold
words and headings.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from headway.domain.cuts import CUT_WORDS, said, year_group_value
from headway.domain.questions import Answer, AnswerRow, question_document, sentence, term_words
from headway.formats.sheets_out import Value, write_csv, write_xlsx

__all__ = ["answer_csv", "answer_document", "answer_table", "answer_xlsx"]


def answer_document(answer: Answer, *, pupils_link: Callable[[int], str | None]) -> dict[str, object]:
    """An answer in the JSON form of INTERFACES 4; ``pupils_link`` gives where the names of a row are, by its number."""
    return {
        "question": question_document(answer.question),
        "as_of": answer.as_of.isoformat(),
        "known_at": answer.known_at.isoformat(),
        "framework": answer.framework,
        "state": answer.state,
        "columns": [
            {"name": column.name, "heading": column.heading, "unit": column.unit, "note": column.note}
            for column in answer.columns
        ],
        "rows": [
            {
                "by": {cut: _coded(cut, value) for cut, value in row.by.items()},
                **{name: _number(figure) for name, figure in row.figures.items()},
                "pupils": pupils_link(number),
            }
            for number, row in enumerate(answer.rows)
        ],
        "notes": list(answer.notes),
    }


def answer_csv(answer: Answer) -> bytes:
    """An answer as CSV: codes under the names of cuts and columns, its question and every note below."""
    cuts, names = _cuts(answer), [column.name for column in answer.columns]
    rows = [
        [*(_cell(_coded(cut, row.by.get(cut))) for cut in cuts), *(_cell(row.figures.get(name)) for name in names)]
        for row in answer.rows
    ]
    return write_csv([*cuts, *names], rows, notes=_notes(answer, headed=False))


def answer_xlsx(answer: Answer, *, subject_names: Mapping[str, str] | None = None) -> bytes:
    """An answer as a spreadsheet: words under headings, numbers as numbers, its question and every note on a sheet."""
    cuts, names = _cuts(answer), [column.name for column in answer.columns]
    rows = [
        [*_words(row, cuts, subject_names or {}), *(_cell(row.figures.get(name)) for name in names)]
        for row in answer.rows
    ]
    notes = _notes(answer, headed=True, subject_names=subject_names)
    return write_xlsx(_headings(answer), rows, sheet="Answer", notes=notes)


def answer_table(
    answer: Answer, *, subject_names: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """An answer's headings and rows as plain text for a terminal; a figure that there is not is left blank."""
    cuts, names = _cuts(answer), [column.name for column in answer.columns]
    rows = tuple(
        (*_words(row, cuts, subject_names or {}), *(_shown(row.figures.get(name)) for name in names))
        for row in answer.rows
    )
    return tuple(_headings(answer)), rows


def _cuts(answer: Answer) -> Sequence[str]:
    return tuple(answer.rows[0].by) if answer.rows else answer.question.by


def _headings(answer: Answer) -> list[str]:
    cuts = [CUT_WORDS[cut] for cut in _cuts(answer)]
    return [*(words[:1].upper() + words[1:] for words in cuts), *(column.heading for column in answer.columns)]


def _notes(answer: Answer, *, headed: bool, subject_names: Mapping[str, str] | None = None) -> list[str]:
    """The question and all that explains its answer, a line each."""
    columns = [f"{column.heading if headed else column.name}: {column.note}" for column in answer.columns]
    known_at = f"{answer.known_at.day} {answer.known_at:%B %Y at %H:%M}"
    as_of = f"As of {answer.as_of.day} {answer.as_of:%B %Y}, as known on {known_at}."
    framework = f"Framework {answer.framework}. {answer.total_pupils} pupils in the population."
    return [sentence(answer.question, subject_names=subject_names), as_of, framework, *answer.notes, *columns]


def _words(row: AnswerRow, cuts: Sequence[str], subject_names: Mapping[str, str]) -> list[str]:
    """What a row is cut by, in words."""
    words = []
    for cut in cuts:
        value = row.by.get(cut)
        if cut == "subject":
            words.append(subject_names.get(str(value), str(value).replace("_", " ")))
        elif cut == "term":
            words.append(term_words(str(value)))
        else:
            words.append(said(cut, value))
    return words


def _coded(cut: str, value: object) -> object:
    """What a row is cut by, as programs read it."""
    return year_group_value(value) if cut == "year_group" and isinstance(value, int) else value


def _number(figure: object) -> object:
    """A figure as JSON holds it: a decimal is a number with the same digits."""
    return float(figure) if isinstance(figure, Decimal) else figure


def _cell(value: object) -> Value:
    if value is None or isinstance(value, str | int | Decimal | date):
        return value
    return str(value)


def _shown(figure: object) -> str:
    return "" if figure is None else str(figure)
