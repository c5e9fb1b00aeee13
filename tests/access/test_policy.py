"""The product's policy and the oracle's, each written for itself, say the same in every row."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from headway.domain.policy import Action, Field, Relation
from headway.domain.roles import ROLES
from headway.formats.policy import school_policy
from tests.access.facts import ACTORS, KIDS
from tests.access.oracle import FIELDS, may, sees, table

Line = tuple[str, str, str, str]


def _product() -> Iterator[Line]:
    """What the product allows, a line each: role, action, relation, field."""
    for role in school_policy().roles.values():
        if "ask" in role.may:
            yield from ((role.code, "ask", relation, "") for relation in role.sees)
        yield from ((role.code, action, to, "") for action, to in role.may.items() if action != "ask")
    yield from ((row.role, row.action, row.relation, row.field) for row in school_policy().rows() if row.field)


def test_both_allow_the_same() -> None:
    allowed = {(row.role, row.action, row.relation, row.field) for row in table() if row.answer == "allow"}

    assert set(_product()) - allowed == set(), "the product allows what the oracle does not"
    assert allowed - set(_product()) == set(), "the oracle allows what the product does not"


def test_the_oracle_has_an_answer_for_every_role_and_action_and_for_every_field_of_whom_it_sees() -> None:
    roles = {*ROLES, "pupil", "parent"}
    asked = {(row.role, row.action) for row in table() if not row.field}
    seen = {(row.role, row.relation) for row in table() if (row.action, row.field, row.answer) == ("ask", "", "allow")}

    assert asked == {(role, action) for role in roles for action in get_args(Action)}
    fields = {(row.role, row.relation, row.field) for row in table() if row.field}
    assert fields == {(role, relation, field) for role, relation in seen for field in FIELDS}
    assert set(FIELDS) == set(get_args(Field))


def test_the_oracle_says_nothing_twice_and_nothing_unknown() -> None:
    said = Counter((row.role, row.action, row.relation, row.field) for row in table())

    assert [line for line, n in said.items() if n > 1] == []
    assert {row.answer for row in table()} == {"allow", "deny"}
    assert {row.relation for row in table()} <= {*get_args(Relation), "any"}


def test_a_role_that_may_look_sees_somebody_and_one_that_may_not_sees_nobody() -> None:
    for actor in ACTORS.values():
        anybody = any(sees(actor, kid) for kid in KIDS.values())

        assert anybody == may(actor, "ask"), actor.name


def test_every_role_is_in_the_cast() -> None:
    assert {holding.role for actor in ACTORS.values() for holding in actor.holdings} == set(ROLES)
