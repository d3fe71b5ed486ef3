"""The way from a request to an operation: the key, its scope and rate, then the body, read strictly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from newsletter.model.api_key import Scope
from newsletter.web.api.gate import admit
from newsletter.web.api.problems import Kind, Problem
from newsletter.web.api.strict_json import parsed
from newsletter.web.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

#: the name of our security scheme
SCHEME = "key"
MOST_BYTES = 64 * 1024
_MOST_SECONDS = 10
_UTF_8 = {"", "utf-8", "utf8"}


def needs(scope: Scope) -> dict[str, Any]:
    """The scope that an operation takes, as its description says it (`openapi_extra`) and as Operation asks for it."""
    return {"security": [{SCHEME: [scope.value]}]}


class StrictRequest(Request):
    """Its body was read and understood before."""

    understood: Any = None

    async def body(self) -> bytes:
        body: bytes = self.state.body
        return body

    async def json(self) -> Any:  # noqa: ANN401 - whatever JSON can say
        return self.understood


class Operation(APIRoute):
    """A route whose scope `openapi_extra` says (see `needs`)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        [scope] = (self.openapi_extra or {})["security"][0][SCHEME]

        async def handle(request: Request) -> Response:
            headers = await run_in_threadpool(admit, request.app.state.desk, request, Scope(scope))
            request.state.headers = headers
            strict = StrictRequest(request.scope, request.receive)
            await self._take_body(strict)
            response = await answer(strict)
            response.headers.update(headers)
            return response

        return handle

    async def _take_body(self, request: StrictRequest) -> None:
        request.state.body = b""
        if self.body_field is None:
            return
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        name, _, charset = parameters.strip().partition("=")
        if kind.strip().lower() != "application/json":
            raise Problem(Kind.MEDIA)
        if name.lower() == "charset" and charset.strip('"').lower() not in _UTF_8:
            raise Problem(Kind.MEDIA)
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Problem(Kind.MEDIA, "Send the body as it is, not compressed.")
        request.state.body = await read_body(request, MOST_BYTES, _MOST_SECONDS)
        request.understood = parsed(request.state.body)
