"""The OpenAPI document of a service: who may ask, which problems may come, and no description of errors that we
never send."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from shared.service.auth import roles_of
from shared.service.problems import MEDIA_TYPE, PROBLEM_SCHEMA

_COMMON = {
    "400": "The request cannot be read, or a command has no Idempotency-Key",
    "401": "Not signed in",
    "404": "Not there, or not for you: the two look alike",
    "422": "Parts of the request are not acceptable; `errors` names field and rule",
    "503": "Database, broker or identity provider away; nothing was acknowledged; see Retry-After",
}
_OF_COMMANDS = {
    "409": "Refused by a rule as things stand, or somebody else was quicker too often",
    "412": "It moved on since the version that If-Match names; the ETag says to which",
}
"""What any command may be answered besides."""


def install(app: FastAPI) -> None:
    """Serve our document as `/openapi.json` of `app`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _describe(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["securitySchemes"] = {
        "officer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "OpenID Connect access token",
        }
    }
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            operation = found["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _describe_operation(operation, roles_of(route))
    _say_local_times(found)
    return found


def _say_local_times(part: Any) -> None:
    """Our times of day are by the clock on the wall; `time` would promise an offset (RFC 3339 section 5.6)."""
    if isinstance(part, dict):
        if part.get("type") == "string" and part.get("format") == "time":
            part["format"] = "time-local"
        for below in part.values():
            _say_local_times(below)
    elif isinstance(part, list):
        for below in part:
            _say_local_times(below)


def _describe_operation(operation: dict[str, Any], roles: frozenset[str]) -> None:
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    if "health" in operation.get("tags", ()):
        return  # these say all themselves
    documented = dict(_COMMON)
    if roles:
        operation["security"] = [{"officer": sorted(roles)}]
        operation["description"] = f"{operation.get('description', '')}\n\nFor: {', '.join(sorted(roles))}.".strip()
    else:
        del documented["401"]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "idempotency-key":
            parameter["required"] = True  # to FastAPI it is optional, so that our own problem answers its lack
            documented |= _OF_COMMANDS
    for status, description in documented.items():
        problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses.setdefault(status, {"description": description, "content": problem})
