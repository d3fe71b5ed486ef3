"""What is told of a person says of each mail what its subject was, whatever was changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.rendered import Context, Slot
from newsletter.pipeline.access import all_about
from newsletter.store.people import editing
from tests.support import mailing as mailings
from tests.support.mailing import BEGIN, Clock, MailingDesk, ScriptedSender
from tests.support.readers import KEYS
from tests.web.sample_mailing import settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from newsletter.model.rendered import Rendered
    from newsletter.store.database import Store

ADA = "ada@example.org"


def greeting(issue: str, variant: str = "") -> Rendered:
    name = Slot(name="first_name", context=Context.HEADER, fallback="reader")
    return replace(PLAIN(issue, variant), subject=(f"{issue} for ", name))


PLAIN = mailings.rendered


def test_the_subject_of_each_mail_is_the_one_that_was_sent(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailings, "rendered", greeting)
    desk = MailingDesk(store, tmp_path)
    desk.import_(f"email,first_name\n{ADA},Ada\n")
    for day, (issue, name) in enumerate({"walking": "Augusta", "running": "Countess"}.items()):
        then = BEGIN + timedelta(days=2 * day)
        number = desk.plan(issue, now=then)
        desk.send(number, ScriptedSender(), clock=Clock(then))
        with store.write() as connection:
            editing.change(connection, replace(desk.get(ADA), first_name=name), then + timedelta(days=1))
    desk.plan("swimming", now=then + timedelta(days=2))
    told = all_about(settings(), store, KEYS, ADA, BEGIN)
    subjects = [mail["subject"] for mail in told["mailings"]]
    assert subjects == ["walking for Ada", "running for Augusta", "swimming for Countess"]
    assert [former["fields"]["first_name"] for former in told["former_details"]] == ["Ada", "Augusta"]
