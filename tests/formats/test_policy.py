"""The policy file: read whole, refused by name where it says what nobody could keep to."""

import pytest

from headway.domain.roles import ROLES
from headway.formats.policy import FAMILY_ROLES, read_policy, school_policy

SHIPPED = school_policy()


def text(*, roles: str = "") -> str:
    """A policy of everything there is, in which every role is one and the same but for what is given."""
    same = "{about: a, never: [b]}"
    lines = [f"  {code}: {same}" for code in (*ROLES, *FAMILY_ROLES) if f"{code}:" not in roles]
    parts = {"relations": SHIPPED.relations, "fields": SHIPPED.fields, "actions": SHIPPED.actions}
    said = [line for part, words in parts.items() for line in (f"{part}:", *(f"  {each}: c" for each in words))]
    return "\n".join([*said, "roles:", *lines, *([f"  {roles}"] if roles else [])])


def test_it_has_words_for_every_role_and_something_nobody_of_it_ever_does() -> None:
    assert set(SHIPPED.roles) == {*ROLES, *FAMILY_ROLES}
    for role in SHIPPED.roles.values():
        assert role.about.endswith(".")
        assert role.never


def test_it_lets_nobody_see_what_they_do_not_reach() -> None:
    assert [role.code for role in SHIPPED.roles.values() if role.fields and not role.sees] == []
    for row in SHIPPED.rows():
        assert row.relation in {*SHIPPED.roles[row.role].sees, "taught"}


def test_only_the_head_and_the_assessment_manager_manage_people() -> None:
    assert {row.role for row in SHIPPED.rows() if row.action == "manage_people"} == {"head", "assessment_manager"}


def test_it_keeps_confidential_things_from_those_who_only_work_with_data() -> None:
    readers = {row.role for row in SHIPPED.rows() if row.field == "confidential"}

    assert "senco" in readers
    assert not readers & {"data_manager", "assessment_manager", "teaching_assistant", "subject_leader"}


def test_a_role_needs_a_second_step_once_it_reaches_beyond_own_pupils() -> None:
    needs = {code for code, role in SHIPPED.roles.items() if role.needs_second_step("")}
    with_something_named = {code for code, role in SHIPPED.roles.items() if role.needs_second_step("9")} - needs

    assert needs == {
        "head",
        "senior_leader",
        "assessment_manager",
        "data_manager",
        "senco",
        "intervention_coordinator",
        "gifted_talented_coordinator",
    }
    assert with_something_named == {"subject_leader", "head_of_year", "learning_mentor"}


@pytest.mark.parametrize(
    ("roles", "wrong"),
    [
        ("head: {about: a, never: [b], sees: [everywhere]}", "roles.head.sees: everywhere is not known"),
        ("head: {about: a, never: [b], fields: [shoe_size]}", "roles.head.fields: shoe_size is not known"),
        ("head: {about: a, never: [b], may: {fly: school}}", "roles.head.may: fly is not known"),
        ("head: {about: a, never: [b], may: {ask: school}}", "roles.head.may: school is not known. Right"),
        ("head: {about: a, never: [b], sees: [year]}", "roles.head: the scope is None, but it sees year"),
        ("head: {about: a, never: [b], colour: red}", "roles.head: colour is not known"),
        ("wizard: {about: a, never: [b]}", "roles: wizard is not known"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_not_known(roles: str, wrong: str) -> None:
    assert set(read_policy(text()).roles) == set(SHIPPED.roles)

    with pytest.raises(ValueError, match=wrong):
        read_policy(text(roles=roles))


def test_it_refuses_a_table_with_a_role_missing() -> None:
    with pytest.raises(ValueError, match=r"roles: installer is missing\."):
        read_policy(text().replace("  installer: {about: a, never: [b]}\n", ""))
