"""GET /lists and /lists/{name}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path

from newsletter.model.api_key import Scope
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store.people import lists as stored
from newsletter.web.api.desk import Desk, desk_of
from newsletter.web.api.mailing_shapes import Lists, MailingList
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.problems import Kind, not_found
from newsletter.web.api.shapes import LIST_PATTERN
from newsletter.web.api.told import answers

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

router = APIRouter(route_class=Operation, tags=["lists"])


@router.get(
    "/lists",
    operation_id="list_lists",
    summary="All lists, and how many have joined",
    openapi_extra=needs(Scope.LISTS_READ),
    responses=answers(Lists, "By name, the archived ones too."),
)
def list_lists(desk: Annotated[Desk, Depends(desk_of)]) -> Lists:
    with desk.read() as connection:
        return Lists(lists=_all(connection))


@router.get(
    "/lists/{name}",
    operation_id="get_list",
    summary="One list",
    openapi_extra=needs(Scope.LISTS_READ),
    responses=answers(MailingList, "The list.", Kind.NOT_FOUND),
)
def get_list(
    name: Annotated[str, Path(pattern=LIST_PATTERN, examples=["friends"])], desk: Annotated[Desk, Depends(desk_of)]
) -> MailingList:
    with desk.read() as connection:
        for entry in _all(connection, name):
            return entry
    raise not_found("list")


def _all(connection: Connection, name: str | None = None) -> list[MailingList]:
    every = [entry for entry in stored.every(connection) if name in {None, entry.name}]
    only = every[0].number if name and every else None
    counts, never = stored.counts(connection, only), stored.suppressed(connection, only)
    return [
        MailingList.model_validate(
            {
                "name": entry.name,
                "title": entry.title,
                "description": entry.description,
                "opt_in": entry.opt_in,
                "public": entry.public,
                "archive": entry.archive,
                "archived": entry.archived_at is not None,
                "counts": {
                    **{one.value: counts.get(entry.number, {}).get(one, 0) for one in SubscriptionStatus},
                    "suppressed": never.get(entry.number, 0),
                },
            }
        )
        for entry in every
    ]
