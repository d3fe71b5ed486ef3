"""The SMTP sender against a real server that is as faulty as it gets."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.model.letter import Verdict
from newsletter.model.rendered import ImageFile
from newsletter.settings.schema import SmtpSection, Tls
from tests.compose.letters import envelope, letter
from tests.esp.smtp_bench import SENDER
from tests.fakes.certificate import self_made
from tests.fakes.smtp import PASSWORD, USER, FakeSmtp
from tests.fakes.smtp_behaviour import TAKEN, Behaviour

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.letter import Answer, Envelope
    from tests.esp.smtp_bench import Smtp

LOGIN: dict[str, Any] = {"user": USER, "password": PASSWORD}


def fared(answer: Answer, n: int) -> str:
    """How one delivery fared."""
    for name, named in (("blamed", answer.blamed), ("deferred", answer.deferred), ("doubtful", answer.doubtful)):
        if n in named:
            return name
    return "taken" if n in answer.taken or answer.verdict is Verdict.ACCEPTED else answer.verdict.value


def readers(*numbers: int) -> Sequence[Envelope]:
    return [envelope(n) for n in numbers]


#: what the second of three messages meets -> the answer's verdict, how it fared, and how the third did
ANSWERS = {
    Behaviour.ACCEPT: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.SENDER_LATER: (Verdict.TRY_LATER, "try later", "try later"),
    Behaviour.SENDER_REFUSED: (Verdict.NOT_AUTHORISED, "not authorised", "not authorised"),
    Behaviour.LOGIN_FIRST: (Verdict.NOT_AUTHORISED, "not authorised", "not authorised"),
    Behaviour.CLOSING_AT_MAIL: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.DROP_AT_MAIL: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.UNKNOWN: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.UNKNOWN_BUT_DATA: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.OVER_TWO_LINES: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.FULL: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.GREYLISTED: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.TOO_MANY: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.BUSY: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.NO_RELAY: (Verdict.NOT_AUTHORISED, "not authorised", "not authorised"),
    Behaviour.CLOSING_AT_RCPT: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.DROP_AT_RCPT: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.DATA_LATER: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.DATA_REFUSED: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.DATA_ODD: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.DROP_AT_DATA: (Verdict.ACCEPTED, "taken", "taken"),
    Behaviour.SPAM: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.TOO_LARGE: (Verdict.ACCEPTED, "blamed", "taken"),
    Behaviour.MESSAGE_LATER: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.NO_SPACE: (Verdict.ACCEPTED, "deferred", "taken"),
    Behaviour.LOST_IN_CONTENT: (Verdict.ACCEPTED, "doubtful", "taken"),
    Behaviour.DROP: (Verdict.ACCEPTED, "doubtful", "taken"),
    Behaviour.CLOSING: (Verdict.ACCEPTED, "doubtful", "taken"),
    Behaviour.GARBAGE: (Verdict.ACCEPTED, "doubtful", "taken"),
    Behaviour.HANG: (Verdict.ACCEPTED, "doubtful", "taken"),
}


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "step by step"])
@pytest.mark.parametrize("behaviour", Behaviour)
def test_what_the_server_does_becomes_the_right_answer(smtp: Smtp, behaviour: Behaviour, pipelining: bool) -> None:
    with FakeSmtp(pipelining=pipelining) as fake:
        fake.next(Behaviour.ACCEPT, behaviour, Behaviour.ACCEPT)
        patience = 0.1 if behaviour is Behaviour.HANG else None
        sender = smtp(fake.port, patience=patience)
        answer = sender.submit(letter(), "attempt-1", readers(5, 6, 7))
        again = sender.submit(letter(), "attempt-2", readers(8, 9))
        sender.close()
        fake.settle()
    assert (answer.verdict, fared(answer, 6), fared(answer, 7)) == ANSWERS[behaviour]
    assert fared(answer, 5) == "taken"
    # what was taken is never called a definite no, nobody has it twice, and the connection is fit for more
    got = [int(mail.recipient.removeprefix("reader").partition("@")[0]) for mail in fake.mails]
    assert (6 in got) == (behaviour in TAKEN or fared(answer, 6) == "taken")
    assert sorted(got) == sorted(set(got))
    assert {n for n in (5, 6, 7) if fared(answer, n) in {"taken", "doubtful"}} >= set(got) - {8, 9}
    assert again.verdict is Verdict.ACCEPTED
    # words for people, without the reader
    words = f"{answer.detail}{answer.blamed}{answer.deferred}{answer.doubtful}"
    assert "example" not in words
    assert "reader6" not in words


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("behaviour", "verdict", "named"),
    [
        (Behaviour.UNKNOWN, Verdict.REFUSED, "blamed"),
        (Behaviour.SPAM, Verdict.REFUSED, "blamed"),
        (Behaviour.FULL, Verdict.TRY_LATER, "deferred"),
        (Behaviour.DROP, Verdict.UNCERTAIN, "doubtful"),
        (Behaviour.NO_RELAY, Verdict.NOT_AUTHORISED, "not authorised"),
    ],
)
def test_the_verdict_on_a_single_mail_is_its_own(
    smtp: Smtp, behaviour: Behaviour, verdict: Verdict, named: str, pipelining: bool
) -> None:
    with FakeSmtp(pipelining=pipelining) as fake:
        fake.next(behaviour)
        answer = smtp(fake.port).submit(letter(), "attempt-1", [envelope(3)])
    assert (answer.verdict, fared(answer, 3)) == (verdict, named)
    assert answer.detail


def test_pipelining_is_left_where_the_settings_say_so(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        sender = smtp(fake.port, pipelining=False)
        assert sender.submit(letter(), "a", readers(*range(1, 8))).verdict is Verdict.ACCEPTED
        assert len(fake.mails) == 7


@pytest.mark.parametrize("pipelining", [True, False])
def test_every_mail_is_the_readers_own_to_the_byte(smtp: Smtp, pipelining: bool) -> None:
    from newsletter.compose.message import compiled

    given = letter()
    with FakeSmtp(pipelining=pipelining) as fake:
        smtp(fake.port).submit(given, "a", readers(*range(1, 31)))
        received = {mail.recipient: mail for mail in fake.mails}
    for n in range(1, 31):
        mail = received[f"reader{n}@example.net"]
        assert mail.content == compiled(given).bytes_for(envelope(n))
        assert mail.sender == SENDER


def test_bounces_go_where_the_envelope_says(smtp: Smtp) -> None:
    own = replace(envelope(1), return_path="bounces+abc-123@example.org")
    odd = replace(envelope(2), return_path="bounces@example.org>\r\nRCPT TO:<eve@example.com")
    with FakeSmtp() as fake:
        sender = smtp(fake.port)
        answer = sender.submit(letter(), "a", [own, odd])
        assert (answer.verdict, list(answer.blamed)) == (Verdict.BLAMED, [2])
        assert sender.submit(letter(), "a", [own]).verdict is Verdict.ACCEPTED
    assert [mail.sender for mail in fake.mails] == ["bounces+abc-123@example.org"]


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "step by step"])
def test_the_domain_of_a_return_path_travels_in_ascii(smtp: Smtp, pipelining: bool) -> None:
    own = replace(envelope(1), return_path="bounces+abc@bücher.example")
    with FakeSmtp(pipelining=pipelining) as fake:
        assert smtp(fake.port).submit(letter(), "a", [own]).verdict is Verdict.ACCEPTED
    assert [mail.sender for mail in fake.mails] == ["bounces+abc@xn--bcher-kva.example"]


def test_connections_are_kept_and_rotated(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        sender = smtp(fake.port, messages_per_connection=10)
        for at in range(4):
            sender.submit(letter(), f"a{at}", readers(*range(7)))
        assert [sum(mail.connection == number for mail in fake.mails) for number in (1, 2, 3)] == [10, 10, 8]
        sender.close()
        fake.settle()
        assert (fake.connections, fake.quits, len(fake.mails)) == (3, 3, 28)


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_ends_each_connection_early_gets_everything_once(smtp: Smtp, pipelining: bool) -> None:
    with FakeSmtp(most_messages=7, pipelining=pipelining) as fake:
        answer = smtp(fake.port).submit(letter(), "a", readers(*range(1, 31)))
        assert answer.verdict is Verdict.ACCEPTED
        assert not answer.doubtful
        assert [mail.recipient for mail in fake.mails] == [f"reader{n}@example.net" for n in range(1, 31)]
        assert fake.connections == 5


def test_a_kept_connection_that_the_server_closed_costs_nothing(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        sender = smtp(fake.port)
        sender.submit(letter(), "a", readers(1))
        port = fake.port
    with FakeSmtp(port=port) as fake:
        answer = sender.submit(letter(), "b", readers(2, 3))
        assert answer.verdict is Verdict.ACCEPTED
        assert len(fake.mails) == 2


def test_several_threads_may_submit_at_once(smtp: Smtp) -> None:
    given, start = letter(), threading.Barrier(6)
    with FakeSmtp() as fake:
        sender = smtp(fake.port, connections=6)

        def submit(at: int) -> Verdict:
            start.wait()
            return sender.submit(given, f"a{at}", readers(*range(at * 10, at * 10 + 10))).verdict

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(submit, range(6))) == {Verdict.ACCEPTED}
        assert len({mail.recipient for mail in fake.mails}) == len(fake.mails) == 60
        assert fake.connections <= 6


def test_a_server_that_takes_fewer_connections_than_we_have_is_shared(smtp: Smtp) -> None:
    given, start = letter(), threading.Barrier(6)
    with FakeSmtp(most_connections=2) as fake:
        sender = smtp(fake.port, connections=6)

        def submit(at: int) -> Verdict:
            start.wait()
            return sender.submit(given, f"a{at}", readers(*range(at * 20, at * 20 + 20))).verdict

        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(submit, range(6)))
        # who comes when nobody has a connection yet is turned away; all others wait for one
        taken = 20 * found.count(Verdict.ACCEPTED)
        assert set(found) <= {Verdict.ACCEPTED, Verdict.TRY_LATER}
        assert len({mail.recipient for mail in fake.mails}) == len(fake.mails) == taken > 0


def test_ten_in_a_row_refused_alike_are_our_own_fault(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        fake.next(Behaviour.ACCEPT, *[Behaviour.SPAM] * 50)
        answer = smtp(fake.port).submit(letter(), "a", readers(*range(1, 41)))
    assert answer.verdict is Verdict.NOT_AUTHORISED
    assert "554 5.7.1" in answer.detail
    assert (set(answer.taken), dict(answer.blamed)) == ({1}, {})


def test_ten_in_a_row_put_off_alike_wait_together(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        fake.next(Behaviour.GREYLISTED, Behaviour.ACCEPT, *[Behaviour.GREYLISTED] * 50)
        answer = smtp(fake.port).submit(letter(), "a", readers(*range(1, 41)))
    assert (answer.verdict, set(answer.taken), list(answer.deferred)) == (Verdict.TRY_LATER, {2}, [1])


def test_any_number_of_unknown_readers_are_only_unknown_readers(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        fake.next(*[Behaviour.UNKNOWN] * 30)
        answer = smtp(fake.port).submit(letter(), "a", readers(*range(1, 41)))
    assert (answer.verdict, len(answer.blamed), len(fake.mails)) == (Verdict.ACCEPTED, 30, 10)


@pytest.mark.parametrize("behaviour", [Behaviour.DROP, Behaviour.CLOSING, Behaviour.GARBAGE])
def test_a_server_that_never_answers_for_a_message_stops_us_at_the_second(smtp: Smtp, behaviour: Behaviour) -> None:
    with FakeSmtp() as fake:
        fake.shares = {behaviour: 1}
        answer = smtp(fake.port).submit(letter(), "a", readers(*range(1, 31)))
    assert (answer.verdict, sorted(answer.doubtful)) == (Verdict.NOT_AUTHORISED, [1, 2])
    assert len(fake.mails) == 2


def test_a_message_larger_than_the_server_takes_is_not_offered(smtp: Smtp) -> None:
    with FakeSmtp(largest=1_000) as fake:
        answer = smtp(fake.port).submit(letter(), "a", readers(1, 2))
        assert answer.verdict is Verdict.REFUSED
        assert "takes 1,000 bytes at most" in answer.detail
        assert sorted(answer.blamed) == [1, 2]
    assert fake.mails == []


def test_it_is_real_unless_the_settings_call_it_a_rehearsal(smtp: Smtp) -> None:
    assert smtp(25, rehearsal=False).real
    assert not smtp(25).real


def test_sizes_come_from_the_settings(smtp: Smtp) -> None:
    sender = smtp(25, connections=7)
    assert (sender.name, sender.chunk_size, sender.in_flight, sender.repeatable) == ("smtp", 100, 7, False)
    assert not sender.embeds
    assert smtp(25, embed_images=True).embeds


def test_a_chunk_planned_for_another_sender_is_split_before_any_call(smtp: Smtp) -> None:
    assert smtp(1).submit(letter(), "a", readers(*range(101))).verdict is Verdict.TOO_LARGE


def test_what_is_left_out_is_said_before(smtp: Smtp) -> None:
    picture = ImageFile(name="0123456789abcdef.png", media_type="image/png", content=bytes(5000))
    given = replace(letter(), opens=True, pictures=(picture,))
    assert smtp(25).remarks(given) == ["SMTP notes no opens and clicks"]
    assert smtp(25, embed_images=True).remarks(given)[1].startswith("each mail carries its images (5 KB")
    assert smtp(25).remarks(letter()) == []


def test_the_journal_is_for_us_alone_and_git_leaves_it_out(smtp: Smtp, tmp_path: Path) -> None:
    with FakeSmtp() as fake:
        smtp(fake.port).submit(letter(), "attempt-1", readers(1, 2))
    folder = tmp_path / ".newsletter"
    assert (folder / ".gitignore").read_text(encoding="ascii") == "*\n"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "journal")] == [0o700, 0o700]
    file = folder / "journal" / "attempt-1"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "example" not in file.read_text(encoding="ascii")


def test_without_a_journal_nothing_leaves(smtp: Smtp, tmp_path: Path) -> None:
    (tmp_path / ".newsletter").write_text("in the way", encoding="ascii")
    with FakeSmtp() as fake:
        answer = smtp(fake.port).submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.TRY_LATER
    assert "journal" in answer.detail
    assert fake.mails == []


# TLS and AUTH


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
@pytest.mark.parametrize("pipelining", [True, False])
def test_mail_and_login_travel_encrypted(smtp: Smtp, tmp_path: Path, tls: Tls, pipelining: bool) -> None:
    own = self_made(tmp_path)
    with FakeSmtp(certificate=own, implicit=tls is Tls.IMPLICIT, login=True, pipelining=pipelining) as fake:
        sender = smtp(fake.port, tls=tls, ca_file=own, **LOGIN)
        big = letter(text=("x y" * 60_000,))
        answer = sender.submit(big, "a", readers(*range(1, 12)))
        sender.close()
        fake.settle()
    assert answer.verdict is Verdict.ACCEPTED
    assert {(mail.encrypted, mail.user) for mail in fake.mails} == {(True, USER)}
    assert len(fake.mails) == 11


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_certificate_that_nobody_vouches_for_is_not_believed(smtp: Smtp, tmp_path: Path, tls: Tls) -> None:
    with FakeSmtp(certificate=self_made(tmp_path), implicit=tls is Tls.IMPLICIT) as fake:
        answer = smtp(fake.port, tls=tls, **LOGIN).submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.TRY_LATER
    assert "certificate is not valid" in answer.detail
    assert fake.login_tries == len(fake.mails) == 0


def test_a_certificate_for_another_name_is_not_believed(smtp: Smtp, tmp_path: Path) -> None:
    own = self_made(tmp_path, names=("other.example",), address="192.0.2.1")
    with FakeSmtp(certificate=own) as fake:
        answer = smtp(fake.port, tls=Tls.STARTTLS, ca_file=own).submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.TRY_LATER
    assert fake.mails == []


def test_nothing_is_sent_in_the_clear_where_starttls_was_asked_for(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        answer = smtp(fake.port, tls=Tls.STARTTLS, **LOGIN).submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.NOT_AUTHORISED
    assert "offers no STARTTLS" in answer.detail
    assert fake.login_tries == len(fake.mails) == 0


def test_a_wrong_password_pauses_and_is_not_repeated_in_the_words(smtp: Smtp) -> None:
    with FakeSmtp(login=True) as fake:
        sender = smtp(fake.port, user=USER, password="wrong-password")
        answer = sender.submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.NOT_AUTHORISED
    assert "SMTP_PASSWORD" in answer.detail
    assert "wrong-password" not in answer.detail
    assert fake.mails == []


def test_a_server_that_wants_a_login_that_we_have_not_pauses(smtp: Smtp) -> None:
    with FakeSmtp(login=True) as fake:
        answer = smtp(fake.port).submit(letter(), "a", readers(1))
    assert answer.verdict is Verdict.NOT_AUTHORISED
    assert "530" in answer.detail


def test_a_password_never_travels_unencrypted_to_another_machine(smtp: Smtp) -> None:
    with pytest.raises(ServiceMissing, match="unencrypted"):
        smtp(25, host="mail.example.org", **LOGIN)
    smtp(25, host="mail.example.org", tls=Tls.STARTTLS, **LOGIN)
    smtp(25, host="localhost", **LOGIN)


def test_half_a_login_is_said_at_once(smtp: Smtp) -> None:
    with pytest.raises(SecretMissing, match="SMTP_PASSWORD"):
        smtp(25, user=USER)
    with pytest.raises(SecretMissing, match="SMTP_USER"):
        smtp(25, password=PASSWORD)


def test_certificates_that_cannot_be_read_are_said_at_once(smtp: Smtp, tmp_path: Path) -> None:
    with pytest.raises(ServiceMissing, match="No such file"):
        smtp(25, ca_file=tmp_path / "none.pem")
    (tmp_path / "empty.pem").touch()
    with pytest.raises(ServiceMissing, match="ca_file"):
        smtp(25, ca_file=tmp_path / "empty.pem")


def test_a_relay_on_this_machine_is_the_default() -> None:
    assert (SmtpSection().host, SmtpSection().port, SmtpSection().rehearsal) == ("127.0.0.1", 25, False)
