"""Chance that falls the same way for the same seed; knows nothing of what it decides."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

__all__ = ["dice", "share_of", "weighted"]

T = TypeVar("T")


def dice(seed: int, *topic: object) -> Random:
    """Dice of their own for a topic, so that throwing more for one thing changes nothing of another."""
    return Random(" ".join(map(str, (seed, *topic))))  # noqa: S311  # made-up pupils, not secrets


def weighted(weights: Sequence[tuple[T, float]], throw: Random) -> T:
    """One of several things, by their weights."""
    things, odds = zip(*weights, strict=True)
    chosen: T = throw.choices(things, odds)[0]
    return chosen


def share_of(scores: Sequence[float], share: float) -> frozenset[int]:
    """The places of the highest scores, so many that they make a share of all."""
    order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
    return frozenset(order[: round(share * len(scores))])
