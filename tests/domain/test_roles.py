"""Roles as people and files write them, with what they are of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.roles import ROLES, ScopedRole, parse_roles

SCOPES = st.text(st.characters(exclude_characters=";\n\r", exclude_categories=("C", "Z")), min_size=1, max_size=20)
SCOPED = st.builds(ScopedRole, st.sampled_from(list(ROLES)), st.one_of(st.just(""), SCOPES))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("class_teacher", ["class_teacher"]),
        ("Class teacher, Head-of-year", ["class_teacher", "head_of_year"]),
        ("head senco", ["head", "senco"]),
        (
            "subject_leader:mathematics; head_of_year:9; tutor:9B",
            ["subject_leader:mathematics", "head_of_year:9", "tutor:9B"],
        ),
        ("learning mentor : Mentoring  9 ;class_teacher", ["learning_mentor:Mentoring 9", "class_teacher"]),
        ("tutor:9B, head_of_year:9", ["tutor:9B", "head_of_year:9"]),
        ("learning_mentor:Poets, players", ["learning_mentor:Poets, players"]),
        ("learning_mentor:Poets, players; tutor", ["learning_mentor:Poets, players", "tutor"]),
        ("learning_mentor:9:30 club", ["learning_mentor:9:30 club"]),
        ("tutor:9B; tutor:9B; tutor:9C", ["tutor:9B", "tutor:9C"]),
        ("head\nsenco", ["head", "senco"]),
    ],
)
def test_it_understands_what_people_write(text: str, roles: list[str]) -> None:
    assert [str(role) for role in parse_roles(text)] == roles


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' names no role. Right would be one or more of head, "),
        (" ; ", "' ; ' names no role."),
        ("wizard", "'wizard' is not a role."),
        ("wizard:9B", "'wizard' is not a role."),
        ("tutor; wizard", "'wizard' is not a role."),
        ("tutor:", "'tutor:' names nothing after the colon."),
        (":9B", "'' is not a role."),
    ],
)
def test_it_refuses_what_is_none(text: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_roles(text)

    assert str(refused.value).startswith(said)


@given(st.lists(SCOPED, min_size=2, max_size=5, unique=True))
def test_it_reads_back_what_files_write(roles: list[ScopedRole]) -> None:
    assert parse_roles("; ".join(map(str, roles))) == tuple(roles)


@given(SCOPED)
def test_it_reads_back_one_alone(role: ScopedRole) -> None:
    """Alone no semicolon says where a role ends; what it is of may hold a comma, and is read whole all the same."""
    if any(part.strip().partition(":")[0].casefold() in ROLES for part in role.scope.split(",")[1:]):
        return
    assert parse_roles(str(role)) == (role,)
