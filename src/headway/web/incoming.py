"""What a browser sends: a form that is too large is counted and dropped, never kept, before anybody reads it."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

__all__ = ["MOST_SENT", "RefuseLargeForms", "is_too_large", "json_sent"]

MOST_SENT = 21_000_000
"""Bytes of a whole form: a file of 20 MB and what stands round it."""

_MARK = "_form_is_too_large"


class RefuseLargeForms(FileUploadHandler):
    """Drops the files of a form that is too large as they arrive, so that they fill neither memory nor disk."""

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self._too_large = content_length > MOST_SENT
        setattr(self.request, _MARK, self._too_large)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if self._too_large:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def json_sent(request: HttpRequest) -> bytes:
    """What a script sent; nothing where it was a form, whose bytes are gone once it has been looked into."""
    return request.body if request.content_type == "application/json" else b""


def is_too_large(request: HttpRequest) -> bool:
    """Whether the form of a request was dropped for its size."""
    return bool(request.POST is not None and getattr(request, _MARK, False))
