"""Subscribers found, listed and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from newsletter.model.api_key import Scope
from newsletter.model.audit import Action, reader
from newsletter.model.identity import identity
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import audit
from newsletter.store.people import consent, editing, finding, lists, subscribers
from newsletter.web.api.desk import Answer, Desk, desk_of
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.people_shapes import Change, Changed, Search, Subscriber, SubscriberPage
from newsletter.web.api.problems import Kind, Mistake, Problem, not_found
from newsletter.web.api.shapes import ListName, PersonId, Strict
from newsletter.web.api.told import CHANGING, WITH_BODY, IdempotencyKey, answers
from newsletter.web.api.values import address_of, changed_names, edit_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import ListedSubscriber
    from newsletter.model.subscriber import Subscriber as Person

router = APIRouter(route_class=Operation, tags=["subscribers"])
AtDesk: TypeAlias = Annotated[Desk, Depends(desk_of)]
#: what a cursor is sealed for
_PURPOSE = "page of subscribers"
_READS, _WRITES = needs(Scope.SUBSCRIBERS_READ), needs(Scope.SUBSCRIBERS_WRITE)


class Narrowing(Strict):
    list: ListName | None = Field(default=None, description="Only those who know this list.", examples=["friends"])
    status: SubscriptionStatus | None = Field(
        default=None, description="Only those with this status, on the list if one is named.", examples=["subscribed"]
    )
    after: str | None = Field(default=None, max_length=200, description="`next` of the page before.")
    limit: int = Field(default=100, ge=1, le=500, examples=[100])


@router.get(
    "/subscribers",
    operation_id="list_subscribers",
    summary="Subscribers, page by page",
    openapi_extra=_READS,
    responses=answers(SubscriberPage, "A page of subscribers, the oldest first.", Kind.INVALID),
)
def list_subscribers(asked: Annotated[Narrowing, Query()], desk: AtDesk) -> SubscriberPage:
    """The last page takes no longer than the first, and nobody is skipped when others come or go meanwhile."""
    after = _number_of(desk, asked.after)
    with desk.read() as connection:
        if asked.list and all(entry.name != asked.list for entry in lists.every(connection)):
            raise Problem(Kind.INVALID, errors=[Mistake(message="There is no such list.", parameter="list")])
        rows = subscribers.page(
            connection, list_name=asked.list, status=asked.status, limit=asked.limit + 1, after=after
        )
    shown = rows[: asked.limit]
    following = desk.keys.seal(_PURPOSE, str(shown[-1].subscriber.number)) if len(rows) > len(shown) else None
    return SubscriberPage.model_validate({"subscribers": [_shape(row) for row in shown], "next": following})


def _number_of(desk: Desk, cursor: str | None) -> int:
    """Sealed, so that nobody makes one up; where its person was erased since, it still works."""
    if cursor is None:
        return 0
    number = desk.keys.unseal(_PURPOSE, cursor)
    if number is None:
        raise Problem(Kind.INVALID, errors=[Mistake(message="This is no `next` of a page.", parameter="after")])
    return int(number)


@router.post(
    "/subscribers/search",
    operation_id="find_subscriber",
    summary="Find a subscriber by address",
    openapi_extra=_READS,
    responses=answers(Subscriber, "The subscriber.", *WITH_BODY, Kind.NOT_FOUND),
)
def find_subscriber(body: Search, desk: AtDesk) -> Subscriber:
    """A POST, so that no address stands in a URL; nothing is changed."""
    key = desk.keys.identity_hash(identity(address_of(body.email)))
    with desk.read() as connection:
        return _known(connection, subscribers.find(connection, key))


@router.get(
    "/subscribers/{id}",
    operation_id="get_subscriber",
    summary="One subscriber",
    openapi_extra=_READS,
    responses=answers(Subscriber, "The subscriber.", Kind.NOT_FOUND),
)
def get_subscriber(person: PersonId, desk: AtDesk) -> Subscriber:
    with desk.read() as connection:
        return _known(connection, finding.by_public_id(connection, person))


@router.patch(
    "/subscribers/{id}",
    operation_id="change_subscriber",
    summary="Change names, language, time zone and attributes",
    openapi_extra=_WRITES,
    responses=answers(Changed, "What is different now, without the values.", *CHANGING, Kind.NOT_FOUND),
    response_model=None,
)
def change_subscriber(
    request: Request,
    person: PersonId,
    body: Change,
    desk: AtDesk,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - Desk.change takes it from the request
) -> Response:
    """What is not named stays; null, or an empty text, removes. Lists are joined and left by requests of their own."""
    named = body.model_fields_set - {"attributes"}
    edit = edit_of({name: getattr(body, name) for name in named}, body.attributes, desk.settings.attributes)

    def do(connection: Connection) -> Answer:
        before = held(connection, person)
        after = edit.applied(before)
        changed = changed_names(before, after)
        if changed:
            editing.change(connection, after, desk.clock())
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(before.number), desk.clock(), changed=changed)
        return Answer(status=200, body=Changed(id=person, changed=changed))

    return desk.change(request, do)


def held(connection: Connection, public_id: str) -> Person:
    """The person of this id, whom nobody else changes until the transaction ends.

    Raises:
        Problem: there is none, or they were erased just now.
    """
    consent.hold_tables(connection)
    found = finding.by_public_id(connection, public_id)
    if found:
        consent.hold(connection, found.number)
        found = finding.by_public_id(connection, public_id)
    if found is None:
        raise not_found("subscriber")
    return found


def _known(connection: Connection, person: Person | None) -> Subscriber:
    if person is None:
        raise not_found("subscriber")
    # in the same snapshot: the first person behind the number before theirs is they themselves
    [row] = subscribers.page(connection, list_name=None, status=None, limit=1, after=person.number - 1)
    return Subscriber.model_validate(_shape(row))


def _shape(row: ListedSubscriber) -> dict[str, object]:
    person = row.subscriber
    return {
        "id": person.public_id,
        "email": person.address,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language": person.language,
        "timezone": person.timezone,
        "attributes": dict(person.attributes),
        "tracking": person.tracking,
        "lists": row.statuses,
        "suppressed": row.suppressed,
    }
