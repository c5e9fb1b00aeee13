"""Whatever the bytes are, a table or a refusal comes out, and nothing else."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headway.formats.sheets_out import Value, write_csv, write_xlsx
from headway.formats.tables import FileRefused, Row, Table, read

HEADERS = ["upn", "surname", "grade", "date", "comment"]
ROWS: list[list[Value]] = [
    [f"A8012000{number:05}", "O’Neill, Zoë", "4b", date(2026, 12, number + 1), f'line 1\nsaid "{number}", and left']
    for number in range(12)
]
CSV = write_csv(HEADERS, ROWS, notes=["Made on 4 December 2026."])
XLSX = write_xlsx(HEADERS, ROWS, sheet="marks", notes=["Made on 4 December 2026."])

with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
    PARTS = {name: archive.read(name) for name in archive.namelist()}

quickly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(content: bytes, file: str) -> Table | None:
    """The table, or None for a refusal with a reason; anything else that is raised fails the test."""
    try:
        table = read(content, file=file)
    except FileRefused as refused:
        assert refused.problems
        assert all(problem.wrong and problem.sentence() for problem in refused.problems)
        return None
    assert all(isinstance(row, Row) and tuple(row.cells) == table.names for row in table.rows)
    return table


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The file with bytes flipped, cut out, doubled or spliced in."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(content) - 1)))
        stop = min(len(content), start + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["flip", "cut", "end", "double", "splice"])):
            case "flip" if content:
                content[start] ^= draw(st.integers(1, 255))
            case "cut":
                del content[start:stop]
            case "end":
                del content[start:]
            case "double":
                content[start:start] = content[start:stop]
            case _:
                content[start:stop] = draw(st.binary(max_size=20))
    return bytes(content)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a", "", "a.pdf"]))
@example(b"PK\x03\x04", "a.xlsx")
@example(b"PK\x05\x06" + b"\0" * 18, "a.xlsx")
@example(b"\xff\xfe\x00", "a.csv")
@example(b'"', "a.csv")
@example(b"\xef\xbb\xbf\xef\xbb\xbf\n", "a.csv")
@settings(quickly, max_examples=200)
def test_it_reads_or_refuses_any_bytes(content: bytes, file: str) -> None:
    outcome(content, file)


@given(st.text(alphabet="\",;\t\r\n' =-#ab1é\u00a0\x1c\u2028", max_size=60))
@settings(quickly, max_examples=300)
def test_it_reads_or_refuses_any_text(text: str) -> None:
    outcome(text.encode(), "a.csv")


@given(damaged(CSV))
@settings(quickly, max_examples=150)
def test_it_reads_or_refuses_a_damaged_csv(content: bytes) -> None:
    outcome(content, "a.csv")


@given(damaged(XLSX))
@settings(quickly, max_examples=150)
def test_it_reads_or_refuses_a_damaged_workbook(content: bytes) -> None:
    table = outcome(content, "a.xlsx")

    if table is not None:  # checksums let nothing through that was changed
        assert table.rows == read(XLSX, file="a.xlsx").rows


@given(st.data())
@settings(quickly, max_examples=150)
def test_it_reads_or_refuses_a_workbook_whose_parts_are_damaged(data: st.DataObject) -> None:
    """Damage beneath the checksums, so that it reaches the readers of the parts."""
    name = data.draw(st.sampled_from(sorted(PARTS)))

    outcome(packed({**PARTS, name: data.draw(damaged(PARTS[name]))}), "a.xlsx")


@pytest.mark.parametrize("position", range(0, len(CSV), 7))
def test_it_loses_no_row_in_silence_when_a_quote_mark_strays_into_a_csv(position: int) -> None:
    content = CSV[:position] + b'"' + CSV[position:]

    table = outcome(content, "a.csv")

    assert table is None or len(table.rows) == len(ROWS)
