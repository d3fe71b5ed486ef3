"""What is told of requests: the id that goes back, the log, where a request came from. Never whose it was."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.web import logs
from newsletter.web.app import create_app
from newsletter.web.guard import log_failure
from newsletter.web.observing import GONE, Observing
from newsletter.web.proxies import Proxies
from tests.web.sample_mailing import NOW, client, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Receive, Scope, Send

    from newsletter.web.observing import Seen
    from tests.web.sample_mailing import SampleMailing


@pytest.fixture
def log() -> Iterator[Callable[[str], io.StringIO]]:
    begun: list[logging.Handler] = []

    def begin(style: str) -> io.StringIO:
        stream = io.StringIO()
        begun.append(logs.log_to(stream, style))
        return stream

    yield begin
    for handler in begun:
        logs.stop_logging(handler)


# --- the log ---


@pytest.mark.parametrize("base_url", ["https://news.example.org", "https://example.org/letters"])
@pytest.mark.parametrize("below", [False, True])
def test_a_request_is_one_line_with_its_template_and_without_the_reader(
    mailing: SampleMailing, log: Callable[[str], io.StringIO], base_url: str, below: bool
) -> None:
    prefix = "/letters" if below and "letters" in base_url else ""
    web = client(create_app(mailing.store, mailing.keys, settings(base_url), (), lambda: NOW))
    stream = log("json")
    answer = web.get(f"{prefix}/u/{mailing.token()}?from=ada@example.org", headers={"X-Request-ID": "mine"})
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert (told["route"], told["method"], told["status"], told["level"]) == ("/u/{key}", "GET", 200, "INFO")
    assert told["request_id"] == answer.headers["X-Request-ID"] != "mine"
    assert re.fullmatch("[0-9a-f]{16}", told["request_id"])
    assert told["ms"] > 0
    assert "T" in told["time"]
    assert not any(secret in line for secret in (mailing.token(), "ada@example.org", "testclient"))


def test_an_address_that_leads_nowhere_is_not_written_down(
    mailing: SampleMailing, log: Callable[[str], io.StringIO]
) -> None:
    stream = log("text")
    answer = client(mailing.app).request("BREW", "/ada@example.org")
    (line,) = stream.getvalue().splitlines()
    assert re.search(rf"INFO other none 404 [0-9.]+ ms \[{answer.headers['X-Request-ID']}\]$", line)


def test_the_hook_and_forms_have_their_templates(mailing: SampleMailing, log: Callable[[str], io.StringIO]) -> None:
    stream = log("json")
    web = client(mailing.app)
    web.post("/hooks/sendgrid")
    web.get("/hooks/sendgrid")
    web.post(f"/u/{mailing.token()}", data={"List-Unsubscribe": "One-Click"})
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    seen = [(one["method"], one["route"], one["status"]) for one in told if "route" in one]
    assert seen == [("POST", "/hooks/sendgrid", 403), ("GET", "/hooks/sendgrid", 405), ("POST", "/u/{key}", 200)]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v1/lists", "/api/v1/lists"),
        ("/letters/api/v1/subscribers/ada@example.org", "/api/v1/subscribers/{id}"),
        ("/api/v1/openapi.json", "/api/v1/*"),
        ("/letters/ada@example.org", "none"),
        ("/letters", "/"),
        ("/letters/", "/"),
    ],
)
def test_what_lies_below_an_application_of_its_own_has_its_template_too(
    mailing: SampleMailing, log: Callable[[str], io.StringIO], path: str, route: str
) -> None:
    web = client(create_app(mailing.store, mailing.keys, settings("https://example.org/letters"), (), lambda: NOW))
    stream = log("json")
    web.get(path)
    assert json.loads(stream.getvalue().splitlines()[-1])["route"] == route


def test_what_monitors_ask_is_told_only_when_it_fails(
    mailing: SampleMailing, log: Callable[[str], io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = log("json")
    web = client(mailing.app)
    assert (web.get("/healthz").status_code, web.get("/metrics").status_code) == (200, 404)
    assert stream.getvalue() == ""
    mailing.store.replaced = True
    assert web.get("/healthz").status_code == 503
    assert [json.loads(line).get("status") for line in stream.getvalue().splitlines()] == [None, 503]


def test_a_failure_carries_the_id_of_its_request_and_no_text(
    mailing: SampleMailing, log: Callable[[str], io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_facts: object, **_more: object) -> None:
        raise ValueError("ada@example.org")

    monkeypatch.setattr(type(mailing.store), "read", fail)
    stream = log("json")
    answer = client(mailing.app, raise_server_exceptions=False).get(f"/u/{mailing.token()}")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [one["level"] for one in told] == ["ERROR", "INFO"]
    assert {one["request_id"] for one in told} == {answer.headers["X-Request-ID"]}
    assert "ValueError" in told[0]["message"]
    assert "ada@example.org" not in stream.getvalue()


@pytest.mark.parametrize("style", logs.STYLES)
def test_what_libraries_log_of_an_exception_loses_its_text(log: Callable[[str], io.StringIO], style: str) -> None:
    stream = log(style)
    try:
        os.environ["ada@example.org"]  # noqa: SIM112 - not there
    except KeyError as failure:
        logging.getLogger("asyncio").exception("Task exception\nwas never retrieved")
        log_failure("a page failed", failure)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("elsewhere").info("not asked for")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert all("KeyError" in line and "test_observing.py" in line for line in lines)
    assert "ada@example.org" not in stream.getvalue()


def test_text_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert [logs.style_for(None), logs.style_for("json")] == ["text", "json"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    assert [logs.style_for(None), logs.style_for("text")] == ["json", "text"]


# --- where it came from ---


def came_from(peer: str, *said: str, trusted: tuple[str, ...] = ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")) -> Any:
    """The client that a page would see."""
    seen: list[Any] = []

    async def page(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["client"])

    headers = [(b"x-forwarded-for", one.encode()) for one in said]
    scope = {"type": "http", "client": (peer, 1), "headers": headers, "scheme": "http"}
    call(Proxies(page, trusted), scope)
    return seen[0] and seen[0][0]


def call(app: Any, scope: Any) -> None:
    import anyio

    async def nothing(*_facts: Any) -> Any:
        return {"type": "http.disconnect"}

    anyio.run(app, scope, nothing, nothing)


@pytest.mark.parametrize(
    ("peer", "said", "reader"),
    [
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.1.2.3", ["203.0.113.7"], "203.0.113.7"),
        ("2001:db8::1", ["2001:db9::7"], "2001:db9::7"),
        ("127.0.0.1", [], "127.0.0.1"),
        # what the reader wrote stands before what our proxies added
        ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        ("127.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        # anybody else may say what they like
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("11.0.0.1", ["127.0.0.1"], "11.0.0.1"),
        # nobody is counted under a name that is no address
        ("127.0.0.1", ["<script>"], None),
        ("127.0.0.1", ["unknown"], None),
        ("127.0.0.1", ["x" * 5_000], None),
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(peer: str, said: list[str], reader: str | None) -> None:
    assert came_from(peer, *said) == reader


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert came_from("127.0.0.1", "203.0.113.7", trusted=()) == "127.0.0.1"


def test_settings_say_whom_to_trust(mailing: SampleMailing) -> None:
    given = settings(web={"trusted_proxies": ["192.0.2.0/24"], "metrics_for": ["203.0.113.7"]})
    app = create_app(mailing.store, mailing.keys, given, (), lambda: NOW)
    said = {"X-Forwarded-For": "203.0.113.7"}
    assert client(app, client=("192.0.2.5", 1)).get("/metrics", headers=said).status_code == 200
    assert client(app, client=("198.51.100.5", 1)).get("/metrics", headers=said).status_code == 404


# --- nobody left to answer ---


def test_a_client_that_went_away_is_counted_too() -> None:
    seen: list[Seen] = []

    async def page(_scope: Scope, _receive: Receive, _send: Send) -> None: ...

    call(Observing(page, "https://x.example", [seen.append]), {"type": "http", "method": "GET", "headers": []})
    assert [(one.route, one.status) for one in seen] == [("none", GONE)]
