"""What the doctor says of the provider: the SendGrid account, or the mail server."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.pipeline.doctor import clock, provider
from newsletter.pipeline.doctor.finding import State
from newsletter.probe.dns.asking import Dns
from tests.fakes.certificate import self_made
from tests.fakes.sendgrid import KEY, Behaviour, FakeSendGrid, Signer
from tests.fakes.smtp import PASSWORD, USER, FakeSmtp
from tests.support.doctoring import codes, look_at, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

HOME = "larkmeadow.org"
HOOK = "https://news.larkmeadow.org/hooks/sendgrid"
EVENTS = dict.fromkeys(("delivered", "bounce", "dropped", "deferred", "spam_report"), True)


@pytest.fixture
def fake() -> Iterator[FakeSendGrid]:
    with FakeSendGrid() as running:
        running.account.domains = {HOME: True}
        yield running


@pytest.fixture(scope="module")
def public_key() -> str:
    return Signer().public_key


def a_look(folder: Path, host: str, key: str = KEY, **sections: Any) -> Look:
    esp = {"name": "sendgrid", "sendgrid": {"host": host, "timeout": 2}}
    place = workspace(folder, {"SENDGRID_API_KEY": key}, **({"esp": esp} | sections))
    return look_at(place, dns=Dns(["127.0.0.1:9"]))


def look(folder: Path, fake: FakeSendGrid, key: str = KEY, **sections: Any) -> list[Finding]:
    found = list(provider.findings(a_look(folder, fake.url, key, **sections)))
    assert all(key not in f"{one.what}{one.fix}" for one in found if key)
    return found


def hooked(fake: FakeSendGrid, public_key: str = "", **changes: Any) -> None:
    fake.account.webhook |= {"enabled": True, "url": HOOK, **EVENTS, **changes}
    fake.account.public_key = public_key


def test_an_account_in_order_has_nothing_to_be_done(fake: FakeSendGrid, tmp_path: Path, public_key: str) -> None:
    hooked(fake, public_key)
    found = look(tmp_path, fake, events={"public_key": public_key})
    assert {one.state for one in found} == {State.OK}, found
    assert {one.code for one in found} == {"key-valid", "domain-authenticated", "webhook"}


@pytest.mark.parametrize(("key", "code"), [("", "key-missing"), ("SG.a b", "key-missing"), ("SG.other", "key-refused")])
def test_a_key_that_is_none(fake: FakeSendGrid, tmp_path: Path, key: str, code: str) -> None:
    assert codes(look(tmp_path, fake, key)) == {code}


def test_a_provider_that_is_not_there_is_told_in_time(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert codes(provider.findings(a_look(tmp_path, url))) == {"provider-unreached"}


def test_an_answer_that_is_none_of_its_api(fake: FakeSendGrid, tmp_path: Path) -> None:
    fake.api_faults.next(Behaviour.GARBAGE)
    assert codes(look(tmp_path, fake)) == {"provider-unreached"}


def test_rights_that_are_missing_are_named(fake: FakeSendGrid, tmp_path: Path) -> None:
    fake.keys["SG.reads-only"] = frozenset({"whitelabel.read"})
    found = look(tmp_path, fake, "SG.reads-only")
    assert {"scope-send", "scope-missing", "webhook-key-missing"} == codes(found)
    assert "webhook-unseen" in codes(found, State.UNSEEN)


@pytest.mark.parametrize(
    ("domains", "senders", "code"),
    [
        ({HOME: False}, [], "domain-unverified"),
        ({"other.test": True}, [], "domain-unknown"),
        ({}, ["letters@larkmeadow.org"], "domain-single-sender"),
        ({}, [], "domain-none"),
    ],
)
def test_the_domain_of_the_sender(
    fake: FakeSendGrid, tmp_path: Path, domains: dict[str, bool], senders: list[str], code: str
) -> None:
    fake.account.domains, fake.account.senders = domains, senders
    assert code in codes(look(tmp_path, fake))


def test_a_domain_of_the_same_organisation_signs_as_well(fake: FakeSendGrid, tmp_path: Path) -> None:
    fake.account.domains = {f"mail.{HOME}": True}
    assert "domain-authenticated" in codes(look(tmp_path, fake), State.OK)


def test_the_webhook_must_be_there_complete_and_signed(fake: FakeSendGrid, tmp_path: Path, public_key: str) -> None:
    known: dict[str, Any] = {"events": {"public_key": public_key}}
    assert codes(look(tmp_path, fake, **known)) == {"webhook-missing"}
    hooked(fake, public_key, enabled=False)
    assert codes(look(tmp_path, fake, **known)) == {"webhook-off"}
    hooked(fake, "")
    assert codes(look(tmp_path, fake, **known)) == {"webhook-unsigned"}
    hooked(fake, public_key, bounce=False)
    assert codes(look(tmp_path, fake, **known)) == {"webhook-events"}
    hooked(fake, Signer().public_key)
    assert codes(look(tmp_path, fake, **known)) == {"webhook-key-differs"}
    hooked(fake, public_key)
    assert codes(look(tmp_path, fake)) == {"webhook-key-missing"}


def test_a_sandbox_is_said_and_offline_nobody_is_asked(fake: FakeSendGrid, tmp_path: Path) -> None:
    esp = {"name": "sendgrid", "sendgrid": {"host": fake.url, "sandbox": True}}
    assert "sandbox" in codes(look(tmp_path, fake, esp=esp))
    before = sum(fake.answered.values())
    place = workspace(tmp_path, {"SENDGRID_API_KEY": KEY}, esp=esp)
    assert codes(provider.findings(look_at(place)), State.UNSEEN) == {"provider-unseen"}
    assert sum(fake.answered.values()) == before


def test_the_clock_is_compared_with_that_of_the_provider(fake: FakeSendGrid, tmp_path: Path) -> None:
    one = a_look(tmp_path, fake.url)
    for ahead, code in ((0, "clock"), (100, "clock-slips"), (-4_000, "clock-off")):
        given = look_at(one.workspace, dns=one.dns, now=datetime.now(UTC) + timedelta(seconds=ahead))
        assert code in {found.code for found in clock.findings(given)}
    assert codes(clock.findings(look_at(one.workspace)), State.UNSEEN) == {"clock-unseen"}


# mail servers


def smtp(folder: Path, secrets: dict[str, str] | None = None, **settings: Any) -> list[Finding]:
    place = workspace(folder, secrets, esp={"name": "smtp", "smtp": {"host": "127.0.0.1", **settings}})
    return list(provider.findings(look_at(place, dns=Dns(["127.0.0.1:9"]))))


def test_a_mail_server_is_reached_and_nothing_is_sent(tmp_path: Path) -> None:
    with FakeSmtp() as server:
        assert codes(smtp(tmp_path, port=server.port), State.OK) == {"smtp-reached"}
        server.settle()
    assert not server.mails


def test_a_mail_server_over_tls_with_a_login(tmp_path: Path) -> None:
    certificate = self_made(tmp_path)
    with FakeSmtp(certificate=certificate, login=True) as server:
        how = {"port": server.port, "tls": "starttls", "ca_file": certificate.name}
        assert not codes(smtp(tmp_path, {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD}, **how))
        wrong = smtp(tmp_path, {"SMTP_USER": USER, "SMTP_PASSWORD": "a-wrong-one"}, **how)
        assert codes(wrong) == {"smtp-unreached"}
        assert "a-wrong-one" not in wrong[0].what
        assert codes(smtp(tmp_path, port=server.port, tls="starttls")) == {"smtp-unreached"}


def test_half_a_login_no_certificates_and_mail_in_the_clear(tmp_path: Path) -> None:
    assert codes(smtp(tmp_path, {"SMTP_USER": USER})) == {"smtp-half-login"}
    assert codes(smtp(tmp_path, tls="starttls", ca_file="gone.pem")) == {"smtp-certificates"}
    place = workspace(tmp_path, esp={"name": "smtp", "smtp": {"host": "mail.example.org"}})
    found = list(provider.findings(look_at(place)))
    assert codes(found) == {"smtp-plain"}
    assert codes(found, State.UNSEEN) == {"provider-unseen"}


def test_a_fallback_is_looked_at_too_and_a_sender_that_nobody_knows_is_named(tmp_path: Path) -> None:
    with FakeSmtp() as server:
        esp = {"name": "outbox", "fallback": "smtp", "smtp": {"port": server.port}}
        found = list(provider.findings(look_at(workspace(tmp_path, esp=esp))))
        assert [one.code for one in found] == ["outbox", "smtp-reached"]
        server.settle()
    assert codes(provider.findings(look_at(workspace(tmp_path, esp={"name": "pigeon"})))) == {"sender-unknown"}
