"""The description of the API (OpenAPI 3.1), made of the operations themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from newsletter.model.api_key import Scope
from newsletter.web.api.operation import SCHEME
from newsletter.web.api.problems import Kind
from newsletter.web.api.routers import ROUTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/v1"
VERSION = "1"
_ABOUT = """\
Subscribers, lists, audiences and mailings of a newsletter, for programs of its own staff.

Keys are made with `newsletter api-keys add`. Everything that goes wrong is told as problem details (RFC 9457).
"""
_MISTAKE = {
    "type": "object",
    "description": "At a JSON pointer of the body, or in a parameter.",
    "properties": {
        "pointer": {"type": "string", "format": "json-pointer"},
        "parameter": {"type": "string"},
        "message": {"type": "string"},
    },
    "required": ["message"],
    "additionalProperties": False,
    "examples": [{"pointer": "/email", "message": "This is needed."}],
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Programs go by `type`; `title` and `detail` are for people, and may change.",
    "properties": {
        "type": {"type": "string", "format": "uri", "enum": [kind.type for kind in Kind]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Mistake"}},
        "reason": {"type": "string", "description": "Why an address is suppressed."},
        "list": {"type": "string", "description": "The list that it is about."},
        "scope": {
            "type": "string",
            "enum": [scope.value for scope in Scope],
            "description": "The one that is missing.",
        },
    },
    "required": ["type", "title", "status"],
    "examples": [{"type": Kind.NOT_FOUND.type, "title": Kind.NOT_FOUND.title, "status": 404}],
}


@lru_cache(maxsize=4)
def document(base_url: str) -> dict[str, Any]:
    """For the API below this address."""
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    made = get_openapi(
        title="Newsletter API",
        version=VERSION,
        description=_ABOUT,
        routes=app.routes,
        servers=[{"url": base_url.rstrip("/") + PATH}],
    )
    schemas = made["components"]["schemas"]
    schemas |= {"Problem": _PROBLEM, "Mistake": _MISTAKE}
    made["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "nlk_<prefix>_<secret>",
            "description": "A key of `newsletter api-keys add`. An operation names the scope that the key must have.",
        }
    }
    _drop_unused(made, schemas)
    for content in _contents(made):
        _add_example(content, schemas)
    return made


def _drop_unused(made: dict[str, Any], schemas: dict[str, Any]) -> None:
    """FastAPI's own 422 where only the path can be wrong: then we say 404."""
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in made["paths"].values():
        for operation in operations.values():
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]


def _contents(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What bodies of requests and answers are described by."""
    for operations in made["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                yield from body.get("content", {}).values()


def _add_example(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """That of its shape, where it has none of its own."""
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    if name and "examples" not in content:
        content["examples"] = {"usual": {"value": schemas[name]["examples"][0]}}
