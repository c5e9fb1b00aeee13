"""`headway demo`."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headway.cli.options import now
from headway.cli.readiness import Refused, refusals_said, set_up
from headway.cli.serve import run_server

if TYPE_CHECKING:
    from headway.demo.make import Heard
    from headway.services.schools import AnySchool

_HOST = "127.0.0.1"
_FEWEST, _MOST = 30, 3_000


@click.command("demo")
@click.option(
    "--school", "kind", type=click.Choice(["primary", "secondary", "authority"]), default="primary", show_default=True
)
@click.option("--pupils", "n_pupils", type=click.IntRange(_FEWEST, _MOST), help="How many (default: 420 or 1,200).")
@click.option("--seed", default=2008, show_default=True, help="Another number makes another school.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Make the school and stop there.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where it lives (default: a folder of its own in the platform's user data folder).",
)
def demo(kind: str, n_pupils: int | None, seed: int, port: int, data: Path | None, *, no_serve: bool) -> None:
    """Make a realistic made-up school with three years of history, and serve it."""
    if kind == "authority":
        raise Refused("There is no made-up authority yet. Right would be --school primary or --school secondary.")
    with _no_collections(), refusals_said():
        _move_in(kind, data)
        school = _made_or_kept(kind, n_pupils=n_pupils, seed=seed)
        _show_sign_ins(school)
    if no_serve:
        from headway.config.server import address_of

        click.echo(f"Without --no-serve it would be at {address_of(_HOST, port, tls=False)}")
        return
    run_server(host=_HOST, port=port, cert=None, key=None, behind_proxy=False)


def _move_in(kind: str, data: Path | None) -> None:
    """Readies the demo's own folder, unless somebody's real school lives there: that is left as it is."""
    if data is not None:
        os.environ["HEADWAY_DATA"] = str(data)
    elif not os.environ.get("HEADWAY_DATA"):
        import platformdirs

        os.environ["HEADWAY_DATA"] = str(platformdirs.user_data_path(f"headway-demo-{kind}"))
    os.environ["HEADWAY_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()
    from headway.demo.make import standing_demo

    standing_demo(kind, now=now())
    set_up(migrate=True)


def _made_or_kept(kind: str, *, n_pupils: int | None, seed: int) -> "AnySchool":
    from headway.config.installation import data_folder
    from headway.demo.make import make_demo, standing_demo

    school = standing_demo(kind, now=now())
    if school is not None:
        click.echo(f"{school.name} is here already, as it was left, in {data_folder()}")
        return school
    with _progress() as heard:
        school = make_demo(kind, n_pupils=n_pupils, seed=seed, now=now(), heard=heard)
    click.echo(f"{school.name} is ready, in {data_folder()}")
    return school


def _show_sign_ins(school: "AnySchool") -> None:
    from headway.demo.make import PASSPHRASE, sign_ins

    click.echo(f"Everybody signs in with the passphrase {PASSPHRASE}")
    for each in sign_ins(school, now=now()):
        click.echo(f"  {each.role:<40}{each.email:<45}{each.name}")


@contextmanager
def _no_collections() -> Iterator[None]:
    """Spares Python the search for garbage among so many rows: there is little, and looking takes a third longer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _progress() -> Iterator["Heard"]:
    """Shows how far the school is: a bar on a terminal, a line for every step elsewhere."""
    if not sys.stdout.isatty():
        yield _Lines().hear
        return
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("Making a school", total=1.0)
        yield lambda words, share: bar.update(task, description=words, completed=share)


class _Lines:
    """A line for every step, said once."""

    def __init__(self) -> None:
        self._said = ""

    def hear(self, words: str, share: float) -> None:
        if words != self._said:
            self._said = words
            click.echo(f"{words} ({share:.0%})")


COMMANDS = (demo,)
