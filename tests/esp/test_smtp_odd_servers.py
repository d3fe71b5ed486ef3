"""Servers that do what no server should: each line of theirs is written out here."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from newsletter.model.letter import Verdict
from newsletter.settings.schema import Tls
from tests.compose.letters import envelope, letter
from tests.esp.smtp_bench import Line, scripted
from tests.fakes.certificate import self_made, server_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.esp.smtp_bench import Smtp

ONE = [envelope(1)]
TWO = [envelope(1), envelope(2)]


def says(*lines: str) -> Callable[[Line], None]:
    """Greets so, hears what there is, and hangs up."""

    def play(line: Line) -> None:
        line.say(*lines)
        line.hear()

    return play


@pytest.mark.parametrize(
    ("play", "verdict", "words"),
    [
        (lambda line: None, Verdict.TRY_LATER, "hung up"),
        (says("SSH-2.0-OpenSSH_9.2"), Verdict.TRY_LATER, "does not answer as a mail server"),
        (says("<html>"), Verdict.TRY_LATER, "does not answer as a mail server"),
        (says("999 hello"), Verdict.TRY_LATER, "does not answer as a mail server"),
        (says("421 4.3.2 come back later"), Verdict.TRY_LATER, "turned us away: 421 4.3.2 come back later"),
        (says("554 5.7.1 your address is blocked"), Verdict.NOT_AUTHORISED, "554 5.7.1 your address is blocked"),
        (says("220-" + "x" * 100_000), Verdict.TRY_LATER, "does not"),
        (says(*["220-for ever and ever"] * 5_000), Verdict.TRY_LATER, "does not"),
        (says("220 hello", "554 who are you", "554 really"), Verdict.NOT_AUTHORISED, "554 really"),
    ],
)
def test_a_greeting_that_is_none_sends_nothing(
    smtp: Smtp, play: Callable[[Line], None], verdict: Verdict, words: str
) -> None:
    with scripted(play) as port:
        answer = smtp(port).submit(letter(), "a", ONE)
    assert answer.verdict is verdict
    assert words in answer.detail


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_the_settings_say(smtp: Smtp) -> None:
    with scripted(lambda line: line.wait()) as port:
        answer = smtp(port, patience=0.1).submit(letter(), "a", ONE)
    assert answer.verdict is Verdict.TRY_LATER
    assert "did not answer in time" in answer.detail


def test_a_refused_connection_may_be_tried_again(smtp: Smtp) -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening
        answer = smtp(unused.getsockname()[1]).submit(letter(), "a", ONE)
    assert answer.verdict is Verdict.TRY_LATER
    assert "the connection was refused" in answer.detail


def test_a_name_that_dns_does_not_know_may_be_tried_again(smtp: Smtp) -> None:
    answer = smtp(25, host="no-such-host.invalid").submit(letter(), "a", ONE)
    assert answer.verdict is Verdict.TRY_LATER
    assert "not found in DNS" in answer.detail


def test_a_host_that_is_no_name_is_said(smtp: Smtp) -> None:
    answer = smtp(25, host=f"{'a' * 70}.example").submit(letter(), "a", ONE)
    assert answer.verdict in {Verdict.TRY_LATER, Verdict.NOT_AUTHORISED}
    assert "host" in answer.detail


def test_a_server_from_before_ehlo_is_served(smtp: Smtp) -> None:
    def old(line: Line) -> None:
        line.say("220 hello")
        line.say_to("502 what is EHLO?", "250 hello")
        line.take()
        line.take()
        line.wait()

    with scripted(old) as port:
        assert smtp(port).submit(letter(), "a", TWO).verdict is Verdict.ACCEPTED


def test_what_was_said_in_the_clear_is_forgotten_when_tls_begins(smtp: Smtp, tmp_path: Path) -> None:
    own, heard = self_made(tmp_path), []

    def injecting(line: Line) -> None:
        line.greet("STARTTLS")
        line.hear()
        line.say("220 go ahead", "250-injected", "250 AUTH PLAIN")  # one write: it arrives together
        with closing(Line(server_context(own).wrap_socket(line.connection, server_side=True))) as encrypted:
            encrypted.say_to("250 no logins here")
            heard.append(encrypted.hear())

    with scripted(injecting) as port:
        answer = smtp(port, tls=Tls.STARTTLS, ca_file=own, user="u", password="p").submit(letter(), "a", ONE)
    assert (answer.verdict, heard) == (Verdict.NOT_AUTHORISED, [""])
    assert "offers no AUTH" in answer.detail


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [("454 4.7.0 TLS not available", Verdict.TRY_LATER), ("501 no", Verdict.NOT_AUTHORISED)],
)
def test_starttls_that_is_refused_is_not_done_without(smtp: Smtp, reply: str, verdict: Verdict) -> None:
    def refusing(line: Line) -> None:
        line.greet("STARTTLS")
        line.say_to(reply)
        line.wait()

    with scripted(refusing) as port:
        answer = smtp(port, tls=Tls.STARTTLS).submit(letter(), "a", ONE)
    assert answer.verdict is verdict
    assert reply[:3] in answer.detail


@pytest.mark.parametrize(
    ("offered", "replies", "verdict", "words"),
    [
        ("AUTH PLAIN", ["454 4.7.0 Temporary failure of letters@example.org"], Verdict.TRY_LATER, "(454 4.7.0)"),
        ("AUTH PLAIN", ["535 5.7.8 bad: bGV0dGVycw=="], Verdict.NOT_AUTHORISED, "(535 5.7.8)"),
        ("AUTH GSSAPI", [], Verdict.NOT_AUTHORISED, "no way to log in"),
        ("HELP", [], Verdict.NOT_AUTHORISED, "offers no AUTH"),
    ],
)
def test_a_login_that_fails_says_why_and_repeats_nothing(
    smtp: Smtp, offered: str, replies: list[str], verdict: Verdict, words: str
) -> None:
    def play(line: Line) -> None:
        line.greet(offered)
        line.say_to(*replies)
        line.wait()

    with scripted(play) as port:
        answer = smtp(port, user="letters", password="secret").submit(letter(), "a", ONE)
    assert answer.verdict is verdict
    assert words in answer.detail
    assert not any(secret in answer.detail for secret in ("secret", "bGV0", "letters@"))


def test_a_password_that_is_not_ascii_is_said(smtp: Smtp) -> None:
    def play(line: Line) -> None:
        line.greet("AUTH PLAIN")
        line.wait()

    with scripted(play) as port:
        answer = smtp(port, user="letters", password="paßwort").submit(letter(), "a", ONE)
    assert (answer.verdict, answer.detail) == (Verdict.NOT_AUTHORISED, "SMTP_USER and SMTP_PASSWORD must be ASCII")


def test_commands_and_content_are_one_write_each(smtp: Smtp) -> None:
    heard: list[list[str]] = []

    def play(line: Line) -> None:
        line.greet("PIPELINING", "SIZE 0")
        heard.append([line.hear() for _ in range(3)])  # all three before any reply
        line.say("250 ok", "250 ok", "354 go")
        line.hear_message()
        heard.append([line.hear() for _ in range(3)])  # the next, before the reply to this one
        line.say("250 taken", "250 ok", "250 ok", "354 go")
        line.hear_message()
        line.say("250 taken")
        line.wait()

    with scripted(play) as port:
        assert smtp(port).submit(letter(), "a", TWO).verdict is Verdict.ACCEPTED
    for n, commands in enumerate(heard, 1):
        assert commands[0].startswith("MAIL FROM:<letters@example.org> SIZE=")
        assert commands[1:] == [f"RCPT TO:<reader{n}@example.net>", "DATA"]


def test_a_refused_reader_after_whom_data_is_taken_gets_a_lone_dot(smtp: Smtp) -> None:
    heard = []

    def play(line: Line) -> None:
        line.greet("PIPELINING")
        for _ in range(3):
            line.hear()
        line.say("250 ok", "550 5.1.1 unknown", "354 go")
        heard.append(line.hear())
        line.say("250 taken, for nobody")
        heard.extend(line.hear() for _ in range(3))
        line.say("250 ok", "250 ok", "354 go")
        line.hear_message()
        line.say("250 taken")
        line.wait()

    with scripted(play) as port:
        answer = smtp(port).submit(letter(), "a", TWO)
    assert (answer.verdict, list(answer.blamed)) == (Verdict.ACCEPTED, [1])
    assert (heard[0], heard[3]) == (".", "DATA")


def test_a_server_that_would_take_a_message_from_nobody_gets_none(smtp: Smtp) -> None:
    def play(line: Line) -> None:
        line.greet("PIPELINING")
        for _ in range(3):
            line.hear()
        line.say("550 5.7.1 not you", "250 ok", "354 go")
        assert line.hear() == ""

    with scripted(play, play) as port:
        answer = smtp(port).submit(letter(), "a", ONE)
    assert answer.verdict is Verdict.TRY_LATER
    assert "do not fit" in answer.detail


@pytest.mark.parametrize("offered", ["PIPELINING", "HELP"])
def test_connections_that_break_at_three_readers_in_a_row_mean_that_the_server_is_away(
    smtp: Smtp, offered: str
) -> None:
    with scripted(*[lambda line: line.greet(offered)] * 4) as port:
        answer = smtp(port).submit(letter(), "a", [envelope(n) for n in range(1, 9)])
    assert answer.verdict is Verdict.TRY_LATER
    assert {**answer.doubtful, **answer.deferred, **answer.blamed} == {}
    assert "broke again and again" in answer.detail


def test_a_server_that_goes_away_in_the_middle_leaves_the_rest_for_later(smtp: Smtp) -> None:
    def play(line: Line) -> None:
        line.greet()
        line.take()

    with scripted(play) as port:  # and then it is gone
        answer = smtp(port).submit(letter(), "a", [envelope(n) for n in (1, 2, 3)])
    assert (answer.verdict, set(answer.taken)) == (Verdict.TRY_LATER, {1})
    assert {**answer.doubtful, **answer.deferred, **answer.blamed} == {}


def test_a_lost_reply_costs_one_doubt_and_the_rest_goes_on(smtp: Smtp) -> None:
    def losing(line: Line) -> None:
        line.greet("PIPELINING")
        for _ in range(3):
            line.hear()
        line.say("250 ok", "250 ok", "354 go")
        line.hear_message()

    def taking(line: Line) -> None:
        line.greet()
        line.take()
        line.wait()

    with scripted(losing, taking) as port:
        answer = smtp(port).submit(letter(), "a", TWO)
    assert (answer.verdict, list(answer.doubtful)) == (Verdict.ACCEPTED, [1])


def test_a_server_that_stops_reading_has_not_got_the_message(smtp: Smtp) -> None:
    big = letter(text=("x y" * 1_200_000,))

    def deaf(line: Line) -> None:
        line.greet()
        line.say_to("250 ok", "250 ok", "354 go")
        done.recv(1)

    done, told = socket.socketpair()
    with done, told, scripted(deaf) as port:
        answer = smtp(port, patience=0.3).submit(big, "a", ONE)
        told.sendall(b"x")
    assert (answer.verdict, dict(answer.doubtful)) == (Verdict.TRY_LATER, {})


def test_a_no_that_comes_before_the_end_of_a_message_is_a_no(smtp: Smtp) -> None:
    def play(line: Line) -> None:
        line.greet()
        line.say_to("250 ok", "250 ok", "354 go")
        line.say("552 5.3.4 that is enough")
        line.hear_message()
        line.wait()

    with scripted(play) as port:
        answer = smtp(port).submit(letter(), "a", ONE)
    assert (answer.verdict, list(answer.blamed)) == (Verdict.REFUSED, [1])


def test_an_idle_connection_on_which_the_server_said_goodbye_is_not_used_again(smtp: Smtp) -> None:
    def first(line: Line) -> None:
        line.greet()
        line.take()
        line.say("421 4.4.2 idle for too long")
        line.wait()

    def second(line: Line) -> None:
        line.greet()
        line.take()
        line.wait()

    with scripted(first, second) as port:
        sender = smtp(port)
        assert sender.submit(letter(), "a", ONE).verdict is Verdict.ACCEPTED
        assert sender.submit(letter(), "b", [envelope(2)]).verdict is Verdict.ACCEPTED
        sender.close()
