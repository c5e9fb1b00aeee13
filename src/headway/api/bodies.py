"""What comes in and goes out: JSON, read strictly and written plainly, whatever a client says it would accept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder

from headway.api.problems import ProblemError, shown

__all__ = ["AlwaysJson", "PlainJson", "StrictJson"]

_MOST_BYTES = 64 * 1024
_ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class AlwaysJson(BaseContentNegotiation):
    """There is one way to write an answer, so nobody is asked which."""

    def select_parser(self, request: Any, parsers: Sequence[BaseParser]) -> BaseParser | None:
        kind = str(request.content_type).partition(";")[0].strip().casefold()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Any, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class PlainJson(BaseRenderer):
    """JSON without ornament. What no text can hold is replaced, never a fault."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else _ENCODER.encode(data).encode("utf-8", errors="replace")


class StrictJson(BaseParser):
    """JSON in which nothing can be meant two ways: no key twice, no NaN, not too large and not too deep."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> object:
        sent = stream.read(_MOST_BYTES + 1)
        if len(sent) > _MOST_BYTES:
            raise ProblemError("too_large", f"Right would be {_MOST_BYTES // 1024} KB at most.")
        try:
            return json.loads(sent.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError:  # no UTF-8, no JSON, or a number with thousands of digits
            raise ParseError("The body is not JSON in UTF-8. Right would be an object, such as {}.") from None


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"The key {shown(twice)} stands there twice. Right would be each once.")
    return found


def _no_constant(said: str) -> NoReturn:
    raise ParseError(f"{said} is no JSON.")
