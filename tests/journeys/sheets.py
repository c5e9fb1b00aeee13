"""5 Oak, 32 pupils taught reading and mathematics, and a teacher's hands at its mark sheet."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route, expect

from headway.records.models import Assessment, School
from tests.journeys.conftest import Opens, sign_in
from tests.school import bring_in, csv, make_upn
from tests.web.primary import TEACHER

TERM = "2026-27-autumn"
ADDRESS = f"/classes/5%20Oak/marks/{TERM}"
CELLS = re.compile(r"/cells(\?|$)")
QUICKLY = "window.headwaySheet = {pollEvery: 400, quietFor: 250};"
SURNAMES = [
    *("Abel", "Bird", "Carr", "Dale", "Eden", "Ford", "Gill", "Hart", "Iqbal", "Judd", "Kerr"),
    *("Lamb", "Marsh", "Nash", "Oake", "Pike", "Quin", "Reed", "Shaw", "Todd", "Usher", "Vane"),
    *("Webb", "Xavier", "York", "Zeller", "Ash", "Bell", "Cross", "Drake", "Egan", "Frost"),
]
NAMES = sorted(f"{surname}, Sam" for surname in SURNAMES)


def make_oak(school: School) -> None:
    """5 Oak: every pupil with 2b behind them and 4b before them in mathematics, so that 3b is on track this term."""
    upns = [make_upn(200 + number) for number in range(len(SURNAMES))]
    pupils = zip(upns, SURNAMES, strict=True)
    files = {
        "pupils": (
            "upn,surname,forename,sex,dob,year_group",
            [f"{upn},{name},Sam,F,2017-01-05,5" for upn, name in pupils],
        ),
        "results": ("upn,key_stage,subject,grade,year,kind", [f"{u},KS1,mathematics,2b,2024,teacher" for u in upns]),
        "targets": ("upn,subject,key_stage,grade", [f"{upn},mathematics,KS2,4b" for upn in upns]),
        "classes": (
            "class,subject,year_group,upn,teacher",
            [f"5 Oak,{subject},5,{upn},TEA" for subject in ("reading", "mathematics") for upn in upns],
        ),
    }
    for kind, (headers, rows) in files.items():
        bring_in(school, csv(headers, *rows), file=f"{kind}.csv")


def mark_oak(school: School, marks: Sequence[str], *, subject: str = "mathematics") -> None:
    """Gives the first pupils of 5 Oak, by name, marks that stand."""
    upns = {f"{name}, Sam": make_upn(200 + number) for number, name in enumerate(SURNAMES)}
    rows = [f"{upns[name]},{subject},{TERM},{mark}" for name, mark in zip(NAMES, marks, strict=False)]
    bring_in(school, csv("upn,subject,term,grade", *rows), file="assessments.csv")


def open_sheet(opens: Opens, *, email: str = TEACHER, subject: str = "", **window: Any) -> Page:
    """A window at the sheet of 5 Oak, quicker to save and to ask than at school."""
    page = opens(**window)
    page.add_init_script(QUICKLY)
    sign_in(page, email=email)
    page.goto(ADDRESS + (f"?subject={subject}" if subject else ""))
    return page


def cell(page: Page, row: int, subject: str = "mathematics") -> Locator:
    """The input of a pupil's mark, pupils counted from 0."""
    return page.locator(f'#sheet input[data-subject="{subject}"]').nth(row)


def choose(page: Page, first: tuple[int, str], *, down: int = 0, right: int = 0) -> None:
    """Goes to a mark and chooses a block from there, with the keyboard."""
    cell(page, *first).focus()
    for key, times in (("Shift+ArrowDown", down), ("Shift+ArrowRight", right)):
        for _ in range(times):
            page.keyboard.press(key)


def typed(page: Page, *marks: str) -> None:
    """Types marks one after another, each left by Enter."""
    for mark in marks:
        page.keyboard.type(mark)
        page.keyboard.press("Enter")


def shown(page: Page, rows: int, subject: str = "mathematics") -> list[str]:
    """The marks of the first pupils, as the page shows them."""
    return [cell(page, row, subject).input_value() for row in range(rows)]


def expect_shown(page: Page, marks: Sequence[str], subject: str = "mathematics") -> None:
    """Waits until the first pupils have these marks."""
    for row, mark in enumerate(marks):
        expect(cell(page, row, subject)).to_have_value(mark)


def expect_state(mark: Locator, state: str) -> None:
    """Waits until a cell says how its mark is."""
    expect(mark.locator("xpath=..")).to_have_attribute("data-state", state)


def expect_saved(page: Page) -> None:
    """Waits until the page says that everything is saved."""
    expect(page.locator("#sheet-state")).to_contain_text("All marks saved")


def standing(subject: str = "mathematics") -> dict[str, str]:
    """The marks the school holds of 5 Oak this term, by surname."""
    rows = Assessment.objects.filter(subject__code=subject, term__code=TERM, pupil__forename="Sam")
    return {row.pupil.surname: row.grade or row.mark_code for row in rows.select_related("pupil")}


def kept(page: Page) -> list[str]:
    """What the browser keeps of the sheet on this computer."""
    script = "Object.entries(localStorage).filter(([name]) => name.startsWith('headway.sheet.')).map(each => each[1])"
    found: list[str] = page.evaluate(script)
    return found


def paste(page: Page, text: str, html: str = "") -> None:
    """Pastes into the cell somebody is at what a spreadsheet puts on the clipboard."""
    page.evaluate(
        """([text, html]) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          clipboardData.setData("text/html", html);
          const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(paste);
        }""",
        [text, html],
    )


def excel(rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    """A block as Excel puts it on the clipboard: text with CRLF after every row, and its HTML."""
    text = "".join("\t".join(row) + "\r\n" for row in rows)
    cells = "".join("<tr>" + "".join(f"<td class=xl65>{mark}</td>" for mark in row) + "</tr>" for row in rows)
    head = "<head><meta name=ProgId content=Excel.Sheet><meta name=Generator content='Microsoft Excel 15'></head>"
    return text, f"<html>{head}<body><table><!--StartFragment-->{cells}<!--EndFragment--></table></body></html>"


@dataclass
class Wire:
    """The requests a page saves with, as they pass; ``losing`` lets the server act and then loses its answer."""

    page: Page
    requests: list[dict[str, Any]] = field(default_factory=list)
    losing: int = 0

    def __post_init__(self) -> None:
        self.page.route(CELLS, self._pass)

    def _pass(self, route: Route, request: Request) -> None:
        self.requests.append(json.loads(request.post_data or "{}"))
        if self.losing:
            self.losing -= 1
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The requests that were to save something."""
        return [request for request in self.requests if not request.get("check")]
