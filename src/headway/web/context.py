"""What the frame round every page needs."""

from django.conf import settings
from django.http import HttpRequest

from headway.web.themes import theme_of

__all__ = ["frame"]


def frame(request: HttpRequest) -> dict[str, object]:
    """Whose page it is, in which school, whether in the demo, and in which theme."""
    school = getattr(request, "school", None)
    viewer = getattr(request, "viewer", None)
    return {
        "demo": settings.DEMO,
        "theme": theme_of(request),
        "school": school,
        "several_schools": len(getattr(request, "schools", ())) > 1,
        "viewer_name": viewer.author(school).name if viewer and school else getattr(viewer, "name", ""),
    }
