"""The policy file read into the domain's table. Knows not who asks."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

import yaml

from headway.domain.policy import NAMED_WITH_ROLE, Action, Field, Policy, Relation, RolePolicy
from headway.domain.roles import ROLES

__all__ = ["FAMILY_ROLES", "read_policy", "school_policy"]

FAMILY_ROLES = ("pupil", "parent")
"""Roles that nobody is given: a pupil is one by their record, a parent by the contacts of their child."""

_ROLE_KEYS = frozenset({"about", "scope", "sees", "fields", "may", "never"})


@cache
def school_policy() -> Policy:
    """The policy every school goes by."""
    return read_policy((resources.files("headway") / "policy" / "school.yaml").read_text(encoding="utf-8"))


def read_policy(text: str) -> Policy:
    """The table a policy file describes.

    Raises
    ------
    ValueError : naming the first thing that is not known, missing or contradicts itself, and where it stands.
    """
    tree: Mapping[str, Any] = yaml.safe_load(text)
    for part, names in (("relations", Relation), ("fields", Field), ("actions", Action)):
        _exactly(part, tree[part], get_args(names))
    _exactly("roles", tree["roles"], (*ROLES, *FAMILY_ROLES))
    return Policy(
        relations=tree["relations"],
        fields=tree["fields"],
        actions=tree["actions"],
        roles={code: _role(code, given) for code, given in tree["roles"].items()},
    )


def _role(code: str, given: Mapping[str, Any]) -> RolePolicy:
    _known(f"roles.{code}", given, _ROLE_KEYS)
    sees, fields, may = given.get("sees", []), given.get("fields", []), given.get("may", {})
    scope = given.get("scope")
    _known(f"roles.{code}.sees", sees, get_args(Relation))
    _known(f"roles.{code}.fields", fields, get_args(Field))
    _known(f"roles.{code}.may", may, get_args(Action))
    _known(f"roles.{code}.may", may.values(), (*sees, "taught"))
    if {scope} - {None} != NAMED_WITH_ROLE & set(sees):
        raise ValueError(f"roles.{code}: the scope is {scope}, but it sees {', '.join(sees)}. They must name the same.")
    return RolePolicy(
        code=code,
        about=given["about"],
        scope=cast("Relation | None", scope),
        sees=tuple(sees),
        fields=frozenset(fields),
        may=dict(may),
        never=tuple(given["never"]),
    )


def _exactly(place: str, given: Iterable[str], wanted: Iterable[str]) -> None:
    _known(place, given, wanted)
    missing = sorted(set(wanted) - set(given))
    if missing:
        raise ValueError(f"{place}: {', '.join(missing)} is missing.")


def _known(place: str, given: Iterable[str], known: Iterable[str]) -> None:
    strange = sorted(set(given) - set(known))
    if strange:
        raise ValueError(f"{place}: {', '.join(strange)} is not known. Right would be {', '.join(sorted(known))}.")
