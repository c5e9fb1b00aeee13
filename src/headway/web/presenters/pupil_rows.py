"""The rows of the list of pupils as they stand in the page.

They are written here and not in a template because there may be hundreds of them: through the template engine 240 take
ten milliseconds, here less than one. Everything that came from people is escaped.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from headway.web.presenters.pupil_list import PupilRow

__all__ = ["Link", "written_rows"]

Link = tuple[str, str]
"""What stands before and after a pupil's id in the address of their page."""

_often = lru_cache(maxsize=4096)(escape)
"""Grades, points and registration groups come again and again."""

_NOBODY = '<span class="none">–</span>'


def written_rows(rows: Sequence[PupilRow], *, link: Link, choosable: bool) -> SafeString:
    """Table rows: each pupil's name a link to their page, with a box to choose them by where they may be chosen."""
    before, after = escape(link[0]), escape(link[1])
    written = "\n".join(_row(row, before, after, choosable=choosable) for row in rows)
    return SafeString(written)  # nosec B703  # escaped, each part


def _row(row: PupilRow, before: str, after: str, *, choosable: bool) -> str:
    name = escape(row.name)
    box = f'<input type="checkbox" name="pupil" value="{row.uid}" aria-label="Choose {name}">' if choosable else ""
    expected = f' <span class="hint">{_often(row.expected_points)}</span>' if row.expected_points else ""
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{box}<a href="{before}{row.uid}{after}">{name}</a>'
        f'{_hint(row.reg_group)}</th><td role="cell" class="status edge-{row.status}">'
        f'<svg class="shape fill-{row.status}" aria-hidden="true"><use href="#shape-{row.status}"/></svg>'
        f"{row.word}{_hint(row.why) if row.why != row.now else ''}</td>"
        f'<td role="cell" class="number">{row.gap or _NOBODY}</td>'
        f'<td role="cell" class="grade">{_often(row.now)}{_note(row.note)}</td>'
        f'<td role="cell">{_often(row.expected) or _NOBODY}{expected}</td>'
        f'<td role="cell">{_often(row.target) or _NOBODY}</td><td role="cell">{_often(row.prior) or _NOBODY}</td>'
        f'<td role="cell" class="number">{row.attendance or _NOBODY}</td></tr>'
    )


def _hint(words: str) -> str:
    return f' <span class="hint">{_often(words)}</span>' if words else ""


def _note(note: str) -> str:
    """A mark that opens what was written beside the grade."""
    return f' <details class="note"><summary>note</summary><p>{escape(note)}</p></details>' if note else ""
