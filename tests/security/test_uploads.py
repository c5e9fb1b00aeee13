"""Files sent in: how large, of what kind, under what name, and where they stay."""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from headway.formats.sheets_out import write_xlsx
from headway.records.models import School, Upload
from tests.security.state import files
from tests.web.html import read
from tests.web.primary import HEAD

SHEET = write_xlsx(["upn", "subject", "term", "grade"], [["x", "y", "z", "4b"]], sheet="marks")
PLAIN = b"upn,subject,term,grade\nx,y,z,4b\n"


def sent(client: Client, content: bytes, *, file: str = "marks.csv", kind: str = "text/csv") -> str:
    """What is said of a file that was sent."""
    form = {"file": SimpleUploadedFile(file, content, content_type=kind)}
    return read(client.post("/transfers", form, follow=True)).words  # type: ignore[arg-type]


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


def test_a_file_beyond_the_limit_is_never_kept(head: Client) -> None:
    words = sent(head, b"a" * 21_500_000)

    assert "larger than 20 MB" in words
    assert not Upload.objects.exists()


@pytest.mark.parametrize("file", ["marks.csv", "marks.xlsx", "marks.txt", "marks.pdf", "marks", "marks.xlsx.exe"])
@pytest.mark.parametrize("kind", ["text/html", "application/x-msdownload", "image/png"])
def test_a_file_is_what_it_holds_whatever_it_is_called(head: Client, file: str, kind: str) -> None:
    for content in (PLAIN, SHEET):
        assert "assessments" in sent(head, content, file=f"assessments {file}", kind=kind)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"GIF89a<script>alert(1)</script>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01\x01",
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        packed(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")),
        packed(("[Content_Types].xml", b"<x/>"), ("xl/vbaProject.bin", b"x"), ("xl/workbook.xml", b"<x/>")),
    ],
    ids=["PDF", "PNG", "GIF that is a script", "old Excel", "program", "Linux program", "HTML", "SVG", "ODS", "macros"],
)
def test_what_is_no_table_is_refused_under_any_name(head: Client, content: bytes) -> None:
    for file in ("assessments.csv", "assessments.xlsx"):
        words = sent(head, content, file=file)
        assert "cannot be read" in words, words
        assert "<script>" not in words


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([("xl/workbook.xml", b"<x/>"), ("xl/big.xml", b"0" * 30_000_000)], "unpacks to more than 100 times its size"),
        ([("xl/workbook.xml", b"<x/>"), *((f"xl/{n}.xml", b"") for n in range(250))], "parts, more than 200"),
    ],
    ids=["ratio", "parts"],
)
def test_an_archive_is_measured_before_it_is_unpacked(head: Client, parts: list[tuple[str, bytes]], said: str) -> None:
    content = packed(*parts)

    tracemalloc.start()
    words = sent(head, content, file="assessments.xlsx")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert said in words, words
    assert most < 15_000_000  # nothing of it was ever laid out


def test_nothing_that_was_sent_in_lies_in_a_folder(
    head: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = files(tmp_path)

    for content in (PLAIN, SHEET, b"x" * 6_000_000):  # the last is larger than what is kept in memory
        sent(head, content)

    assert files(tmp_path) == before
    assert settings.MEDIA_ROOT == ""
    assert Upload.objects.count() >= 2


def test_what_was_sent_in_is_never_handed_out_again(head: Client, primary: School) -> None:
    marker = b"<script>never-handed-out</script>"
    sent(head, b"upn,subject,term,grade\n" + marker + b",y,z,4b\n", file="assessments.csv")
    kept = Upload.objects.get(user__email=HEAD)

    for address in (f"/transfers/uploads/{kept.uid}", f"/transfers/uploads/{kept.uid}?refusals=csv", f"/{kept.uid}"):
        answer = head.get(address)
        assert answer.status_code in (200, 404)
        if answer["Content-Type"].startswith("text/html"):
            assert marker not in answer.content
        else:
            assert answer["Content-Disposition"].startswith("attachment")
            assert "sandbox" in answer["Content-Security-Policy"]
