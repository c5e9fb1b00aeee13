"""`headway user` and `headway role`."""

import click

from headway.cli.options import now, school_chosen, school_option
from headway.cli.readiness import installation


@click.group("user")
def user() -> None:
    """People and their accounts."""


@user.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", "roles", required=True, multiple=True, help="One of headway role list; may be given again.")
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
    """The people of the school, their roles, and who has an account."""
    from headway.services.access import COMMAND_LINE
    from headway.services.people import accounts_of

    for each in accounts_of(COMMAND_LINE, school=school_chosen(dfe), now=now()):
        account = "account" if each.can_sign_in else "no account"
        click.echo(f"{each.code}\t{each.name}\t{each.email}\t{', '.join(each.roles)}\t{account}")


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


@click.group("role")
def role() -> None:
    """Roles people may hold."""


@role.command("list")
def roles_listed() -> None:
    """Every role, by its code."""
    from headway.domain.roles import ROLES

    for code, words in ROLES.items():
        click.echo(f"{code}\t{words}")


COMMANDS = (user, role)
