"""`headway serve`."""

from pathlib import Path

import click

from headway.cli.options import now
from headway.cli.readiness import Refused, installation

_AT_START = 100_000  # rows of changes brought into the audit’s chain: a second and a half
_PEM = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--cert", type=_PEM, help="A certificate, for https.")
@click.option("--key", type=_PEM, help="Its key.")
@click.option("--behind-proxy", is_flag=True, help="A proxy in front of it speaks https; HEADWAY_HOSTS names it.")
@installation(migrate=True)
def serve(host: str, port: int, cert: Path | None, key: Path | None, *, behind_proxy: bool) -> None:
    """Serve this installation until stopped: by Ctrl+C, which is exit code 0."""
    run_server(host=host, port=port, cert=cert, key=key, behind_proxy=behind_proxy)


def run_server(*, host: str, port: int, cert: Path | None, key: Path | None, behind_proxy: bool) -> None:
    """Runs the server; what it refuses is said and exits with 1."""
    from headway.config.server import ServerRefusedError, run
    from headway.services.audit import catch_up
    from headway.services.installation import InstallationRefusedError, require_sound

    if (cert is None) != (key is None):
        raise click.UsageError("--cert and --key go together.")
    try:
        require_sound(now=now())
        catch_up(most_rows=_AT_START)
        run(host=host, port=port, cert=cert, key=key, behind_proxy=behind_proxy, ready=say_address)
    except (InstallationRefusedError, ServerRefusedError) as error:
        raise Refused(str(error)) from error


def say_address(address: str) -> None:
    """Says where the doors are; and where there is no school yet, the one-time address at which it is set up."""
    from headway.services.set_up import set_up_path

    click.echo(f"Headway is at {address} (Ctrl+C stops it)")
    path = set_up_path()
    if path is not None:
        click.echo(f"There is no school here yet. Set it up, once, at {address.rstrip('/')}{path}")


COMMANDS = (serve,)
