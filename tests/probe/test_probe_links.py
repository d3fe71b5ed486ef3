"""Looking at links: a real server on this machine, reached under made-up names, and what must never be reached."""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import shutil
import socket
import ssl
import stat
import subprocess
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pytest

from newsletter.model.visit import VisitOutcome
from newsletter.probe.link_request import Answer, NoAnswer, Requests, is_public
from newsletter.probe.links import Limits, Links

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.visit import Visit

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
QUICK = Limits(between_per_host=0.0)
TLS = ssl.create_default_context()
NAMES = {"site.invalid": "127.0.0.1", "other.invalid": "127.0.0.1", "inside.invalid": "10.0.0.7"}


class Pages(http.server.BaseHTTPRequestHandler):
    """Each path answers as its name says."""

    #: path -> status of GET, status of HEAD
    STATUSES: ClassVar[dict[str, tuple[int, int]]] = {
        "/fine": (200, 200),
        "/no-head": (200, 405),
        "/head-lies": (200, 404),
        "/gone": (404, 404),
        "/for-ever": (410, 410),
        "/login": (401, 401),
        "/busy": (429, 429),
        "/robots": (999, 999),
        "/broken": (500, 500),
    }
    asked: ClassVar[list[tuple[str, str]]] = []
    headers_seen: ClassVar[list[dict[str, str]]] = []
    inside: ClassVar[Counter[str]] = Counter()
    most_inside: ClassVar[int] = 0
    lock: ClassVar[threading.Lock] = threading.Lock()
    release: ClassVar[threading.Event] = threading.Event()

    def do_HEAD(self) -> None:
        self._answer(1)

    def do_GET(self) -> None:
        self._answer(0)

    def _answer(self, which: int) -> None:
        path, _, query = self.path.partition("?")
        with self.lock:
            self.asked.append((self.command, self.path))
            self.headers_seen.append(dict(self.headers.items()))
            self.inside["now"] += 1
            type(self).most_inside = max(self.most_inside, self.inside["now"])
            self.is_inside = True
        try:
            self._page(path, query, which)
        finally:
            self._leave()

    def _leave(self) -> None:
        """Before the answer goes out: whoever has it may ask again at once."""
        with self.lock:
            self.inside["now"] -= self.is_inside
            self.is_inside = False

    def _page(self, path: str, query: str, which: int) -> None:
        moves = {"/to": query, "/for-good": query, "/round": "/round-again", "/round-again": "/round"}
        if path == "/far":
            self._head(302, f"/far?{int(query) + 1}")
        elif path in moves:
            self._head(301 if path == "/for-good" else 302, moves[path])
        elif path in self.STATUSES:
            self._head(self.STATUSES[path][which])
        elif path == "/hangs-up-on-head" and self.command == "GET":
            self._head(200)
        else:
            self._odd(path)

    def _odd(self, path: str) -> None:
        match path:
            case "/silent":
                self.release.wait(20)
            case "/no-http":
                self.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
            case "/endless-head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000)
            case "/big":
                self._big()
        self.close_connection = True

    def _big(self) -> None:
        self._head(200)
        with contextlib.suppress(OSError):
            for _ in range(2_000):
                self.wfile.write(b"z" * 65_536)
                self.inside["pieces of a big body"] += 1
        self.release.set()

    def _head(self, status: int, location: str = "") -> None:
        self._leave()
        self.send_response(status, "Because")
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing of a test's is printed."""


@pytest.fixture
def server() -> Iterator[int]:
    """Its port."""
    Pages.asked.clear()
    Pages.headers_seen.clear()
    Pages.most_inside = 0
    Pages.inside.clear()
    Pages.release.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as running:
        running.daemon_threads = True
        running.block_on_close = False
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running.server_address[1]
        Pages.release.set()
        running.shutdown()
        thread.join()


def resolve(host: str) -> list[str]:
    if host not in NAMES:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [NAMES[host]]


def here_only(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address == ipaddress.ip_address("127.0.0.1")


def requests(**changes: object) -> Requests:
    given: dict[str, object] = {"agent": "", "resolve": resolve, "may_visit": here_only, "ports": None, "tls": TLS}
    return Requests(**(given | changes))  # type: ignore[arg-type]


def links(folder: Path, limits: Limits = QUICK, **changes: object) -> Links:
    return Links(cache=folder, agent="Letters (https://news.example.org)", limits=limits, requests=requests(**changes))


def look(folder: Path, url: str, **changes: object) -> Visit:
    return links(folder, **changes).look([url])[url]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/fine", VisitOutcome.OK, 200),
        ("/no-head", VisitOutcome.OK, 200),
        ("/head-lies", VisitOutcome.OK, 200),
        ("/hangs-up-on-head", VisitOutcome.OK, 200),
        ("/gone", VisitOutcome.GONE, 404),
        ("/for-ever", VisitOutcome.GONE, 410),
        ("/login", VisitOutcome.REFUSED, 401),
        ("/busy", VisitOutcome.REFUSED, 429),
        ("/robots", VisitOutcome.REFUSED, 999),
        ("/broken", VisitOutcome.FAILED, 500),
        ("/hangs-up", VisitOutcome.FAILED, None),
        ("/no-http", VisitOutcome.FAILED, None),
        ("/endless-head", VisitOutcome.FAILED, None),
        ("/to?/fine", VisitOutcome.OK, 200),
        ("/to?/gone", VisitOutcome.GONE, 404),
        ("/to", VisitOutcome.OK, 302),
        ("/round", VisitOutcome.REFUSED, 302),
        ("/far?1", VisitOutcome.FAILED, None),
    ],
)
def test_what_a_page_answers_is_told(
    path: str, outcome: VisitOutcome, status: int | None, server: int, tmp_path: Path
) -> None:
    visit = look(tmp_path, f"http://site.invalid:{server}{path}")
    assert (visit.outcome, visit.status, visit.where) == (outcome, status, "")


def test_a_page_that_has_moved_for_good_says_where(server: int, tmp_path: Path) -> None:
    visit = look(tmp_path, f"http://site.invalid:{server}/for-good?http://other.invalid:{server}/fine#part")
    assert (visit.outcome, visit.where) == (VisitOutcome.MOVED, f"http://other.invalid:{server}/fine")


def test_what_comes_after_a_passing_redirect_is_no_new_address(server: int, tmp_path: Path) -> None:
    visit = look(tmp_path, f"http://site.invalid:{server}/to?/for-good?/fine")
    assert (visit.outcome, visit.where) == (VisitOutcome.OK, "")


def test_a_request_says_who_looks_and_nothing_else(server: int, tmp_path: Path) -> None:
    given = Links(cache=tmp_path, agent="מכתבים\r\nX: y", limits=QUICK, requests=requests())
    url = f"http://site.invalid:{server}/no-head?a=b%20c"
    given.look([url])
    assert Pages.asked == [("HEAD", "/no-head?a=b%20c"), ("GET", "/no-head?a=b%20c")]
    assert Pages.headers_seen[0] == {
        "Host": f"site.invalid:{server}",
        "User-Agent": "????????X: y",
        "Accept": "*/*",
        "Connection": "close",
    }


def test_the_body_is_not_read(server: int) -> None:
    """The server cannot get rid of it."""
    assert requests(agent="a").ask("GET", f"http://site.invalid:{server}/big", _soon()) == Answer(status=200)
    assert Pages.release.wait(60)
    assert Pages.inside["pieces of a big body"] < 2_000


def _soon() -> float:
    return time.monotonic() + 20


@pytest.mark.parametrize(
    "target",
    [
        "http://inside.invalid/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:22/",
        "http://[::1]/",
        "http://2130706433/",
    ],
)
def test_a_redirect_into_a_private_network_is_not_followed(target: str, server: int, tmp_path: Path) -> None:
    def lookup(host: str) -> list[str]:
        known = {**NAMES, "169.254.169.254": "169.254.169.254", "127.0.0.1": "127.0.0.2", "::1": "::1"}
        return [known.get(host, "127.0.0.9")]

    visit = look(tmp_path, f"http://site.invalid:{server}/to?{target}", resolve=lookup)
    assert visit.outcome is VisitOutcome.NOT_LOOKED
    assert "not a public address" in visit.detail
    assert [path for _, path in Pages.asked] == [f"/to?{target}"]


def test_one_private_address_among_several_is_enough(server: int, tmp_path: Path) -> None:
    visit = look(tmp_path, f"http://site.invalid:{server}/fine", resolve=lambda _: ["127.0.0.1", "192.168.0.1"])
    assert visit.outcome is VisitOutcome.NOT_LOOKED
    assert Pages.asked == []


def test_a_name_is_looked_up_once_so_that_it_cannot_change_after_it_was_checked(server: int, tmp_path: Path) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    visit = look(tmp_path, f"http://site.invalid:{server}/fine", resolve=lambda _: next(answers))
    assert visit.outcome is VisitOutcome.OK
    assert next(answers) == ["10.0.0.7"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:1:2:3:4:f5ff:fffe",
    ],
)  # fmt: skip
def test_only_the_internet_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://site.invalid:8025/", "port"),
        ("https://anna:secret@site.invalid/", "password"),
        ("ftp://site.invalid/", "no web address"),
        ("https://site.invalid:x/", "no web address"),
        ("https://[::1/", "no web address"),
        ("https://sité.invalid/", "no web address"),
        ("https:///path", "no web address"),
    ],
)
def test_what_is_no_plain_web_address_is_not_looked_at(url: str, why: str, tmp_path: Path) -> None:
    visit = look(tmp_path, url, ports=frozenset({80, 443}))
    assert visit.outcome is VisitOutcome.NOT_LOOKED
    assert why in visit.detail


def test_a_host_that_there_is_not_has_failed(tmp_path: Path) -> None:
    visit = look(tmp_path, "https://nowhere.invalid/")
    assert (visit.outcome, visit.detail) == (VisitOutcome.FAILED, "there is no host nowhere.invalid")


def test_a_machine_without_a_network_tells_nothing_about_the_link(tmp_path: Path) -> None:
    def lookup(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    assert look(tmp_path, "https://site.invalid/", resolve=lookup).outcome is VisitOutcome.NOT_LOOKED


def test_a_port_where_nobody_listens_has_failed(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    visit = look(tmp_path, f"http://site.invalid:{port}/")
    assert visit.outcome is VisitOutcome.FAILED
    assert visit.detail.startswith("no connection")


def test_a_server_that_says_nothing_is_left(server: int, tmp_path: Path) -> None:
    visit = look(tmp_path, f"http://site.invalid:{server}/silent", answer_seconds=0.2)
    assert visit.outcome is VisitOutcome.TIMEOUT


def test_when_the_time_is_up_the_rest_is_not_looked_at(server: int, tmp_path: Path) -> None:
    urls = [f"http://site.invalid:{server}/silent?{number}" for number in range(5)]
    found = links(tmp_path, Limits(together=0.3, between_per_host=0.0)).look(urls)
    assert list(found) == urls
    assert {visit.outcome for visit in found.values()} <= {VisitOutcome.NOT_LOOKED, VisitOutcome.TIMEOUT}
    assert found[urls[-1]].outcome is VisitOutcome.NOT_LOOKED


def test_more_links_than_a_run_looks_at_are_named(server: int, tmp_path: Path) -> None:
    urls = [f"http://site.invalid:{server}/fine?{number}" for number in range(5)]
    found = links(tmp_path, Limits(addresses=3, between_per_host=0.0)).look([*urls, *urls])
    assert list(found) == urls
    assert [found[url].outcome for url in urls] == [VisitOutcome.OK] * 3 + [VisitOutcome.NOT_LOOKED] * 2
    assert len(Pages.asked) == 3


def test_a_host_is_asked_by_two_at_once_at_most(server: int, tmp_path: Path) -> None:
    urls = [f"http://site.invalid:{server}/fine?{number}" for number in range(30)]
    found = links(tmp_path).look(urls)
    assert {visit.outcome for visit in found.values()} == {VisitOutcome.OK}
    assert Pages.most_inside <= 2


def test_addresses_for_examples_are_left_out(tmp_path: Path) -> None:
    samples = ["https://example.org/a", "https://www.example.com/", "https://knee.example/", "https://letters.test/"]
    assert links(tmp_path).look(samples) == {}


def test_good_answers_are_kept_for_a_day_and_bad_ones_for_minutes(server: int, tmp_path: Path) -> None:
    good, bad = f"http://site.invalid:{server}/fine", f"http://site.invalid:{server}/gone"

    def asked_at(now: datetime) -> int:
        Pages.asked.clear()
        looking = Links(
            cache=tmp_path / "deep" / "folder", agent="a", limits=QUICK, requests=requests(), now=lambda: now
        )
        found = looking.look([good, bad])
        assert [found[url].outcome for url in (good, bad)] == [VisitOutcome.OK, VisitOutcome.GONE]
        return len({path for _, path in Pages.asked})

    assert asked_at(NOW) == 2
    assert asked_at(NOW + timedelta(minutes=9)) == 0
    assert asked_at(NOW + timedelta(minutes=11)) == 1
    assert asked_at(NOW + timedelta(hours=25)) == 2
    file = tmp_path / "deep" / "folder" / "links.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["links.json"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For site.invalid, signed by itself; key and certificate in one file."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "site.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(file)]
    name = ["-subj", "/CN=site.invalid", "-addext", "subjectAltName=DNS:site.invalid"]
    made = subprocess.run([openssl, "req", "-x509", *key, *name], capture_output=True, check=True)
    file.write_bytes(file.read_bytes() + made.stdout)
    return file


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[int, list[str | None]]]:
    """A port with TLS, and the names that were asked for."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Clients that trust nobody hang up."""

    with Server(("127.0.0.1", 0), Pages) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running.server_address[1], names
        running.shutdown()
        thread.join()


def test_the_certificate_must_be_for_the_name_though_the_connection_goes_to_a_number(
    secure: tuple[int, list[str | None]], certificate: Path, tmp_path: Path
) -> None:
    port, names = secure
    trusting = ssl.create_default_context(cafile=str(certificate))
    assert look(tmp_path, f"https://site.invalid:{port}/fine", tls=trusting).outcome is VisitOutcome.OK
    assert names == ["site.invalid"]
    for url, tls in ((f"https://other.invalid:{port}/fine", trusting), (f"https://site.invalid:{port}/a", None)):
        visit = look(tmp_path, url, **({"tls": tls} if tls else {}))
        assert visit.outcome is VisitOutcome.FAILED
        assert visit.detail.startswith("its certificate is not valid")


def test_a_server_without_tls_behind_https_has_failed(server: int, tmp_path: Path) -> None:
    visit = look(tmp_path, f"https://site.invalid:{server}/fine")
    assert visit.outcome is VisitOutcome.FAILED
    assert visit.detail.startswith("no secure connection")


def test_no_answer_is_told_from_no_connection(server: int) -> None:
    with pytest.raises(NoAnswer):
        requests(agent="a").ask("GET", f"http://site.invalid:{server}/hangs-up", _soon())
