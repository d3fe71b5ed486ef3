"""The only file that knows the `sendgrid` package: a path and JSON go in, a Reply comes out, one try, no redirects.

Four things are added to the SDK: it is known whether a connection was ever made (if not, nothing can have been sent),
redirects are not followed (urllib would turn the POST into a GET and hand the key to another host), segments of a
path are percent-encoded, and a call ends: a server that answers in drops keeps to every time-out of a single step.

Each call has a connection of its own. One that is kept may have been closed by the server while it was idle, and then
nobody can say whether the request was taken: a thousand readers in doubt, to save a handshake.
"""

from __future__ import annotations

import functools
import http.client
import json
import logging
import socket
import ssl
import threading
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
from python_http_client import Client
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

#: so many times a step's seconds a whole call may take
_STEPS = 4


class NothingSent(Exception):
    """Raised when it failed before a connection stood: DNS, refusal, connect time-out, TLS, a key that is no header."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server said. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Api:
    """SendGrid's v3 API. Used from several threads at once."""

    def __init__(self, api_key: str, host: str, timeout: float) -> None:
        """`timeout`: seconds that a single step (connect, send, wait for bytes) may take; a call takes four times as many."""
        # at DEBUG the SDK logs keys, addresses and whole messages
        logging.getLogger("python_http_client.client").disabled = True
        sdk = SendGridAPIClient(api_key, host=host).client
        self._host, self._timeout = sdk.host, timeout
        # complete from the start, since all calls share these and the SDK adds what is missing
        self._bare = dict(sdk.request_headers)
        self._with_body = {**sdk.request_headers, "Content-Type": "application/json"}

    def get(self, path: Sequence[str], query: Mapping[str, str | int] | None = None) -> Reply:
        """As `post`; may be repeated."""
        return self._call("get", path, query=query)

    def post(self, path: Sequence[str], body: Mapping[str, Any]) -> Reply:
        """One try.

        Raises:
            NothingSent: no connection was made.
            Exception: anything else that went wrong once there was a connection; what the server did is unknown.
        """
        return self._call("post", path, body=body)

    def delete(self, path: Sequence[str]) -> Reply:
        """As `post`; may be repeated."""
        return self._call("delete", path)

    def _call(
        self,
        method: str,
        path: Sequence[str],
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str | int] | None = None,
    ) -> Reply:
        endpoint = _Endpoint(
            host=self._host,
            request_headers=self._bare if body is None else self._with_body,
            version=3,
            url_path=[quote(segment, safe="") for segment in path],
            timeout=self._timeout,
        )
        endpoint.octets = None if body is None else _json(body)
        endpoint.line = _Line()
        with endpoint.line.cut_after(self._timeout * _STEPS):
            try:
                response = getattr(endpoint, method)(request_body=body and {}, query_params=query)
            except HTTPError as refusal:
                response = refusal
            reply = _reply(response.status_code, response.headers, response.body)
        if endpoint.line.is_cut:  # it may not be whole
            raise TimeoutError
        return reply


def _json(body: Mapping[str, Any]) -> bytes:
    """At a tenth of the price of the SDK's own; half a surrogate pair, which is no UTF-8, is left to Python."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()


def _reply(status: int, headers: Mapping[str, str] | None, body: bytes) -> Reply:
    return Reply(status=status, headers={k.lower(): v for k, v in (headers or {}).items()}, body=body)


class _Line:
    """The connection of one request: whether it ever stood, and whether it was cut since it took too long."""

    open = False
    is_cut = False

    def __init__(self) -> None:
        #: the same connection once more: TLS takes the other one over
        self._socket: socket.socket | None = None

    def connected(self, make: Callable[..., socket.socket]) -> Callable[..., socket.socket]:
        """`make`, and what it makes can be cut."""

        def made(*given: Any, **named: Any) -> socket.socket:  # noqa: ANN401 - as http.client calls it
            one = make(*given, **named)
            self._socket = one.dup()
            return one

        return made

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if self._socket is not None:
                self._socket.close()

    def _cut(self) -> None:
        self.is_cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Endpoint(Client):  # type: ignore[misc]  # the SDK has no types
    #: the body as it goes; the SDK is given an empty one to write
    octets: bytes | None = None
    line: _Line

    def _make_request(self, opener: object, request: urllib.request.Request, timeout: float | None = None) -> object:
        del opener
        if self.octets is not None:
            request.data = self.octets
        line = self.line
        handlers = (_NoRedirect(), _HttpHandler(line), _HttpsHandler(line))
        try:
            return super()._make_request(urllib.request.build_opener(*handlers), request, timeout)
        except Exception as failure:
            if line.open:
                raise
            raise NothingSent(_plain(failure)) from failure


def _plain(failure: Exception) -> str:
    """In words, without anything of the request."""
    reason = getattr(failure, "reason", failure)
    known = {
        "gaierror": "its name was not found in DNS",
        "ConnectionRefusedError": "the connection was refused",
        "TimeoutError": "connecting took too long",
        "SSLCertVerificationError": "its TLS certificate is not valid",
    }
    return known.get(type(reason).__name__, f"connecting failed ({type(reason).__name__})")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class _HttpHandler(urllib.request.HTTPHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._connection = functools.partial(_HttpConnection, line=line)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._connection = functools.partial(_HttpsConnection, line=line, context=_tls())

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


@functools.cache
def _tls() -> ssl.SSLContext:
    # reading the certificates takes 20 ms: once, not per request
    return ssl.create_default_context()


class _HttpConnection(http.client.HTTPConnection):
    def __init__(self, host: str, *, line: _Line, **options: Any) -> None:  # noqa: ANN401 - urllib's own
        super().__init__(host, **options)
        self._line = line
        self._create_connection = line.connected(socket.create_connection)

    def connect(self) -> None:
        super().connect()
        self._line.open = True


class _HttpsConnection(http.client.HTTPSConnection):
    def __init__(self, host: str, *, line: _Line, **options: Any) -> None:  # noqa: ANN401 - urllib's own
        super().__init__(host, **options)
        self._line = line
        self._create_connection = line.connected(socket.create_connection)

    def connect(self) -> None:
        super().connect()
        self._line.open = True
