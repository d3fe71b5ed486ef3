"""Who asks, whether they may, and how often: before a byte of a body is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from newsletter.errors import DatabaseReplaced
from newsletter.store import api_keys
from newsletter.web.api.problems import Kind, Problem
from newsletter.web.guard import log_failure

if TYPE_CHECKING:
    from starlette.requests import Request

    from newsletter.model.api_key import ApiKey, Scope
    from newsletter.web.api.desk import Desk

#: a key has 60 characters
_LONGEST = 200


def admit(desk: Desk, request: Request, scope: Scope) -> dict[str, str]:
    """Note the caller in the request's state; returns headers for whatever the answer will be.

    Raises:
        Problem: 401, 403 or 429.
    """
    caller = _caller(desk, request)
    allowed, headers = desk.rates.count(caller.prefix)
    if not allowed:
        raise Problem(Kind.TOO_MANY, headers=headers)
    if scope not in caller.scopes:
        words = f"It takes the scope {scope}; make another key that has it: newsletter api-keys add"
        raise Problem(Kind.NO_SCOPE, words, headers=headers, scope=scope.value)
    request.state.caller = caller
    return headers


def _caller(desk: Desk, request: Request) -> ApiKey:
    """Malformed, unknown, wrong, expired or revoked: the same answer."""
    now = desk.clock()
    if text := bearer(request.headers.get("authorization", "")):
        with desk.read() as connection:
            caller = api_keys.authenticated(connection, text, now)
        if caller:
            _note_use(desk, caller)
            return caller
    if wait := desk.rates.wait_after_failure(request.client.host if request.client else ""):
        raise Problem(Kind.TOO_MANY, headers={"Retry-After": str(wait)})
    raise Problem(Kind.NO_KEY, headers={"WWW-Authenticate": 'Bearer realm="newsletter"'})


def bearer(header: str) -> str:
    """The key in an Authorization header; empty where there is none (RFC 6750, section 2.1)."""
    scheme, _, text = header.partition(" ")
    return text.strip() if scheme.lower() == "bearer" and len(text) <= _LONGEST else ""


def _note_use(desk: Desk, caller: ApiKey) -> None:
    """Once an hour. Who only reads is answered also while nothing can be written."""
    now = desk.clock()
    if api_keys.is_noted(caller, now):
        return
    try:
        with desk.store.write() as connection:
            api_keys.note_use(connection, caller, now)
    except (SQLAlchemyError, DatabaseReplaced) as failure:
        log_failure("the use of a key could not be noted", failure)
