"""The fake's suppressions, account and event webhook, beside mail/send."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.fakes.sendgrid import Behaviour, FakeSendGrid, Fates, Manners, Signer, Webhooks
from tests.fakes.sendgrid.webhooks import SIGNATURE, TIMESTAMP
from tests.support.asking_sendgrid import Caller, person, request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOW = 1_800_000_000
GLOBAL = "/v3/asm/suppressions/global"


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid(clock=lambda: NOW) as server:
        yield server


@pytest.fixture
def caller(fake: FakeSendGrid) -> Iterator[Caller]:
    with Caller(fake.url) as one:
        yield one


def test_addresses_are_suppressed_shown_and_lifted_one_by_one(fake: FakeSendGrid, caller: Caller) -> None:
    added = ["Ada+knee@example.net", "o'neill/x%@example.net"]
    answer = caller.post(GLOBAL, json={"recipient_emails": added})
    assert (answer.status_code, answer.json()) == (201, {"recipient_emails": added})
    assert caller.get(f"{GLOBAL}/{quote(added[1], safe='')}").json() == {"recipient_email": added[1]}
    assert caller.get(f"{GLOBAL}/nobody@example.net").json() == {}
    assert caller.delete(f"{GLOBAL}/{quote('ada+knee@EXAMPLE.net', safe='')}").status_code == 204
    assert caller.delete(f"{GLOBAL}/{quote(added[0], safe='')}").status_code == 404
    assert fake.suppressions.addresses("unsubscribes") == [added[1]]


@pytest.mark.parametrize(
    "body", [{}, [], {"recipient_emails": []}, {"recipient_emails": ["x"]}, {"recipient_emails": "a@b.example"}, None]
)
def test_what_cannot_be_suppressed_is_refused(fake: FakeSendGrid, caller: Caller, body: Any) -> None:
    assert caller.post(GLOBAL, json=body).status_code == 400
    assert fake.suppressions.addresses("unsubscribes") == []


@pytest.mark.parametrize("name", ["unsubscribes", "bounces", "blocks", "spam_reports", "invalid_emails"])
def test_lists_come_in_pages_the_newest_first(fake: FakeSendGrid, caller: Caller, name: str) -> None:
    for n in range(1200):
        fake.suppressions.add(name, f"r{n}@example.net", NOW + n)
    offsets = range(0, 1500, 500)
    pages = [caller.get(f"/v3/suppression/{name}", params={"limit": 500, "offset": at}).json() for at in offsets]
    assert [len(page) for page in pages] == [500, 500, 200]
    assert pages[0][0]["email"] == "r1199@example.net"
    assert len({row["email"] for page in pages for row in page}) == 1200
    between = caller.get(f"/v3/suppression/{name}", params={"start_time": NOW + 5, "end_time": NOW + 7}).json()
    assert [row["created"] - NOW for row in between] == [7, 6, 5]
    assert len(caller.get(f"/v3/suppression/{name}").json()) == 500
    wrong: Mapping[str, Any]
    for wrong in ({"limit": 501}, {"limit": 0}, {"limit": "x"}, {"offset": -1}, {"page": 1}):
        assert caller.get(f"/v3/suppression/{name}", params=wrong).status_code == 400


def test_global_ones_can_be_listed_at_their_own_place_by_some_accounts(fake: FakeSendGrid, caller: Caller) -> None:
    fake.suppressions.add("unsubscribes", "a@example.net")
    assert [row["email"] for row in caller.get(GLOBAL).json()] == ["a@example.net"]
    fake.suppressions.lists_global = False
    assert caller.get(GLOBAL).status_code == 405


def test_many_are_forgotten_at_once(fake: FakeSendGrid, caller: Caller) -> None:
    place = "/v3/suppression/bounces"
    for n in range(5):
        fake.suppressions.add("bounces", f"r{n}@example.net")
    wrongs: list[dict[str, Any]] = [{}, {"delete_all": False}, {"delete_all": True, "emails": []}, {"emails": []}]
    for wrong in wrongs:
        assert caller.request("DELETE", place, json=wrong).status_code == 400
    assert caller.get(f"{place}/r0%40example.net").json()[0]["status"] == "5.1.1"
    assert caller.delete(f"{place}/r0%40example.net").status_code == 204
    assert caller.delete(f"{place}/r0%40example.net").status_code == 404
    assert caller.request("DELETE", place, json={"emails": ["r1@example.net", "r2@example.net"]}).status_code == 204
    assert fake.suppressions.addresses("bounces") == ["r3@example.net", "r4@example.net"]
    assert caller.request("DELETE", place, json={"delete_all": True}).status_code == 204
    assert caller.get(place).json() == []
    assert caller.delete("/v3/suppression/unsubscribes/a%40example.net").status_code == 405
    assert caller.get("/v3/suppression/nonsense").status_code == 404


def test_the_api_can_fail_too_and_sending_is_not_touched_by_it(fake: FakeSendGrid, caller: Caller) -> None:
    fake.api_faults.next(Behaviour.BUSY, Behaviour.ERROR_UNTAKEN, Behaviour.ERROR, Behaviour.DROP)
    statuses = [caller.post(GLOBAL, json={"recipient_emails": [f"r{n}@example.net"]}).status_code for n in range(3)]
    with pytest.raises(httpx.TransportError):
        caller.post(GLOBAL, json={"recipient_emails": ["r3@example.net"]})
    assert statuses == [429, 500, 500]
    assert fake.suppressions.addresses("unsubscribes") == ["r2@example.net", "r3@example.net"]
    assert caller.send_mail().status_code == 202


def test_the_account_shows_its_domains_senders_and_webhook(fake: FakeSendGrid, caller: Caller) -> None:
    fake.account.domains = {"example.org": True, "example.com": False}
    fake.account.senders = ["single@example.com"]
    domains = caller.get("/v3/whitelabel/domains").json()
    assert [(one["domain"], one["valid"]) for one in domains] == [("example.org", True), ("example.com", False)]
    assert caller.get("/v3/verified_senders").json()["results"][0]["from_email"] == "single@example.com"
    place = "/v3/user/webhooks/event/settings"
    changed = caller.patch(place, json={"enabled": True, "url": "https://news.example.org/hooks/sendgrid"})
    assert changed.json() == caller.get(place).json() == fake.account.webhook
    assert caller.patch(place, json={"enabled": "yes"}).status_code == 400
    assert caller.patch(place, json={"colour": "red"}).status_code == 400
    assert "mail.send" in caller.get("/v3/scopes").json()["scopes"]
    assert caller.get("/v3/nonsense").status_code == 404
    assert caller.post("/v3/scopes", json={}).status_code == 405


class Hook:
    """Our side of the webhook: checks signatures; answers what `statuses` says, then 204."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[tuple[Mapping[str, str], bytes]] = []
        self.lock = threading.Lock()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                with hook.lock:
                    hook.bodies.append((dict(self.headers.items()), raw))
                    status = hook.statuses.pop(0) if hook.statuses else 204
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/sendgrid"

    def events(self) -> list[dict[str, Any]]:
        return [event for _, raw in self.bodies for event in json.loads(raw)]


@contextmanager
def hooked(*statuses: int) -> Iterator[Hook]:
    hook = Hook(*statuses)
    thread = threading.Thread(target=hook.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()
    thread.join()


def is_genuine(public_key: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """By the documentation: ECDSA with SHA-256 over the timestamp and the body as it came."""
    key = load_der_public_key(base64.b64decode(public_key))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    try:
        key.verify(base64.b64decode(headers[SIGNATURE]), headers[TIMESTAMP].encode() + raw, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def told(fake: FakeSendGrid, caller: Caller, hook: Hook, manners: Manners | None = None, people: int = 400) -> Webhooks:
    """The webhooks, after all events of so many mails were sent."""
    fake.webhooks = Webhooks(hook.url, manners=manners, clock=lambda: NOW, sleep=lambda _: None)
    link = '<a href="https://news.example.org/v/1">View</a>'
    args = [{"nl_mailing": "7", "nl_delivery": str(n)} for n in range(people)]
    body = request(
        *(person(n, custom_args=one) for n, one in enumerate(args)), content=[{"type": "text/html", "value": link}]
    )
    assert caller.send_mail(body).status_code == 202
    fake.webhooks.drain()
    return fake.webhooks


def test_each_mail_is_processed_and_delivered_and_the_events_are_signed(fake: FakeSendGrid, caller: Caller) -> None:
    with hooked() as hook:
        webhooks = told(fake, caller, hook, Manners(batch=100))
    assert len(hook.bodies) == 8
    assert all(is_genuine(webhooks.signer.public_key, *one) for one in hook.bodies)
    assert not is_genuine(Signer().public_key, *hook.bodies[0])
    assert Counter(event["event"] for event in hook.events()) == {"processed": 400, "delivered": 400}
    assert len({event["sg_event_id"] for event in hook.events()}) == 800
    first = next(event for event in hook.events() if event["nl_delivery"] == "3")
    assert first["email"] == "reader3@example.net"
    assert first["nl_mailing"] == "7"
    assert first["timestamp"] >= NOW
    assert "category" not in first


def test_everything_that_can_become_of_a_mail_is_told_in_its_shape(fake: FakeSendGrid, caller: Caller) -> None:
    fake.fates = Fates(
        **dict.fromkeys(("bounce", "blocked", "deferred", "late_bounce", "open", "machine_open", "click"), 0.2),
        **dict.fromkeys(("spamreport", "unsubscribe", "unknown"), 0.2),
    )
    for n, name in enumerate(("bounces", "spam_reports", "unsubscribes", "invalid_emails", "blocks")):
        fake.suppressions.add(name, f"reader{n}@example.net")
    with hooked() as hook:
        told(fake, caller, hook)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for event in hook.events():
        by_kind.setdefault(event["event"], []).append(event)
    assert set(by_kind) == {
        *("processed", "delivered", "deferred", "bounce", "dropped", "open", "click", "spamreport", "unsubscribe"),
        "teleported",
    }
    assert {event["reason"] for event in by_kind["dropped"]} == {
        *("Bounced Address", "Spam Reporting Address", "Unsubscribed Address", "Invalid")
    }
    assert len(by_kind["processed"]) + len(by_kind["dropped"]) == 400  # who is blocked is written to
    assert {event["type"] for event in by_kind["bounce"]} == {"bounce", "blocked"}
    assert {"sg_message_id" in event for event in by_kind["bounce"]} == {True, False}
    assert {event["sg_machine_open"] for event in by_kind["open"]} == {True, False}
    assert {event["url"] for event in by_kind["click"]} == {"https://news.example.org/v/1"}
    deferred = {event["email"] for event in by_kind["deferred"]}
    assert deferred <= {event["email"] for event in by_kind["delivered"]}
    # what was told is known to the account from now on
    assert len(fake.suppressions.addresses("blocks")) > 1
    assert {event["email"] for event in by_kind["spamreport"]} <= set(fake.suppressions.addresses("spam_reports"))


@pytest.mark.parametrize(("categories", "shown"), [(["a"], "a"), (["a", "b"], ["a", "b"])])
def test_a_category_is_a_text_or_a_list(fake: FakeSendGrid, caller: Caller, categories: list[str], shown: Any) -> None:
    with hooked() as hook:
        fake.webhooks = Webhooks(hook.url)
        caller.send_mail(request(categories=categories))
        fake.webhooks.drain()
    assert hook.events()[0]["category"] == shown


def test_duplicates_disorder_and_forgeries_on_wish(fake: FakeSendGrid, caller: Caller) -> None:
    manners = Manners(batch=50, duplicates=0.5, shuffled=True, forged=0.5)
    with hooked() as hook:
        webhooks = told(fake, caller, hook, manners)
    genuine = [raw for headers, raw in hook.bodies if is_genuine(webhooks.signer.public_key, headers, raw)]
    ids = Counter(event["sg_event_id"] for raw in genuine for event in json.loads(raw))
    assert len(ids) == 800
    assert 300 < ids.total() - 800 < 500
    assert len(hook.bodies) - len(genuine) == webhooks.posted.forged > 0
    assert [event["nl_delivery"] for event in hook.events()] != sorted(event["nl_delivery"] for event in hook.events())


def test_a_post_that_is_not_answered_well_comes_again_and_is_given_up_in_the_end(
    fake: FakeSendGrid, caller: Caller
) -> None:
    with hooked(503, 302, 500) as hook:
        posted = told(fake, caller, hook, people=3).posted
        assert (posted.events, posted.posts, posted.rejected, posted.lost) == (6, 4, 3, 0)
        assert len({raw for _, raw in hook.bodies}) == 1
        hook.statuses = [500] * 6
        posted = told(fake, caller, hook, Manners(retries=2), people=3).posted
        assert (posted.events, posted.posts, posted.lost) == (0, 3, 6)


def test_a_signing_key_can_be_kept() -> None:
    one = Signer()
    assert Signer(one.pem).public_key == one.public_key != Signer().public_key
