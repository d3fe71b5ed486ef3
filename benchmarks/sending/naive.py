"""As most programs send through SendGrid: the SDK's own objects, one request after the other, nothing remembered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Content,
    CustomArg,
    Email,
    Header,
    Mail,
    Personalization,
    Substitution,
    To,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Envelope

_HEADERS = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-Id": "<friends.news.example.org>"}


def readers_a_second(url: str, key: str, html: str, text: str, envelopes: Sequence[Envelope], size: int) -> float:
    client = SendGridAPIClient(key, host=url)
    begin = time.perf_counter()
    for first in range(0, len(envelopes), size):
        client.send(_mail(html, text, envelopes[first : first + size]))
    return len(envelopes) / (time.perf_counter() - begin)


def _mail(html: str, text: str, envelopes: Sequence[Envelope]) -> Mail:
    mail = Mail(from_email=Email("letters@example.org", "Larkmeadow Joint Clinic"), subject="Running again")
    mail.add_content(Content("text/plain", text))
    mail.add_content(Content("text/html", html))
    for envelope in envelopes:
        one = Personalization()
        one.add_to(To(envelope.address, envelope.name))
        one.add_custom_arg(CustomArg("nl_delivery", str(envelope.n)))
        for name in ("first_name", "unsubscribe_url", "preferences_url", "view_url"):
            one.add_substitution(Substitution(f"-{name}-", envelope.values[name]))
        for name, value in {**_HEADERS, "List-Unsubscribe": f"<{envelope.values['unsubscribe_url']}>"}.items():
            one.add_header(Header(name, value))
        mail.add_personalization(one)
    return mail
