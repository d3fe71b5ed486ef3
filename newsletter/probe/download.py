"""A file from the web: https only, no longer than allowed, within a time that counts from the first byte to the last."""

from __future__ import annotations

import time
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO
    from urllib.request import BaseHandler

_PIECE = 64 * 1024


class _OnlyHttps(HTTPRedirectHandler):
    """A server may send us elsewhere, but not to a page that anybody on the way could change."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme != "https":
            raise URLError("it leads to an address without https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(
    url: str,
    *,
    most: int,
    seconds: float,
    handlers: Sequence[BaseHandler] = (),
    clock: Callable[[], float] = time.monotonic,
) -> bytes:
    """The content at an https address.

    Raises:
        ServiceMissing: the address is not https, nothing answers, it takes too long, or it is larger than `most` bytes.
    """
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise ServiceMissing(url, "only https addresses are fetched")
    end = clock() + seconds
    opener = build_opener(_OnlyHttps(), *(handlers or (HTTPSHandler(),)))
    request = Request(url, headers={"User-Agent": "newsletter-pipeline", "Accept": "application/json"})  # noqa: S310
    try:
        with opener.open(request, timeout=seconds) as answer:
            return _content(answer, most, lambda: clock() < end)
    except HTTPError as why:
        raise ServiceMissing(url, f"the server answers {why.code}") from None
    except (OSError, HTTPException) as why:  # URLError and time-outs are OSErrors
        raise ServiceMissing(url, str(getattr(why, "reason", "") or why) or type(why).__name__) from None
    except _Refused as why:
        raise ServiceMissing(url, str(why)) from None


class _Refused(Exception):
    """What came is too much, or too slow."""


def _content(answer: HTTPResponse, most: int, is_time: Callable[[], bool]) -> bytes:
    content = bytearray()
    while piece := answer.read(min(_PIECE, most + 1 - len(content))):
        content += piece
        if len(content) > most:
            raise _Refused(f"it is larger than {most / 1e6:.0f} MB")
        if not is_time():
            raise _Refused("it takes too long")
    return bytes(content)
