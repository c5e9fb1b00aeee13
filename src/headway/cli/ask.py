"""`headway ask`."""

import click

COMMANDS: tuple[click.Command, ...] = ()
