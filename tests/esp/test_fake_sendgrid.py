"""The fake of SendGrid fails as it says, and knows what it took. Its limits: test_fake_sendgrid_limits.py."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.fakes.sendgrid import KEY, TAKEN, UNTAKEN, Behaviour, FakeSendGrid, RateLimit
from tests.fakes.sendgrid.faults import Faults
from tests.support.asking_sendgrid import Caller, complaint, person, request

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
#: what a client sees; None: no answer
SEEN = {
    Behaviour.ACCEPT: 202,
    Behaviour.BUSY: 429,
    Behaviour.BUSY_RETRY_AFTER: 429,
    Behaviour.BUSY_SILENT: 429,
    Behaviour.UNAUTHORISED: 401,
    Behaviour.FORBIDDEN: 403,
    Behaviour.TOO_LARGE: 413,
    Behaviour.BLAME_SECOND: 400,
    Behaviour.BLAME_MIXED: 400,
    Behaviour.SUBSTITUTIONS: 400,
    Behaviour.REFUSE: 400,
    Behaviour.DROP_UNREAD: None,
    Behaviour.RESET_UNREAD: None,
    Behaviour.DROP_HALF_READ: None,
    Behaviour.ERROR_UNTAKEN: 500,
    Behaviour.UNAVAILABLE_UNTAKEN: 503,
    Behaviour.WEB_PAGE: 200,
    Behaviour.SLOW: 202,
    Behaviour.DRIP: 202,
    Behaviour.DROP: None,
    Behaviour.RESET: None,
    Behaviour.HANG: None,
    Behaviour.ENDLESS: None,
    Behaviour.ERROR: 500,
    Behaviour.BAD_GATEWAY: 502,
    Behaviour.UNAVAILABLE: 503,
    Behaviour.GATEWAY_TIMEOUT: 504,
    Behaviour.TIMEOUT: 408,
    Behaviour.GARBAGE: None,
    Behaviour.CUT: None,
    Behaviour.HALF_HEADERS: None,
    Behaviour.REDIRECT: 302,
}


class Time:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def running(**options: object) -> Iterator[tuple[FakeSendGrid, Caller]]:
    with FakeSendGrid(**options) as fake, Caller(fake.url) as caller:  # type: ignore[arg-type]
        fake.patience, fake.slowness, fake.dripping = 0.2, 0.01, 0.02
        yield fake, caller


def seen(caller: Caller) -> int | None:
    try:
        return caller.send_mail(request(person(1), person(2))).status_code
    except httpx.TransportError:
        return None


@pytest.mark.parametrize("behaviour", Behaviour)
def test_each_behaviour_is_seen_as_it_should_and_takes_what_it_should(behaviour: Behaviour) -> None:
    with running() as (fake, caller):
        fake.next(behaviour)
        assert seen(caller) == SEEN[behaviour]
        assert len(fake.requests) == fake.counting.requests == (behaviour in TAKEN)
        # and only this one request met it
        assert seen(caller) == 202
    assert fake.met == Counter([behaviour, Behaviour.ACCEPT])


def test_taken_and_untaken_are_all_there_is() -> None:
    assert set(Behaviour) == TAKEN | UNTAKEN == set(SEEN)
    assert not TAKEN & UNTAKEN


@pytest.mark.parametrize("behaviour", [Behaviour.DROP_UNREAD, Behaviour.RESET_UNREAD, Behaviour.DROP_HALF_READ])
def test_a_long_request_can_break_off_in_the_middle(behaviour: Behaviour) -> None:
    with running() as (fake, caller):
        fake.next(behaviour)
        with pytest.raises(httpx.TransportError):
            caller.send_mail(request(content=[{"type": "text/plain", "value": "x" * 8_000_000}]))
        assert (fake.requests, fake.faults) == ([], [])


def test_a_client_that_dies_while_it_writes_has_sent_nothing() -> None:
    def half() -> Iterator[bytes]:
        yield json.dumps(request()).encode()
        raise RuntimeError("killed")

    with running() as (fake, caller):
        with pytest.raises(RuntimeError):
            caller.post("/v3/mail/send", content=half(), headers={"Content-Length": "9999"})
        assert caller.send_mail().status_code == 202
        assert len(fake.requests) == 1


def test_a_request_in_chunks_is_read_too() -> None:
    raw = json.dumps(request()).encode()
    with running() as (fake, caller):
        chunks = (raw[at : at + 7] for at in range(0, len(raw), 7))
        answer = caller.post("/v3/mail/send", content=chunks, headers={"Content-Type": "application/json"})
        assert (answer.status_code, len(fake.requests)) == (202, 1)


def test_blaming_names_the_second_reader_and_quotes_the_address() -> None:
    with running() as (fake, caller):
        fake.next(Behaviour.BLAME_SECOND)
        field, message = complaint(caller.send_mail(request(person(1), person(2))))
    assert field == "personalizations.1.to.0.email"
    assert "reader2@example.net" in message


def test_shares_are_drawn_alike_from_the_same_seed() -> None:
    def drawn(seed: int) -> list[Behaviour]:
        faults = Faults(seed=seed)
        faults.shares = {Behaviour.DROP: 0.2, Behaviour.BUSY: 0.1}
        return [faults.draw() for _ in range(2000)]

    counts = Counter(drawn(1))
    assert drawn(1) == drawn(1) != drawn(2)
    assert 300 < counts[Behaviour.DROP] < 500
    assert 130 < counts[Behaviour.BUSY] < 270
    assert counts[Behaviour.ACCEPT] == 2000 - counts[Behaviour.DROP] - counts[Behaviour.BUSY]


def test_a_schedule_is_kept_to_the_second_and_what_is_queued_goes_before_it() -> None:
    time = Time()
    with running(clock=time) as (fake, caller):
        fake.mail_faults.during((30, Behaviour.UNAVAILABLE_UNTAKEN), (10, Behaviour.BUSY_SILENT))
        fake.next(Behaviour.REFUSE)
        told = [seen(caller)]
        for second in (0, 29.9, 30, 39.9, 40):
            time.now = 1_800_000_000.0 + second
            told.append(seen(caller))
        assert told == [400, 503, 503, 429, 429, 202]
        fake.mail_faults.during((30, Behaviour.UNAVAILABLE_UNTAKEN), from_first=True)
        time.now += 1000
        assert seen(caller) == 503
        time.now += 30
        assert seen(caller) == 202
        assert fake.totals()["answers"] == {"202": 2, "400": 1, "429": 2, "503": 3}
        assert fake.totals()["faults"] == {"unavailable_untaken": 3, "busy_silent": 2, "refuse": 1}


def test_a_rate_limit_tells_the_truth() -> None:
    time = Time()
    with running(clock=time) as (fake, caller):
        time.now += 0.5
        fake.rate_limit = RateLimit(2, 10, time)
        answers = [caller.send_mail() for _ in range(4)]
        told = [[one.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")] for one in answers]
        assert [one.status_code for one in answers] == [202, 202, 429, 429]
        assert told == [["2", left, "1800000011"] for left in ("1", "0", "0", "0")]
        assert complaint(answers[2]) == ("", "too many requests")
        time.now = 1_800_000_010.9
        assert caller.send_mail().status_code == 429
        time.now = 1_800_000_011.0
        assert caller.send_mail().status_code == 202
        assert len(fake.requests) == 3


def test_connections_are_kept_alive_over_refusals() -> None:
    with running() as (fake, caller):
        for body in (request(), request(subject=""), request()):
            answer = caller.send_mail(body)
            assert answer.headers["Connection"] == "keep-alive"
        assert len(fake.requests) == 2
        assert caller.send_mail(headers={"Connection": "close"}).headers["Connection"] == "close"


def test_readers_find_what_was_put_in_for_them_and_nothing_for_the_suppressed(tmp_path: Path) -> None:
    record = tmp_path / "mails.jsonl"
    with running(record=record) as (fake, caller):
        fake.suppressions.add("bounces", "Reader2@example.net")
        people = (person(n, substitutions={"-a-": f"A{n}"}, headers={"X-N": str(n)}) for n in (1, 2, 3))
        copied = {**person(4), "cc": [{"email": "copy@example.net", "name": "Cy"}]}
        body = request(*people, copied, subject="Dear -a-", content=[{"type": "text/html", "value": "<p>-a-</p>"}])
        assert caller.send_mail(body).status_code == 202
        assert [(one.address, one.subject, one.html) for one in fake.mails] == [
            ("reader1@example.net", "Dear A1", "<p>A1</p>"),
            ("reader3@example.net", "Dear A3", "<p>A3</p>"),
            ("reader4@example.net", "Dear -a-", "<p>-a-</p>"),
            ("copy@example.net", "Dear -a-", "<p>-a-</p>"),
        ]
        assert [one.address for one in fake.dropped] == ["reader2@example.net"]
        assert fake.counting.readers == 5
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert [line["address"] for line in lines] == [mail.address for mail in fake.mails]
    assert lines[0]["headers"] == {"X-N": "1"}
    assert record.stat().st_mode & 0o777 == 0o600


def test_counting_alone_sees_who_came_twice() -> None:
    with running(keep=False) as (fake, caller):
        first = [person(n, custom_args={"nl_mailing": "1"}) for n in range(50)]
        caller.send_mail(request(*first))
        caller.send_mail(request(*(person(n, custom_args={"nl_mailing": "2"}) for n in range(50))))
        assert fake.counting.twice() == 0
        caller.send_mail(request(*first[40:45]))
        assert (fake.counting.readers, fake.counting.twice()) == (105, 5)
        assert (fake.mails, fake.requests) == ([], [])


@contextmanager
def by_hand(*words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.fakes.sendgrid", "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        line = process.stdout.readline()
        try:
            yield line.split()[0], process
        finally:
            process.kill()


@pytest.mark.parametrize("words", [["--json"], ["--lean", "--json"], ["--lean", "--blind", "--json"]])
def test_by_hand_it_says_at_its_end_what_it_took(words: list[str]) -> None:
    with by_hand(*words) as (url, process), Caller(url) as caller:
        for headers in ({}, {"Connection": "close"}, {"Expect": "100-continue"}):
            answer = caller.send_mail(request(person(1), person(2)), headers=headers)
            assert (answer.status_code, bool(answer.headers["X-Message-Id"])) == (202, True)
        assert caller.send_mail(headers={"Authorization": "Bearer no"}).status_code == 401
        process.terminate()
        said = json.loads(process.communicate(timeout=20)[0])
        assert (said["requests"], said["readers"]) == (3, 6)
        assert said["twice"] == (0 if "--blind" in words else 4)
        assert process.returncode == 0


def test_lean_answers_many_at_once_and_can_be_asked() -> None:
    with by_hand("--lean", "--delay", "0.05") as (url, _), httpx.Client(trust_env=False) as client:
        raw = json.dumps(request(person(1))).encode()
        head = (
            f"POST /v3/mail/send HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
        )
        lines = [socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) for _ in range(20)]
        for line in lines:
            line.sendall(head + raw[:50])
        for line in lines:
            line.sendall(raw[50:])
        answers = [line.recv(4096) for line in lines]
        for line in lines:
            line.close()
        assert all(answer.startswith(b"HTTP/1.1 202 Accepted\r\n") for answer in answers)
        totals = client.get(f"{url}/totals").json()
    assert (totals["requests"], totals["twice"], totals["most_at_once"]) == (20, 19, 20)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--help"], "Point [esp.sendgrid] host"),
        (["--fault", "nonsense=1"], "there is no fault 'nonsense'"),
        (["--drop", "2"], "'2' is no share between 0 and 1"),
        (["--rate", "many"], "'many' is not such as 10/1"),
        (["--fate", "joy=1"], "there is no fate 'joy'"),
        (["--suppressed", "list=a@example.org"], "there is no list 'list'"),
        (["--schedule", "busy:soon"], "'soon' is no number of seconds"),
    ],
)
def test_the_options_explain_themselves(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.fakes.sendgrid.options import parser

    with pytest.raises(SystemExit) as end:
        parser(KEY).parse_args(words)
    told = capsys.readouterr()
    assert said in " ".join(f"{told.out}{told.err}".split())
    assert end.value.code == (0 if words == ["--help"] else 2)
