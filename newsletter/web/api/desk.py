"""What every operation works with, and the one way in which they change something."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from newsletter.store import api_replays
from newsletter.web.api.problems import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from pydantic import BaseModel
    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.api_key import ApiKey
    from newsletter.settings import Settings
    from newsletter.store.api_replays import Asked
    from newsletter.store.database import Store
    from newsletter.web.api.rates import Rates

REPLAYED = "Idempotency-Replayed"


@dataclass(frozen=True, kw_only=True)
class Desk:
    store: Store
    keys: Keys
    settings: Settings
    clock: Callable[[], datetime]
    #: called when a notice waits to be sent
    wake: Callable[[], None]
    rates: Rates
    _under_way: set[tuple[int, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> AbstractContextManager[Connection]:
        return self.store.read()

    def change(self, request: Request, do: Callable[[Connection], Answer]) -> Response:
        """Do it, and store its answer for who repeats the request: both in one transaction, or neither.

        What ends with a Problem has changed nothing, so its answer is not kept.
        """
        asked = _asked(request)
        caller: ApiKey = request.state.caller
        if asked is None:
            with self.store.write(_actor(caller)) as connection:
                return do(connection).response()
        own = (asked.api_key, asked.key)
        with self._lock:
            if own in self._under_way:
                raise _still_under_way()
            self._under_way.add(own)
        try:
            return self._once(asked, do, _actor(caller))
        finally:
            with self._lock:
                self._under_way.discard(own)

    def _once(self, asked: Asked, do: Callable[[Connection], Answer], actor: str) -> Response:
        now = self.clock()
        with self.store.write(actor) as connection:
            if not api_replays.hold(connection, asked):
                raise _still_under_way()
            before = api_replays.find(connection, asked, now)
            if before and before.request != asked.request:
                raise Problem(Kind.KEY_REUSED)
            if before:
                return Response(before.body, before.status, {REPLAYED: "true"}, "application/json")
            answer = do(connection)
            api_replays.keep(connection, asked, answer.status, answer.text, now)
        return answer.response()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`body` holds no address and no name, since it may be kept for a day."""

    status: int
    body: BaseModel

    @property
    def text(self) -> str:
        return self.body.model_dump_json()

    def response(self) -> Response:
        return Response(self.text, self.status, media_type="application/json")


def _actor(caller: ApiKey) -> str:
    """As the audit log calls a program."""
    return f"api key {caller.prefix}"


def _asked(request: Request) -> Asked | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    caller: ApiKey = request.state.caller
    # without what stands before /api/v1: a proxy may strip it or not
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return api_replays.Asked.of(caller.number, key, request.method, path, request.state.body)


def _still_under_way() -> Problem:
    return Problem(Kind.UNDER_WAY, headers={"Retry-After": "1"})


async def desk_of(request: Request) -> Desk:
    """For FastAPI's Depends."""
    desk: Desk = request.app.state.desk
    return desk
