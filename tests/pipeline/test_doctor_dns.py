"""What the doctor says of the sender's domain, against a name server on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.pipeline.doctor import dns as area
from newsletter.pipeline.doctor.finding import Record, State
from newsletter.probe.dns.asking import Dns
from tests.fakes.dns_server import FakeDns
from tests.fakes.sendgrid import KEY, FakeSendGrid
from tests.support.doctoring import codes, look_at, workspace
from tests.support.signed_mail import publish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.pipeline.doctor.finding import Finding

HOME = "larkmeadow.org"


@pytest.fixture
def server() -> Iterator[FakeDns]:
    with FakeDns() as running:
        yield running


@pytest.fixture
def good(server: FakeDns) -> FakeDns:
    server.add(HOME, "TXT", "v=spf1 include:sendgrid.net ~all")
    server.add("sendgrid.net", "TXT", "v=spf1 ip4:192.0.2.0/24 ~all")
    server.add(f"_dmarc.{HOME}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{HOME}")
    server.add(HOME, "MX", f"10 mx.{HOME}")
    server.add(f"mx.{HOME}", "A", "192.0.2.7")
    publish(server, HOME, "k1")
    return server


def smtp(folder: Path, server: FakeDns, *selectors: str, seconds: float = 10, **sender: str) -> list[Finding]:
    place = workspace(folder, esp={"name": "smtp"}, sender=sender)
    return list(area.findings(look_at(place, dns=Dns([server.address], seconds=seconds), selectors=selectors)))


def records(found: list[Finding], code: str) -> tuple[Record, ...]:
    return next(one.records for one in found if one.code == code)


def test_a_domain_in_order_has_nothing_to_be_done(good: FakeDns, tmp_path: Path) -> None:
    found = smtp(tmp_path, good, "k1")
    assert {one.state for one in found} == {State.OK}, found
    assert {one.code for one in found} == {"spf", "dkim", "dmarc", "mx"}


def test_what_is_missing_is_given_as_a_record_to_add(server: FakeDns, tmp_path: Path) -> None:
    server.add(HOME, "A", "192.0.2.1")
    found = smtp(tmp_path, server, "k1")
    assert codes(found) == {"spf-missing", "dkim-missing", "dmarc-missing", "mx-implicit"}
    assert records(found, "dmarc-missing") == (
        Record(name=f"_dmarc.{HOME}", type="TXT", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{HOME}"),
    )
    assert records(found, "dkim-missing")[0].name == f"k1._domainkey.{HOME}"
    assert records(found, "mx-implicit")[0].type == "MX"


def test_several_spf_records_become_one(server: FakeDns, tmp_path: Path) -> None:
    server.add(HOME, "TXT", "v=spf1 mx ~all", "v=spf1 ip4:192.0.2.1 -all")
    found = smtp(tmp_path, server)
    assert records(found, "spf-several")[0].value == "v=spf1 mx ip4:192.0.2.1 -all"


def test_broken_records_are_told_with_what_they_are(server: FakeDns, tmp_path: Path) -> None:
    server.add(HOME, "TXT", "v=spf1 nonsense:x ~all")
    server.add(f"_dmarc.{HOME}", "TXT", "v=DMARC1; p=perhaps")
    server.add(f"k1._domainkey.{HOME}", "TXT", "v=DKIM1; p=AAAA")
    server.add(HOME, "MX", "0 .")
    assert codes(smtp(tmp_path, server, "k1")) == {"spf-broken", "dmarc-broken", "dkim-broken", "mx-null"}


def test_spf_near_and_over_its_limit_and_open_to_all(server: FakeDns, tmp_path: Path) -> None:
    for n in range(11):
        server.add(f"i{n}.test", "TXT", "v=spf1 ip4:192.0.2.1 -all")
    for count, expected in ((8, "spf-near-limit"), (11, "spf-lookups")):
        server.zone[HOME, "TXT"] = ["v=spf1 " + " ".join(f"include:i{n}.test" for n in range(count)) + " -all"]
        assert expected in codes(smtp(tmp_path, server))
    server.zone[HOME, "TXT"] = ["v=spf1 +all"]
    assert "spf-all" in codes(smtp(tmp_path, server))


def test_a_gentle_or_a_strict_policy_is_worth_a_word(good: FakeDns, tmp_path: Path) -> None:
    good.zone[f"_dmarc.{HOME}", "TXT"] = ["v=DMARC1; p=none; adkim=s"]
    assert codes(smtp(tmp_path, good, "k1")) == {"dmarc-none", "dmarc-reports", "dmarc-strict"}
    good.add(f"_dmarc.{HOME}", "TXT", "v=DMARC1; p=reject")
    assert "dmarc-several" in codes(smtp(tmp_path, good, "k1"))


def test_a_domain_that_is_not_there_is_one_sentence(server: FakeDns, tmp_path: Path) -> None:
    assert codes(smtp(tmp_path, server)) == {"domain-unknown-to-dns"}


@pytest.mark.parametrize("trouble", ["silent", "failing"])
def test_a_dns_that_does_not_answer_is_no_fault_of_the_domain(server: FakeDns, tmp_path: Path, trouble: str) -> None:
    getattr(server, trouble).add(HOME)
    found = smtp(tmp_path, server, seconds=0.1)
    assert [one.code for one in found] == ["dns-no-answer"]
    assert found[0].state is State.UNSEEN


def test_one_record_that_nobody_answers_for_does_not_hide_the_others(good: FakeDns, tmp_path: Path) -> None:
    good.failing.add(f"_dmarc.{HOME}")
    found = smtp(tmp_path, good, "k1")
    assert codes(found, State.UNSEEN) == {"dns-no-answer"}
    assert codes(found, State.OK) == {"spf", "dkim", "mx"}


def test_answers_and_bounces_elsewhere_are_looked_at_too(good: FakeDns, tmp_path: Path) -> None:
    assert codes(smtp(tmp_path, good, "k1", reply_to="ask@gone.test")) == {"mx-no-domain"}
    good.add("half.test", "MX", "10 lost.half.test")
    assert codes(smtp(tmp_path, good, "k1", reply_to="ask@half.test")) == {"mx-lost"}
    good.add("mute.test", "TXT", "nothing")
    assert codes(smtp(tmp_path, good, "k1", reply_to="ask@mute.test")) == {"mx-missing"}


def test_without_a_selector_or_a_network_it_is_said_what_was_not_looked_at(good: FakeDns, tmp_path: Path) -> None:
    assert codes(smtp(tmp_path, good), State.UNSEEN) == {"dkim-unseen"}
    place = workspace(tmp_path, esp={"name": "smtp"})
    assert codes(area.findings(look_at(place)), State.UNSEEN) == {"dns-unseen"}


def test_a_domain_that_mails_nobody_yet_is_looked_at_when_it_is_named(good: FakeDns, tmp_path: Path) -> None:
    dns = Dns([good.address], seconds=10)
    found = list(area.findings(look_at(workspace(tmp_path), dns=dns)))
    assert [one.code for one in found] == ["dns-unneeded"]
    found = list(area.findings(look_at(workspace(tmp_path), dns=dns, named=frozenset({"dns"}))))
    assert "spf" in codes(found, State.OK)


# the account of SendGrid tells which records it wants


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as running:
        running.account.domains = {HOME: True}
        yield running


def sendgrid(folder: Path, server: FakeDns, fake: FakeSendGrid, key: str = KEY) -> list[Finding]:
    place = workspace(folder, {"SENDGRID_API_KEY": key}, esp={"name": "sendgrid", "sendgrid": {"host": fake.url}})
    return list(area.findings(look_at(place, dns=Dns([server.address], seconds=10))))


def wanted(server: FakeDns) -> None:
    server.add(f"em1.{HOME}", "CNAME", "u1.wl.sendgrid.example")
    for one in ("s1", "s2"):
        server.add(f"{one}._domainkey.{HOME}", "CNAME", f"{one}.domainkey.u1.wl.sendgrid.example")


def test_the_records_that_the_account_asks_for_are_compared(good: FakeDns, fake: FakeSendGrid, tmp_path: Path) -> None:
    found = sendgrid(tmp_path, good, fake)
    assert codes(found) == {"dkim-missing"}
    assert records(found, "dkim-missing") == (
        Record(name=f"em1.{HOME}", type="CNAME", value="u1.wl.sendgrid.example"),
        Record(name=f"s1._domainkey.{HOME}", type="CNAME", value="s1.domainkey.u1.wl.sendgrid.example"),
        Record(name=f"s2._domainkey.{HOME}", type="CNAME", value="s2.domainkey.u1.wl.sendgrid.example"),
    )
    wanted(good)
    assert not codes(sendgrid(tmp_path, good, fake))
    good.zone[f"s2._domainkey.{HOME}", "CNAME"] = ["another.test"]
    assert codes(sendgrid(tmp_path, good, fake)) == {"dkim-differs"}


def test_spf_need_not_name_a_provider_that_takes_bounces_at_a_name_of_its_own(
    good: FakeDns, fake: FakeSendGrid, tmp_path: Path
) -> None:
    good.zone[HOME, "TXT"] = ["v=spf1 mx -all"]
    fake.keys["SG.sends-only"] = frozenset({"mail.send"})  # nobody knows where bounces go
    found = sendgrid(tmp_path, good, fake, "SG.sends-only")
    assert records(found, "spf-provider")[0].value == "v=spf1 mx include:sendgrid.net -all"
    wanted(good)
    assert not codes(sendgrid(tmp_path, good, fake))


def test_a_strict_policy_needs_a_signature_of_the_very_domain(
    good: FakeDns, fake: FakeSendGrid, tmp_path: Path
) -> None:
    wanted(good)
    good.zone[f"_dmarc.{HOME}", "TXT"] = [f"v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@{HOME}"]
    assert not codes(sendgrid(tmp_path, good, fake))
    fake.account.domains = {f"mail.{HOME}": True}
    assert "dmarc-unaligned" in codes(sendgrid(tmp_path, good, fake))


def test_where_the_account_does_not_say_the_usual_keys_are_looked_for(
    good: FakeDns, fake: FakeSendGrid, tmp_path: Path
) -> None:
    fake.keys["SG.sends-only"] = frozenset({"mail.send"})
    found = sendgrid(tmp_path, good, fake, "SG.sends-only")
    assert [one.name for one in records(found, "dkim-missing")] == [f"s1._domainkey.{HOME}", f"s2._domainkey.{HOME}"]
    publish(good, HOME, "s1")
    publish(good, HOME, "s2")
    assert not codes(sendgrid(tmp_path, good, fake, "SG.sends-only"))
