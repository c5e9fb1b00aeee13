"""The pen: elements, escaped, as one string that templates may set as it is. Says nothing of what is drawn.

Colours are never given here: a mark carries the name of what it means as its class, and the sheet it lies on (screen,
dark screen, paper) gives that name its colour.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

__all__ = ["Drawing", "drawing", "element", "linked", "number"]

_TAGS = frozenset(
    {"a", "circle", "desc", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text", "title", "use"}
)


class Drawing(str):
    """SVG that is safe to set into a page as it is: every text and value in it has been escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(tag: str, *children: str, **attributes: object) -> Drawing:
    """One element. Attributes are written with ``-`` for ``_`` (``class_`` is ``class``); None leaves one out.

    A child that is a Drawing is set as it is; any other text is escaped.

    >>> print(element("text", "a < b", x=3, class_="label"))
    <text x="3" class="label">a &lt; b</text>
    >>> print(element("line", x1=0, x2=4.5, stroke_width=None))
    <line x1="0" x2="4.5"/>
    """
    if tag not in _TAGS:
        raise ValueError(f"a drawing has no <{tag}>")
    said = "".join(
        [f' {_attribute(name)}="{_value(value)}"' for name, value in attributes.items() if value is not None]
    )
    inside = "".join(child if isinstance(child, Drawing) else escape(child) for child in children)
    return Drawing(f"<{tag}{said}>{inside}</{tag}>" if inside else f"<{tag}{said}/>")


def linked(*children: str, address: str, words: str, current: bool = False) -> Drawing:
    """Marks that are a link with a name: what a number opens."""
    return element("a", element("title", words), *children, href=address, aria_current="true" if current else None)


def drawing(*children: str, words: str, width: object, height: object, **attributes: object) -> Drawing:
    """The sheet itself, named in words for those who cannot see it.

    It is a group of links where ``role="group"`` is given, else one image.
    """
    role = attributes.pop("role", "img")
    return element("svg", *children, role=role, aria_label=words, width=width, height=height, **attributes)


@lru_cache(maxsize=16_384)
def number(value: float) -> str:
    """A coordinate, as short as it can be.

    >>> number(3.0), number(2.3456)
    ('3', '2.35')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=256)
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping) or (isinstance(value, Iterable) and not isinstance(value, str)):
        raise TypeError("an attribute is one value")
    return escape(str(value), quote=True)
