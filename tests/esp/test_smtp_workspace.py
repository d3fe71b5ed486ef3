"""A workspace that sends through SMTP, used as a person does."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import SecretMissing, ServiceMissing
from newsletter.model.letter import Verdict
from newsletter.settings.load import load
from newsletter.wiring import memory_of, open_sender
from tests.fakes.certificate import self_made
from tests.fakes.smtp import PASSWORD, USER, FakeSmtp
from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path

SMTP = {"NEWSLETTER_ESP_NAME": "smtp", "NEWSLETTER_ESP_SMTP_REHEARSAL": "true", "NEWSLETTER_ESP_SMTP_HOST": "localhost"}


def test_a_proof_reaches_the_mail_server_encrypted_and_with_a_login(tmp_path: Path) -> None:
    own = workspaces.make(tmp_path / "own", **SMTP)
    self_made(own.folder)
    with FakeSmtp(certificate=own.folder / "certificate.pem", login=True) as fake:
        own.environment |= {
            "NEWSLETTER_ESP_SMTP_PORT": str(fake.port),
            "NEWSLETTER_ESP_SMTP_TLS": "starttls",
            "NEWSLETTER_ESP_SMTP_CA_FILE": "certificate.pem",
            "SMTP_USER": USER,
            "SMTP_PASSWORD": PASSWORD,
        }
        own.run("proof", "walking", "--to", "colleague@example.org")
    (mail,) = fake.mails
    assert (mail.sender, mail.recipient) == ("letters@example.org", "colleague@example.org")
    assert (mail.encrypted, mail.user) == (True, USER)
    message = message_from_bytes(mail.content, policy=policy.default)
    assert message["Subject"].endswith("Walking after a knee operation")
    assert [path.name for path in (own.folder / ".newsletter" / "journal").iterdir()] == ["notice1"]


def test_a_proof_that_the_server_refuses_is_not_called_sent(tmp_path: Path) -> None:
    own = workspaces.make(tmp_path / "own", **SMTP)
    with FakeSmtp(largest=500) as fake:
        own.environment |= {"NEWSLETTER_ESP_SMTP_PORT": str(fake.port)}
        done = own.run("proof", "walking", "--to", "colleague@example.org", code=None)
    assert done.returncode != 0
    assert "takes 500 bytes at most" in done.stdout + done.stderr
    assert fake.mails == []


def test_what_is_missing_for_a_login_is_said_when_the_sender_is_opened(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "own").folder
    secrets = {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD}
    with pytest.raises(SecretMissing):
        open_sender(load(folder, {**SMTP, "SMTP_USER": USER}))
    with pytest.raises(ServiceMissing, match="unencrypted"):
        open_sender(load(folder, {**SMTP, **secrets, "NEWSLETTER_ESP_SMTP_HOST": "mail.example.org"}))
    with pytest.raises(ServiceMissing, match="ca_file"):
        open_sender(load(folder, {**SMTP, "NEWSLETTER_ESP_SMTP_CA_FILE": "none.pem"}))
    assert open_sender(load(folder, SMTP)).name == "smtp"


def test_what_it_remembers_is_there_without_a_login_and_after_the_settings_name_another(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "own").folder
    before = open_sender(load(folder, SMTP))
    before.expect("a")
    before.close()
    place = load(folder, {"SMTP_USER": USER, "NEWSLETTER_ESP_SMTP_CA_FILE": "none.pem"})
    memory = memory_of(place, "smtp")
    assert memory
    assert memory.recall("a", [1]).verdict is Verdict.TRY_LATER
    assert memory_of(place, "sendgrid") is None
