"""The installation's tables: made, brought up to date, refused where a newer version has written them."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from headway.services.installation.finding import InstallationRefusedError

__all__ = ["bring_up_to_date", "is_up_to_date", "pending", "require_up_to_date", "unknown"]


def bring_up_to_date() -> None:
    """Makes or upgrades the tables; refuses data that a newer Headway has written."""
    _refuse_newer()
    for alias in reversed(list(connections)):  # the audit's first: what an older version kept of it moves there
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    _close_to_others()


def require_up_to_date() -> None:
    """Refuses where there is no data yet, or its tables are not this version's."""
    if connection.vendor == "sqlite" and not Path(str(settings.DATABASES["default"]["NAME"])).exists():
        raise InstallationRefusedError(
            f"There is no school in {settings.DATA} yet. Make one with: headway init --name … --dfe … --framework …"
        )
    if not is_up_to_date():
        raise InstallationRefusedError("The data is from an older Headway. Right would be headway serve: it upgrades.")
    _refuse_newer()


def is_up_to_date() -> bool:
    """Whether no step of this version's tables is missing; refuses a database that cannot be read."""
    try:
        return not pending()
    except DatabaseError as error:
        raise InstallationRefusedError(f"The database cannot be read: {error}") from error


def pending() -> list[str]:
    """The steps of this version's tables that a database has not taken yet, each once."""
    executors = [MigrationExecutor(each) for each in connections.all()]
    plans = [executor.migration_plan(executor.loader.graph.leaf_nodes()) for executor in executors]
    return list(dict.fromkeys(f"{step.app_label} {step.name}" for plan in plans for step, _ in plan))


def unknown() -> list[str]:
    """The steps that a database has taken and this version does not know: a newer one's."""
    loaders = [MigrationExecutor(each).loader for each in connections.all()]
    strange = {step for loader in loaders for step in set(loader.applied_migrations) - set(loader.disk_migrations)}
    return sorted(name for app, name in strange if app == "records")


def _refuse_newer() -> None:
    if newer := unknown():
        said = f"The data is from a newer Headway ({newer[-1]})"
        raise InstallationRefusedError(f"{said}. Right would be that version or a later one.")


def _close_to_others() -> None:
    """A data folder made by anybody's hand ends up readable by its owner alone."""
    if os.name == "posix" and connection.vendor == "sqlite":
        settings.DATA.chmod(0o700)
        for file in settings.DATA.glob("*.sqlite3*"):
            file.chmod(0o600)
