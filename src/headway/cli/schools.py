"""`headway init` and `headway collections`."""

import click

from headway.cli.options import now, school_chosen, school_option
from headway.cli.readiness import Refused, installation


@click.command("init")
@click.option("--name", required=True, help="The school's name.")
@click.option("--dfe", required=True, metavar="NUMBER", help="Its DfE number: authority and establishment, 8231234.")
@click.option("--framework", required=True, metavar="CODE", help="What it assesses by: england-2008 or england-2026.")
@click.option("--admin", metavar="NAME", help="The administrator's name.")
@click.option("--email", metavar="ADDRESS", help="The administrator's e-mail address.")
@click.option("--add", is_flag=True, help="Add another school to data that already holds one.")
@installation(migrate=True)
def init(name: str, dfe: str, framework: str, admin: str | None, email: str | None, *, add: bool) -> None:
    """Make a new, empty school."""
    from django.db.transaction import atomic

    from headway.services.access import COMMAND_LINE
    from headway.services.people import add_person, claim_path
    from headway.services.schools import any_school, create_school

    if (admin is None) != (email is None):
        raise click.UsageError("--admin and --email go together.")
    if any_school() and not add:
        raise Refused("There is a school here already. Right would be --add for another, or --data for another folder.")
    user = None
    with atomic():  # no school where its administrator is refused
        school = create_school(name=name, dfe=dfe, framework=framework, by=COMMAND_LINE, now=now())
        if admin and email:
            roles = "assessment_manager"
            user = add_person(name=admin, email=email, roles=roles, school=school, by=COMMAND_LINE, now=now())
    click.echo(f"{school.name} ({school.dfe}) is ready, on {school.framework}.")
    if user is not None:
        click.echo(f"{admin} claims the account once headway serve runs, at {claim_path(user)}")
    click.echo("Next: headway import pupils.csv")


@click.command("collections")
@click.option("--close", "to_close", metavar="TERM", help="Close a term's collection: its lines are history.")
@click.option("--reopen", "to_reopen", metavar="TERM", help="Open a term's collection again.")
@school_option
@installation()
def collections(to_close: str | None, to_reopen: str | None, dfe: str | None) -> None:
    """The terms a school has used, what each holds, and which are closed."""
    from headway.services.access import COMMAND_LINE
    from headway.services.collections import close, collections_of, reopen

    school = school_chosen(dfe)
    if to_close:
        close(to_close, school=school, by=COMMAND_LINE, now=now())
    if to_reopen:
        reopen(to_reopen, school=school, by=COMMAND_LINE, now=now())
    for each in collections_of(COMMAND_LINE, school=school, now=now()):
        state = f"closed {each.closed_at:%d %B %Y}" if each.closed_at else "open"
        click.echo(f"{each.term}\t{each.n_assessments} assessments\t{state}")


COMMANDS = (init, collections)
