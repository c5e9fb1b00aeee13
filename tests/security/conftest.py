"""Elm Tree and its people, as the tests of pages have them, and everything in it that an address can name."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client

from headway.records.models import Pupil, School, User
from headway.services.access import COMMAND_LINE, viewer_of
from headway.services.groups import make_group
from headway.services.transfers import transfers_of
from headway.services.uploads import Reading, keep
from tests.school import NOW
from tests.web.conftest import (  # noqa: F401  # the same people, moment and files as in the tests of pages
    a_known_moment,
    elsewhere,
    governor,
    head,
    primary,
    quick_passwords,
    static_files_under_their_own_names,
    static_root,
    teacher,
    visitor,
)
from tests.web.primary import HEAD

Known = Mapping[str, object]


@pytest.fixture
def known(primary: School) -> Known:  # noqa: F811
    """What stands in Elm Tree, by the names that parameters of addresses have."""
    head_of_it = viewer_of(User.objects.get(email=HEAD))
    adams, green = (Pupil.objects.get(surname=name) for name in ("Adams", "Green"))
    group = make_group("Readers", pupils=[adams.uid, green.uid], school=primary, by=head_of_it, now=NOW)
    kept = keep(b"upn,grade\nx,y\n", file="marks.csv", reading=Reading(), school=primary, by=head_of_it, now=NOW)
    (transfer, *_) = transfers_of(COMMAND_LINE, school=primary, now=NOW, skip=0, most=1).rows
    return {"pupil": adams.uid, "group": group, "upload_id": kept, "transfer": transfer.uid}


@pytest.fixture
def anybody(primary: School) -> Client:  # noqa: F811
    """A browser in which nobody has signed in."""
    return Client()


LATER = NOW + timedelta(days=1)
