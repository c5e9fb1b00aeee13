"""What every command stands on: the installation made ready, exit codes, refusals in words."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

__all__ = ["Refused", "data_held", "installation", "refusals_said", "set_up", "set_up_django"]

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
        from headway.config.providers import ProviderRefusedError

        if isinstance(error, ProviderRefusedError):
            raise Refused(str(error)) from error
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
            raise Refused(f"The database cannot do it ({error}). Nothing was changed.") from error
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise Refused(f"{error.filename or 'The file'} cannot be used: {error.strerror}.") from error
