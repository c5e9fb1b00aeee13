"""No secret stands in the repository: nothing that looks like a key, and no password that is not made up for a test."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LOOKS_LIKE = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token of a forge": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,})"),
    "web token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}"),
    "our own secret": re.compile("django-" + "insecure-"),
    "password in an address": re.compile(
        r"\b(?:https?|postgres(?:ql)?)://[^\s:/@'\"{}<>]+:(?!PASSWORD|secret)[^\s:/@'\"{}<>]{6,}@"
    ),
}
ASSIGNED = re.compile(
    r"""(?i)\b(?:secret|password|passwd|token|api_?key|private_?key|client_?secret)\w*["']?\s*[:=]\s*["']([^"'\s]{20,})["']"""
)
KNOWN = {Path("requirements/development.txt"), Path("requirements/runtime.txt")}  # hashes of what is installed
MADE_UP = re.compile(r"example|made-up|passphrase|correct|wrong|headway", re.IGNORECASE)


def found_in(text: str) -> Iterator[str]:
    """What in a text looks like a secret."""
    for name, pattern in LOOKS_LIKE.items():
        if pattern.search(text):
            yield name
    for value in ASSIGNED.findall(text):
        if (
            bits(value) > 3.5
            and not MADE_UP.search(value)
            and re.search(r"\d", value)
            and re.search(r"[A-Za-z]", value)
        ):
            yield f"assigned: {value[:6]}…"


def bits(text: str) -> float:
    """How much there is to guess at in each letter."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def test_nothing_looks_like_a_secret(texts: dict[Path, str]) -> None:
    looked_at = {file: text for file, text in texts.items() if file not in KNOWN}

    assert {str(file): list(found_in(text)) for file, text in looked_at.items() if any(found_in(text))} == {}
    assert len(looked_at) > 300


def test_no_file_of_an_installation_lies_here(files: list[Path]) -> None:
    kinds = (".key", ".pem", ".p12", ".pfx", ".sqlite3", ".db", ".env")

    assert [str(file) for file in files if file.name.endswith(kinds) or file.name == ".env"] == []


def test_it_would_notice() -> None:
    for secret in (
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "postgresql://headway:" + "hunter2hunter2@db.example/headway",
        'SECRET_KEY = "' + 'k3J9x-Qq8Lm2Zr7Tn4Vb6Yc1Wd5" ',
    ):
        assert list(found_in(secret)), secret
    assert not list(found_in('password="a long enough passphrase"'))
