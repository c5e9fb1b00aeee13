"""Files, people, families, tokens and the API as what addresses are about, and who may do what with them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from tests.access.answers import NOWHERE, Right, Status, Thing, just, own_account, relation_of
from tests.access.facts import ACTORS, KIDS, OURS, SISTER, TERM, Actor
from tests.access.oracle import may, reaches, sees, sees_as_family
from tests.access.world import World

# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def transfers(world: World) -> Iterator[Thing]:
    for (school, kind), uid in world.transfers.items():
        if kind not in (_LOOKED_AT if school == OURS else ("pupils",)):
            continue
        relation = f"file of {kind}" if school == OURS else f"{school}'s file"
        yield Thing(relation, f"/transfers/{uid}", about=(school, kind))
    yield Thing("absent", f"/transfers/{NOWHERE}")


def transfer(done: Mapping[str, Status]) -> Right:
    """Right for a file that came in: a file of people wants more than bringing files in. ``done`` by kind."""

    def right(actor: Actor, thing: Thing) -> Status:
        if not may(actor, "import"):
            return 403
        school, kind = thing.about or ("", "")
        if school != actor.at:
            return 404
        return 403 if kind in _OF_PEOPLE and not may(actor, "manage_people") else done.get(kind, done[""])

    return right


_LOOKED_AT = ("staff", "pupils", "classes", "assessments", "behaviour")
_OF_PEOPLE = ("staff", "contacts")
BUILT_ON = ("staff", "pupils")
"""Files that others were built on, so that they cannot be undone any more."""


# ── people, families, tokens ────────────────────────────────────────────────────────────────────────────────────────


def people(suffix: str = "") -> Callable[[World], Iterable[Thing]]:
    """Some of the staff: above and below the head, a stranger, and nobody."""

    def things(world: World) -> Iterator[Thing]:
        for key in ((OURS, "class_teacher"), (OURS, "head"), (OURS, "role_ended"), (SISTER, "sister_head")):
            relation = f"{key[1].replace('_', ' ')} of {key[0]}"
            yield Thing(relation, f"/people/{world.people[key]}{suffix}", about=key)
        yield Thing("absent", f"/people/{NOWHERE}{suffix}")

    return things


def contacts(suffix: str = "") -> Callable[[World], Iterable[Thing]]:
    """Some of the families: one of ours, a restricted one, one of the sister school's, and none."""

    def things(world: World) -> Iterator[Thing]:
        for name, child in (("parent", "amy"), ("parent_restricted", "jon"), ("parent_in_two_schools", "lea")):
            school = KIDS[child].school
            path = f"/school/families/{world.contacts[name, child]}{suffix}"
            yield Thing(f"family of {school}'s {relation_of(KIDS[child])}", path, about=(school, child))
        yield Thing("absent", f"/school/families/{NOWHERE}{suffix}")

    return things


def tokens(world: World) -> Iterator[Thing]:
    for name in ("head", "class_teacher", "sister_head"):
        school = ACTORS[name].at
        yield Thing(f"token of {school}'s {name}", f"/school/tokens/{world.tokens[name]}/revoke", about=(school, name))
    yield Thing("absent", f"/school/tokens/{NOWHERE}/revoke")


def of_school(action: str, done: Status, *, but: Callable[[Actor, str], Status | None] | None = None) -> Right:
    """Right for what belongs to a school as a whole: there it is for those who may, elsewhere it is not there.

    ``but``: what is refused in words all the same.
    """

    def right(actor: Actor, thing: Thing) -> Status:
        if not may(actor, action):
            return 403
        school, key = thing.about or ("", "")
        return ((but and but(actor, key)) or done) if school == actor.at else 404

    return right


def no_head(status: Status) -> Callable[[Actor, str], Status | None]:
    """Nobody but a head does anything to a head."""
    return lambda actor, key: status if key in ("head", "sister_head") and "head" not in actor.roles else None


def no_link(actor: Actor, key: str) -> Status | None:
    """Nobody makes a link for themselves."""
    return 302 if key == actor.who else no_head(302)(actor, key)


def right_of_revoking(actor: Actor, thing: Thing) -> Status:
    if not (may(actor, "use_api") or may(actor, "manage_people")):
        return 403
    school, owner = thing.about or ("", "")
    own = ACTORS[owner].who == actor.who if owner else False
    return 302 if own or (may(actor, "manage_people") and school == actor.at) else 404


def right_of_tokens(actor: Actor, thing: Thing) -> Status:
    return 200 if may(actor, "use_api") or may(actor, "manage_people") else 403


def cards(world: World) -> Iterator[Thing]:
    for code in ("5A", "5B", "6A", "5S", "6T", "9Z"):
        said = {"5S": "sister school", "6T": "strangers' school", "9Z": "absent"}.get(code, f"class {code}")
        yield Thing(said, f"/school/class-cards/{code}", about=code)


def right_of_cards(actor: Actor, thing: Thing) -> Status:
    """A class is there for who teaches it, a registration group for who reaches all of it."""
    if not may(actor, "make_pupil_accounts"):
        return 403
    on_roll = [kid for kid in KIDS.values() if kid.school == actor.at and kid.on_roll]
    mine = {kid.key for kid in on_roll if reaches(actor, "make_pupil_accounts", kid)}
    taught = {kid.key for kid in on_roll if any(code == thing.about for code, _ in kid.lessons)}
    group = {kid.key for kid in on_roll if kid.reg_group == thing.about}
    teaches = any(code == thing.about for code, _ in actor.teaches)
    return 200 if (teaches and taught & mine) or (group and group <= mine) else 404


def one_card(world: World, actor: Actor, thing: Thing) -> Mapping[str, Any]:
    """A card for somebody of the class: of those it may be made for, if there are any."""
    there = [kid for kid in KIDS.values() if kid.on_roll and thing.about in (kid.reg_group, *dict(kid.lessons))]
    mine = [kid for kid in there if reaches(actor, "make_pupil_accounts", kid)]
    kid = next(iter(mine or there), KIDS["amy"])
    return {"kind": "words", "pupil": str(world.pupils[kid.key].uid), "request_id": str(uuid4())}


def right_of_own_page(actor: Actor, thing: Thing) -> Status:
    return 200 if thing.about and sees_as_family(actor, thing.about) else 404


def to_own_page(actor: Actor, method: str) -> Status | None:
    """Pupils and families come to their own page instead of the staff's first one."""
    if method != "GET" or own_account(actor) is not None:
        return None
    return 302 if any(sees_as_family(actor, kid) for kid in KIDS.values()) else None


# ── the API ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def api(*paths: str) -> Callable[[World], Iterable[Thing]]:
    return just(*(f"/api/v1/{path}" for path in paths))


def numbers(world: World) -> Iterator[Thing]:
    """Some pupils by their number, which is sent and never stands in an address."""
    for kid in (KIDS[key] for key in ("amy", "cat", "eve", "fay", "hal", "lea", "ned")):
        yield Thing(relation_of(kid), "/api/v1/pupils/find", about=kid)


def classes_of_pupils(world: World) -> Iterator[Thing]:
    for code in ("5A", "5S", "6T", "9Z"):
        said = {"5S": "sister school", "6T": "strangers' school", "9Z": "absent"}.get(code, f"class {code}")
        yield Thing(said, "/api/v1/pupils", f"class={code}", about=code)
    yield Thing("none", "/api/v1/pupils")
    yield Thing("none", "/api/v1/pupils", "on_roll=any")


def right_of_pupil_list(actor: Actor, thing: Thing) -> Status:
    members = [kid for kid in KIDS.values() if kid.on_roll and any(code == thing.about for code, _ in kid.lessons)]
    return 200 if thing.about is None or any(sees(actor, kid) for kid in members) else 400


def assessments(world: World) -> Iterator[Thing]:
    yield Thing("none", "/api/v1/assessments", f"term={TERM}", about=(None, TERM))
    yield Thing("none", "/api/v1/assessments", about=(None, ""))
    for key in ("amy", "hal", "lea", "ned"):
        query = f"term={TERM}&pupil={world.pupils[key].uid}"
        yield Thing(relation_of(KIDS[key]), "/api/v1/assessments", query, about=(KIDS[key], TERM))
    yield Thing("absent", "/api/v1/assessments", f"term={TERM}&pupil={NOWHERE}", about=("nobody", TERM))


def right_of_assessments(actor: Actor, thing: Thing) -> Status:
    kid, term = thing.about
    if not may(actor, "ask") or (not term and not may(actor, "export")):
        return 403
    if kid is None:
        return 200
    return 200 if kid != "nobody" and sees(actor, kid) else 404
