"""What the API says of its answers: which problems an operation may come to, and the headers of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from fastapi import Header

from newsletter.web.api.problems import MEDIA_TYPE, Kind

if TYPE_CHECKING:
    from pydantic import BaseModel

_SCHEMA = {"$ref": "#/components/schemas/Problem"}
_TEXT, _SECONDS = {"type": "string"}, {"type": "integer", "minimum": 1}
_RATES = {
    "RateLimit-Policy": {"description": "How many requests a key has in how many seconds.", "schema": _TEXT},
    "RateLimit": {"description": "How many are left (r), and for how many seconds (t).", "schema": _TEXT},
}
_REPLAYED = {"description": "`true`: this is the answer of the first request.", "schema": {"const": "true"}}
_WAIT = {"Retry-After": {"description": "Seconds.", "required": True, "schema": _SECONDS}}
_HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": _TEXT}},
    429: _WAIT,
    503: _WAIT,
}
#: of every operation; of those with a body; of those that change something
ALWAYS = (Kind.NO_KEY, Kind.NO_SCOPE, Kind.METHOD, Kind.TOO_MANY, Kind.FAULT, Kind.AWAY)
WITH_BODY = (Kind.BAD_JSON, Kind.TOO_SLOW, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID)
CHANGING = (*WITH_BODY, Kind.UNDER_WAY, Kind.KEY_REUSED)

IdempotencyKey: TypeAlias = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Random text for one thing to be done, such as a UUID. The same request with the same key is "
        "carried out once within 24 hours, and answered alike.",
        examples=["8a5b1c5e-0c0f-4c5c-9d3b-7a1f0f1f2e55"],
    ),
]


def answers(model: type[BaseModel], words: str, *kinds: Kind, statuses: tuple[int, ...] = (200,)) -> dict[Any, Any]:
    """For `responses` of a route: what it answers, and each kind of problem, those of ALWAYS too."""
    replays = {"Idempotency-Replayed": _REPLAYED} if Kind.KEY_REUSED in kinds else {}
    said: dict[Any, Any] = {
        status: {"model": model, "description": words, "headers": _RATES | replays} for status in statuses
    }
    for kind in (*ALWAYS, *kinds):
        said[kind.status] = _problem(kind, said.get(kind.status))
    return said


def _problem(kind: Kind, before: dict[str, Any] | None) -> dict[str, Any]:
    """Several kinds of problems may have one status."""
    example: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status}
    if kind.detail:
        example["detail"] = kind.detail
    if kind is Kind.INVALID:
        example["errors"] = [{"pointer": "/email", "message": "This is needed."}]
    name = kind.type.rpartition(":")[2]
    if before:
        before["description"] += f", or: {kind.title}"
        before["content"][MEDIA_TYPE]["examples"][name] = {"value": example}
        return before
    content = {MEDIA_TYPE: {"schema": _SCHEMA, "examples": {name: {"value": example}}}}
    headers = _HEADERS.get(kind.status, {})
    limited = {} if kind in {Kind.NO_KEY, Kind.METHOD, Kind.TOO_MANY} else _RATES
    return {"description": kind.title, "content": content, "headers": {**limited, **headers}}
