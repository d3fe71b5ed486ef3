"""A server on this machine that speaks TLS, under a made-up name, and answers as a test wants."""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newsletter.probe.link_request import Requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "news.invalid"
Reply = tuple[int, "Mapping[str, str]", bytes]
#: method, path, body -> status, headers, body
Answering = Callable[[str, str, bytes], Reply]


@dataclass
class Site:
    port: int
    #: what makes its certificate valid
    trusted: ssl.SSLContext
    answer: Answering
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    #: until this is set, a reply of status 0 does not come
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        return f"https://{NAME}:{self.port}"

    def requests(self, **changes: Any) -> Requests:
        """That find the name here, and may look at this machine."""
        given: dict[str, Any] = {
            "agent": "a test",
            "resolve": lambda _host: ["127.0.0.1"],
            "may_visit": lambda address: address == ipaddress.ip_address("127.0.0.1"),
            "ports": None,
            "tls": self.trusted,
        }
        return Requests(**(given | changes))


@contextlib.contextmanager
def https_site(certificate: Path) -> Iterator[Site]:
    """`certificate` is a file of `make_certificate`."""
    site: Site | None = None

    class Handler(http.server.BaseHTTPRequestHandler):
        def _reply(self) -> None:
            assert site
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            site.asked.append((self.command, self.path, body))
            status, headers, content = site.answer(self.command, self.path, body)
            if status == 0:
                site.release.wait(20)
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def do_GET(self) -> None:
            self._reply()

        def do_HEAD(self) -> None:
            self._reply()

        def do_POST(self) -> None:
            self._reply()

        def log_message(self, *_: object) -> None: ...

    class Quiet(http.server.ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """A client that does not trust us hangs up."""

    with Quiet(("127.0.0.1", 0), Handler) as running:
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(certificate)
        running.socket = own.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
        site = Site(
            running.server_address[1], ssl.create_default_context(cafile=certificate), lambda *_: (200, {}, b"")
        )
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            site.release.set()
            running.shutdown()
            thread.join()


def make_certificate(path: Path, name: str = NAME) -> Path:
    """Key and certificate of a server, signed by itself, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(whose, whose, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
