"""How long the pages people open every day take, on the made-up secondary, each beside its aim.

Part of `make bench`; alone: `python scripts/bench_pages.py --data DIR` on a folder `headway demo --school secondary`
made. The processor's time is taken in this very process, a request at a time; the clock with eight people at once
against the real server. It saves marks, so it works on a copy of the folder.
"""

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

HEADWAY = Path(sys.executable).with_name("headway")
PORT = 8765
PEOPLE = 8
SECONDS = 20
WALL_AIM, SAVED_AIM = 0.120, 0.030


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its words and address, and how much of the processor it may take, in seconds."""

    words: str
    address: str
    aim: float | None = None


def main() -> int:
    """The table."""
    asked = argparse.ArgumentParser(description="How long the daily pages take.")
    asked.add_argument("--data", type=Path, required=True, help="a made-up secondary's folder")
    asked.add_argument("--rounds", type=int, default=40)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="headway-pages-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(wanted.data, data, ignore=shutil.ignore_patterns("*.lock"))
        os.environ |= {
            "HEADWAY_DATA": str(data),
            "HEADWAY_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "headway.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        from headway.services.installation import bring_up_to_date

        bring_up_to_date()
        call_command("collectstatic", verbosity=0, interactive=False)
        bench = PagesBench(rounds=wanted.rounds)
        bench.processor()
        bench.clock(data)
    return 0


class PagesBench:
    """The school's head, a teacher's class, and the pages they open."""

    def __init__(self, *, rounds: int) -> None:
        from django.test import Client
        from django.utils import timezone

        from headway.records.models import Pupil, School, SchoolClass, Term, User
        from headway.web.sessions import begin

        self.rounds = rounds
        school = School.objects.get()
        self.term = Term.objects.filter(closed_at=None).order_by("-starts")[0].code
        year_nine = SchoolClass.objects.filter(
            school=school, year__terms__code=self.term, year_group=9, teaching_groups__subject__code="mathematics"
        )
        self.school_class = year_nine.order_by("code")[0]
        in_class = Pupil.objects.filter(
            classes__teaching_group__school_class=self.school_class,
            classes__teaching_group__subject__code="mathematics",
        )
        self.pupils = list(in_class.distinct()[:30])
        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(User.objects.get(email="head@demo.example"))
        session = self.client.session
        begin(session, second_step=True, now=timezone.localtime())
        session.save()

    def pages(self) -> Sequence[Page]:
        """What people open."""
        from django.urls import reverse

        code, term = self.school_class.code, self.term
        year = urlencode({"who": "year:9", "subject": "mathematics", "term": term})
        one_class = urlencode({"who": f"class:{code}", "subject": "mathematics", "term": term})
        pupil = reverse("pupil", args=[self.pupils[0].uid])
        return (
            Page("Today, of a head", reverse("home")),
            Page("the list of mark sheets", reverse("classes")),
            Page("a mark sheet in one subject", f"{reverse('marks', args=[code, term])}?subject=mathematics", 0.014),
            Page("progress of a year group", f"{reverse('progress')}?{year}", 0.012),
            Page("progress of a class", f"{reverse('progress')}?{one_class}"),
            Page("a pupil", pupil, 0.015),
            Page("a pupil, one subject large", f"{pupil}?subject=mathematics", 0.015),
            Page("targets of a class", reverse("targets", args=[code, "mathematics"])),
        )

    def processor(self) -> None:
        """Seconds of the processor a request, and how much is sent."""
        print(f"{'Pages, one at a time':<58}{'CPU':>9}{'KB sent':>9}{'aim':>9}{'ratio':>8}")
        for page in self.pages():
            response: list[Any] = []
            took = self._median(lambda p=page, r=response: r.append(self._get(p)))  # type: ignore[misc]
            assert response[-1].status_code == 200, (page.address, response[-1].status_code)
            report(page.words, took, len(response[-1].content) / 1024, aim=page.aim)
        self._saves()

    def _get(self, page: Page) -> Any:
        return self.client.get(page.address, headers={"Accept-Encoding": "gzip"})

    def _saves(self) -> None:
        """A class saved through the page's own address."""
        from django.urls import reverse

        from headway.records.models import Assessment

        address = reverse("marks-cells", args=[self.school_class.code, self.term]) + "?subject=mathematics"
        grades = ("5c", "5b")
        versions: dict[str, str] = {}
        shown = self.client.get(reverse("marks-changes", args=[self.school_class.code, self.term]) + "?have=")
        for cell in shown.json()["cells"]:
            if cell["subject"] == "mathematics":
                versions[cell["pupil"]] = cell["version"]
        turn = 0

        def save() -> None:
            nonlocal turn
            turn += 1
            cells = [
                {"pupil": pupil, "subject": "mathematics", "mark": grades[turn % 2], "version": version}
                for pupil, version in versions.items()
            ]
            body = {"request": str(uuid4()), "check": False, "cells": cells}
            done = self.client.post(address, json.dumps(body), content_type="application/json").json()
            versions.update({cell["pupil"]: cell["version"] for cell in done["cells"]})
            assert {cell["outcome"] for cell in done["cells"]} == {"saved"}, done["cells"][:1]

        report(f"a class of {len(versions)} saved", self._median(save), None, aim=0.014)
        assert Assessment.objects.exists()
        poll = reverse("marks-changes", args=[self.school_class.code, self.term]) + "?subject=mathematics&have="
        have = self.client.get(poll).json()["have"]
        report("asking whether anything changed", self._median(lambda: self.client.get(poll + have)), None)

    def clock(self, data: Path) -> None:
        """Seconds on the clock with eight people at once, on the real server."""
        waited: defaultdict[str, list[float]] = defaultdict(list)
        with serving(data) as cookies:
            busy = [
                threading.Thread(target=self._somebody, args=(cookie, waited, place))
                for place, cookie in enumerate(cookies)
            ]
            for each in busy:
                each.start()
            for each in busy:
                each.join()
        n = sum(len(times) for times in waited.values())
        words = f"Pages, {PEOPLE} people at once ({n / SECONDS:.0f} a second)"
        print(f"{words:<58}{'median':>9}{'95 %':>9}{'aim':>9}{'ratio':>8}")
        for page, times in waited.items():
            ordered = sorted(times)
            p95 = ordered[int(0.95 * (len(ordered) - 1))]
            print(
                f"  {page:<56}{ordered[len(ordered) // 2]:>9.3f}{p95:>9.3f}{WALL_AIM:>9.3g}{p95 / WALL_AIM:>8.2f}",
                flush=True,
            )

    def _somebody(self, cookie: str, waited: Mapping[str, list[float]], place: int) -> None:
        """One person opening pages, one after the other, for as long as it lasts."""
        pages, until, turn = self.pages(), time.monotonic() + SECONDS, place
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        while time.monotonic() < until:
            page = pages[turn % len(pages)]
            started = time.perf_counter()
            connection.request("GET", page.address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            response = connection.getresponse()
            response.read()
            assert response.status == 200, (page.address, response.status)
            waited[page.words].append(time.perf_counter() - started)
            turn += 1

    def _median(self, act: Callable[[], object]) -> float:
        """Of many rounds one after the other, as a server has them: what it needs to tidy up counts."""
        act()
        took = []
        for _ in range(self.rounds):
            started = time.process_time()
            act()
            took.append(time.process_time() - started)
        return sorted(took)[len(took) // 2]


@contextmanager
def serving(data: Path) -> Iterator[Sequence[str]]:
    """The real server on a folder, and a signed-in cookie for each of eight people."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db import connections
    from django.utils import timezone

    from headway.records.models import User
    from headway.web.sessions import begin

    head = User.objects.get(email="head@demo.example")
    cookies = []
    for _ in range(PEOPLE):
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(head.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = head.get_session_auth_hash()
        begin(session, second_step=True, now=timezone.localtime())
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    connections.close_all()
    command: list[str | Path] = [HEADWAY, "demo", "--school", "secondary", "--data", data, "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_server()
        yield cookies
    finally:
        server.terminate()
        server.wait()


def _wait_for_server() -> None:
    until = time.monotonic() + 60
    while True:
        try:
            asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            asking.request("GET", "/sign-in")
            asking.getresponse().read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def report(what: str, cpu: float, kilobytes: float | None, *, aim: float | None = None) -> None:
    """One line."""
    sent = f"{kilobytes:>9.0f}" if kilobytes is not None else f"{'–':>9}"
    last = f"{'–':>9}{'–':>8}" if aim is None else f"{aim:>9.3g}{cpu / aim:>8.2f}"
    print(f"  {what:<56}{cpu:>9.4f}{sent}{last}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
