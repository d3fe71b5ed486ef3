"""A posted form, read within limits of size, time and number of fields.

Leaving must be easy: any body that is not multipart is read as urlencoded, whatever its Content-Type says.
"""

from __future__ import annotations

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


@dataclass(frozen=True, kw_only=True)
class Form:
    """Field name -> its values in order. Names are lower case."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, name: str, value: str) -> bool:
        """Whether one of the field's values is this one, capitals and space around it aside."""
        return value.lower() in (given.strip().lower() for given in self.all(name))

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name.lower(), ())


async def read_form(request: Request) -> Form:
    """The fields of the request's body.

    Raises:
        HTTPException: 413 too large, 408 too slow, 400 not a form.
    """
    body = await read_body(request, MOST_BYTES, MOST_SECONDS)
    pairs: list[tuple[str, str]]
    try:
        if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            pairs = await _multipart(request, body)
        else:
            pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ValueError, LookupError):  # too many fields, or a charset that Python knows and cannot use
        raise HTTPException(400) from None
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        key = name.strip().lower()
        values[key] = (*values.get(key, ()), value)
    return Form(values=values)


async def _multipart(request: Request, body: bytes) -> list[tuple[str, str]]:
    """The text fields; files are dropped."""

    async def whole_body() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async with Request(request.scope, whole_body).form(max_files=MOST_FIELDS, max_fields=MOST_FIELDS) as form:
        return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
