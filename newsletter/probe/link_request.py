"""One request to one web address, to an address on the internet that was checked, answered within limits: status and Location.

Each name is looked up once, every address it has is checked, and the connection goes to one of exactly these (no DNS
rebinding). Nothing but the head of the answer is read; no cookie, Referer or password is sent.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from http.client import HTTPException, parse_headers
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

USUAL_PORTS = frozenset({80, 443})
_MOST_OCTETS = 64 * 1024
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
#: the resolver itself has trouble; the others mean that there is no such host
_RESOLVER_FAILS = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY})


class NotVisited(Exception):
    """This address is not one to look at; the message says why."""


class Unreachable(Exception):
    """No connection; the message says why."""


class NoAnswer(Unreachable):
    """A connection, but no answer that could be read."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    #: where to go instead, as a whole address; empty when the answer names none
    location: str = ""
    #: name in small letters -> value
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


def is_public(address: Address) -> bool:
    """Neither private, loopback, link-local (metadata services), reserved nor multicast, nor IPv6 in which such a one is packed."""
    if isinstance(address, ipaddress.IPv6Address):
        packed = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            packed = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if packed:
            return is_public(packed)
    return address.is_global and not address.is_multicast and not address.is_reserved


def host_of(url: str) -> str:
    """Empty where the address has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def look_up(host: str) -> list[str]:
    """The addresses of a host, from the system.

    Raises:
        OSError: there are none.
    """
    return [str(info[4][0]) for info in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)]


@dataclass(frozen=True, kw_only=True)
class Requests:
    """Makes requests. Tests look names up elsewhere and allow what is_public does not."""

    agent: str
    connect_seconds: float = 5.0
    answer_seconds: float = 10.0
    resolve: Callable[[str], Iterable[str]] = look_up
    may_visit: Callable[[Address], bool] = is_public
    #: None allows every port
    ports: frozenset[int] | None = USUAL_PORTS
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def ask(self, method: str, url: str, deadline: float, form: bytes = b"") -> Answer:
        """`deadline` is a moment of time.monotonic(), `form` what a form would post (urlencoded).

        Raises:
            NotVisited: it leads to a private address, or is not a plain http or https address.
            Unreachable: no connection; NoAnswer where there was one.
            TimeoutError: connecting or answering took too long.
        """
        scheme, host, port, target = self._taken_apart(url)
        addresses = self._checked_addresses(host)
        with self._connected(addresses, port, deadline) as plain, self._secured(plain, scheme, host) as connection:
            shown = f"[{host}]" if ":" in host else host
            if port != (443 if scheme == "https" else 80):
                shown += f":{port}"
            head = self._head(method, target, shown, form)
            return _exchange(connection, head + form, url, self._until(deadline))

    def _taken_apart(self, url: str) -> tuple[str, str, int, str]:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise NotVisited("this is no web address") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii() or not url.isprintable():
            raise NotVisited("this is no web address")
        if "@" in parts.netloc:
            raise NotVisited("a name or password stands in it")
        if self.ports is not None and port not in self.ports:
            raise NotVisited(f"only the usual ports are looked at, not {port}")
        target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_KEPT)
        return parts.scheme, parts.hostname, port, target if target.startswith("/") else f"/{target}"

    def _checked_addresses(self, host: str) -> list[str]:
        try:
            found = list(dict.fromkeys(self.resolve(host)))
        except (OSError, UnicodeError) as why:
            if isinstance(why, socket.gaierror) and why.errno in _RESOLVER_FAILS:
                raise NotVisited(f"{host} could not be looked up now; is this machine connected?") from None
            raise Unreachable(f"there is no host {host}") from None
        if not found:
            raise Unreachable(f"there is no host {host}")
        if not all(self.may_visit(ipaddress.ip_address(address)) for address in found):
            raise NotVisited(f"{host} is not a public address")
        return found

    def _connected(self, addresses: list[str], port: int, deadline: float) -> socket.socket:
        until = min(deadline, time.monotonic() + self.connect_seconds)
        reason = "no connection"
        for address in addresses:
            try:
                return socket.create_connection((address, port), timeout=_left(until))
            except TimeoutError:
                raise
            except OSError as why:
                reason = f"no connection ({why.strerror or why})"
        raise Unreachable(reason)

    def _secured(self, plain: socket.socket, scheme: str, host: str) -> socket.socket:
        if scheme == "http":
            return plain
        try:
            return self.tls.wrap_socket(plain, server_hostname=host)
        except TimeoutError:
            raise
        except ssl.SSLCertVerificationError as why:
            raise Unreachable(f"its certificate is not valid ({why.verify_message.rstrip('.')})") from None
        except (OSError, ValueError) as why:
            raise Unreachable(f"no secure connection ({getattr(why, 'reason', None) or why})") from None

    def _head(self, method: str, target: str, host: str, form: bytes) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"User-Agent: {self.agent}", "Accept: */*"]
        if form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        return "\r\n".join((*lines, "Connection: close", "", "")).encode("ascii")

    def _until(self, deadline: float) -> float:
        return min(deadline, time.monotonic() + self.answer_seconds)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _exchange(connection: socket.socket, request: bytes, url: str, until: float) -> Answer:
    try:
        connection.settimeout(_left(until))
        connection.sendall(request)
        return _read(connection, url, until)
    except TimeoutError:
        raise
    except (OSError, HTTPException) as why:
        raise NoAnswer(f"no answer ({getattr(why, 'strerror', None) or why})") from None


def _read(connection: socket.socket, url: str, until: float) -> Answer:
    """The head of the answer; one that only says to wait (1xx) is passed over."""
    got = b""
    while True:
        while end := _HEAD_END.search(got):
            status = _STATUS.match(got)
            if not status:
                raise NoAnswer("its answer is not HTTP")
            if not status[1].startswith(b"1"):
                headers = parse_headers(BytesIO(got[: end.end()].partition(b"\n")[2]))
                return Answer(
                    status=int(status[1]),
                    location=_location(headers.get("Location", ""), url),
                    headers={name.lower(): value for name, value in headers.items()},
                )
            got = got[end.end() :]
        connection.settimeout(_left(until))
        more = connection.recv(4096)
        got += more
        if not more or len(got) > _MOST_OCTETS:
            raise NoAnswer("its answer is not HTTP, or too long" if got else "the server hung up")


def _location(written: str, url: str) -> str:
    if not written.strip():
        return ""
    try:
        return quote(urljoin(url, written.strip()).partition("#")[0].encode("latin-1", "replace"), safe=_KEPT)
    except ValueError:
        return ""
