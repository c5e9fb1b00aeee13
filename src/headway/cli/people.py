"""`headway user` and `headway role`."""

import click

from headway.cli.options import now, school_chosen, school_option
from headway.cli.readiness import installation

_ACCOUNTS = {
    "none": "no account",
    "invited": "invited",
    "open": "account",
    "dormant": "account not used for long",
    "closed": "account closed",
}


@click.group("user")
def user() -> None:
    """People and their accounts."""


@user.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    help="One of headway role list, with what it is of after a colon: subject_leader:mathematics. May be given again.",
)
@school_option
@installation()
def add(name: str, email: str, roles: tuple[str, ...], dfe: str | None) -> None:
    """Give somebody an account and a role; prints the one-time link that claims it."""
    from headway.services.access import COMMAND_LINE
    from headway.services.people import add_person, claim_path

    school = school_chosen(dfe)
    added = add_person(name=name, email=email, roles=";".join(roles), school=school, by=COMMAND_LINE, now=now())
    click.echo(f"{name} claims the account at {claim_path(added)}")


@user.command("list")
@school_option
@installation()
def list_(dfe: str | None) -> None:
    """The people of the school, their roles and what these are of, and who has an account."""
    from headway.services.access import COMMAND_LINE
    from headway.services.people import people_of

    for each in people_of(COMMAND_LINE, school=school_chosen(dfe), now=now()):
        roles = "; ".join(str(held.role) for held in each.roles)
        click.echo(f"{each.code}\t{each.name}\t{each.email}\t{roles}\t{_ACCOUNTS[each.account]}")


@user.command("reset")
@click.argument("email")
@school_option
@installation()
def reset(email: str, dfe: str | None) -> None:
    """End somebody's password and sessions; prints a one-time link that sets a new one."""
    from headway.services.access import COMMAND_LINE
    from headway.services.people import reset_account

    path = reset_account(email, school=school_chosen(dfe), by=COMMAND_LINE, now=now())
    click.echo(f"A new password is set at {path}")


@user.command("disable")
@click.argument("email")
@school_option
@installation()
def disable(email: str, dfe: str | None) -> None:
    """Close somebody's account; its sessions and tokens end with it. A reset opens it again."""
    from headway.services.access import COMMAND_LINE
    from headway.services.people import disable_account

    disable_account(email, school=school_chosen(dfe), by=COMMAND_LINE, now=now())
    click.echo(f"{email} can no longer sign in. To open the account again: headway user reset {email}")


@click.group("role")
def role() -> None:
    """Roles people may hold."""


@role.command("list")
def roles_listed() -> None:
    """Every role: whom it sees, what it may do, what it never does."""
    from headway.services.role_sheets import role_sheets

    for sheet in role_sheets():
        if sheet.given:
            of = f":{sheet.of.upper().replace(' ', '_')}" if sheet.of else ""
            click.echo(f"{sheet.code}{of}  ({sheet.words})\n  {sheet.about}")
            for heading, text in sheet.said:
                click.echo(f"  {heading}: {text}.")
            click.echo()


COMMANDS = (user, role)
