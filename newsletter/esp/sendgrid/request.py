"""A chunk -> the body of one v3 Mail Send request, one personalization per reader. Never an address or name in custom_args.

Headers and custom_args stand whole in every personalization: the documentation leaves open whether those at the top are
merged or replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.compose.carrying import unsubscribe_link, wire_address
from newsletter.compose.escaping import one_line
from newsletter.esp.sendgrid.substitutions import substituted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.letter import Envelope, Letter

#: names of our custom_args; `attempt` alone would clash with a field of SendGrid's own events
ATTEMPT, MAILING, DELIVERY = "nl_attempt", "nl_mailing", "nl_delivery"

MAX_BYTES = 30_000_000
MAX_SUBSTITUTIONS = 150
MAX_SUBSTITUTION_BYTES = 10_000

_LONGEST_NAME = 255
#: a tracked reader is a choice that nobody has made; leaving is our own page's business
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


def request_body(letter: Letter, attempt: str, envelopes: Sequence[Envelope], *, sandbox: bool) -> dict[str, Any]:
    """The request as plain JSON values. The letter and the envelopes must have no obstacle (compose/carrying.py)."""
    rendered = letter.rendered
    filled = substituted(
        rendered.fingerprint, (rendered.subject, rendered.text, rendered.html), [e.values for e in envelopes]
    )
    subject, text, html = filled.texts
    body = {
        "personalizations": [
            _personalization(letter, attempt, envelope, substitutions)
            for envelope, substitutions in zip(envelopes, filled.substitutions, strict=True)
        ],
        "from": {"email": wire_address(rendered.from_address), "name": one_line(rendered.from_name)},
        "subject": one_line(subject),
        "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
        "tracking_settings": _NO_TRACKING,
    }
    if rendered.reply_to:
        body["reply_to"] = {"email": wire_address(rendered.reply_to)}
    if sandbox:
        body["mail_settings"] = {"sandbox_mode": {"enable": True}}
    return body


def _personalization(
    letter: Letter, attempt: str, envelope: Envelope, substitutions: Mapping[str, str]
) -> dict[str, Any]:
    to = {"email": wire_address(envelope.address)}
    if name := _recipient_name(envelope.name):
        to["name"] = name
    personal: dict[str, Any] = {
        "to": [to],
        "custom_args": {ATTEMPT: attempt, MAILING: letter.mailing, DELIVERY: str(envelope.n)},
    }
    if substitutions:
        personal["substitutions"] = substitutions
    if letter.list_id:
        personal["headers"] = {
            "List-Id": f"<{letter.list_id}>",
            "List-Unsubscribe": f"<{unsubscribe_link(envelope.values)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return personal


def _recipient_name(name: str) -> str:
    """Without the characters that SendGrid forbids; a name too long is left out, not cut."""
    allowed = re.sub(r"[;,\s]+", " ", one_line(name)).strip()
    return allowed if len(allowed) <= _LONGEST_NAME else ""


def substitution_bytes(personal: Mapping[str, Any]) -> int:
    """Octets of one personalization's substitutions, tags counted too."""
    return sum(len(f"{tag}{text}".encode()) for tag, text in personal.get("substitutions", {}).items())


def message_bytes(body: Mapping[str, Any]) -> int:
    """Octets of the message before each reader's values are put in."""
    return sum(len(part["value"].encode()) for part in body["content"])
