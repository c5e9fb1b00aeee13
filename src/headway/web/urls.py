"""The addresses of the pages."""

from django.urls import path

from headway.web.views import (
    accounts,
    frame,
    groups,
    mark_cells,
    mark_sheets,
    progress,
    pupils,
    search,
    set_up,
    targets,
    today,
    transfers,
)

urlpatterns = [
    path("", today.home, name="home"),
    path("theme", frame.theme, name="theme"),
    path("sign-in", accounts.sign_in, name="sign-in"),
    path("sign-out", accounts.sign_out, name="sign-out"),
    path("claim/<uuid:account_id>/<str:token>", accounts.claim, name="claim"),
    path("search", search.results, name="search"),
    path("search/suggestions", search.suggestions, name="search-suggestions"),
    path("classes", mark_sheets.classes, name="classes"),
    path("classes/<path:code>/marks/<str:term>", mark_sheets.marks, name="marks"),
    path("classes/<path:code>/marks/<str:term>/cells", mark_cells.cells, name="marks-cells"),
    path("classes/<path:code>/marks/<str:term>/changes", mark_cells.changes, name="marks-changes"),
    path("targets/<path:code>/<str:subject>/check", targets.check, name="targets-check"),
    path("targets/<path:code>/<str:subject>", targets.targets, name="targets"),
    path("progress", progress.progress, name="progress"),
    path("groups", groups.groups, name="groups"),
    path("groups/new", groups.group_new, name="group-new"),
    path("groups/<uuid:group>", groups.group, name="group"),
    path("pupils/<uuid:pupil>", pupils.pupil, name="pupil"),
    path("transfers", transfers.transfers, name="transfers"),
    path("transfers/uploads/<uuid:upload_id>", transfers.upload, name="upload"),
    path("transfers/<uuid:transfer>", transfers.transfer, name="transfer"),
    path("set-up", set_up.set_up, name="set-up"),
    path("set-up/<str:token>", set_up.set_up_school, name="set-up-school"),
]
