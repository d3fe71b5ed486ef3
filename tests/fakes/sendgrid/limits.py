"""What the API rejects: every documented limit and rule of v3 Mail Send, in its strictest plain reading.

Types come first (`shapes.py`): only a request in which each value is of its type is held to the rules here. Receivers have
a file of their own (`personal.py`).
"""

from __future__ import annotations

import base64
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.fakes.sendgrid.parts import header_complaints, person_complaints, time_complaints
from tests.fakes.sendgrid.personal import personal_complaints
from tests.fakes.sendgrid.shapes import REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fakes.sendgrid.shapes import Complaint

MAX_BYTES = 30_000_000
_MOST_CATEGORIES, _LONGEST_CATEGORY = 10, 255
_MOST_GROUPS = 25


def complaints(body: object, *, strict: bool = False, now: float | None = None) -> Iterator[Complaint]:
    """(field, message) of everything that the documentation forbids.

    `strict`: the reading by which all substitutions of a request together have 50,000 bytes.
    """
    if not isinstance(body, dict):
        yield "", "Bad Request"
        return
    wrong = list(REQUEST(body, ""))
    if wrong:
        yield from wrong
        return
    moment = time.time() if now is None else now
    yield from _from_complaints(body)
    yield from _subject_complaints(body)
    yield from _content_complaints(body)
    yield from header_complaints(body, "")
    yield from time_complaints(body, "", moment)
    yield from _category_complaints(body.get("categories", []), given="categories" in body)
    yield from _attachment_complaints(body)
    yield from _settings_complaints(body)
    yield from personal_complaints(body, strict=strict, now=moment)


def _from_complaints(body: Mapping[str, Any]) -> Iterator[Complaint]:
    yield from person_complaints(body["from"], "from", separators=True)
    if "reply_to" in body:
        yield from person_complaints(body["reply_to"], "reply_to", separators=True)
    if "reply_to_list" in body:
        if "reply_to" in body:
            yield "reply_to_list", "It cannot be used together with reply_to."
        if not 1 <= len(body["reply_to_list"]) <= 1000:
            yield "reply_to_list", "It must have between 1 and 1000 items."
        for at, person in enumerate(body["reply_to_list"]):
            yield from person_complaints(person, f"reply_to_list.{at}", separators=True)


def _subject_complaints(body: Mapping[str, Any]) -> Iterator[Complaint]:
    """It may be left out where every personalization, or the template, has its own."""
    if "subject" in body:
        yield from _line_complaints(body["subject"], "subject")
    elif "template_id" not in body and not all("subject" in personal for personal in body["personalizations"]):
        yield "subject", "The subject is required, unless each personalization or the template has one."
    for at, personal in enumerate(body["personalizations"]):
        if "subject" in personal:
            yield from _line_complaints(personal["subject"], f"personalizations.{at}.subject")


def _line_complaints(subject: str, field: str) -> Iterator[Complaint]:
    if not subject:
        yield field, "The subject must be a string at least one character in length."
    if re.search(r"[\r\n]", subject):
        yield field, "The subject must be one line."


def _content_complaints(body: Mapping[str, Any]) -> Iterator[Complaint]:
    content = body.get("content", [])
    if not content and ("content" in body or "template_id" not in body):
        yield "content", "The content is required, with at least one block, unless there is a template."
    for at, part in enumerate(content):
        if not part["value"]:
            yield f"content.{at}.value", "The content value must be a string at least one character in length."
        if not part["type"] or re.search(r"[;\r\n]", part["type"]):
            yield f"content.{at}.type", "The content type must have a character, and none of ; CR LF."
    types = [part["type"] for part in content]
    if any(types.count(kind) > 1 for kind in ("text/plain", "text/html")):
        yield "content", "text/plain and text/html may be given once only."
    first = [kind for kind in ("text/plain", "text/html") if kind in types]
    if types[: len(first)] != first:
        yield "content", "text/plain must be first, followed by text/html, followed by any other content."


def _category_complaints(categories: list[str], *, given: bool) -> Iterator[Complaint]:
    if given and not 1 <= len(categories) <= _MOST_CATEGORIES:
        yield "categories", f"There must be between 1 and {_MOST_CATEGORIES} categories."
    for name, count in Counter(categories).items():
        if count > 1:
            yield "categories", "The categories must be unique."
        if not name or not name.isascii() or len(name) > _LONGEST_CATEGORY:
            yield "categories", f"A category must be ASCII and have between 1 and {_LONGEST_CATEGORY} characters."


def _attachment_complaints(body: Mapping[str, Any]) -> Iterator[Complaint]:
    for at, one in enumerate(body.get("attachments", [])):
        field = f"attachments.{at}"
        try:
            whole = bool(base64.b64decode(one["content"], validate=True))
        except ValueError:
            whole = False
        if not whole:
            yield f"{field}.content", "The attachment content must be base64 encoded."
        if not one["filename"] or re.search(r"[;\r\n]", one["filename"] + one.get("type", "")):
            yield f"{field}.filename", "The filename must have a character, and neither it nor the type ; CR LF."
        if one.get("disposition", "attachment") not in {"inline", "attachment"}:
            yield f"{field}.disposition", "The disposition can only be inline or attachment."
        if one.get("disposition") == "inline" and not one.get("content_id"):
            yield f"{field}.content_id", "An inline attachment needs a content_id."


def _settings_complaints(body: Mapping[str, Any]) -> Iterator[Complaint]:
    settings = body.get("mail_settings", {})
    bypasses = [name for name, one in settings.items() if name.startswith("bypass_") and one.get("enable")]
    if "bypass_list_management" in bypasses and len(bypasses) > 1:
        yield "mail_settings", "bypass_list_management cannot be combined with another bypass."
    if len(body.get("asm", {}).get("groups_to_display", [])) > _MOST_GROUPS:
        yield "asm.groups_to_display", f"There can be no more than {_MOST_GROUPS} groups."
    if not 2 <= len(body.get("ip_pool_name", "ip")) <= 64:
        yield "ip_pool_name", "The name must have between 2 and 64 characters."
    ganalytics = body.get("tracking_settings", {}).get("ganalytics", {})
    yield from (
        (f"tracking_settings.ganalytics.{name}", "It must not be empty.")
        for name, value in ganalytics.items()
        if ganalytics.get("enable") and value == ""
    )
