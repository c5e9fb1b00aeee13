"""The spark line: a few values as a line the height of a word, with nought as its ground."""

from collections.abc import Sequence

from headway.charts.svg import Drawing, drawing, element, number

__all__ = ["spark_line"]


def spark_line(
    values: Sequence[float | None], *, words: str, width: int = 96, height: int = 22, reach: float = 0.0
) -> Drawing:
    """Values at equal distances, above and below nought; None leaves a gap. The last one has a dot.

    ``reach`` is the distance from nought that fills the height; left out, the largest there is. Spark lines that are
    compared are given the same.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    largest = reach or max((abs(value) for _, value in known), default=0.0) or 1.0
    step, middle = (width - 8) / max(len(values) - 1, 1), height / 2

    def at(place: int, value: float) -> tuple[float, float]:
        share = max(-1.0, min(1.0, value / largest))
        return 4 + place * step, middle - share * (middle - 4)

    parts = [element("line", x1=0, x2=width, y1=middle, y2=middle, class_="chart-ground")]
    for run in _runs(known):
        points = [at(place, value) for place, value in run]
        parts.append(element("polyline", points=" ".join(f"{number(x)},{number(y)}" for x, y in points)))
    if known:
        x, y = at(*known[-1])
        parts.append(element("circle", cx=x, cy=y, r=2.5))
    view = f"0 0 {width} {height}"
    return drawing(*parts, words=words, width=width, height=height, viewBox=view, class_="spark")


def _runs(known: Sequence[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Values next to each other belong to one line."""
    runs: list[list[tuple[int, float]]] = []
    for place, value in known:
        if runs and runs[-1][-1][0] == place - 1:
            runs[-1].append((place, value))
        else:
            runs.append([(place, value)])
    return runs
