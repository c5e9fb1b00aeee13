"""`headway ask`: one question, from a file or in short form, answered on the terminal or as a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headway.cli.files import write_whole
from headway.cli.options import OutFile, now, school_chosen, school_option
from headway.cli.readiness import Refused, installation

if TYPE_CHECKING:
    from headway.domain.questions import Answer

_ENDINGS = (".csv", ".json", ".xlsx")


@click.command("ask")
@click.argument("measure", required=False)
@click.option(
    "--question",
    "question_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A question as JSON, instead of the short form.",
)
@click.option("--by", multiple=True, metavar="CUT", help="Cut by sex, fsm, class …; may be given twice.")
@click.option("--year-group", "year_groups", multiple=True, metavar="N", help="Only this year group.")
@click.option("--class", "classes", multiple=True, metavar="CODE", help="Only this class.")
@click.option("--subject", "subjects", multiple=True, metavar="CODE", help="Only this subject (default: every one).")
@click.option("--term", metavar="TERM", help="Which term (default: the latest begun).")
@click.option("--basis", metavar="BASIS", help="current, progress_target or target.")
@click.option("--as-of", metavar="DATE", help="As things stood, or will stand, on this day.")
@click.option("--out", type=OutFile(), help="A file: its ending picks CSV, XLSX or JSON.")
@school_option
@installation()
def ask_(
    measure: str | None,
    question_file: Path | None,
    by: tuple[str, ...],
    year_groups: tuple[str, ...],
    classes: tuple[str, ...],
    subjects: tuple[str, ...],
    term: str | None,
    basis: str | None,
    as_of: str | None,
    out: Path | None,
    dfe: str | None,
) -> None:
    """Ask a question: status, gap, grades, points or at_least:GRADE."""
    from headway.domain.questions import parse_question
    from headway.services.access import COMMAND_LINE
    from headway.services.questions import ask

    if (measure is None) == (question_file is None):
        raise click.UsageError("Give a measure, such as status, or --question FILE: one of the two.")
    if out is not None and out.suffix.casefold() not in _ENDINGS:
        raise Refused(
            f"'{out.name}' would be no kind of file. Right would be a name that ends in {', '.join(_ENDINGS)}."
        )
    document: object
    if question_file is not None:
        document = _read(question_file)
    else:
        cuts = [cut.strip() for each in by for cut in each.split(",")]
        said: dict[str, object] = {"measure": measure, "by": cuts, "subjects": list(subjects)}
        said["population"] = {"year_groups": [_number(code) for code in year_groups], "classes": list(classes)}
        said |= {name: value for name, value in (("term", term), ("basis", basis), ("as_of", as_of)) if value}
        document = said
    answer = ask(parse_question(document), viewer=COMMAND_LINE, school=school_chosen(dfe), now=now())
    if out is None:
        _print(answer)
        return
    write_whole(out, _written(answer, out))
    click.echo(f"{len(answer.rows)} rows in {out}")


def _number(code: str) -> int | str:
    return int(code) if code.isascii() and code.isdigit() else code


def _read(file: Path) -> object:
    try:
        document: object = json.loads(file.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refused(
            f'{file.name} is not JSON ({error}). Right would be a question such as {{"measure": "status"}}.'
        ) from error
    return document


def _written(answer: "Answer", out: Path) -> bytes:
    from headway.formats.answers import answer_csv, answer_document, answer_xlsx

    ending = out.suffix.casefold()
    if ending == ".csv":
        return answer_csv(answer)
    if ending == ".xlsx":
        return answer_xlsx(answer)
    document = answer_document(answer, pupils_link=lambda _: None)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _print(answer: "Answer") -> None:
    from rich.console import Console
    from rich.table import Table

    from headway.domain.questions import sentence
    from headway.formats.answers import answer_table

    headers, rows = answer_table(answer)
    table = Table(title=sentence(answer.question), title_justify="left", box=None, pad_edge=False)
    for header in headers:
        table.add_column(header)
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False)
    if not console.is_terminal:  # a file or a pipe has no edge to fold at
        console.width = 400
    console.print(table)
    for note in answer.notes:
        console.print(note)


COMMANDS = (ask_,)
