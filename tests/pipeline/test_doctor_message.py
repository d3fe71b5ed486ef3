"""What a delivered mail tells, also one that was made to trip whoever reads it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.spam_verdict import SpamReason, SpamVerdict
from newsletter.pipeline.doctor.delivered import MOST_BYTES, NotAMail, read
from newsletter.pipeline.doctor.delivered_areas import examine
from newsletter.pipeline.doctor.finding import State
from newsletter.probe.dns.asking import Dns
from tests.fakes.dns_server import FakeDns
from tests.support.signed_mail import BODY, READER, SECRET, SIGNED, arrived, mail, publish, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.finding import Finding


class Judging:
    def __init__(self, score: float) -> None:
        self.score = score

    def judge(self, mail: bytes) -> SpamVerdict:
        assert mail
        reasons = (SpamReason(points=self.score, name="TOO_LOUD", words=f"to {READER}"),)
        return SpamVerdict(score=self.score, threshold=5.0, reasons=reasons)


@pytest.fixture
def server() -> Iterator[FakeDns]:
    with FakeDns() as running:
        publish(running)
        yield running


@pytest.fixture
def dns(server: FakeDns) -> Dns:
    return Dns([server.address], seconds=10)


def look(raw: bytes, dns: Dns | None = None, *only: str, score: float = 0.1) -> list[Finding]:
    found = list(examine(read(raw), dns, Judging(score), only))
    for one in found:
        said = f"{one.what} {one.fix}"
        assert READER not in said
        assert SECRET not in said
        assert one.fix or one.state in {State.OK, State.UNSEEN}
    return found


def codes(found: list[Finding], *states: State) -> set[str]:
    return {one.code for one in found if one.state in (states or (State.WRONG, State.WARNING))}


def test_a_newsletter_as_it_should_arrive_has_no_fault(dns: Dns) -> None:
    found = look(arrived(), dns)
    assert {one.state for one in found} == {State.OK}, [one.what for one in found if one.state is not State.OK]
    assert {"signature-holds", "dkim-aligned", "one-click-signed", "one-click", "receiver", "spf-aligned"} <= {
        one.code for one in found
    }


def test_one_changed_character_breaks_the_signature(dns: Dns) -> None:
    assert "signature-broken" in codes(look(arrived().replace(b"Walk.", b"Talk."), dns))


def test_a_mail_with_plain_line_ends_is_verified_as_it_was_signed(dns: Dns) -> None:
    assert not codes(look(arrived().replace(b"\r\n", b"\n"), dns))


def test_a_key_that_is_not_there_is_a_broken_signature_and_silence_is_not(server: FakeDns, dns: Dns) -> None:
    raw = signed(mail(), selector="gone")
    assert "signature-broken" in codes(look(raw, dns))
    server.failing.add("gone._domainkey.example.org")
    assert "signature-unseen" in codes(look(raw, Dns([server.address], seconds=10)), State.UNSEEN)


def test_offline_the_rest_is_looked_at(dns: Dns) -> None:
    found = look(arrived())
    assert codes(found, State.UNSEEN) == {"signature-unseen"}
    assert "one-click-signed" in codes(found, State.OK)


def test_one_click_headers_must_be_signed(dns: Dns) -> None:
    raw = signed(mail(), covers=tuple(name for name in SIGNED if name != "list-unsubscribe-post"))
    found = look(raw, dns)
    assert codes(found) == {"one-click-unsigned"}
    assert "List-Unsubscribe-Post (h=)" in next(one.what for one in found if one.code == "one-click-unsigned")
    raw = signed(mail(), covers=tuple(name for name in SIGNED if name not in {"to", "date"}))
    assert codes(look(raw, dns)) == {"headers-unsigned"}


def test_a_signature_of_the_provider_alone_is_not_aligned(server: FakeDns) -> None:
    publish(server, "sendgrid.test")
    found = look(signed(mail(Return_Path="<b@sendgrid.test>"), by="sendgrid.test"), Dns([server.address], seconds=10))
    assert codes(found) == {"dkim-unaligned", "spf-unaligned"}


@pytest.mark.parametrize(
    "field", [f"i={READER}@example.com; d=example.org", f"v=1; {READER}@example.com", f"c={READER}@x"]
)
def test_a_signature_that_names_the_reader_is_not_quoted(dns: Dns, field: str) -> None:
    raw = f"DKIM-Signature: v=1; a=rsa-sha256; s=s1; h=from; b=eA==; bh=eA==; {field}\r\n".encode() + mail()
    assert "signature-broken" in codes(look(raw, dns, "signatures"))


def test_an_unsigned_mail_says_so(dns: Dns) -> None:
    assert "mail-unsigned" in codes(look(mail(), dns))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"List_Unsubscribe": None}, "unsubscribe-missing"),
        ({"List_Unsubscribe": "<mailto:leave@example.org>"}, "unsubscribe-no-https"),
        ({"List_Unsubscribe": "<http://news.example.org/u>"}, "unsubscribe-no-https"),
        ({"List_Unsubscribe": "https://news.example.org/u"}, "unsubscribe-no-https"),
        ({"List_Unsubscribe": "<https://[>"}, "unsubscribe-no-https"),
        ({"List_Unsubscribe_Post": None}, "one-click-missing"),
        ({"List_Unsubscribe_Post": "list-unsubscribe=one-click"}, "one-click-differs"),
        ({"Message_ID": None}, "header-missing"),
        ({"Date": None}, "header-missing"),
        ({"Message_ID": "123"}, "message-id-broken"),
        ({"From": "nobody"}, "from-broken"),
        ({"From": "a@example.org, b@example.com"}, "from-several"),
        ({"List_Id": None}, "list-id-missing"),
        ({"Precedence": "junk"}, "precedence"),
        ({"Authentication_Results": "mx.receiver.test; dkim=fail; spf=pass; dmarc=fail"}, "receiver-dmarc"),
        ({"Authentication_Results": "mx.receiver.test; dkim=pass; spf=softfail; dmarc=pass"}, "receiver-fails"),
        ({"Authentication_Results": "mx.receiver.test; dkim=pass; dmarc=none"}, "receiver-no-dmarc"),
    ],
)
def test_each_fault_of_the_headers_is_found(changes: dict[str, str | None], code: str) -> None:
    assert code in codes(look(mail(BODY, **changes)))


def test_precedence_bulk_is_fine_and_a_second_list_unsubscribe_is_not() -> None:
    assert "precedence" not in codes(look(mail(Precedence="Bulk")))
    assert "unsubscribe-several" in codes(look(b"List-Unsubscribe: <https://other.test/>\r\n" + mail()))


def test_only_the_topmost_word_of_a_receiver_counts() -> None:
    raw = b"Authentication-Results: mx.first.test; dmarc=fail\r\n" + mail()
    found = look(raw, None, "receiver")
    assert codes(found) == {"receiver-dmarc"}
    assert "mx.first.test" in found[0].what


def test_long_html_is_measured_after_decoding() -> None:
    long = BODY.replace("<p>Walk.</p>", "<p>Walk a little.</p>\r\n" * 6_000)
    assert codes(look(mail(long), None, "size")) == {"size-clipped"}
    assert not codes(look(mail(), None, "size"))


def test_spam_points_are_told_with_their_reasons_alone() -> None:
    assert codes(look(mail(), None, "spam", score=7)) == {"spam"}
    found = look(mail(), None, "spam", score=4)
    assert codes(found) == {"spam-near"}
    assert "TOO_LOUD +4.0" in found[0].what


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"hello", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, b"x" * (MOST_BYTES + 1)]
)
def test_what_is_no_mail_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(NotAMail) as why:
        read(raw)
    assert why.value.next_step


HOSTILE = [
    b"From: a@example.org\nDKIM-Signature: h=" + b" " * 100_000 + b"\n\nx",
    b"From: a@example.org\nDKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; bh=x; b=x; h="
    + b"a:" * 9_000
    + b"\n\nx",
    b"From: a@example.org\nDKIM-Signature: v=1; a=rsa-sha256; c=x/y/z; d=\xff; s=..; h=from; bh=!; b=!; l=-1; t=x\n\nx",
    b"From: a@example.org\n\n" + b" " * 500_000,
    b"From: =?utf-99?b?////?= <a@\xff\xfe.test>\nContent-Type: text/html; charset=no-such\n\n\xff\xfe\x00",
    b'From: a@example.org\nContent-Type: multipart/mixed; boundary=""\n\n--\n--\n----',
    b"Content-Type: text/html\nContent-Transfer-Encoding: base64\nFrom: @@@@,,;:<>\n\n====!",
    b'Authentication-Results: \x1b[31m; dmarc=pass\nReturn-Path: <>\nFrom: "\n\n',
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)),
    b"From: a@example.org\n" + b"DKIM-Signature: d=x\n" * 2_000 + b"\n",
]


@pytest.mark.parametrize("raw", HOSTILE)
def test_a_hostile_mail_is_words_and_never_a_traceback(raw: bytes, dns: Dns) -> None:
    found: list[Finding] = []
    with suppress(NotAMail):
        found = look(raw, dns)
    assert "area-failed" not in {one.code for one in found}, found


@given(st.binary(max_size=400))
def test_any_octets_behind_a_header_are_read(raw: bytes) -> None:
    assert look(b"From: a@example.org\nDKIM-Signature: " + raw)
