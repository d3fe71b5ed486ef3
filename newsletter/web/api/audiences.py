"""POST /audiences/count: the numbers of `newsletter audience show`, without anybody's address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends

from newsletter.address.audience import Asked, bare
from newsletter.errors import AudienceUnclear, ConsentRefused, SegmentUnusable
from newsletter.model.api_key import Scope
from newsletter.pipeline.audience import look, numbers_json
from newsletter.store.people import lists
from newsletter.web.api.desk import Desk, desk_of
from newsletter.web.api.mailing_shapes import AudienceCount, WhoIsMeant
from newsletter.web.api.operation import Operation, needs
from newsletter.web.api.problems import Kind, Mistake, Problem, at
from newsletter.web.api.told import WITH_BODY, answers

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(route_class=Operation, tags=["audiences"])
_UNCLEAR = (
    "It cannot be said whom these names mean. Name a list besides the segments; where a list and a segment have the same "
    "name, write list:NAME or segment:NAME."
)
_UNUSABLE = "A segment asks for a list that is not there: correct newsletter.toml."


@router.post(
    "/audiences/count",
    operation_id="count_audience",
    summary="How many would be mailed, and why others would not",
    openapi_extra=needs(Scope.AUDIENCE_READ),
    responses=answers(AudienceCount, "The numbers.", *WITH_BODY, Kind.ARCHIVED),
)
def count_audience(body: WhoIsMeant, desk: Annotated[Desk, Depends(desk_of)]) -> AudienceCount:
    """A POST for the sake of its body; nothing is changed, nothing is sent."""
    _refuse_unknown(desk, body)
    settings = desk.settings
    asked = Asked(
        to=body.to,
        excepted=body.except_,
        segments=settings.segments,
        zone=ZoneInfo(settings.newsletter.timezone),
    )
    try:
        seen = look(desk.store, asked, desk.clock(), None)
    except AudienceUnclear:
        raise Problem(Kind.INVALID, _UNCLEAR) from None
    except SegmentUnusable:
        raise Problem(Kind.INVALID, _UNUSABLE) from None
    except ConsentRefused:
        raise Problem(Kind.ARCHIVED, "One of these lists is archived, and nobody is mailed by it.") from None
    meant = {
        "lists": [entry.name for entry in seen.addressed.lists],
        "segments": sorted(seen.addressed.audience.narrowed),
        "excepted": sorted(seen.addressed.audience.excepted),
    }
    numbers = numbers_json(seen.report)
    # both are of an issue, and none was named
    del numbers["already_sent"], numbers["variants"]
    return AudienceCount.model_validate(meant | numbers)


def _refuse_unknown(desk: Desk, body: WhoIsMeant) -> None:
    with desk.read() as connection:
        known = {entry.name for entry in lists.every(connection)} | {*desk.settings.segments}
    if errors := [*_unknown("to", body.to, known), *_unknown("except", body.except_, known)]:
        raise Problem(Kind.INVALID, errors=errors)


def _unknown(field: str, names: list[str], known: set[str]) -> Iterator[Mistake]:
    for place, name in enumerate(names):
        if bare(name) not in known:
            yield Mistake(message="Neither a list nor a segment is called so.", pointer=at(field, place))
