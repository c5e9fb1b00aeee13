"""Writes docs/roles.md from the policy: who sees what and does what, the same as the page of roles says it."""

from pathlib import Path

from headway.services.role_sheets import roles_page

PAGE = Path(__file__).parents[1] / "docs" / "roles.md"


def main() -> None:
    """Writes the page anew."""
    PAGE.write_text(roles_in_markdown(), "utf-8")
    print(f"{PAGE.name} is as the policy is.")


def roles_in_markdown() -> str:
    """The page: each role in words, then roles by fields and roles by actions."""
    page = roles_page()
    lines = [
        "# Who sees what, and who does what",
        "",
        "Every page, file and figure goes by this table. What is not said here is not allowed. Somebody with several "
        "roles sees and does what any of them allows. Written from `src/headway/policy/school.yaml` by "
        "`.venv/bin/python scripts/roles.py`.",
        "",
        "## Each role in words",
    ]
    for sheet in page.sheets:
        given = f"given for a {sheet.of}: `{sheet.code}:…`" if sheet.of else f"`{sheet.code}`"
        code = f" ({given})" if sheet.given else ""
        lines += ["", f"### {_sentence(sheet.words)}{code}", "", sheet.about, ""]
        lines += [f"- **{heading}:** {text}" for heading, text in sheet.said]
    for heading, matrix in (("What is guarded field by field", page.fields), ("What each role may do", page.actions)):
        lines += ["", f"## {heading}", "", _row(["Role", *map(_sentence, matrix.headings)])]
        lines += [_row(["---", *(":-:" for _ in matrix.headings)])]
        lines += [_row([_sentence(words), *("●" if held else "" for held in cells)]) for words, cells in matrix.rows]
    return "\n".join([*lines, ""])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


if __name__ == "__main__":
    main()
