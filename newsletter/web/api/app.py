"""The API of one workspace as an ASGI application, to be mounted at PATH."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy import exc
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from newsletter.errors import DatabaseReplaced
from newsletter.web.api.desk import Desk
from newsletter.web.api.document import document
from newsletter.web.api.mistakes import mistakes
from newsletter.web.api.problems import Kind, Problem, problem
from newsletter.web.api.rates import Rates
from newsletter.web.api.routers import ROUTERS
from newsletter.web.guard import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.requests import Request
    from starlette.responses import Response

    from newsletter.web.site import Site

    Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]

_OF_STATUS = {
    404: Kind.NOT_FOUND,
    405: Kind.METHOD,
    408: Kind.TOO_SLOW,
    413: Kind.TOO_LARGE,
    415: Kind.MEDIA,
}


def create_api(site: Site) -> FastAPI:
    """Nothing of it is shown in a browser: the description is for tools, and no page of ours loads a script."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Problem: _problem,
            RequestValidationError: _invalid,
            HTTPException: _refused,
            Exception: _failed,
            **dict.fromkeys((exc.OperationalError, exc.InterfaceError, exc.TimeoutError, DatabaseReplaced), _away),
        },
    )
    app.state.desk = Desk(
        store=site.store,
        keys=site.keys,
        settings=site.settings,
        clock=site.clock,
        wake=site.wake,
        rates=Rates(site.settings.web.api_per_minute),
    )
    for router in ROUTERS:
        app.include_router(router)
    described = document(site.settings.newsletter.base_url)

    async def describe(_request: Request) -> Response:
        return JSONResponse(described)

    app.add_route("/openapi.json", describe, methods=["GET"])
    return app


def _with_rates(request: Request, response: Response) -> Response:
    """Also an answer that says no tells how many requests are left."""
    response.headers.update(getattr(request.state, "headers", {}))
    return response


async def _problem(request: Request, why: Problem) -> Response:
    return _with_rates(request, why.response())


async def _invalid(request: Request, why: RequestValidationError) -> Response:
    found = mistakes(why.errors())
    kind = Kind.INVALID if found else Kind.NOT_FOUND
    return _with_rates(request, problem(kind, errors=found))


async def _refused(request: Request, why: HTTPException) -> Response:
    kind = _OF_STATUS.get(why.status_code, Kind.BAD_JSON)
    headers = {"Allow": _allowed(request) or "GET"} if kind is Kind.METHOD else None
    return _with_rates(request, problem(kind, headers=headers))


def _allowed(request: Request) -> str:
    """The methods of all operations at this path: the router tells those of the first one only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    methods = [route.methods or () for route in routes if route.path_regex.match(path)]
    return ", ".join(sorted({method for some in methods for method in some}))


async def _away(request: Request, failure: Exception) -> Response:
    log_failure("the database did not take a request of the API", failure)
    return _with_rates(request, problem(Kind.AWAY, headers={"Retry-After": "30"}))


async def _failed(_request: Request, _failure: Exception) -> Response:
    """The failure itself goes on to Guard, which logs it."""
    return problem(Kind.FAULT)
