"""What a role can be of in a school: a subject, year group, registration group or group, as the policy says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from headway.domain.cuts import cut_place
from headway.domain.policy import Relation
from headway.domain.roles import ScopedRole
from headway.domain.terms import FIRST_YEAR_GROUP, LAST_YEAR_GROUP, parse_year_group, year_group_code
from headway.formats.policy import school_policy
from headway.records.models import Group, Placement, Role, School, Subject
from headway.services.role_sheets import SCOPE_WORDS

__all__ = ["RoleRefusedError", "Scopes", "roles_of_group", "scopes_of"]

_MOST_NAMED = 30


class RoleRefusedError(ValueError):
    """A role cannot be of what was said."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(f"{wrong[:1].upper()}{wrong[1:]}. Right would be {right}.")


@dataclass(frozen=True, slots=True)
class Scopes:
    """What there is in a school for roles to be of, by relation: each by its code, with its name in words."""

    there: Mapping[Relation, Mapping[str, str]]

    def of(self, role: str) -> Mapping[str, str] | None:
        """What a role can be of; None where it is of nothing."""
        relation = school_policy().roles[role].scope
        return None if relation is None else self.there[relation]

    def words(self, held: ScopedRole) -> str:
        """What a role is of, as people say it."""
        return (self.of(held.role) or {}).get(held.scope, held.scope)

    def knows(self, held: ScopedRole) -> bool:
        """Whether what the role is of is there; a role of nothing needs nothing."""
        return not held.scope or held.scope in (self.of(held.role) or {})

    def settled(self, wanted: ScopedRole, *, held: Collection[ScopedRole] = ()) -> ScopedRole:
        """The role as the school spells what it is of.

        What is held already stays as it is. A group need not be there yet: the file that makes it may come later.

        Raises
        ------
        RoleRefusedError : what it is of is not there, or the role is of nothing.
        """
        if wanted in held or not wanted.scope:
            return wanted
        relation = school_policy().roles[wanted.role].scope
        if relation is None:
            wrong = f"the role {wanted.role} is not of anything, but ‘{wanted.scope}’ stands after it"
            raise RoleRefusedError(wrong, wanted.role)
        if relation == "year":
            return self._of_year(wanted)
        for code, name in self.there[relation].items():
            if wanted.scope.casefold() in (" ".join(code.split()).casefold(), name.casefold()):
                return ScopedRole(wanted.role, code)
        if relation == "group":
            return wanted
        raise _unknown(relation, wanted.scope, list(self.there[relation]))

    def _of_year(self, wanted: ScopedRole) -> ScopedRole:
        years = self.there["year"]
        try:
            code = year_group_code(parse_year_group(wanted.scope))
        except ValueError:
            code = ""
        if code not in years:
            raise _unknown("year", wanted.scope, list(years))
        return ScopedRole(wanted.role, code)


def scopes_of(school: School) -> Scopes:
    """What roles can be of in a school as it is now."""
    subjects = dict(Subject.objects.filter(school=school).order_by("name").values_list("code", "name"))
    placed = Placement.objects.filter(school=school)
    # before there is a pupil, every year group there can be
    years = set(placed.values_list("year_group", flat=True)) or set(range(FIRST_YEAR_GROUP, LAST_YEAR_GROUP + 1))
    forms = set(placed.exclude(reg_group="").values_list("reg_group", flat=True))
    groups = [code for code in Group.objects.filter(school=school).values_list("code", flat=True) if ";" not in code]
    return Scopes(
        {
            "subject": subjects,
            "year": {code: f"Year {code}" for code in map(year_group_code, sorted(years))},
            "tutor_group": {code: code for code in sorted(forms, key=lambda code: cut_place("reg_group", code))},
            "group": {code: code for code in sorted(groups, key=lambda code: cut_place("group", code))},
        }
    )


def roles_of_group(school: School, code: str) -> list[Role]:
    """The roles that are of a group, which follow it when its name changes."""
    of_groups = [role.code for role in school_policy().roles.values() if role.scope == "group"]
    return list(Role.objects.filter(school=school, role__in=of_groups, scope=code))


def _unknown(relation: Relation, said: str, known: Sequence[str]) -> RoleRefusedError:
    what = SCOPE_WORDS[relation]
    if not known:
        return RoleRefusedError(f"the school has no {what} yet", "to bring in the pupils file first")
    more = ", …" if len(known) > _MOST_NAMED else ""
    return RoleRefusedError(f"the school has no {what} ‘{said}’", f"one of {', '.join(known[:_MOST_NAMED])}{more}")
