"""A posted form, read within limits of size, time and number of fields.

Leaving must be easy: any body that is not multipart is read as urlencoded, whatever its Content-Type says, and the words
of RFC 8058 are found in a body that is broken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.web.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message

MOST_BYTES = 64 * 1024
MOST_SECONDS = 20
MOST_FIELDS = 100
#: the field and value of RFC 8058, in either dress of a form; what may stand between them is bounded, since a hostile body
#: has thousands of beginnings
_ONE_CLICK = re.compile(
    rb"\blist-unsubscribe[ ]?=[ ]?one-click\b|"
    rb"name=\"?list-unsubscribe\"?[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,200}\r?\n){0,4}\r?\n[ ]?one-click\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Form:
    """Field name -> its values in order. Names are lower case."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, name: str, value: str) -> bool:
        """Whether one of the field's values is this one, capitals and space around it aside."""
        return value.lower() in (given.strip().lower() for given in self.all(name))

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name.lower(), ())

    def last(self, name: str) -> str:
        """Of several values of a field the last one; empty where there is none."""
        return (self.all(name) or ("",))[-1]

    @property
    def is_one_click(self) -> bool:
        """A mail program says that its reader leaves (RFC 8058)."""
        return self.has("List-Unsubscribe", "One-Click")


async def read_form(request: Request) -> Form:
    """The fields of the request's body.

    Raises:
        HTTPException: 413 too large, 408 too slow, 400 not a form.
    """
    body = await read_body(request, MOST_BYTES, MOST_SECONDS)
    try:
        pairs = await _pairs(request, body)
    except (ValueError, LookupError, HTTPException):  # too many fields, no boundary, a charset that cannot be used
        if not _ONE_CLICK.search(body):
            raise HTTPException(400) from None
        pairs = [("List-Unsubscribe", "One-Click")]
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        key = name.strip().lower()
        values[key] = (*values.get(key, ()), value)
    return Form(values=values)


async def _pairs(request: Request, body: bytes) -> list[tuple[str, str]]:
    """A body that is no multipart form is read as urlencoded, also where it is called multipart."""
    if request.headers.get("content-type", "").strip().lower().startswith("multipart/form-data"):
        if pairs := await _multipart(request, body):
            return pairs
        if _ONE_CLICK.search(body):
            return [("List-Unsubscribe", "One-Click")]
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


async def _multipart(request: Request, body: bytes) -> list[tuple[str, str]]:
    """The text fields, in UTF-8; files are dropped.

    RFC 7578 knows no charset of a whole form, and Python has ones that are slow, or that make halves of characters.
    """

    async def whole_body() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {**request.scope, "headers": [(b"content-type", _without_charset(request.headers["content-type"]))]}
    async with Request(scope, whole_body).form(max_files=MOST_FIELDS, max_fields=MOST_FIELDS) as form:
        return [(_storable(name), _storable(value)) for name, value in form.multi_items() if isinstance(value, str)]


def _storable(text: str) -> str:
    """Some charsets that a request may name have halves of characters, which no database and no page can take."""
    return text.encode("utf-8", "replace").decode()


def _without_charset(content_type: str) -> bytes:
    from python_multipart.multipart import parse_options_header

    kind, parameters = parse_options_header(content_type)
    boundary = parameters.get(b"boundary", b"").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return kind + (b'; boundary="' + boundary + b'"' if boundary else b"")
