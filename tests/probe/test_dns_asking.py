"""The DNS as it is asked: over loopback, with answers, without, in time and too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.probe.dns import dkim_keys, dmarc, mx, spf
from newsletter.probe.dns.asking import Dns, NotAServer, Outcome
from newsletter.probe.dns.domains import belong_together, organisation_of
from tests.fakes.dns_server import FakeDns

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[FakeDns]:
    with FakeDns() as running:
        yield running


@pytest.fixture
def dns(server: FakeDns) -> Dns:
    return Dns([server.address], seconds=10)


def test_each_kind_of_answer_is_told_apart(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "hello")
    server.failing.add("broken.test")
    assert dns.ask("example.org", "TXT").records == ("hello",)
    assert dns.ask("example.org", "MX").outcome is Outcome.NOTHING
    assert dns.ask("nowhere.test", "MX").outcome is Outcome.NO_NAME
    assert dns.ask("broken.test", "TXT").outcome is Outcome.FAILED


def test_silence_is_a_time_out(server: FakeDns) -> None:
    server.silent.add("silent.test")
    answer = Dns([server.address], seconds=0.1).ask("silent.test", "TXT")
    assert answer.outcome is Outcome.TIMEOUT
    assert "in time" in answer.why


def test_all_questions_share_a_limit(server: FakeDns) -> None:
    times = iter((0.0, 50.0, 50.0))
    answer = Dns([server.address], budget=45, clock=lambda: next(times)).ask("example.org", "TXT")
    assert answer.outcome is Outcome.TIMEOUT
    assert not server.asked


def test_nothing_is_asked_twice(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "A", "192.0.2.1")
    assert dns.ask("Example.org.", "A") is dns.ask("example.org", "A")
    assert server.asked == [("example.org", "A")]


@pytest.mark.parametrize("text", ["ns.example.org", "", "127.0.0.1:no", "127.0.0.1:70000", "[::1"])
def test_a_name_server_is_an_address(text: str) -> None:
    if text == "[::1":  # the bracket is forgiven
        assert Dns([text]).resolver
        return
    with pytest.raises(NotAServer):
        Dns([text])


def test_a_name_that_no_dns_can_hold_is_no_traceback(dns: Dns) -> None:
    assert dns.ask("a" * 70 + ".org", "TXT").outcome is Outcome.FAILED
    assert dns.ask("a..b", "TXT").outcome is Outcome.FAILED


def test_a_long_text_is_put_together(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "x" * 600)
    assert dns.ask("example.org", "TXT").records == ("x" * 600,)


# SPF


def test_spf_is_read_with_what_it_includes(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "v=spf1 include:sendgrid.net include:inner.test ~all", "another text")
    server.add("sendgrid.net", "TXT", "v=spf1 ip4:192.0.2.0/24 ~all")
    server.add("inner.test", "TXT", "v=spf1 include:deep.test ~all")
    server.add("deep.test", "TXT", "v=spf1 ip4:192.0.2.9 -all")
    found = spf.look(dns, "example.org")
    assert (found.lookups, found.others, found.fault) == (3, "softfail", "")
    assert found.includes == {"sendgrid.net", "inner.test", "deep.test"}


def test_two_spf_records_are_both_told(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "v=spf1 -all", "v=spf1 mx -all")
    assert len(spf.look(dns, "example.org").records) == 2


def test_spf_that_needs_too_many_look_ups_is_counted_to_the_end(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "v=spf1 " + " ".join(f"include:i{n}.test" for n in range(11)) + " -all")
    for n in range(11):
        server.add(f"i{n}.test", "TXT", "v=spf1 ip4:192.0.2.1 -all")
    found = spf.look(dns, "example.org")
    assert found.lookups == 11
    assert not found.fault


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 include: ~all",
        "v=spf1 nonsense:x",
        "v=spf1 include:example.org -all",
        "v=spf1 " + "(" * 200,
        "v=spf1 ip4:x",
    ],
)
def test_broken_spf_is_a_fault_in_one_line(server: FakeDns, dns: Dns, record: str) -> None:
    server.add("example.org", "TXT", record)
    found = spf.look(dns, "example.org")
    assert found.fault
    assert "\n" not in found.fault


def test_a_look_does_not_remember_what_another_one_saw(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "TXT", "v=spf1 include:later.test -all")
    assert spf.look(dns, "example.org").fault
    server.add("later.test", "TXT", "v=spf1 ip4:192.0.2.1 -all")
    assert not spf.look(Dns([server.address], seconds=10), "example.org").fault


# DMARC


def test_dmarc_is_that_of_the_organisation_where_there_is_no_own(server: FakeDns, dns: Dns) -> None:
    server.add("_dmarc.example.co.uk", "TXT", "v=DMARC1; p=reject; sp=quarantine; adkim=s")
    server.add("news.example.co.uk", "A", "192.0.2.1")
    found = dmarc.look(dns, "news.example.co.uk")
    assert (found.location, found.policy, found.strict_dkim) == ("example.co.uk", "quarantine", True)
    assert not found.reports


def test_dmarc_with_reports(server: FakeDns, dns: Dns) -> None:
    server.add("_dmarc.example.org", "TXT", "v=DMARC1; p=none; rua=mailto:reports@example.org")
    server.add("example.org", "MX", "10 mx.example.org")
    found = dmarc.look(dns, "example.org")
    assert (found.policy, found.reports, found.fault) == ("none", True, "")


@pytest.mark.parametrize("record", ["v=DMARC1", "v=DMARC1; p=perhaps", "v=DMARC1; rua=nothing", "v=DMARC1;;;=;p"])
def test_broken_dmarc_is_a_fault_or_has_no_policy(server: FakeDns, dns: Dns, record: str) -> None:
    server.add("_dmarc.example.org", "TXT", record)
    found = dmarc.look(dns, "example.org")
    assert found.fault or not found.policy


def test_no_dmarc_and_a_server_that_fails_are_not_the_same(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "A", "192.0.2.1")
    assert not dmarc.look(dns, "example.org").records
    server.failing.add("_dmarc.example.com")
    assert not dmarc.look(dns, "example.com").outcome.is_known


# DKIM keys

_P = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBI"
    "tLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)


def test_a_key_is_found_behind_an_alias(server: FakeDns, dns: Dns) -> None:
    server.add("s1._domainkey.example.org", "CNAME", "s1.domainkey.u1.wl.sendgrid.test")
    server.add("s1.domainkey.u1.wl.sendgrid.test", "TXT", f"k=rsa; t=y:s; p={_P}")
    key = dkim_keys.look(dns, "s1", "example.org")
    assert (key.outcome, key.bits, key.testing) == (Outcome.FOUND, 1024, True)
    assert key.alias == "s1.domainkey.u1.wl.sendgrid.test"


def test_a_key_that_was_taken_back_and_one_that_is_broken(server: FakeDns, dns: Dns) -> None:
    server.add("old._domainkey.example.org", "TXT", "v=DKIM1; p=")
    server.add("cut._domainkey.example.org", "TXT", f"v=DKIM1; k=rsa; p={_P[:60]}")
    server.add("odd._domainkey.example.org", "TXT", "v=DKIM1; k=what; p=AAAA")
    assert dkim_keys.look(dns, "old", "example.org").revoked
    assert dkim_keys.look(dns, "cut", "example.org").fault
    assert dkim_keys.look(dns, "odd", "example.org").fault
    assert dkim_keys.look(dns, "none", "example.org").outcome is Outcome.NO_NAME


# MX


def test_who_takes_mail(server: FakeDns, dns: Dns) -> None:
    server.add("example.org", "MX", "20 second.test", "10 first.test")
    server.add("first.test", "A", "192.0.2.1")
    found = mx.look(dns, "example.org")
    assert (found.hosts, found.lost) == (("first.test", "second.test"), ("second.test",))


def test_a_null_mx_refuses_and_an_address_alone_is_implicit(server: FakeDns, dns: Dns) -> None:
    server.add("quiet.test", "MX", "0 .")
    server.add("plain.test", "A", "192.0.2.1")
    assert mx.look(dns, "quiet.test").refuses
    assert mx.look(dns, "plain.test").implicit
    assert mx.look(dns, "nowhere.test").outcome is Outcome.NO_NAME


def test_domains_belong_together_by_the_public_suffix_list() -> None:
    assert organisation_of("a.news.example.co.uk") == "example.co.uk"
    assert belong_together("em1.example.org", "Example.org.")
    assert not belong_together("em1.example.org", "example.org", strictly=True)
    assert not belong_together("one.co.uk", "two.co.uk")
    assert not belong_together("", "example.org")
