"""Rows whose every change is kept: they can be written only through `headway.records.history`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, TypeVar

from django.db import models

__all__ = ["SideDoorError", "Versioned", "history_writes"]

Row = TypeVar("Row", bound="Versioned")

_open: ContextVar[bool] = ContextVar("history_writes", default=False)


class SideDoorError(RuntimeError):
    """Somebody tried to change a versioned row without its history."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} keeps its history: change it with headway.records.history.record")


@contextmanager
def history_writes() -> Iterator[None]:
    """Opens the only door; used by `headway.records.history` and nobody else."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


class VersionedQuerySet(models.QuerySet[Row]):
    """A query set that reads freely and refuses to write outside the history."""

    def _guard(self) -> None:
        if not _open.get():
            raise SideDoorError(self.model.__name__)

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        self._guard()
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._guard()
        return super().bulk_update(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard()
        return super().delete()


class Versioned(models.Model):
    """A row of a school that keeps its history and knows its version."""

    id = models.BigAutoField(primary_key=True)
    school = models.ForeignKey("records.School", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SideDoorError(type(self).__name__)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SideDoorError(type(self).__name__)
