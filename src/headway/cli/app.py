"""The `headway` command: its commands put together, and where the data lives."""

import os
import sys
from pathlib import Path

import click

from headway.cli import ask, audit, demo, files, people, schools, serve, upkeep

__all__ = ["assembled", "main"]


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
    for module in (schools, files, ask, people, audit, demo, serve, upkeep):
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
