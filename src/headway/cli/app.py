"""The `headway` command and what all its commands share: where the data lives, exit codes, refusals in words."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

__all__ = ["Refused", "installation", "main"]

P = ParamSpec("P")
T = TypeVar("T")


class Refused(click.ClickException):
    """Refused, nothing changed: the reasons go to standard error, and the exit code is 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


def installation(*, migrate: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Readies the installation's records before a command runs; its refusals become exit code 1."""

    def decorate(command: Callable[P, T]) -> Callable[P, T]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            set_up(migrate=migrate)
            with refusals_said():
                return command(*args, **kwargs)

        return run

    return decorate


def set_up(*, migrate: bool) -> None:
    """Django, on the data folder asked for; its tables brought up to date, or found to be so."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    from headway.services.installation import InstallationRefusedError, bring_up_to_date, require_up_to_date

    try:
        if migrate:
            bring_up_to_date()
        else:
            require_up_to_date()
    except InstallationRefusedError as error:
        raise Refused(str(error)) from error


class refusals_said:  # noqa: N801  # reads as a verb where it is used
    """Turns every refusal of a service into a message on standard error and exit code 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, click.ClickException | click.exceptions.Exit):
            return
        from headway.domain.questions import QuestionRefused
        from headway.formats.tables import FileRefused
        from headway.services.access import NotAllowedError, NotFoundError
        from headway.services.backups import BackupRefusedError
        from headway.services.transfers import StalePlanError, UndoRefusedError

        if isinstance(error, FileRefused):
            raise Refused("\n".join(problem.sentence() for problem in error.problems)) from error
        if isinstance(error, QuestionRefused):
            raise Refused("\n".join(error.problems)) from error
        said = (ValueError, NotAllowedError, NotFoundError, BackupRefusedError, StalePlanError, UndoRefusedError)
        if isinstance(error, said) and not isinstance(error, UnicodeError):
            raise Refused(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="HEADWAY_DATA",
    help="Where the data lives (default: the platform's user data folder).",
)
@click.version_option(package_name="headway", message="headway %(version)s")
def headway(data: Path | None) -> None:
    """Is every pupil making the progress they could? A school's assessments, targets and progress, term by term."""
    if data is not None:
        os.environ["HEADWAY_DATA"] = str(data)


def main() -> None:
    """Entry point of the `headway` command."""
    from headway.cli import ask, demo, files, people, schools, serve, upkeep

    for module in (schools, files, ask, people, demo, serve, upkeep):
        for command in module.COMMANDS:
            headway.add_command(command)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    headway()
