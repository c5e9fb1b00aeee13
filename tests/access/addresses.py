"""Every address there is: what it is asked about, and which answer is right for whom. The walk's table.

An address that is missing here fails the suite (`test_walk.py`). What is right comes from the oracle alone.
"""

from collections.abc import Mapping
from dataclasses import replace

from tests.access.answers import NOWHERE, Address, absent, always, just, nothing, who_may
from tests.access.browsing import SIGN_IN
from tests.access.facts import LAST_TERM
from tests.access.pupils import (
    groups,
    marking,
    one_mark_form,
    one_mark_json,
    one_target_form,
    one_target_json,
    pupils,
    right_of_group,
    right_of_pupil,
    right_of_renaming,
    right_of_sheet,
    sheets,
    target_sheets,
    targeting,
)
from tests.access.schools import (
    BUILT_ON,
    api,
    assessments,
    cards,
    classes_of_pupils,
    contacts,
    no_head,
    no_link,
    numbers,
    of_school,
    one_card,
    people,
    right_of_assessments,
    right_of_cards,
    right_of_own_page,
    right_of_pupil_list,
    right_of_revoking,
    right_of_tokens,
    to_own_page,
    tokens,
    transfer,
    transfers,
)

_NO_LINK = "/claim/00000000-0000-4000-8000-000000000000/x"
_READ = Address(api("subjects"), get=who_may("ask"), guard="token")


ADDRESSES: Mapping[str, Address] = {
    # the staff's pages
    "home": Address(just("/"), get=always(200), instead=to_own_page),
    "search": Address(just("/search?q=a", "/search?q=zz"), get=who_may("ask")),
    "search-suggestions": Address(just("/search/suggestions?q=a"), get=who_may("ask")),
    "classes": Address(just("/classes", f"/classes?term={LAST_TERM}"), get=who_may("ask")),
    "marks": Address(sheets(""), get=right_of_sheet, post=marking(409), form=one_mark_form),
    "marks-cells": Address(sheets("/cells"), post=marking(200), json=one_mark_json),
    "marks-changes": Address(sheets("/changes"), get=right_of_sheet),
    "targets": Address(target_sheets(""), get=right_of_sheet, post=targeting(400), form=one_target_form),
    "targets-check": Address(target_sheets("/check"), post=targeting(200), json=one_target_json),
    "progress": Address(just("/progress"), get=who_may("ask")),
    "groups": Address(just("/groups"), get=who_may("ask")),
    "group-new": Address(
        just("/groups/new"),
        get=who_may("make_groups"),
        post=who_may("make_groups", done=302),
        form=lambda *_: {"into": "new", "name": "A new group"},
    ),
    "group": Address(
        groups, get=right_of_group, post=right_of_renaming, form=lambda *_: {"act": "rename", "name": "Another name"}
    ),
    "pupil": Address(pupils("/pupils/", everybody=True), get=right_of_pupil),
    "pupil-as-family": Address(pupils("/pupils/", "/as-family"), get=right_of_pupil),
    "transfers": Address(just("/transfers"), get=who_may("import"), post=who_may("import", done=400), form=nothing),
    "upload": Address(
        absent(f"/transfers/uploads/{NOWHERE}"),
        get=who_may("import", done=404),
        post=who_may("import", done=404),
        form=lambda *_: {"act": "discard"},
    ),
    "transfer": Address(
        transfers,
        get=transfer({"": 200}),
        post=transfer({"": 302, **dict.fromkeys(BUILT_ON, 409)}),
        form=nothing,
    ),
    # what is managed
    "school": Address(just("/school"), get=always(200)),
    "roles": Address(just("/school/roles"), get=always(200)),
    "locking": Address(
        just("/school/locking"), get=who_may("manage_school"), post=who_may("manage_school", done=400), form=nothing
    ),
    "people": Address(just("/people"), get=who_may("manage_people")),
    "people-invite": Address(
        just("/people/invite"), get=who_may("manage_people"), post=who_may("manage_people", done=400), form=nothing
    ),
    "person": Address(people(), get=of_school("manage_people", 200)),
    "person-roles": Address(people("/roles"), post=of_school("manage_people", 302, but=no_head(400)), form=nothing),
    "person-leave": Address(
        people("/leave"), post=of_school("manage_people", 400), form=lambda *_: {"last_day": "no day"}
    ),
    "person-back": Address(people("/back"), post=of_school("manage_people", 302), form=nothing),
    "person-link": Address(people("/link"), post=of_school("manage_people", 200, but=no_link), form=nothing),
    "families": Address(just("/school/families", "/school/families?class=5A"), get=who_may("manage_people")),
    "contact": Address(contacts(), get=of_school("manage_people", 200)),
    **{
        f"contact-{act}": Address(contacts(f"/{act}"), post=of_school("manage_people", 400), form=nothing)
        for act in ("restrict", "lift", "agreed", "end")
    },
    "contact-invite": Address(
        contacts("/invite"),  # who is restricted is not invited
        post=of_school("manage_people", 200, but=lambda _, child: 302 if child == "jon" else None),
        form=nothing,
    ),
    "contact-link": Address(
        contacts("/link"),  # nor sent a link, nor is one who signs in to another school too
        post=of_school("manage_people", 200, but=lambda _, child: 302 if child in ("jon", "lea") else None),
        form=nothing,
    ),
    "releases": Address(
        just("/school/releases"), get=who_may("release_marks"), post=who_may("release_marks", done=400), form=nothing
    ),
    "releases-withdraw": Address(
        just("/school/releases/withdraw"), post=who_may("release_marks", done=302), form=nothing
    ),
    "class-cards": Address(just("/school/class-cards"), get=who_may("make_pupil_accounts")),
    "class-cards-of": Address(cards, get=right_of_cards, post=right_of_cards, form=one_card),
    "audit": Address(just("/school/audit"), get=who_may("see_audit")),
    "audit-file": Address(just("/school/audit/file"), get=who_may("see_audit")),
    "audit-verify": Address(just("/school/audit/verify"), post=who_may("see_audit", done=302), form=nothing),
    "audit-seen": Address(just("/school/audit/seen"), post=who_may("see_audit", done=302), form=nothing),
    "tokens": Address(just("/school/tokens"), get=right_of_tokens),
    "token-new": Address(
        just("/school/tokens/new"), get=who_may("use_api"), post=who_may("use_api", done=400), form=nothing
    ),
    "token-revoke": Address(tokens, post=right_of_revoking, form=nothing),
    "set-up": Address(just("/set-up", "/set-up?sample=pupils"), get=who_may("manage_school")),
    # pupils and families
    "my-progress": Address(just("/my"), get=always(200), guard="family"),
    "my-child": Address(pupils("/my/"), get=right_of_own_page, guard="family"),
    # whoever is signed in
    "account": Address(just("/account"), get=always(200), guard="own_account"),
    "school-choose": Address(
        just("/school/choose"), post=always(404), form=lambda *_: {"school": str(NOWHERE)}, guard="own_account"
    ),
    "account-password": Address(
        just("/account/password"), get=always(200), post=always(400), form=nothing, guard="own_account"
    ),
    "sign-out-elsewhere": Address(
        just("/account/sign-out-elsewhere"), post=always(302), form=nothing, guard="own_account"
    ),
    "recovery-codes": Address(
        just("/account/recovery-codes"), get=always(302), post=always(302), form=nothing, guard="own_account"
    ),
    **{
        name: Address(just(f"/account/{path}"), post=always(404), form=nothing, guard="own_account")
        for name, path in (
            ("passkey-name", "passkeys/name"),
            ("passkey-gone", "passkeys/gone"),
            ("code-app-gone", "code-app/gone"),
        )
    },
    "second-step-new": Address(just("/account/second-step"), get=always(200), guard="unfinished"),
    "prove-again": Address(just("/account/again"), get=always(200), post=always(400), form=nothing, guard="unfinished"),
    "prove-by-passkey": Address(just("/account/again/passkey"), post=always(400), form=nothing, guard="unfinished"),
    "passkey-new": Address(just("/account/passkeys"), post=always(302), form=nothing, guard="unfinished"),
    "passkey-new-question": Address(
        just("/account/passkeys/question"), post=always(200), form=nothing, guard="unfinished"
    ),
    "own-passkey-question": Address(just("/account/passkeys/own"), post=always(200), form=nothing, guard="unfinished"),
    "code-app": Address(just("/account/code-app"), get=always(200), post=always(400), form=nothing, guard="unfinished"),
    "still-here": Address(just("/sign-in/here"), post=always(204), form=nothing, guard="unfinished"),
    "lock": Address(just("/sign-in/lock"), post=always(204), form=nothing, guard="waiting"),
    "unlock": Address(just("/sign-in/unlock"), get=always(302), post=always(400), form=nothing, guard="waiting"),
    "unlock-passkey": Address(just("/sign-in/unlock/passkey"), post=always(400), form=nothing, guard="waiting"),
    "unlock-question": Address(just("/sign-in/unlock/question"), post=always(200), form=nothing, guard="waiting"),
    # anybody
    "theme": Address(just("/theme"), post=always(302), form=lambda *_: {"theme": "dark"}, guard="public"),
    "sign-in": Address(just("/sign-in"), get=always(200), post=always(200), form=nothing, guard="public"),
    "sign-in-passkey": Address(just("/sign-in/passkey"), post=always(400), form=nothing, guard="public"),
    "passkey-question": Address(just("/sign-in/passkey/question"), post=always(200), form=nothing, guard="public"),
    "second-step": Address(
        just("/sign-in/second-step"), get=always(SIGN_IN), post=always(SIGN_IN), form=nothing, guard="public"
    ),
    "second-step-passkey": Address(
        just("/sign-in/second-step/passkey"), post=always(SIGN_IN), form=nothing, guard="public"
    ),
    "sign-in-with": Address(absent("/sign-in/with/google"), post=always(404), form=nothing, guard="public"),
    "google_callback": Address(absent("/sign-in/back/google"), get=always(404), guard="public"),
    "microsoft_callback": Address(absent("/sign-in/back/microsoft"), get=always(404), guard="public"),
    "openid_connect_callback": Address(absent("/sign-in/back/school"), get=always(404), guard="public"),
    "sign-out": Address(just("/sign-out"), post=always(SIGN_IN), form=nothing, guard="public"),
    "claim": Address(absent(_NO_LINK), get=always(404), post=always(404), form=nothing, guard="public"),
    "pupil-sign-in": Address(just("/pupil"), get=always(200), post=always(400), form=nothing, guard="public"),
    "set-up-school": Address(
        absent("/set-up/" + "0" * 40), get=always(404), post=always(404), form=nothing, guard="public"
    ),
    # programs
    "api-openapi": Address(api("openapi.json"), get=always(200), guard="public"),
    "api-schools": Address(api("schools"), get=always(200), guard="token"),
    "api-subjects": _READ,
    "api-terms": replace(_READ, things=api("terms")),
    "api-scales": replace(_READ, things=api("scales")),
    "api-classes": replace(_READ, things=api("classes")),
    "api-groups": replace(_READ, things=api("groups")),
    "api-pupils": Address(classes_of_pupils, get=right_of_pupil_list, guard="token"),
    "api-pupil": Address(pupils("/api/v1/pupils/"), get=right_of_pupil, guard="token"),
    "api-pupil-find": Address(
        numbers, post=right_of_pupil, json=lambda world, actor, thing: {"upn": thing.about.upn}, guard="token"
    ),
    "api-assessments": Address(assessments, get=right_of_assessments, guard="token"),
    "api-nothing": Address(absent("/api/v1/nothing"), get=always(404), post=always(404), json=nothing, guard="token"),
}
