"""The `headway` command and what all its commands share: where the data lives, exit codes, refusals in words."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

__all__ = ["Refused", "assembled", "installation", "main"]

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
    set_up_django()
    from headway.services.installation import (
        InstallationRefusedError,
        bring_up_to_date,
        is_up_to_date,
        require_up_to_date,
    )

    try:
        if not migrate:
            require_up_to_date()
        elif is_up_to_date():
            bring_up_to_date()
        else:
            with data_held():
                bring_up_to_date()
    except InstallationRefusedError as error:
        raise Refused(str(error)) from error


def set_up_django() -> None:
    """Django alone, its tables as they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    try:
        django.setup()
    except OSError as error:
        from headway.config.installation import data_folder

        said = f"The data folder {data_folder()} cannot be used ({error.strerror})"
        raise Refused(f"{said}. Right would be --data and a folder of your own.") from error
    except ValueError as error:
        right = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
        raise Refused(f"HEADWAY_DATABASE_URL is not the address of a database. Right would be {right}.") from error


@contextmanager
def data_held() -> Iterator[None]:
    """The data folder for this command alone: no server runs on it meanwhile."""
    from headway.config.server import ServerRunningError, data_lock

    try:
        with data_lock():
            yield
    except ServerRunningError as error:
        raise Refused(str(error)) from error


class refusals_said:  # noqa: N801  # reads as a verb where it is used
    """Turns every refusal of a service into a message on standard error and exit code 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, click.ClickException | click.exceptions.Exit):
            return
        from django.db import OperationalError

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
        if isinstance(error, OperationalError):
            raise Refused(f"The database cannot do it now ({error}). Nothing was changed.") from error
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise Refused(f"{error.filename or 'The file'} cannot be used: {error.strerror}.") from error


def keep_data_folder(_context: click.Context, _option: click.Parameter, folder: Path | None) -> Path | None:
    """Where the data lives is read from the environment, by this process and by those it starts."""
    if folder is not None:
        os.environ["HEADWAY_DATA"] = str(folder)
    return folder


def data_option() -> click.Option:
    """`--data DIR`, which may stand before a command's name or after it."""
    return click.Option(
        ["--data"],
        type=click.Path(file_okay=False, path_type=Path),
        callback=keep_data_folder,
        expose_value=False,
        help="Where the data lives (default: HEADWAY_DATA, else the platform's user data folder).",
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="headway", message="headway %(version)s")
def headway() -> None:
    """Is every pupil making the progress they could? A school's assessments, targets and progress, term by term."""


def assembled() -> click.Group:
    """The `headway` command with all its commands."""
    from headway.cli import ask, demo, files, people, schools, serve, upkeep

    for module in (schools, files, ask, people, demo, serve, upkeep):
        for command in module.COMMANDS:
            headway.add_command(command)
    _take_data_everywhere(headway)
    return headway


def _take_data_everywhere(command: click.Command) -> None:
    if not any(option.name == "data" for option in command.params):
        command.params.append(data_option())
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        _take_data_everywhere(below)


def main() -> None:
    """Entry point of the `headway` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    assembled()()
