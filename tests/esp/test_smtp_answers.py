"""What a server's no means, and what of it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.esp.smtp.answers import Meaning, Phase, meaning
from newsletter.esp.smtp.replies import Reply

READER, LATER, ALL, ACCOUNT = Meaning.READER, Meaning.READER_FOR_NOW, Meaning.ALL_FOR_NOW, Meaning.ACCOUNT


@pytest.mark.parametrize(
    ("phase", "said", "expected"),
    [
        (Phase.GREETING, "421 4.3.2 later", ALL),
        (Phase.GREETING, "554 5.7.1 blocked", ACCOUNT),
        (Phase.AUTH, "454 4.7.0 later", ALL),
        (Phase.AUTH, "535 5.7.8 no", ACCOUNT),
        (Phase.MAIL, "450 4.1.8 domain not found", ALL),
        (Phase.MAIL, "452 4.3.1 disk", ALL),
        (Phase.MAIL, "550 5.7.1 not you", ACCOUNT),
        (Phase.MAIL, "553 5.1.8 not you", ACCOUNT),
        (Phase.MAIL, "552 5.3.4 too large", READER),
        (Phase.RCPT, "450 4.2.1 busy", LATER),
        (Phase.RCPT, "450 4.7.1 greylisted", LATER),
        (Phase.RCPT, "451 greylisted", LATER),
        (Phase.RCPT, "452 4.2.2 full", LATER),
        (Phase.RCPT, "452 too many recipients", ALL),
        (Phase.RCPT, "452 4.5.3 too many recipients", ALL),
        (Phase.RCPT, "451 4.3.0 disk", ALL),
        (Phase.RCPT, "550 5.1.1 unknown", READER),
        (Phase.RCPT, "550 5.1.1 unknown in relay recipient table", READER),
        (Phase.RCPT, "552 5.2.2 full", READER),
        (Phase.RCPT, "554 5.7.1 Relay access denied", ACCOUNT),
        (Phase.RCPT, "550 relay not permitted", ACCOUNT),
        (Phase.RCPT, "550 5.7.54 Unable to relay recipient in non-accepted domain", ACCOUNT),
        (Phase.RCPT, "530 5.7.0 authentication required", ACCOUNT),
        (Phase.DATA, "451 4.7.1 later", LATER),
        (Phase.DATA, "554 5.5.1 no valid recipients", READER),
        (Phase.CONTENT, "452 4.3.1 disk", ALL),
        (Phase.CONTENT, "451 4.7.1 later", LATER),
        (Phase.CONTENT, "552 5.3.4 too large", READER),
        (Phase.CONTENT, "554 5.7.1 we do not relay spam", READER),
    ],
)
def test_a_no_is_about_a_reader_or_everybody_or_us(phase: Phase, said: str, expected: Meaning) -> None:
    code, _, text = said.partition(" ")
    assert meaning(phase, Reply(int(code), text.encode())) is expected


@given(phase=st.sampled_from(Phase), code=st.integers(400, 599), text=st.binary(max_size=60))
def test_every_no_means_something_and_can_be_shown(phase: Phase, code: int, text: bytes) -> None:
    reply = Reply(code, text)
    assert meaning(phase, reply) in Meaning
    if code >= 500:
        assert meaning(phase, reply) in {READER, ACCOUNT}
    shown = reply.says("ada@example.net")
    assert len(shown) <= 210
    assert shown.isprintable()
    assert shown.startswith(str(code))
    assert "@" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"5.1.1 <ada.moss@example.net>: unknown", "550 5.1.1 (address): unknown"),
        (b"5.1.1 No account\n5.1.1 of that name", "550 5.1.1 No account of that name"),
        (b"unknown user ADA.MOSS", "550 unknown user (address)"),
        (b"ada.mossy is somebody else", "550 ada.mossy is somebody else"),
        (b"see https://example.org/?who=ada.moss%40example.net now", "550 see (address) now"),
        (b"5.7.1\tcontrol\x00\x1b[31m characters\xff", "550 5.7.1 control [31m characters"),
        (b"", "550"),
    ],
)
def test_no_address_is_shown(text: bytes, shown: str) -> None:
    assert Reply(550, text).says("ada.moss@example.net") == shown
