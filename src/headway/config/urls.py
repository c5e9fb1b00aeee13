"""Every address of an installation."""

from django.urls import include, path

urlpatterns = [path("", include("headway.web.urls"))]
