"""The one Django app of Headway."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Every model lives here: one app, so that nothing ties itself into cycles (docs/decisions/0001)."""

    name = "headway.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
