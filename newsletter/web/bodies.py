"""The body of a request, read within limits of size and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request


async def read_body(request: Request, most_bytes: int, most_seconds: float) -> bytes:
    """Raises:
    HTTPException: 413 too large, 408 too slow.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most_bytes:
        raise HTTPException(413)
    body = bytearray()
    with anyio.move_on_after(most_seconds) as patience:
        async for piece in request.stream():
            body += piece
            if len(body) > most_bytes:
                raise HTTPException(413)
    if patience.cancelled_caught:
        raise HTTPException(408)
    return bytes(body)
