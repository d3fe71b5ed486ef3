"""A chunk -> the body of one v3 Mail Send request, one personalization per reader. Never an address or name in custom_args.

Headers and custom_args stand whole in every personalization: the documentation leaves open whether those at the top are
merged or replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.compose.carrying import wire_address
from newsletter.compose.escaping import one_line
from newsletter.compose.leaving import ways_to_leave
from newsletter.esp.sendgrid.substitutions import substituted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.letter import Envelope, Letter

#: names of our custom_args; `attempt` alone would clash with a field of SendGrid's own events
ATTEMPT, MAILING, DELIVERY = "nl_attempt", "nl_mailing", "nl_delivery"

#: of a message, and of what is sent to the API
MAX_BYTES = 30_000_000
MAX_SUBSTITUTIONS = 150
#: of one reader, tags and texts together
MAX_SUBSTITUTION_BYTES = 10_000
#: of a request: the strictest of the three readings of the documentation
MAX_SUBSTITUTION_BYTES_IN_ALL = 50_000

_LONGEST_NAME = 255
#: a header line may have 998 octets (RFC 5322 section 2.1.1), its name included
_LONGEST_HEADER = 980


def request_body(letter: Letter, attempt: str, envelopes: Sequence[Envelope], *, sandbox: bool) -> dict[str, Any]:
    """The request as plain JSON values. The letter and the envelopes must have no obstacle (compose/carrying.py).

    Gmail's Feedback-ID is left to SendGrid: it counts only where the signature covers it, and that is SendGrid's.
    """
    rendered = letter.rendered
    ways = [_list_unsubscribe(envelope) for envelope in envelopes] if letter.list_id else []
    filled = substituted(
        rendered.fingerprint,
        (rendered.subject, rendered.text, rendered.html),
        [envelope.values for envelope in envelopes],
        # whether tags in headers are replaced too is not documented
        beside=[letter.list_id, *ways],
    )
    subject, text, html = filled.texts
    body = {
        "personalizations": _personalizations(letter, attempt, envelopes, filled.substitutions, ways),
        "from": {"email": wire_address(rendered.from_address), "name": one_line(rendered.from_name)},
        "subject": one_line(subject),
        "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
        "tracking_settings": _tracking(letter),
    }
    if rendered.reply_to:
        body["reply_to"] = {"email": wire_address(rendered.reply_to)}
    if settings := _mail_settings(letter, sandbox=sandbox):
        body["mail_settings"] = settings
    return body


def _mail_settings(letter: Letter, *, sandbox: bool) -> dict[str, Any]:
    """Who asked for a mail just now gets it although SendGrid's own list says that they left; never past a bounce or complaint."""
    settings: dict[str, Any] = {"sandbox_mode": {"enable": True}} if sandbox else {}
    if letter.asked_for:
        settings["bypass_unsubscribe_management"] = {"enable": True}
    return settings


def _personalizations(
    letter: Letter,
    attempt: str,
    envelopes: Sequence[Envelope],
    substitutions: Sequence[Mapping[str, str]],
    ways: Sequence[str],
) -> list[dict[str, Any]]:
    mailing, list_id = letter.mailing, f"<{letter.list_id}>" if letter.list_id else ""
    made: list[dict[str, Any]] = []
    for at, (envelope, own) in enumerate(zip(envelopes, substitutions, strict=True)):
        to = {"email": wire_address(envelope.address)}
        if name := _recipient_name(envelope.name):
            to["name"] = name
        personal: dict[str, Any] = {
            "to": [to],
            "custom_args": {ATTEMPT: attempt, MAILING: mailing, DELIVERY: str(envelope.n)},
        }
        if own:
            personal["substitutions"] = own
        if list_id:
            personal["headers"] = {
                "List-Id": list_id,
                "List-Unsubscribe": ways[at],
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        elif letter.asked_for:
            personal["headers"] = {"Auto-Submitted": "auto-generated"}  # RFC 3834
        made.append(personal)
    return made


def _tracking(letter: Letter) -> dict[str, Any]:
    """Said in every request, else what the account is set to would hold. Leaving is our own pages' business.

    Links in plain text stay as they are: a redirect in full length is nothing that anybody can read.
    """
    return {
        "click_tracking": {"enable": letter.clicks, "enable_text": False},
        "open_tracking": {"enable": letter.opens},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def _list_unsubscribe(envelope: Envelope) -> str:
    ways = ways_to_leave(envelope)
    whole = ", ".join(ways)
    return whole if len(whole) <= _LONGEST_HEADER else ways[0]


def _recipient_name(name: str) -> str:
    """Without the characters that SendGrid forbids; a name too long is left out, not cut."""
    allowed = " ".join(one_line(name).replace(";", " ").replace(",", " ").split())
    return allowed if len(allowed) <= _LONGEST_NAME else ""


def substitution_bytes(personal: Mapping[str, Any]) -> int:
    """Octets of one personalization's substitutions, tags counted too."""
    own = personal.get("substitutions", {})
    return len("".join((*own, *own.values())).encode())


def shared_bytes(body: Mapping[str, Any]) -> int:
    """Octets of the message before a reader's values are put in."""
    return sum(len(part["value"].encode()) for part in body["content"]) + len(body["subject"].encode())
