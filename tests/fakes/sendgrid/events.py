"""What the event webhook tells of each mail that was accepted, in the shapes of its documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from tests.fakes.sendgrid.mails import Mail

Event = dict[str, Any]
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(kw_only=True)
class Fates:
    """Shares of the mails. What is left over is delivered at once; opening and the like come on top of delivery."""

    deferred: float = 0.0
    bounce: float = 0.0
    blocked: float = 0.0
    #: bounces after delivery, which do not say to which message they belong
    late_bounce: float = 0.0
    open: float = 0.0
    machine_open: float = 0.0
    click: float = 0.0
    spamreport: float = 0.0
    unsubscribe: float = 0.0
    #: kinds of events that nobody has documented
    unknown: float = 0.0


def suppressed_by(event: Event) -> str:
    """The list of suppressions that its address joins; empty: none."""
    if event["event"] == "bounce":
        return "bounces" if event["type"] == "bounce" else "blocks"
    return {"spamreport": "spam_reports", "unsubscribe": "unsubscribes"}.get(event["event"], "")


class Story:
    """The events of one mail, each with an id of its own."""

    def __init__(self, mail: Mail, message: str, categories: list[str], chance: random.Random, now: int) -> None:
        self._mail, self._message, self._chance, self._now = mail, message, chance, now
        self._categories = categories

    def dropped(self, reason: str) -> Iterator[Event]:
        yield self._event("dropped", reason=reason, status="5.0.0")

    def of(self, fates: Fates) -> Iterator[Event]:
        yield self._event("processed")
        drawn = self._chance.random()
        if drawn < fates.bounce:
            yield self._bounce("550 5.1.1 no such user", "5.1.1", "bounce")
        elif drawn < fates.bounce + fates.blocked:
            yield self._bounce("550 5.7.1 refused by the receiver's policy", "5.7.1", "blocked")
        else:
            if self._happens(fates.deferred):
                yield self._event("deferred", response="451 4.3.0 come back later", attempt="1")
            yield self._event("delivered", response="250 OK")
            yield from self._after_delivery(fates)
        if self._happens(fates.unknown):
            yield self._event("teleported", where="elsewhere")

    def _after_delivery(self, fates: Fates) -> Iterator[Event]:
        if self._happens(fates.late_bounce):
            late = self._bounce("550 5.1.1 no such user", "5.1.1", "bounce")
            del late["sg_message_id"]
            yield late
        for share, machine in ((fates.open, False), (fates.machine_open, True)):
            if self._happens(share):
                yield self._event("open", sg_machine_open=machine, sg_content_type="html", **self._visit())
        link = _LINK.search(self._mail.html)
        if link and self._happens(fates.click):
            yield self._event("click", url=link[0], url_offset={"index": 0, "type": "html"}, **self._visit())
        for name, share in (("spamreport", fates.spamreport), ("unsubscribe", fates.unsubscribe)):
            if self._happens(share):
                yield self._event(name)

    def _bounce(self, reason: str, status: str, kind: str) -> Event:
        return self._event("bounce", reason=reason, status=status, type=kind, bounce_classification="Invalid Address")

    def _visit(self) -> Mapping[str, str]:
        return {"useragent": _BROWSER, "ip": f"203.0.113.{self._chance.randrange(1, 255)}"}

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _event(self, name: str, **more: Any) -> Event:
        self._now += self._chance.randrange(3)
        event: Event = {
            "email": self._mail.address,
            "timestamp": self._now,
            "event": name,
            "sg_event_id": f"{self._chance.getrandbits(160):040x}",
            "sg_message_id": self._message,
            "smtp-id": f"<{self._message}@geopod-ismtpd-0>",
            **more,
        }
        if self._categories:
            event["category"] = self._categories[0] if len(self._categories) == 1 else self._categories
        # custom arguments are flattened; the provider's own fields win
        return {**self._mail.custom_args, **event}
