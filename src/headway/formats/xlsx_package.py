"""The parts inside an XLSX file, opened with care; knows nothing of sheets and cells.

An XLSX is a zip of XML parts. Its directory is checked before anything is unpacked, every part is read in bounded
pieces and must be exactly as long as the directory says, and XML that declares a document type is refused.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import stat
import zipfile
from collections.abc import Iterator

from headway.formats.refusals import FileRefused, refused
from headway.formats.xlsx_xml import Damaged, Declared, Walk, local_name

__all__ = ["Package"]

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_MEMBERS = 200
MOST_TIMES_LARGER = 100
RATIO_COUNTS_FROM = 1_000_000

_PIECE = 1 << 16
_BEGINNING = 4096
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_AS_XLSX = "a plain workbook saved as XLSX from a spreadsheet (Save as, Excel Workbook)"


class Package:
    """The parts of one XLSX file by their path, in any letter case."""

    def __init__(self, content: bytes, *, file: str) -> None:
        self._file = file
        if len(content) > MOST_BYTES:
            raise self._too_large(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except Exception as error:  # whatever the zip reader makes of a damaged directory is a refusal
            raise self.damaged() from error
        self._refuse_sizes(members)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._admit(member)
        self._refuse_other_kinds()
        for member in self._members.values():
            self._refuse_declarations(member)

    def __contains__(self, path: str) -> bool:
        return path.casefold() in self._members

    def damaged(self) -> FileRefused:
        """The refusal of a workbook that cannot be read to its end."""
        return refused(
            self._file,
            wrong="the workbook is damaged or cut short",
            right="the whole file, downloaded again, or opened in a spreadsheet and saved as XLSX",
        )

    def size(self, path: str) -> int:
        """How long a part is, unpacked."""
        return self._members[path.casefold()].file_size

    def pieces(self, path: str) -> Iterator[bytes]:
        """A part unpacked piece by piece, never more of it than the directory says there is."""
        member = self._members.get(path.casefold())
        if member is None:
            raise self.damaged()
        longer = copy.copy(member)
        longer.file_size += 1  # so that a part longer than it says shows itself
        length = 0
        try:
            with self._zip.open(longer) as part:
                while piece := part.read(_PIECE):
                    length += len(piece)
                    yield piece
        except Exception as error:  # bad checksums, lengths, methods: all of them damage
            raise self.damaged() from error
        if length != member.file_size:
            raise self.damaged()

    def read(self, path: str, walk: Walk) -> None:
        """Walk over a part as XML."""
        try:
            for piece in self.pieces(path):
                walk.feed(piece)
            walk.finish()
        except Declared as error:
            raise self._declares() from error
        except Damaged as error:
            raise self.damaged() from error

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """The parts a part points to: identifier → (last word of the kind, path)."""
        folder, name = posixpath.split(path)
        relationships = _Relationships(folder)
        self.read(posixpath.join(folder, "_rels", f"{name}.rels"), relationships)
        return relationships.found

    def _refuse_sizes(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MOST_MEMBERS:
            raise self._too_large(f"the workbook has {len(members):,} parts, more than {MOST_MEMBERS}")
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        if unpacked > MOST_UNPACKED:
            raise self._too_large(f"the workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
        sizes = [(unpacked, packed), *((member.file_size, member.compress_size) for member in members)]
        for size, small in sizes:
            if size > RATIO_COUNTS_FROM and size > MOST_TIMES_LARGER * small:
                raise self._too_large(f"the workbook unpacks to more than {MOST_TIMES_LARGER} times its size")

    def _admit(self, member: zipfile.ZipInfo) -> None:
        name = member.filename.replace("\\", "/")
        unsafe = name.startswith("/") or ":" in name or ".." in name.split("/")
        if unsafe or stat.S_ISLNK(member.external_attr >> 16):
            raise refused(
                self._file,
                value=member.filename,
                wrong="is a part that points outside the workbook",
                right=_AS_XLSX,
            )
        if member.flag_bits & 0x1:
            raise refused(self._file, wrong="the workbook is locked with a password", right=_AS_XLSX)
        if name.casefold() in self._members:
            raise refused(self._file, value=name, wrong="stands in the workbook more than once", right=_AS_XLSX)
        self._members[name.casefold()] = member

    def _refuse_other_kinds(self) -> None:
        other = None
        if any(name.endswith("vbaproject.bin") for name in self._members):
            other = "the workbook holds macros"
        elif "mimetype" in self:
            other = "the file is an OpenDocument file (ODS), not XLSX"
        elif "xl/workbook.bin" in self:
            other = "the file is a binary workbook (XLSB), not XLSX"
        elif not any(name.startswith("xl/") for name in self._members):
            other = "the file is a zip archive or another kind of document, not a workbook"
        if other is not None:
            raise refused(self._file, wrong=other, right=_AS_XLSX)

    def _refuse_declarations(self, member: zipfile.ZipInfo) -> None:
        name = member.filename.replace("\\", "/")
        if not name.casefold().endswith((".xml", ".rels", ".vml")):
            return
        beginning = next(self.pieces(name), b"")[:_BEGINNING].replace(b"\0", b"")
        if _DECLARATION.search(beginning):
            raise self._declares()

    def _declares(self) -> FileRefused:
        wrong = "a part of the workbook declares a document type (DOCTYPE), which no spreadsheet writes"
        return refused(self._file, wrong=wrong, right=_AS_XLSX)

    def _too_large(self, wrong: str) -> FileRefused:
        return refused(self._file, wrong=wrong, right="the rows shared out over several files")


class _Relationships(Walk):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self._folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, target.lstrip("/"))
