"""The letters of a CSV file: bytes in any of the encodings schools meet, text out; knows nothing of cells."""

from __future__ import annotations

import codecs

from headway.formats.refusals import FileRefused, refused

__all__ = ["decode", "line_number"]

# What Windows puts after a capital with an accent ("JOSÉ’S", "CAFÉ "): closing and opening quotes, dashes, the
# ellipsis, the hard space. As UTF-8 such a pair is a letter no school register has.
_AFTER_A_CAPITAL = frozenset(b"\x85\x91\x92\x93\x94\x96\x97\xa0")
_SAVE_AS_UTF8 = "a file saved as 'CSV UTF-8' (in the spreadsheet: Save as, CSV UTF-8)"


def decode(content: bytes, *, file: str) -> str:
    """Read UTF-8 with or without its mark, UTF-16 with its mark, or Windows-1252.

    Refuses a file that is none of these or two of them at once: a name is never guessed at.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _utf16(content, file=file)
    else:
        text = _utf8_or_windows(content, file=file)
    nul = text.find("\0")
    if nul >= 0:
        raise _undecodable(file, row=line_number(text, nul), wrong="there are NUL bytes, which no text has")
    return text


def line_number(text: str, position: int) -> int:
    """The line, counted from 1, that a position in a text stands on; lines end in LF, CRLF or CR."""
    ends = text.count("\n", 0, position) + text.count("\r", 0, position) - text.count("\r\n", 0, position)
    return ends + 1


def _utf16(content: bytes, *, file: str) -> str:
    if len(content) % 2:
        raise _undecodable(file, row=None, wrong="the file is cut short: half a letter is missing at the end")
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-16", errors="replace")
        row = line_number(before, len(before))
        raise _undecodable(file, row=row, wrong="some letters cannot be read as UTF-16") from error


def _utf8_or_windows(content: bytes, *, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = _row_at(content, error.start)
    if _has_utf8_letters(content):
        raise _undecodable(file, row=row, wrong="some letters are saved as UTF-8 and some another way")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        row = _row_at(content, error.start)
        raise _undecodable(file, row=row, wrong="some letters are neither UTF-8 nor Windows-1252") from error


def _has_utf8_letters(content: bytes) -> bool:
    """Whether a file that is not wholly UTF-8 has UTF-8's mark, or letters that can hardly be anything else."""
    if content.startswith(codecs.BOM_UTF8):
        return True
    for letter in set(content.decode("utf-8", errors="surrogateescape")):
        if letter.isascii() or "\udc80" <= letter <= "\udcff":
            continue
        written = letter.encode("utf-8")
        if len(written) > 2 or written[-1] not in _AFTER_A_CAPITAL:
            return True
    return False


def _row_at(content: bytes, position: int) -> int:
    return line_number(content[:position].decode("latin-1"), position)


def _undecodable(file: str, *, row: int | None, wrong: str) -> FileRefused:
    return refused(file, row=row, wrong=wrong, right=_SAVE_AS_UTF8)
