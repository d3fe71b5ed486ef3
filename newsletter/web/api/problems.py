"""Everything that goes wrong, as problem details (RFC 9457). No text of an exception gets out: each kind has words of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:newsletter-pipeline:problem:"


class Kind(Enum):
    """What the end of `type`, the status, the title and the usual detail are."""

    BAD_JSON = (
        "bad-json",
        400,
        "The body is not JSON",
        "Send one JSON object in UTF-8; NaN and Infinity are not JSON.",
    )
    NO_KEY = (
        "unauthenticated",
        401,
        "A valid key is needed",
        "Send `Authorization: Bearer nlk_...`. Keys are made with: newsletter api-keys add",
    )
    NO_SCOPE = ("missing-scope", 403, "This key may not do that", "")
    NOT_FOUND = ("not-found", 404, "There is no such thing", "")
    METHOD = ("method-not-allowed", 405, "This method is not for this address", "See the Allow header.")
    TOO_SLOW = ("too-slow", 408, "The body took too long", "Send it in one piece, and try again.")
    SUPPRESSED = ("suppressed", 409, "This address is never mailed", "")
    LEFT = (
        "left",
        409,
        "This person left the list",
        "A ground does not bring back who left. Ask with `consent` instead of `ground`: then they are mailed a link to confirm.",
    )
    ARCHIVED = ("list-archived", 409, "This list takes nobody in", "It is archived; nothing was changed.")
    UNDER_WAY = (
        "under-way",
        409,
        "The first request with this key is still under way",
        "Send the same request again in a moment to get its answer.",
    )
    TOO_LARGE = ("too-large", 413, "The body is too large", "A body has at most 64 KB.")
    MEDIA = ("unsupported-media-type", 415, "The body has to be JSON", "Send `Content-Type: application/json`.")
    INVALID = ("invalid", 422, "Something in the request cannot be used", "See `errors`; nothing was changed.")
    KEY_REUSED = (
        "idempotency-key-reused",
        422,
        "This idempotency key belongs to another request",
        "Use a new key for each thing that you want done; repeat it only with the very same request.",
    )
    TOO_MANY = ("too-many-requests", 429, "Too many requests", "Wait as long as Retry-After says.")
    FAULT = ("fault", 500, "This is a fault of ours", "It was logged. Whether something was changed is not known.")
    AWAY = (
        "unavailable",
        503,
        "The database does not answer",
        "Nothing was changed. Try again as Retry-After says; with an idempotency key that is always safe.",
    )

    def __init__(self, name: str, status: int, title: str, detail: str) -> None:
        self.type, self.status, self.title, self.detail = _TYPE + name, status, title, detail


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing in a request that cannot be used: at a JSON pointer (RFC 6901) of its body, or in a parameter."""

    message: str
    pointer: str | None = None
    parameter: str | None = None

    def as_json(self) -> dict[str, str]:
        facts = {"pointer": self.pointer, "parameter": self.parameter, "message": self.message}
        return {name: value for name, value in facts.items() if value is not None}


class Problem(Exception):
    """What an operation cannot do. Whatever it did in its transaction is undone."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - members that a kind of problem has besides
    ) -> None:
        super().__init__(kind.type)
        self.kind, self.detail, self.errors, self.headers, self.more = kind, detail, errors, headers or {}, more

    def response(self) -> Response:
        return problem(self.kind, self.detail, errors=self.errors, headers=self.headers, **self.more)


def problem(
    kind: Kind,
    detail: str = "",
    *,
    errors: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - see Problem
) -> Response:
    facts: dict[str, Any] = {"type": kind.type, "title": kind.title, "status": kind.status}
    if said := detail or kind.detail:
        facts["detail"] = said
    if errors:
        facts["errors"] = [one.as_json() for one in errors]
    return Response(orjson.dumps(facts | more), kind.status, headers, MEDIA_TYPE)


def invalid(message: str, pointer: str) -> Problem:
    """One value of the body cannot be used."""
    return Problem(Kind.INVALID, errors=[Mistake(message=message, pointer=pointer)])


def not_found(what: str) -> Problem:
    return Problem(Kind.NOT_FOUND, f"There is no such {what}.")


def at(*steps: str | int) -> str:
    """The JSON pointer of a value."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
