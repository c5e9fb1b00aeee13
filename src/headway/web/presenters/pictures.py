"""The pictures the young sign in with: what each is called, and where it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.templatetags.static import static

__all__ = ["Picture", "pictures_of"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture."""

    name: str
    address: str


def pictures_of(names: Sequence[str]) -> Sequence[Picture]:
    """The pictures of some names, in their order."""
    return [Picture(name, static(f"headway/pictures/{name}.svg")) for name in names]
