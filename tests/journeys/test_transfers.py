"""A data manager's file: dropped, refused in part, corrected, applied and undone; with a script and without."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opens, sign_in, violations
from tests.school import csv, make_upn

ADAMS, BAKER = make_upn(1), make_upn(2)
HEADERS = "upn,subject,term,grade"
WRONG = csv(HEADERS, f"{ADAMS},mathematics,2026-27-autumn,3b", f"{BAKER},mathematics,2026-27-autumn,9z")
GOOD = csv(HEADERS, f"{ADAMS},mathematics,2026-27-autumn,3b", f"{BAKER},mathematics,2026-27-autumn,3a")
DROP = """(there, files) => {
  const transfer = new DataTransfer();
  for (const [name, content] of Object.entries(files))
    transfer.items.add(new File([Uint8Array.from(atob(content), each => each.charCodeAt(0))], name));
  for (const type of ["dragenter", "dragover", "drop"])
    there.dispatchEvent(new DragEvent(type, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""
PLAN = re.compile("/transfers/uploads/")


def drop(page: Page, *contents: bytes, file: str = "assessments.csv", there: str = ".drop-file") -> None:
    """Drops a file (or several) somewhere, as a hand with a mouse does it where the script listens."""
    files = {f"{'again ' * place}{file}": b64encode(content).decode() for place, content in enumerate(contents)}
    page.locator(there).first.evaluate(DROP, files)


def drop_from_outside(page: Page, path: Path) -> None:
    """Drops a file on the field as the browser itself gets it from outside, which no script need hear of."""
    box = page.locator(".drop-zone").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})


def test_it_takes_a_dropped_file_refuses_a_row_applies_the_corrected_one_and_undoes_it(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.get_by_role("link", name="Transfers").click()

    drop(page, WRONG)
    expect(page).to_have_url(PLAN)
    expect(page.get_by_role("heading", level=1)).to_have_text("What assessments.csv would do")
    row = page.get_by_role("row", name="9z")
    expect(row).to_contain_text("3")
    expect(row).to_contain_text("grade")
    expect(row).to_contain_text("A grade from W to 8a")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of the refusals").click()
    assert b"9z" in download.value.path().read_bytes()
    page.get_by_role("button", name="Do not apply").click()
    expect(page.get_by_text("assessments.csv was not applied. Nothing has changed.")).to_be_visible()

    page.set_input_files("#id_file", {"name": "assessments.csv", "mimeType": "text/csv", "buffer": GOOD})
    expect(page).to_have_url(PLAN)
    page.get_by_role("button", name="Apply 2 rows").click()
    expect(page.get_by_text("assessments.csv is in: 0 new, 2 changed, 0 same.")).to_be_visible()
    expect(page.get_by_role("row", name="Adams, Amir")).to_contain_text("grade 2agrade 3b")

    page.get_by_role("link", name="Undo …").click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("everything below is as it was before")).to_be_visible()
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Transfers").click()
    expect(page.get_by_role("row", name="assessments.csv").first).to_contain_text("by Maya Head")


def test_it_takes_a_file_dropped_anywhere_on_the_page_and_one_at_a_time(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/transfers")
    drop(page, WRONG, GOOD)

    expect(page.get_by_text("One file at a time")).to_be_visible()
    expect(page).to_have_url(re.compile("/transfers$"))
    drop(page, GOOD, there="h2")
    expect(page).to_have_url(PLAN)


def test_it_takes_a_dropped_file_without_a_script(opens: Opens, tmp_path: Path) -> None:
    (tmp_path / "assessments.csv").write_bytes(GOOD)
    page = opens(javascript=False)
    sign_in(page)
    page.goto("/transfers")
    expect(page.get_by_text("A file is chosen.")).to_be_hidden()

    drop_from_outside(page, tmp_path / "assessments.csv")

    expect(page.get_by_text("A file is chosen.")).to_be_visible()
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_role("button", name="Apply 2 rows").click()
    expect(page.get_by_text("assessments.csv is in: 0 new, 2 changed, 0 same.")).to_be_visible()


def test_it_reads_a_wide_sheet_once_its_term_is_chosen(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/transfers")
    drop(page, csv("upn,mathematics", f"{ADAMS},3b", f"{BAKER},"), file="5A.csv")
    expect(page.get_by_role("heading", level=1)).to_have_text("5A.csv cannot be read")

    page.get_by_label("Term, where no row says").select_option("Autumn 2026")
    page.get_by_role("button", name="Read it so").click()

    expect(page.get_by_text("A wide sheet, read as a row for each pupil and subject.")).to_be_visible()
    expect(page.get_by_role("button", name="Apply this row")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_open_to_everybody(opens: Opens, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page)
    page.goto("/transfers")
    page.get_by_text("Which files are understood").first.click()
    _check(page, "the field")
    drop(page, b"%PDF-1.7", file="marks.pdf")
    page.get_by_text("the file is a PDF").wait_for()
    _check(page, "a file that cannot be read")
    page.goto("/transfers")
    drop(page, WRONG)
    page.get_by_text("Read it differently").click()
    _check(page, "a plan")
    page.get_by_role("button", name="Apply the 1 good row, leave out 1").click()
    page.get_by_role("link", name="Undo …").wait_for()
    _check(page, "a transfer")
    page.get_by_role("link", name="Undo …").click()
    _check(page, "an undo")
    page.goto("/transfers")
    page.get_by_role("link", name="pupils.csv").click()
    page.get_by_role("link", name="Undo …").click()
    page.get_by_role("button", name="Undo it").click()
    page.get_by_role("alert").wait_for()
    _check(page, "a refused undo")


def _check(page: Page, name: str) -> None:
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
