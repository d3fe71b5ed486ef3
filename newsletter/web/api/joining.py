"""POST /subscribers: by the rule of the sign-up page, or on the word of staff."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, NoReturn

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from newsletter.model.api_key import Scope
from newsletter.model.audit import Action, reader
from newsletter.model.consent import Moved, Refusal, Said
from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentAction, ConsentSource
from newsletter.pipeline.joining import Joining, join
from newsletter.store import audit, notices
from newsletter.store.people import consent, editing, subscribers
from newsletter.subscribers.consent import by_hand, said_on_page
from newsletter.web.api.desk import Answer, Desk, desk_of
from newsletter.web.api.named import lists_named, standing
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.people_shapes import NewSubscriber, Subscribed
from newsletter.web.api.problems import Kind, Problem, invalid
from newsletter.web.api.told import CHANGING, IdempotencyKey, answers
from newsletter.web.api.values import address_of, changed_names, edit_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList, Subscriber, Suppression
    from newsletter.subscribers.editing import Edit

router = APIRouter(route_class=Operation, tags=["subscribers"])

#: clocks differ
_AHEAD = timedelta(minutes=5)
#: who waits for a confirmation is forgotten some time after they asked, so that must have been lately
_LATELY = timedelta(days=1)
_WORDS = "200: known before; 201: new; 202: a mail asks them to confirm."


@router.post(
    "/subscribers",
    operation_id="subscribe",
    summary="Put somebody on lists, or ask them to confirm it",
    openapi_extra=needs(Scope.SUBSCRIBERS_WRITE),
    responses=answers(
        Subscribed, _WORDS, *CHANGING, Kind.SUPPRESSED, Kind.LEFT, Kind.ARCHIVED, statuses=(200, 201, 202)
    ),
    response_model=None,
)
def subscribe(
    request: Request,
    body: NewSubscriber,
    desk: Annotated[Desk, Depends(desk_of)],
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001 - Desk.change takes it from the request
) -> Response:
    """With `consent` alone it is as if they had filled in the sign-up page: on a list with double opt-in they are pending
    until they follow the link that is mailed to them, and what is known of them stays as it is.

    With `ground` it is as if you had typed `newsletter subscribers add`: they are subscribed at once, and what you send
    is stored. Who left a list does not come back by that.
    """
    subscribing = _Subscribing(desk, body)
    done = desk.change(request, subscribing.do)
    desk.wake()
    return done


class _Subscribing:
    """What was asked for, checked before a transaction is begun."""

    def __init__(self, desk: Desk, body: NewSubscriber) -> None:
        self._desk, self._body, self._now = desk, body, desk.clock()
        self._address = address_of(body.email)
        self._key = desk.keys.identity_hash(identity(self._address))
        names = {name: getattr(body, name) for name in ("first_name", "last_name", "language")}
        given = {name: text for name, text in names.items() if text}
        self._edit = edit_of(given, body.attributes, desk.settings.attributes)
        self._said = _said(desk, body, self._now)

    def do(self, connection: Connection) -> Answer:
        # before anything is read: whoever erases somebody waits for us
        consent.hold_tables(connection)
        lists = lists_named(connection, self._body.lists)
        if suppressed := subscribers.suppression_of(connection, self._key):
            _refuse_suppressed(suppressed)
        return self._stated(connection, lists) if self._said.ground else self._asked(connection, lists)

    def _asked(self, connection: Connection, lists: Sequence[MailingList]) -> Answer:
        wanted = Joining(
            address=self._address,
            lists=tuple(entry.number for entry in lists),
            said=self._said,
            first_name=self._edit.fields.get("first_name", ""),
            last_name=self._edit.fields.get("last_name", ""),
            language=self._edit.fields.get("language", ""),
        )
        joined = join(connection, self._desk.keys, wanted, welcome=self._desk.settings.signup.welcome, now=self._now)
        if joined.person is None:
            raise Problem(Kind.SUPPRESSED, reason=joined.suppressed and joined.suppressed.reason.value)
        if joined.is_new:
            attributes = replace(self._edit, fields={})
            _store(connection, attributes, subscribers.by_number(connection, joined.person.number), self._now)
        return _answer(
            joined.person, joined.moved, _confirmation(connection, joined.moved, joined.notices), joined.is_new
        )

    def _stated(self, connection: Connection, lists: Sequence[MailingList]) -> Answer:
        person, is_new = editing.add(
            connection, public_id=uuid.uuid4().hex, identity_hash=self._key, address=self._address, now=self._now
        )
        rule = partial(by_hand, grounded=True)
        moved = [consent.carry_out(connection, person.number, entry.number, rule, self._said) for entry in lists]
        answer = _answer(person, moved, "not_needed", is_new)
        changed = _store(connection, self._edit, person, self._now)
        joined = {one.before.list.name: one.status for one in moved if one.move.to or one.move.action}
        if is_new or joined or changed:
            facts = {"added": is_new, "lists": joined, "changed": changed}
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(person.number), self._now, **facts)
        return answer


def _said(desk: Desk, body: NewSubscriber, now: datetime) -> Said:
    given = body.consent
    said = said_on_page(
        desk.settings.consent,
        now,
        wording=given.wording if given else "",
        ip=given.ip if given else "",
        user_agent=given.user_agent if given else "",
    )
    at = (given.at if given else None) or now
    if at > now + _AHEAD:
        raise invalid("This moment is in the future.", "/consent/at")
    if body.ground is not None:
        return replace(said, source=ConsentSource.BY_HAND, ground=body.ground, at=min(at, now))
    if at < now - _LATELY:
        raise invalid("Without `ground` this moment has to be of the last 24 hours.", "/consent/at")
    return replace(said, at=min(at, now))


def _refuse_suppressed(why: Suppression) -> NoReturn:
    words = "If that no longer holds, staff may say so: newsletter suppressions remove"
    raise Problem(Kind.SUPPRESSED, words, reason=why.reason.value)


def _store(connection: Connection, edit: Edit, person: Subscriber, now: datetime) -> list[str]:
    """What changed, by name."""
    after = edit.applied(person)
    changed = changed_names(person, after)
    if changed:
        editing.change(connection, after, now)
    return changed


def _answer(person: Subscriber, moved: Sequence[Moved], confirmation: str, is_new: bool) -> Answer:
    """Raises:
    Problem: a list takes nobody in, or they left it: then nothing at all is changed.
    """
    for one in moved:
        if one.move.refused is Refusal.LEFT:
            raise Problem(Kind.LEFT, list=one.before.list.name)
        if one.move.refused:
            raise Problem(Kind.ARCHIVED, list=one.before.list.name)
    asked = any(one.move.action is ConsentAction.REQUESTED for one in moved)
    body = Subscribed.model_validate(
        {
            "id": person.public_id,
            "created": is_new,
            "lists": [standing(one) for one in moved],
            "confirmation": confirmation,
        }
    )
    return Answer(status=202 if asked else 201 if is_new else 200, body=body)


def _confirmation(connection: Connection, moved: Sequence[Moved], ordered: Sequence[int]) -> str:
    if not any(one.move.action is ConsentAction.REQUESTED for one in moved):
        return "not_needed"
    kinds = {notice.kind for number in ordered if (notice := notices.find(connection, number))}
    return "queued" if NoticeKind.CONFIRMATION in kinds else "enough_today"
