"""The pupils' door: a sign-in name, then three words or three pictures. Needs no script.

Whatever name is given, the next question follows from the name alone, so that it says nothing about who has a card.
"""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from headway.domain.families import PICTURES, SECRET_LENGTH
from headway.services.access import COMMAND_LINE, schools_of
from headway.services.families.pupil_sign_in import pupil_of_card, try_card
from headway.web import clock
from headway.web.entrance import let_in, too_many
from headway.web.forms.pupil_sign_in import NameForm, WordsForm, pictures_chosen
from headway.web.guards import public
from headway.web.presenters.pictures import pictures_of

__all__ = ["pupil_sign_in"]

_WRONG = "That does not match a card. Look at your card and try again. If it is lost, ask your teacher for a new one."


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the name, then for what stands beside it on the card."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or "again" in request.POST:
        fresh = NameForm() if "again" in request.POST else form
        said = {"form": fresh, "demo_cards": _demo_cards()}
        return render(request, "families/sign_in_name.html", said, status=400 if fresh.errors else 200)
    name = form.cleaned_data["name"]
    return _pictures(request, name) if form.kind == "pictures" else _words(request, name)


def _words(request: HttpRequest, name: str) -> HttpResponse:
    """The second question for who signs in with words."""
    form = WordsForm(request.POST if "words" in request.POST else None)
    status = 200
    if form.is_valid():
        wrong, status, response = _entered(request, name, form.cleaned_data["words"])
        if response is not None:
            return response
        form.add_error(None, wrong)
    said = {"form": form, "name": name}
    return render(
        request, "families/sign_in_words.html", said, status=status if status != 200 or not form.errors else 400
    )


def _pictures(request: HttpRequest, name: str) -> HttpResponse:
    """The second question for who signs in with pictures: one after the other."""
    chosen = pictures_chosen([*request.POST.getlist("chosen"), *request.POST.getlist("picture")])
    wrong, status = "", 200
    if len(chosen) == SECRET_LENGTH:
        wrong, status, response = _entered(request, name, "-".join(chosen))
        if response is not None:
            return response
        chosen = []
    said = {
        "name": name,
        "pictures": pictures_of(PICTURES),
        "chosen": chosen,
        "picked": [*pictures_of(chosen), *[None] * (SECRET_LENGTH - len(chosen))],
        "number": len(chosen) + 1,
        "wrong": wrong,
    }
    return render(request, "families/sign_in_pictures.html", said, status=status)


def _entered(request: HttpRequest, name: str, secret: str) -> tuple[str, int, HttpResponse | None]:
    """Tries a card: what is wrong and the status that says so, or the way in."""
    made = try_card(name, address=str(request.META.get("REMOTE_ADDR", "")), now=clock.now())
    if not made.allowed:
        return too_many(made.minutes_to_wait), 429, None
    user = pupil_of_card(name, secret, made=made)
    if user is None:
        return _WRONG, 400, None
    return "", 200, let_in(request, user, second_step=False, goes_to=reverse("my-progress"))


def _demo_cards() -> Sequence[object]:
    """The cards of the made-up schools; none where schools are real."""
    if not settings.DEMO:
        return ()
    from headway.demo.make import cards  # noqa: PLC0415  # a real school never loads the demo

    schools = schools_of(COMMAND_LINE, on=clock.now().date())
    return [card for school in schools if school.demo for card in cards(school)]
