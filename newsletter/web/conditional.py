"""Pages that everybody gets alike: kept in caches for a while, and not sent again to who has them (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: what a 304 says again (RFC 9110, section 15.4.5)
_SAID_AGAIN = ("cache-control", "etag", "last-modified", "vary", "content-security-policy", "x-robots-tag")


def conditional(
    response: Response, asked: Mapping[str, str], *, changed: datetime | None = None, tag: str = ""
) -> Response:
    """The response with its ETag, and Last-Modified where that is known; 304 without a body to who has it already.

    `asked` are the headers of the request; `tag` names the bytes where that is cheaper than their hash.
    """
    response.headers["ETag"] = f'"{tag or hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    if changed:
        response.headers["Last-Modified"] = format_datetime(changed.replace(microsecond=0), usegmt=True)
    if not _has_it(response.headers["ETag"], asked):
        return response
    kept = {name: response.headers[name] for name in _SAID_AGAIN if name in response.headers}
    return Response(status_code=304, headers=kept)


def _has_it(tag: str, asked: Mapping[str, str]) -> bool:
    """By the tag alone: an issue that is hidden again has an older date than what somebody keeps of it."""
    # a proxy that compresses makes the tag a weak one
    given = {one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")}
    return tag in given or given == {"*"}
