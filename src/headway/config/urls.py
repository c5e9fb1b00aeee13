"""Every address of an installation."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("headway.api.urls")), path("", include("headway.web.urls"))]
