"""The addresses of the pages."""

from django.urls import path

from headway.web.views import accounts, frame, progress

urlpatterns = [
    path("", frame.home, name="home"),
    path("theme", frame.theme, name="theme"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("claim/<uuid:account_id>/<str:token>", accounts.claim, name="claim"),
    path("progress", progress.progress, name="progress"),
]
