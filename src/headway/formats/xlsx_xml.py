"""One careful pass over an XML part, element by element; knows nothing of workbooks.

Expat reads in a stream and keeps no tree. A part is read as UTF-8 whatever it declares; a document type (the way
to entities) and nesting deeper than any workbook has end the pass.
"""

from __future__ import annotations

from xml.parsers import expat

__all__ = ["Damaged", "Declared", "Walk", "local_name"]

DEEPEST = 64


class Declared(Exception):
    """The part declares a document type."""


class Damaged(Exception):
    """The part is not well-formed, or is nested too deep."""


def local_name(name: str) -> str:
    """An element's name without its namespace prefix."""
    return name.rpartition(":")[2]


class Walk:
    """A pass over one part; a subclass says what each element means by ``opened`` and ``closed``."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._declared
        self._depth = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def closed(self, name: str) -> None:
        """An element ends."""

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the part."""
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError as error:
            raise Damaged from error

    def finish(self) -> None:
        """Say that the part has ended."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Damaged from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Damaged
        self.opened(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.closed(name)

    def _declared(self, *_: object) -> None:
        raise Declared
