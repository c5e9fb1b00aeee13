"""`headway demo`."""

import click

COMMANDS: tuple[click.Command, ...] = ()
