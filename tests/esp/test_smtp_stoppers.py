"""One reader at whom the server stops each time holds up nobody else; a server that stops at everybody is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from newsletter.model.letter import Verdict
from tests.compose.letters import envelope, letter
from tests.fakes.smtp import FakeSmtp
from tests.fakes.smtp_behaviour import Behaviour

if TYPE_CHECKING:
    from newsletter.model.letter import Envelope
    from tests.esp.smtp_bench import Smtp

BREAKING = [Behaviour.CLOSING_AT_RCPT, Behaviour.DROP_AT_RCPT, Behaviour.DROP_AT_DATA]
ANSWERING = [Behaviour.BUSY, Behaviour.TOO_MANY, Behaviour.NO_SPACE]


def elsewhere(n: int) -> Envelope:
    """A reader of a domain that nobody else has."""
    return replace(envelope(n), address=f"reader{n}@host{n}.example.com")


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "step by step"])
@pytest.mark.parametrize("behaviour", [*BREAKING, *ANSWERING])
def test_one_reader_at_whom_it_stops_is_put_off_and_the_rest_goes_on(
    smtp: Smtp, behaviour: Behaviour, pipelining: bool
) -> None:
    with FakeSmtp(pipelining=pipelining) as fake:
        fake.at = {"reader3@example.net": behaviour}
        answer = smtp(fake.port).submit(letter(), "a", [envelope(n) for n in range(1, 7)])
    assert (answer.verdict, list(answer.deferred), answer.doubtful) == (Verdict.ACCEPTED, [3], {})
    assert "mail server" in answer.deferred[3]
    assert "reader3" not in answer.deferred[3]
    assert len(fake.mails) == 5


@pytest.mark.parametrize("behaviour", [*BREAKING, *ANSWERING])
def test_two_of_one_domain_side_by_side_stop_nobody_else(smtp: Smtp, behaviour: Behaviour) -> None:
    with FakeSmtp() as fake:
        fake.at = {f"reader{n}@example.net": behaviour for n in (1, 2)}
        answer = smtp(fake.port).submit(letter(), "a", [envelope(n) for n in range(1, 5)])
    assert (answer.verdict, list(answer.deferred), len(fake.mails)) == (Verdict.ACCEPTED, [1, 2], 2)


@pytest.mark.parametrize("behaviour", [*BREAKING, *ANSWERING])
def test_a_server_that_stops_at_readers_of_two_domains_in_a_row_is_left_alone(smtp: Smtp, behaviour: Behaviour) -> None:
    with FakeSmtp() as fake:
        fake.at = {f"reader{n}@host{n}.example.com": behaviour for n in range(3, 9)}
        answer = smtp(fake.port).submit(letter(), "a", [elsewhere(n) for n in range(1, 9)])
    assert (answer.verdict, set(answer.taken), answer.deferred) == (Verdict.TRY_LATER, {1, 2}, {})
    assert fake.connections <= 4


def test_those_that_were_found_to_stop_it_stop_nothing_when_they_come_together_later(smtp: Smtp) -> None:
    given = letter()
    with FakeSmtp() as fake:
        fake.at = {f"reader{n}@host{n}.example.com": Behaviour.CLOSING_AT_RCPT for n in (2, 5)}
        sender = smtp(fake.port)
        answer = sender.submit(given, "a", [elsewhere(n) for n in range(1, 7)])
        assert (answer.verdict, sorted(answer.deferred)) == (Verdict.ACCEPTED, [2, 5])
        again = sender.submit(given, "b", [elsewhere(2), elsewhere(5)])
    assert (again.verdict, sorted(again.deferred)) == (Verdict.TRY_LATER, [2, 5])


def test_a_reader_who_is_alone_and_stops_it_is_put_off(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        fake.at = {"reader1@example.net": Behaviour.CLOSING_AT_RCPT}
        answer = smtp(fake.port).submit(letter(), "a", [envelope(1)])
    assert (answer.verdict, list(answer.deferred)) == (Verdict.TRY_LATER, [1])
    assert "421 4.7.0" in answer.detail


def test_too_large_is_one_reason_whatever_the_size_of_each(smtp: Smtp) -> None:
    with FakeSmtp(largest=1_000) as fake:
        answer = smtp(fake.port).submit(letter(), "a", [envelope(n) for n in (1, 1000)])
    assert len(set(answer.blamed.values())) == 1
