"""The page of roles in the documents says what the policy says."""

from importlib import import_module
from pathlib import Path

import pytest


def test_it_is_as_the_policy_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root / "scripts"))

    written = (root / "docs" / "roles.md").read_text("utf-8")

    assert written == import_module("roles").roles_in_markdown(), "write it anew: .venv/bin/python scripts/roles.py"
