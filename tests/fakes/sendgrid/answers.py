"""What the API says in each case: a status, headers, and a body whose errors have message, field and help."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid.faults import Behaviour

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.fakes.sendgrid.shapes import Complaint


@dataclass(frozen=True, kw_only=True)
class Said:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def errors(status: int, *complaints: Complaint, headers: Mapping[str, str] | None = None) -> Said:
    shown = [{"message": message, "field": where or None, "help": None} for where, message in complaints]
    return Said(status=status, body=json.dumps({"errors": shown}).encode(), headers=headers or {})


def said(status: int, content: Any = None) -> Said:
    return Said(status=status, body=b"" if content is None else json.dumps(content).encode())


BAD_JSON = errors(400, ("", "Bad Request"))
UNAUTHORISED = errors(401, ("", "The provided authorization grant is invalid, expired, or revoked"))
NO_SCOPE = errors(403, ("", "access forbidden"))
NOT_FOUND = errors(404, ("", "not found"))
NOT_ALLOWED = errors(405, ("", "method not allowed"))
NO_LENGTH = errors(411, ("", "Content-Length or chunks are needed"))
TOO_LARGE = errors(413, ("", "Payload too large"))
NOT_JSON = errors(415, ("", "Content-Type should be application/json."))
WRONG_SENDER = errors(403, ("from", "The from address does not match a verified Sender Identity."))


def busy(headers: Mapping[str, str]) -> Said:
    return errors(429, ("", "too many requests"), headers=headers)


def refusals(people: Iterable[Mapping[str, Any]], key: str, url: str, now: float) -> Mapping[Behaviour, Said]:
    """The answers of those behaviours that are an answer. They quote what they dislike, as the API does."""
    quoted = [person["email"] for personal in people for person in personal.get("to", [])]
    address = quoted[min(1, len(quoted) - 1)] if quoted else "someone@example.org"
    second = ("personalizations.1.to.0.email", f"Does not contain a valid address: {address}")
    limit = {"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(now) + 60)}
    many = ("personalizations", "The substitutions may not exceed 50000 bytes.")
    return {
        Behaviour.BUSY: busy(limit),
        Behaviour.BUSY_RETRY_AFTER: busy({"Retry-After": "7"}),
        Behaviour.BUSY_SILENT: busy({}),
        Behaviour.UNAUTHORISED: errors(401, ("", f"The key {key} is invalid, expired, or revoked")),
        Behaviour.FORBIDDEN: WRONG_SENDER,
        Behaviour.TOO_LARGE: TOO_LARGE,
        Behaviour.BLAME_SECOND: errors(400, second),
        Behaviour.BLAME_MIXED: errors(400, second, ("content", "is wrong")),
        Behaviour.SUBSTITUTIONS: errors(400, many),
        Behaviour.REFUSE: errors(400, ("subject", f"is wrong, says {address}")),
        Behaviour.ERROR: errors(500, ("", "internal error")),
        Behaviour.ERROR_UNTAKEN: errors(500, ("", "internal error")),
        Behaviour.BAD_GATEWAY: Said(status=502, body=b"<html>Bad Gateway</html>"),
        Behaviour.UNAVAILABLE: errors(503, ("", "unavailable")),
        Behaviour.UNAVAILABLE_UNTAKEN: errors(503, ("", "unavailable"), headers={"Retry-After": "1"}),
        Behaviour.GATEWAY_TIMEOUT: Said(status=504, body=b"<html>Gateway Timeout</html>"),
        Behaviour.TIMEOUT: errors(408, ("", "timeout")),
        Behaviour.REDIRECT: Said(status=302, headers={"Location": f"{url}/elsewhere"}),
        Behaviour.WEB_PAGE: Said(
            status=200, body=b"<html>Please sign in</html>", headers={"Content-Type": "text/html"}
        ),
    }
