"""Whose card this is: a pupil's sign-in name with the words or pictures that stand beside it."""

from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password

from headway.domain.families import kind_of_name, one_spelling
from headway.records.models import PupilAccount, User
from headway.services import audit
from headway.services.sign_in.attempts import Attempt, attempt, take_back

__all__ = ["pupil_of_card", "try_card"]

_PURPOSE = "card"


def try_card(sign_in_name: str, *, address: str, now: datetime) -> Attempt:
    """Counts a try at a card, by its name: a class behind one address has as many counts as pupils."""
    return attempt(one_spelling(sign_in_name), purpose=_PURPOSE, address=address, device=None, now=now)


def pupil_of_card(sign_in_name: str, secret: str, *, made: Attempt) -> User | None:
    """The account a card opens; None as slowly where nobody has such a card as where it is not this secret.

    The try was counted; the right one is taken back.
    """
    name = one_spelling(sign_in_name)
    account = PupilAccount.objects.filter(sign_in_name=name, user__is_active=True).select_related("user").first()
    if account is None or account.kind != kind_of_name(name):
        make_password(secret)
        audit.note_failed_account(None, now=datetime.fromtimestamp(made.at, UTC))
        return None
    if not account.user.check_password(one_spelling(secret)):
        audit.note_failed_account(account.user, now=datetime.fromtimestamp(made.at, UTC))
        return None
    take_back(made)
    return account.user
