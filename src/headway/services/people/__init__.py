"""People and their accounts: invited, given roles, listed, and gone at the next click once their time has ended."""

from headway.services.people.accounts import (
    DORMANT_AFTER,
    claim_account,
    claim_path,
    claimed_user,
    disable_account,
    is_dormant,
    new_link,
    reset_account,
)
from headway.services.people.adding import Invited, add_person, invite, invite_person
from headway.services.people.changes import bring_back, change_roles, end_time
from headway.services.people.lists import PersonChange, PersonDetail, PersonRow, people_of, person_of, roles_to_give
from headway.services.people.powers import PersonRefusedError, within_powers
from headway.services.people.scopes import RoleRefusedError, Scopes, scopes_of

__all__ = [
    "DORMANT_AFTER",
    "Invited",
    "PersonChange",
    "PersonDetail",
    "PersonRefusedError",
    "PersonRow",
    "RoleRefusedError",
    "Scopes",
    "add_person",
    "bring_back",
    "change_roles",
    "claim_account",
    "claim_path",
    "claimed_user",
    "disable_account",
    "end_time",
    "invite",
    "invite_person",
    "is_dormant",
    "new_link",
    "people_of",
    "person_of",
    "reset_account",
    "roles_to_give",
    "scopes_of",
    "within_powers",
]
