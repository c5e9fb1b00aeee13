"""The whole suite, on both databases: looks for PostgreSQL and Chromium, runs every part, fails if any part did.

What is missing is installed where that is allowed, else left out and named; with CI=true leaving out is failing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

import postgres
from environment import ROOT, VENV

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ON_BOTH_DATABASES = ("tests/records", "tests/services", "tests/access")


def find_chromium() -> str | None:
    """The system's own browser."""
    return next((path for path in map(shutil.which, CHROMIUM_NAMES) if path), None)


def install(packages: Sequence[str]) -> None:
    """Installs Debian packages where that needs no question; otherwise does nothing."""
    if not shutil.which("apt-get"):
        return
    rights: list[str] = []
    if os.geteuid() != 0:
        rights = ["sudo", "--non-interactive"]
        if not shutil.which("sudo") or subprocess.run([*rights, "true"], check=False, capture_output=True).returncode:
            return
    quiet = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    subprocess.run([*quiet, "update"], check=False)
    for package in packages:
        print(f"Installing {package} …", flush=True)
        subprocess.run([*quiet, "install", "--no-install-recommends", package], check=False, stdout=subprocess.DEVNULL)


def run_tests(title: str, arguments: Sequence[str], *, env: Mapping[str, str]) -> bool:
    """One run of pytest, in the open; whether it passed."""
    print(f"\n── {title} ──", flush=True)
    pytest = [str(VENV / "bin" / "python"), "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments]
    return subprocess.run(pytest, cwd=ROOT, env=dict(env), check=False).returncode == 0


def main() -> int:
    postgres.stop_on_terminate()
    wanted = [("chromium", find_chromium()), ("postgresql", postgres.find_programs())]
    install([package for package, found in wanted if not found])
    chromium, programs = find_chromium(), postgres.find_programs()
    left_out = [] if chromium else ["the journeys in a browser: no Chromium here (Debian: chromium)"]
    left_out += [] if programs else ["the records on PostgreSQL: no server here (Debian: postgresql)"]
    if left_out and os.environ.get("CI") == "true":
        print("Nothing may be left out here: " + "; ".join(left_out), file=sys.stderr)
        return 1

    env = {name: value for name, value in os.environ.items() if name != "HEADWAY_DATABASE_URL"}
    env["HEADWAY_CHROMIUM"] = chromium or ""
    passed = [run_tests("SQLite", ["-m", f"not postgresql{'' if chromium else ' and not journey'}"], env=env)]
    if programs:
        try:
            with postgres.private_server(programs) as url:
                with_server = {**env, "HEADWAY_DATABASE_URL": url}
                both = [each for each in ON_BOTH_DATABASES if (ROOT / each).is_dir()]
                passed.append(run_tests("PostgreSQL", ["-m", "not journey and not walk", *both], env=with_server))
        except postgres.PostgresError as error:
            print(f"PostgreSQL did not start:\n{error}", file=sys.stderr)
            passed.append(False)
    for each in left_out:
        print(f"Left out: {each}")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
