"""`headway backup`, `restore`, `verify` and `check`."""

from pathlib import Path

import click

from headway.cli.options import OutFile, now
from headway.cli.readiness import Refused, data_held, installation, refusals_said, set_up, set_up_django

_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=OutFile())
@installation()
def backup(file: Path) -> None:
    """Take a consistent copy of everything, while people work, and read it back."""
    from headway.services.backups import back_up
    from headway.services.installation import remember_backup

    held = back_up(file)
    remember_backup(now())
    click.echo(f"{file}: {held.n_rows} rows of {held.n_schools} schools, verified.")


@click.command("verify")
@click.argument("file", type=_EXISTING)
def verify_(file: Path) -> None:
    """Check a backup whole, on its own."""
    set_up_django()
    from headway.services.backups import verify

    with refusals_said():
        held = verify(file)
    click.echo(f"{file}: {held.n_rows} rows of {held.n_schools} schools, whole.")


@click.command("restore")
@click.argument("file", type=_EXISTING)
def restore_(file: Path) -> None:
    """Put a backup in the place of the data. What was there is kept beside it."""
    set_up_django()
    from headway.services.backups import restore

    with data_held(), refusals_said():
        held = restore(file)
    set_up(migrate=True)
    click.echo(f"Restored: {held.n_rows} rows of {held.n_schools} schools.")


@click.command("check")
@installation()
def check() -> None:
    """Is this installation sound?"""
    from headway.services.installation import findings

    found = findings(now=now())
    for each in found:
        click.echo(f"{'ok' if each.sound else 'NOT SOUND'}: {each.sentence}", err=not each.sound)
    if not all(each.sound for each in found):
        raise Refused("This installation is not sound.")


COMMANDS = (backup, restore_, verify_, check)
