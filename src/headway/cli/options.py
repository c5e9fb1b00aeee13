"""Options that several commands share, and what they mean once the installation is ready."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from headway.services.schools import AnySchool

__all__ = ["OutFile", "now", "school_chosen", "school_option"]


class OutFile(click.Path):
    """A file to be written; the folder it goes to must be there, as with any path that is named."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"There is no folder {path.parent}. Right would be one that exists.", param, ctx)
        return path


def school_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--school DFE`, needed only where there are several."""
    return click.option("--school", "dfe", metavar="DFE", help="Which school, where there are several.")(command)


def school_chosen(dfe: str | None) -> "AnySchool":
    """The school asked for, or the only one."""
    from headway.services.schools import school_by_dfe

    return school_by_dfe(dfe)


def now() -> datetime:
    """This moment, in the school's own time zone."""
    from django.utils import timezone

    return timezone.localtime()
