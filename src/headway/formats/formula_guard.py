"""Text in a CSV that no spreadsheet runs as a formula, and back again; knows nothing of files.

A spreadsheet runs a CSV cell that begins with ``= + - @``, a tab or a line break. Such text is written with an
apostrophe before it, and exactly that apostrophe is taken off when it is read. Text that already begins with
apostrophes before such a sign gets one more, so nothing is ever read back otherwise than it was written.
"""

from __future__ import annotations

import re

__all__ = ["guarded", "is_plain_number", "unguarded"]

# Full-width signs too: some spreadsheets read them as the plain ones.
_WOULD_RUN = re.compile(r"[\s']*[=+\-@＝＋－＠\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def is_plain_number(text: str) -> bool:
    """Whether the text is plainly a number, such as ``-5`` or ``+1.25``, which no spreadsheet can misread."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def guarded(text: str) -> str:
    """The text as it is written to a CSV."""
    return f"'{text}" if _WOULD_RUN.match(text) and not is_plain_number(text) else text


def unguarded(text: str) -> str:
    """The text as it was before it was guarded."""
    return text[1:] if text.startswith("'") and _WOULD_RUN.match(text) else text
