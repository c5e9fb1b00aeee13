"""The policy in sentences and tables: whom each role sees, what of them, what it may do, and what it never does.

The page of roles, `headway role list` and docs/roles.md are printed from these; none of them has a word of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from headway.domain.policy import Action, Field, Policy, Relation, RolePolicy
from headway.domain.roles import ROLES
from headway.formats.policy import school_policy

__all__ = ["FAMILY_WORDS", "SCOPE_WORDS", "Matrix", "RoleSheet", "RolesPage", "role_sheets", "roles_page"]

FAMILY_WORDS = {"pupil": "pupil", "parent": "parent or guardian"}
"""What those are called whom nobody gives a role: they are known by their own records."""

SCOPE_WORDS: Mapping[Relation, str] = {
    "subject": "subject",
    "year": "year group",
    "tutor_group": "registration group",
    "group": "group",
}
"""What a role can be of."""


@dataclass(frozen=True, slots=True)
class RoleSheet:
    """One role in words: ``of`` what it can be of, ``fields`` those it sees of its pupils; ``given`` by somebody."""

    code: str
    words: str
    about: str
    of: str
    sees: tuple[str, ...]
    fields: tuple[Field, ...]
    actions: tuple[Action, ...]
    may: tuple[str, ...]
    never: tuple[str, ...]
    second_step: str
    given: bool

    @property
    def said(self) -> Sequence[tuple[str, str]]:
        """What there is to say of the role, each with its heading."""
        parts = [
            ("Sees", "; ".join(self.sees) or "no pupil"),
            ("Guarded fields", _fields_said(self.fields) if self.sees else ""),
            ("May", "; ".join(self.may)),
            ("Never", "; ".join(self.never)),
            ("Second step", self.second_step),
        ]
        return [(heading, text) for heading, text in parts if text]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Roles of staff by fields, or by actions: the headings, and for each role whether it holds, in their order."""

    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[bool]]]


@dataclass(frozen=True, slots=True)
class RolesPage:
    """Every role: in words, by the fields it sees, by what it may do."""

    sheets: Sequence[RoleSheet]
    fields: Matrix
    actions: Matrix


def role_sheets() -> Sequence[RoleSheet]:
    """Every role there is, in the order of the policy."""
    policy = school_policy()
    return [_sheet(role, policy) for role in policy.roles.values()]


def roles_page() -> RolesPage:
    """The policy as one page: the same table `headway.services.access` answers from."""
    policy, sheets = school_policy(), role_sheets()
    staff = [sheet for sheet in sheets if sheet.given and sheet.sees]
    actions = [action for action in policy.actions if action != "see_family_page"]
    return RolesPage(
        sheets=sheets,
        fields=Matrix(
            list(policy.fields.values()),
            [(sheet.words, [field in sheet.fields for field in policy.fields]) for sheet in staff],
        ),
        actions=Matrix(
            [policy.actions[action] for action in actions],
            [(sheet.words, [action in sheet.actions for action in actions]) for sheet in staff],
        ),
    )


def _sheet(role: RolePolicy, policy: Policy) -> RoleSheet:
    return RoleSheet(
        code=role.code,
        words=ROLES.get(role.code) or FAMILY_WORDS[role.code],
        about=role.about,
        of=SCOPE_WORDS[role.scope] if role.scope else "",
        sees=tuple(policy.relations[relation] for relation in role.sees),
        fields=tuple(field for field in policy.fields if field in role.fields),
        actions=tuple(action for action in policy.actions if action in role.may),
        may=tuple(_acts(role, policy)),
        never=role.never,
        second_step=_second_step(role),
        given=role.code in ROLES,
    )


def _acts(role: RolePolicy, policy: Policy) -> Iterator[str]:
    """What a role may do, but to look, which is said already."""
    for action, words in policy.actions.items():
        if action in role.may and action != "ask":
            yield f"{words}, where they teach" if role.may[action] == "taught" else words


def _second_step(role: RolePolicy) -> str:
    if role.needs_second_step(""):
        return "always"
    return "once something is named with the role" if role.needs_second_step("named") else ""


def _fields_said(fields: Sequence[Field]) -> str:
    """The fields a role sees, by those it does not where they are fewer."""
    words = school_policy().fields
    hidden = [words[field] for field in words if field not in fields]
    if not fields:
        return "none"
    if not hidden:
        return "all of them"
    if len(hidden) < len(fields):
        return f"all but {'; '.join(hidden)}"
    return "; ".join(words[field] for field in fields)
