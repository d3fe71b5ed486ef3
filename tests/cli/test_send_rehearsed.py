"""A rehearsal is not finished with real readers, nor a real mailing by a rehearsal: both count as having the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.errors import SendingRefused
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.store import mailings
from newsletter.store import tables as t

if TYPE_CHECKING:
    from tests.support.operator import Operator

STOPPED = Answer(verdict=Verdict.NOT_AUTHORISED, detail="no key")


@pytest.fixture
def halfway(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """A mailing that was paused before anybody had it, through the outbox."""
    monkeypatch.setenv("NEWSLETTER_SECRET", "a secret of the tests")
    operator.sent(5, STOPPED)
    with operator.store.write() as connection:
        connection.execute(t.mailings.update().values(sender="outbox"))
    return operator


def begun(halfway: Operator, *, real: bool | None) -> None:
    with halfway.store.write() as connection:
        connection.execute(t.mailings.update().values(real=real))


def test_what_was_begun_to_readers_is_not_finished_in_a_folder(halfway: Operator) -> None:
    begun(halfway, real=True)
    with pytest.raises(SendingRefused, match=r"begun to real readers, and .* as a rehearsal") as refused:
        halfway.types("mailings", "resume", "1")
    assert "newsletter mailings cancel 1" in refused.value.next_step
    with halfway.store.read() as connection:
        assert mailings.tally(connection, 1)[Outcome.PLANNED] == 5


@pytest.mark.parametrize("real", [False, None])
def test_a_rehearsal_or_a_mailing_of_an_older_version_goes_on(halfway: Operator, real: bool | None) -> None:
    begun(halfway, real=real)
    assert "accepted           5" in halfway.reads("mailings", "resume", "1")
