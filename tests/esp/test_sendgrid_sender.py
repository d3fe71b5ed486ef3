"""The SendGrid sender against an HTTP server that is as strict, and as faulty, as it gets."""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.esp.sendgrid.request import request_body, substitution_bytes
from newsletter.esp.sendgrid.sender import SendGridSender
from newsletter.keys import DeliveryToken, Keys
from newsletter.model.letter import Verdict
from newsletter.model.rendered import Context, Slot
from newsletter.settings.schema import SendGridSection
from tests.compose.letters import envelope, letter
from tests.fakes.sendgrid import KEY, TAKEN, Behaviour, FakeSendGrid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.letter import Envelope


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as server:
        yield server


def sender(url: str, *, key: str = KEY, timeout: float = 5.0, sandbox: bool = False) -> SendGridSender:
    return SendGridSender(SendGridSection(host=url, sandbox=sandbox), key, timeout)


ANSWERS = {
    Behaviour.ACCEPT: Verdict.ACCEPTED,
    Behaviour.BUSY: Verdict.TRY_LATER,
    Behaviour.BUSY_RETRY_AFTER: Verdict.TRY_LATER,
    Behaviour.BUSY_SILENT: Verdict.TRY_LATER,
    Behaviour.UNAUTHORISED: Verdict.NOT_AUTHORISED,
    Behaviour.FORBIDDEN: Verdict.NOT_AUTHORISED,
    Behaviour.TOO_LARGE: Verdict.TOO_LARGE,
    Behaviour.BLAME_SECOND: Verdict.BLAMED,
    Behaviour.BLAME_MIXED: Verdict.REFUSED,
    Behaviour.SUBSTITUTIONS: Verdict.TOO_LARGE,
    Behaviour.REFUSE: Verdict.REFUSED,
    Behaviour.DROP: Verdict.UNCERTAIN,
    Behaviour.RESET: Verdict.UNCERTAIN,
    Behaviour.HANG: Verdict.UNCERTAIN,
    Behaviour.ERROR: Verdict.UNCERTAIN,
    Behaviour.UNAVAILABLE: Verdict.UNCERTAIN,
    Behaviour.TIMEOUT: Verdict.UNCERTAIN,
    Behaviour.GARBAGE: Verdict.UNCERTAIN,
    Behaviour.CUT: Verdict.UNCERTAIN,
    Behaviour.REDIRECT: Verdict.UNCERTAIN,
    Behaviour.SLOW: Verdict.ACCEPTED,
    Behaviour.DRIP: Verdict.ACCEPTED,
    # its 202 came whole
    Behaviour.ENDLESS: Verdict.ACCEPTED,
    Behaviour.HALF_HEADERS: Verdict.ACCEPTED,
    Behaviour.BAD_GATEWAY: Verdict.UNCERTAIN,
    Behaviour.GATEWAY_TIMEOUT: Verdict.UNCERTAIN,
    Behaviour.WEB_PAGE: Verdict.UNCERTAIN,
    # nothing was taken, and the sender cannot know it
    Behaviour.DROP_UNREAD: Verdict.UNCERTAIN,
    Behaviour.RESET_UNREAD: Verdict.UNCERTAIN,
    Behaviour.DROP_HALF_READ: Verdict.UNCERTAIN,
    Behaviour.ERROR_UNTAKEN: Verdict.UNCERTAIN,
    Behaviour.UNAVAILABLE_UNTAKEN: Verdict.UNCERTAIN,
}


@pytest.mark.parametrize("behaviour", Behaviour)
def test_what_the_server_does_becomes_the_right_answer(fake: FakeSendGrid, behaviour: Behaviour) -> None:
    fake.next(behaviour)
    fake.patience = 0.5
    timeout = 0.3 if behaviour is Behaviour.HANG else 5.0
    answer = sender(fake.url, timeout=timeout).submit(letter(), "attempt-1", [envelope(n) for n in (5, 6, 7)])
    assert answer.verdict is ANSWERS[behaviour]
    # what was taken is never called a definite no, and one call is one request
    assert len(fake.requests) == (behaviour in TAKEN)
    assert behaviour not in TAKEN or answer.verdict in {Verdict.ACCEPTED, Verdict.UNCERTAIN}
    assert list(answer.blamed) == ([6] if behaviour is Behaviour.BLAME_SECOND else [])
    assert "example" not in f"{answer.detail}{answer.blamed}"
    assert KEY not in answer.detail


def test_a_server_that_answers_in_drops_is_not_listened_to_for_ever(fake: FakeSendGrid) -> None:
    fake.next(Behaviour.ENDLESS)
    fake.patience = 600.0
    answer = sender(fake.url, timeout=0.3).submit(letter(), "attempt-1", [envelope()])
    assert answer.verdict is Verdict.UNCERTAIN
    assert len(fake.requests) == 1


def test_the_time_to_wait_comes_from_the_reply(fake: FakeSendGrid) -> None:
    fake.next(Behaviour.BUSY, Behaviour.BUSY_RETRY_AFTER)
    one = sender(fake.url)
    waits = [one.submit(letter(), "attempt-1", [envelope()]).retry_after or 0 for _ in range(2)]
    assert 30 < waits[0] <= 61
    assert waits[1] == 7


def test_a_wrong_key_pauses(fake: FakeSendGrid) -> None:
    assert sender(fake.url, key="SG.other").submit(letter(), "a", [envelope()]).verdict is Verdict.NOT_AUTHORISED


def test_no_key_is_said_at_once() -> None:
    with pytest.raises(SecretMissing):
        sender("http://127.0.0.1:9", key=" \n")


def test_a_refused_connection_may_be_tried_again() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening
        answer = sender(f"http://127.0.0.1:{unused.getsockname()[1]}").submit(letter(), "a", [envelope()])
    assert answer.verdict is Verdict.TRY_LATER
    assert "refused" in answer.detail


def test_a_name_that_dns_does_not_know_may_be_tried_again() -> None:
    answer = sender("http://no-such-host.invalid").submit(letter(), "a", [envelope()])
    assert answer.verdict is Verdict.TRY_LATER


def test_a_connect_timeout_may_be_tried_again() -> None:
    with closing(socket.socket()) as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]  # the queue is full: further handshakes are not answered
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        answer = sender(f"http://127.0.0.1:{full.getsockname()[1]}", timeout=0.4).submit(letter(), "a", [envelope()])
        for one in waiting:
            one.close()
    assert answer.verdict is Verdict.TRY_LATER
    assert "too long" in answer.detail


def test_a_failed_tls_handshake_may_be_tried_again(fake: FakeSendGrid) -> None:
    answer = sender(fake.url.replace("http:", "https:")).submit(letter(), "a", [envelope()])
    assert answer.verdict is Verdict.TRY_LATER
    assert "SSL" in answer.detail


def test_a_tls_handshake_that_never_ends_may_be_tried_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        answer = sender(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3).submit(letter(), "a", [envelope()])
    assert answer.verdict is Verdict.TRY_LATER


def test_a_server_that_stops_reading_leaves_doubt() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        big = letter(text=("x" * 20_000_000,))
        answer = sender(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout=0.4).submit(big, "a", [envelope()])
    assert answer.verdict is Verdict.UNCERTAIN


def test_a_redirect_is_not_followed(fake: FakeSendGrid) -> None:
    with FakeSendGrid() as elsewhere:
        fake.next(Behaviour.REDIRECT)
        sender(fake.url).submit(letter(), "a", [envelope()])
        assert elsewhere.requests == []


def test_the_request_says_what_it_must_and_nothing_private(fake: FakeSendGrid) -> None:
    sender(fake.url).submit(letter(), "attempt-1", [envelope(1, name="Smith, Jane; Dr."), envelope(2, name="")])
    assert fake.faults == []
    (body,) = fake.requests
    first, second = body["personalizations"]
    assert first["to"] == [{"email": "reader1@example.net", "name": "Smith Jane Dr."}]
    assert second["to"] == [{"email": "reader2@example.net"}]
    assert second["custom_args"] == {"nl_attempt": "attempt-1", "nl_mailing": "7", "nl_delivery": "2"}
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert [setting["enable"] for setting in body["tracking_settings"].values()] == [False] * 4
    assert body["from"] == {"email": "letters@example.org", "name": "Larkmeadow Joint Clinic"}
    assert body["reply_to"] == {"email": "desk@example.org"}
    assert "asm" not in body
    assert "mail_settings" not in body


@pytest.mark.parametrize(("opens", "clicks"), [(True, False), (False, True), (True, True), (False, False)])
def test_opens_and_clicks_are_noted_only_where_the_letter_says_so(
    fake: FakeSendGrid, opens: bool, clicks: bool
) -> None:
    given = replace(letter(), opens=opens, clicks=clicks)
    one = sender(fake.url)
    one.submit(given, "attempt-1", [envelope()])
    assert fake.requests[0]["tracking_settings"] == {
        "click_tracking": {"enable": clicks, "enable_text": False},
        "open_tracking": {"enable": opens},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }
    said = " ".join(one.remarks(given))
    assert ("picture" in said, "leads through SendGrid" in said) == (opens, clicks)


def test_a_mailbox_that_we_read_stands_beside_the_page(fake: FakeSendGrid) -> None:
    pair = [replace(envelope(1), leave_address="letters+leave-abc=1@example.org"), envelope(2)]
    sender(fake.url).submit(letter(), "attempt-1", pair)
    with_mailbox, without = (mail.headers["List-Unsubscribe"] for mail in fake.mails)
    page = pair[0].values["unsubscribe_url"]
    assert with_mailbox == f"<{page}>, <mailto:letters+leave-abc%3D1@example.org?subject=unsubscribe>"
    assert "mailto" not in without


def test_a_header_that_would_be_too_long_for_a_line_keeps_the_page(fake: FakeSendGrid) -> None:
    page = f"https://news.example.org/u/{'x' * 850}"
    long = replace(envelope(values={"unsubscribe_url": page}), leave_address=f"{'y' * 60}@{'z' * 60}.example.org")
    sender(fake.url).submit(letter(), "attempt-1", [long])
    assert fake.mails[0].headers["List-Unsubscribe"] == f"<{page}>"


def test_what_sandbox_mode_means_is_remarked() -> None:
    at = "https://api.eu.sendgrid.com"
    assert "sandbox" in " ".join(sender(at, sandbox=True).remarks(letter()))
    assert "sandbox" not in " ".join(sender(at).remarks(letter()))


@pytest.mark.parametrize("key", ["SG.a\nb", "SG.a b", "SG.ä", "SG.\x00", "“SG.a”"])
def test_what_cannot_be_a_key_is_said_without_telling_it(key: str) -> None:
    with pytest.raises(ServiceMissing) as said:
        sender("http://127.0.0.1:9", key=key)
    assert key not in str(said.value)
    assert "SENDGRID_API_KEY" in str(said.value)


def test_spaces_around_the_key_do_no_harm(fake: FakeSendGrid) -> None:
    assert sender(fake.url, key=f" {KEY}\n").submit(letter(), "a", [envelope()]).verdict is Verdict.ACCEPTED


def test_the_time_to_wait_for_an_answer_is_a_setting(fake: FakeSendGrid) -> None:
    fake.next(Behaviour.HANG)
    patient = SendGridSender(SendGridSection(host=fake.url, timeout=1), KEY)
    assert patient.submit(letter(), "a", [envelope()]).verdict is Verdict.UNCERTAIN


def test_a_notice_has_no_list_headers(fake: FakeSendGrid) -> None:
    sender(fake.url).submit(letter(list_id="", reply_to="", mailing="notices"), "attempt-1", [envelope()])
    assert "headers" not in fake.requests[0]["personalizations"][0]
    assert "reply_to" not in fake.requests[0]


def test_sandbox_mode_is_checked_and_not_sent(fake: FakeSendGrid) -> None:
    answer = sender(fake.url, sandbox=True).submit(letter(), "attempt-1", [envelope()])
    assert answer.verdict is Verdict.ACCEPTED
    assert (len(fake.requests), fake.mails) == (1, [])


def test_two_readers_with_one_address_never_share_a_request(fake: FakeSendGrid) -> None:
    pair = [envelope(1, address="Ada@Example.net"), envelope(2), envelope(3, address="ada@example.net")]
    answer = sender(fake.url).submit(letter(), "attempt-1", pair)
    assert (answer.verdict, list(answer.blamed)) == (Verdict.BLAMED, [3])
    assert fake.requests == []


def test_an_address_that_sendgrid_cannot_carry_is_blamed_before_any_call(fake: FakeSendGrid) -> None:
    answer = sender(fake.url).submit(letter(), "a", [envelope(1), envelope(2, address="jörg@example.org")])
    assert (answer.verdict, list(answer.blamed)) == (Verdict.BLAMED, [2])
    assert "before the @" in answer.blamed[2]
    assert fake.requests == []


def test_a_domain_with_umlauts_is_sent_in_ascii(fake: FakeSendGrid) -> None:
    sender(fake.url).submit(letter(), "attempt-1", [envelope(address="ada@bücher.example")])
    assert fake.mails[0].address == "ada@xn--bcher-kva.example"


def test_a_letter_that_cannot_be_carried_is_refused_before_any_call(fake: FakeSendGrid) -> None:
    answer = sender(fake.url).submit(letter(from_address="jörg@example.org"), "a", [envelope()])
    assert answer.verdict is Verdict.REFUSED
    assert fake.requests == []


def test_a_name_longer_than_allowed_is_left_out(fake: FakeSendGrid) -> None:
    sender(fake.url).submit(letter(), "attempt-1", [envelope(name="x" * 300)])
    assert "name" not in fake.requests[0]["personalizations"][0]["to"][0]


def test_limits_are_looked_at_before_sendgrid_does(fake: FakeSendGrid) -> None:
    one = sender(fake.url)
    assert one.submit(letter(), "a", [envelope(n) for n in range(1001)]).verdict is Verdict.TOO_LARGE
    # nobody can get a message that is too long; readers fewer in number can get one whose request is
    assert one.submit(letter(text=("x" * 30_000_000,)), "a", [envelope()]).verdict is Verdict.REFUSED
    assert one.submit(letter(text=("\x01" * 6_000_000,)), "a", [envelope(1), envelope(2)]).verdict is Verdict.TOO_LARGE
    longwinded = envelope(2, values={"first_name": "y" * 10_000})
    answer = one.submit(letter(), "a", [envelope(1), longwinded])
    assert (answer.verdict, list(answer.blamed)) == (Verdict.BLAMED, [2])
    slots = tuple(Slot(name=f"field{n}", context=Context.TEXT) for n in range(151))
    crowded = [envelope(n, values={f"field{m}": f"{n}x{m}x{n}" for m in range(151)}) for n in (1, 2)]
    assert one.submit(letter(text=slots), "a", crowded).verdict is Verdict.REFUSED
    assert fake.requests == []


def test_nobody_to_send_to_is_no_request(fake: FakeSendGrid) -> None:
    assert sender(fake.url).submit(letter(), "a", []).verdict is Verdict.ACCEPTED
    assert fake.requests == []


def with_tokens(readers: int, **more: str) -> list[Envelope]:
    """Envelopes as mailings have them: the three links end in a token of the reader's own."""
    keys = Keys(["a secret"])
    tokens = [keys.token(DeliveryToken(mailing=123_456_789, n=n)) for n in range(readers)]
    links = {"unsubscribe_url": "u", "preferences_url": "p", "view_url": "v"}
    return [
        envelope(
            n,
            name=f"Elizabeth{n % 37} Moss",
            values={**{name: f"https://news.example.org/{at}/{token}" for name, at in links.items()}, **more},
        )
        for n, token in enumerate(tokens)
    ]


def test_a_full_request_stays_under_the_strictest_reading_of_the_limits() -> None:
    readers = with_tokens(1000)
    body = request_body(letter(), "attempt-1", readers, sandbox=False)
    # one reading of the documentation: 50,000 bytes in a request, all readers together
    assert sum(substitution_bytes(personal) for personal in body["personalizations"]) < 50_000
    with FakeSendGrid(strict=True) as strict:
        assert sender(strict.url).submit(letter(), "attempt-1", readers).verdict is Verdict.ACCEPTED
        assert (len(strict.mails), strict.faults) == (1000, [])


def test_texts_that_do_not_fit_into_one_request_are_shared_out_before_any_call(fake: FakeSendGrid) -> None:
    readers = [replace(e, values={**e.values, "city": f"Llanfair {e.n} " * 4}) for e in with_tokens(1000)]
    one = sender(fake.url)
    assert one.submit(letter(), "a", readers).verdict is Verdict.TOO_LARGE
    assert fake.requests == []
    assert one.submit(letter(), "a", readers[:500]).verdict is Verdict.ACCEPTED


def test_several_threads_may_submit_at_once(fake: FakeSendGrid) -> None:
    one, given = sender(fake.url), letter()
    start = threading.Barrier(8)

    def submit(n: int) -> Verdict:
        start.wait()
        return one.submit(given, f"attempt-{n}", [envelope(n)]).verdict

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(submit, range(8))) == {Verdict.ACCEPTED}
    assert {mail.custom_args["nl_attempt"] for mail in fake.mails} == {f"attempt-{n}" for n in range(8)}


def test_the_sdk_logs_neither_key_nor_addresses(fake: FakeSendGrid, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sender(fake.url).submit(letter(), "attempt-1", [envelope()])
    assert KEY not in caplog.text
    assert "reader1" not in caplog.text


@pytest.mark.parametrize(
    ("host", "sandbox", "real"),
    [
        ("https://api.sendgrid.com", False, True),
        ("https://api.sendgrid.com", True, False),
        ("https://api.eu.sendgrid.com", False, True),
        ("http://127.0.0.1:8025", False, False),
        ("http://[::1]:8025", False, False),
        ("http://localhost:8025", False, False),
        ("http://127.0.0.1.example.org", False, True),
        ("http://10.0.0.1", False, True),
    ],
)
def test_it_is_real_unless_it_stays_here(host: str, sandbox: bool, real: bool) -> None:
    assert sender(host, sandbox=sandbox).real is real


def test_sizes_come_from_the_settings() -> None:
    settings = SendGridSection(recipients_per_request=250, requests_in_flight=3)
    one = SendGridSender(settings, KEY, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    assert (one.chunk_size, one.in_flight, one.repeatable, one.name) == (250, 3, False, "sendgrid")
    one.close()


def test_a_chunk_planned_with_a_larger_setting_is_split_before_any_call(fake: FakeSendGrid) -> None:
    smaller = SendGridSender(SendGridSection(host=fake.url, recipients_per_request=2), KEY, 5.0)
    assert smaller.submit(letter(), "attempt", [envelope(n) for n in (1, 2, 3)]).verdict is Verdict.TOO_LARGE
    assert fake.requests == []
