"""What the repository's files may hold, and how long they may be."""

import re
from collections.abc import Sequence
from pathlib import Path

LONGEST_MODULE = 500
HOSTS = [r"pypi\.", r"pythonhosted\.", r"registry\.(npm|yarn)", r"deb\.debian\.", r"npmjs\."]
HOSTS_PATTERN = re.compile("|".join(host + r"[a-z]{2,}" for host in HOSTS))
MACHINE_PATHS = re.compile(r"(?<![\w.:/])/(?:work|root|home|Users)/\w")
DRAWERS = {"util", "utils", "helper", "helpers", "misc", "common"}


def test_it_names_no_registry_host(texts: dict[Path, str]) -> None:
    assert [str(file) for file, text in texts.items() if HOSTS_PATTERN.search(text)] == []


def test_it_names_no_path_of_one_machine(texts: dict[Path, str]) -> None:
    assert [str(file) for file, text in texts.items() if MACHINE_PATHS.search(text)] == []


def test_it_would_notice_a_host_and_a_path() -> None:
    assert HOSTS_PATTERN.search("https://pypi." + "org/simple")
    assert MACHINE_PATHS.search("see /" + "home/somebody/headway")
    assert not MACHINE_PATHS.search("GET /pupils/work/ and https://example.org/home/page")


def test_it_keeps_modules_to_one_concept(texts: dict[Path, str]) -> None:
    long = {
        str(file): text.count("\n")
        for file, text in texts.items()
        if file.suffix == ".py" and "migrations" not in file.parts and text.count("\n") > LONGEST_MODULE
    }

    assert long == {}


def test_it_has_no_drawer_without_a_name(files: Sequence[Path]) -> None:
    assert [str(file) for file in files if DRAWERS & {*file.parent.parts, file.stem}] == []


def test_it_keeps_tests_for_postgresql_where_they_are_run(texts: dict[Path, str]) -> None:
    marked = [file for file, text in texts.items() if file.suffix == ".py" and "mark." + "postgresql" in text]

    assert [str(file) for file in marked if file.parts[:2] not in (("tests", "records"), ("tests", "services"))] == []
