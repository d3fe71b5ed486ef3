"""What readers find in the inbox: the request's content with each one's substitutions put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid.personal import receivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one reader finds in the inbox."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    custom_args: Mapping[str, str]


def sandboxed(body: Mapping[str, Any]) -> bool:
    return bool(body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"))


def finished(body: Mapping[str, Any]) -> Iterator[Mail]:
    """Each reader's mail. What a personalization says replaces what the top says: nothing is merged."""
    parts = {part["type"]: part["value"] for part in body.get("content", ())}
    for personal in body["personalizations"]:
        substitutions = personal.get("substitutions", {})
        subject = _replaced(personal.get("subject", body.get("subject", "")), substitutions)
        text, html = (_replaced(parts.get(kind, ""), substitutions) for kind in ("text/plain", "text/html"))
        for _, person in receivers(personal):
            yield Mail(
                address=person["email"],
                name=person.get("name", ""),
                subject=subject,
                text=text,
                html=html,
                headers=personal.get("headers", body.get("headers", {})),
                custom_args=personal.get("custom_args", body.get("custom_args", {})),
            )


def _replaced(text: str, substitutions: Mapping[str, str]) -> str:
    for tag, value in substitutions.items():  # one after the other: what a value brings in can be replaced again
        text = text.replace(tag, value)
    return text
