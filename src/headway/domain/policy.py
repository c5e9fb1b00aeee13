"""Who sees and does what, as data: role × action × relation × field. Knows no pupil, no school and nobody by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["NAMED_WITH_ROLE", "OWN", "Action", "Field", "Policy", "PolicyRow", "Relation", "RolePolicy"]

Relation = Literal[
    "school", "year", "subject", "tutor_group", "classes", "group", "gifted", "taught", "self", "child"
]  # fmt: skip
"""How somebody stands to a pupil."""

Field = Literal[
    "date_of_birth",
    "sen",
    "fsm",
    "pupil_premium",
    "looked_after",
    "ethnicity",
    "first_language",
    "gifted_talented",
    "service_child",
    "confidential",
]
"""What is guarded one by one of a pupil whom somebody may see; all else of that pupil goes with the pupil."""

Action = Literal[
    "ask",
    "close_collection",
    "export",
    "import",
    "make_groups",
    "make_pupil_accounts",
    "manage_people",
    "manage_school",
    "record_marks",
    "release_marks",
    "see_audit",
    "see_family_page",
    "set_targets",
    "use_api",
]
"""What somebody may do."""

NAMED_WITH_ROLE: frozenset[Relation] = frozenset({"year", "subject", "tutor_group", "group"})
"""Relations that hold only to what is named with a role: without a name, to nobody."""

OWN: frozenset[Relation] = frozenset({"classes", "tutor_group", "taught", "self", "child"})
"""Relations to pupils of one's own: who sees only these needs no second step to sign in."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One line of the table: this role may do this to pupils it stands to so; ``field`` is "" for what is not guarded.

    Seeing a guarded field is the action ``ask`` with the field named.
    """

    role: str
    action: Action
    relation: Relation
    field: Field | Literal[""]


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """One role: in words, whom it sees, which guarded fields of them, what it may do to whom, what it never does."""

    code: str
    about: str
    scope: Relation | None
    sees: tuple[Relation, ...]
    fields: frozenset[Field]
    may: Mapping[Action, Relation]
    never: tuple[str, ...]

    def reaches(self, scope: str) -> Iterator[Relation]:
        """The relations that hold for somebody who has the role, with or without something named.

        >>> tutor = RolePolicy("tutor", "", "tutor_group", ("classes", "tutor_group"), frozenset(), {}, ())
        >>> list(tutor.reaches("")), list(tutor.reaches("9B"))
        (['classes'], ['classes', 'tutor_group'])
        """
        return (relation for relation in self.sees if scope or relation not in NAMED_WITH_ROLE)

    def acts_on(self, action: Action, scope: str) -> Iterator[Relation]:
        """The relation by which somebody who has the role may do something, where it holds for them.

        >>> tutor = RolePolicy("tutor", "", "tutor_group", (), frozenset(), {"make_pupil_accounts": "tutor_group"}, ())
        >>> [list(tutor.acts_on("make_pupil_accounts", scope)) for scope in ("", "9B")]
        [[], ['tutor_group']]
        """
        relation = self.may.get(action)
        if relation is not None and (scope or relation not in NAMED_WITH_ROLE):
            yield relation

    def needs_second_step(self, scope: str) -> bool:
        """Whether the role sees beyond somebody's own pupils, so that a password alone is not enough.

        >>> head = RolePolicy("head", "", None, ("school",), frozenset(), {}, ())
        >>> head.needs_second_step("")
        True
        """
        return any(relation not in OWN for relation in self.reaches(scope))


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole table, with the words for its relations, fields and actions."""

    relations: Mapping[Relation, str]
    fields: Mapping[Field, str]
    actions: Mapping[Action, str]
    roles: Mapping[str, RolePolicy]

    def rows(self) -> Iterator[PolicyRow]:
        """The table line by line, in the order of the file."""
        for role in self.roles.values():
            for action, relation in role.may.items():
                yield PolicyRow(role.code, action, relation, "")
            for relation in role.sees:
                for field in self.fields:
                    if field in role.fields:
                        yield PolicyRow(role.code, "ask", relation, field)
