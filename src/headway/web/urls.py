"""The addresses of the pages."""

from django.urls import path

from headway.web.views import accounts, frame, progress, search

urlpatterns = [
    path("", frame.home, name="home"),
    path("theme", frame.theme, name="theme"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("claim/<uuid:account_id>/<str:token>", accounts.claim, name="claim"),
    path("search", search.results, name="search"),
    path("search/suggestions", search.suggestions, name="search-suggestions"),
    path("progress", progress.progress, name="progress"),
]
