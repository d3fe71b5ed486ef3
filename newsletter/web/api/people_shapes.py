"""Subscribers in requests and answers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.web.api.shapes import (
    AN_ID,
    ID_PATTERN,
    AttributeName,
    AttributeValue,
    Email,
    Line,
    ListName,
    Moment,
    Strict,
    Words,
    example,
    one_of,
)

_EMAIL = "ada@example.org"


class Consent(Strict):
    """What somebody saw and agreed to."""

    model_config = example(wording="I want the letter of the clinic by mail, once a month.", ip="203.0.113.9")

    wording: Words = Field(
        description="The exact words beside the button or box, in the language that they were shown in."
    )
    ip: str = Field(default="", max_length=45, description="Kept only where the settings say so (consent.keep_ip).")
    user_agent: Line = Field(default="", description="Kept only where the settings say so (consent.keep_user_agent).")
    at: Moment | None = Field(default=None, description="When they agreed, where that is not now.")


class NewSubscriber(Strict):
    """Somebody asks to join lists (`consent`), or you say that they have agreed elsewhere (`ground`)."""

    model_config = one_of(
        "anyOf",
        "consent",
        "ground",
        email=_EMAIL,
        lists=["friends"],
        first_name="Ada",
        language="en",
        consent={"wording": "I want the letter of the clinic by mail, once a month."},
    )

    email: Email
    lists: list[ListName] = Field(min_length=1, max_length=50)
    first_name: Line = ""
    last_name: Line = ""
    language: str = Field(default="", max_length=35, description="A language tag (BCP 47), such as en or de-AT.")
    attributes: dict[AttributeName, AttributeValue] = Field(
        default={}, max_length=100, description="By the names and types of [attributes] in newsletter.toml."
    )
    consent: Consent | None = Field(default=None, description="Needed unless `ground` is given.")
    ground: Words | None = Field(
        default=None,
        description="How and when they agreed, as you can prove it. With it nobody is asked to confirm.",
    )

    @model_validator(mode="after")
    def _rests_on_something(self) -> NewSubscriber:
        if self.consent is None and self.ground is None:
            raise ValueError("Say with `consent` what they saw and agreed to, or with `ground` how you know.")
        return self


class ListStanding(BaseModel):
    """How they stand with a list now, and what this request did to it."""

    list: str
    status: SubscriptionStatus | None = Field(description="null: they have nothing to do with it.")
    action: Literal["asked", "joined", "left", "none"] = Field(
        description="`asked`: they have to confirm; `none`: it was so before."
    )


class Subscribed(BaseModel):
    model_config = example(
        id=AN_ID,
        created=True,
        lists=[{"list": "friends", "status": "pending", "action": "asked"}],
        confirmation="queued",
    )

    id: str = Field(pattern=ID_PATTERN)
    created: bool = Field(description="Whether they were unknown before.")
    lists: list[ListStanding]
    confirmation: Literal["not_needed", "queued", "enough_today"] = Field(
        description="Whether a mail with a link to confirm goes to them; at most three a day do."
    )


class Search(Strict):
    model_config = example(email=_EMAIL)

    email: Email


class Change(Strict):
    """What is not named stays; null removes."""

    model_config = example(last_name="Byron", attributes={"city": "Leeds", "sport": None})

    first_name: Line | None = None
    last_name: Line | None = None
    language: str | None = Field(default=None, max_length=35)
    timezone: str | None = Field(default=None, max_length=60)
    attributes: dict[AttributeName, AttributeValue | None] = Field(default={}, max_length=100)


class Changed(BaseModel):
    model_config = example(id=AN_ID, changed=["last_name", "attributes.city"])

    id: str = Field(pattern=ID_PATTERN)
    changed: list[str] = Field(description="The names of what is different now.")


class Leave(Strict):
    """Exactly one of `lists` and `everything`."""

    model_config = one_of("oneOf", "lists", "everything", lists=["friends"], reason="Asked on the phone, 3 May 2026")

    lists: list[ListName] | None = Field(default=None, min_length=1, max_length=50)
    everything: Literal[True] | None = Field(
        default=None, description="They want no mail at all: all lists are left, and the address is never mailed again."
    )
    reason: Line = Field(default="", description="How they asked; kept with it.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Leave:
        if (self.lists is None) == (self.everything is None):
            raise ValueError("Give either `lists` or `everything`: true.")
        return self


class Left(BaseModel):
    model_config = example(
        id=AN_ID, lists=[{"list": "friends", "status": "unsubscribed", "action": "left"}], suppressed=False
    )

    id: str = Field(pattern=ID_PATTERN)
    lists: list[ListStanding]
    suppressed: bool = Field(description="Whether the address is never mailed again.")


class Subscriber(BaseModel):
    model_config = example(
        id=AN_ID,
        email=_EMAIL,
        first_name="Ada",
        last_name="Byron",
        language="en",
        timezone="Europe/London",
        attributes={"city": "Leeds"},
        tracking=False,
        lists={"friends": "subscribed"},
        suppressed=None,
    )

    id: str = Field(pattern=ID_PATTERN)
    email: str
    first_name: str
    last_name: str
    language: str
    timezone: str
    attributes: dict[str, Any]
    tracking: bool = Field(description="Whether they agreed that opens and clicks are noted.")
    lists: dict[str, SubscriptionStatus]
    suppressed: SuppressionReason | None = Field(description="Why they are never mailed, whatever lists they are on.")


class SubscriberPage(BaseModel):
    model_config = example(subscribers=[], next=None)

    subscribers: list[Subscriber]
    next: str | None = Field(description="Give it as `after` to get the next page; null: there is none.")
