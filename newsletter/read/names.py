"""What merge tags may name: fields of the subscriber, variables of the issue, and facts of issue, newsletter and sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import error
from newsletter.model.subscriber import SUBSCRIBER_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from newsletter.model.problem import Place, Problem
    from newsletter.settings import Settings


def subscriber_fields(settings: Settings) -> frozenset[str]:
    return frozenset((*SUBSCRIBER_FIELDS, *settings.attributes))


def settings_constants(settings: Settings) -> dict[str, str]:
    """The facts of the newsletter and its sender. Replies go to the address where no other is given."""
    sender = settings.sender
    return {
        "newsletter.name": settings.newsletter.name,
        "newsletter.base_url": settings.newsletter.base_url,
        "sender.name": sender.name,
        "sender.phone": ", ".join(sender.phone),
        "sender.address": sender.address,
        "sender.postal_address": sender.postal_address,
        "sender.organisation": sender.organisation,
        "sender.website": sender.website or "",
        "sender.tagline": sender.tagline,
        "sender.reply_to": sender.reply_to or sender.address,
    }


def issue_constants(title: str, day: date | None, language: str) -> dict[str, str]:
    return {"issue.title": title, "issue.date": long_date(day, language) if day else ""}


def long_date(day: date, language: str) -> str:
    """Such as "December 1, 2026", in the language of the issue."""
    from babel import Locale
    from babel.dates import format_date

    return format_date(day, "long", locale=Locale.parse(language, sep="-"))


def shadowing(variables: Mapping[str, str], settings: Settings, places: Mapping[str, Place]) -> list[Problem]:
    """A variable that has the name of a subscriber's field: one of the two could never be used."""
    return [
        error(
            "variable-shadows-field",
            places[name],
            f"the variable `{name}` has the name of a subscriber's field",
            "Give the variable another name.",
        )
        for name in variables
        if name in subscriber_fields(settings)
    ]
