"""The marks that lines and strips are made of. Shapes differ before colours do, so that grey tells them apart too.

A status has the shape it has everywhere (``parts/shapes.html``), drawn here so that paper needs no page round it.
"""

from collections.abc import Mapping

from headway.charts.svg import Drawing, element, number

__all__ = ["diamond", "dot", "square", "status_mark"]

_STATUS: Mapping[str, str] = {
    "above": "M0-6.6 7.9 6.1H-7.9z",
    "below": "M0 6.6-7.9-6.1H7.9z",
    "well_below": "M0 1-5.8-7.2H5.8zM0 8.4-5.8.2H5.8z",
}
"""Shapes round a middle of nought, in a square of sixteen."""


def dot(x: float, y: float, *, r: float, class_: str) -> Drawing:
    """A round mark: what was judged."""
    return element("circle", cx=x, cy=y, r=r, class_=class_)


def diamond(x: float, y: float, *, r: float, class_: str) -> Drawing:
    """A mark on its corner: what is hoped."""
    corners = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
    return element("polygon", points=_listed(corners), class_=class_)


def square(x: float, y: float, *, r: float, class_: str) -> Drawing:
    """A square mark: what a pupil brought with them."""
    return element("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, class_=class_)


def status_mark(status: str, x: float, y: float, *, size: float) -> Drawing:
    """The shape of a status, filled with what it means; a ring where nothing is known."""
    if status in _STATUS:
        place = f"translate({number(x)} {number(y)}) scale({number(size / 16)})"
        return element("path", d=_STATUS[status], transform=place, class_=f"chart-status fill-{status}")
    class_ = "chart-status fill-on" if status == "on" else "chart-status chart-ring"
    return element("circle", cx=x, cy=y, r=size * 0.375, class_=class_)


def _listed(corners: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in corners)
