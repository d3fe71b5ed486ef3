"""Lists, audiences and mailings in requests and answers."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field, StringConstraints

from newsletter.model.event import Fate
from newsletter.model.mailing import MailingState, Outcome
from newsletter.model.subscriber import Archive, OptIn
from newsletter.web.api.shapes import Moment, Strict, example

#: a list or segment; `list:` and `segment:` tell them apart where both have the name
AudienceName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\s,]+$")]
_COUNT = {"pending": 2, "subscribed": 120, "unsubscribed": 11, "suppressed": 1}
_A_LIST = {
    "name": "friends",
    "title": "Friends of the clinic",
    "description": "News of the clinic, once a month",
    "opt_in": "double",
    "public": True,
    "archive": "public",
    "archived": False,
    "counts": _COUNT,
}


class Counts(BaseModel):
    model_config = example(**_COUNT)

    pending: int = Field(description="They have not confirmed and are not mailed.")
    subscribed: int
    unsubscribed: int
    suppressed: int = Field(description="Of the subscribed: so many are never mailed.")


class MailingList(BaseModel):
    model_config = example(**_A_LIST)

    name: str
    title: str
    description: str
    opt_in: OptIn
    public: bool = Field(description="Offered on the sign-up page.")
    archive: Archive
    archived: bool = Field(description="It takes nobody in and is not mailed.")
    counts: Counts


class Lists(BaseModel):
    model_config = example(lists=[_A_LIST])

    lists: list[MailingList]


class WhoIsMeant(Strict):
    """Lists and segments. Several lists are joined; segments narrow them; whoever is in an exception is left out."""

    model_config = example(to=["friends", "runners"], **{"except": ["board"]})

    to: list[AudienceName] = Field(min_length=1, max_length=50)
    except_: list[AudienceName] = Field(default=[], max_length=50, alias="except")


class NotInIt(BaseModel):
    pending: int
    left: int
    not_in_segments: int
    excepted: int
    excepted_by: dict[str, int]


class AudienceCount(BaseModel):
    model_config = example(
        lists=["friends"],
        segments=["runners"],
        excepted=["board"],
        audience=120,
        suppressed={"hard bounce": 1},
        to_send=119,
        not_in_it={"pending": 2, "left": 11, "not_in_segments": 40, "excepted": 3, "excepted_by": {"board": 3}},
    )

    lists: list[str]
    segments: list[str]
    excepted: list[str]
    audience: int
    suppressed: dict[str, int] = Field(description="Of the audience: who is never mailed, by reason.")
    to_send: int
    not_in_it: NotInIt


_A_MAILING = {
    "mailing": 7,
    "issue": "walking",
    "lists": ["friends"],
    "segments": [],
    "excepted": [],
    "state": "finished",
    "created_at": "2026-05-03T09:00:00+00:00",
    "started_at": "2026-05-03T09:00:01+00:00",
    "finished_at": "2026-05-03T09:04:00+00:00",
    "latest_at": None,
    "due_at": None,
    "audience": 120,
    "outcomes": {
        "planned": 0,
        "in flight": 0,
        "accepted": 118,
        "refused": 1,
        "excluded": 1,
        "uncertain": 0,
        "cancelled": 0,
    },
    "sum": 120,
    "sum_holds": True,
    "exclusions": {"suppressed": 1},
}


class Mailing(BaseModel):
    """`outcomes` are of every delivery: their sum is the audience, at every moment."""

    model_config = example(**_A_MAILING)

    mailing: int
    issue: str
    lists: list[str]
    segments: list[str]
    excepted: list[str]
    state: MailingState
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    latest_at: Moment | None = Field(description="After this nothing of it is handed over any more.")
    due_at: Moment | None = Field(description="When it was planned to begin; null: at once.")
    audience: int
    outcomes: dict[Outcome, int]
    sum: int
    sum_holds: bool
    exclusions: dict[str, int]


class Tracked(BaseModel):
    """Of the readers who agreed to it being noted."""

    readers: int
    opened: int = 0
    clicked: int = 0


class MailingDetail(Mailing):
    model_config = example(
        **_A_MAILING,
        accepted_through={"sendgrid": 118},
        fates={"delivered": 117, "hard bounce": 1},
        tracking={"readers": 30, "opened": 18, "clicked": 6},
    )

    accepted_through: dict[str, int] = Field(description="By sender.")
    fates: dict[Fate, int] = Field(description="What became of those accepted, as reported so far.")
    tracking: Tracked


class MailingPage(BaseModel):
    model_config = example(mailings=[_A_MAILING], next=7)

    mailings: list[Mailing]
    next: int | None = Field(description="Give it as `after` to get older ones; null: there are none.")
