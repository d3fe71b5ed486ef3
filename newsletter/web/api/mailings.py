"""GET /mailings and /mailings/{number}: the numbers of `newsletter mailings`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from newsletter.errors import MailingNotFound
from newsletter.model.api_key import Scope
from newsletter.pipeline.mailing_facts import mailing_json, read_more
from newsletter.store import mailings as stored
from newsletter.web.api.desk import Desk, desk_of
from newsletter.web.api.mailing_shapes import Mailing, MailingDetail, MailingPage
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.problems import Kind, not_found
from newsletter.web.api.shapes import Strict
from newsletter.web.api.told import answers

router = APIRouter(route_class=Operation, tags=["mailings"])
_MOST = 2**31 - 1


class Page(Strict):
    after: int | None = Field(
        default=None, ge=1, le=_MOST, description="`next` of the page before: only older ones.", examples=[8]
    )
    limit: int = Field(default=20, ge=1, le=100, examples=[20])


@router.get(
    "/mailings",
    operation_id="list_mailings",
    summary="Mailings, the newest first",
    openapi_extra=needs(Scope.MAILINGS_READ),
    responses=answers(MailingPage, "A page of mailings.", Kind.INVALID),
)
def list_mailings(asked: Annotated[Page, Query()], desk: Annotated[Desk, Depends(desk_of)]) -> MailingPage:
    with desk.read() as connection:
        found = stored.page(connection, before=asked.after, limit=asked.limit + 1)
        shown = [
            Mailing.model_validate(mailing_json(one, stored.tally(connection, one.number)))
            for one in found[: asked.limit]
        ]
    return MailingPage(mailings=shown, next=shown[-1].mailing if len(found) > len(shown) else None)


@router.get(
    "/mailings/{number}",
    operation_id="get_mailing",
    summary="One mailing and its numbers",
    openapi_extra=needs(Scope.MAILINGS_READ),
    responses=answers(MailingDetail, "The mailing.", Kind.NOT_FOUND),
)
def get_mailing(
    number: Annotated[int, Path(ge=1, le=_MOST, examples=[7])], desk: Annotated[Desk, Depends(desk_of)]
) -> MailingDetail:
    """Every outcome and their sum, why some were excluded, and what the provider reported since."""
    with desk.read() as connection:
        try:
            mailing = stored.get(connection, number)
        except MailingNotFound:
            raise not_found("mailing") from None
        facts = mailing_json(mailing, stored.tally(connection, number)) | read_more(connection, number).as_json(mailing)
    return MailingDetail.model_validate(facts)
