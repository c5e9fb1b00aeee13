"""Every page a person reads explains itself."""

import re

from django.urls import URLPattern

from headway.web.helps import HELPS
from headway.web.urls import urlpatterns

WITHOUT = {
    *("sign-in", "sign-out", "claim", "theme"),  # doors and buttons
    *("second-step", "second-step-passkey", "sign-in-passkey", "sign-in-with", "unlock", "unlock-passkey"),  # doors
    *("google_callback", "microsoft_callback", "openid_connect_callback", "prove-by-passkey"),  # on the way through one
    *("passkey-new", "passkey-name", "passkey-gone", "code-app-gone", "sign-out-elsewhere"),  # buttons of My account
    *("passkey-question", "unlock-question", "passkey-new-question", "own-passkey-question"),  # asked by scripts
    *("still-here", "lock"),  # told by scripts
    *("school-choose", "person-roles", "person-leave", "person-back", "person-link"),  # buttons on other pages
    "token-revoke",
    *("pupil-sign-in", "contact-invite", "contact-link", "contact-restrict", "contact-lift", "contact-agreed"),
    *("contact-end", "releases-withdraw"),  # the pupils' door, and buttons on other pages
    *("audit-file", "audit-verify", "audit-seen"),  # a file, and buttons of the audit
    *("search-suggestions", "marks-cells", "marks-changes", "targets-check"),  # asked by scripts
}
"""Addresses at which nobody reads a page."""


def _names() -> set[str]:
    return {str(each.name) for each in urlpatterns if isinstance(each, URLPattern)}


def test_it_has_help_for_every_page_and_for_nothing_else() -> None:
    assert _names() - WITHOUT - HELPS.keys() == set()
    assert HELPS.keys() - _names() == set()


def test_it_says_what_this_is_how_to_read_it_and_what_to_do_next_in_a_sentence_each() -> None:
    for name, help_ in HELPS.items():
        for said in (help_.what, help_.how, help_.then):
            assert re.fullmatch(r"[A-Z“].+[.?]", said), (name, said)
            assert len(said) <= 260, (name, said)
