"""`headway import`, `headway undo` and `headway export`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from headway.cli.options import OutFile, now, school_chosen, school_option
from headway.cli.readiness import Refused, installation

if TYPE_CHECKING:
    from headway.formats.tables import Problem
    from headway.services.transfers import Plan

_SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "as_kind", metavar="KIND", help="What the file is, where its name and headers do not say.")
@click.option("--academic-year", metavar="2026-27", help="The academic year it speaks of (default: this one).")
@click.option("--term", metavar="2026-27-autumn", help="The term of a mark sheet without a term column.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--accept-valid", is_flag=True, help="Apply the good rows; the rest go to the report.")
@click.option("--report", type=OutFile(), help="Write the refusals here, as CSV.")
@school_option
@installation()
def import_(
    file: Path,
    as_kind: str | None,
    academic_year: str | None,
    term: str | None,
    report: Path | None,
    dfe: str | None,
    *,
    dry_run: bool,
    accept_valid: bool,
) -> None:
    """Bring a file in: shows what it would do, then does all of it or nothing."""
    from headway.formats.tables import FileRefused
    from headway.services.access import COMMAND_LINE
    from headway.services.transfers import StalePlanError, plan

    school, content = school_chosen(dfe), file.read_bytes()
    for last in (False, False, True):
        try:
            planned = plan(
                content,
                file=file.name,
                school=school,
                by=COMMAND_LINE,
                now=now(),
                as_kind=as_kind,
                academic_year=academic_year,
                term=term,
            )
        except FileRefused as refusal:
            _report_whole(refusal.problems, report)
            raise
        _show(planned, dry_run=dry_run)
        if report is not None:
            _write_report(planned.problems, report)
        refused = bool(planned.problems) and not (accept_valid and planned.rows)
        if refused or dry_run:
            if planned.problems:
                click.echo("Nothing was changed.", err=True)
            click.echo(planned.counts)
            if planned.problems:
                raise click.exceptions.Exit(1)
            return
        try:
            _apply(planned)
        except StalePlanError:
            if last:
                raise
            continue
        click.echo(planned.counts)
        return


def _apply(planned: "Plan") -> None:
    from headway.services.access import COMMAND_LINE
    from headway.services.transfers import apply

    if not (planned.new or planned.changed or planned.removed):
        return
    applied = apply(planned, by=COMMAND_LINE, now=now())
    if applied.n_lines:
        click.echo(f"{_counted(applied.n_lines, 'line')} of progress targets laid or redrawn.")
    click.echo(f"To undo it: headway undo {applied.transfer}")


def _show(planned: "Plan", *, dry_run: bool) -> None:
    form = ", a wide mark sheet read as a row a pupil and subject" if planned.wide else ""
    click.echo(f"{planned.file}: {planned.kind}{form}.")
    if planned.ignored:
        click.echo(f"Columns left aside: {', '.join(planned.ignored)}.")
    if planned.n_blank:
        click.echo(f"{_counted(planned.n_blank, 'blank grade')} left aside.")
    for warning in planned.warnings[:_SHOWN]:
        click.echo(f"Flagged: {warning}")
    moving = [row for row in planned.rows if row.outcome != "same"]
    for row in moving[: _SHOWN if dry_run else 0]:
        was = f" {row.before} →" if row.before else ""
        click.echo(f"Row {row.number}: {row.outcome} {row.what}:{was} {row.after}".rstrip(" :"))
    if dry_run and len(moving) > _SHOWN:
        click.echo(f"… and {len(moving) - _SHOWN} more rows.")
    for problem in planned.problems:
        click.echo(problem.sentence(), err=True)


def _report_whole(problems: Sequence["Problem"], report: Path | None) -> None:
    """A file that cannot be read at all still ends in its counts: each row it names, or the file as one."""
    if report is not None:
        _write_report(problems, report)
    rows = {problem.row for problem in problems if problem.row is not None}
    click.echo(f"0 new, 0 changed, 0 same, {len(rows) or 1} refused")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _write_report(problems: Sequence["Problem"], report: Path) -> None:
    from headway.formats.sheets_out import write_csv

    headers = ("file", "sheet", "row", "column", "value", "wrong", "right")
    rows = [(each.file, each.sheet, each.row, each.column, each.value, each.wrong, each.right) for each in problems]
    write_whole(report, write_csv(headers, rows))


@click.command("undo")
@click.argument("transfer", type=click.UUID)
@school_option
@installation()
def undo_(transfer: UUID, dfe: str | None) -> None:
    """Put everything an import changed back as it was."""
    from headway.services.access import COMMAND_LINE
    from headway.services.transfers import undo

    n_rows = undo(transfer, school=school_chosen(dfe), by=COMMAND_LINE, now=now())
    click.echo(f"Undone: {n_rows} records are as they were.")


@click.command("export")
@click.argument("kind")
@click.option("--out", required=True, type=OutFile(), help="A file: its ending picks CSV or XLSX.")
@click.option("--term", metavar="TERM", help="Only this term.")
@click.option("--year-group", metavar="N", help="Only this year group.")
@click.option("--class", "class_code", metavar="CODE", help="Only this class.")
@click.option("--subject", metavar="CODE", help="Only this subject.")
@school_option
@installation()
def export_(
    kind: str,
    out: Path,
    term: str | None,
    year_group: str | None,
    class_code: str | None,
    subject: str | None,
    dfe: str | None,
) -> None:
    """Write a kind of record as a file that an import takes back unchanged."""
    from headway.domain.terms import parse_year_group
    from headway.formats.sheets_out import write_csv, write_xlsx
    from headway.services.access import COMMAND_LINE
    from headway.services.exports import Wanted, export

    ending = out.suffix.casefold()
    if ending not in (".csv", ".xlsx"):
        raise Refused(f"'{out.name}' would be neither CSV nor XLSX. Right would be a name that ends in .csv or .xlsx.")
    wanted = Wanted(term, parse_year_group(year_group) if year_group else None, class_code, subject)
    sheet = export(kind, school=school_chosen(dfe), by=COMMAND_LINE, now=now(), wanted=wanted)
    content = (
        write_csv(sheet.headers, sheet.rows) if ending == ".csv" else write_xlsx(sheet.headers, sheet.rows, sheet=kind)
    )
    write_whole(out, content)
    click.echo(f"{len(sheet.rows)} rows of {kind} in {out}")


def write_whole(out: Path, content: bytes) -> None:
    """Writes a file whole or not at all: a reader never meets half of it."""
    part = out.with_name(out.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


COMMANDS = (import_, undo_, export_)
