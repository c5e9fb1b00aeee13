"""What Django REST framework and the describer of the API are told: names only, so that nothing of them is loaded here.

A view of theirs made without a thought asks for a token, reads and writes JSON and nothing else, and knows no session.
"""

from collections.abc import Mapping

__all__ = ["REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]

REST_FRAMEWORK: Mapping[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["headway.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_THROTTLE_CLASSES": ["headway.api.rate.TokenRate"],
    "DEFAULT_PARSER_CLASSES": ["headway.api.bodies.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["headway.api.bodies.PlainJson"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "headway.api.bodies.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "headway.api.schema.RouteSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "headway.api.problems.as_problem",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["headway.api.bodies.PlainJson"],
}

SPECTACULAR_SETTINGS: Mapping[str, object] = {
    "TITLE": "Headway",
    "DESCRIPTION": (
        "A school's pupils and assessments for other systems. A token is made by somebody of the school, sees what "
        "they see at that moment, and stands in the Authorization header. How to begin: docs/api.md."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATION_PARAMETERS": False,
}
