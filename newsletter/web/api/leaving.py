"""POST /subscribers/{id}/unsubscribe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from newsletter.model.api_key import Scope
from newsletter.model.audit import Action, reader
from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.store import audit
from newsletter.store.people import consent, subscribers
from newsletter.subscribers.consent import leave
from newsletter.web.api.desk import Answer, Desk, desk_of
from newsletter.web.api.named import lists_named, standing
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.people import held
from newsletter.web.api.people_shapes import Leave, Left, ListStanding
from newsletter.web.api.problems import Kind
from newsletter.web.api.shapes import PersonId
from newsletter.web.api.told import CHANGING, IdempotencyKey, answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

router = APIRouter(route_class=Operation, tags=["subscribers"])


@router.post(
    "/subscribers/{id}/unsubscribe",
    operation_id="unsubscribe",
    summary="Take somebody off lists, or off everything",
    openapi_extra=needs(Scope.SUBSCRIBERS_WRITE),
    responses=answers(Left, "How they stand with these lists now.", *CHANGING, Kind.NOT_FOUND),
    response_model=None,
)
def unsubscribe(
    request: Request,
    person: PersonId,
    body: Leave,
    desk: Annotated[Desk, Depends(desk_of)],
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - Desk.change takes it from the request
) -> Response:
    """A second time changes nothing. No import brings them back, also to a list that they were never on."""
    now = desk.clock()
    said = Said(source=ConsentSource.BY_HAND, at=now, recorded_at=now, ground=body.reason.strip())

    def do(connection: Connection) -> Answer:
        number = held(connection, person).number
        if body.everything:
            lists: Sequence[ListStanding] = _leave_everything(connection, number, said)
        else:
            named = lists_named(connection, body.lists or ())
            lists = [standing(consent.carry_out(connection, number, one.number, leave, said)) for one in named]
        gone = [one.list for one in lists if one.action == "left"]
        if gone or body.everything:
            facts = {"left": gone, "never_again": bool(body.everything)}
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(number), now, **facts)
        left = {"id": person, "lists": lists, "suppressed": _is_suppressed(connection, number)}
        return Answer(status=200, body=Left.model_validate(left))

    return desk.change(request, do)


def _leave_everything(connection: Connection, number: int, said: Said) -> list[ListStanding]:
    before = subscribers.subscriptions_of(connection, number)
    consent.leave_everything(connection, number, said.source, None, said.at, said.ground)
    gone = SubscriptionStatus.UNSUBSCRIBED
    return [
        ListStanding(list=one.list.name, status=gone, action="none" if one.status is gone else "left") for one in before
    ]


def _is_suppressed(connection: Connection, number: int) -> bool:
    [row] = subscribers.page(connection, list_name=None, status=None, limit=1, after=number - 1)
    return row.suppressed is not None
