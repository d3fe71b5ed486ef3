"""Somebody with the database at hand puts other bytes in the place of those that were signed or planned."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, update

from newsletter.errors import NotApproved, SendingRefused
from newsletter.model.mailing import MailingState, PausedBy
from newsletter.store import mailings
from newsletter.store import tables as t
from tests.cli.test_approve import SEND, approve, desk  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from tests.support.operator import Operator


@pytest.fixture
def signed(desk: Operator) -> Operator:  # noqa: F811 - the fixture
    approve(desk, "Ana Ruiz", "Ben Lee")
    return desk


def swap(connection: Connection, table: Table) -> None:
    """Other words, stored as they should be: under their own hash."""
    old = connection.execute(select(t.rendered)).mappings().first()
    assert old is not None
    content = old["content"].replace("Walk", "Fly")
    other = hashlib.sha256(content.encode()).hexdigest()
    connection.execute(insert(t.rendered).values({**old, "fingerprint": other, "content": content}))
    connection.execute(update(table).values(fingerprint=other))


def test_a_signed_version_that_names_other_bytes_is_not_sent(signed: Operator) -> None:
    with signed.store.write() as connection:
        swap(connection, t.version_variants)
    with pytest.raises(NotApproved, match="not what was signed"):
        signed.types(*SEND)
    with signed.store.read() as connection:
        assert mailings.every(connection) == ()


def test_a_mailing_whose_bytes_were_swapped_does_not_go_on(signed: Operator) -> None:
    signed.types(*SEND)
    with signed.store.write() as connection:
        connection.execute(update(t.chunks).values(state="planned"))
        connection.execute(update(t.mailings).values(state=MailingState.PAUSED, paused_by=PausedBy.PERSON))
        swap(connection, t.mailing_variants)
    with pytest.raises(SendingRefused, match="not what was planned"):
        signed.types("mailings", "resume", "1")


def test_a_signature_of_tomorrow_does_not_count_today(signed: Operator) -> None:
    with signed.store.write() as connection:
        connection.execute(update(t.approvals).values(at=signed.now + timedelta(days=1)))
    with pytest.raises(NotApproved, match="has not come yet"):
        signed.types(*SEND)
