"""The web's Django app: templates and static files, no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds no models: those live in records."""

    name = "headway.web"
    label = "web"
