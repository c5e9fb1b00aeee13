"""What the frame round every page needs."""

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, whose frame says so."""
    return {"demo": settings.DEMO}
