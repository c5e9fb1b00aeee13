"""`headway audit`: is the record of looking whole, and who looked at somebody."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from headway.cli.options import now, school_chosen, school_option
from headway.cli.readiness import Refused, installation

if TYPE_CHECKING:
    from headway.services.audit import Wanted
    from headway.services.schools import AnySchool


@click.command("audit")
@click.option("--verify", "walk", is_flag=True, help="Walk all of the chain and print its head: keep that elsewhere.")
@click.option("--head", "kept", metavar="ENTRY:DIGEST", help="A head kept earlier, which the chain must still hold.")
@click.option("--pupil", metavar="UPN|ID", help="What happened about a pupil, newest first.")
@click.option("--person", metavar="CODE", help="What somebody who works here did, newest first.")
@school_option
@installation()
def audit(*, walk: bool, kept: str | None, pupil: str | None, person: str | None, dfe: str | None) -> None:
    """Who looked at whom and who changed what: verified, or read."""
    if not (walk or kept or pupil or person):
        raise click.UsageError("Say what is wanted: --verify, --pupil or --person.")
    moment = now()
    if walk or kept:
        _walk(kept, moment)
    if pupil or person:
        from headway.services.audit import wanted_of

        school = school_chosen(dfe)
        _told(wanted_of(school, pupil=pupil, person=person), school, moment)


def _walk(kept: str | None, moment: datetime) -> None:
    from headway.services.audit import NoSuchHeadError, kept_head, verify

    try:
        state = verify(now=moment, by="Command line", kept=kept_head(kept) if kept else None)
    except NoSuchHeadError as error:
        raise Refused(str(error)) from error
    if state.broken:
        raise Refused(f"The chain is broken at entry {state.broken.sequence}: {state.broken.wrong}.")
    click.echo(f"The chain is whole. Head: {state.n_entries}:{state.digest}")


def _told(wanted: "Wanted", school: "AnySchool", moment: datetime) -> None:
    from django.utils import timezone

    from headway.services.access import COMMAND_LINE
    from headway.services.audit import export_entries
    from headway.web.presenters.audit import entry_words

    for entry in export_entries(wanted, viewer=COMMAND_LINE, school=school, now=moment):
        at = f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}"
        click.echo(f"{at}\t{entry.name}\t{entry_words(entry)}\t{entry.n_pupils or ''}".rstrip())


COMMANDS = (audit,)
